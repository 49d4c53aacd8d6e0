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
from hoeder.policy import Policy, Prefix, RetentionRule, Table
from hoeder.stores.anchors import (
    anchor_day,
    due_condition,
    is_due,
    missing_condition,
    needs_metadata,
    object_anchor,
    object_pending,
)
from hoeder.stores.connection import Connection, Resolver, connect, s3_client
from hoeder.stores.erasable import Missing, erasable
from hoeder.stores.postgres import said

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]

LOCK_TIMEOUT = "10s"
"""How long an erasure waits for a row that somebody else holds: while it waits, no legal hold can be placed."""


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

    def __init__(self, db: Db, rule: RetentionRule, table: Table, schemas: tuple[str, ...], as_of: date) -> None:
        self.db = db
        self.rule = rule
        self.table = table
        self.subject_kind = table.subject.kind if table.subject else None
        named = [rule.keep.anchor]
        named += [rule.pending.column] if rule.pending else []
        named += [table.subject.column] if table.subject else []
        with said(f"store {rule.store}: table {rule.target}"):
            db.execute("select set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
            self.found = erasable(db, rule.store, schemas, rule.target, key=table.key, columns=named)
        self.due = due_condition(rule, self.found.types[rule.keep.anchor], as_of)

    def records(self) -> Iterator[Record]:
        """Every due row, streamed. Raises StoreError."""
        subject = self.table.subject.column if self.table.subject else self.table.key
        query = sql.SQL("select {key}, {subject} from {table} where {due}").format(
            key=sql.Identifier(self.table.key),
            subject=sql.Identifier(subject),
            table=self.found.identifier,
            due=self.due,
        )
        where = f"store {self.rule.store}: table {self.rule.target}"
        with said(where), self.db.transaction(), self.db.cursor(name="due") as cursor:
            cursor.itersize = 10_000
            cursor.execute(query)
            for key, value in cursor:
                yield Record(key, value)

    def overview(self) -> Overview:
        """Rows without an anchor that should have one, and the oldest anchor. Raises StoreError."""
        query = sql.SQL("select count(*) filter (where {missing}), min({day}) from {table}").format(
            missing=missing_condition(self.rule),
            day=anchor_day(self.rule, self.found.types[self.rule.keep.anchor]),
            table=self.found.identifier,
        )
        with said(f"store {self.rule.store}: table {self.rule.target}"):
            row = self.db.execute(query).fetchone()
        return Overview(*row) if row else Overview(0, None)


class PrefixTarget:
    """The objects of one prefix under one rule. One that was deleted and still has versions is an object, too."""

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
        """Every due object; counts the overview on the way, so that a prefix is listed once. Raises StoreError."""
        self._missing, self._oldest = 0, None
        look = needs_metadata(self.rule) or self.rule.pending is not None or self.prefix.subject is not None
        try:
            for key, version in self._newest():
                metadata = self._metadata(key, version) if look else {}
                if object_pending(self.rule, metadata):
                    continue
                anchor = object_anchor(self.rule, key, metadata)
                if anchor is None:
                    self._missing += 1
                    continue
                self._oldest = min(anchor, self._oldest or anchor)
                if is_due(self.rule, anchor, self.as_of):
                    yield Record(key, metadata.get(self.prefix.subject.column) if self.prefix.subject else None)
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"store {self.rule.store}: {self.rule.target}: {s3_reason(error)}") from error

    def overview(self) -> Overview:
        """What `records` saw; meaningful after it has ended."""
        return Overview(self._missing, self._oldest)

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


Target = TableTarget | PrefixTarget


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
            return TableTarget(db, rule, dataset.tables[rule.target], store.schemas, as_of)
        except BaseException:
            db.close()
            raise
    client = _reach(account, rule, store.bucket or "")
    return PrefixTarget(client, rule, store.bucket or "", dataset.prefixes[rule.target], as_of)


def close(target: Target) -> None:
    """Let the store go."""
    if isinstance(target, TableTarget):
        target.db.close()
    else:
        target.client.close()


def s3_reason(error: ClientError | BotoCoreError) -> str:
    """What S3 said, without the key it said it of."""
    return str(error.response["Error"].get("Code")) if isinstance(error, ClientError) else type(error).__name__


def _reach(account: Connection, rule: RetentionRule, bucket: str) -> S3Client:
    client = s3_client(account)
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise Missing(f"store {rule.store}: bucket {bucket} does not exist") from error
        raise Unreachable(f"store {rule.store}: bucket {bucket} refused: {s3_reason(error)}") from error
    except BotoCoreError as error:
        raise Unreachable(f"store {rule.store}: the S3 server does not answer: {s3_reason(error)}") from error
    return client
