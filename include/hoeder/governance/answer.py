"""The stored answer of an officer to a required action, and what speaks against taking it for a decision.

What Airflow shows as a green task is no decision: tasks can be marked successful and XComs written by hand. The answer
that Airflow's API server stored with the responder's name is one, where it answers exactly what was asked.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hoeder.errors import Refused
from hoeder.policy.organisation import Organisation

APPROVE, REJECT = "Approve", "Reject"
_SKEW = timedelta(minutes=5)
"""How far the clocks of Airflow and of the governance database may be apart."""


@dataclass(frozen=True)
class Answer:
    """A required action as Airflow stores it, and the run it belongs to."""

    dag_id: str
    run_id: str
    received: bool
    chosen: tuple[str, ...]
    responder: str | None
    answered_at: datetime | None
    subject: str
    has_reason: bool
    reason_digest: str | None = None
    """SHA-256 in hex: the reason itself is free text and stays in Airflow."""
    fields: Mapping[str, object] = field(default_factory=dict, repr=False)
    """What else the form asked. Check each against a closed list: people type anything."""


@dataclass(frozen=True)
class Question:
    """What was asked: by which run, about which digest, when, and which answers there are."""

    dag_id: str
    run_id: str
    digest: str
    asked_at: datetime
    options: Collection[str] = (APPROVE, REJECT)


def objections(
    answer: Answer,
    question: Question,
    organisation: Organisation,
    *,
    may: str,
    now: datetime,
    authors: Collection[str] = (),
    without_reason: Collection[str] = (REJECT,),
) -> list[str]:
    """Everything that speaks against taking this answer for a decision; nothing where it is one.

    `may` is the capability that the responder must be allowed to approve (policy: organisation.yaml, approves);
    `authors` are logins that may not answer, since they made what is asked about; `without_reason` are the options
    that need no reason. `now` is the database server's clock, not the caller's.
    """
    chosen = answer.chosen[0] if len(answer.chosen) == 1 else None
    checks = (
        ((answer.dag_id, answer.run_id) != (question.dag_id, question.run_id), "the answer belongs to another run"),
        (not answer.received or answer.answered_at is None, "nobody answered"),
        (chosen not in question.options, f"the answer is none of {', '.join(question.options)}"),
        (
            answer.responder not in organisation.approvers(may),
            f"the responder is no officer who may approve {may} (policy: organisation.yaml, approves)",
        ),
        (
            answer.responder in authors,
            "the responder made what is asked about (policy: changed_by); another officer must answer",
        ),
        (question.digest not in answer.subject, "the question that was answered does not name this digest"),
        (chosen in question.options and chosen not in without_reason and not answer.has_reason, "no reason was given"),
        *_untimely(answer.answered_at, question.asked_at, now, organisation.approvals_last_days),
    )
    return [reason for wrong, reason in checks if wrong]


def require(
    answer: Answer | None,
    question: Question,
    organisation: Organisation,
    what: str,
    *,
    may: str,
    now: datetime,
    authors: Collection[str] = (),
    without_reason: Collection[str] = (REJECT,),
) -> Answer:
    """The answer, where nothing speaks against taking it for a decision on `what`; the rest is as in `objections`.

    Raises Refused, with every reason at once.
    """
    if answer is None:
        raise Refused(f"{what}: nobody answered. Nothing was done.")
    against = objections(
        answer, question, organisation, may=may, now=now, authors=authors, without_reason=without_reason
    )
    if against:
        raise Refused(f"{what} is not decided: {'; '.join(against)}. Nothing was done.")
    return answer


def _untimely(answered: datetime | None, asked: datetime, now: datetime, days: int) -> Iterator[tuple[bool, str]]:
    if answered is None:
        return
    yield answered < asked - _SKEW, "the answer is older than what is asked about"
    yield answered > now + _SKEW, "the answer lies in the future"
    yield (
        now - answered > timedelta(days=days),
        f"the answer is older than {days} days (policy: organisation.yaml, approvals_last_days); ask again",
    )
