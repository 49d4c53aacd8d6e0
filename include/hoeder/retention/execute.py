"""Execute: erase exactly what was approved, through the guarded door, and look again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import HoederError, Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance import journal
from hoeder.governance.answer import Answer
from hoeder.governance.protection import Protections
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.retention import due, objects, rewriting, tables
from hoeder.retention.approve import Decision, admit
from hoeder.retention.inside import RewriteTarget
from hoeder.retention.plan import Plan, PlanPart, planned_references, read_plan
from hoeder.retention.work import Work
from hoeder.stores.connection import Resolver
from hoeder.stores.contents import reason
from hoeder.stores.erasable import Missing
from hoeder.stores.erase import Erased
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.postgres import said
from hoeder.stores.references import References

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
            if planned.digest != part.digest or len(planned) != part.due:
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
    planned: References,
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
        target.only(planned, key)
    try:
        remaining = _rows(work, target, run) if isinstance(target, due.TableTarget) else _objects(work, target, run)
        governance.commit()
    finally:
        due.close(target)
    act.counts |= {"gone": work.result.gone, "remaining": remaining}
    if remaining:
        act.outcome = Outcome.PARTIAL
    else:
        act.outcome = Outcome.DONE if work.result.erased else Outcome.NOTHING


def _part(plan: Plan, rule_name: str) -> PlanPart:
    for part in plan.parts:
        if part.rule == rule_name:
            return part
    raise HoederError(f"rule {rule_name} is not part of plan {plan.plan}")


def _rows(work: Work, target: due.TableTarget, run: ledger.Run) -> int:
    """Erase the rows of a table; how many of them are left that nothing protects.

    What is there beforehand is asked only where an attempt died: one has to know then what that attempt erased.
    """
    governance, plan, rule = work.governance, work.plan.plan, work.part.rule
    planned, key = work.planned, work.key
    with _said(target):
        tables.finish_partitions(work, target)
    killed = _killed(governance, work)
    if killed or journal.unconfirmed(governance, plan, rule):
        there = tables.left(target, lambda: planned, key, Protections.read(governance, key)).there
        journal.settle(governance, plan, rule, there)
        _close(governance, run, work, killed, missing=work.part.due - len(there) - work.result.erased)
    with _said(target):
        tables.erase(work, target)
    after = tables.left(target, lambda: planned, key, Protections.read(governance, key))
    if journal.unconfirmed(governance, plan, rule):
        journal.settle(governance, plan, rule, after.there)
    work.add(Erased(held=after.held, gone=work.part.due - work.result.erased - len(after.there)))
    return len(after.there) - after.held


def _objects(work: Work, target: due.PrefixTarget | RewriteTarget, run: ledger.Run) -> int:
    """Erase objects, or rows inside of them; how many planned ones are left that nothing protects."""
    governance, plan, rule = work.governance, work.plan.plan, work.part.rule
    # All keys are read before the first delete: what is erased must not depend on what already was.
    keys, references = _planned(target, work.planned, work.key)
    missing = work.part.due - len(keys)
    journal.settle(governance, plan, rule, references)
    _close(governance, run, work, _killed(governance, work), missing=missing)
    work.add(Erased(gone=missing))
    with _said(target):
        if isinstance(target, RewriteTarget):
            rewriting.erase(work, target, keys, references)
        else:
            objects.erase(work, target, keys, references)
    _, left = _planned(target, work.planned, work.key, free=Protections.read(governance, work.key))
    if journal.unconfirmed(governance, plan, rule):  # what a hold keeps is still there as well
        _, there = _planned(target, work.planned, work.key)
        journal.settle(governance, plan, rule, there)
    return len(left)


def _planned(
    target: due.PrefixTarget | RewriteTarget, planned: References, key: ReferenceKey, free: Protections | None = None
) -> tuple[list[Any], list[bytes]]:
    """Keys of the planned objects that are due now, and their references; with `free`, of those that no hold protects
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


def _killed(governance: Db, work: Work) -> list[int]:
    """Entries of attempts that never wrote an outcome. The lock of `_alone` says that none of them is still running."""
    plan, rule, current = work.plan.plan, work.part.rule, work.act.entry
    unfinished = ledger.unfinished(governance, Activity.RETENTION_ERASE)
    return [e.entry for e in unfinished if e.case_id == plan and e.object == rule and e.entry != current]


def _close(governance: Db, run: ledger.Run, work: Work, killed: Sequence[int], *, missing: int) -> None:
    """Give attempts that were killed their outcome: what is missing and was not recorded is what they erased."""
    row = governance.execute(
        """select coalesce(sum((counts ->> 'erased')::bigint), 0) from ledger
           where case_id = %s and object = %s and act = 'erase' and phase = 'outcome'""",
        [work.plan.plan, work.part.rule],
    ).fetchone()
    unrecorded = max(0, missing - int(row[0] if row else 0))
    for entry in killed:
        ledger.record_outcome(
            governance, run, entry, Outcome.PARTIAL, counts={"planned": work.part.due, "erased": unrecorded}
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
        raise StoreError(f"{where}: {reason(error)}") from error
