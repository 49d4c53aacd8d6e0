"""The judged tables in a real PostgreSQL that lives as long as a run, and `hoeder scan` on it."""

# not a DAG: it may import what it measures
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import northwind
import psycopg
from column_kinds import Column, Table, Values
from column_score import Accepted, Key, key
from column_tools import Columns, Given
from psycopg import sql
from psycopg.types.json import Jsonb

from hoeder.stack import postgres

PASSWORD = "bench"  # noqa: S105  # of a server that lives as long as this run
HOEDER = Path(sys.executable).parent / "hoeder"
TEXTUAL = ("text", "char", "varchar", "jsonb")
Database = psycopg.Connection[tuple[object, ...]]
Loaded = Sequence[tuple[Table, Sequence[Values]]]


@dataclass(frozen=True)
class Scanned:
    """What one scan printed, and what it took: seconds by the clock, and of processor time of the command itself."""

    printed: list[dict[str, object]]
    seconds: float
    processor: float


@dataclass(frozen=True)
class Judged:
    """A set of columns with verdicts, and the same columns as text for tools that read no database."""

    title: str
    verdicts: Mapping[Key, Accepted]
    texts: Columns


class Server:
    """A throwaway PostgreSQL with one database for each set of tables."""

    def __init__(self, server: postgres.Postgres) -> None:
        self.server = server

    @contextmanager
    def database(self, name: str) -> Iterator[Database]:
        with psycopg.connect(self.server.conninfo(), autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with psycopg.connect(self.server.conninfo(name), autocommit=True) as connection:
            yield connection

    def scan(self, name: str, *options: str) -> Scanned:
        """Run the command on one database; what it says on standard error is shown if it fails."""
        uri = f"postgresql://{self.server.superuser}@{self.server.host}:{self.server.port}/{name}"
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
        done = subprocess.run(
            [HOEDER, "scan", uri, "--json", *options], capture_output=True, text=True, check=False,
            env=os.environ | {"PGPASSWORD": PASSWORD},
        )  # fmt: skip
        seconds, after = perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(f"hoeder scan of {name} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Scanned(json.loads(done.stdout), seconds, used)


@contextmanager
def running() -> Iterator[Server]:
    home = Path(tempfile.mkdtemp(prefix="hoeder-bench-"))
    try:
        yield Server(postgres.start(home, PASSWORD, throwaway=True))
    finally:
        postgres.stop(home)
        shutil.rmtree(home, ignore_errors=True)


def load(connection: Database, loaded: Loaded) -> None:
    """Make the tables and copy their rows in; paths become documents."""
    for table, rows in loaded:
        name = sql.Identifier(table.name)
        first = {column.root: column for column in reversed(table.columns)}
        kinds = [_type(connection, table.name, first[root]) for root in table.roots]
        fields = [
            sql.SQL("{} {}").format(sql.Identifier(root), kind) for root, kind in zip(table.roots, kinds, strict=True)
        ]
        connection.execute(sql.SQL("CREATE TABLE {} ({})").format(name, sql.SQL(", ").join(fields)))
        for column in table.columns:
            if column.comment:
                says = sql.SQL("COMMENT ON COLUMN {}.{} IS {}")
                connection.execute(says.format(name, sql.Identifier(column.root), sql.Literal(column.comment)))
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
            for row in rows:
                copy.write_row(_record(table, row))
    connection.execute("ANALYZE")


def _type(connection: Database, table: str, column: Column) -> sql.Composable:
    kind, _, labels = column.type.partition(" ")
    if kind != "enum":
        return sql.SQL(column.type)
    name = sql.Identifier(f"{table}_{column.root}_kind")
    listed = sql.SQL(", ").join(sql.Literal(label) for label in labels.split(","))
    connection.execute(sql.SQL("CREATE TYPE {} AS ENUM ({})").format(name, listed))
    return name


def _record(table: Table, row: Values) -> list[object]:
    record: dict[str, object] = {}
    for column, value in zip(table.columns, row, strict=True):
        if column.in_json:
            inner = record.setdefault(column.root, {})
            *path, last = column.name.split(".")[1:]
            for step in path:
                inner = inner.setdefault(step, {})  # type: ignore[attr-defined]
            inner[last] = value  # type: ignore[index]
        else:
            record[column.root] = value
    return [Jsonb(value) if isinstance(value, dict) else value for value in record.values()]


def company(title: str, loaded: Loaded) -> Judged:
    verdicts: dict[Key, Accepted] = {}
    texts: dict[str, Given] = {}
    for table, rows in loaded:
        for at, column in enumerate(table.columns):
            verdicts[key(table.name, column.name)] = column.verdict
            listed = [as_text(row[at]) for row in rows]
            texts[f"{table.name} {column.name}"] = Given(column.type.startswith(TEXTUAL), listed)
    return Judged(title, verdicts, texts)


def as_text(value: object) -> str | None:
    """As a tool would see it that reads text: lists joined, bytes in hexadecimal."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.hex()
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def load_northwind(connection: Database, path: Path) -> Judged:
    """Northwind as it is published, less one setting that PostgreSQL no longer knows."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    connection.execute("".join(line for line in lines if not line.startswith("SET default_with_oids")).encode())
    connection.execute("RESET ALL")
    texts: dict[str, Given] = {}
    for table, column in northwind.VERDICTS:
        query = sql.SQL("SELECT {0}::text, pg_typeof({0})::text FROM {1}").format(
            sql.Identifier(column), sql.Identifier("public", table)
        )
        found = connection.execute(query).fetchall()
        textual = all(str(kind).startswith(TEXTUAL) for _, kind in found)
        texts[f"{table} {column}"] = Given(textual, [as_text(value) for value, _ in found])
    return Judged("Northwind", {key(*at): verdict for at, verdict in northwind.VERDICTS.items()}, texts)


def options() -> frozenset[str]:
    """What this version of the command offers, of what is asked for here."""
    told = subprocess.run(
        [HOEDER, "scan", "--help"], capture_output=True, text=True, check=True, env=os.environ | {"COLUMNS": "200"}
    )
    return frozenset(option for option in ("--full", "--sample") if option in told.stdout)
