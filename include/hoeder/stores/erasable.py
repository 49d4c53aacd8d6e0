"""Whether rows of a table can be erased one by one, and nothing else with them: asked of the catalog before every use.

A foreign key that cascades, a trigger or a rule can erase or change rows that no plan names. A key that is not unique
can stand for a row that nobody approved. Row security can hide rows that are due. Each is refused, by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from hoeder.errors import StoreError

Db = psycopg.Connection[tuple[Any, ...]]


class Missing(StoreError):
    """A table, column, bucket or prefix that policy names is not there."""


@dataclass(frozen=True)
class Erasable:
    """A table whose rows can be erased by key. `types` as `format_type` writes them, by column."""

    oid: int
    schema: str
    name: str
    types: dict[str, str]

    @property
    def identifier(self) -> sql.Identifier:
        """The table with its schema, so that a search path cannot lead elsewhere."""
        return sql.Identifier(self.schema, self.name)


_FIND = """
select c.oid::int8, n.nspname, c.relkind::text,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              order by a.attnum),
       array(select format_type(a.atttypid, a.atttypmod) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relname = %(table)s and n.nspname = any(%(schemas)s) and c.relkind in ('r', 'p', 'v', 'm', 'f')
 order by array_position(%(schemas)s, n.nspname::text)
"""

_OBSTACLES = """
with family(oid) as (  -- the table and its partitions: whatever hangs on one of them counts
    select relid from pg_partition_tree(%(oid)s) union select %(oid)s::oid
)
select 'foreign key ' || k.conname || ' of ' || k.conrelid::regclass || ' would erase or change rows there as well'
  from pg_constraint k
 where k.contype = 'f' and k.confrelid in (select oid from family) and k.confdeltype in ('c', 'n', 'd')
union all
select 'trigger ' || t.tgname || ' acts on every delete'
  from pg_trigger t
 where t.tgrelid in (select oid from family) and not t.tgisinternal and t.tgtype & 8 <> 0 and t.tgenabled <> 'D'
union all
select 'rule ' || r.rulename || ' acts on every delete'
  from pg_rewrite r where r.ev_class in (select oid from family) and r.ev_type = '4'
union all
select 'table ' || i.inhrelid::regclass || ' inherits from it'
  from pg_inherits i join pg_class c on c.oid = i.inhparent where i.inhparent = %(oid)s and c.relkind = 'r'
union all
select 'column ' || %(key)s || ' has no unique index of its own, or can be null'
 where not exists (
    select from pg_index x join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
     where x.indrelid = %(oid)s and a.attname = %(key)s and a.attnotnull
       and x.indisunique and x.indisvalid and x.indnkeyatts = 1 and x.indpred is null)
union all
select 'row security hides rows from this account'
 where row_security_active(%(oid)s::oid) and not (
    select bool_and(exists (
        select from pg_policy p
         where p.polrelid = %(oid)s and p.polcmd in (wanted, '*') and p.polpermissive
           and pg_get_expr(p.polqual, p.polrelid) = 'true'
           and exists (select from unnest(p.polroles) r where r = 0 or pg_has_role(r, 'usage'))))
      from unnest(array['r', 'd']::"char"[]) as wanted)
union all
select 'a restrictive policy hides rows from this account'
 where row_security_active(%(oid)s::oid)
   and exists (select from pg_policy p where p.polrelid = %(oid)s and not p.polpermissive)
"""


def find_columns(db: Db, schemas: Sequence[str], table: str) -> tuple[sql.Identifier, frozenset[str]] | None:
    """A table in the declared schemas and its columns, or None where there is no such table."""
    row = db.execute(_FIND, {"table": table, "schemas": list(schemas)}).fetchone()
    return None if row is None else (sql.Identifier(row[1], table), frozenset(row[3]))


def find_types(db: Db, schemas: Sequence[str], table: str) -> tuple[sql.Identifier, dict[str, str]] | None:
    """The same with each column's type, as `format_type` writes it."""
    row = db.execute(_FIND, {"table": table, "schemas": list(schemas)}).fetchone()
    return None if row is None else (sql.Identifier(row[1], table), dict(zip(row[3], row[4], strict=True)))


def erasable(db: Db, store: str, schemas: Sequence[str], table: str, *, key: str, columns: Sequence[str]) -> Erasable:
    """The table, found in the store's declared schemas, if its rows can be erased by `key` and nothing with them.

    Raises Missing where the table or one of `columns` is not there, StoreError with every obstacle at once.
    """
    row = db.execute(_FIND, {"table": table, "schemas": list(schemas)}).fetchone()
    if row is None:
        raise Missing(f"store {store}: table {table} does not exist in schema {', '.join(schemas)}")
    oid, schema, kind, names, types = row
    if kind not in "rp":
        raise StoreError(f"store {store}: {table} is a view or foreign table; name the table that holds the rows")
    found = dict(zip(names, types, strict=True))
    if lacking := [column for column in (key, *columns) if column not in found]:
        raise Missing(f"store {store}: table {table} has no column {', '.join(dict.fromkeys(lacking))}")
    obstacles = [text for (text,) in db.execute(_OBSTACLES, {"oid": oid, "key": key})]
    if obstacles:
        raise StoreError(f"store {store}: rows of {table} are not erased: {'; '.join(obstacles)}")
    return Erasable(oid, schema, table, found)


_ON_UPDATE = """
with family(oid) as (select relid from pg_partition_tree(%(oid)s) union select %(oid)s::oid)
select 'trigger ' || t.tgname from pg_trigger t
 where t.tgrelid in (select oid from family) and not t.tgisinternal and t.tgtype & 16 <> 0 and t.tgenabled <> 'D'
union all
select 'rule ' || r.rulename from pg_rewrite r where r.ev_class in (select oid from family) and r.ev_type = '2'
"""


def changeable(db: Db, store: str, table: Erasable) -> None:
    """Raises StoreError where changing fields of a row would do more than that, naming what acts on a change."""
    acting = [name for (name,) in db.execute(_ON_UPDATE, {"oid": table.oid})]
    if acting:
        raise StoreError(
            f"store {store}: fields of {table.name} are not changed: {', '.join(acting)} acts on every change"
        )
