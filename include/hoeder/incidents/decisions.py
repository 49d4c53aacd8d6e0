"""What the officer is asked about an incident, and the stored answer held against it before anything follows.

A question is written down with the digest of everything that is known of the incident, before it is shown: what becomes
known afterwards asks for another answer. An answer is a decision where it is an officer's, in the same run, in time,
with a reason where one is due, to that digest; it then stands beside its question and can be no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from hoeder.errors import Refused
from hoeder.evidence.ledger import Run
from hoeder.governance.answer import Answer, Question, require
from hoeder.incidents.case import Db, Incident
from hoeder.policy import Policy

MAY = "incidents"
"""What an officer must be allowed to approve (policy: organisation.yaml, approves)."""


class Asks(StrEnum):
    """What is asked about an incident, in this order."""

    TRIAGE = "triage"
    SUPERVISOR = "supervisor"
    PERSONS = "persons"
    CLOSING = "closing"


class Triage(StrEnum):
    CONFIRMED = "Confirmed"
    NEAR_MISS = "Near miss"
    NONE = "No incident"


class Supervisor(StrEnum):
    NOTIFY = "Notify"
    NOT = "Do not notify"


class Persons(StrEnum):
    TELL = "Tell them"
    NOT = "Do not tell"


class Closing(StrEnum):
    CLOSE = "Close"
    NOT_YET = "Not yet"


OPTIONS: Mapping[Asks, Sequence[str]] = {
    Asks.TRIAGE: tuple(Triage), Asks.SUPERVISOR: tuple(Supervisor), Asks.PERSONS: tuple(Persons),
    Asks.CLOSING: tuple(Closing),
}  # fmt: skip
_WITHOUT_REASON: Mapping[Asks, Collection[str]] = {
    Asks.TRIAGE: (Triage.CONFIRMED,), Asks.SUPERVISOR: (Supervisor.NOTIFY,), Asks.PERSONS: (Persons.TELL,),
    Asks.CLOSING: (Closing.NOT_YET,),
}  # fmt: skip
"""The careful answer needs no reason; every other does."""


@dataclass(frozen=True)
class Decision:
    """An answer that was taken for a decision; `fields`: what else the form asked, to be held to closed lists."""

    choice: str
    by: str
    fields: Mapping[str, object]


def digest_of(found: Incident, asks: Asks) -> str:
    """SHA-256, in hex, over everything that is known of an incident and what is asked about it."""
    said = [[step.what, step.at.isoformat(), step.by, dict(step.detail)] for step in found.steps]
    whole = [asks, str(found.incident_id), found.discovered_at.isoformat(), said]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def ask(db: Db, found: Incident, asks: Asks, *, run: Run) -> str:
    """Write a question down before it is shown; its digest. Works inside the caller's transaction."""
    digest = digest_of(found, asks)
    db.execute(
        """insert into incident_question (incident_id, asks, digest, dag_id, run_id) values (%s, %s, %s, %s, %s)
           on conflict do nothing""",
        [found.incident_id, asks, digest, run.dag_id, run.recorded_run_id],
    )
    return digest


def asked(db: Db, incident_id: UUID, asks: Asks, *, run: Run) -> bool:
    """Whether this run asked this."""
    row = db.execute(
        "select from incident_question where incident_id = %s and asks = %s and dag_id = %s and run_id = %s",
        [incident_id, asks, run.dag_id, run.recorded_run_id],
    ).fetchone()
    return row is not None


def carried_out(db: Db, incident_id: UUID, asks: Asks, *, run: Run) -> bool:
    """Whether this run's answer was taken, and what follows from it done with it."""
    row = db.execute(
        """select from incident_decision join incident_question q using (question)
            where q.incident_id = %s and q.asks = %s and q.dag_id = %s and q.run_id = %s""",
        [incident_id, asks, run.dag_id, run.recorded_run_id],
    ).fetchone()
    return row is not None


def admit(
    db: Db,
    policy: Policy,
    found: Incident,
    asks: Asks,
    answer: Answer | None,
    *,
    run: Run,
    authors: Collection[str] = (),
) -> Decision:
    """Take an answer for a decision about what is known now, and keep it beside its question.

    Works inside the caller's transaction, so that a decision stands with its step or not at all. Raises Refused, with
    every reason at once, for anything that is not an officer's answer to exactly this, in this run.
    """
    what, digest = f"incident {found.number}: {asks}", digest_of(found, asks)
    row = db.execute(
        """select question, asked_at, clock_timestamp() from incident_question
            where incident_id = %s and asks = %s and digest = %s and dag_id = %s and run_id = %s""",
        [found.incident_id, asks, digest, run.dag_id, run.recorded_run_id],
    ).fetchone()
    if row is None:
        raise Refused(f"{what} was not asked in this run about what is known now. Nothing was done; ask again")
    number, asked_at, now = row
    question = Question(run.dag_id or "", run.run_id or "", digest, asked_at, OPTIONS[asks])
    answer = require(
        answer, question, policy.organisation, what, may=MAY, now=now, authors=authors,
        without_reason=_WITHOUT_REASON[asks],
    )  # fmt: skip
    db.execute(
        """insert into incident_decision (question, choice, responder, answered_at, reason_digest)
           values (%s, %s, %s, %s, %s)""",
        [number, answer.chosen[0], answer.responder, answer.answered_at, answer.reason_digest],
    )
    return Decision(answer.chosen[0], str(answer.responder), dict(answer.fields))


def word(fields: Mapping[str, object], name: str, known: Collection[str]) -> str:
    """A field of the form that must be one of a closed list. Raises Refused with what there is."""
    given: Any = fields.get(name)
    if given not in known:
        raise Refused(f"{name} must be one of: {', '.join(known)}. Nothing was done; answer again in a new run")
    return str(given)
