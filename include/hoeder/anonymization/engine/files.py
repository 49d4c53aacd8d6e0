"""From file to file: DuckDB counts distinct rows where they are, and rows are written a million at a time.

Memory: DuckDB has half a gigabyte, beyond which it counts on disk. Besides that it takes what the distinct rows need
(of all columns that play a part, the person included) and a million rows while writing; how many rows there are, in one
file or in a folder of partitions, does not matter.
"""

import csv
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Literal

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from hoeder.anonymization.engine import spark
from hoeder.anonymization.engine.anonymize import make
from hoeder.anonymization.engine.apply import Made
from hoeder.anonymization.engine.check import check
from hoeder.anonymization.engine.columns import Ints
from hoeder.anonymization.engine.limits import Limits, Roles, Unfit
from hoeder.anonymization.engine.report import Report, report
from hoeder.anonymization.engine.search import Aim, Labels
from hoeder.anonymization.engine.sources import Hierarchy
from hoeder.anonymization.engine.untouched import refuse_personal

Engine = Literal["duckdb", "spark"]

TIMES = "rows like this one"
_MEMORY = "512MB"  # DuckDB's own share; beyond it, groups go to a temporary folder


def anonymize_file(
    source: Path,
    target: Path,
    told: Path,
    roles: Roles,
    limits: Limits,
    *,
    hierarchies: Mapping[str, Hierarchy] | None = None,
    labels: Labels = "hierarchy",
    aim: Aim = "counts",
    secret: int | None = None,
    engine: Engine = "duckdb",
) -> Report:
    """Anonymize a CSV or Parquet file, or a folder of Parquet files, into a CSV or Parquet file, and write its report.

    `engine` counts the source's distinct rows; what is written is the same, to the byte, whichever counted.
    Both appear whole, and only after the written rows were counted again; otherwise neither does. Raises Unfit, also
    where the source changed while it was read or a column that leaves as it is holds personal data, and GateFailed.
    """
    begun = perf_counter()
    _writable(source, target, told)
    before = _state(source)
    mark = secrets.token_hex(4)
    counted, times = count(source, roles, engine, scratch=target.with_name(f".{target.stem}.{mark}.counted"))
    if _state(source) != before:
        raise Unfit(f"{source.name} changed while it was read; try again when nobody writes to it")
    refuse_personal(counted, roles, int(times.sum()))
    read = perf_counter()
    made, _ = make(counted, roles, limits, times=times, hierarchies=hierarchies, labels=labels, aim=aim, secret=secret)
    del counted
    searched = perf_counter()
    # The suffix stays last: it says what the file is.
    new, new_told = (path.with_name(f".{path.stem}.{mark}{path.suffix}") for path in (target, told))
    try:
        write(made, new)
        written = perf_counter()
        checked = check(new, roles, limits, made.persons_by_row())
        seconds = {
            "read": read - begun, "anonymize": searched - read, "write": written - searched,
            "check": perf_counter() - written, "all": perf_counter() - begun,
        }  # fmt: skip
        found = report(
            made.classes, checked, limits, int(times.sum()),
            persons_counted=roles.person is not None, weights=roles.weights, seconds=seconds,
        )  # fmt: skip
        new_told.write_text(found.json(), encoding="utf-8")
        new.replace(target)
        new_told.replace(told)
    finally:
        new.unlink(missing_ok=True)
        new_told.unlink(missing_ok=True)
    return found


