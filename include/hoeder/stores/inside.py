"""Rows inside an object: which go, and the object without them. Parquet, JSON lines and CSV, plain, gzip or Zstandard.

What is copied how: lines and CSV records that stay are copied byte for byte and compressed anew. Parquet is written
anew by pyarrow, row group by row group, with the same schema, compression, dictionaries, page index and metadata: the
values of a row group without a match are the same, its bytes need not be. A row group that is not written is not read.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO, TYPE_CHECKING, Any, cast

from hoeder.errors import StoreError
from hoeder.pseudonym import ReferenceKey
from hoeder.stores import files, limits
from hoeder.stores.bloom import Bloom
from hoeder.stores.ranged import RangedObject
from hoeder.stores.selection import Selection, Verdict, as_day

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_BUFFER = 1024 * 1024
_FETCH = 4 * 1024 * 1024
_LONGEST = 64 * 1024 * 1024
_BATCH = 65_536


@dataclass
class Looked:
    """What an object holds of a selection, and what may be remembered of it."""

    rows: int = 0
    goes: int = 0
    held: int = 0
    missing: int = 0  # rows whose anchor is absent or no day
    oldest: date | None = None
    filters: list[Bloom] = field(default_factory=list)
    """Of each row group who is in it; one for a file of lines."""
    skipped: int = 0  # row groups of which nothing but the footer was read
    _which: Any = field(default_factory=hashlib.sha256, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """Of the places of the rows that go: whether two looks at a version mean the same rows."""
        return str(self._which.hexdigest())

    def judge(self, place: int, verdict: Verdict) -> None:
        """Count a verdict on the row at a place, from 0."""
        self.goes += verdict is Verdict.GOES
        self.held += verdict is Verdict.HELD
        if verdict is Verdict.GOES:
            self._which.update(b"%d " % place)

    def add(self, verdict: Verdict, day: date | None, *, dated: bool) -> None:
        """Count one row."""
        self.judge(self.rows, verdict)
        self.rows += 1
        if dated and day is None:
            self.missing += 1
        if day is not None:
            self.oldest = min(day, self.oldest or day)


class Unreadable(StoreError):
    """An object in which rows cannot be told apart; it was left as it was."""


def format_of(key: str, head: bytes) -> str | None:
    """`parquet`, `jsonl`, `csv`, or None for an object whose rows are not known."""
    if head.startswith(b"PAR1"):
        return "parquet"
    ending = files.kind_of(key)
    return {"jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl", "csv": "csv", "tsv": "csv"}.get(ending)


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
            return _look_parquet(file, selection, may_hold, remember)
        looked, people = Looked(), _People(selection, remember)
        for row, _ in _records(file, key, kind, selection):
            looked.add(selection.judge(row), selection.day(row), dated=bool(selection.anchors))
            people.add(row)
        looked.filters = people.filters()
        return looked


def sift(file: RangedObject, key: str, selection: Selection, sink: IO[bytes]) -> Looked:
    """Write the object without the rows that go to `sink`, which is left open.

    Raises Unreadable, and what S3 raises.
    """
    kind, head = _open(file, key)
    with _readable():
        if kind == "parquet":
            return _sift_parquet(file, selection, sink)
        looked = Looked()
        with _packed(sink, head) as packed:
            for row, raw in _records(file, key, kind, selection, header=packed):
                verdict = selection.judge(row)
                looked.add(verdict, selection.day(row), dated=bool(selection.anchors))
                if verdict is not Verdict.GOES:
                    packed.write(raw)
        return looked


def _open(file: RangedObject, key: str) -> tuple[str, bytes]:
    file.seek(0)
    head = file.read(64) or b""
    file.seek(0)
    kind = format_of(key, head)
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


# --- lines ----------------------------------------------------------------------------------------------------------


def _records(
    file: RangedObject, key: str, kind: str, selection: Selection, header: IO[bytes] | None = None
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


# --- Parquet --------------------------------------------------------------------------------------------------------


def _look_parquet(file: RangedObject, selection: Selection, may_hold: Sequence[bool] | None, remember: bool) -> Looked:
    opened = _parquet(file, selection)
    looked = Looked()
    for group in range(opened.num_row_groups):
        rows = opened.metadata.row_group(group).num_rows
        spared = (may_hold is not None and not may_hold[group]) or not _can_match(opened, group, selection)
        if spared and not remember:
            looked.rows += rows
            looked.skipped += 1
            looked.oldest = min(filter(None, [looked.oldest, _oldest(opened, group, selection)]), default=None)
            looked.missing += _nulls(opened, group, selection)
            continue
        people = _People(selection, remember)
        for batch in _batches(opened, group, selection):
            at = looked.rows
            for number, verdict in _judged(batch, selection, looked):
                looked.judge(at + number, verdict)
            people.add_columns(batch)
        looked.filters += people.filters()
    return looked


def _sift_parquet(file: RangedObject, selection: Selection, sink: IO[bytes]) -> Looked:
    import pyarrow as pa
    import pyarrow.parquet as pq

    opened = _parquet(file, selection)
    file.seek(0)
    whole = pq.ParquetFile(file, pre_buffer=True)  # all columns of a row group in few requests
    looked = Looked()
    with pq.ParquetWriter(sink, opened.schema_arrow, **_as_written(opened)) as writer:
        for group in range(opened.num_row_groups):
            stays: list[bool] | None = None
            if _can_match(opened, group, selection):
                stays = []
                for batch in _batches(opened, group, selection):
                    part, at = [True] * batch.num_rows, looked.rows
                    for number, verdict in _judged(batch, selection, looked):
                        looked.judge(at + number, verdict)
                        part[number] = verdict is not Verdict.GOES
                    stays += part
            else:
                looked.rows += opened.metadata.row_group(group).num_rows
            table = whole.read_row_group(group)
            if stays is not None and not all(stays):
                table = table.filter(pa.array(stays))
            if table.num_rows:
                writer.write_table(table, row_group_size=table.num_rows)
        known = set(opened.schema_arrow.metadata or {}) | {b"ARROW:schema"}
        rest = {name: value for name, value in (opened.metadata.metadata or {}).items() if name not in known}
        if rest:
            writer.add_key_value_metadata(rest)
    return looked


def _parquet(file: RangedObject, selection: Selection) -> pq.ParquetFile:
    import pyarrow.parquet as pq

    file.seek(0)
    # With a buffer size, columns are streamed a page at a time; without, a whole row group would be fetched.
    opened = pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
    names = set(opened.schema_arrow.names)
    if absent := [column for column in selection.needed if column not in names]:
        raise Unreadable(f"an object has no column {', '.join(absent)}; it was left as it was")
    return opened


def _as_written(opened: pq.ParquetFile) -> dict[str, Any]:
    """How the file says that it was written; of an empty one nothing is known."""
    meta = opened.metadata
    said: dict[str, Any] = {"version": meta.format_version if meta.format_version in ("1.0", "2.4", "2.6") else "2.6"}
    if meta.num_row_groups == 0:
        return said
    first = [meta.row_group(0).column(number) for number in range(meta.num_columns)]
    said["compression"] = {c.path_in_schema: c.compression.lower().replace("uncompressed", "none") for c in first}
    said["use_dictionary"] = [c.path_in_schema for c in first if c.has_dictionary_page]
    said["write_statistics"] = [c.path_in_schema for c in first if c.is_stats_set]
    said["write_page_index"] = any(c.has_offset_index for c in first)
    if sorting := meta.row_group(0).sorting_columns:
        said["sorting_columns"] = sorting
    return said


def _batches(opened: pq.ParquetFile, group: int, selection: Selection) -> Iterator[pa.RecordBatch]:
    """The values of a row group by which rows are judged; other columns are not read."""
    columns = [name for name in selection.columns if name in opened.schema_arrow.names]
    yield from opened.iter_batches(batch_size=_BATCH, row_groups=[group], columns=columns)


def _judged(batch: pa.RecordBatch, selection: Selection, looked: Looked) -> Iterator[tuple[int, Verdict]]:
    """Rows that may go, by their number, and the verdict on each; counts all rows of the batch, and their days."""
    import numpy as np

    looked.rows += batch.num_rows
    may = np.ones(batch.num_rows, dtype=bool)
    if selection.anchors:
        days = [_days(batch.column(name)) for name in selection.anchors if name in batch.schema.names]
        there = [~np.isnat(each) for each in days]
        latest = np.fmax.reduce(days)
        whole = np.logical_or.reduce(there)
        looked.missing += int((~whole).sum())
        if whole.any():
            first: date = np.nanmin(latest[whole]).astype(object)
            looked.oldest = min(first, looked.oldest or first)
        if selection.until is not None:
            may &= whole & (latest <= np.datetime64(selection.until))
    if selection.persons is not None and selection.key is not None:
        named = np.zeros(batch.num_rows, dtype=bool)
        for column, kind in selection.identifying.items():
            if column in batch.schema.names:
                coded = _coded(batch.column(column))
                wanted = [
                    value not in (None, "") and (kind, selection.key.subject(kind, value)) in selection.persons
                    for value in coded.dictionary.to_pylist()
                ]
                places = coded.indices.fill_null(len(wanted)).to_numpy(zero_copy_only=False)
                named |= np.array([*wanted, False])[places]
        may &= named
    numbers = np.flatnonzero(may)
    for number, row in zip(numbers, batch.take(numbers).to_pylist(), strict=True):
        yield int(number), selection.judge(row)


def _days(column: pa.Array) -> Any:
    """Days as numpy sees them; NaT where there is none. The same days as `as_day` finds."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_date32(column.type):
        return column.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype("datetime64[D]") + np.where(
            column.is_null().to_numpy(zero_copy_only=False), np.timedelta64("NaT", "D"), np.timedelta64(0, "D")
        )
    coded = _coded(column)
    found = np.array([as_day(value) for value in _plain(coded.dictionary)] + [None], dtype="datetime64[D]")
    return found[coded.indices.fill_null(len(found) - 1).to_numpy(zero_copy_only=False)]


