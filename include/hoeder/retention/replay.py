"""After a restore: do again what was done since the backup was taken, before anybody works with the store.

A backup brings back persons who were erased. The journal names their records by keyed references. Those erased after
the moment at which the backup was taken go again, through the same guarded door; so do changes of fields. A record
whose key was erased before that moment is in the backup because its key was given out again: it is somebody else's,
and stays. Restrictions, objections and legal holds stand in the governance database, where restoring a store does not
reach; the door asks for them.

Values that were corrected since are wrong again. The journal names the cases, and somebody corrects them again out of
the cases' files: the store is not ready before (`corrections`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.policy import Policy
from hoeder.policy.dataset import Store
from hoeder.pseudonym import ReferenceKey
from hoeder.retention import corrections
from hoeder.retention.replay_objects import replay_objects
from hoeder.retention.replay_rows import replay_rows
from hoeder.retention.wanted import Replayed, read
from hoeder.stores.connection import Resolver

Db = psycopg.Connection[tuple[Any, ...]]


def replay(
    store: str,
    policy: Policy,
    resolve: Resolver,
    governance: Db,
    key: ReferenceKey,
    *,
    run: ledger.Run,
    taken: datetime,
    connection: str | None = None,
    bucket: str | None = None,
    keys_used_again: bool = False,
) -> Replayed:
    """Repeat on a restored store what was done to it after `taken`, when the backup was begun; look again; say so.

    `connection` and `bucket` are where it was restored to, if not in its own place; the account is
    `<connection>_retention`. Safe to run again. The corrections that it names must be made again by hand
    (`corrections.ready`). Raises Refused for a moment without time zone or in the future; StoreError where something is
    left, where a key that was erased earlier is there again (unless `keys_used_again` says that this is right), or
    where the store is not as it should be: it must not be released then.
    """
    if store not in policy.stores:
        raise Refused(f"policy has no store {store}; there are: {', '.join(sorted(policy.stores))}")
    if taken.tzinfo is None or taken > datetime.now(UTC):
        raise Refused("the moment at which the backup was begun needs a time zone, and cannot lie in the future")
    place = policy.stores[store].model_copy(
        update={
            "connection": connection or policy.stores[store].connection,
            "bucket": bucket or policy.stores[store].bucket,
        }
    )
    ledger.register_policy(governance, policy)
    with ledger.act(governance, run, Activity.RETENTION_REPLAY, store) as act:
        try:
            done, problems = _replay(store, place, policy, resolve, governance, key, taken)
            done = replace(done, corrections=tuple(sorted(done.corrections, key=lambda each: each.corrected_at)))
            act.counts = done.counts() | {"problems": len(problems)}
            if done.remaining:
                problems.append(
                    f"{done.remaining} records that were erased or changed are still as the backup had them"
                )
            if done.earlier and not keys_used_again:
                problems.append(
                    f"{done.earlier} records have keys that were erased before {taken.isoformat()}: the backup is "
                    "older than that, or the keys were given out again; in the second case say so (--keys-used-again)"
                )
            if problems:
                act.outcome = Outcome.PARTIAL
                raise StoreError("\n".join([f"store {store} must not be released:", *problems]))
        except (psycopg.Error, ClientError, BotoCoreError):
            act.outcome = Outcome.UNREACHABLE
            raise
        act.outcome = Outcome.DONE if done.entries else Outcome.NOTHING
        act.digest = corrections.digest(store, done.corrections)
    return done


def _replay(
    store: str, place: Store, policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, taken: datetime
) -> tuple[Replayed, list[str]]:
    wanted, count = read(governance, store, taken)
    row = governance.execute(
        """select count(distinct (subject_kind, subject_ref)) from left_out
           where store in (%s, '*') and since <= today() and (until is null or until > today())""",
        [store],
    ).fetchone()
    governance.commit()
    done = Replayed(entries=count, restricted=int(row[0]) if row else 0)
    if not wanted:
        return done, []
    account = resolve(f"{place.connection}_retention")
    dataset = policy.datasets[store]
    if place.kind == "s3":
        rules = [rule for rule in policy.retention if rule.store == store]
        return replay_objects(store, place, dataset.prefixes, rules, account, governance, key, wanted, done)
    return replay_rows(store, place, dataset.tables, account, governance, key, wanted, done)
