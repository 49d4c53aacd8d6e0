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
from hoeder.stores.rows import LONGEST, LONGEST_JSON, Detail, Unfolded, batches, details
from hoeder.stores.samples import Reading, SampledColumn, SampledObject

Connection = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")
READING = Reading()

COUNT_EXACTLY_BELOW = 1_000_000
"""Rows by the statistics up to which a table is counted; above it the statistics' number is taken."""
_CELLS = 2_000_000
"""Values read of one table that is sampled; of a wide one fewer rows are read."""
_SPARSE = 500
_HOURS = 4
"""What a full read of one table may take."""
_KINDS = {"v": "view", "m": "materialized view", "f": "foreign table", "p": "partitioned table"}

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
         and not exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive),
       case when c.relkind in ('r', 'p', 'm') then (
            select md5(string_agg(concat_ws(' ', t.relid::oid, l.relfilenode, l.reltuples, pg_relation_size(t.relid),
                                            pg_stat_get_tuples_inserted(t.relid), pg_stat_get_tuples_updated(t.relid),
                                            pg_stat_get_tuples_deleted(t.relid)), ',' order by t.relid::oid))
              from (select p.relid from pg_partition_tree(c.oid) p where c.relkind = 'p'
                    union select c.oid::regclass) t join pg_class l on l.oid = t.relid) end,
       (select md5(string_agg(concat_ws(' ', a.attnum, a.attname, a.atttypid, a.atttypmod,
                                        col_description(a.attrelid, a.attnum)), ',' order by a.attnum))
          from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
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
    oid: int
    fingerprint: str | None
    """Of its definition and of the statistics of its changes; None for a view or foreign table, which has none."""

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.table)

    @property
    def source(self) -> sql.Composed:
        """What is read from: of a table that others inherit from its own rows alone, since those are read as theirs."""
        return sql.SQL("only {}" if self.kind == "r" else "{}").format(self.identifier)


def read_only(db: Connection, *, seconds: int = 300) -> None:
    """Make a session unable to write, to wait long, or to be shown some rows of a table as if they were all."""
    db.read_only = True
    with said("preparing the session"):
        for setting, value in {
            "statement_timeout": f"{seconds}s",
            "lock_timeout": "5s",
            "row_security": "off",
            "datestyle": "ISO, YMD",
            "max_parallel_workers_per_gather": "0",
        }.items():
            db.execute("select set_config(%s, %s, false)", [setting, value])
        # A database without an encoding holds whatever bytes it was given; every one of them is valid Latin-1.
        encoded = db.info.parameter_status("server_encoding") != "SQL_ASCII"
        db.execute("select set_config('client_encoding', %s, false)", ["UTF8" if encoded else "LATIN1"])
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
    for oid, schema, table, kind, estimate, size, names, types, readable, shows_all, changes, shape in rows:
        name = table if taken.get(table) == schema else f"{schema}.{table}"
        columns = tuple(Column(*column) for column in zip(names, types, readable, strict=True))
        known = None if kind in "vf" or estimate is None or estimate < 0 else int(estimate)
        fingerprint = f"{changes}-{shape}" if changes else None
        found.append(Relation(name, schema, table, kind, known, size, columns, shows_all, oid, fingerprint))
    return found


def sample(db: Connection, relation: Relation, reading: Reading = READING) -> SampledObject:
    """Count a relation's rows and read values of every column. What cannot be read carries its reason."""
    denied = tuple(SampledColumn(c.name, c.type, problem="not read: permission denied") for c in relation.columns)
    readable = [column for column in relation.columns if column.readable]
    kind = _KINDS.get(relation.kind, "")
    if not readable and relation.columns:
        return SampledObject(relation.name, None, relation.bytes, denied, "permission denied", kind=kind)
    try:
        known = _attempt(db, relation, lambda: details(db, relation.oid, [relation.schema]))
        about = _attempt(db, relation, lambda: _count(db, relation, reading))
        columns_read = [known[column.name] for column in readable]
        rows, found = _attempt(db, relation, lambda: _values(db, relation, columns_read, about, reading))
    except StoreError as error:
        problem = f"not read: {error}"
        columns = tuple(SampledColumn(c.name, c.type, problem=problem) for c in relation.columns)
        return SampledObject(relation.name, None, relation.bytes, columns, str(error), kind=kind)
    columns = tuple(
        part
        for c, no in zip(relation.columns, denied, strict=True)
        for part in (_columns(c, found[c.name], kind if relation.kind in "vmf" else "") if c.readable else [no])
    )
    partly = None if len(readable) == len(relation.columns) else "permission denied on some columns"
    return SampledObject(
        relation.name, rows, relation.bytes, columns, partly, kind=kind, fingerprint=relation.fingerprint
    )


