"""Datasets for analysts."""

from hoeder.evidence.ledger import Activity, Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.report.facts.indicators import Unit
from hoeder.report.kpis.kpi import Kpi, Measured, Span


def releases_passed(db: Connection, policy: Policy, span: Span) -> Measured:
    tried = _released(db, span)
    ended = [(entry, outcome) for entry, outcome, _ in tried]
    done = sum(1 for _, outcome in ended if outcome == Outcome.DONE)
    return Measured(done if ended else None, len(ended) if ended else None, entries=tuple(e for e, _ in ended))


def smallest_group(db: Connection, policy: Policy, span: Span) -> Measured:
    reached = [
        (entry, counts["k_reached"], counts["k_required"])
        for entry, outcome, counts in _released(db, span)
        if outcome == Outcome.DONE and {"k_reached", "k_required"} <= counts.keys()
    ]
    if not reached:
        return Measured(None)
    _, k, required = min(reached, key=lambda each: each[1] - each[2])
    return Measured(k, aim=required, entries=tuple(entry for entry, *_ in reached))


def _released(db: Connection, span: Span) -> list[tuple[int, str, dict[str, int]]]:
    return db.execute(
        """select entry, outcome, counts from ledger where activity = %s and phase = 'outcome'
             and recorded_at >= %s and recorded_at < %s order by entry""",
        [Activity.ANONYMIZATION_RELEASE, span.start, span.at],
    ).fetchall()


KPIS = (
    Kpi("releases_passed", Unit.SHARE, releases_passed),
    Kpi("smallest_group", Unit.PERSONS, smallest_group, at_least=0),
)