def _coded(column: pa.Array) -> Any:
    import pyarrow as pa

    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def _plain(values: pa.Array) -> Iterator[object]:
    """One by one: a moment that Python cannot hold is no day, and spoils no other."""
    for value in values:
        try:
            yield value.as_py()
        except (ValueError, OverflowError):
            yield None


def _can_match(opened: pq.ParquetFile, group: int, selection: Selection) -> bool:
    """Whether a row group can hold a row that goes, by its statistics."""
    if selection.until is None:
        return True
    days = [_smallest(opened, group, name) for name in selection.anchors]
    # The latest anchor counts: where the smallest value of one of them is too late, no row is due, save one that
    # lacks this one.
    return not (len(days) == 1 and days[0] is not None and days[0] > selection.until)


def _oldest(opened: pq.ParquetFile, group: int, selection: Selection) -> date | None:
    return _smallest(opened, group, selection.anchors[0]) if len(selection.anchors) == 1 else None


def _nulls(opened: pq.ParquetFile, group: int, selection: Selection) -> int:
    stats = _statistics(opened, group, selection.anchors[0]) if len(selection.anchors) == 1 else None
    return int(stats.null_count or 0) if stats is not None else 0


def _smallest(opened: pq.ParquetFile, group: int, column: str) -> date | None:
    stats = _statistics(opened, group, column)
    return as_day(stats.min) if stats is not None and stats.has_min_max else None


