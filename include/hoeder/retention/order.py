"""In which order rules are executed: rows that refer to others go before the rows they refer to.

The foreign keys are asked of the catalog. Where they form a circle, no order spares every row: one that rows of a later
table still refer to is kept for the next run, which finds it free once those rows are gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from hoeder.errors import StoreError
from hoeder.policy import Policy, RetentionRule
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.postgres import said

Db = psycopg.Connection[tuple[Any, ...]]

# Every foreign key to a table that has a rule, of single columns or several; `schemas` in the order in which a name is
# looked up. A partition's own copy of a key is not asked for: its parent's stands for it.
_REFERENCES = """
    with ruled as (
        select distinct on (c.relname) c.relname::text as name, c.oid from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relname = any(%(tables)s) and n.nspname = any(%(schemas)s) and c.relkind in ('r', 'p')
        order by c.relname, array_position(%(schemas)s, n.nspname::text)
    )
    select n.nspname::text, child.relname::text, parent.name,
           array(select a.attname::text from unnest(k.conkey) with ordinality c(number, place)
                 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.number order by c.place),
           array(select a.attname::text from unnest(k.confkey) with ordinality c(number, place)
                 join pg_attribute a on a.attrelid = k.confrelid and a.attnum = c.number order by c.place),
           child.oid in (select oid from ruled), has_table_privilege(child.oid, 'select')
      from pg_constraint k
      join pg_class child on child.oid = k.conrelid join pg_namespace n on n.oid = child.relnamespace
      join ruled parent on parent.oid = k.confrelid
     where k.contype = 'f' and k.conparentid = 0
     order by 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Reference:
    """A foreign key: rows of `child` refer to rows of `parent`."""

    schema: str
    child: str
    parent: str
    columns: tuple[str, ...]
    to: tuple[str, ...]
    ruled: bool
    """Whether the child is a table with rules of its own."""
    readable: bool
    """Whether retention's account can look which rows refer; otherwise the delete itself is refused by the key."""

    def __str__(self) -> str:
        return f"{self.child}.{', '.join(self.columns)}"


@dataclass(frozen=True)
class Order:
    """By table its position, and the foreign keys that come in at it."""

    position: Mapping[str, int]
    references: tuple[Reference, ...] = ()

    def into(self, table: str) -> tuple[Reference, ...]:
        """Foreign keys that refer to a table."""
        return tuple(reference for reference in self.references if reference.parent == table)

    def goes_first(self, reference: Reference) -> bool:
        """Whether the referring rows are erased before the rows they refer to."""
        return reference.ruled and self.position.get(reference.child, 0) < self.position.get(reference.parent, 0)


def execution_order(policy: Policy, rules: Iterable[RetentionRule], resolve: Resolver) -> dict[str, Order | StoreError]:
    """For every store with tables under a rule its order, or why there is none. Objects have no foreign keys."""
    tables: dict[str, list[str]] = {}
    for rule in rules:
        if not rule.is_prefix:
            tables.setdefault(rule.store, []).append(rule.target)
    found: dict[str, Order | StoreError] = {}
    for store, names in tables.items():
        try:
            found[store] = _order(policy, store, sorted(set(names)), resolve)
        except StoreError as error:
            found[store] = error
    return found


def _order(policy: Policy, store: str, tables: Sequence[str], resolve: Resolver) -> Order:
    account = resolve(f"{policy.stores[store].connection}_retention")
    names = {"tables": tables, "schemas": list(policy.stores[store].schemas)}
    with connect(account) as db, said(f"store {store}: reading the catalog"):
        rows = db.execute(_REFERENCES, names).fetchall()
    references = tuple(Reference(s, c, p, tuple(cc), tuple(pc), ruled, can) for s, c, p, cc, pc, ruled, can in rows)
    edges = [(r.child, r.parent) for r in references if r.ruled and r.child != r.parent]
    return Order({table: place for place, table in enumerate(children_first(tables, edges))}, references)


def children_first(tables: Iterable[str], references: Iterable[tuple[str, str]]) -> list[str]:
    """Tables so ordered that each comes before the tables it refers to; those of a circle side by side, by name."""
    parents: dict[str, set[str]] = {table: set() for table in tables}
    for child, parent in references:
        parents.setdefault(child, set()).add(parent)
        parents.setdefault(parent, set())
    circles = _circles(parents)
    ordered: list[str] = []
    left = dict.fromkeys(sorted(set(circles.values()), key=sorted))
    while left:
        # A circle is free when nothing outside of it that is left refers to it.
        for circle in left:
            outside = {child for child in parents if circles[child] in left and circles[child] != circle}
            if not any(parents[child] & circle for child in outside):
                ordered += sorted(circle)
                del left[circle]
                break
    return ordered


def _circles(parents: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    """By table the circle it is part of: all tables that it reaches and that reach it; itself alone where none is."""
    reach: dict[str, set[str]] = {}
    for start in parents:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for parent in parents[todo.pop()] - seen:
                seen.add(parent)
                todo.append(parent)
        reach[start] = seen
    return {table: frozenset({table} | {other for other in reach[table] if table in reach[other]}) for table in parents}
