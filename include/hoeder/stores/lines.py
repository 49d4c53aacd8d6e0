"""Files of records in lines: JSON lines and CSV, plain, gzip or Zstandard. What stays is copied byte for byte."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from typing import IO, cast

from hoeder.stores import limits
from hoeder.stores.looked import Looked, People, Unreadable
from hoeder.stores.ranged import RangedObject
from hoeder.stores.selection import Selection, Verdict

_FETCH = 4 * 1024 * 1024
_LONGEST = 64 * 1024 * 1024


def look(file: RangedObject, kind: str, selection: Selection, *, remember: bool) -> Looked:
    """Count what the file holds of a selection. All of it is read."""
    looked, people = Looked(), People(selection, remember)
    for row, _ in records(file, kind, selection):
        looked.add(selection.judge(row), selection.day(row), dated=bool(selection.anchors))
        people.add(row)
    looked.filters = people.filters()
    return looked


def sift(file: RangedObject, kind: str, head: bytes, selection: Selection, sink: IO[bytes]) -> Looked:
    """Write the records that stay to `sink`, compressed as `head`, the file's beginning, is."""
    looked = Looked()
    with _packed(sink, head) as packed:
        for row, raw in records(file, kind, selection, header=packed):
            verdict = selection.judge(row)
            looked.add(verdict, selection.day(row), dated=bool(selection.anchors))
            if verdict is not Verdict.GOES:
                packed.write(raw)
    return looked


def records(
    file: RangedObject, kind: str, selection: Selection, header: IO[bytes] | None = None
) -> Iterator[tuple[Mapping[str, object], bytes]]:
    """Each record with its own bytes. What is no record (a heading, an empty line) goes to `header` at once."""
    fetched = io.BufferedReader(file, _FETCH)
    stream = limits.unpacked(cast(io.RawIOBase, fetched), fetched.peek(64)[:64])
    yield from (_json_lines if kind == "jsonl" else _csv_records)(stream, selection, header)


def _json_lines(
    stream: IO[bytes], selection: Selection, header: IO[bytes] | None
) -> Iterator[tuple[Mapping[str, object], bytes]]:
    for number, line in enumerate(_lines(stream), 1):
        if not line.strip():
            if header:
                header.write(line)
            continue
        try:
            record = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
        except ValueError:
            record = None
        if not isinstance(record, dict):
            raise Unreadable(f"line {number} of an object is no JSON object; it was left as it was")
        yield record, line


def _csv_records(
    stream: IO[bytes], selection: Selection, header: IO[bytes] | None
) -> Iterator[tuple[Mapping[str, object], bytes]]:
    records = _whole_records(stream)
    first = next(records, None)
    if first is None:
        return
    text = _text(first.removeprefix(b"\xef\xbb\xbf"))
    delimiter = max(",;\t|", key=text.count)
    names = next(csv.reader([text], delimiter=delimiter), [])
    if absent := [column for column in selection.needed if column not in names]:
        raise Unreadable(f"an object has no column {', '.join(absent)} in its first line; it was left as it was")
    if header:
        header.write(first)
    for number, raw in enumerate(records, 2):
        if not raw.strip():
            if header:
                header.write(raw)
            continue
        row = next(csv.reader([_text(raw)], delimiter=delimiter), [])
        if len(row) != len(names):
            raise Unreadable(f"record {number} of an object has {len(row)} fields and its first line {len(names)}")
        yield dict(zip(names, row, strict=True)), raw


def _whole_records(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines, joined while a quoted field is open."""
    pending = b""
    for line in _lines(stream):
        pending += line
        if pending.count(b'"') % 2 == 0:
            yield pending
            pending = b""
        elif len(pending) > _LONGEST:
            raise Unreadable("a quoted field of an object does not end")
    if pending:
        raise Unreadable("a quoted field of an object does not end")


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST + 1):
        if len(line) > _LONGEST:
            raise Unreadable(f"a line of an object is longer than {_LONGEST:,} bytes")
        yield line


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


@contextlib.contextmanager
def _packed(sink: IO[bytes], head: bytes) -> Iterator[IO[bytes]]:
    """`sink`, compressed as the beginning of the original was."""
    if head.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=sink, mode="wb", mtime=0) as packed:
            yield cast(IO[bytes], packed)
    elif head.startswith(b"\x28\xb5\x2f\xfd"):
        import zstandard

        with zstandard.ZstdCompressor(write_checksum=True).stream_writer(sink, closefd=False) as packed:
            yield cast(IO[bytes], packed)
    else:
        yield sink
