"""Which records of a store are due under a rule: the same question for planning, erasing and verifying."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql

from hoeder.errors import StoreError
from hoeder.governance.protection import Protections
from hoeder.policy import Policy, Prefix, RetentionRule, Table
from hoeder.policy.retention import Act
from hoeder.policy.term import Mode
from hoeder.stores import packed
from hoeder.stores.anchors import (
    anchor_day,
    due_condition,
    free_condition,
    is_due,
    missing_condition,
    needs_metadata,
    object_anchor,
    object_pending,
    scope_condition,
)
from hoeder.stores.connection import Connection, Resolver, connect, s3_client
from hoeder.stores.contents import reason
from hoeder.stores.erasable import Missing, erasable
from hoeder.stores.packed import Question
from hoeder.stores.postgres import said

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from hoeder.retention.inside import RewriteTarget

Db = psycopg.Connection[tuple[Any, ...]]

LOCK_TIMEOUT = "10s"
"""How long an erasure waits for a row that somebody else holds: while it waits, no legal hold can be placed."""


class Unreachable(StoreError):
    """The server that holds a store does not answer."""


@dataclass(frozen=True, slots=True)
class Record:
    """An object that is due. Its key and identities stay in memory: they have no printed form."""

    key: Any
    anchor: date | None = None
    identities: Sequence[tuple[str, Any]] = ()
    """Kinds of identity (`Table.identifying`) and values: what a hold or restriction recognises a person by."""

    def __repr__(self) -> str:
        return "Record(…)"


@dataclass(frozen=True)
class Overview:
    """Counts of one rule on one day, apart from the records that nothing keeps."""

    missing_anchor: int
    oldest: date | None
    """Oldest anchor that is due, kept or not."""
    longer: int = 0
    """Due under this rule, kept by another one."""
    needed: int = 0
    """Due, and rows that stay refer to them."""
    pages: range = range(0)
    """Of a table: the pages on which rows are due."""


class TableTarget:
    """The rows of one table under one rule.

    `due` is the condition under which the rule acts on a row: its term is over, no other rule in force keeps the row
    from it, and no other rule acts on it first.
    """

    def __init__(
        self,
        db: Db,
        rule: RetentionRule,
        table: Table,
        schemas: tuple[str, ...],
        as_of: date,
        rules: Sequence[RetentionRule],
        another: Callable[[], Db],
    ) -> None:
        self.db = db
        self.another = another
        """Opens one more connection, which whoever asks for it closes."""
        self.rule = rule
        self.table = table
        here = [rule, *(other for other in rules if other.applies_to == rule.applies_to and other is not rule)]
        named = list(dict.fromkeys(column for one in here for column in _columns(one)))
        named += [table.subject.column] if table.subject else []
        with said(f"store {rule.store}: table {rule.target}"):
            db.execute("select set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
            self.found = erasable(db, rule.store, schemas, rule.target, key=table.key, columns=named)
        self.identifying = {column: kind for column, kind in table.identifying.items() if column in self.found.types}
        self.over = due_condition(rule, self.found.types, as_of)
        self.free = _free(rule, here, self.found.types, as_of)
        self.due = _and(self.over, self.free, _unclaimed(rule, rules, self.found.types, as_of))

    def question(self, *besides: sql.Composable) -> Question:
        """Every due row; those alone that meet further conditions."""
        return Question(
            store=self.rule.store,
            table=self.found,
            key_column=self.table.key,
            identifying=self.identifying,
            day=anchor_day(self.rule, self.found.types),
            condition=_and(self.due, *besides),
        )

    def count(self) -> tuple[int, range]:
        """How many rows are due, and the pages they lie on. Raises StoreError."""
        with said(self.where):
            return packed.count(self.db, self.question())

    def rows(self, question: Question, pages: range, protections: Protections | None) -> Iterator[packed.Found]:
        """The rows of a question on some pages, with what they are judged by where there is anything to judge them by.

        Raises StoreError.
        """
        with said(self.where):
            yield from packed.read_all(self.db, question, pages, protections)

    def overview(self, needed: sql.Composable | None = None) -> Overview:
        """What keeps rows of this rule, and which lack an anchor, in one pass over the table. Raises StoreError."""
        query = sql.SQL(
            """select count(*) filter (where {missing}), min({day}) filter (where {over}),
                      count(*) filter (where {over} and not {free}), count(*) filter (where {due} and {needed}),
                      min(ctid) filter (where {due})::text, max(ctid) filter (where {due})::text
                 from {table} where {of}"""
        ).format(
            missing=missing_condition(self.rule),
            day=anchor_day(self.rule, self.found.types),
            over=self.over,
            free=self.free,
            due=self.due,
            needed=needed or sql.SQL("false"),
            of=scope_condition(self.rule),
            table=self.found.identifier,
        )
        with said(self.where):
            row = self.db.execute(query).fetchone()
        if row is None:
            return Overview(0, None)
        missing, oldest, longer, stays, first, last = row
        return Overview(missing, oldest, longer, stays, packed.span(first, last))

    @property
    def where(self) -> str:
        """The table as messages name it."""
        return f"store {self.rule.store}: table {self.rule.target}"


def _columns(rule: RetentionRule) -> list[str]:
    named = [*rule.keep.anchors, *rule.then.columns]
    named += [rule.pending.column] if rule.pending else []
    return named + ([rule.client.column] if rule.client else [])


def _free(rule: RetentionRule, rules: Sequence[RetentionRule], types: Mapping[str, str], as_of: date) -> sql.Composable:
    """No other rule keeps the row from this one (the latest end wins)."""
    return _and(*(free_condition(other, types, as_of) for other in rules if other.keeps_from(rule)))


def _unclaimed(
    rule: RetentionRule, rules: Sequence[RetentionRule], types: Mapping[str, str], as_of: date
) -> sql.Composable:
    """No other rule acts on the row in the same run: a record is planned under one rule, and erased before changed."""
    here = [other for other in rules if other.applies_to == rule.applies_to]
    mine = set(rule.then.columns)
    conditions: list[sql.Composable] = []
    for other in here:
        theirs = set(other.then.columns)
        if other is rule or (mine and theirs and not mine & theirs) or (theirs and not mine):
            continue
        if bool(mine) == bool(theirs) and here.index(other) > here.index(rule):
            continue
        acts = _and(due_condition(other, types, as_of), _free(other, here, types, as_of))
        conditions.append(sql.SQL("not coalesce({}, false)").format(acts))
    return _and(*conditions)


def _and(*conditions: sql.Composable) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(" and ").join(conditions or [sql.SQL("true")]))


class PrefixTarget:
    """The objects of one prefix under one rule. One that was deleted and still has versions is an object, too."""

    def __init__(
        self,
        client: S3Client,
        rule: RetentionRule,
        bucket: str,
        prefix: Prefix,
        as_of: date,
        rules: Sequence[RetentionRule] = (),
    ) -> None:
        self.client = client
        self.rule = rule
        self.bucket = bucket
        self.prefix = prefix
        self.as_of = as_of
        here = [other for other in rules if other.applies_to == rule.applies_to]
        self._keepers = [other for other in here if other.keeps_from(rule)]
        self._before = here[: next((place for place, other in enumerate(here) if other is rule), 0)]
        self._all = here
        self._seen = Overview(0, None)

    def records(self) -> Iterator[Record]:
        """Every due object; counts the overview on the way, so that a prefix is listed once. Raises StoreError."""
        self._seen = Overview(0, None)
        missing = longer = 0
        oldest: date | None = None
        try:
            for record, metadata in self._but_newest() if self.rule.keep.mode is Mode.CYCLE else self._listed():
                if record.anchor is None:
                    missing += 1
                elif is_due(self.rule, record.anchor, self.as_of):
                    oldest = min(record.anchor, oldest or record.anchor)
                    if not all(self._over(other, record.key, metadata) for other in self._keepers):
                        longer += 1
                    elif not any(self._acts(other, record.key, metadata) for other in self._before):
                        yield record
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"store {self.rule.store}: {self.rule.target}: {reason(error)}") from error
        self._seen = Overview(missing, oldest, longer)

    def _listed(self) -> Iterator[tuple[Record, Mapping[str, str]]]:
        """Every object whose term has begun, with its metadata where any rule needs it."""
        look = any(needs_metadata(rule) or rule.pending for rule in (self.rule, *self._all))
        look = look or self.prefix.subject is not None
        for key, version in self._newest():
            metadata = self._metadata(key, version) if look else {}
            if not object_pending(self.rule, metadata):
                anchor = object_anchor(self.rule, key, metadata)
                yield Record(key, anchor, self._identities(metadata)), metadata

    def _but_newest(self) -> Iterator[tuple[Record, Mapping[str, str]]]:
        """All but the newest generation, which stays however old it is: a backup that stopped leaves its last one."""
        newest: list[tuple[Record, Mapping[str, str]]] = []
        for record, metadata in self._listed():
            kept = newest[0][0].anchor if newest else None
            if record.anchor is None or (kept is not None and record.anchor < kept):
                yield record, metadata
            elif record.anchor == kept:
                newest.append((record, metadata))
            else:
                yield from newest
                newest = [(record, metadata)]

    def overview(self) -> Overview:
        """What `records` saw; meaningful after it has ended."""
        return self._seen

    def _over(self, rule: RetentionRule, key: str, metadata: Mapping[str, str]) -> bool:
        anchor = object_anchor(rule, key, metadata)
        return anchor is not None and not object_pending(rule, metadata) and is_due(rule, anchor, self.as_of)

    def _acts(self, rule: RetentionRule, key: str, metadata: Mapping[str, str]) -> bool:
        keepers = (other for other in self._all if other.keeps_from(rule))
        return self._over(rule, key, metadata) and all(self._over(other, key, metadata) for other in keepers)

    def _identities(self, metadata: Mapping[str, str]) -> tuple[tuple[str, Any], ...]:
        """From the object's metadata: columns inside a file of many persons are not read for this."""
        named = self.prefix.subject.column if self.prefix.subject else None
        found = self.prefix.identifying.items()
        return tuple((kind, metadata.get(column)) for column, kind in found if column in metadata or column == named)

    def _newest(self) -> Iterator[tuple[str, str]]:
        """Each key with its newest version that has content. A key's versions are listed together, newest first."""
        last = None
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=self.rule.target)
        for page in pages:
            for item in page.get("Versions", []):
                if item["Key"] != last:
                    last = item["Key"]
                    yield item["Key"], item["VersionId"]

    def _metadata(self, key: str, version: str) -> dict[str, str]:
        head = self.client.head_object(Bucket=self.bucket, Key=key, VersionId=version)
        return {name.lower(): value for name, value in head["Metadata"].items()}


