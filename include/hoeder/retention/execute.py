"""Execute: erase exactly what was approved, through the guarded door, and look again."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import HoederError, Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey, digest_of
from hoeder.retention import due
from hoeder.retention.approve import Answer, Decision, decide
from hoeder.retention.plan import Plan, PlanPart, planned_references, read_plan
from hoeder.stores.connection import Resolver
from hoeder.stores.erasable import Missing
from hoeder.stores.erase import Erased, Holds, erase_object, erase_rows, open_door
from hoeder.stores.postgres import said

Db = psycopg.Connection[tuple[Any, ...]]

ROWS, OBJECTS = 5_000, 100
"""Rows and objects per opening of the door: few enough that placing a legal hold waits for seconds, not minutes."""

Counts = dict[str, int]


def erase(
    plan_id: UUID,
    rule_name: str,
    answer: Answer,
    policy: Policy,
    resolve: Resolver,
    governance: Db,
    key: ReferenceKey,
    *,
    run: ledger.Run,
) -> Counts:
    """Erase one rule's part of an approved plan; returns its counts.

    `done` only where a fresh look finds none of the planned records left, apart from those that a hold protects.
    Safe to run again: what is gone is counted as gone, and an attempt that was killed gets the outcome it never wrote.
    Raises Refused without a matching approval, StoreError where the store or object is not as it should be; both leave
    their outcome in the ledger, with what had been erased by then.
    """
    ledger.register_policy(governance, policy)
    with (
        _alone(governance, plan_id, rule_name),
        ledger.act(governance, run, Activity.RETENTION_ERASE, rule_name, case_id=plan_id) as act,
    ):
        try:
            if decide(governance, policy, plan_id, answer) is Decision.REJECTED:
                act.outcome = Outcome.REJECTED
                return {}
            plan, *_ = read_plan(governance, plan_id)
            part = _part(plan, rule_name)
            planned = planned_references(governance, plan_id, rule_name)
            if digest_of(planned) != part.digest or len(planned) != part.due:
                raise Refused(
                    f"the stored rows of rule {rule_name} are not those that were approved. Nothing was erased."
                )
            act.counts = {"planned": part.due, "erased": 0, "held": 0}
            _erase_part(plan, part, planned, policy, resolve, governance, key, run, act)
        except Refused:
            act.outcome = Outcome.REFUSED
            raise
        except Missing:
            act.outcome = Outcome.MISSING
            raise
        except due.Unreachable:
            act.outcome = Outcome.UNREACHABLE
            raise
        return act.counts


def _erase_part(
    plan: Plan,
    part: PlanPart,
    planned: frozenset[bytes],
    policy: Policy,
    resolve: Resolver,
    governance: Db,
    key: ReferenceKey,
    run: ledger.Run,
    act: ledger.Act,
) -> None:
    rule = next((r for r in policy.rules_on(plan.as_of) if r.rule == part.rule), None)
    if rule is None:
        raise HoederError(f"rule {part.rule} is no longer in force, so its part of plan {plan.plan} is not executed")
    if part.problem is not None:
        raise due.Unreachable(f"rule {part.rule} was not planned, so it is not executed: {part.problem}")
    target = due.open_target(policy, rule, resolve, plan.as_of)
    try:
        # All keys are read before the first delete: what is erased must not depend on what already was.
        keys = [record.key for record in _planned(target, planned, key)]
        _close_killed_attempts(governance, run, plan, part, missing=part.due - len(keys), current=act.entry)
        result = Erased(gone=part.due - len(keys))

        def add(some: Erased) -> None:
            nonlocal result
            result += some
            act.counts |= {"erased": result.erased, "held": result.held}

        with _said(target):
            _through_the_door(target, keys, governance, key, plan, add)
        holds = Holds.read(governance, key)
        remaining = sum(
            1 for record in _planned(target, planned, key) if not holds.protect(target.subject_kind, record.subject)
        )
    finally:
        due.close(target)
    act.counts |= {"gone": result.gone, "remaining": remaining}
    if remaining:
        act.outcome = Outcome.PARTIAL
    else:
        act.outcome = Outcome.DONE if result.erased else Outcome.NOTHING


def _part(plan: Plan, rule_name: str) -> PlanPart:
    for part in plan.parts:
        if part.rule == rule_name:
            return part
    raise HoederError(f"rule {rule_name} is not part of plan {plan.plan}")


def _planned(target: due.Target, planned: frozenset[bytes], key: ReferenceKey) -> Iterator[due.Record]:
    rule = target.rule
    for record in target.records():
        if key.row(rule.store, rule.target, record.key) in planned:
            yield record


def _through_the_door(
    target: due.Target,
    keys: Sequence[Any],
    governance: Db,
    key: ReferenceKey,
    plan: Plan,
    add: Callable[[Erased], None],
) -> None:
    if isinstance(target, due.TableTarget):
        for start in range(0, len(keys), ROWS):
            add(
                erase_rows(
                    target.db, governance, key, table=target.found, key_column=target.table.key,
                    subject=target.table.subject, due=target.due, keys=keys[start : start + ROWS],
                )
            )  # fmt: skip
        return
    for start in range(0, len(keys), OBJECTS):
        with open_door(governance, key) as holds:
            for object_key in keys[start : start + OBJECTS]:
                add(
                    erase_object(
                        target.client, governance, holds, bucket=target.bucket, prefix=target.prefix, rule=target.rule,
                        as_of=plan.as_of, object_key=object_key,
                    )
                )  # fmt: skip


def _close_killed_attempts(
    governance: Db, run: ledger.Run, plan: Plan, part: PlanPart, *, missing: int, current: int
) -> None:
    """Give attempts that were killed their outcome: what is missing and was not recorded is what they erased.

    The lock of `_alone` says that none of them is still running.
    """
    killed = [
        entry.entry
        for entry in ledger.unfinished(governance, Activity.RETENTION_ERASE)
        if entry.case_id == plan.plan and entry.object == part.rule and entry.entry != current
    ]
    row = governance.execute(
        """select coalesce(sum((counts ->> 'erased')::bigint), 0) from ledger
           where case_id = %s and object = %s and act = 'erase' and phase = 'outcome'""",
        [plan.plan, part.rule],
    ).fetchone()
    unrecorded = max(0, missing - int(row[0] if row else 0))
    for entry in killed:
        ledger.record_outcome(
            governance, run, entry, Outcome.PARTIAL, counts={"planned": part.due, "erased": unrecorded}
        )
        unrecorded = 0
    governance.commit()


@contextmanager
def _alone(governance: Db, plan_id: UUID, rule_name: str) -> Iterator[None]:
    """One attempt at a rule of a plan at a time. Raises Refused where another is under way."""
    name = f"erase {plan_id} {rule_name}"
    row = governance.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [name]).fetchone()
    governance.commit()
    if not (row and row[0]):
        raise Refused(f"rule {rule_name} of plan {plan_id} is being erased by another attempt; wait for it")
    try:
        yield
    finally:
        if not governance.broken:
            governance.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [name])
            governance.commit()


@contextmanager
def _said(target: due.Target) -> Iterator[None]:
    """What a server said, without the row or key that it said it of."""
    where = f"store {target.rule.store}: {target.rule.target}"
    try:
        with said(where):
            yield
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"{where}: {due.s3_reason(error)}") from error
