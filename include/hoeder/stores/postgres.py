"""What a PostgreSQL database holds: tables, row counts and a sample. Reads only; tells what it could not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import psycopg
from psycopg import sql

from hoeder.errors import StoreError
from hoeder.stores.samples import SampledColumn, SampledObject

Connection = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")

COUNT_EXACTLY_BELOW = 1_000_000
"""Rows by the statistics up to which a table is counted; above it the statistics' number is taken."""
READ_WHOLE_BELOW = 20_000
"""Rows up to which every row is read; of a larger table about as many, from blocks chosen by the seed."""
LONGEST = 4_000
"""Characters read of one value."""
_SPARSE = 500

_CATALOG = """
select c.oid::int8, n.nspname, c.relname, c.relkind::text,
       coalesce((select sum(case when l.reltuples < 0 then null else l.reltuples end)
                   from pg_partition_tree(c.oid) t join pg_class l on l.oid = t.relid where t.isleaf),
                case when c.relkind = 'p' then 0 else c.reltuples end)::float8,
       case when c.relkind in ('v', 'f') then null
            else coalesce((select sum(pg_total_relation_size(t.relid))
                             from pg_partition_tree(c.oid) t where c.relkind = 'p'),
                          pg_total_relation_size(c.oid)) end::int8,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              order by a.attnum),
       array(select format_type(a.atttypid, a.atttypmod) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum),
       array(select has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
               from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum),
       c.relrowsecurity
         and exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*') and p.polpermissive
                        and pg_get_expr(p.polqual, p.polrelid) = 'true'
                        and exists (select from unnest(p.polroles) r where r = 0 or pg_has_role(r, 'usage')))
         and not exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'v', 'm', 'p', 'f') and not c.relispartition
   and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
   and not exists (select from pg_depend d
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
 order by n.nspname, c.relname
"""


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    """As `format_type` writes it, such as `timestamp with time zone`."""
    readable: bool


@dataclass(frozen=True)
class Relation:
    """A table, view, materialized view, foreign table, or partitioned table with all its partitions."""

    name: str
    """As policy calls it: the schema is left out where the store declares it."""
    schema: str
    table: str
    kind: str
    estimate: int | None
    """Rows by the statistics; None where it was never analyzed or has no rows of its own."""
    bytes: int | None
    columns: tuple[Column, ...]
    shows_all: bool
    """Row security is on, and a policy lets this role see every row."""

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.table)


def read_only(db: Connection, *, seconds: int = 300) -> None:
    """Make a session unable to write, to wait long, or to be shown some rows of a table as if they were all."""
    db.read_only = True
    with said("preparing the session"):
        for setting, value in {
            "statement_timeout": f"{seconds}s",
            "lock_timeout": "5s",
            "row_security": "off",
            "datestyle": "ISO, YMD",
        }.items():
            db.execute("select set_config(%s, %s, false)", [setting, value])
        db.commit()


def relations(db: Connection, schemas: Sequence[str]) -> list[Relation]:
    """Every relation of the database outside PostgreSQL's own schemas and extensions, each once, readable or not.

    One in a declared schema goes by its bare name, any other as `schema.table`.
    """
    found: list[Relation] = []
    with said("reading the catalog"):
        rows = db.execute(_CATALOG).fetchall()
        db.commit()
    taken: dict[str, str] = {}
    for schema in schemas:
        for row in rows:
            if row[1] == schema:
                taken.setdefault(row[2], schema)
    for _oid, schema, table, kind, estimate, size, names, types, readable, shows_all in rows:
        name = table if taken.get(table) == schema else f"{schema}.{table}"
        columns = tuple(Column(*column) for column in zip(names, types, readable, strict=True))
        known = None if kind in "vf" or estimate is None or estimate < 0 else int(estimate)
        found.append(Relation(name, schema, table, kind, known, size, columns, shows_all))
    return found


def sample(db: Connection, relation: Relation, *, seed: int = 0) -> SampledObject:
    """Count a relation's rows and read values of every column. What cannot be read carries its reason."""
    denied = tuple(SampledColumn(c.name, c.type, problem="not read: permission denied") for c in relation.columns)
    readable = [column for column in relation.columns if column.readable]
    if not readable and relation.columns:
        return SampledObject(relation.name, None, relation.bytes, denied, "permission denied")
    try:
        rows = _attempt(db, relation, lambda: _count(db, relation))
        values = _attempt(db, relation, lambda: _values(db, relation, readable, rows, seed))
    except StoreError as error:
        problem = f"not read: {error}"
        columns = tuple(SampledColumn(c.name, c.type, problem=problem) for c in relation.columns)
        return SampledObject(relation.name, None, relation.bytes, columns, str(error))
    columns = tuple(
        SampledColumn(c.name, c.type, values[c.name]) if c.readable else no
        for c, no in zip(relation.columns, denied, strict=True)
    )
    partly = None if len(readable) == len(relation.columns) else "permission denied on some columns"
    return SampledObject(relation.name, rows, relation.bytes, columns, partly)


