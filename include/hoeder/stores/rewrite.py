"""An object without some of its rows: a new version is written and checked, and only then the old one is purged.

Each step is recorded before the next begins, so that the next run can finish what a crash left. Versions are told apart
by their ids: what anybody else writes meanwhile is a version that this module never touches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hoeder.errors import StoreError
from hoeder.stores import inside, steps
from hoeder.stores.anchors import StoredObject
from hoeder.stores.erase.objects import erase_versions
from hoeder.stores.looked import Looked, Unreadable
from hoeder.stores.ranged import RangedObject, Tails
from hoeder.stores.selection import Selection
from hoeder.stores.steps import Step
from hoeder.stores.upload import Upload, kept_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


_EDGE = 4096
_SLICE = 8 * 1024 * 1024
_AT_ONCE = 4


class Locked(StoreError):
    """An object lock keeps the old version, so that rewriting it would erase nothing."""


class Changed(StoreError):
    """Somebody else wrote the object while it was being rewritten."""


@dataclass(frozen=True)
class Version:
    """One version of an object. Its key can name a person: it has no printed form."""

    key: str
    version: str
    etag: str
    size: int
    latest: bool
    modified: datetime

    @property
    def name(self) -> str:
        """What a plan knows it by: the key, and which of its versions."""
        return f"{self.key}\0{self.version}"

    def open(self, client: S3Client, bucket: str, tails: Tails | None = None) -> RangedObject:
        """Its content, fetched in the parts that are asked for."""
        stored = StoredObject(self.key, self.size, self.etag, self.modified, None)
        return RangedObject(client, bucket, stored, self.version, tails)

    def __repr__(self) -> str:
        return f"Version({self.size} bytes)"


Record = Callable[..., None]
"""Writes down a state (`intended`, `ready`, `written`, `checked`, `purged`, `abandoned`) and what belongs to it."""


def versions(client: S3Client, bucket: str, prefix: str) -> Iterator[Version]:
    """Every version with content under a prefix; an object's own together, newest first."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Versions", []):
            yield Version(
                item["Key"], item["VersionId"], item["ETag"].strip('"'), item["Size"], item["IsLatest"],
                item["LastModified"],
            )  # fmt: skip


def must_have_versions(client: S3Client, bucket: str) -> None:
    """Raises StoreError where the bucket keeps no versions: the old content would be gone before the new is checked."""
    if client.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        raise StoreError(
            f"bucket {bucket} keeps no versions, so rows inside its objects are not erased: what is written could not "
            "be checked before what was there is gone. Enable versioning"
        )


def look(
    client: S3Client, bucket: str, version: Version, selection: Selection, tails: Tails | None = None, **how: Any
) -> tuple[Looked, int]:
    """What a version holds of a selection, and how many bytes were fetched for that. Raises Unreadable."""
    file = version.open(client, bucket, tails)
    return inside.look(file, version.key, selection, **how), file.taken


def write(
    client: S3Client, bucket: str, old: Version, selection: Selection, record: Record, tails: Tails | None = None
) -> tuple[Looked, Version]:
    """Put a version without the rows that go on top of `old`, which stays; what was left out, and the new version.

    Raises Locked, Unreadable and Changed, and what S3 raises; then the object is as it was, and unless the connection
    is gone nothing is left of what was sent.
    """
    kept, head = kept_of(client, bucket, old.key, old.version)
    _refuse_locked(head, bucket)
    file = old.open(client, bucket, tails)
    upload = Upload(client, bucket, old.key, kept, file, {"VersionId": old.version, "ETag": old.etag})
    try:
        record("intended", version=old.version, etag=old.etag, upload=upload.upload)
        steps.reached(Step.REWRITE_INTENDED)
        sifted = inside.sift(file, old.key, selection, upload)
        upload.finish()
        steps.reached(Step.REWRITE_SENT)
        record(
            "ready", upload=upload.upload, etag=upload.etag, rows=sifted.rows, goes=sifted.goes, which=sifted.digest,
            made=sifted.made, copied=sifted.copied,
        )  # fmt: skip
        steps.reached(Step.REWRITE_READY)
        version, etag = upload.complete(old.etag)
    except ClientError as error:
        upload.abandon()
        record("abandoned")
        if error.response["Error"].get("Code") in ("PreconditionFailed", "ConditionalRequestConflict", "412", "409"):
            raise Changed(
                f"bucket {bucket}: an object was written by somebody else while it was rewritten; it was left as it is"
            ) from None
        raise
    except Exception:
        upload.abandon()
        record("abandoned")
        raise
    upload.rest()
    steps.reached(Step.REWRITE_WRITTEN)
    record("written", version=version, etag=etag)
    return sifted, Version(old.key, version, etag, upload.size, True, datetime.now(UTC))


