"""An object without some of its rows: a new version is written and checked, and only then the old one is purged.

Each step is recorded before the next begins, so that the next run can finish what a crash left. Versions are told apart
by their ids: what anybody else writes meanwhile is a version that this module never touches.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import StoreError
from hoeder.stores import inside, steps
from hoeder.stores.anchors import StoredObject
from hoeder.stores.erase.objects import erase_versions
from hoeder.stores.inside import Looked, Unreadable
from hoeder.stores.ranged import RangedObject
from hoeder.stores.selection import Selection
from hoeder.stores.steps import Step
from hoeder.stores.upload import Upload, kept_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


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

    def open(self, client: S3Client, bucket: str) -> RangedObject:
        """Its content, fetched in the parts that are asked for."""
        return RangedObject(
            client, bucket, StoredObject(self.key, self.size, self.etag, self.modified, None), self.version
        )

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


def look(client: S3Client, bucket: str, version: Version, selection: Selection, **how: Any) -> tuple[Looked, int]:
    """What a version holds of a selection, and how many bytes were fetched for that. Raises Unreadable."""
    file = version.open(client, bucket)
    return inside.look(file, version.key, selection, **how), file.taken


def write(client: S3Client, bucket: str, old: Version, selection: Selection, record: Record) -> tuple[Looked, Version]:
    """Put a version without the rows that go on top of `old`, which stays; what was left out, and the new version.

    Raises Locked, Unreadable and Changed, and what S3 raises; then the object is as it was, and unless the connection
    is gone nothing is left of what was sent.
    """
    kept, head = kept_of(client, bucket, old.key, old.version)
    _refuse_locked(head, bucket)
    upload = Upload(client, bucket, old.key, kept, old.size)
    record("intended", version=old.version, etag=old.etag, upload=upload.upload)
    steps.reached(Step.REWRITE_INTENDED)
    try:
        sifted = inside.sift(old.open(client, bucket), old.key, selection, upload)  # type: ignore[arg-type]
        upload.finish()
        steps.reached(Step.REWRITE_SENT)
        record("ready", upload=upload.upload, etag=upload.etag, rows=sifted.rows, goes=sifted.goes, which=sifted.digest)
        steps.reached(Step.REWRITE_READY)
        version, etag = upload.complete(old.etag)
    except ClientError as error:
        _abandon(client, bucket, old.key, upload)
        if error.response["Error"].get("Code") in ("PreconditionFailed", "ConditionalRequestConflict", "412", "409"):
            record("abandoned")
            raise Changed(
                f"bucket {bucket}: an object was written by somebody else while it was rewritten; it was left as it is"
            ) from None
        record("abandoned")
        raise
    except Exception:
        _abandon(client, bucket, old.key, upload)
        record("abandoned")
        raise
    steps.reached(Step.REWRITE_WRITTEN)
    record("written", version=version, etag=etag)
    return sifted, Version(old.key, version, etag, upload.size, True, datetime.now(UTC))


def check(
    client: S3Client, bucket: str, old: Version, new: Version, sifted: Looked, selection: Selection, record: Record
) -> None:
    """Read the new version back: it is what was sent, lies on top of `old`, and holds every row but those that went.

    Where it does not, it is taken back and the object is as it was; raises Changed or StoreError.
    """
    try:
        head = client.head_object(Bucket=bucket, Key=new.key, VersionId=new.version)
        wrong = []
        if head["ContentLength"] != new.size:
            wrong.append(f"{new.size} bytes were sent and {head['ContentLength']} are stored")
        found, _ = look(client, bucket, new, selection)
        if found.goes or found.rows != sifted.rows - sifted.goes:
            wrong.append(f"{sifted.rows - sifted.goes} rows should have stayed and {found.rows - found.goes} did")
    except Unreadable as error:
        wrong = [str(error)]
    below = _below(client, bucket, new)
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


def take_back(client: S3Client, bucket: str, new: Version) -> None:
    """The version that was written goes; the one under it is the object again."""
    erase_versions(client, bucket, new.key, [new.version])


def purge(client: S3Client, bucket: str, key: str, gone: list[str], record: Record) -> None:
    """Erase versions for good. Raises StoreError where one stays."""
    erase_versions(client, bucket, key, gone)
    steps.reached(Step.REWRITE_PURGED)
    record("purged")
    steps.reached(Step.REWRITE_RECORDED)


def _abandon(client: S3Client, bucket: str, key: str, upload: Upload) -> None:
    """What was sent is of no use; where the server does not answer, the bucket's lifecycle ends it."""
    with contextlib.suppress(ClientError, BotoCoreError):
        client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload.upload)


def _below(client: S3Client, bucket: str, new: Version) -> str | None:
    """The id of the version directly under one; a listing gives an object's versions newest first."""
    of_key = [each.version for each in versions(client, bucket, new.key) if each.key == new.key]
    place = of_key.index(new.version) if new.version in of_key else len(of_key)
    return of_key[place + 1] if place + 1 < len(of_key) else None


def _refuse_locked(head: Any, bucket: str) -> None:
    until = head.get("ObjectLockRetainUntilDate")
    if head.get("ObjectLockLegalHoldStatus") == "ON":
        raise Locked(f"bucket {bucket}: an object is under a legal hold of S3, so its old version cannot be purged")
    if until is not None and until > datetime.now(UTC):
        raise Locked(f"bucket {bucket}: an object is locked until {until.date()}, so its old version cannot be purged")
