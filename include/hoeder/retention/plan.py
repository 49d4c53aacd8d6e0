"""Plan: per rule what is due, what a hold protects and what has no anchor, with a digest over its exact content.

The plan holds keyed references of rows, never their keys: nothing in it is personal.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg

from hoeder.clock import latest_due_anchor
from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.policy import Policy, RetentionRule
from hoeder.policy.models import RuleType
from hoeder.pseudonym import ReferenceKey, digest_of
from hoeder.retention import due
from hoeder.retention.order import execution_order
from hoeder.stores.connection import Resolver
from hoeder.stores.erase import Holds

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class PlanPart:
    """One rule's share of a plan."""

    rule: str
    store: str
    target: str
    position: int
    anchor_until: date
    due: int = 0
    held: int = 0
    missing_anchor: int = 0
    oldest: date | None = None
    digest: str = digest_of(())
    problem: str | None = None


@dataclass(frozen=True)
class Plan:
    """What the DPO is asked to approve. `digest` covers every figure and every row reference."""

    plan: UUID
    as_of: date
    policy_digest: str
    parts: tuple[PlanPart, ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex over the canonical JSON of the plan."""
        canonical = json.dumps(asdict(self), sort_keys=True, default=str, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def make_plan(
    policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, *, run: ledger.Run, as_of: date
) -> Plan:
    """Look in every store what is due on a day, and store the plan.

    A store that does not answer does not stop the others: its parts carry the problem, and are not executed.
    """
    plan_id = uuid4()
    rules = policy.rules_on(as_of)
    ledger.register_policy(governance, policy)
    with ledger.act(governance, run, ledger.Activity.RETENTION_PLAN, "all", case_id=plan_id) as act:
        order = execution_order(policy, rules, resolve)
        holds = Holds.read(governance, key)
        parts: list[PlanPart] = []
        references: dict[str, set[bytes]] = {}
        for rule in rules:
            latest = latest_due_anchor(as_of, rule.keep, floor=rule.type in (RuleType.FLOOR, RuleType.FIXED))
            position = order[rule.rule]
            part = PlanPart(rule.rule, rule.store, rule.target, 0, latest)
            try:
                if isinstance(position, StoreError):
                    raise position
                part = replace(part, position=position)
                part, references[rule.rule] = _look(policy, rule, resolve, key, holds, part, as_of)
            except StoreError as error:
                part = replace(part, problem=str(error))
            parts.append(part)
        plan = Plan(plan_id, as_of, policy.digest, tuple(sorted(parts, key=lambda p: (p.position, p.rule))))
        _store(governance, plan, references, run)
        act.counts = {
            "rules": len(parts),
            "due": sum(p.due for p in parts),
            "held": sum(p.held for p in parts),
            "missing_anchor": sum(p.missing_anchor for p in parts),
            "problems": sum(p.problem is not None for p in parts),
        }
        act.digest = plan.digest
        if any(part.problem for part in parts):
            act.outcome = ledger.Outcome.PARTIAL
    return plan


def read_plan(governance: Db, plan_id: UUID) -> tuple[Plan, str, str | None, str | None]:
    """A stored plan with the digest, DAG and run it was stored with. Raises StoreError where there is none."""
    head = governance.execute(
        "select as_of, policy_digest, digest, dag_id, run_id from plan where plan = %s", [plan_id]
    ).fetchone()
    if head is None:
        raise StoreError(f"plan {plan_id} is not in the governance database")
    rows = governance.execute(
        """select rule, store, target, position, anchor_until, due, held, missing_anchor, oldest, digest, problem
           from plan_part where plan = %s order by position, rule""",
        [plan_id],
    ).fetchall()
    return Plan(plan_id, head[0], head[1], tuple(PlanPart(*row) for row in rows)), head[2], head[3], head[4]


def planned_references(governance: Db, plan_id: UUID, rule: str) -> frozenset[bytes]:
    """References of the rows that the plan names under a rule."""
    rows = governance.execute("select row_ref from plan_row where plan = %s and rule = %s", [plan_id, rule])
    return frozenset(bytes(row[0]) for row in rows)


def _look(
    policy: Policy, rule: RetentionRule, resolve: Resolver, key: ReferenceKey, holds: Holds, part: PlanPart, as_of: date
) -> tuple[PlanPart, set[bytes]]:
    target = due.open_target(policy, rule, resolve, as_of)
    try:
        free: set[bytes] = set()
        held = 0
        for record in target.records():
            if holds.protect(target.subject_kind, record.subject):
                held += 1
            else:
                free.add(key.row(rule.store, rule.target, record.key))
        seen = target.overview()
    finally:
        due.close(target)
    return (
        replace(
            part,
            due=len(free),
            held=held,
            missing_anchor=seen.missing_anchor,
            oldest=seen.oldest,
            digest=digest_of(free),
        ),
        free,
    )


def _store(governance: Db, plan: Plan, references: dict[str, set[bytes]], run: ledger.Run) -> None:
    with governance.transaction():
        governance.execute(
            "insert into plan (plan, digest, as_of, policy_digest, dag_id, run_id) values (%s, %s, %s, %s, %s, %s)",
            [plan.plan, plan.digest, plan.as_of, plan.policy_digest, run.dag_id, run.run_id],
        )
        with governance.cursor() as cursor:
            cursor.executemany(
                """insert into plan_part (plan, rule, store, target, position, anchor_until, due, held, missing_anchor,
                                          oldest, digest, problem)
                   values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
                [
                    (plan.plan, p.rule, p.store, p.target, p.position, p.anchor_until, p.due, p.held,
                     p.missing_anchor, p.oldest, p.digest, p.problem)
                    for p in plan.parts
                ],
            )  # fmt: skip
            with cursor.copy("copy plan_row (plan, rule, row_ref) from stdin (format binary)") as copy:
                copy.set_types(["uuid", "text", "bytea"])
                for row in _rows(plan.plan, references):
                    copy.write_row(row)


def _rows(plan: UUID, references: dict[str, set[bytes]]) -> Iterator[tuple[UUID, str, bytes]]:
    for rule, found in references.items():
        for reference in sorted(found):
            yield plan, rule, reference
