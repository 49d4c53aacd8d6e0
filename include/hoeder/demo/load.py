"""Rows into PostgreSQL: databases, tables, COPY."""

import os
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

import hoeder
from hoeder.demo.world import Stream
from hoeder.stack.postgres import Postgres

_SCHEMAS = Path(__file__).parent / "schema"
_ROOT = Path(hoeder.__file__).parents[2]


def create_database(server: Postgres, name: str) -> None:
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def existing_databases(server: Postgres) -> frozenset[str]:
    with psycopg.connect(server.conninfo()) as connection:
        return frozenset(name for (name,) in connection.execute("SELECT datname FROM pg_database"))


def fill(server: Postgres, database: str, streams: Iterable[Stream]) -> dict[str, int]:
    """Create the tables of a database and copy the rows in, in one transaction. Returns the number of rows by table."""
    counts = {}
    with psycopg.connect(server.conninfo(database)) as connection:
        connection.execute((_SCHEMAS / f"{database}.sql").read_bytes())
        for stream in streams:
            counts[f"{database}.{stream.table}"] = _copy(connection, stream)
    with psycopg.connect(server.conninfo(database), autocommit=True) as connection:
        connection.execute("ANALYZE")
    return counts


def _copy(connection: psycopg.Connection, stream: Stream) -> int:
    table = sql.Identifier(stream.table)
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in stream.columns.split(", "))
    number = 0
    with connection.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)) as copy:
            for row in stream.rows:
                copy.write_row(row)
                number += 1
        cursor.execute(
            sql.SQL(
                "SELECT setval(s, (SELECT coalesce(max(id), 1) FROM {})) FROM pg_get_serial_sequence({}, 'id') AS s "
                "WHERE s IS NOT NULL"
            ).format(table, sql.Literal(stream.table))
        )
    return number


def northwind() -> Path | None:
    """The Northwind file where there is one: HOEDER_NORTHWIND, or the folder of shared data beside the project."""
    places = [os.environ.get("HOEDER_NORTHWIND"), _ROOT.parent / "shared" / "data" / "northwind.sql"]
    return next((Path(place) for place in places if place and Path(place).is_file()), None)


def load_northwind(server: Postgres, database: str, file: Path) -> None:
    """Run the file as it is. It says for itself in which schema and encoding."""
    with psycopg.connect(server.conninfo(database)) as connection:
        connection.execute(file.read_bytes())
