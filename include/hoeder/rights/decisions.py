"""What an officer is asked in a case, and the stored answer held against it before anything follows.

A question is written down with the digest of exactly what it asks about, before it is shown. An answer is a decision
where it is an officer's, in the same run, in time, with a reason, to that digest; it then stands beside the question
and can be no other. Whoever acts brings the answer along and passes through here again: a green task is no decision.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from hoeder.errors import Refused
from hoeder.evidence.ledger import Run
from hoeder.governance.answer import Answer, Question, require
from hoeder.policy import Policy
from hoeder.rights.case import Db, Right

MAY = "rights"
"""What an officer must be allowed to approve (policy: organisation.yaml, approves)."""


class Asks(StrEnum):
    """What a case asks an officer, in this order."""

    CONFIRM = "confirm"
    IDENTIFY = "identify"
    JUDGE = "judge"
    DECIDE = "decide"


class Confirm(StrEnum):
    """What a message is."""

    AS_PROPOSED = "As proposed"
    AS_TICKED = "As ticked"
    OF_A_CLIENT = "A client's customer"
    NO_REQUEST = "No request"
    DUPLICATE = "Duplicate"


class Identify(StrEnum):
    """Whether it is clear who asks."""

    IDENTIFIED = "Identified"
    ASK = "Ask the person"
    NOT_IDENTIFIED = "Cannot be identified"


class Judge(StrEnum):
    """Whose the possible matches are."""

    THEIRS = "All are theirs"
    NOT_THEIRS = "None is theirs"
    AS_JUDGED = "As judged one by one"


class Decide(StrEnum):
    """Whether a right is granted, exactly as shown."""

    GRANT = "Grant"
    REFUSE = "Refuse"


OPTIONS: Mapping[Asks, Sequence[str]] = {
    Asks.CONFIRM: tuple(Confirm), Asks.IDENTIFY: tuple(Identify), Asks.JUDGE: tuple(Judge), Asks.DECIDE: tuple(Decide),
}  # fmt: skip
_WITHOUT_REASON: Mapping[Asks, Collection[str]] = {
    Asks.CONFIRM: (Confirm.AS_PROPOSED, Confirm.AS_TICKED, Confirm.OF_A_CLIENT),
    Asks.IDENTIFY: (Identify.IDENTIFIED, Identify.ASK),
    Asks.JUDGE: (Judge.AS_JUDGED,),
    Asks.DECIDE: (),
}
"""Answers that say enough by themselves. What gives something away, or takes it from a person, needs a reason."""


@dataclass(frozen=True)
class Decision:
    """An answer that was taken for a decision. `fields` are words of closed lists."""

    choice: str
    responder: str
    answered_at: datetime
    fields: Mapping[str, Any]


def ask(db: Db, case_id: UUID, asks: Asks, digest: str, *, run: Run, about: Right | None = None) -> None:
    """Write a question down before it is shown. Works inside the caller's transaction; asking again changes nothing."""
    db.execute(
        """insert into subject_question (case_id, asks, about, digest, dag_id, run_id) values (%s, %s, %s, %s, %s, %s)
           on conflict do nothing""",
        [case_id, asks, about or "", digest, run.dag_id, run.recorded_run_id],
    )


def admit(
    db: Db,
    policy: Policy,
    case_id: UUID,
    asks: Asks,
    answer: Answer | None,
    *,
    digest: str,
    run: Run,
    about: Right | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Decision:
    """Take an answer for a decision about what has this digest now, and keep it beside its question.

    Works inside the caller's transaction; the same answer passes again. Raises Refused, with every reason at once, for
    anything that is not an officer's answer to exactly this, in this run.
    """
    what = f"case {case_id}: {asks}{f' {about}' if about else ''}"
    row = db.execute(
        """select question, asked_at, clock_timestamp() from subject_question
            where case_id = %s and asks = %s and about = %s and digest = %s and dag_id = %s and run_id = %s""",
        [case_id, asks, about or "", digest, run.dag_id, run.recorded_run_id],
    ).fetchone()
    if row is None:
        raise Refused(f"{what} was not asked in this run about what stands there now. Nothing was done; ask again")
    number, asked_at, now = row
    question = Question(run.dag_id or "", run.run_id or "", digest, asked_at, OPTIONS[asks])
    without = _WITHOUT_REASON[asks]
    answer = require(answer, question, policy.organisation, what, may=MAY, now=now, without_reason=without)
    given = (answer.chosen[0], dict(fields or {}), answer.responder, answer.answered_at, answer.reason_digest)
    db.execute(
        """insert into subject_decision (question, choice, fields, responder, answered_at, reason_digest)
           values (%s, %s, %s, %s, %s, %s) on conflict (question) do nothing""",
        [number, given[0], json.dumps(given[1]), *given[2:]],
    )
    kept = db.execute(
        "select choice, fields, responder, answered_at, reason_digest from subject_decision where question = %s",
        [number],
    ).fetchone()
    if kept is None or tuple(kept) != given:
        raise Refused(f"{what} was answered differently before; one question has one answer. Nothing was done.")
    choice, said, responder, answered_at, _ = kept
    return Decision(choice, responder, answered_at, said)


def decided(db: Db, case_id: UUID, right: Right) -> Decision | None:
    """The latest decision on a right in a case."""
    row = db.execute(
        """select d.choice, d.responder, d.answered_at, d.fields
             from subject_decision d join subject_question q using (question)
            where q.case_id = %s and q.asks = 'decide' and q.about = %s order by d.admitted_at desc limit 1""",
        [case_id, right],
    ).fetchone()
    return Decision(*row) if row else None
