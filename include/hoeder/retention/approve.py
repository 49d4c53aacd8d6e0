"""Approve: the stored answer of an officer, held against the plan before anything is erased.

What Airflow shows as a green task is not an approval: tasks can be marked successful and XComs written by hand. The
answer that Airflow's API server stored with the responder's name is. It serves one plan, for some days, by somebody who
did not write the rules, and each rule of the plan once.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg

from hoeder.errors import Refused
from hoeder.governance.answer import APPROVE, Answer, Question, objections
from hoeder.policy import Policy
from hoeder.retention.plan import Plan, PlanPart, planned_references, read_plan
from hoeder.retention.returning import covered

Db = psycopg.Connection[tuple[Any, ...]]


class Decision(StrEnum):
    """What the officer decided."""

    APPROVED = "approved"
    REJECTED = "rejected"


def admit(governance: Db, policy: Policy, plan_id: UUID, rule: str, answer: Answer | None) -> Decision:
    """Whether one rule of a plan may be executed now: by an officer's answer, or because policy approved it beforehand.

    Raises Refused where neither holds, and where this rule of this plan was executed to its end before.
    """
    plan, stored_digest, *_ = read_plan(governance, plan_id)
    if rule in finished(governance, plan_id):
        raise Refused(
            f"rule {rule} of plan {plan_id} was executed before, and an approval serves once. Nothing was erased; what "
            "is due now is in the next plan."
        )
    part = next((part for part in plan.parts if part.rule == rule), None)
    one = next((one for one in policy.rules_on(plan.as_of) if one.rule == rule), None)
    client = one.client if one is not None else None
    if client and client.returned and not covered(governance, rule, planned_references(governance, plan_id, rule)):
        raise Refused(
            f"rule {rule} of plan {plan_id}: client {client.name} did not say that it has these data back. "
            "Nothing was erased. Hand them back first, and record the receipt (hoeder retention received)."
        )
    if part is not None and part.runs_without_asking:
        return _approved_beforehand(governance, policy, plan, stored_digest, part)
    if answer is None:
        raise Refused(f"plan {plan_id} is not approved: nobody answered. Nothing was erased.")
    return decide(governance, policy, plan_id, answer)


def finished(governance: Db, plan_id: UUID) -> frozenset[str]:
    """Rules of a plan that were executed to their end, by the ledger, which nobody can take back."""
    rows = governance.execute(
        """select distinct object from ledger
            where case_id = %s and act = 'erase' and phase = 'outcome' and outcome in ('done', 'nothing')""",
        [plan_id],
    )
    return frozenset(rule for (rule,) in rows)


def decide(governance: Db, policy: Policy, plan_id: UUID, answer: Answer) -> Decision:
    """Whether this answer approves or rejects exactly this plan; keeps a copy beside the plan.

    Raises Refused, with every reason at once, for anything that is not an officer's answer to this plan's digest.
    """
    plan, stored_digest, dag_id, run_id = read_plan(governance, plan_id)
    made_at, now = _times(governance, plan_id)
    question = Question(dag_id or "", run_id or "", stored_digest, made_at)
    found = [
        *(["the stored plan does not match its own digest"] if plan.digest != stored_digest else []),
        *objections(
            answer, question, policy.organisation, may="retention", authors=_authors(policy, plan), now=now
        ),
        *(["the policy changed after the plan was made"] if plan.policy_digest != policy.digest else []),
    ]  # fmt: skip
    if found:
        raise Refused(f"plan {plan_id} is not approved: {'; '.join(found)}. Nothing was erased.")
    decision = Decision.APPROVED if answer.chosen == (APPROVE,) else Decision.REJECTED
    given = (stored_digest, decision, answer.responder, answer.answered_at, answer.reason_digest)
    governance.execute(
        """insert into approval (plan, digest, decision, responder, answered_at, reason_digest)
           values (%s, %s, %s, %s, %s, %s) on conflict (plan) do nothing""",
        [plan_id, *given],
    )
    kept = governance.execute(
        "select digest, decision, responder, answered_at, reason_digest from approval where plan = %s", [plan_id]
    ).fetchone()
    governance.commit()
    if kept != given:
        raise Refused(f"plan {plan_id} was answered differently before; one plan has one answer. Nothing was erased.")
    return decision


def _times(governance: Db, plan_id: UUID) -> tuple[datetime, datetime]:
    """When the plan was made, and now: by the server's clock, not the caller's."""
    row = governance.execute("select made_at, clock_timestamp() from plan where plan = %s", [plan_id]).fetchone()
    if row is None:
        raise Refused(f"plan {plan_id} is not in the governance database. Nothing was erased.")
    return row[0], row[1]


def _authors(policy: Policy, plan: Plan) -> frozenset[str]:
    """Logins of those who last changed a rule that waits for this answer."""
    asked = {part.rule for part in plan.asked}
    found: set[str] = set()
    for rule in policy.rules_on(plan.as_of):
        if rule.rule in asked:
            found |= policy.organisation.logins(rule.source.changed_by)
    return frozenset(found)


def _approved_beforehand(governance: Db, policy: Policy, plan: Plan, stored_digest: str, part: PlanPart) -> Decision:
    rule = next((rule for rule in policy.rules_on(plan.as_of) if rule.rule == part.rule), None)
    limit = rule.pre_approved_up_to if rule else None
    reasons = [
        reason
        for wrong, reason in (
            (plan.digest != stored_digest, "the stored plan does not match its own digest"),
            (plan.policy_digest != policy.digest, "the policy changed after the plan was made"),
            (limit is None or limit != part.pre_approved, "the rule is not approved beforehand by this policy"),
            (limit is not None and part.due > limit, f"more is due than the {limit} that were approved beforehand"),
        )
        if wrong
    ]
    if reasons or rule is None:
        raise Refused(
            f"rule {part.rule} of plan {plan.plan} is not approved: {'; '.join(reasons)}. Nothing was erased."
        )
    governance.execute(
        """insert into pre_approval (plan, rule, digest, up_to, due, owner, approved_on)
           values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing""",
        [plan.plan, part.rule, stored_digest, limit, part.due, rule.source.owner, rule.source.approved_on],
    )
    governance.commit()
    return Decision.APPROVED