def count(source: Path, roles: Roles, engine: Engine, *, scratch: Path) -> tuple[pa.Table, Ints]:
    """Distinct rows of the columns that play a part, and how often each occurs."""
    if engine == "spark" and source.suffix == ".csv":
        raise Unfit(f"{source.name}: engine spark reads Parquet")
    wanted = [*roles.released, *([roles.person] if roles.person else [])]
    with closing(duckdb.connect()) as database:
        database.execute("set enable_progress_bar = false")
        database.execute("set preserve_insertion_order = false")
        database.execute("set memory_limit = ?", [_MEMORY])
        rows = _opened(database, source, wanted)
        missing = [name for name in wanted if name not in rows.columns]
        if missing:
            raise Unfit(f"{source.name}: no column {', '.join(missing)}; it has: {', '.join(rows.columns)}")
        columns = [duckdb.ColumnExpression(name) for name in wanted]
        times = duckdb.FunctionExpression("count", duckdb.StarExpression()).alias(TIMES)
        try:
            if engine == "spark":
                types = rows.select(*columns).limit(0).to_arrow_table().schema
                counted = spark.count(source, wanted, types, TIMES, scratch)
            else:
                counted = rows.aggregate([*columns, times]).to_arrow_table()
        except duckdb.Error as error:  # its text can hold a cell
            raise Unfit(f"{source.name} cannot be read to its end: {type(error).__name__}") from None
    return counted.select(wanted), counted.column(TIMES).to_numpy().astype(np.int64)


def write(made: Made, target: Path) -> None:
    """Write rows as CSV or Parquet, by the name's suffix."""
    if target.suffix == ".csv":
        schema = made.schema
        with pyarrow.csv.CSVWriter(target, schema) as cells:
            for part in made.batches():
                cells.write_table(part.cast(schema))
        return
    parts = made.batches()
    first = next(parts)
    # Without Arrow's own schema the file says `string`, which every reader knows.
    with pq.ParquetWriter(target, first.schema, compression="zstd", store_schema=False) as parquet:
        parquet.write_table(first)
        for part in parts:
            parquet.write_table(part)


def _opened(database: duckdb.DuckDBPyConnection, source: Path, wanted: Sequence[str]) -> duckdb.DuckDBPyRelation:
    separator = _separator(source, wanted) if source.suffix == ".csv" else ""
    try:
        if separator:  # said rather than guessed: guessing passes over lines that do not suit the guess
            return database.read_csv(str(source), sep=separator, header=True, skiprows=0, sample_size=-1)
        if source.is_dir():  # what folders are named after (`month=1`) is a column
            return database.read_parquet(str(source / "**" / "*.parquet"), hive_partitioning=True)
        return database.read_parquet(str(source))
    except duckdb.Error as error:
        kind = "CSV in UTF-8 with as many cells in every line as in the first" if separator else "Parquet"
        raise Unfit(f"{source.name} cannot be read as {kind}: {type(error).__name__}") from None


def _separator(source: Path, wanted: Sequence[str]) -> str:
    """What stands between the cells of the first line, such that it names most of what is wanted."""
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
    except (OSError, UnicodeError) as error:
        raise Unfit(f"{source.name} cannot be read as UTF-8 text") from error
    if not first.strip():
        raise Unfit(f"{source.name}: its first line is empty; it should name the columns")
    best = max(",;\t|", key=lambda mark: len({*next(csv.reader([first], delimiter=mark))} & {*wanted}))
    if not {*next(csv.reader([first], delimiter=best))} & {*wanted}:  # its cells may be somebody's: not repeated
        raise Unfit(f"{source.name}: its first line names none of {', '.join(wanted)}; it should name the columns")
    return best


def _writable(source: Path, target: Path, told: Path) -> None:
    if not source.exists():
        raise Unfit(f"{source} does not exist")
    if source.is_file() and source.suffix not in {".csv", ".parquet"}:
        raise Unfit(f"{source.name}: a source is a .csv or .parquet file, or a folder of Parquet files")
    if target.suffix not in {".csv", ".parquet"}:
        raise Unfit(f"{target.name}: what is written is .csv or .parquet")
    if len({path.resolve() for path in (source, target, told)}) < 3:
        raise Unfit("the source, the rows that leave and the report are three different files")
    for path in (target, told):
        if path.is_dir() or not os.access(path.parent, os.W_OK):
            raise Unfit(f"{path} cannot be written: its folder is not there or not open to us")


def _state(source: Path) -> list[tuple[str, int, int]]:
    """Names, sizes and moments of change of the source's files."""
    files = sorted(source.rglob("*.parquet")) if source.is_dir() else [source]
    return [(str(file), (found := file.stat()).st_size, found.st_mtime_ns) for file in files]
