"""Columns that identify persons and have no index for it: a search then reads the whole table, each time."""

from dataclasses import dataclass
from typing import Any

from psycopg import sql

from hoeder.persons.person import Scope
from hoeder.persons.tables import Asked, Db, Searched, in_scope, resolve_tables
from hoeder.policy import Policy
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.postgres import said

SMALL = 10_000
"""Rows up to which reading the whole table is as good."""
_ANY = {"smallint": "0", "integer": "0", "bigint": "0", "date": "2000-01-01"}
_ROWS = """
select sum(greatest(l.reltuples, 0))::int8 from pg_class l where l.oid = %(table)s::regclass
   or l.oid in (select relid from pg_partition_tree(%(table)s::regclass))
"""


@dataclass(frozen=True)
class Lacking:
    """A column without an index that its question could use, and the statement that adds one."""

    store: str
    table: str
    column: str
    statement: str


def lacking(policy: Policy, resolve: Resolver, scope: Scope, *, capability: str = "rights") -> list[Lacking]:
    """Identifying columns of larger tables for which the planner finds no index. Raises StoreError."""
    found = []
    for store, declared in in_scope(policy, scope).items():
        place = policy.stores[store]
        with connect(resolve(f"{place.connection}_{capability}"), autocommit=True) as db:
            for table in resolve_tables(db, store, place, declared):
                with said(f"store {store}: asking how {table.name} is read"):
                    if _rows(db, table) > SMALL:
                        found += [_lacking(db, table, each) for each in _asked(table) if _reads_all(db, table, each)]
    return found


def _rows(db: Db, table: Searched) -> int:
    row = db.execute(_ROWS, {"table": table.identifier.as_string(db)}).fetchone()
    return int(row[0] or 0) if row else 0


def _asked(table: Searched) -> list[Asked]:
    return [*table.identifying, *([table.born] if table.born and table.names else [])]


def _reads_all(db: Db, table: Searched, asked: Asked) -> bool:
    """Whether the planner reads the whole table even where it is told to avoid that."""
    value = sql.SQL("{}::{}").format(
        sql.Literal(_ANY.get(asked.type, "00000000-0000-0000-0000-000000000000" if asked.type == "uuid" else "x")),
        sql.SQL(asked.type if asked.exact else "text"),
    )
    query = sql.SQL("explain (format json) select 1 from {} where {} = {}").format(
        table.identifier, asked.expression, value
    )
    with db.transaction():
        db.execute("select set_config('enable_seqscan', 'off', true)")
        row = db.execute(query).fetchone()
    return row is not None and _scans(row[0][0]["Plan"])


def _scans(node: dict[str, Any]) -> bool:
    return node["Node Type"] in ("Seq Scan", "Foreign Scan") or any(_scans(part) for part in node.get("Plans", ()))


def _lacking(db: Db, table: Searched, asked: Asked) -> Lacking:
    column = asked.expression if asked.exact else sql.SQL("({})").format(asked.expression)
    statement = sql.SQL("create index concurrently on {} ({})").format(table.identifier, column)
    return Lacking(table.store, table.name, asked.column, statement.as_string(db))
