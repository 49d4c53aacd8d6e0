"""Which clocks run for an incident, by when each ends, and whether what it asks was done in time.

Hours are counted as they pass, through nights, weekends and changes of the clock. What is steered on is the earliest
reading of the law. An incident that is only suspected has the supervisor's clock already, from its discovery: so
nobody gains time by looking on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hoeder.clock import AMSTERDAM, add_months
from hoeder.deadlines import hours_after, in_amsterdam
from hoeder.incidents.state import Phase, State, What
from hoeder.policy.incidents import IncidentFile


@dataclass(frozen=True)
class Clock:
    """One clock. `latest` is the latest lawful reading, where it is another; `done_at` when it stopped."""

    what: str
    due: datetime
    latest: datetime
    done_at: datetime | None = None
    client: str | None = None

    def late(self, now: datetime) -> bool:
        """Whether it ended after its time, or runs beyond it."""
        return (self.done_at or now) > self.due

    @property
    def running(self) -> bool:
        return self.done_at is None

    def hours_left(self, now: datetime) -> int:
        """Whole hours until it is due; below none where it is overdue."""
        return int((self.due - now).total_seconds() // 3600)


def clocks(state: State, policy: IncidentFile, *, discovered_at: datetime) -> tuple[Clock, ...]:
    """Every clock of an incident, in the order in which they end."""
    return tuple(sorted(_clocks(state, policy, discovered_at), key=lambda clock: clock.due))


def _clocks(state: State, policy: IncidentFile, discovered_at: datetime) -> Iterator[Clock]:
    suspected, triage, facts = state.phase is Phase.SUSPECTED, state.triage, state.facts
    judged = None if suspected or triage is None else triage.what
    yield _hours(
        "first-check", discovered_at, policy.first_check_within_hours, triage.at if judged and triage else None
    )
    begun = state.aware_at or discovered_at
    if facts and (suspected or judged is What.CONFIRMED):
        if facts.own:
            yield _hours("supervisor", begun, policy.notify_within_hours, _decided(state))
        for client in facts.clients:
            yield _told(state, policy, client, begun)
    if facts and judged is What.CONFIRMED:
        if facts.own:
            yield _days("persons", begun, policy.tell_within_days, _persons(state))
        if state.significant:
            yield from _nis2(state, policy, begun)
    if triage and judged in (What.CONFIRMED, What.NEAR_MISS):
        yield _days("closing", triage.at, policy.close_within_days, state.closed.at if state.closed else None)


def _hours(what: str, begun: datetime, hours: int, done: datetime | None, client: str | None = None) -> Clock:
    term = hours_after(begun, hours)
    return Clock(what, term.due, term.latest, done, client)


def _days(what: str, begun: datetime, days: int, done: datetime | None) -> Clock:
    due = in_amsterdam(begun) + timedelta(days=days)
    return Clock(what, due, due, done)


def _decided(state: State) -> datetime | None:
    """When the supervisor was notified, or it was decided with a ground not to."""
    if state.notified:
        return _moment(state.notified.detail.get("at"), state.notified.at)
    if state.supervisor and state.supervisor.what is What.NOT_TO_NOTIFY:
        return state.supervisor.at
    return None


def _persons(state: State) -> datetime | None:
    if state.told:
        return _moment(state.told.detail.get("at"), state.told.at)
    return state.persons.at if state.persons and state.persons.what is What.NOT_TO_TELL else None


def _told(state: State, policy: IncidentFile, client: str, begun: datetime) -> Clock:
    told = state.clients_told.get(client)
    known = policy.clients.get(client)
    done = _moment(told.detail.get("at"), told.at) if told else None
    return _hours("client", begun, known.tell_within_hours if known else 24, done, client)


def _nis2(state: State, policy: IncidentFile, aware: datetime) -> Iterator[Clock]:
    """A warning, a notice, and a report a month after the notice (NIS2 23(4); Cyberbeveiligingswet)."""
    done = {step.what: _moment(step.detail.get("at"), step.at) for step in state.nis2}
    yield _hours("nis2-warning", aware, policy.nis2.warn_within_hours, done.get(What.WARNED))
    notice = _hours("nis2-notice", aware, policy.nis2.notify_within_hours, done.get(What.NIS2_NOTIFIED))
    yield notice
    begun = in_amsterdam(notice.done_at or notice.due)
    day = add_months(begun.date(), policy.nis2.report_within_months)
    due = datetime.combine(day, begun.timetz().replace(tzinfo=None), AMSTERDAM)
    yield Clock("nis2-report", due, due, done.get(What.NIS2_REPORTED))


def _moment(given: object, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(str(given)) if given else otherwise
