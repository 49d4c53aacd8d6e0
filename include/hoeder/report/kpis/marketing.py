"""Advertising."""

from collections.abc import Sequence

from hoeder.evidence.ledger import Activity, Connection
from hoeder.policy.models import Policy
from hoeder.report import read_marketing as marketing
from hoeder.report.facts.indicators import Unit
from hoeder.report.kpis.kpi import Kpi, Measured, Span


def marketing_after_opt_out(db: Connection, policy: Policy, span: Span) -> Measured:
    return _marketing(db, span, ("after-opt-out", "shared-after-opt-out"))


def marketing_without_ground(db: Connection, policy: Policy, span: Span) -> Measured:
    return _marketing(
        db, span, ("no-consent", "no-proof", "unknown-channel", "shared-without-consent", "unknown-recipient")
    )  # fmt: skip


def _marketing(db: Connection, span: Span, kinds: Sequence[str]) -> Measured:
    last = db.execute(marketing.LOOK, [span.at]).fetchone()
    rows = [row for row in db.execute(marketing.FOUND, [last[0]]) if row[0] in kinds] if last else []
    return Measured(
        sum(row[3] for row in rows) if last else None,
        entries=(last[5],) if last else (),
        rows={"marketing_finding": list(rows)},
    )


def opt_outs_late(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        """select entry, coalesce((counts ->> 'late')::bigint, 0) from ledger
           where activity = %s and phase = 'outcome' and recorded_at >= %s and recorded_at < %s order by entry""",
        [Activity.MARKETING_OPT_OUT, span.start, span.at],
    ).fetchall()
    return Measured(sum(late for _, late in rows) if rows else None, entries=tuple(entry for entry, _ in rows))


KPIS = (
    Kpi("marketing_after_opt_out", Unit.ACTS, marketing_after_opt_out, at_most=0),
    Kpi("marketing_without_ground", Unit.ACTS, marketing_without_ground, at_most=0),
    Kpi("opt_outs_late", Unit.REQUESTS, opt_outs_late, at_most=0),
)
