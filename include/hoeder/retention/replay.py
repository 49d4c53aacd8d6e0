"""After a restore: do again what was done since the backup was taken, before anybody works with the store.

A backup brings back persons who were erased. The journal names their records by keyed references. Those erased after
the moment at which the backup was taken go again, through the same guarded door; so do changes of fields. A record
whose key was erased before that moment is in the backup because its key was given out again: it is somebody else's,
and stays. Restrictions, objections and legal holds stand in the governance database, where restoring a store does not
reach; the door asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql

from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance import journal
from hoeder.governance.journal import Entry, NamedBy
from hoeder.governance.protection import Protections
from hoeder.policy import Policy
from hoeder.policy.models import Act, End, Prefix, RetentionRule, Store, Table
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.changes import new_values, to_change
from hoeder.stores.connection import Connection, Resolver, connect, s3_client
from hoeder.stores.contents import reason
from hoeder.stores.erasable import Erasable, erasable
from hoeder.stores.erase import RowsTask, erase_in_batches, erase_object, open_door
from hoeder.stores.erase.inside import erase_inside
from hoeder.stores.find import find
from hoeder.stores.postgres import said
from hoeder.stores.selection import Selection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]

OBJECTS = 100
"""Objects per opening of the door."""
_TRUE = sql.SQL("{}").format(sql.SQL("true"))


@dataclass(frozen=True)
class Replayed:
    """What came of it, over all tables and prefixes of the store."""

    entries: int = 0  # of the journal, made after the backup was taken
    erased: int = 0
    changed: int = 0
    held: int = 0  # a legal hold that stands now protects them
    remaining: int = 0  # found at a second look
    earlier: int = 0  # their keys were erased before the backup was taken
    restricted: int = 0  # persons of this store under restriction or objection: they stay so

    def counts(self) -> dict[str, int]:
        return dict(vars(self))


@dataclass
class _Wanted:
    """What the journal says of one table or prefix."""

    target: str
    erase: dict[NamedBy, set[bytes]] = field(default_factory=lambda: {each: set() for each in NamedBy})
    change: list[Entry] = field(default_factory=list)
    plans: dict[str, set[UUID]] = field(default_factory=dict)  # by rule, what erased records of it
    earlier: dict[NamedBy, set[bytes]] = field(default_factory=lambda: {each: set() for each in NamedBy})


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
    `<connection>_retention`. Safe to run again. Raises Refused for a moment without time zone or in the future;
    StoreError where something is left, where a key that was erased earlier is there again (unless `keys_used_again`
    says that this is right), or where the store is not as it should be: it must not be released then.
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
    return done


def _replay(
    store: str, place: Store, policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, taken: datetime
) -> tuple[Replayed, list[str]]:
    wanted, count = _wanted(governance, store, taken)
    row = governance.execute(
        """select count(distinct (subject_kind, subject_ref)) from left_out
           where store in (%s, '*') and since <= current_date and (until is null or until > current_date)""",
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
        return _bucket(store, place, dataset.prefixes, rules, account, governance, key, wanted, done)
    return _database(store, place, dataset.tables, account, governance, key, wanted, done)


def _wanted(governance: Db, store: str, taken: datetime) -> tuple[list[_Wanted], int]:
    """By target, what is to be done again, and how many entries that is. What was erased later wins over earlier."""
    found: dict[str, _Wanted] = {}
    count = 0
    for entry in journal.entries(governance, store):
        target = found.setdefault(entry.target, _Wanted(entry.target))
        if entry.confirmed_at is not None and entry.confirmed_at < taken:
            if entry.then.act == journal.ERASED.act:
                target.earlier[entry.named_by] |= entry.references
            continue
        count += 1
        if entry.then.act == journal.ERASED.act:
            target.erase[entry.named_by] |= entry.references
            if entry.plan is not None:
                target.plans.setdefault(entry.rule, set()).add(entry.plan)
        else:
            target.change.append(entry)
    for target in found.values():
        for kind in NamedBy:
            target.earlier[kind] -= target.erase[kind]
    return list(found.values()), count


# --- tables ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rows:
    """One table of the restored database."""

    db: Db
    store: str
    table: Table
    found: Erasable
    key: ReferenceKey

    def each(self) -> Iterator[tuple[Any, bytes, bytes | None]]:
        """Every row's key, with the references of the row and of its subject."""
        subject = self.table.subject
        query = sql.SQL("select {key}, {subject} from {table}").format(
            key=sql.Identifier(self.table.key),
            subject=sql.Identifier(subject.column if subject else self.table.key),
            table=self.found.identifier,
        )
        with self.db.transaction(), self.db.cursor(name="restored") as cursor:
            cursor.itersize = 10_000
            for key, person in cursor.execute(query):
                of_person = self.key.subject(subject.kind, person) if subject and person is not None else None
                yield key, self.key.row(self.store, self.found.name, key), of_person

    def named(self, references: dict[NamedBy, set[bytes]]) -> list[Any]:
        """Keys of the rows that are named, by themselves or by their person."""
        rows, persons = references[NamedBy.RECORD], references[NamedBy.SUBJECT]
        return [key for key, row, person in self.each() if row in rows or person in persons]

    def task(self, then: End) -> RowsTask:
        change = new_values(then, self.found) or None
        due = to_change(then, self.found) if change else _TRUE
        return RowsTask(
            store=self.store,
            table=self.found,
            key_column=self.table.key,
            identifying={name: kind for name, kind in self.table.identifying.items() if name in self.found.types},
            day=sql.SQL("null::date"),  # a hold on a period keeps what has no day
            due=due,
            change=change,
        )


