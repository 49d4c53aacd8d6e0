"""Execute: erase exactly what was approved, through the guarded door, and look again."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import HoederError, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.retention import due
from hoeder.retention.approve import Answer, Decision, decide
from hoeder.retention.plan import Plan, planned_references, read_plan
from hoeder.stores.connection import Resolver
from hoeder.stores.erase import Erased, Holds, erase_objects, erase_rows

Db = psycopg.Connection[tuple[Any, ...]]

BATCH = 5_000
"""Rows per transaction: small enough that a lock is short, large enough that the round trips do not count."""


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
) -> dict[str, int]:
    """Erase one rule's part of an approved plan; returns its counts.

    `done` only where a fresh look finds none of the planned records left, apart from those that a hold protects.
    Safe to run again: what is gone is counted as gone. Raises Refused without a matching approval, StoreError where
    the store or object is not there; both leave their outcome in the ledger.
    """
    ledger.register_policy(governance, policy)
    with ledger.act(governance, run, Activity.RETENTION_ERASE, rule_name, case_id=plan_id) as act:
        act.outcome = Outcome.REFUSED  # until the answer has been read
        if decide(governance, policy, plan_id, answer) is Decision.REJECTED:
            act.outcome = Outcome.REJECTED
            return {}
        act.outcome = Outcome.FAILED
        plan, *_ = read_plan(governance, plan_id)
        try:
            act.counts = _erase_part(plan, rule_name, policy, resolve, governance, key)
        except due.Missing:
            act.outcome = Outcome.MISSING
            raise
        except due.Unreachable:
            act.outcome = Outcome.UNREACHABLE
            raise
        act.outcome = _outcome(act.counts)
        return act.counts


def _outcome(counts: dict[str, int]) -> Outcome:
    if counts["remaining"]:
        return Outcome.PARTIAL
    return Outcome.DONE if counts["erased"] or counts["gone"] else Outcome.NOTHING


def _erase_part(
    plan: Plan, rule_name: str, policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey
) -> dict[str, int]:
    part = next((p for p in plan.parts if p.rule == rule_name), None)
    rule = next((r for r in policy.rules_on(plan.as_of) if r.rule == rule_name), None)
    if part is None or rule is None:
        raise HoederError(f"rule {rule_name} is not part of plan {plan.plan}")
    if part.problem is not None:
        raise due.Unreachable(f"rule {rule_name} was not planned, so it is not executed: {part.problem}")
    planned = planned_references(governance, plan.plan, rule_name)
    target = due.open_target(policy, rule, resolve, plan.as_of)
    try:
        result = Erased()
        # All keys are read before the first delete: what is erased must not depend on what already was.
        keys = [record.key for record in _planned(target, planned, key)]
        for start in range(0, len(keys), BATCH):
            result += _through_the_door(target, keys[start : start + BATCH], governance, key)
        holds = Holds.read(governance, key)
        remaining = sum(
            1 for record in _planned(target, planned, key) if not holds.protect(target.subject_kind, record.subject)
        )
    except (psycopg.Error, ClientError, BotoCoreError) as error:
        raise StoreError(f"store {rule.store}: {rule.target}: {_reason(error)}") from error
    finally:
        due.close(target)
    return {
        "planned": part.due,
        "erased": result.erased,
        "held": result.held,
        "gone": part.due - len(keys) + result.gone,
        "remaining": remaining,
    }


def _planned(target: due.Target, planned: frozenset[bytes], key: ReferenceKey) -> Iterator[due.Record]:
    rule = target.rule
    for record in target.records():
        if key.row(rule.store, rule.target, record.key) in planned:
            yield record


def _through_the_door(target: due.Target, keys: Sequence[Any], governance: Db, key: ReferenceKey) -> Erased:
    if isinstance(target, due.TableTarget):
        return erase_rows(
            target.db, governance, key, name=target.rule.target, table=target.table, due=target.due, keys=keys
        )
    return erase_objects(target.client, governance, key, bucket=target.bucket, prefix=target.prefix, keys=keys)


def _reason(error: Exception) -> str:
    """The server's reason without its detail line: that one quotes the row."""
    if isinstance(error, psycopg.Error):
        return error.diag.message_primary or type(error).__name__
    if isinstance(error, ClientError):
        return error.response["Error"].get("Code", "refused")
    return type(error).__name__
