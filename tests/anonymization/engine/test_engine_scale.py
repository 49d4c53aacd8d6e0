"""A folder of partitions, counted by DuckDB or by Spark: the same release to the byte."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hoeder.anonymization.engine import Limits, Roles, Unfit, anonymize_file, spark

START = datetime(2026, 1, 1)  # noqa: DTZ001  # a column without a zone
ROLES = Roles(("age", "town", "seen", "at", "month"), ("illness",), ("paid", "score"), person="person")
LIMITS = Limits(5, l_distinct=2, max_suppressed=0.2)


def rows(count: int, seed: int) -> pa.Table:
    """Every kind of column, empty cells in all."""
    rng = np.random.default_rng(seed)

    def some(values: list) -> list:
        return [None if rng.random() < 0.03 else value for value in values]

    return pa.table({
        "person": pa.array([f"p{n}" for n in rng.integers(0, count // 2, count)]),
        "age": pa.array(some(rng.integers(18, 90, count).tolist()), pa.int32()),
        "town": pa.array(some(rng.choice(["Assen", "Breda", "Delft", "é"], count).tolist())),
        "seen": pa.array(some([date(2026, 1, 1) + timedelta(days=int(n)) for n in rng.integers(0, 90, count)])),
        "at": pa.array(some([START + timedelta(hours=int(n)) for n in rng.integers(0, 90, count)]), pa.timestamp("us")),
        "illness": pa.array(some(rng.choice(["a", "b", "c"], count).tolist())),
        "paid": pa.array(some([Decimal(int(n)) / 100 for n in rng.integers(0, 5, count)]), pa.decimal128(8, 2)),
        "score": pa.array(some((rng.integers(0, 4, count) / 4).tolist()), pa.float64()),
    })  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of two files each, the month in the folder's name alone."""
    found = tmp_path_factory.mktemp("partitioned")
    for month in (1, 2):
        part = found / f"month={month}"
        part.mkdir()
        for file in (0, 1):
            pq.write_table(rows(600, 10 * month + file), part / f"{file}.parquet")
    return found


def release(source: Path, to: Path, name: str, **kwargs: object) -> tuple[bytes, dict]:
    target, told = to / f"{name}.parquet", to / f"{name}.json"
    anonymize_file(source, target, told, ROLES, LIMITS, **kwargs)
    report = json.loads(told.read_text())
    del report["seconds"]
    return target.read_bytes(), report


def test_a_folder_of_partitions_gives_what_one_file_gives(folder, tmp_path):
    whole = tmp_path / "whole.parquet"
    parts = [
        pq.ParquetFile(path).read().append_column("month", pa.array([int(path.parent.name[6:])] * 600, pa.int64()))
        for path in sorted(folder.rglob("*.parquet"))
    ]
    pq.write_table(pa.concat_tables(parts), whole)
    assert release(folder, tmp_path, "parts") == release(whole, tmp_path, "one")


@pytest.mark.skipif(spark.missing() is not None, reason=f"engine spark: {spark.missing()}")
def test_spark_gives_what_duckdb_gives_to_the_byte(folder, tmp_path):
    ours = release(folder, tmp_path, "duckdb")
    assert release(folder, tmp_path, "spark", engine="spark") == ours
    assert ours[1]["rows_out"] > 1_900
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "duckdb.json",
        "duckdb.parquet",
        "spark.json",
        "spark.parquet",
    ]


def test_without_spark_it_is_said_what_is_missing(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(spark, "missing", lambda: "there is no Java: install a JRE")
    with pytest.raises(Unfit, match="engine spark: there is no Java"):
        release(folder, tmp_path, "spark", engine="spark")
    assert list(tmp_path.iterdir()) == []


def test_spark_reads_parquet_alone(tmp_path):
    source = tmp_path / "rows.csv"
    source.write_text("age\n1\n")
    with pytest.raises(Unfit, match="engine spark reads Parquet"):
        release(source, tmp_path, "spark", engine="spark")