def _database(
    store: str,
    place: Store,
    tables: dict[str, Table],
    account: Connection,
    governance: Db,
    key: ReferenceKey,
    wanted: Sequence[_Wanted],
    done: Replayed,
) -> tuple[Replayed, list[str]]:
    problems: list[str] = []
    with connect(account, autocommit=True) as db:
        rows: dict[str, _Rows] = {}
        for each in wanted:
            table = tables.get(each.target)
            if table is None:
                problems.append(f"table {each.target}: the journal speaks of it and policy does not; declare it again")
                continue
            columns = [table.subject.column] if table.subject else []
            columns += [column for entry in each.change for column in entry.then.changes]
            try:
                with said(f"store {store}: table {each.target}"):
                    found = erasable(db, store, place.schemas, each.target, key=table.key, columns=columns)
            except StoreError as error:
                problems.append(str(error))
                continue
            rows[each.target] = _Rows(db, store, table, found, key)
        todo = [each for each in wanted if each.target in rows]
        done, stuck = _erase_all(todo, rows, governance, done)
        problems += stuck
        for each in todo:
            with said(f"store {store}: table {each.target}"):
                done = _change(each, rows[each.target], governance, done)
                done = _look_again(each, rows[each.target], done)
    # What a hold protects is there, and was counted when the door said so.
    return replace(done, remaining=max(0, done.remaining - done.held)), problems


def _erase_all(
    todo: Sequence[_Wanted], rows: dict[str, _Rows], governance: Db, done: Replayed
) -> tuple[Replayed, list[str]]:
    """Erase table by table; one whose rows others still refer to waits for those others."""
    waiting = [(each.target, rows[each.target].named(each.erase)) for each in todo]
    while waiting:
        stuck: list[tuple[str, list[Any]]] = []
        for target, keys in waiting:
            one = rows[target]
            with said(f"store {one.store}: table {target}"):
                try:
                    for batch in erase_in_batches(one.db, governance, one.key, one.task(journal.ERASED), keys):
                        done = replace(done, erased=done.erased + batch.erased, held=done.held + batch.held)
                except psycopg.errors.ForeignKeyViolation:
                    stuck.append((target, keys))
        if len(stuck) == len(waiting):
            return done, [
                f"table {target}: rows of other tables refer to records that were erased; erase those rows first, or "
                "give their table a retention rule"
                for target, _ in stuck
            ]
        waiting = stuck
    return done, []


def _change(each: _Wanted, one: _Rows, governance: Db, done: Replayed) -> Replayed:
    for entry in each.change:
        keys = one.named(_only(entry))
        for batch in erase_in_batches(one.db, governance, one.key, one.task(entry.then), keys):
            done = replace(done, changed=done.changed + batch.erased, held=done.held + batch.held)
    return done


def _look_again(each: _Wanted, one: _Rows, done: Replayed) -> Replayed:
    """Count what is still there, what is still as it was, and what came back under a key that was erased earlier."""
    remaining = len(one.named(each.erase))
    for entry in each.change:
        query = sql.SQL("select count(*) from {table} where {key} = any(%s) and {differs}").format(
            table=one.found.identifier, key=sql.Identifier(one.table.key), differs=to_change(entry.then, one.found)
        )
        row = one.db.execute(query, [one.named(_only(entry))]).fetchone()
        remaining += int(row[0]) if row else 0
    earlier = len(one.named(each.earlier)) if any(each.earlier.values()) else 0
    return replace(done, remaining=done.remaining + remaining, earlier=done.earlier + earlier)


def _only(entry: Entry) -> dict[NamedBy, set[bytes]]:
    return {kind: set(entry.references) if kind is entry.named_by else set() for kind in NamedBy}


