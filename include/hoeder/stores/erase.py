"""The one guarded door: every destructive statement of Hoeder stands in this file.

Whoever comes through brings keys; the door asks again, at the last moment, whether each record is still due and whether
a legal hold protects it. It can erase less than it was asked, never more. A hold cannot be placed while the door is
open: placing one waits for the lock that the door holds (see the trigger on `hold_subject`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from hoeder.errors import EvidenceError, StoreError
from hoeder.policy.models import Prefix, RetentionRule, Subject
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.anchors import is_due, object_anchor, object_pending
from hoeder.stores.erasable import Erasable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]

HOLDS_LOCK = 0x686F6C64  # "hold", the advisory lock that the trigger on hold_subject takes exclusively


@dataclass(frozen=True)
class Erased:
    """What came of the keys that were brought to the door; the three add up to their number."""

    erased: int = 0
    held: int = 0
    gone: int = 0  # no longer there, or no longer due

    def __add__(self, other: Erased) -> Erased:
        return Erased(self.erased + other.erased, self.held + other.held, self.gone + other.gone)


class Holds:
    """The legal holds in force, as references that a record can be compared with."""

    def __init__(self, key: ReferenceKey, references: frozenset[bytes], kinds: frozenset[str]) -> None:
        self._key = key
        self._references = references
        self._kinds = kinds

    @classmethod
    def read(cls, governance: Db, key: ReferenceKey) -> Holds:
        """Those in force now."""
        rows = governance.execute("select subject_kind, subject_ref from active_hold").fetchall()
        return cls(key, frozenset(bytes(row[1]) for row in rows), frozenset(row[0] for row in rows))

    def protect(self, kind: str | None, value: object) -> bool:
        """Whether a hold lies on this subject.

        A record that does not say whose it is counts as held while any hold lies on a subject of its kind.
        """
        if kind is None:
            return False
        if value is None or value == "":
            return kind in self._kinds
        return self._key.subject(kind, value) in self._references


@contextmanager
def open_door(governance: Db, key: ReferenceKey) -> Iterator[Holds]:
    """The holds in force, and the assurance that none is added before the block ends.

    The governance connection must not be in a transaction that the caller still needs: it is committed here.
    """
    if governance.autocommit:
        raise ValueError(
            "the door's lock lasts as long as a transaction: the governance connection must not autocommit"
        )
    governance.commit()
    governance.execute("select pg_advisory_xact_lock_shared(%s)", [HOLDS_LOCK])
    try:
        yield Holds.read(governance, key)
    finally:
        if not governance.broken:
            governance.rollback()  # only reads stood in it; this lets the lock go


def still_open(governance: Db) -> None:
    """The last look before a delete counts: the lock is gone with a lost connection. Raises EvidenceError then."""
    try:
        governance.execute("select 1")
    except psycopg.Error as error:
        raise EvidenceError(
            "the connection to the governance database was lost; what was under way is undone"
        ) from error


def erase_rows(
    db: Db,
    governance: Db,
    key: ReferenceKey,
    *,
    table: Erasable,
    key_column: str,
    subject: Subject | None,
    due: sql.Composed,
    keys: Sequence[object],
) -> Erased:
    """Erase rows by their keys, in one transaction of the store that is committed while the door is still open.

    `due` is the condition that a row must still meet. Rows that a hold protects, that are gone or that are no longer
    due are left and counted. Raises psycopg's errors and StoreError, after which nothing was erased.
    """
    columns = [key_column, *([subject.column] if subject else [])]
    look = sql.SQL("select {columns} from {table} where {key} = any(%s) and {due}").format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        table=table.identifier,
        key=sql.Identifier(key_column),
        due=due,
    )
    erase = sql.SQL("delete from {table} where {key} = any(%s)").format(
        table=table.identifier, key=sql.Identifier(key_column)
    )
    if db.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
        raise ValueError("the store's connection is inside a transaction: the rows would outlive the open door")
    # A row that somebody changes between the look and the delete makes the delete fail. Locking the rows would do as
    # well, but takes the right to update them, which this account must not have.
    db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with open_door(governance, key) as holds, db.transaction():
        found = db.execute(look, [list(keys)]).fetchall()
        free = [row[0] for row in found if not (subject and holds.protect(subject.kind, row[-1]))]
        erased = db.execute(erase, [free]).rowcount if free else 0
        if erased != len(free):
            raise StoreError(
                f"table {table.name}: {len(free)} rows were chosen and {erased} would be erased; nothing was. Does the "
                "account have the right to delete every row?"
            )
        still_open(governance)
    return Erased(erased=erased, held=len(found) - len(free), gone=len(keys) - len(found))


def erase_object(
    client: S3Client,
    governance: Db,
    holds: Holds,
    *,
    bucket: str,
    prefix: Prefix,
    rule: RetentionRule,
    as_of: date,
    object_key: str,
) -> Erased:
    """Erase one object, every version and delete marker of it, inside an open door.

    One that a hold protects (any version's subject counts), that is gone or that is no longer due is left. Raises
    botocore's errors, and StoreError where a version stays.
    """
    versions = _versions(client, bucket, object_key)
    described = [_metadata(client, bucket, object_key, version) for version, marker in versions if not marker]
    if not versions:
        return Erased(gone=1)
    if described and not _is_due(rule, object_key, described[0], as_of):
        return Erased(gone=1)
    if prefix.subject and any(
        holds.protect(prefix.subject.kind, metadata.get(prefix.subject.column)) for metadata in described
    ):
        return Erased(held=1)
    still_open(governance)
    _erase_versions(client, bucket, object_key, [version for version, _ in versions])
    return Erased(erased=1)


def _is_due(rule: RetentionRule, object_key: str, metadata: dict[str, str], as_of: date) -> bool:
    anchor = object_anchor(rule, object_key, metadata)
    return anchor is not None and not object_pending(rule, metadata) and is_due(rule, anchor, as_of)


def _versions(client: S3Client, bucket: str, object_key: str) -> list[tuple[str, bool]]:
    """Every version of exactly this key, newest first, and whether it is a delete marker."""
    found = [
        (item["LastModified"], item["VersionId"], marker)
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=object_key)
        for marker, items in ((False, page.get("Versions", [])), (True, page.get("DeleteMarkers", [])))
        for item in items
        if item["Key"] == object_key
    ]
    return [(version, marker) for _, version, marker in sorted(found, key=lambda item: item[0], reverse=True)]


def _metadata(client: S3Client, bucket: str, object_key: str, version: str) -> dict[str, str]:
    head = client.head_object(Bucket=bucket, Key=object_key, VersionId=version)
    return {name.lower(): value for name, value in head["Metadata"].items()}


def _erase_versions(client: S3Client, bucket: str, object_key: str, versions: Sequence[str]) -> None:
    for start in range(0, len(versions), 1000):
        wanted = [{"Key": object_key, "VersionId": version} for version in versions[start : start + 1000]]
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": wanted, "Quiet": True})  # type: ignore[typeddict-item]
        if errors := answer.get("Errors"):
            raise StoreError(
                f"bucket {bucket}: {len(errors)} versions could not be erased ({errors[0].get('Code')}); "
                "look for an object lock or a missing right"
            )