def tally(
    db: Connection, relation: Relation, *, due: sql.Composable, missing: sql.Composable, day: sql.Composable
) -> tuple[int, int, int, date | None]:
    """Rows, rows for which each condition holds, and the earliest of a date expression. Raises StoreError."""
    query = sql.SQL(
        "select count(*), count(*) filter (where {due}), count(*) filter (where {missing}), min({day}) from {table}"
    ).format(due=due, missing=missing, day=day, table=relation.identifier)
    row = _attempt(db, relation, lambda: db.execute(query).fetchone())
    return row or (0, 0, 0, None)


def _count(db: Connection, relation: Relation) -> int:
    """Exact, or by the statistics for a table that they call large."""
    if relation.estimate is not None and relation.estimate >= COUNT_EXACTLY_BELOW:
        return relation.estimate
    row = db.execute(sql.SQL("select count(*) from {}").format(relation.identifier)).fetchone()
    return int(row[0]) if row else 0


def _values(
    db: Connection, relation: Relation, columns: Sequence[Column], rows: int, seed: int
) -> dict[str, tuple[str, ...]]:
    if not columns:
        return {}
    picked = sql.Composed([])
    sampled = rows > READ_WHOLE_BELOW and relation.kind in "rmp"
    if sampled:
        share = sql.Literal(min(100.0, 100.0 * READ_WHOLE_BELOW / rows))
        picked = sql.SQL(" tablesample system ({}) repeatable ({})").format(share, sql.Literal(seed))
    query = sql.SQL("select {} from {}{} limit {}").format(
        sql.SQL(", ").join(map(_text, columns)), relation.identifier, picked, sql.Literal(2 * READ_WHOLE_BELOW)
    )
    found: list[dict[str, None]] = [{} for _ in columns]
    with db.cursor("hoeder_sample") as cursor:
        cursor.itersize = 2_000
        for row in cursor.execute(query):
            for seen, value in zip(found, row, strict=True):
                if value is not None:
                    seen[value] = None
    for column, seen in zip(columns, found, strict=True):
        if not seen and sampled and column.type != "bytea":
            seen.update(_sparse(db, relation, column))  # rare values, which a sample of blocks easily misses
    return {column.name: tuple(seen) for column, seen in zip(columns, found, strict=True)}


def _sparse(db: Connection, relation: Relation, column: Column) -> dict[str, None]:
    query = sql.SQL("select {} from {} where {} is not null limit {}").format(
        _text(column), relation.identifier, sql.Identifier(column.name), sql.Literal(_SPARSE)
    )
    return {value: None for (value,) in db.execute(query)}


def _text(column: Column) -> sql.Composed:
    """Values as text: PostgreSQL can hold dates and numbers that Python cannot."""
    if column.type == "bytea":
        return sql.SQL("null::text").format()
    return sql.SQL("left({}::text, {})").format(sql.Identifier(column.name), sql.Literal(LONGEST))


def _attempt(db: Connection, relation: Relation, read: Callable[[], T]) -> T:
    """Read in a transaction of its own, so that one refusal does not spoil the next read."""
    try:
        with said("reading"):
            if relation.shows_all:
                db.execute("set local row_security = on")
            return read()
    finally:
        if not db.broken:
            db.rollback()


@contextmanager
def said(what: str) -> Iterator[None]:
    """Raise PostgreSQL's errors as StoreError: what was being done and why it failed, without details that quote a row.

    The reason is the server's own where it speaks of names and limits only, else the error's kind.
    """
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate is None:
            raise StoreError(f"{what}: the connection to PostgreSQL was lost") from error
        reason = (error.diag.message_primary or type(error).__name__) if error.sqlstate[:2] in _HARMLESS else ""
        raise StoreError(f"{what}: {reason or type(error).__name__} ({error.sqlstate})") from error


# Classes of errors whose message speaks of names and limits only; others can quote a value.
_HARMLESS = frozenset({"42", "55", "57", "53", "25", "28"})
