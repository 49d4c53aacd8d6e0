"""What a bucket holds: objects per prefix, and the columns of a few of them. Reads only."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.detection import may_be_shown
from hoeder.errors import StoreError
from hoeder.stores import contents, files
from hoeder.stores.anchors import StoredObject, iter_objects
from hoeder.stores.samples import Format, Reading, SampledColumn, SampledObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SMALL_OBJECTS, LARGE_OBJECTS = 25, 5
"""How many objects of a prefix are read: mails and documents hold one record each, data files many."""
_MOST_FOLDERS = 20
_MOST_DATASETS = 200
_ALL = 1_000_000
_ELSEWHERE = "/"
_GENERIC = frozenset({"", "part", "data", "file", "chunk", "output", "batch", "split", "x"})
_ENDING = re.compile(r"(?:\.[a-z][a-z0-9]{0,7}){0,2}")
READING = Reading()


@dataclass
class Group:
    """Objects under one prefix, as a listing counts them, and the few that are read: the same ones every time."""

    declared: bool
    objects: int = 0
    bytes: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    chosen: list[tuple[int, str, StoredObject]] = field(default_factory=list, repr=False)
    most: int = SMALL_OBJECTS
    seen: Any = field(default_factory=hashlib.sha256, repr=False)

    @property
    def fingerprint(self) -> str:
        """Of all keys and contents, as long as a listing comes in the same order."""
        return str(self.seen.hexdigest())

    def add(self, stored: StoredObject) -> None:
        self.objects += 1
        self.bytes += stored.size
        self.seen.update(f"{len(stored.key)} {stored.key} {stored.etag} {stored.size}\n".encode())
        name = stored.key.rpartition("/")[2].lower()
        self.endings[files.kind_of(name)] += 1
        # The smallest hashes: spread over the prefix, and steady while it grows.
        rank = -int.from_bytes(hashlib.sha256(stored.key.encode()).digest()[:8], "big")
        push = heapq.heappush if len(self.chosen) < self.most else heapq.heappushpop
        push(self.chosen, (rank, stored.key, stored))

    def sample(self, format: Format | None) -> list[StoredObject]:
        """The objects to read; of an unknown format few where most are files of records."""
        records = format in ("parquet", "jsonl.gz") or (format is None and guess_records(self))
        most = min(self.most, LARGE_OBJECTS) if records and self.most == SMALL_OBJECTS else self.most
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
    reading: Reading = READING,
) -> SampledObject:
    """Read a few objects of a group, in which policy declares these columns; without a format, each for what it is.

    An object that cannot be read is told of; the others are read all the same.
    """
    columns: files.Columns = {}
    problems: list[str] = []
    notes: Counter[str] = Counter()
    taken, begun = 0, monotonic()
    for stored in group.sample(format):
        try:
            if format is None:
                found, left_out = contents.read_any(client, bucket, stored, None if reading.full else contents.ROWS)
                notes.update(left_out)
            else:
                found = contents.read(client, bucket, stored, format, declared if group.declared else None)
        except StoreError as error:
            problems.append(str(error))
            continue
        for name, (type, values) in found.items():
            columns.setdefault(name, (type, []))[1].extend(values)
        taken += stored.size
        if reading.bytes_per_second is not None:
            sleep(max(0.0, taken / reading.bytes_per_second - (monotonic() - begun)))
    said = "; ".join(f"{note} ({count} objects)" if count > 1 else note for note, count in notes.items()) or None
    return SampledObject(
        name=prefix,
        rows=group.objects,
        bytes=group.bytes,
        columns=tuple(
            SampledColumn(column, type, tuple(values), note=said) for column, (type, values) in columns.items()
        ),
        problem="; ".join(problems) or None,
        is_prefix=True,
        declared=group.declared,
        loose=format in (None, "eml", "document"),
        fingerprint=group.fingerprint,
    )


def datasets(client: S3Client, bucket: str, *, within: str = "", full: bool = False) -> dict[str, Group]:
    """Count all objects of a bucket of which nothing is declared: each file of records, or folder of files of a kind.

    Names hold what was given to a kind of data; a folder or file that may be called after a person shows as `*`.
    """
    found: dict[str, Group] = {}
    try:
        for stored in iter_objects(client, bucket, within):
            name = _dataset(stored.key)
            if name not in found and len(found) >= _MOST_DATASETS:
                name = _ELSEWHERE
            found.setdefault(name, Group(declared=False, most=_ALL if full else SMALL_OBJECTS)).add(stored)
    except (BotoCoreError, ClientError) as error:
        raise StoreError(f"cannot list bucket {bucket}: {contents.reason(error)}") from error
    return found


def _dataset(key: str) -> str:
    """`crm/klanten.csv` of that key, `views/*.parquet` of `views/date=2026-11-01/part-7.parquet`."""
    *folders, name = key.split("/")
    shown = [folder if may_be_shown(folder) else "*" for folder in folders if "=" not in folder]
    path = "/".join(shown)
    while "*/*" in path:
        path = path.replace("*/*", "*")
    kind = files.kind_of(name)
    ending = name[name.lower().find(f".{kind}") :].lower() if kind else ""
    stem = re.sub(r"(?:[_.-]?\d+)+$", "*", name[: len(name) - len(ending)] if ending else name)
    fine = kind in (*files.TABLES, "txt") and may_be_shown(stem.removesuffix("*")) and stem.rstrip("*") not in _GENERIC
    return f"{path}/{stem if fine else '*'}{ending if _ENDING.fullmatch(ending) else ''}".removeprefix("/")


def guess_records(group: Group) -> bool:
    """Whether most objects of a group hold many records each."""
    return bool(group.endings) and group.endings.most_common(1)[0][0] in files.TABLES
