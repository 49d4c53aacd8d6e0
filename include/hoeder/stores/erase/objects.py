"""Whole objects: every version and delete marker, and what an unfinished upload left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg

from hoeder.errors import StoreError
from hoeder.governance.protection import Protections
from hoeder.policy.dataset import Prefix
from hoeder.policy.retention import RetentionRule
from hoeder.stores.anchors import is_due, object_anchor, object_pending
from hoeder.stores.erase import door
from hoeder.stores.erase.door import Erased

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]


def erase_object(
    client: S3Client,
    governance: Db,
    protections: Protections,
    *,
    bucket: str,
    prefix: Prefix,
    rule: RetentionRule,
    due_by: date | None,
    object_key: str,
) -> Erased:
    """Erase one object inside an open door: every version, delete marker and unfinished upload of it.

    One that is protected (any version's person counts), that is gone or whose term is not over on `due_by` is left.
    None where something else than its term ends it: a person's request, or that it was erased before and came back.
    Raises botocore's errors, and StoreError where a version stays, an object lock for instance.
    """
    versions = versions_of(client, bucket, object_key)
    described = [_metadata(client, bucket, object_key, version) for version, marker in versions if not marker]
    if not versions:
        return Erased(gone=1)
    if described and due_by is not None and not _is_due(rule, object_key, described[0], due_by):
        return Erased(gone=1)
    for metadata in described:
        own = prefix.subject.column if prefix.subject else None  # columns inside a file are not in its metadata
        identifying = prefix.identifying.items()
        whose = [(kind, metadata.get(name)) for name, kind in identifying if name in metadata or name == own]
        if protections.of(rule.store, rule.target, whose, object_anchor(rule, object_key, metadata)) is not None:
            return Erased(held=1)
    door.still_open(governance)
    erase_versions(client, bucket, object_key, [version for version, _ in versions])
    abort_uploads(client, bucket, object_key)
    return Erased(erased=1)


def abort_uploads(client: S3Client, bucket: str, object_key: str, *, but: frozenset[str] = frozenset()) -> int:
    """End uploads of exactly this key that were begun and never finished; how many. They are stored and not listed."""
    ended = 0
    for page in client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=object_key):
        for upload in page.get("Uploads", []):
            if upload["Key"] == object_key and upload["UploadId"] not in but:
                client.abort_multipart_upload(Bucket=bucket, Key=object_key, UploadId=upload["UploadId"])
                ended += 1
    return ended


def _is_due(rule: RetentionRule, object_key: str, metadata: dict[str, str], as_of: date) -> bool:
    anchor = object_anchor(rule, object_key, metadata)
    return anchor is not None and not object_pending(rule, metadata) and is_due(rule, anchor, as_of)


def versions_of(client: S3Client, bucket: str, object_key: str) -> list[tuple[str, bool]]:
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


def erase_versions(client: S3Client, bucket: str, object_key: str, versions: Sequence[str]) -> None:
    """Erase these versions of an object for good. Raises StoreError where one stays."""
    for start in range(0, len(versions), 1000):
        wanted = [{"Key": object_key, "VersionId": version} for version in versions[start : start + 1000]]
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": wanted, "Quiet": True})  # type: ignore[typeddict-item]
        if errors := answer.get("Errors"):
            raise StoreError(
                f"bucket {bucket}: {len(errors)} versions could not be erased ({errors[0].get('Code')}); "
                "look for an object lock or a missing right"
            )
