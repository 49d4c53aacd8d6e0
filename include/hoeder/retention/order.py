"""In which order rules are executed: rows that refer to others go before the rows they refer to."""

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from hoeder.errors import StoreError
from hoeder.policy import Policy, RetentionRule
from hoeder.stores.connection import Resolver, connect

# Foreign keys between two tables that have rules; `schemas` in the order in which a name is looked up.
_REFERENCES = """
    with ruled as (
        select distinct on (c.relname) c.relname::text as name, c.oid from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relname = any(%(tables)s) and n.nspname = any(%(schemas)s) and c.relkind in ('r', 'p')
        order by c.relname, array_position(%(schemas)s, n.nspname::text)
    )
    select child.name, parent.name from pg_constraint k
    join ruled child on child.oid = k.conrelid join ruled parent on parent.oid = k.confrelid
    where k.contype = 'f' and k.conrelid <> k.confrelid
"""


def execution_order(policy: Policy, rules: Iterable[RetentionRule], resolve: Resolver) -> dict[str, int | StoreError]:
    """For every rule its position by the foreign keys in its store's catalog, or why there is none.

    Objects have no foreign keys; their rules stand at 0.
    """
    found: dict[str, int | StoreError] = {}
    tables: dict[str, list[RetentionRule]] = {}
    for rule in rules:
        found[rule.rule] = 0
        if not rule.is_prefix:
            tables.setdefault(rule.store, []).append(rule)
    for store, of_store in tables.items():
        try:
            rank = _rank(policy, store, [rule.target for rule in of_store], resolve)
            found |= {rule.rule: rank.get(rule.target, 0) for rule in of_store}
        except StoreError as error:
            found |= {rule.rule: error for rule in of_store}
    return found


def _rank(policy: Policy, store: str, tables: Sequence[str], resolve: Resolver) -> dict[str, int]:
    with connect(resolve(f"{policy.stores[store].connection}_retention")) as db:
        names = {"tables": list(tables), "schemas": list(policy.stores[store].schemas)}
        references = db.execute(_REFERENCES, names).fetchall()
    return {table: position for position, table in enumerate(children_first(store, references))}


def children_first(store: str, references: Iterable[tuple[str, ...]]) -> list[str]:
    """Tables so ordered that each comes before the tables it refers to. Raises StoreError for a circle."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for child, parent in references:
        sorter.add(parent, child)
    try:
        return list(sorter.static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise StoreError(f"store {store}: foreign keys form a circle, so no order of erasing works: {circle}") from None