Target: TypeAlias = "TableTarget | PrefixTarget | RewriteTarget"


def open_target(policy: Policy, rule: RetentionRule, resolve: Resolver, as_of: date) -> Target:
    """Connect to the store of a rule with retention's own account.

    Raises Unreachable or Missing, or StoreError where rows cannot be erased one by one, each naming store and object;
    the caller closes with `close`.
    """
    store = policy.stores[rule.store]
    dataset = policy.datasets[rule.store]
    account = resolve(f"{store.connection}_retention")
    if not rule.is_prefix:
        try:
            db = connect(account, autocommit=True)
        except StoreError as error:
            raise Unreachable(f"store {rule.store}: {error}") from error
        try:
            return TableTarget(
                db, rule, dataset.tables[rule.target], store.schemas, as_of, policy.rules_on(as_of),
                lambda: connect(account, autocommit=True),
            )  # fmt: skip
        except BaseException:
            db.close()
            raise
    client = _reach(account, rule, store.bucket or "")
    if rule.then.act is Act.REWRITE:
        from hoeder.retention.inside import RewriteTarget

        return RewriteTarget(client, rule, store.bucket or "", dataset.prefixes[rule.target], as_of)
    return PrefixTarget(client, rule, store.bucket or "", dataset.prefixes[rule.target], as_of, policy.rules_on(as_of))


def close(target: Target) -> None:
    """Let the store go."""
    if isinstance(target, TableTarget):
        target.db.close()
    else:
        target.client.close()


def _reach(account: Connection, rule: RetentionRule, bucket: str) -> S3Client:
    client = s3_client(account)
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise Missing(f"store {rule.store}: bucket {bucket} does not exist") from error
        raise Unreachable(f"store {rule.store}: bucket {bucket} refused: {reason(error)}") from error
    except BotoCoreError as error:
        raise Unreachable(f"store {rule.store}: the S3 server does not answer: {reason(error)}") from error
    return client
