"""Verify: look again for what a plan should have erased. A plan is completed only where nothing of it is left.

Execution looks again by itself, rule by rule. This is the second look, over a new connection, after everything ran:
what a task said counts for nothing here.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.protection import Protections
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.retention import due, tables
from hoeder.retention.inside import RewriteTarget
from hoeder.retention.plan import PlanPart, planned_references, read_plan
from hoeder.stores.connection import Resolver
from hoeder.stores.references import References

Db = psycopg.Connection[tuple[Any, ...]]

GOOD = frozenset({Outcome.DONE, Outcome.NOTHING, Outcome.REJECTED})


@dataclass(frozen=True)
class Conclusion:
    """How a plan ended: the last outcome of each rule that had anything to do, None where there is none, what all its
    attempts erased, and the outcome of the second look, None where it was not taken after the last attempt.
    """

    outcomes: dict[str, Outcome | None]
    erased: dict[str, int]
    verified: Outcome | None = None

    @property
    def bad(self) -> dict[str, str]:
        """Rules whose records may still be there, with what the ledger says of them."""
        return {rule: str(outcome or "no outcome") for rule, outcome in self.outcomes.items() if outcome not in GOOD}

    @property
    def rejected(self) -> bool:
        """Whether the plan was rejected as a whole: nothing was to be erased."""
        return bool(self.outcomes) and set(self.outcomes.values()) == {Outcome.REJECTED}

    @property
    def completed(self) -> bool:
        """Whether everything that was approved is done, and the second look found nothing left."""
        return not self.bad and not self.rejected and self.verified is Outcome.DONE


def verify(
    plan_id: UUID, policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, *, run: ledger.Run
) -> dict[str, int]:
    """Look in every store for records of the plan that are due, free of holds and still there; how many, by rule.

    The outcome is `done` only where there is none; `rejected` where the plan was. A store that does not answer does not
    stop the others. Raises StoreError where one could not be looked at or something is left, naming every rule.
    """
    plan, *_ = read_plan(governance, plan_id)
    before = conclude(governance, plan_id)
    ledger.register_policy(governance, policy)
    with ledger.act(governance, run, Activity.RETENTION_VERIFY, "all", case_id=plan_id) as act:
        if before.rejected:
            act.outcome = Outcome.REJECTED
            return {}
        left: dict[str, int] = {}
        problems: list[str] = []
        held = 0
        parts = [part for part in plan.parts if part.due or part.problem]
        for part in parts:
            if part.problem:
                problems.append(f"rule {part.rule} was not planned: {part.problem}")
                continue
            try:
                left[part.rule], protected = _left(part, policy, resolve, governance, key, plan_id, plan.as_of)
                held += protected
            except StoreError as error:
                problems.append(f"rule {part.rule} could not be looked at: {error}")
        act.counts = {"rules": len(parts), "remaining": sum(left.values()), "held": held, "problems": len(problems)}
        act.outcome = Outcome.PARTIAL if any(left.values()) or problems else Outcome.DONE
        problems += [f"rule {rule}: {count} records are still there" for rule, count in left.items() if count]
        if problems:
            raise StoreError("\n".join(problems))
    return left


def _left(
    part: PlanPart, policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, plan_id: UUID, as_of: Any
) -> tuple[int, int]:
    """Records of a part that are still due: free ones, and those under a hold."""
    rule = next((rule for rule in policy.rules_on(as_of) if rule.rule == part.rule), None)
    if rule is None:
        raise StoreError(f"rule {part.rule} is no longer in force, so nobody can say what is due under it")
    protections = Protections.read(governance, key)
    governance.commit()
    planned: References | None = None  # asked for where anything is due at all: mostly nothing is
    free = held = 0
    target = due.open_target(policy, rule, resolve, as_of)
    try:
        if isinstance(target, due.TableTarget):
            left = tables.left(target, lambda: planned_references(governance, plan_id, part.rule), key, protections)
            return len(left.there) - left.held, left.held
        if isinstance(target, RewriteTarget):
            planned = planned_references(governance, plan_id, part.rule)
            target.protections = protections
            target.only(planned, key, _written(governance, plan_id, part.rule))
        for record in target.records():
            if planned is None:
                planned = planned_references(governance, plan_id, part.rule)
            if isinstance(target, RewriteTarget) or key.row(rule.store, rule.target, record.key) in planned:
                if protections.of(rule.store, rule.target, record.identities, record.anchor):
                    held += 1
                else:
                    free += 1
    finally:
        due.close(target)
    return free, held


def _written(governance: Db, plan_id: UUID, rule: str) -> frozenset[str]:
    """Versions of objects that were written under a plan without the rows that went: none of them may be there."""
    rows = governance.execute(
        "select detail ->> 'version' from erase_step where plan = %s and rule = %s and state = 'written'",
        [plan_id, rule],
    )
    return frozenset(version for (version,) in rows)


def conclude(governance: Db, plan_id: UUID) -> Conclusion:
    """Read from the ledger how each part of a plan ended: what was finished stays so, whoever is refused after it."""
    plan, *_ = read_plan(governance, plan_id)
    rows = governance.execute(
        """select object, (array_agg(outcome order by outcome in ('done', 'nothing') desc, entry desc))[1],
                  sum((counts ->> 'erased')::bigint) from ledger
           where case_id = %s and act = 'erase' and phase = 'outcome' group by object""",
        [plan_id],
    ).fetchall()
    looked = governance.execute(
        """select outcome from ledger v where case_id = %(plan)s and act = 'verify' and phase = 'outcome'
              and not exists (select from ledger e where e.case_id = %(plan)s and e.act = 'erase'
                                 and e.phase = 'outcome' and e.entry > v.intent)
            order by entry desc limit 1""",
        {"plan": plan_id},
    ).fetchone()
    last = {rule: (Outcome(outcome), int(erased or 0)) for rule, outcome, erased in rows}
    return Conclusion(
        {
            part.rule: last[part.rule][0] if part.rule in last else None
            for part in plan.parts
            if part.due or part.problem or part.rule in last
        },
        {rule: erased for rule, (_, erased) in last.items()},
        Outcome(looked[0]) if looked else None,
    )
