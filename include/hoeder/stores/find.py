"""Which versions of objects hold rows of a selection; what an index remembers is not read again.

The ends of Parquet files are fetched eight at a time; rows are read one object after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from hoeder.stores import inside, rewrite
from hoeder.stores.bloom import halves
from hoeder.stores.looked import Looked
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.ranged import Tails
from hoeder.stores.rewrite import Version
from hoeder.stores.selection import Selection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_AT_ONCE = 8
_TOGETHER = 256  # versions whose ends are in memory at the same time: 16 MB


@dataclass(frozen=True)
class Found:
    """A version and what it holds; `read` bytes were fetched to know."""

    version: Version
    seen: Looked
    read: int


def find(
    client: S3Client, bucket: str, prefix: str, selection: Selection, index: ObjectIndex | None = None,
    *, wanted: Callable[[Version], bool] | None = None, tails: Tails | None = None,
    among: Iterable[Version] | None = None,
) -> Iterator[Found]:  # fmt: skip
    """Every version under a prefix with rows, those that hold none of the selection included: `seen.goes` tells.

    `among` are the versions that there are, where somebody listed them before. Of versions that are not `wanted`
    nothing is read, nor said. Raises Unreadable at an object whose rows are not known, and what S3 raises.
    """
    versions = (
        version
        for version in (rewrite.versions(client, bucket, prefix) if among is None else among)
        if _has_rows(version) and (wanted is None or wanted(version))
    )
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="find") as pool:
        while some := list(islice(versions, _TOGETHER)):
            yield from _look(client, bucket, some, selection, index, tails, pool)


def _has_rows(version: Version) -> bool:
    """An empty object has none; some tools make one for a folder."""
    return version.size > 0 and not (version.key.endswith("/") and inside.lines_of(version.key) is None)


def _look(
    client: S3Client, bucket: str, some: Sequence[Version], selection: Selection, index: ObjectIndex | None,
    tails: Tails | None, pool: ThreadPoolExecutor,
) -> Iterator[Found]:  # fmt: skip
    """What some versions hold, read only where the index does not rule it out."""
    column = column_of(selection)
    known = index.recall(some, column) if index else {}
    asked = dict(_not_ruled_out(some, known, selection))
    files = {version: version.open(client, bucket, tails) for version in asked}
    ends = {version: pool.submit(file.tail) for version, file in files.items() if not inside.lines_of(version.key)}
    remember = index is not None and selection.persons is not None
    learnt: dict[Version, Looked] = {}
    for version in some:
        if version not in asked:
            yield Found(version, known[version], 0)
            continue
        if version in ends:
            ends[version].result()
        file = files.pop(version)
        first = version not in known
        seen = inside.look(file, version.key, selection, may_hold=asked[version], remember=remember and first)
        if first:
            learnt[version] = seen
        yield Found(version, seen, file.taken)
    if index:
        index.remember(learnt, column)


def _not_ruled_out(
    some: Sequence[Version], known: Mapping[Version, Looked], selection: Selection
) -> Iterator[tuple[Version, list[bool] | None]]:
    """Versions that have to be read; with it which of their row groups, where a filter says that not all of them."""
    persons = None if selection.persons is None else halves([reference for _, reference in selection.persons])
    for version in some:
        was = known.get(version)
        if was is None:
            yield version, None
        elif selection.until is not None and (was.oldest is None or was.oldest > selection.until):
            continue
        elif persons is not None and was.filters:
            may_hold = [each.any(persons) for each in was.filters]
            if any(may_hold):
                yield version, may_hold
        else:
            yield version, None


def column_of(selection: Selection) -> str:
    """What the index knows a selection's columns by."""
    days = ",".join(selection.anchors) if selection.until is not None else ""
    people = ",".join(sorted(selection.identifying)) if selection.persons is not None else ""
    return f"{days}|{people}"
