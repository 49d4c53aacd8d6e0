"""Which versions of objects hold rows of a selection; what an index remembers is not read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hoeder.stores import rewrite
from hoeder.stores.inside import Looked, format_of
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.rewrite import Version
from hoeder.stores.selection import Selection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Found:
    """A version and what it holds; `read` bytes were fetched to know."""

    version: Version
    seen: Looked
    read: int


def find(
    client: S3Client, bucket: str, prefix: str, selection: Selection, index: ObjectIndex | None = None
) -> Iterator[Found]:
    """Every version under a prefix with rows, those that hold none of the selection included: `seen.goes` tells.

    Raises Unreadable at an object whose rows are not known, and what S3 raises.
    """
    for version in rewrite.versions(client, bucket, prefix):
        if version.size == 0 or (version.key.endswith("/") and format_of(version.key, b"") is None):
            continue  # an empty object has no rows; some tools make one for a folder
        yield look(client, bucket, version, selection, index)


def look(client: S3Client, bucket: str, version: Version, selection: Selection, index: ObjectIndex | None) -> Found:
    """What one version holds, read only where the index does not rule it out."""
    column = _column(selection)
    known = index.recall(version, column) if index else None
    may_hold: list[bool] | None = None
    if known is not None:
        if selection.until is not None and (known.oldest is None or known.oldest > selection.until):
            return Found(version, known, 0)
        if selection.persons is not None and known.filters:
            may_hold = [any(ref in each for _, ref in selection.persons) for each in known.filters]
            if not any(may_hold):
                return Found(version, known, 0)
    remember = index is not None and known is None and selection.persons is not None
    seen, read = rewrite.look(client, bucket, version, selection, may_hold=may_hold, remember=remember)
    if index is not None and known is None:
        index.remember(version, column, seen)
    return Found(version, seen, read)


def _column(selection: Selection) -> str:
    """What the index knows a selection's columns by."""
    days = ",".join(selection.anchors) if selection.until is not None else ""
    people = ",".join(sorted(selection.identifying)) if selection.persons is not None else ""
    return f"{days}|{people}"
