"""What the tasks of an incident's run do: ask the officer what is to be decided, and carry the answer out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused
from hoeder.evidence.ledger import Run
from hoeder.governance.answer import Answer
from hoeder.incidents import case, questions
from hoeder.incidents.case import Db, Incident
from hoeder.incidents.decisions import Asks, Closing, Decision, Persons, Supervisor, Triage, admit, ask, asked, word
from hoeder.incidents.decisions import carried_out as was_carried_out
from hoeder.incidents.questions import Text
from hoeder.incidents.state import Phase, What, why_not
from hoeder.policy import Policy
from hoeder.policy.incident_words import known


@dataclass(frozen=True)
class Work:
    """What the steps of an incident work with."""

    db: Db
    policy: Policy
    run: Run


def to_ask(work: Work, incident_id: UUID, asks: Asks) -> Text | None:
    """The question where this is to be decided now; None where it is not. Commits."""
    found = case.read(work.db, incident_id)
    if not is_due(found, asks):
        return None
    text = questions.TEXTS[asks](found, work.policy, ask(work.db, found, asks, run=work.run))
    work.db.commit()
    return text


def is_due(found: Incident, asks: Asks) -> bool:
    """Whether an officer has this to decide now."""
    state = found.state
    match asks:
        case Asks.TRIAGE:
            return state.phase is Phase.SUSPECTED
        case Asks.SUPERVISOR:
            return state.supervisor is None and why_not(state, What.TO_NOTIFY, {}) is None
        case Asks.PERSONS:
            return state.persons is None and why_not(state, What.TO_TELL, {}) is None
        case Asks.CLOSING:
            return why_not(state, What.CLOSED, {}) is None


def decide(work: Work, incident_id: UUID, asks: Asks, answer: Answer | None) -> Incident:
    """Carry out what the officer answered in this run; nothing where nothing was asked. Commits.

    Taking the answer and the step that follows are one transaction: a cleared task finds both, or neither. Raises
    Refused for anything that is no decision.
    """
    found = case.read(work.db, incident_id)
    if not asked(work.db, incident_id, asks, run=work.run):
        if answer is not None:
            raise Refused(f"incident {found.number}: this run did not ask for {asks}. Nothing was done.")
        return found
    if was_carried_out(work.db, incident_id, asks, run=work.run):
        return found
    authors = found.state.handlers if asks is Asks.CLOSING else frozenset()
    decision = admit(work.db, work.policy, found, asks, answer, run=work.run, authors=authors)
    if step := _STEPS[asks](found, decision):
        what, detail = step
        found = case.take(work.db, work.policy, work.run, incident_id, what, decision.by, detail)
    work.db.commit()
    return found


Step = tuple[What, Mapping[str, Any]]


def _triage(found: Incident, decision: Decision) -> Step | None:
    match Triage(decision.choice):
        case Triage.CONFIRMED:
            return What.CONFIRMED, {
                "aware_at": _moment(decision, found.discovered_at).isoformat(),
                "significant": bool(decision.fields.get("significant")),
            }
        case Triage.NEAR_MISS:
            return What.NEAR_MISS, {}
        case Triage.NONE:
            return What.NONE, {}


def _moment(decision: Decision, otherwise: datetime) -> datetime:
    given = str(decision.fields.get("aware_at") or "").strip()
    if not given:
        return otherwise
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise Refused("aware_at must be a moment such as 2026-11-20T16:40. Nothing was done; answer again") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def _supervisor(found: Incident, decision: Decision) -> Step | None:
    if Supervisor(decision.choice) is Supervisor.NOTIFY:
        return What.TO_NOTIFY, {}
    return What.NOT_TO_NOTIFY, {"ground": word(decision.fields, "ground", known("grounds"))}


def _persons(found: Incident, decision: Decision) -> Step | None:
    if Persons(decision.choice) is Persons.TELL:
        return What.TO_TELL, {}
    return What.NOT_TO_TELL, {"exception": word(decision.fields, "exception", known("exceptions"))}


def _closing(found: Incident, decision: Decision) -> Step | None:
    return (What.CLOSED, {}) if Closing(decision.choice) is Closing.CLOSE else None


_STEPS: Mapping[Asks, Callable[[Incident, Decision], Step | None]] = {
    Asks.TRIAGE: _triage, Asks.SUPERVISOR: _supervisor, Asks.PERSONS: _persons, Asks.CLOSING: _closing,
}  # fmt: skip
