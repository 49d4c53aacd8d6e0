"""Which records refer to which, by the foreign keys of the catalog: one that is referred to cannot go before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from hoeder.policy import Policy
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.postgres import said

Db = psycopg.Connection[tuple[Any, ...]]
Record = tuple[str, str, str]
"""Store, table or prefix, and key."""

# Foreign keys of one column to one of the tables. A partition's own copy of a key is not asked for.
_KEYS = """
select n.nspname::text, child.relname::text, parent.relname::text, c.attname::text, p.attname::text,
       format_type(c.atttypid, null), has_column_privilege(child.oid, c.attnum, 'select')
  from pg_constraint k
  join pg_class child on child.oid = k.conrelid join pg_namespace n on n.oid = child.relnamespace
  join pg_class parent on parent.oid = k.confrelid join pg_namespace m on m.oid = parent.relnamespace
  join pg_attribute c on c.attrelid = k.conrelid and c.attnum = k.conkey[1]
  join pg_attribute p on p.attrelid = k.confrelid and p.attnum = k.confkey[1]
 where k.contype = 'f' and k.conparentid = 0 and cardinality(k.conkey) = 1
   and parent.relname = any(%(tables)s) and m.nspname = any(%(schemas)s)
 order by 1, 2, 3, 4
"""


@dataclass(frozen=True)
class ForeignKey:
    """A column of `child` that refers to one of `parent`; not every account may look into every child."""

    schema: str
    child: str
    parent: str
    column: str
    to: str
    type: str
    readable: bool


def foreign_keys(db: Db, schemas: Iterable[str], tables: Iterable[str]) -> list[ForeignKey]:
    """Those that refer to one of the tables."""
    rows = db.execute(_KEYS, {"schemas": list(schemas), "tables": list(tables)}).fetchall()
    return [ForeignKey(*row) for row in rows]


def rows(
    policy: Policy, resolve: Resolver, by_place: Mapping[tuple[str, str], Iterable[str]], capability: str
) -> dict[Record, list[Record]]:
    """By record of those places the records that refer to it. One of a table that policy does not know has no key.

    What the account may not see is left to the foreign key itself. Raises StoreError.
    """
    found: dict[Record, list[Record]] = defaultdict(list)
    for store in dict.fromkeys(store for store, _ in by_place):
        place, declared = policy.stores[store], policy.datasets[store].tables
        targets = {target: list(keys) for (name, target), keys in by_place.items() if name == store}
        if place.kind == "s3":
            continue
        account = resolve(f"{place.connection}_{capability}")
        with connect(account, autocommit=True) as db, said(f"store {store}: asking which records refer to others"):
            for key in foreign_keys(db, place.schemas, targets):
                if not key.readable or key.to != declared[key.parent].key:
                    continue
                child = declared.get(key.child)
                query = sql.SQL("select {to}::text, {own} from {table} where {to} = any(%s::{type}[])").format(
                    to=sql.Identifier(key.column),
                    own=sql.SQL("{}::text").format(sql.Identifier(child.key)) if child else sql.SQL("''"),
                    table=sql.Identifier(key.schema, key.child),
                    type=sql.SQL(key.type.replace("%", "%%")),
                )
                for parent, own in db.execute(query, [targets[key.parent]]):
                    other = (store, key.child, own)
                    if other != (store, key.parent, parent):
                        found[store, key.parent, parent].append(other)
    return found
