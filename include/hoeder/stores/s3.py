"""What a bucket holds: objects per prefix, and the columns of a few of them. Reads only."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.detection import may_be_shown
from hoeder.errors import StoreError
from hoeder.stores import contents
from hoeder.stores.anchors import StoredObject, iter_objects
from hoeder.stores.samples import Format, SampledColumn, SampledObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SMALL_OBJECTS, LARGE_OBJECTS = 25, 5
"""How many objects of a prefix are read: mails and documents hold one record each, data files many."""
_MOST_FOLDERS = 20
_ELSEWHERE = "/"


@dataclass
class Group:
    """Objects under one prefix, as a listing counts them, and the few that are read: the same ones every time."""

    declared: bool
    objects: int = 0
    bytes: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    chosen: list[tuple[int, str, StoredObject]] = field(default_factory=list, repr=False)

    def add(self, stored: StoredObject) -> None:
        self.objects += 1
        self.bytes += stored.size
        name = stored.key.rpartition("/")[2].lower()
        ending = (
            name.partition(".")[2] if name.endswith(".jsonl.gz") else name.rpartition(".")[2] if "." in name else ""
        )
        self.endings[ending[-8:]] += 1
        # The smallest hashes: spread over the prefix, and steady while it grows.
        rank = -int.from_bytes(hashlib.sha256(stored.key.encode()).digest()[:8], "big")
        push = heapq.heappush if len(self.chosen) < SMALL_OBJECTS else heapq.heappushpop
        push(self.chosen, (rank, stored.key, stored))

    def sample(self, format: Format) -> list[StoredObject]:
        most = LARGE_OBJECTS if format in ("parquet", "jsonl.gz") else SMALL_OBJECTS
        return [stored for _, _, stored in sorted(self.chosen, reverse=True)[:most]]


def check(client: S3Client, bucket: str) -> None:
    """Raises StoreError where the bucket cannot be listed: unreachable, missing, or not for this account."""
    try:
        client.list_objects_v2(Bucket=bucket, MaxKeys=1)
    except (BotoCoreError, ClientError) as error:
        raise StoreError(f"cannot list bucket {bucket}: {contents.reason(error)}") from error


def groups(client: S3Client, bucket: str, declared: Iterable[str], *, within: str = "") -> dict[str, Group]:
    """Count all objects: each under the longest declared prefix that fits, the rest under its first folder.

    An undeclared folder whose name may be a person's is counted as `/`, as are objects outside any folder, and all
    further ones where so many are undeclared that they are likely named after something else than a kind of data.
    """
    prefixes = sorted(declared, key=len, reverse=True)
    found = {prefix: Group(declared=True) for prefix in sorted(prefixes)}
    try:
        for stored in iter_objects(client, bucket, within):
            prefix = next((prefix for prefix in prefixes if stored.key.startswith(prefix)), None)
            if prefix is None:
                prefix = _folder(stored.key, found)
            found.setdefault(prefix, Group(declared=False)).add(stored)
    except (BotoCoreError, ClientError) as error:
        raise StoreError(f"cannot list bucket {bucket}: {contents.reason(error)}") from error
    return found


def _folder(key: str, found: Mapping[str, Group]) -> str:
    first, slash, _ = key.partition("/")
    name = f"{first}/" if slash and may_be_shown(first) else _ELSEWHERE
    crowded = sum(not group.declared for group in found.values()) >= _MOST_FOLDERS
    return name if name in found or not crowded else _ELSEWHERE


def sample(
    client: S3Client,
    bucket: str,
    prefix: str,
    group: Group,
    format: Format | None = None,
    declared: Collection[str] = (),
) -> SampledObject:
    """Read a few objects of a group, in which policy declares these columns.

    An object that cannot be read is told of; the others are read all the same.
    """
    columns: contents.Columns = {}
    problems: list[str] = []
    format = format or guess(group)
    for stored in group.sample(format):
        try:
            found = contents.read(client, bucket, stored, format, declared if group.declared else None)
        except StoreError as error:
            problems.append(str(error))
            continue
        for name, (type, values) in found.items():
            columns.setdefault(name, (type, []))[1].extend(values)
    return SampledObject(
        name=prefix,
        rows=group.objects,
        bytes=group.bytes,
        columns=tuple(SampledColumn(name, type, tuple(values)) for name, (type, values) in columns.items()),
        problem="; ".join(problems) or None,
        is_prefix=True,
        declared=group.declared,
        loose=format in ("eml", "document"),
    )


def guess(group: Group) -> Format:
    """The format of an undeclared group by the ending that most of its keys have."""
    ending = group.endings.most_common(1)[0][0] if group.endings else ""
    formats: dict[str, Format] = {"parquet": "parquet", "jsonl.gz": "jsonl.gz", "eml": "eml"}
    return formats.get(ending, "document")
