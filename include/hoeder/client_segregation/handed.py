"""What lies in each client's folder: releases made for it, and its own data that went back to it. Is it all its own?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.client_segregation.found import Kind, Separation
from hoeder.errors import StoreError
from hoeder.policy.release import Release
from hoeder.stores.contents import reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]
_SHELF = "client-"
_MOST = 1_000_000
"""Bytes of a manifest; a larger one is none."""


def releases(
    s3: S3Client, governance: Db, store: str, bucket: str, made: Sequence[Release]
) -> tuple[list[Separation], int]:
    """Objects on a client's shelf that no release for that client made; and how many lie there. Raises StoreError."""
    own = {(release.shelf, release.release) for release in made if release.reader == "client"}
    own |= set(governance.execute("select distinct shelf, release from release_version").fetchall())
    governance.commit()
    stray: Counter[str] = Counter()
    total = 0
    for key in _keys(s3, bucket, f"versions/{_SHELF}"):
        _, shelf, *rest = key.split("/")
        total += 1
        if not rest or (shelf, rest[0]) not in own:
            stray[shelf.removeprefix(_SHELF)] += 1
    return list(_told(stray, store, "versions/")), total


def returns(s3: S3Client, governance: Db, store: str, bucket: str) -> tuple[list[Separation], int]:
    """Objects in a client's folder whose manifest or record says another client, or that none speaks of.

    The files themselves can be opened by the client alone. Raises StoreError.
    """
    rows = governance.execute("select folder, client from client_return").fetchall()
    governance.commit()
    recorded: Mapping[str, str] = dict(rows)
    folders: dict[str, list[str]] = {}
    for key in _keys(s3, bucket, _SHELF):
        folder, _, name = key.rpartition("/")
        folders.setdefault(folder, []).append(name)
    stray: Counter[str] = Counter()
    for folder, names in folders.items():
        client = folder.split("/")[0].removeprefix(_SHELF)
        told = _manifest(s3, bucket, folder) if "manifest.json" in names else None
        listed = {"manifest.json", *(told[1] if told else ())}
        if told is None or told[0] != client or recorded.get(folder, client) != client:
            stray[client] += len(names)
        else:
            stray[client] += len(set(names) - listed)
    return list(_told(stray, store, "")), sum(map(len, folders.values()))


def _told(stray: Counter[str], store: str, place: str) -> Iterator[Separation]:
    for client, number in sorted(stray.items()):
        if number:
            yield Separation(Kind.STRAY_OBJECT, store, place, client, number)


def _keys(s3: S3Client, bucket: str, prefix: str) -> Iterator[str]:
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from (item["Key"] for item in page.get("Contents", ()))
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"bucket {bucket} cannot be listed: {reason(error)}") from error


def _manifest(s3: S3Client, bucket: str, folder: str) -> tuple[str, list[str]] | None:
    """The client and the files that a manifest names; None where it is none."""
    try:
        body = s3.get_object(Bucket=bucket, Key=f"{folder}/manifest.json")["Body"].read(_MOST)
        told = json.loads(body)
        return str(told["client"]), [str(file["name"]) for file in told["files"]]
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"a manifest in bucket {bucket} cannot be read: {reason(error)}") from error
    except (ValueError, KeyError, TypeError):
        return None
