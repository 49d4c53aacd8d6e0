"""How an incident stands after its steps, and which steps may come next. No database, no clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from hoeder.incidents.facts import Facts


class What(StrEnum):
    """A step of an incident."""

    REGISTERED = "registered"
    DESCRIBED = "described"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    NEAR_MISS = "near-miss"
    NONE = "none"
    TO_NOTIFY = "to-notify"
    NOT_TO_NOTIFY = "not-to-notify"
    NOTIFIED = "notified"
    FOLLOWED_UP = "followed-up"
    TAKEN_BACK = "taken-back"
    CLIENT_TOLD = "client-told"
    WARNED = "warned"
    NIS2_NOTIFIED = "nis2-notified"
    NIS2_REPORTED = "nis2-reported"
    TO_TELL = "to-tell"
    NOT_TO_TELL = "not-to-tell"
    ORDERED = "ordered"
    TOLD = "told"
    MEASURES = "measures"
    CLOSED = "closed"
    REOPENED = "reopened"


class Phase(StrEnum):
    """Where an incident stands."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    NEAR_MISS = "near-miss"
    NONE = "none"
    CLOSED = "closed"


HANDLING = frozenset({What.DESCRIBED, What.CHECKED, What.CLIENT_TOLD, What.NOTIFIED, What.TOLD, What.MEASURES})
"""Steps of whoever handles an incident: they cannot be the one who closes it."""


@dataclass(frozen=True)
class Step:
    """One step: who took it, and its detail in closed words, counts and moments."""

    what: What
    at: datetime
    by: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    entry: int = 0
    """The ledger's intent."""


@dataclass(frozen=True)
class State:
    """Everything that the steps so far say."""

    phase: Phase | None = None
    facts: Facts | None = None
    checked: tuple[Step, ...] = ()
    triage: Step | None = None
    supervisor: Step | None = None
    """The last decision whether to notify."""
    notified: Step | None = None
    followed_up: tuple[Step, ...] = ()
    taken_back: bool = False
    clients_told: Mapping[str, Step] = field(default_factory=dict)
    nis2: tuple[Step, ...] = ()
    persons: Step | None = None
    """The last decision whether to tell the persons, or the supervisor's order."""
    told: Step | None = None
    measures: Step | None = None
    closed: Step | None = None
    handlers: frozenset[str] = frozenset()

    @property
    def significant(self) -> bool:
        """Whether it is one that NIS2 wants to hear of."""
        return bool(self.triage and self.triage.detail.get("significant"))

    @property
    def aware_at(self) -> datetime | None:
        """From when the clocks run: reasonable certainty that personal data were affected."""
        given = self.triage.detail.get("aware_at") if self.triage else None
        return datetime.fromisoformat(given) if given else None


def after(steps: Iterable[Step]) -> State:
    """The state after steps, oldest first."""
    state = State()
    for step in steps:
        state = _next(state, step)
    return state


def _next(state: State, step: Step) -> State:  # noqa: C901  # one line for each step
    if step.what in HANDLING:
        state = replace(state, handlers=state.handlers | {step.by})
    match step.what:
        case What.REGISTERED:
            return replace(state, phase=Phase.SUSPECTED)
        case What.DESCRIBED:
            return replace(state, facts=Facts.model_validate(step.detail["facts"]))
        case What.CHECKED:
            return replace(state, checked=(*state.checked, step))
        case What.CONFIRMED | What.NEAR_MISS | What.NONE:
            return replace(state, phase=Phase(step.what.value), triage=step)
        case What.TO_NOTIFY | What.NOT_TO_NOTIFY:
            return replace(state, supervisor=step)
        case What.NOTIFIED:
            return replace(state, notified=step, taken_back=False)
        case What.FOLLOWED_UP:
            return replace(state, followed_up=(*state.followed_up, step))
        case What.TAKEN_BACK:
            return replace(state, taken_back=True)
        case What.CLIENT_TOLD:
            return replace(state, clients_told={**state.clients_told, step.detail["client"]: step})
        case What.WARNED | What.NIS2_NOTIFIED | What.NIS2_REPORTED:
            return replace(state, nis2=(*state.nis2, step))
        case What.TO_TELL | What.NOT_TO_TELL | What.ORDERED:
            return replace(state, persons=step)
        case What.TOLD:
            return replace(state, told=step)
        case What.MEASURES:
            return replace(state, measures=step)
        case What.CLOSED:
            return replace(state, phase=Phase.CLOSED, closed=step)
        case What.REOPENED:
            return replace(state, phase=Phase.SUSPECTED, closed=None)


def why_not(state: State, what: What, detail: Mapping[str, Any]) -> str | None:
    """Why a step cannot come now; None where it can."""
    if what is What.REGISTERED:
        return "it is registered already" if state.phase else None
    if state.phase is None or (state.facts is None and what is not What.DESCRIBED):
        return "nothing is known of it yet: register and describe it first"
    ended = state.phase in (Phase.CLOSED, Phase.NONE)
    if what is What.REOPENED:
        return None if ended else f"it is {state.phase}: only what has ended is reopened"
    if ended:
        return f"it is {state.phase}: reopen it first"
    return _RULES[what](state, detail)


Rule = Callable[[State, Mapping[str, Any]], str | None]


def _any(state: State, detail: Mapping[str, Any]) -> str | None:
    return None


def _triage(state: State, detail: Mapping[str, Any]) -> str | None:
    return None if state.phase is Phase.SUSPECTED else f"it was found to be {state.phase}"


