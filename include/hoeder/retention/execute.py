"""Execute: erase exactly what was approved, through the guarded door, and look again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import HoederError, Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.protection import Protections
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey, digest_of
from hoeder.retention import due, journal, objects, rewriting, tables
from hoeder.retention.approve import Answer, Decision, admit
from hoeder.retention.inside import RewriteTarget
from hoeder.retention.plan import Plan, PlanPart, planned_references, read_plan
from hoeder.retention.work import Work
from hoeder.stores.connection import Resolver
from hoeder.stores.erasable import Missing
from hoeder.stores.erase import Erased
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.postgres import said

Db = psycopg.Connection[tuple[Any, ...]]

Counts = dict[str, int]


def erase(
    plan_id: UUID,
    rule_name: str,
    answer: Answer | None,
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
            if admit(governance, policy, plan_id, rule_name, answer) is Decision.REJECTED:
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
    work = Work(plan, part, policy, governance, key, planned, act)
    if isinstance(target, RewriteTarget):
        target.index = ObjectIndex(governance, key, rule.store)
    try:
        with _said(target):
            if isinstance(target, due.TableTarget):
                tables.finish_partitions(work, target)
        # All keys are read before the first delete: what is erased must not depend on what already was.
        keys, references = _planned(target, planned, key)
        missing = part.due - len(keys) - work.result.erased
        journal.settle(governance, plan.plan, part.rule, frozenset(references))
        _close_killed_attempts(governance, run, plan, part, missing=missing, current=act.entry)
        work.add(Erased(gone=missing))
        with _said(target):
            if isinstance(target, due.TableTarget):
                tables.erase(work, target, keys, references)
            elif isinstance(target, RewriteTarget):
                rewriting.erase(work, target, keys, references)
            else:
                objects.erase(work, target, keys, references)
        _, left = _planned(target, planned, key, free=Protections.read(governance, key))
        if journal.unconfirmed(governance, plan.plan, part.rule):  # what a hold keeps is still there as well
            _, there = _planned(target, planned, key)
            journal.settle(governance, plan.plan, part.rule, frozenset(there))
        governance.commit()
    finally:
        due.close(target)
    act.counts |= {"gone": work.result.gone, "remaining": len(left)}
    if left:
        act.outcome = Outcome.PARTIAL
    else:
        act.outcome = Outcome.DONE if work.result.erased else Outcome.NOTHING


def _part(plan: Plan, rule_name: str) -> PlanPart:
    for part in plan.parts:
        if part.rule == rule_name:
            return part
    raise HoederError(f"rule {rule_name} is not part of plan {plan.plan}")


def _planned(
    target: due.Target, planned: frozenset[bytes], key: ReferenceKey, free: Protections | None = None
) -> tuple[list[Any], list[bytes]]:
    """Keys of the planned records that are due now, and their references; with `free`, of those that no hold protects
    alone.
    """
    keys: list[Any] = []
    references: list[bytes] = []
    store, name = target.rule.store, target.rule.target
    if isinstance(target, RewriteTarget):
        target.protections = free
    for record in target.records():
        reference = key.row(store, name, record.key)
        if reference in planned and not (free is not None and free.of(store, name, record.identities, record.anchor)):
            keys.append(record.key)
            references.append(reference)
    return keys, references


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