def _columns(column: Column, unfolded: Unfolded, where: str) -> Iterator[SampledColumn]:
    """A column, or the paths in it; the column itself too where it holds values outside of every path, or none."""
    detail = unfolded.detail
    json = detail.kind == "json"
    for name, gathered in unfolded.parts.items():
        if name == column.name and not gathered.values and len(unfolded.parts) > 1:
            continue
        read = "its paths were" if json else "it was"
        limit = f"{LONGEST_JSON:,} characters not at all" if json else f"{LONGEST:,} characters up to there only"
        left_out = (
            f"{read} read in full but for {unfolded.too_long} values: those of {limit}" if unfolded.too_long else ""
        )
        note = "; ".join(filter(None, [left_out, f"in a {where}" if where else ""])) or None
        yield SampledColumn(
            name, unfolded.types[name] if name != column.name or json else column.type,
            (*gathered.values, *detail.labels),
            comment=detail.comment, refers_to=detail.refers_to, unique=detail.unique, note=note, hits=gathered.hits,
        )  # fmt: skip


def tally(
    db: Connection,
    relation: Relation,
    *,
    due: sql.Composable,
    missing: sql.Composable,
    day: sql.Composable,
    of: sql.Composable | None = None,
) -> tuple[int, int, int, date | None]:
    """Rows, rows for which each condition holds, and the earliest of a date expression; of rows that meet `of`.

    Raises StoreError.
    """
    query = sql.SQL(
        "select count(*), count(*) filter (where {due}), count(*) filter (where {missing}), min({day}) from {table} "
        "where {of}"
    ).format(due=due, missing=missing, day=day, of=of or sql.SQL("true"), table=relation.identifier)
    row = _attempt(db, relation, lambda: db.execute(query).fetchone())
    return row or (0, 0, 0, None)


def _count(db: Connection, relation: Relation, reading: Reading) -> int:
    """Exact, or by the statistics for a table that they call large or that is read, and so counted, whole."""
    if relation.estimate is not None and (relation.estimate >= COUNT_EXACTLY_BELOW or reading.full):
        return relation.estimate
    row = db.execute(sql.SQL("select count(*) from {}").format(relation.source)).fetchone()
    return int(row[0]) if row else 0


def _values(
    db: Connection, relation: Relation, columns: Sequence[Detail], rows: int, reading: Reading
) -> tuple[int, dict[str, Unfolded]]:
    """Rows as far as they are known by then, and the values of every column."""
    found = [Unfolded.of(column) for column in columns]
    if not columns:
        return rows, {}
    wanted = min(reading.rows, max(1_000, _CELLS // len(columns)))
    sampled = rows > wanted and not reading.full
    source: sql.Composable = relation.source
    if sampled and relation.kind in "rmp":
        share = sql.Literal(min(100.0, 100.0 * wanted / rows))
        source = sql.SQL("{} tablesample system ({}) repeatable ({}) limit {}").format(
            source, share, sql.Literal(reading.seed), sql.Literal(2 * wanted)
        )
    elif sampled:
        source = sql.SQL("{} limit {}").format(source, sql.Literal(2 * wanted))
    if reading.full:
        db.execute(sql.SQL("set local statement_timeout = {}").format(sql.Literal(f"{_HOURS}h")))
    share_kept = min(1.0, 2 * wanted / rows) if reading.full and rows else 1.0
    read = 0
    for batch in batches(db, source, columns, reading.bytes_per_second):
        read += len(batch[0])
        for unfolded, values in zip(found, batch, strict=True):
            unfolded.add(values, share_kept, whole=reading.full)
    for unfolded in found:
        if not any(part.values for part in unfolded.parts.values()) and sampled and unfolded.detail.kind != "bytes":
            _sparse(db, relation, unfolded)  # rare values, which a sample of blocks easily misses
    return read if reading.full else rows, {unfolded.detail.name: unfolded for unfolded in found}


def _sparse(db: Connection, relation: Relation, unfolded: Unfolded) -> None:
    source = sql.SQL("{} where {} is not null limit {}").format(
        relation.source, sql.Identifier(unfolded.detail.name), sql.Literal(_SPARSE)
    )
    for (values,) in batches(db, source, [unfolded.detail]):
        unfolded.add(values, 1.0, whole=False)


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
