"""The register of incidents, and how questions were answered, as they stood at one moment."""

from datetime import datetime
from statistics import median

from hoeder.evidence.ledger import Connection
from hoeder.incidents import case
from hoeder.incidents.case import Incident
from hoeder.incidents.clocks import Clock
from hoeder.incidents.state import Phase, What
from hoeder.policy.models import Policy
from hoeder.report.facts.incidents import IncidentLine, Incidents, QuestionLine


def register(db: Connection, until: datetime) -> list[Incident]:
    """Every incident with the steps that it had then, oldest first."""
    return case.all_of_them(db, before=until)


def clocks(found: Incident, policy: Policy) -> tuple[Clock, ...]:
    """The clocks of an incident; none where policy knows none."""
    return found.clocks(policy) if policy.incidents else ()


def read_incidents(db: Connection, policy: Policy, start: datetime, until: datetime) -> Incidents:
    """What was registered from `start`, what stands open at `until`, and which clocks have run out by then."""
    everything = register(db, until)
    new = [each for each in everything if each.registered_at >= start]
    confirmed = [each for each in new if _was(each, What.CONFIRMED)]
    open_ = [each for each in everything if each.is_open]
    return Incidents(
        registered=len(new),
        by_itself=sum(each.source != "person" for each in new),
        confirmed=len(confirmed),
        near_misses=sum(_was(each, What.NEAR_MISS) for each in new),
        none=sum(_was(each, What.NONE) for each in new),
        notified=sum(each.state.notified is not None for each in confirmed),
        not_notified=sum(declined(each) for each in confirmed),
        told=sum(each.state.told is not None for each in confirmed),
        clients_told=sum(len(each.state.clients_told) for each in new),
        closed=sum(each.phase is Phase.CLOSED for each in new),
        open=len(open_),
        overdue=len(overdue(open_, policy, until)),
        notify_all=policy.incidents.notify_all if policy.incidents else "",
        lines=tuple(_line(each, policy, until) for each in open_),
    )


def overdue(found: list[Incident], policy: Policy, at: datetime) -> list[Clock]:
    """Clocks that run beyond their time."""
    return [clock for each in found for clock in clocks(each, policy) if clock.running and clock.late(at)]


def declined(found: Incident) -> bool:
    """Whether it was decided, with a ground, that the supervisor is not notified."""
    decided = found.state.supervisor
    return decided is not None and decided.what is What.NOT_TO_NOTIFY


def _was(found: Incident, what: What) -> bool:
    return found.state.triage is not None and found.state.triage.what is what


def _line(found: Incident, policy: Policy, at: datetime) -> IncidentLine:
    running = [clock for clock in clocks(found, policy) if clock.running]
    first = running[0] if running else None
    return IncidentLine(
        number=found.number,
        kind=found.facts.kind,
        phase=found.phase.value,
        source=found.source,
        discovered_at=found.discovered_at,
        clock=first.what if first else "",
        client=first.client or "" if first else "",
        due=first.due if first else None,
        late=first.late(at) if first else False,
        entry=found.steps[-1].entry,
    )


def in_time(db: Connection, policy: Policy, start: datetime, at: datetime, what: str) -> tuple[int, int]:
    """Of the clocks of a kind that ended or ran out, of incidents discovered since: how many in time, of how many."""
    found = [each for each in register(db, at) if each.discovered_at >= start]
    ended = [c for each in found for c in clocks(each, policy) if c.what == what and (c.done_at or c.late(at))]
    return sum(not clock.late(at) for clock in ended), len(ended)


def days_to_detection(db: Connection, start: datetime, at: datetime) -> int | None:
    """Half of the incidents of the period were discovered so many days after they began; None where none is known."""
    took = [
        (each.discovered_at - each.facts.started_at).total_seconds()
        for each in register(db, at)
        if each.discovered_at >= start and each.facts.started_at
    ]
    return round(median(took) / 86_400) if took else None


def read_questions(db: Connection, until: datetime) -> tuple[QuestionLine, ...]:
    """The last look at every source before a moment."""
    rows = db.execute(
        """select distinct on (source) source, kind, counted_at, asked, answered, late, late_open, oldest_days, entry
             from question_count where counted_at < %s order by source, entry desc""",
        [until],
    ).fetchall()
    return tuple(QuestionLine(*row) for row in rows)
