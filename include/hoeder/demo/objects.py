"""Objects into buckets."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_AT_ONCE = 8


@dataclass(frozen=True)
class Thing:
    """One object to store."""

    bucket: str
    key: str
    body: bytes
    metadata: Mapping[str, str] = field(default_factory=dict)


def existing_buckets(client: "S3Client") -> frozenset[str]:
    return frozenset(bucket["Name"] for bucket in client.list_buckets()["Buckets"])


def create_bucket(client: "S3Client", name: str, *, versions: bool = False, lock: bool = False) -> None:
    """A bucket; `versions` keeps what is overwritten, `lock` lets objects be locked (and keeps versions too)."""
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock)
    if versions:
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def upload(client: "S3Client", things: Iterable[Thing]) -> int:
    """Store everything, a few at a time; never more than those in memory. Returns how many."""

    def put(thing: Thing) -> None:
        client.put_object(Bucket=thing.bucket, Key=thing.key, Body=thing.body, Metadata=dict(thing.metadata))

    count = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for batch in _batches(iter(things)):
            count += len(list(pool.map(put, batch)))
    return count


def _batches(things: Iterator[Thing]) -> Iterator[list[Thing]]:
    while batch := list(itertools.islice(things, 2 * _AT_ONCE)):
        yield batch