def _statistics(opened: pq.ParquetFile, group: int, column: str) -> Any:
    meta = opened.metadata.row_group(group)
    for number in range(meta.num_columns):
        if meta.column(number).path_in_schema == column:
            return meta.column(number).statistics
    return None


class _People:
    """References of everybody in one part of an object, for a filter."""

    def __init__(self, selection: Selection, remember: bool) -> None:
        self._key: ReferenceKey | None = selection.key if remember else None
        self._identifying = selection.identifying
        self._seen: dict[tuple[str, object], bytes] = {}

    def add(self, row: Mapping[str, object]) -> None:
        """Whoever a row names."""
        if self._key is None:
            return
        for column, kind in self._identifying.items():
            value = row.get(column)
            if value not in (None, "") and (kind, value) not in self._seen:
                self._seen[kind, value] = self._key.subject(kind, value)

    def add_columns(self, batch: pa.RecordBatch) -> None:
        """Whoever a batch names."""
        if self._key is None:
            return
        for column in self._identifying:
            if column in batch.schema.names:
                for value in _coded(batch.column(column)).dictionary.to_pylist():
                    self.add({column: value})

    def filters(self) -> list[Bloom]:
        """One filter, or none where nobody is to be remembered."""
        return [] if self._key is None else [Bloom.of(set(self._seen.values()))]
