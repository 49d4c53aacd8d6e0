"""Rows inside Parquet: a row group is read where its statistics cannot rule it out, and written where a row of it goes.

Row groups that keep all their rows are moved as bytes. One that loses some is written by pyarrow with the same schema,
compression, dictionaries, page index and Bloom filters, in pieces where it is larger than 32 MB. A file whose row
groups cannot be moved (see `row_groups.Unusual`) is written anew as a whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from hoeder.pseudonym import ReferenceKey
from hoeder.stores import row_groups
from hoeder.stores.looked import Looked, People, Unreadable
from hoeder.stores.ranged import RangedObject
from hoeder.stores.row_groups import Assembly, Layout, Unusual
from hoeder.stores.selection import Selection, Verdict, as_day

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa
    import pyarrow.parquet as pq

    Flags = npt.NDArray[np.bool_]

_BUFFER = 1024 * 1024
_BATCH = 65_536
_PIECE = 32 * 1024 * 1024
_STREAMS = 32 * 1024 * 1024  # for all columns of a row group that is too large to be in memory
_FALSE_ALARMS = 0.01  # of a Bloom filter that is made again; a file does not say which share it was made for


class Sink(row_groups.Sink, Protocol):
    """Where the new file goes: parts are written, or copied from the old one."""


def look(file: RangedObject, selection: Selection, may_hold: Sequence[bool] | None, remember: bool) -> Looked:
    """Count what the file holds of a selection; `may_hold` and `remember` as `inside.look` has them."""
    opened = _opened(file, selection)
    looked = Looked()
    for group in range(opened.num_row_groups):
        spared = (may_hold is not None and not may_hold[group]) or not _can_match(opened, group, selection)
        if spared and not remember:
            looked.rows += opened.metadata.row_group(group).num_rows
            looked.skipped += 1
            looked.oldest = min(filter(None, [looked.oldest, _oldest(opened, group, selection)]), default=None)
            looked.missing += _nulls(opened, group, selection)
            continue
        people = People(selection, remember)
        for batch in _batches(opened, group, selection):
            _judge(batch, selection, looked)
            for column, kind in selection.identifying.items():
                if remember and column in batch.schema.names:
                    people.add_values(kind, _coded(batch.column(column)).dictionary.to_pylist())
        looked.filters += people.filters()
    return looked


def sift(file: RangedObject, selection: Selection, sink: Sink) -> Looked:
    """Write the file without the rows that go to `sink`."""
    opened = _opened(file, selection)
    looked = Looked()
    try:
        old = row_groups.layout(file)
        if opened.num_row_groups != len(old.groups):
            raise Unusual("row groups that are not listed")
        if old.groups and row_groups.layout(_Piece(opened, None, _as_written(opened, 0))).schema != old.schema:
            raise Unusual("a schema that is written in another way now")
    except Unusual:
        _anew(file, opened, selection, sink, looked)
        return looked
    try:
        made = _assembled(file, opened, old, selection, sink, looked)
    except (ValueError, TypeError) as error:  # the parsers' own words can quote the content
        raise Unreadable(
            f"an object's indexes cannot be read ({type(error).__name__}); it was left as it was"
        ) from None
    looked.made, looked.copied = made.made, made.copied
    return looked


def _assembled(
    file: RangedObject, opened: pq.ParquetFile, old: Layout, selection: Selection, sink: Sink, looked: Looked
) -> Assembly:
    """The new file, put together from row groups of the old one and new ones in place of those that lose rows."""
    made = Assembly(file, old, sink)
    for number, group in enumerate(old.groups):
        goes = _goes(opened, number, selection, looked)
        if goes is None:
            made.keep(number)
            continue
        if group.stop - group.start <= _PIECE:
            file.keep(group.start, group.stop)
        written = _as_written(opened, number) | _filters(old, number)
        for table in _what_stays(file, opened, number, goes):
            made.add(_Piece(opened, table, written))
        file.let_go(group.start)
    last = max((group.stop for group in old.groups), default=old.footer)
    if old.footer - last <= _PIECE:
        file.keep(last, old.footer)  # indexes and filters, in one request
    made.finish()
    return made


def _goes(opened: pq.ParquetFile, group: int, selection: Selection, looked: Looked) -> Flags | None:
    """For each row of a row group whether it goes; None where none does."""
    import numpy as np

    if not _can_match(opened, group, selection):
        looked.rows += opened.metadata.row_group(group).num_rows
        return None
    before = looked.goes
    parts = [_judge(batch, selection, looked) for batch in _batches(opened, group, selection)]
    return np.concatenate(parts) if looked.goes > before else None


def _what_stays(file: RangedObject, opened: pq.ParquetFile, group: int, goes: Flags) -> Iterator[pa.Table]:
    """The rows of a row group that do not go: at once, or 16 MB at a time where they are more than 32 MB."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    said = opened.metadata.row_group(group)
    if said.total_byte_size <= _PIECE:
        tables = iter([opened.read_row_group(group)])
    else:
        rows = max(1, said.num_rows * _PIECE // 2 // said.total_byte_size)
        buffer = min(_BUFFER * 4, max(_BUFFER // 16, _STREAMS // said.num_columns))  # one for each column
        streamed = pq.ParquetFile(file, metadata=opened.metadata, buffer_size=buffer, pre_buffer=False)
        batches = streamed.iter_batches(batch_size=rows, row_groups=[group])
        tables = (pa.Table.from_batches([batch]) for batch in batches)
    at = 0
    for table in tables:
        part = goes[at : at + table.num_rows]
        at += table.num_rows
        stays = table.filter(pa.array(~part)) if part.any() else table
        if stays.num_rows:
            yield stays


class _Piece:
    """A Parquet file in memory, of some rows or of none."""

    def __init__(self, opened: pq.ParquetFile, table: pa.Table | None, written: dict[str, Any]) -> None:
        import pyarrow.parquet as pq

        held = io.BytesIO()
        with pq.ParquetWriter(held, opened.schema_arrow, **written) as writer:
            if table is not None:
                writer.write_table(table, row_group_size=table.num_rows)
        self._raw = held.getbuffer()
        self.size = len(self._raw)

    def span(self, start: int, stop: int) -> memoryview:
        return self._raw[start:stop]


def _anew(
    file: RangedObject, opened: pq.ParquetFile, selection: Selection, sink: Sink, looked: Looked
) -> None:  # fmt: skip
    """Write all of the file again."""
    import pyarrow.parquet as pq

    written = _as_written(opened, 0) if opened.num_row_groups else {}
    with pq.ParquetWriter(sink, opened.schema_arrow, **written) as writer:
        for group in range(opened.num_row_groups):
            goes = _goes(opened, group, selection, looked)
            for table in _what_stays(file, opened, group, _nobody(opened, group) if goes is None else goes):
                writer.write_table(table, row_group_size=table.num_rows)
        known = set(opened.schema_arrow.metadata or {}) | {b"ARROW:schema"}
        rest = {name: value for name, value in (opened.metadata.metadata or {}).items() if name not in known}
        if rest:
            writer.add_key_value_metadata(rest)


def _nobody(opened: pq.ParquetFile, group: int) -> Flags:
    import numpy as np

    return np.zeros(opened.metadata.row_group(group).num_rows, dtype=bool)


def _opened(file: RangedObject, selection: Selection) -> pq.ParquetFile:
    import pyarrow.parquet as pq

    file.tail()
    file.seek(0)
    # With a buffer size, columns are streamed a page at a time; without, a whole row group would be fetched.
    opened = pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
    names = set(opened.schema_arrow.names)
    if absent := [column for column in selection.needed if column not in names]:
        raise Unreadable(f"an object has no column {', '.join(absent)}; it was left as it was")
    return opened


def _as_written(opened: pq.ParquetFile, group: int) -> dict[str, Any]:
    """How the file says that a row group was written."""
    meta = opened.metadata
    said: dict[str, Any] = {"version": meta.format_version if meta.format_version in ("1.0", "2.4", "2.6") else "2.6"}
    chunks = [meta.row_group(group).column(number) for number in range(meta.num_columns)]
    said["compression"] = {c.path_in_schema: c.compression.lower().replace("uncompressed", "none") for c in chunks}
    said["use_dictionary"] = [c.path_in_schema for c in chunks if c.has_dictionary_page]
    said["write_statistics"] = [c.path_in_schema for c in chunks if c.is_stats_set]
    said["write_page_index"] = any(c.has_offset_index for c in chunks)
    if sorting := meta.row_group(group).sorting_columns:
        said["sorting_columns"] = sorting
    return said


def _filters(old: Layout, group: int) -> dict[str, Any]:
    """The Bloom filters of a row group, to be made again: the old ones still know who went."""
    kind = {"ndv": max(1, old.groups[group].rows), "fpp": _FALSE_ALARMS}
    return {"bloom_filter_options": dict.fromkeys(row_groups.filtered(old.groups[group]), kind) or None}


def _batches(opened: pq.ParquetFile, group: int, selection: Selection) -> Iterator[pa.RecordBatch]:
    """The values of a row group by which rows are judged; other columns are not read."""
    columns = [name for name in selection.columns if name in opened.schema_arrow.names]
    yield from opened.iter_batches(batch_size=_BATCH, row_groups=[group], columns=columns)


def _judge(batch: pa.RecordBatch, selection: Selection, looked: Looked) -> Flags:
    """Count the rows of a batch and their days; for each whether it goes."""
    import numpy as np

    at = looked.rows
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
        may &= _named(batch, selection, selection.persons, selection.key)
    numbers = np.flatnonzero(may)
    if selection.decided_by_days_and_persons:
        looked.go(numbers + at)
        return may
    goes = np.zeros(batch.num_rows, dtype=bool)
    for number, row in zip(numbers, batch.take(numbers).to_pylist(), strict=True):
        verdict = selection.judge(row)
        looked.judge(at + int(number), verdict)
        goes[number] = verdict is Verdict.GOES
    return goes


def _named(
    batch: pa.RecordBatch, selection: Selection, persons: frozenset[tuple[str, bytes]], key: ReferenceKey
) -> Flags:
    """Whether each row names one of the persons; each value is asked for once."""
    import numpy as np

    named = np.zeros(batch.num_rows, dtype=bool)
    for column, kind in selection.identifying.items():
        if column in batch.schema.names:
            coded = _coded(batch.column(column))
            wanted = [
                value not in (None, "") and (kind, key.subject(kind, value)) in persons
                for value in coded.dictionary.to_pylist()
            ]
            places = coded.indices.fill_null(len(wanted)).to_numpy(zero_copy_only=False)
            named |= np.array([*wanted, False])[places]
    return named


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
    """Whether a row group can hold a row that goes, by its statistics.

    The latest anchor counts: where every row has one that is too late, none is due.
    """
    if selection.until is None:
        return True
    for name in selection.anchors:
        stats = _statistics(opened, group, name)
        first = _smallest(stats)
        everywhere = len(selection.anchors) == 1 or (stats.has_null_count and not stats.null_count)
        if first is not None and first > selection.until and everywhere:
            return False
    return True


def _oldest(opened: pq.ParquetFile, group: int, selection: Selection) -> date | None:
    if len(selection.anchors) != 1:
        return None
    return _smallest(_statistics(opened, group, selection.anchors[0]))


def _nulls(opened: pq.ParquetFile, group: int, selection: Selection) -> int:
    stats = _statistics(opened, group, selection.anchors[0]) if len(selection.anchors) == 1 else None
    return int(stats.null_count or 0) if stats is not None else 0


def _smallest(stats: Any) -> date | None:
    """A day before which no value lies, by the statistics of a column chunk.

    The smallest of texts need not be the earliest day (20240101 comes after 2024-12-31): its year alone counts, and of
    that the evening before, as a moment in another zone falls on another day.
    """
    if stats is None or not stats.has_min_max:
        return None
    if not isinstance(stats.min, str):
        return as_day(stats.min)
    year = stats.min[:4]
    return date(int(year), 1, 1) - timedelta(days=1) if year.isascii() and year.isdigit() and year > "0001" else None


def _statistics(opened: pq.ParquetFile, group: int, column: str) -> Any:
    meta = opened.metadata.row_group(group)
    for number in range(meta.num_columns):
        if meta.column(number).path_in_schema == column:
            return meta.column(number).statistics
    return None