def _confirmed(state: State) -> str | None:
    return None if state.phase is Phase.CONFIRMED else f"it is {state.phase}, not confirmed"


def _own(state: State) -> str | None:
    if state.facts and not state.facts.own:
        return "no data of our own are concerned: the client, as controller, notifies and tells the persons"
    return _confirmed(state)


def _decide_supervisor(state: State, detail: Mapping[str, Any]) -> str | None:
    return _own(state) or ("the supervisor was notified" if _is_notified(state) else None)


def _is_notified(state: State) -> bool:
    return state.notified is not None and not state.taken_back


def _notify(state: State, detail: Mapping[str, Any]) -> str | None:
    if against := _own(state):
        return against
    if state.supervisor is None or state.supervisor.what is not What.TO_NOTIFY:
        return "no officer decided to notify the supervisor"
    return "the supervisor was notified; what comes later is a follow-up" if _is_notified(state) else None


def _after_notice(state: State, detail: Mapping[str, Any]) -> str | None:
    return None if _is_notified(state) else "the supervisor has no notice yet that could be followed up or taken back"


def _client(state: State, detail: Mapping[str, Any]) -> str | None:
    client = str(detail.get("client"))
    if state.facts is None or client not in state.facts.clients:
        return f"client {client} is not concerned, by the facts; complete them first"
    return f"client {client} was told" if client in state.clients_told else None


_NIS2_ORDER = (What.WARNED, What.NIS2_NOTIFIED, What.NIS2_REPORTED)


def _nis2(number: int) -> Rule:
    def check(state: State, detail: Mapping[str, Any]) -> str | None:
        if against := _confirmed(state):
            return against
        if not state.significant:
            return "it was not found to be a significant incident under NIS2"
        done = tuple(step.what for step in state.nis2)
        if done == _NIS2_ORDER[:number]:
            return None
        return f"{_NIS2_ORDER[number]} was done" if len(done) > number else f"{_NIS2_ORDER[number - 1]} comes first"

    return check


def _decide_persons(state: State, detail: Mapping[str, Any]) -> str | None:
    if against := _own(state):
        return against
    if state.told:
        return "the persons were told"
    ordered = state.persons is not None and state.persons.what is What.ORDERED
    return "the supervisor ordered to tell them (GDPR 34(4))" if ordered else None


def _ordered(state: State, detail: Mapping[str, Any]) -> str | None:
    return _after_notice(state, detail) or ("the persons were told" if state.told else None)


def _tell(state: State, detail: Mapping[str, Any]) -> str | None:
    if against := _own(state):
        return against
    if state.told:
        return "the persons were told"
    decided = state.persons is not None and state.persons.what in (What.TO_TELL, What.ORDERED)
    return None if decided else "no officer decided to tell the persons"


def _measures(state: State, detail: Mapping[str, Any]) -> str | None:
    if state.phase not in (Phase.CONFIRMED, Phase.NEAR_MISS):
        return f"it is {state.phase}: first it is found whether there was an incident"
    return None if detail.get("measures") else "measures without any measure"


def _close(state: State, detail: Mapping[str, Any]) -> str | None:
    if state.phase is Phase.SUSPECTED:
        return "it is suspected: first it is found whether there was an incident"
    left = outstanding(state)
    return f"still to be done: {', '.join(left)}" if left else None


_RULES: Mapping[What, Rule] = {
    What.DESCRIBED: _any, What.CHECKED: _any, What.CONFIRMED: _triage, What.NEAR_MISS: _triage, What.NONE: _triage,
    What.TO_NOTIFY: _decide_supervisor, What.NOT_TO_NOTIFY: _decide_supervisor, What.NOTIFIED: _notify,
    What.FOLLOWED_UP: _after_notice, What.TAKEN_BACK: _after_notice, What.CLIENT_TOLD: _client,
    What.WARNED: _nis2(0), What.NIS2_NOTIFIED: _nis2(1), What.NIS2_REPORTED: _nis2(2),
    What.TO_TELL: _decide_persons, What.NOT_TO_TELL: _decide_persons, What.ORDERED: _ordered, What.TOLD: _tell,
    What.MEASURES: _measures, What.CLOSED: _close,
}  # fmt: skip


def outstanding(state: State) -> tuple[str, ...]:
    """What must be done before it can be closed, in words."""
    facts = state.facts
    if state.phase in (Phase.NONE, Phase.CLOSED, None) or facts is None:
        return ()
    if state.phase is Phase.SUSPECTED:
        return ("triage",)
    confirmed, own = state.phase is Phase.CONFIRMED, facts.own
    decided, persons = state.supervisor, state.persons
    checks = (
        (confirmed and own and decided is None and not _is_notified(state), "decision on the supervisor"),
        (confirmed and own and decided is not None and decided.what is What.TO_NOTIFY and not _is_notified(state)
         and not state.taken_back, "notice to the supervisor"),
        (confirmed and own and persons is None, "decision on the persons"),
        (confirmed and own and persons is not None and persons.what is not What.NOT_TO_TELL and state.told is None,
         "telling the persons"),
        *((confirmed and client not in state.clients_told, f"telling client {client}") for client in facts.clients),
        (confirmed and state.significant and len(state.nis2) < len(_NIS2_ORDER), "notices under NIS2"),
        (state.measures is None, "cause and measures"),
    )  # fmt: skip
    return tuple(what for lacking, what in checks if lacking)
