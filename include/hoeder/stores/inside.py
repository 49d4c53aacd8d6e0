"""Rows inside an object: which go, and the object without them. Parquet, JSON lines and CSV, plain, gzip or Zstandard.

What stays is copied byte for byte: lines and CSV records (compressed anew where they were), and of Parquet the row
groups that keep all their rows. What is not needed to judge or to write is not fetched.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
from collections.abc import Iterator, Sequence
from typing import IO, cast

from hoeder.stores import files, lines, parquet
from hoeder.stores.looked import Looked, Unreadable
from hoeder.stores.ranged import RangedObject
from hoeder.stores.row_groups import MAGIC
from hoeder.stores.selection import Selection

_LINES = {"jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl", "csv": "csv", "tsv": "csv"}


def lines_of(key: str) -> str | None:
    """`jsonl` or `csv` where the ending of a key says so."""
    return _LINES.get(files.kind_of(key))


def look(
    file: RangedObject,
    key: str,
    selection: Selection,
    *,
    may_hold: Sequence[bool] | None = None,
    remember: bool = False,
) -> Looked:
    """Count what an object holds of a selection, reading as little as its format allows.

    `may_hold` says of each row group, from a filter made before, whether a person can be in it. With `remember` every
    row is read, for a filter. Raises Unreadable, and what S3 raises.
    """
    kind, _ = _open(file, key)
    with _readable():
        if kind == "parquet":
            return parquet.look(file, selection, may_hold, remember)
        return lines.look(file, kind, selection, remember=remember)


def sift(file: RangedObject, key: str, selection: Selection, sink: parquet.Sink) -> Looked:
    """Write the object without the rows that go to `sink`, which is left open.

    Raises Unreadable, and what S3 raises.
    """
    kind, head = _open(file, key)
    with _readable():
        if kind == "parquet":
            return parquet.sift(file, selection, sink)
        return lines.sift(file, kind, head, selection, cast(IO[bytes], sink))


def _open(file: RangedObject, key: str) -> tuple[str, bytes]:
    """The format, and the beginning of a file of lines."""
    kind = lines_of(key)
    if kind is None and bytes(file.tail()[-4:]) == MAGIC:
        return "parquet", b""
    head = bytes(file.span(0, min(64, file.size)))
    file.seek(0)
    if head.startswith(MAGIC):
        return "parquet", head
    if kind is None:
        raise Unreadable("an object is neither Parquet, JSON lines nor CSV by its ending; its rows are not known")
    return kind, head


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    """The parsers' own errors, without the text that they quote."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, EOFError, gzip.BadGzipFile, UnicodeError, csv.Error) as error:
        raise Unreadable(
            f"an object cannot be read to its end ({type(error).__name__}); it was left as it was"
        ) from None