# --- objects --------------------------------------------------------------------------------------------------------


def _bucket(
    store: str,
    place: Store,
    prefixes: dict[str, Prefix],
    rules: Sequence[RetentionRule],
    account: Connection,
    governance: Db,
    key: ReferenceKey,
    wanted: Sequence[_Wanted],
    done: Replayed,
) -> tuple[Replayed, list[str]]:
    client = s3_client(account)
    bucket = place.bucket or ""
    problems: list[str] = []
    try:
        for each in wanted:
            prefix, here = prefixes.get(each.target), [rule for rule in rules if rule.target == each.target]
            if prefix is None or not here:
                problems.append(f"{each.target}: the journal speaks of it and policy does not; declare it again")
                continue
            try:
                done = _prefix(store, client, bucket, prefix, here[0], each, governance, key, done)
                for selection in _selections(each, here, prefix, governance, key):
                    done = _inside(client, bucket, each.target, selection, governance, key, done)
            except (ClientError, BotoCoreError) as error:
                problems.append(f"{each.target}: {reason(error)}")
    finally:
        client.close()
    return done, problems


def _prefix(
    store: str,
    client: S3Client,
    bucket: str,
    prefix: Prefix,
    rule: RetentionRule,
    each: _Wanted,
    governance: Db,
    key: ReferenceKey,
    done: Replayed,
) -> Replayed:
    objects = {name: key.row(store, each.target, name) for name in _names(client, bucket, each.target)}
    going = [name for name, reference in objects.items() if reference in each.erase[NamedBy.RECORD]]
    protected: set[str] = set()
    for start in range(0, len(going), OBJECTS):
        with open_door(governance, key) as holds:
            for name in going[start : start + OBJECTS]:
                came = erase_object(
                    client, governance, holds, bucket=bucket, prefix=prefix, rule=rule, as_of=datetime.now(UTC).date(),
                    object_key=name, restored=True,
                )  # fmt: skip
                if came.held:
                    protected.add(name)
                done = replace(done, erased=done.erased + came.erased, held=done.held + came.held)
    earlier = sum(reference in each.earlier[NamedBy.RECORD] for reference in objects.values())
    gone = {name for name in going if name not in protected}
    left = sum(name in gone for name in _names(client, bucket, each.target)) if gone else 0
    return replace(done, remaining=done.remaining + left, earlier=done.earlier + earlier)


def _selections(
    each: _Wanted, here: Sequence[RetentionRule], prefix: Prefix, governance: Db, key: ReferenceKey
) -> Iterator[Selection]:
    """Rows inside objects: those whose term was over when their rule erased some, and those of persons who were named.

    A row of an object has no name of its own, and an old version of it comes back as a new one: what is known is the
    day up to which the plan looked.
    """
    for rule in here:
        plans = list(each.plans.get(rule.rule, ()))
        if rule.then.act is Act.REWRITE and plans:
            row = governance.execute(
                "select max(anchor_until) from plan_part where rule = %s and plan = any(%s)", [rule.rule, plans]
            ).fetchone()
            governance.commit()
            if row and row[0]:
                yield Selection(
                    rule.store, rule.target, prefix.identifying, rule.keep.anchors, row[0], rule.pending, key=key
                )
    if persons := each.erase[NamedBy.SUBJECT]:
        kinds = set(prefix.identifying.values())
        named = frozenset((kind, reference) for kind in kinds for reference in persons)
        yield Selection(here[0].store, each.target, prefix.identifying, persons=named, key=key)


def _inside(
    client: S3Client,
    bucket: str,
    prefix: str,
    selection: Selection,
    governance: Db,
    key: ReferenceKey,
    done: Replayed,
) -> Replayed:
    """Take these rows out of every object, and look again."""
    went = erase_inside(client, bucket, selection, governance, key)
    done = replace(done, erased=done.erased + went.erased, held=done.held + went.held)
    protections = Protections.read(governance, key)
    governance.commit()
    judged = replace(selection, protections=protections)
    left = sum(
        each.seen.goes for each in find(client, bucket, prefix, judged) if each.version.latest or not each.seen.held
    )
    return replace(done, remaining=done.remaining + left)


def _names(client: S3Client, bucket: str, prefix: str) -> Iterator[str]:
    """Every key under a prefix that has a version or a delete marker."""
    last = None
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        versions = [item["Key"] for item in page.get("Versions", [])]
        markers = [item["Key"] for item in page.get("DeleteMarkers", [])]
        for name in sorted({*versions, *markers}):
            if name != last:
                last = name
                yield name
