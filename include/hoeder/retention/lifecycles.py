"""Terms that a bucket keeps by itself: written once, held against policy on every run, and looked behind.

A rule says `enforce: store` where its prefix holds nobody's data, so that no hold can keep a single object of it, and
its term runs from the day an object was stored. Policy approves it beforehand, up to so many objects that go at once.
On each run exactly what was written must be in force. Anything else is drift: it is refused and left as it is, because
somebody put it there; `hoeder retention lifecycles --put-back` writes policy's again. What the store should have erased
and did not is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.policy import Policy, RetentionRule
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason
from hoeder.stores.erase import lifecycle, open_door

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]

LAG = 2
"""Days after the end of a term before an object counts as overdue: S3 rounds up to midnight and works once a day."""


@dataclass(frozen=True)
class Kept:
    """What came of one bucket."""

    store: str
    rules: int
    written: bool
    overdue: int


def enforced(policy: Policy, as_of: date) -> dict[str, tuple[RetentionRule, ...]]:
    """By store, the rules in force that its bucket keeps by itself."""
    found: dict[str, list[RetentionRule]] = {}
    for rule in policy.rules_on(as_of):
        if rule.enforce == "store":
            found.setdefault(rule.store, []).append(rule)
    return {store: tuple(rules) for store, rules in found.items()}


def keep(
    policy: Policy,
    resolve: Resolver,
    governance: Db,
    key: ReferenceKey,
    *,
    run: ledger.Run,
    as_of: date,
    put_back: bool = False,
) -> tuple[Kept, ...]:
    """See to the lifecycle of every bucket that keeps a term by itself. Safe to run again.

    `put_back` writes policy's lifecycle over one that drifted. Raises Refused for drift, and where more would go at
    once than policy approved; StoreError where objects are overdue or a bucket cannot be reached. Each has its outcome
    in the ledger, and none keeps the next bucket from its turn.
    """
    ledger.register_policy(governance, policy)
    done: list[Kept] = []
    refused: list[str] = []
    problems: list[str] = []
    stores: dict[str, tuple[RetentionRule, ...]] = {
        name: () for name in _written_before(governance) if name in policy.stores
    }
    for store, rules in sorted((stores | enforced(policy, as_of)).items()):
        try:
            done.append(_keep(store, rules, policy, resolve, governance, key, run, as_of, put_back=put_back))
        except Refused as error:
            refused.append(str(error))
        except (ClientError, BotoCoreError) as error:
            problems.append(f"store {store}: lifecycle: {reason(error)}")
        except StoreError as error:
            problems.append(str(error))
    if refused:
        raise Refused("\n".join([*refused, *problems]))
    if problems:
        raise StoreError("\n".join(problems))
    return tuple(done)


def _keep(
    store: str,
    rules: Sequence[RetentionRule],
    policy: Policy,
    resolve: Resolver,
    governance: Db,
    key: ReferenceKey,
    run: ledger.Run,
    as_of: date,
    *,
    put_back: bool,
) -> Kept:
    place = policy.stores[store]
    bucket = place.bucket or ""
    client = s3_client(resolve(f"{place.connection}_retention"))
    try:
        with ledger.act(governance, run, Activity.RETENTION_LIFECYCLE, store) as act:
            with open_door(governance, key) as protections:
                wanted = lifecycle.compiled(rules, protections)
                there = lifecycle.in_force(client, bucket)
                act.counts, act.digest = {"rules": len(wanted.rules)}, _digest(wanted)
                written = there.canonical != wanted.canonical
                if written:
                    if not put_back and (drift := _drift(governance, store, there)):
                        act.outcome, act.counts["drift"] = Outcome.REFUSED, 1
                        raise Refused(drift)
                    try:
                        _approved(client, bucket, rules, as_of)
                    except Refused:
                        act.outcome = Outcome.REFUSED
                        raise
                    lifecycle.write(client, governance, bucket, wanted)
                    if lifecycle.in_force(client, bucket).canonical != wanted.canonical:
                        raise StoreError(f"store {store}: the bucket did not take the lifecycle as it was written")
                _remember(governance, store, _digest(wanted))
            late = sum(_overdue(client, bucket, rule, as_of) for rule in rules if _is_on(rule, wanted))
            act.counts |= {"written": int(written), "overdue": late}
            if late:
                act.outcome = Outcome.PARTIAL
                raise StoreError(
                    f"store {store}: {late} objects should have gone by the bucket's lifecycle and are there; "
                    "the store does not act on it: leave out `enforce: store`, and Hoeder erases them itself"
                )
            act.outcome = Outcome.DONE if written else Outcome.NOTHING
    finally:
        client.close()
    return Kept(store, len(wanted.rules), written, late)


def _drift(governance: Db, store: str, there: lifecycle.Lifecycle) -> str | None:
    """Why what is in force must not be written over: somebody else put it there, or took ours away."""
    last = _last(governance, store)
    put_back = "see what it is, then: hoeder retention lifecycles --put-back"
    if last is None and there.rules:
        return f"store {store}: its bucket has a lifecycle that policy knows nothing of; {put_back}"
    if last is not None and last != _digest(there):
        return f"store {store}: the lifecycle in force is not the one that was written; {put_back}"
    return None


def _last(governance: Db, store: str) -> str | None:
    row = governance.execute(
        "select digest from bucket_lifecycle where store = %s order by number desc limit 1", [store]
    ).fetchone()
    return None if row is None else str(row[0])


def _remember(governance: Db, store: str, digest: str) -> None:
    """What is in force by now, also where a crash came between writing and remembering."""
    if _last(governance, store) != digest:
        governance.execute("insert into bucket_lifecycle (store, digest) values (%s, %s)", [store, digest])
    governance.commit()


def _approved(client: S3Client, bucket: str, rules: Iterable[RetentionRule], as_of: date) -> None:
    """Policy's word goes for so many objects: more than that must not go at once."""
    for rule in rules:
        limit = rule.pre_approved_up_to or 0
        if (at_once := _overdue(client, bucket, rule, as_of, lag=0)) > limit:
            raise Refused(
                f"rule {rule.rule}: {at_once} objects would go at once, and policy approved {limit} beforehand "
                "(pre_approved_up_to). Nothing was written."
            )


def _is_on(rule: RetentionRule, wanted: lifecycle.Lifecycle) -> bool:
    return any(each["Filter"] == {"Prefix": rule.target} and each["Status"] == "Enabled" for each in wanted.rules)


def _overdue(client: S3Client, bucket: str, rule: RetentionRule, as_of: date, *, lag: int = LAG) -> int:
    """Versions that were stored longer ago than the term."""
    latest = as_of - timedelta(days=lifecycle.days_of(rule) + lag)
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=rule.target)
    return sum(
        item["LastModified"].astimezone(AMSTERDAM).date() <= latest
        for page in pages
        for item in page.get("Versions", [])
    )


def _written_before(governance: Db) -> list[str]:
    rows = governance.execute("select distinct store from bucket_lifecycle").fetchall()
    governance.commit()
    return [store for (store,) in rows]


def _digest(of: lifecycle.Lifecycle) -> str:
    return sha256(of.canonical.encode()).hexdigest()
