"""In which order rules are executed: rows that refer to others go before the rows they refer to."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from hoeder.errors import StoreError
from hoeder.policy import Policy, RetentionRule
from hoeder.stores.connection import Resolver, connect

_REFERENCES = """
    select c.conrelid::regclass::text, c.confrelid::regclass::text from pg_constraint c
    where c.contype = 'f' and c.conrelid <> c.confrelid
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
            with connect(resolve(f"{policy.stores[store].connection}_retention")) as db:
                references = db.execute(_REFERENCES).fetchall()
            rank = {table: position for position, table in enumerate(children_first(store, references))}
            found |= {rule.rule: rank.get(rule.target, 0) for rule in of_store}
        except StoreError as error:
            found |= {rule.rule: error for rule in of_store}
    return found


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
