"""Parquet without some of its rows: row groups that keep theirs are the same bytes, and every reader finds its way."""

import contextlib
import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.stores import inside, parquet, row_groups, thrift
from hoeder.stores.anchors import StoredObject
from hoeder.stores.looked import Looked
from hoeder.stores.ranged import RangedObject
from hoeder.stores.row_groups import Unusual
from hoeder.stores.selection import Selection

UNTIL = date(2025, 12, 31)
FIRST = date(2025, 1, 1)


class Memory:
    """As much of an S3 client as a ranged object asks for."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def get_object(self, Range: str, **_: str) -> dict[str, Any]:  # S3's name
        first, last = map(int, re.findall(r"\d+", Range))
        return {"Body": io.BytesIO(self.raw[first : last + 1])}


class Buffer(io.BytesIO):
    """What an upload does with a range, done in memory; `copied` keeps the ranges."""

    def __init__(self, old: bytes) -> None:
        super().__init__()
        self.old, self.copied = old, list[tuple[int, int]]()

    def copy(self, start: int, stop: int) -> None:
        self.copied.append((start, stop))
        self.write(self.old[start:stop])


def opened(raw: bytes) -> RangedObject:
    stored = StoredObject("a.parquet", len(raw), "e", datetime.now(UTC), None)
    return RangedObject(Memory(raw), "b", stored)  # type: ignore[arg-type]


def sifted(raw: bytes) -> tuple[bytes, Looked, Buffer]:
    """A file without the rows of 2025."""
    sink = Buffer(raw)
    looked = inside.sift(opened(raw), "a.parquet", Selection("s", "t/", {}, ("on_day",), UNTIL), sink)
    return sink.getvalue(), looked, sink


def table(days: list[int]) -> pa.Table:
    """A row for each number of days after new year 2025; those from 365 on stay."""
    count = len(days)
    return pa.table(
        {
            "id": list(range(count)),
            "on_day": pa.array([FIRST + timedelta(days=day) for day in days], pa.date32()),
            "text": pa.array([None if n % 3 else f"row {n % 5}" for n in range(count)]),
            "nested": pa.array([[{"x": float("nan"), "y": str(n)}] * (n % 3) for n in range(count)]),
            "kind": pa.array([f"k{n % 2}" for n in range(count)]).dictionary_encode(),
        }
    ).replace_schema_metadata({"made": "by a test"})


def parquet_of(rows: pa.Table, **how: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(rows, sink, **how)
    return sink.getvalue()


def pages_are_where_the_index_says(raw: bytes) -> int:
    """How many pages were found; each place in an offset index is that of a page with that size."""
    found = 0
    for group in row_groups.layout(opened(raw)).groups:
        for chunk in thrift.get(group.said, 1)[1]:
            if at := thrift.get(chunk, 4):
                index, end = thrift.read(raw, at)
                assert end - at == thrift.get(chunk, 5)
                for page in thrift.get(index, 1)[1]:
                    place = thrift.get(page, 1)
                    header, body = thrift.read(raw, place)
                    assert group.start <= place < group.stop
                    assert body - place + thrift.get(header, 3) == thrift.get(page, 2)
                    found += 1
    return found


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.integers(330, 400), min_size=1, max_size=60),
    size=st.integers(1, 25),
    how=st.fixed_dictionaries(
        {
            "compression": st.sampled_from(["none", "zstd", "snappy"]),
            "write_page_index": st.booleans(),
            "version": st.sampled_from(["1.0", "2.6"]),
            "data_page_version": st.sampled_from(["1.0", "2.0"]),
            "bloom_filter_options": st.sampled_from([None, {"id": {"ndv": 50, "fpp": 0.01}}]),
        }
    ),
)
def test_only_the_rows_that_go_are_missing_and_all_else_is_the_same_bytes(
    days: list[int], size: int, how: dict[str, Any]
) -> None:
    raw = parquet_of(table(days), row_group_size=size, **how)
    new, looked, sink = sifted(raw)
    before, after = pq.ParquetFile(io.BytesIO(raw)), pq.ParquetFile(io.BytesIO(new))
    stays = [n for n, day in enumerate(days) if day >= 365]
    rows = after.read()
    assert rows.column("id").to_pylist() == stays
    assert repr(rows.to_pylist()) == repr(before.read().take(pa.array(stays, pa.int64())).to_pylist())
    assert (looked.goes, looked.rows) == (len(days) - len(stays), len(days))
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert after.metadata.metadata == before.metadata.metadata
    assert after.metadata.created_by == before.metadata.created_by
    untouched = [g for g in range(before.num_row_groups) if min(days[g * size : (g + 1) * size]) >= 365]
    groups = row_groups.layout(opened(raw)).groups
    assert sum(stop - start for start, stop in sink.copied) - 4 * ((0, 4) in sink.copied) == sum(
        groups[g].stop - groups[g].start for g in untouched
    )
    if how["write_page_index"] and stays:
        assert pages_are_where_the_index_says(new) >= 5 * after.num_row_groups
    for number in range(after.num_row_groups):
        chunk = after.metadata.row_group(number).column(0)
        assert chunk.compression == {"none": "UNCOMPRESSED"}.get(how["compression"], how["compression"].upper())
        assert chunk.statistics.min in stays


def test_filters_know_who_stays_and_forget_who_went(tmp_path: Path) -> None:
    filters = {"id": {"ndv": 40, "fpp": 0.0001}}
    days = [400] * 20 + [400] * 10 + [10] * 10 + [400] * 20
    new, _, _ = sifted(parquet_of(table(days), row_group_size=20, bloom_filter_options=filters))
    (tmp_path / "new.parquet").write_bytes(new)

    def ruled_out(number: int) -> list[bool]:
        with duckdb.connect() as db:
            db.execute(f"select bloom_filter_excludes from parquet_bloom_probe('{tmp_path}/new.parquet', id, {number})")
            return [excluded for (excluded,) in db.fetchall()]

    assert ruled_out(5) == [False, True, True]
    assert ruled_out(25) == [True, False, True]
    assert ruled_out(35) == [True, True, True]
    assert ruled_out(45) == [True, True, False]


def test_another_reader_reads_every_value(tmp_path: Path) -> None:
    days = [400] * 50 + [400, 10] * 25 + [400] * 50
    new, _, _ = sifted(parquet_of(table(days), row_group_size=50, compression="zstd", write_page_index=True))
    (tmp_path / "new.parquet").write_bytes(new)
    found = (
        duckdb.connect()
        .execute(f"select count(*), sum(id), count(text), min(on_day) from '{tmp_path}/new.parquet'")
        .fetchall()
    )
    stays = [n for n, day in enumerate(days) if day == 400]
    assert found == [(len(stays), sum(stays), sum(n % 3 == 0 for n in stays), FIRST + timedelta(days=400))]


def test_a_row_group_larger_than_memory_allows_is_written_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_PIECE", 2_000)
    days = [400] * 300 + [10] + [400] * 299
    raw = parquet_of(table(days), row_group_size=300)
    new, looked, _ = sifted(raw)
    after = pq.ParquetFile(io.BytesIO(new))
    assert after.read().column("id").to_pylist() == [n for n in range(600) if n != 300]
    assert after.num_row_groups > 2
    assert looked.goes == 1


def test_a_file_whose_types_would_be_written_in_another_way_is_written_anew() -> None:
    rows = table([400] * 20 + [10] * 20).append_column("at", pa.array([0] * 40, pa.timestamp("ns")))
    raw = parquet_of(rows, row_group_size=20, use_deprecated_int96_timestamps=True)
    new, looked, sink = sifted(raw)
    assert sink.copied == []
    assert looked.made == []
    assert pq.read_table(io.BytesIO(new)).column("id").to_pylist() == list(range(20))


def test_a_row_group_that_lies_in_another_is_not_moved() -> None:
    raw = parquet_of(table([400] * 40), row_group_size=20)
    length = int.from_bytes(raw[-8:-4], "little")
    said, _ = thrift.read(raw[-8 - length : -8])
    first = thrift.get(said, 4)[1][0]
    said[4] = (thrift.LIST, (thrift.STRUCT, [first, first]))
    footer = thrift.write(said)
    broken = raw[: -8 - length] + footer + len(footer).to_bytes(4, "little") + b"PAR1"
    with pytest.raises(Unusual, match="lie in each other"):
        row_groups.layout(opened(broken))


FIELD = st.recursive(
    st.one_of(
        st.booleans().map(lambda value: (thrift.TRUE, value)),
        st.integers(-(2**62), 2**62).map(lambda value: (thrift.I64, value)),
        st.binary(max_size=9).map(lambda value: (thrift.BINARY, value)),
        st.binary(min_size=8, max_size=8).map(lambda value: (thrift.DOUBLE, value)),
        st.lists(st.binary(max_size=3), max_size=20).map(lambda some: (thrift.LIST, (thrift.BINARY, some))),
        st.lists(st.tuples(st.integers(-9, 9), st.binary(max_size=3)), min_size=1, max_size=4).map(
            lambda pairs: (thrift.MAP, (thrift.I32, thrift.BINARY, pairs))
        ),
    ),
    lambda inner: st.dictionaries(st.integers(1, 400), inner, max_size=4).map(lambda said: (thrift.STRUCT, said)),
    max_leaves=12,
)


@given(st.dictionaries(st.integers(1, 400), FIELD, max_size=6))
def test_a_structure_comes_back_as_it_was_written(said: thrift.Struct) -> None:
    raw = thrift.write(said)
    assert thrift.read(b"xx" + raw + b"rest", 2) == (said, 2 + len(raw))


@given(st.binary(max_size=60))
def test_what_is_no_structure_is_refused_and_nothing_else_happens(raw: bytes) -> None:
    with contextlib.suppress(ValueError):
        thrift.read(raw)


@pytest.mark.parametrize(
    ("smallest", "ruled_out"),
    [("2027-02-01", True), ("2026-01-01T00:30:00+05:00", False), ("20251231", False), ("1/2/2026", False)],
)
def test_texts_of_days_rule_a_row_group_out_by_their_year_alone(smallest: str, ruled_out: bool) -> None:
    """`20260101` comes after `2026-12-31`, so that within a year the smallest text is not the earliest day."""
    rows = pa.table({"id": [1, 2], "on_day": [smallest, "9"]})
    seen = inside.look(opened(parquet_of(rows)), "a.parquet", Selection("s", "t/", {}, ("on_day",), UNTIL))
    assert seen.skipped == ruled_out