def check(
    client: S3Client, bucket: str, old: Version, new: Version, sifted: Looked, selection: Selection, record: Record,
    tails: Tails | None = None,
) -> None:  # fmt: skip
    """Read the new version back: it is what was sent, lies on top of `old`, and holds every row but those that went.

    Where bytes were moved, those that were made are read again as a whole, and the edges of those that were moved; of
    anything else every row is. Where it is not, it is taken back and the object is as it was; raises Changed or
    StoreError.
    """
    wrong = []
    there = {each.version: each for each in versions(client, bucket, new.key) if each.key == new.key}  # newest first
    beside = [*there, None]
    below = beside[beside.index(new.version) + 1] if new.version in there else None
    if new.version in there and there[new.version].size != new.size:
        wrong.append(f"{new.size} bytes were sent and {there[new.version].size} are stored")
    try:
        found, _ = look(client, bucket, new, selection, tails)
        if found.goes or found.rows != sifted.rows - sifted.goes:
            wrong.append(f"{sifted.rows - sifted.goes} rows should have stayed and {found.rows - found.goes} did")
        if not _as_sent(old.open(client, bucket, tails), new.open(client, bucket, tails), sifted):
            wrong.append("its bytes are not those that were sent and moved")
    except Unreadable as error:
        wrong.append(str(error))
    if wrong or below != old.version:
        take_back(client, bucket, new)
        record("abandoned")
        if wrong:
            raise StoreError(
                f"bucket {bucket}: a rewritten object is not what it should be and was taken back: {wrong[0]}"
            )
        raise Changed(
            f"bucket {bucket}: an object was written by somebody else while it was rewritten; ours was taken back"
        )
    record("checked")
    steps.reached(Step.REWRITE_CHECKED)


def _as_sent(old: RangedObject, new: RangedObject, sifted: Looked) -> bool:
    """Whether what was made is there byte for byte, and what was moved begins and ends as it does in the old one."""

    def made(part: tuple[int, int, str]) -> bool:
        start, stop, digest = part
        state = sha256()
        for at in range(start, stop, _SLICE):
            state.update(new.span(at, min(stop, at + _SLICE)))
        return state.hexdigest() == digest

    def moved(edge: tuple[int, int, int]) -> bool:
        start, stop, origin = edge
        return new.span(start, stop) == old.span(origin, origin + stop - start)

    edges: set[tuple[int, int, int]] = set()
    for start, stop, origin in sifted.copied:
        size = min(_EDGE, stop - start)
        edges |= {(start, start + size, origin), (stop - size, stop, origin + stop - size - start)}
    if not sifted.made:
        return True
    old.tail()
    new.tail()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="check") as pool:
        return all([*pool.map(made, sifted.made), *pool.map(moved, edges)])


def take_back(client: S3Client, bucket: str, new: Version) -> None:
    """The version that was written goes; the one under it is the object again."""
    erase_versions(client, bucket, new.key, [new.version])


def purge(client: S3Client, bucket: str, key: str, gone: list[str], record: Record) -> None:
    """Erase versions for good. Raises StoreError where one stays."""
    erase_versions(client, bucket, key, gone)
    steps.reached(Step.REWRITE_PURGED)
    record("purged")
    steps.reached(Step.REWRITE_RECORDED)


def _refuse_locked(head: Any, bucket: str) -> None:
    until = head.get("ObjectLockRetainUntilDate")
    if head.get("ObjectLockLegalHoldStatus") == "ON":
        raise Locked(f"bucket {bucket}: an object is under a legal hold of S3, so its old version cannot be purged")
    if until is not None and until > datetime.now(UTC):
        raise Locked(f"bucket {bucket}: an object is locked until {until.date()}, so its old version cannot be purged")
