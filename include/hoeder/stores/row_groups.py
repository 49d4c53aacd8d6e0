"""A Parquet file made of row groups of another one: those that stay are moved as bytes, none of them is decoded.

What a row group's bytes are is said in the footer, with their places counted from the beginning of the file: in a file
where a row group before them is gone or shorter, every one of these places is another. Indexes and Bloom filters of a
row group are taken along. https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from hoeder.stores import thrift
from hoeder.stores.thrift import BINARY, I32, I64, LIST, STRUCT, Struct, get

MAGIC = b"PAR1"
_MOST_META = 64 * 1024 * 1024
_BLOOM_HEAD = 64

# Numbers of fields: FileMetaData, RowGroup, ColumnChunk, ColumnMetaData, OffsetIndex, PageLocation.
_SCHEMA, _ROWS, _GROUPS, _ENCRYPTION = 2, 3, 4, 8
_CHUNKS, _GROUP_ROWS, _GROUP_OFFSET, _ORDINAL = 1, 3, 5, 7
_PATH, _OFFSET, _META, _OFFSETS_AT, _OFFSETS_SIZE, _VALUES_AT, _VALUES_SIZE, _CRYPTO = range(1, 9)
_NAMED, _SIZE, _PAGE, _INDEX_PAGE, _DICTIONARY, _BLOOM_AT, _BLOOM_SIZE = 3, 7, 9, 10, 11, 14, 15
_PAGES, _PAGE_AT = 1, 1


class Unusual(ValueError):
    """A file whose row groups cannot be moved as bytes; it can still be written anew."""


class Ranged(Protocol):
    """A file, of which parts are read by their places."""

    size: int

    def span(self, start: int, stop: int) -> bytes | memoryview: ...


class Sink(Protocol):
    """Where a file is written to, and parts of the old file are copied to."""

    def write(self, data: bytes, /) -> int: ...
    def copy(self, start: int, stop: int) -> None: ...
    def tell(self) -> int: ...


@dataclass(frozen=True)
class Group:
    """A row group: what the footer says of it, and the bytes that hold its values."""

    said: Struct
    start: int
    stop: int

    @property
    def rows(self) -> int:
        return int(get(self.said, _GROUP_ROWS, 0))


@dataclass(frozen=True)
class Layout:
    """A Parquet file's footer and row groups."""

    said: Struct
    groups: tuple[Group, ...]
    footer: int
    """Where it begins."""

    @property
    def schema(self) -> Any:
        return get(self.said, _SCHEMA)


def layout(file: Ranged) -> Layout:
    """Read a file's footer. Raises Unusual where row groups lie in other files, in each other or encrypted."""
    try:
        end = bytes(file.span(max(0, file.size - 8), file.size))
        if len(end) < 8 or end[4:] != MAGIC:
            raise Unusual("no footer")
        (length,) = struct.unpack("<I", end[:4])
        footer = file.size - 8 - length
        if footer < 4 or length > _MOST_META:
            raise Unusual("a footer of that size")
        said, _ = thrift.read(bytes(file.span(footer, file.size - 8)))
        if _ENCRYPTION in said:
            raise Unusual("encrypted")
        return Layout(said, tuple(_groups(said, footer)), footer)
    except Unusual:
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise Unusual("a footer that cannot be read") from error


def _groups(said: Struct, footer: int) -> Iterator[Group]:
    described = get(said, _GROUPS, (STRUCT, []))[1]
    ranges: list[tuple[int, int]] = []
    others = {footer}
    for each in described:
        starts, stops = [], []
        for chunk in get(each, _CHUNKS)[1]:
            if _PATH in chunk or _CRYPTO in chunk or _META not in chunk:
                raise Unusual("columns in another file, or encrypted")
            meta = get(chunk, _META)
            first = get(meta, _DICTIONARY, 0)
            page = get(meta, _PAGE)
            starts.append(first if 0 < first < page else page)
            stops.append(starts[-1] + get(meta, _SIZE))
            others |= {place for at in (_OFFSETS_AT, _VALUES_AT) if (place := get(chunk, at))}
            others |= {place for at in (_BLOOM_AT,) if (place := get(meta, at))}
        if not starts:
            raise Unusual("a row group without columns")
        ranges.append((min(starts), max(stops)))
    # Old writers say a little less than a chunk takes: what follows it up to the next thing goes with it.
    edges = sorted(others | {start for start, _ in ranges})
    before = 4
    for start, stop in sorted(ranges):
        if start < before or stop > footer:
            raise Unusual("row groups lie in each other")
        before = stop
    for each, (start, stop) in zip(described, ranges, strict=True):
        yield Group(each, start, edges[bisect_left(edges, stop)])


def filtered(group: Group) -> list[str]:
    """Columns of a row group that have a Bloom filter, by their paths."""
    described = (get(chunk, _META) for chunk in get(group.said, _CHUNKS)[1])
    return [b".".join(get(meta, _NAMED)[1]).decode() for meta in described if get(meta, _BLOOM_AT)]


