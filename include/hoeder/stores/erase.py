"""The one guarded door: every destructive statement of Hoeder stands in this file.

Whoever comes through brings keys; the door asks again, at the last moment, whether each record is still due and whether
a legal hold protects it. It can erase less than it was asked, never more. A hold cannot be placed while the door is
open: placing one waits for the lock that the door holds (see the trigger on `hold_subject`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from hoeder.errors import StoreError
from hoeder.policy.models import Prefix, Table
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.anchors import read_metadata

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

    def __init__(self, key: ReferenceKey, references: frozenset[bytes]) -> None:
        self._key = key
        self._references = references

    @classmethod
    def read(cls, governance: Db, key: ReferenceKey) -> Holds:
        """Those in force now."""
        return cls(key, frozenset(bytes(row[0]) for row in governance.execute("select subject_ref from active_hold")))

    def protect(self, kind: str | None, value: object) -> bool:
        """Whether a hold lies on this subject. A record without a known subject is protected by none."""
        return kind is not None and value is not None and self._key.subject(kind, value) in self._references


@contextmanager
def open_door(governance: Db, key: ReferenceKey) -> Iterator[Holds]:
    """The holds in force, and the assurance that none is added before the block ends.

    The governance connection must not be in a transaction that the caller still needs: it is committed here.
    """
    governance.commit()
    governance.execute("select pg_advisory_xact_lock_shared(%s)", [HOLDS_LOCK])
    try:
        yield Holds.read(governance, key)
    finally:
        governance.rollback()  # only reads stood in it; this lets the lock go


def erase_rows(
    db: Db, governance: Db, key: ReferenceKey, *, name: str, table: Table, due: sql.Composed, keys: Sequence[object]
) -> Erased:
    """Erase rows by their keys, in one transaction of the store that is committed while the door is still open.

    `name` is the table's, `due` the condition that the row must still meet. Rows that a hold protects, that are gone or
    that are no longer due are left and counted. Raises psycopg's errors, after which nothing was erased.
    """
    subject = table.subject
    columns = [table.key, *([subject.column] if subject else [])]
    look = sql.SQL("select {columns} from {table} where {key} = any(%s) and {due}").format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        table=sql.Identifier(name),
        key=sql.Identifier(table.key),
        due=due,
    )
    erase = sql.SQL("delete from {table} where {key} = any(%s)").format(
        table=sql.Identifier(name), key=sql.Identifier(table.key)
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
                f"table {name}: the key {table.key} is not unique: {len(free)} rows were chosen and {erased} would be "
                "erased; declare the primary key as `key` in its dataset"
            )
    return Erased(erased=erased, held=len(found) - len(free), gone=len(keys) - len(found))


def erase_objects(
    client: S3Client, governance: Db, key: ReferenceKey, *, bucket: str, prefix: Prefix, keys: Sequence[str]
) -> Erased:
    """Erase objects by their keys, every version and delete marker of each.

    Objects under a hold or already gone are left and counted. Raises botocore's errors; what was erased before stays
    erased, and a second call finds it gone.
    """
    result = Erased()
    with open_door(governance, key) as holds:
        for object_key in keys:
            if holds.protect(*_object_subject(client, bucket, prefix, object_key)):
                result += Erased(held=1)
            else:
                result += Erased(erased=1) if _erase_versions(client, bucket, object_key) else Erased(gone=1)
    return result


def _object_subject(client: S3Client, bucket: str, prefix: Prefix, object_key: str) -> tuple[str | None, str | None]:
    if prefix.subject is None:
        return None, None
    try:
        metadata = read_metadata(client, bucket, object_key)
    except client.exceptions.ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return None, None
        raise
    return prefix.subject.kind, metadata.get(prefix.subject.column)


def _erase_versions(client: S3Client, bucket: str, object_key: str) -> bool:
    """Whether there was anything to erase under exactly this key."""
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=object_key)
    versions = [
        {"Key": object_key, "VersionId": item["VersionId"]}
        for page in pages
        for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if item["Key"] == object_key
    ]
    for start in range(0, len(versions), 1000):
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": versions[start : start + 1000], "Quiet": True})  # type: ignore[typeddict-item]
        if errors := answer.get("Errors"):
            raise StoreError(
                f"bucket {bucket}: {len(errors)} versions could not be erased ({errors[0].get('Code')}); "
                "look for an object lock or a missing right"
            )
    return bool(versions)
