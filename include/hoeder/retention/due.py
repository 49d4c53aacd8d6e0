"""Which records of a store are due under a rule: the same question for planning, erasing and verifying."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql

from hoeder.errors import StoreError
from hoeder.policy import Policy, Prefix, RetentionRule, Store, Table
from hoeder.stores.anchors import (
    anchor_day,
    due_condition,
    is_due,
    iter_objects,
    missing_condition,
    needs_metadata,
    object_anchor,
    object_pending,
    read_metadata,
)
from hoeder.stores.connection import Resolver, connect, s3_client

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]


class Missing(StoreError):
    """A table, bucket or prefix that a rule names is not there."""


class Unreachable(StoreError):
    """The server that holds a store does not answer."""


@dataclass(frozen=True)
class Record:
    """A row or object that is due. Its key and subject stay in memory: they have no printed form."""

    key: Any
    subject: Any

    def __repr__(self) -> str:
        return "Record(…)"


@dataclass(frozen=True)
class Overview:
    """Counts of one rule on one day."""

    missing_anchor: int
    oldest: date | None


class TableTarget:
    """The rows of one table under one rule."""

    def __init__(self, db: Db, rule: RetentionRule, table: Table, as_of: date) -> None:
        self.db = db
        self.rule = rule
        self.table = table
        self.subject_kind = table.subject.kind if table.subject else None
        self.anchor_type = _anchor_type(db, rule)
        self.due = due_condition(rule, self.anchor_type, as_of)

    def records(self) -> Iterator[Record]:
        """Every due row, streamed."""
        subject = self.table.subject.column if self.table.subject else self.table.key
        query = sql.SQL("select {key}, {subject} from {table} where {due}").format(
            key=sql.Identifier(self.table.key),
            subject=sql.Identifier(subject),
            table=sql.Identifier(self.rule.target),
            due=self.due,
        )
        with self.db.transaction(), self.db.cursor(name="due") as cursor:
            cursor.itersize = 10_000
            cursor.execute(query)
            for key, value in cursor:
                yield Record(key, value)

    def overview(self) -> Overview:
        """Rows without an anchor that should have one, and the oldest anchor."""
        query = sql.SQL("select count(*) filter (where {missing}), min({day}) from {table}").format(
            missing=missing_condition(self.rule),
            day=anchor_day(self.rule, self.anchor_type),
            table=sql.Identifier(self.rule.target),
        )
        row = self.db.execute(query).fetchone()
        return Overview(*row) if row else Overview(0, None)


class PrefixTarget:
    """The objects of one prefix under one rule."""

    def __init__(self, client: S3Client, rule: RetentionRule, bucket: str, prefix: Prefix, as_of: date) -> None:
        self.client = client
        self.rule = rule
        self.bucket = bucket
        self.prefix = prefix
        self.as_of = as_of
        self.subject_kind = prefix.subject.kind if prefix.subject else None
        self._missing = 0
        self._oldest: date | None = None

    def records(self) -> Iterator[Record]:
        """Every due object; counts the overview on the way, so that a prefix is listed once."""
        self._missing, self._oldest = 0, None
        look = needs_metadata(self.rule) or self.rule.pending is not None or self.prefix.subject is not None
        for item in iter_objects(self.client, self.bucket, self.rule.target):
            metadata = read_metadata(self.client, self.bucket, item.key) if look else {}
            if object_pending(self.rule, metadata):
                continue
            anchor = object_anchor(self.rule, item.key, metadata)
            if anchor is None:
                self._missing += 1
                continue
            self._oldest = min(anchor, self._oldest or anchor)
            if is_due(self.rule, anchor, self.as_of):
                yield Record(item.key, metadata.get(self.prefix.subject.column) if self.prefix.subject else None)

    def overview(self) -> Overview:
        """What `records` saw; meaningful after it has ended."""
        return Overview(self._missing, self._oldest)


Target = TableTarget | PrefixTarget


def open_target(policy: Policy, rule: RetentionRule, resolve: Resolver, as_of: date) -> Target:
    """Connect to the store of a rule with retention's own account.

    Raises Unreachable or Missing, each naming store and object; the caller closes with `close`.
    """
    store: Store = policy.stores[rule.store]
    dataset = policy.datasets[rule.store]
    account = resolve(f"{store.connection}_retention")
    if not rule.is_prefix:
        try:
            db = connect(account, autocommit=True)
        except StoreError as error:
            raise Unreachable(f"store {rule.store}: {error}") from error
        try:
            return TableTarget(db, rule, dataset.tables[rule.target], as_of)
        except BaseException:
            db.close()
            raise
    client = s3_client(account)
    bucket = store.bucket or ""
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise Missing(f"store {rule.store}: bucket {bucket} does not exist") from error
        raise Unreachable(f"store {rule.store}: bucket {bucket} refused: {error.response['Error']['Code']}") from error
    except BotoCoreError as error:
        raise Unreachable(f"store {rule.store}: the S3 server does not answer: {type(error).__name__}") from error
    return PrefixTarget(client, rule, bucket, dataset.prefixes[rule.target], as_of)


def close(target: Target) -> None:
    """Let the store go."""
    if isinstance(target, TableTarget):
        target.db.close()
    else:
        target.client.close()


def _anchor_type(db: Db, rule: RetentionRule) -> str:
    row = db.execute(
        """select to_regclass(%(table)s) is not null,
                  (select format_type(atttypid, atttypmod) from pg_attribute
                   where attrelid = to_regclass(%(table)s) and attname = %(column)s and not attisdropped)""",
        {"table": sql.Identifier(rule.target).as_string(), "column": rule.keep.anchor},
    ).fetchone()
    exists, kind = row or (False, None)
    if not exists:
        raise Missing(f"store {rule.store}: table {rule.target} of rule {rule.rule} does not exist")
    if kind is None:
        raise Missing(f"store {rule.store}: table {rule.target} has no column {rule.keep.anchor} (rule {rule.rule})")
    return str(kind)
