"""Objects that Hoeder wrote itself, and a message without what was taken out of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg

from hoeder.governance.protection import Protections
from hoeder.stores.erase import door
from hoeder.stores.erase.door import Erased
from hoeder.stores.erase.objects import abort_uploads, erase_versions, versions_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]


def erase_own(client: S3Client, bucket: str, names: Collection[str]) -> int:
    """Erase objects that Hoeder made for a case, every version of them; how many there were.

    They are copies, so no hold can be on them: what a hold keeps is what they were copied from. Raises botocore's
    errors, and StoreError where a version stays.
    """
    there = 0
    for name in sorted(names):
        found = versions_of(client, bucket, name)
        erase_versions(client, bucket, name, [version for version, _ in found])
        abort_uploads(client, bucket, name)
        there += bool(found)
    return there


def replace_object(
    client: S3Client,
    governance: Db,
    protections: Protections,
    *,
    store: str,
    target: str,
    bucket: str,
    object_key: str,
    etag: str,
    body: bytes | None,
    whose: Sequence[tuple[str, str | None]],
    day: date | None,
) -> Erased:
    """Put `body` in the place of an object inside an open door, and erase every earlier version.

    Without a `body` only earlier versions go: it was replaced before. What a hold on the person, or on the place and
    day, covers is left as it is. Raises botocore's errors, one of them where the object is not `etag` any more.
    """
    if protections.of(store, target, whose, day) is not None:
        return Erased(held=1)
    door.still_open(governance)
    if body is not None:
        head = client.head_object(Bucket=bucket, Key=object_key)
        client.put_object(
            Bucket=bucket, Key=object_key, Body=body, IfMatch=etag, Metadata=head["Metadata"],
            ContentType=head.get("ContentType", "message/rfc822"),
        )  # fmt: skip
    _, *earlier = versions_of(client, bucket, object_key)
    erase_versions(client, bucket, object_key, [version for version, _ in earlier])
    return Erased(erased=1)
