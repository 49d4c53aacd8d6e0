"""Approve: the stored answer of an officer, held against the plan before anything is erased.

What Airflow shows as a green task is not an approval: tasks can be marked successful and XComs written by hand. The
answer that Airflow's API server stored with the responder's name is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg

from hoeder.errors import Refused
from hoeder.policy import Policy
from hoeder.retention.plan import read_plan

Db = psycopg.Connection[tuple[Any, ...]]

APPROVE, REJECT = "Approve", "Reject"


class Decision(StrEnum):
    """What the officer decided."""

    APPROVED = "approved"
    REJECTED = "rejected"


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


def decide(governance: Db, policy: Policy, plan_id: UUID, answer: Answer) -> Decision:
    """Whether this answer approves or rejects exactly this plan; keeps a copy beside the plan.

    Raises Refused, with every reason at once, for anything that is not an officer's answer to this plan's digest.
    """
    plan, stored_digest, dag_id, run_id = read_plan(governance, plan_id)
    reasons = [
        reason
        for wrong, reason in (
            (plan.digest != stored_digest, "the stored plan does not match its own digest"),
            ((answer.dag_id, answer.run_id) != (dag_id, run_id), "the answer belongs to another run than the plan"),
            (not answer.received or answer.answered_at is None, "nobody answered"),
            (answer.chosen not in ((APPROVE,), (REJECT,)), "the answer is neither Approve nor Reject"),
            (
                answer.responder not in policy.organisation.approvers("retention"),
                "the responder is no officer who may approve retention (policy: organisation.yaml, approves)",
            ),
            (stored_digest not in answer.subject, "the question that was answered does not name this plan's digest"),
            (answer.chosen == (APPROVE,) and not answer.has_reason, "no reason was given"),
            (plan.policy_digest != policy.digest, "the policy changed after the plan was made"),
        )
        if wrong
    ]
    if reasons:
        raise Refused(f"plan {plan_id} is not approved: {'; '.join(reasons)}. Nothing was erased.")
    decision = Decision.APPROVED if answer.chosen == (APPROVE,) else Decision.REJECTED
    governance.execute(
        """insert into approval (plan, digest, decision, responder, answered_at) values (%s, %s, %s, %s, %s)
           on conflict (plan) do nothing""",
        [plan_id, stored_digest, decision, answer.responder, answer.answered_at],
    )
    kept = governance.execute("select digest, decision from approval where plan = %s", [plan_id]).fetchone()
    governance.commit()
    if kept != (stored_digest, decision):
        raise Refused(f"plan {plan_id} was answered differently before; one plan has one answer. Nothing was erased.")
    return decision