@dataclass
class Assembly:
    """A file that is put together: call `keep` and `add` in the order of its row groups, then `finish`."""

    file: Ranged
    old: Layout
    sink: Sink
    made: list[tuple[int, int, str]] = field(default_factory=list)
    """Where bytes were written that the old file does not have: from, to, SHA-256."""
    copied: list[tuple[int, int, int]] = field(default_factory=list)
    """Where bytes of the old file are: from, to, and from where in the old file."""
    _groups: list[tuple[Ranged, Group, int]] = field(default_factory=list)

    def keep(self, number: int) -> None:
        """A row group of the old file, as it is."""
        group = self.old.groups[number]
        if not self.sink.tell():
            if group.start == 4:
                self._copy(0, 4)
            else:
                self._write(MAGIC)
        self._groups.append((self.file, group, self.sink.tell() - group.start))
        self._copy(group.start, group.stop)

    def add(self, made: Ranged) -> None:
        """All row groups of another file. Raises Unusual where it has another schema."""
        new = layout(made)
        if new.schema != self.old.schema:
            raise Unusual("another schema")
        if not self.sink.tell():
            self._write(MAGIC)
        indexes = _Indexes(made, new)
        for group in new.groups:
            self._groups.append((indexes, group, self.sink.tell() - group.start))
            self._write(bytes(made.span(group.start, group.stop)))

    def finish(self) -> None:
        """Write filters, indexes and the footer."""
        if not self.sink.tell():
            self._write(MAGIC)
        out = bytearray()
        base = self.sink.tell()
        described = []
        for number, (file, group, shift) in enumerate(self._groups):
            said = dict(group.said)
            _shift(said, _GROUP_OFFSET, shift)
            if _ORDINAL in said:
                said[_ORDINAL] = (said[_ORDINAL][0], number)
            chunks = [_moved(file, chunk, shift, out, base) for chunk in get(said, _CHUNKS)[1]]
            said[_CHUNKS] = (LIST, (STRUCT, chunks))
            described.append(said)
        rows = sum(group.rows for _, group, _ in self._groups)
        footer = thrift.write(
            self.old.said | {_ROWS: (I64, rows), _GROUPS: (LIST, (STRUCT, described))}  # the schema, and all else
        )
        self._write(bytes(out) + footer + struct.pack("<I", len(footer)) + MAGIC)

    def _copy(self, start: int, stop: int) -> None:
        at = self.sink.tell()
        self.sink.copy(start, stop)
        if self.copied and self.copied[-1][1] == at and self.copied[-1][2] + at - self.copied[-1][0] == start:
            at, _, start = self.copied.pop()
        self.copied.append((at, self.sink.tell(), start))

    def _write(self, data: bytes) -> None:
        at = self.sink.tell()
        self.sink.write(data)
        self.made.append((at, at + len(data), sha256(data).hexdigest()))


class _Indexes:
    """What follows the first row group of a file: the rest of it need not stay in memory."""

    def __init__(self, file: Ranged, said: Layout) -> None:
        self.size = file.size
        self._start = min((group.stop for group in said.groups), default=said.footer)
        self._raw = bytes(file.span(self._start, said.footer))

    def span(self, start: int, stop: int) -> bytes:
        return self._raw[start - self._start : stop - self._start]


def _moved(file: Ranged, chunk: Struct, shift: int, out: bytearray, base: int) -> Struct:
    """What the footer says of a column chunk in its new place; its filter and indexes go to `out`."""
    chunk, meta = dict(chunk), dict(get(chunk, _META))
    _shift(chunk, _OFFSET, shift)
    for place in (_PAGE, _INDEX_PAGE, _DICTIONARY):
        _shift(meta, place, shift)
    if at := get(meta, _BLOOM_AT):
        raw = _bloom(file, at, get(meta, _BLOOM_SIZE))
        meta |= {_BLOOM_AT: (I64, base + len(out)), _BLOOM_SIZE: (I32, len(raw))}
        out += raw
    if at := get(chunk, _VALUES_AT):
        size = get(chunk, _VALUES_SIZE)
        chunk[_VALUES_AT] = (I64, base + len(out))
        out += file.span(at, at + size)
    if at := get(chunk, _OFFSETS_AT):
        index, _ = thrift.read(bytes(file.span(at, at + get(chunk, _OFFSETS_SIZE))))
        for page in get(index, _PAGES)[1]:
            _shift(page, _PAGE_AT, shift)
        raw = thrift.write(index)
        chunk |= {_OFFSETS_AT: (I64, base + len(out)), _OFFSETS_SIZE: (I32, len(raw))}
        out += raw
    chunk[_META] = (STRUCT, meta)
    return chunk


def _shift(said: Struct, number: int, by: int) -> None:
    """Move a place; 0 is none."""
    kind, place = said.get(number, (BINARY, 0))
    if place:
        said[number] = (kind, place + by)


def _bloom(file: Ranged, at: int, size: int | None) -> bytes:
    """A Bloom filter with its head; older writers do not say its size."""
    if size is None:
        head = bytes(file.span(at, min(file.size, at + _BLOOM_HEAD)))
        said, length = thrift.read(head)
        size = length + int(get(said, 1, 0))
    return bytes(file.span(at, at + size))
