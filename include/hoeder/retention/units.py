"""Which parts of a plan must be executed one after the other, and which may be executed at the same time."""

from collections.abc import Iterable

from hoeder.policy.base import place_of
from hoeder.retention.plan import Plan, PlanPart

SMALL = 2_000
"""Records up to which units of one store travel together: a task of its own takes longer than erasing so few."""


def units(plan: Plan) -> dict[str, tuple[PlanPart, ...]]:
    """Parts by unit, in the plan's order; a unit is one table or prefix, tables tied by foreign keys, or several small
    ones of one store.

    Named after what is in it: `shop.customer, shop.message` or `files:logs/`.
    """
    group: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for part in plan.parts:
        mine = (part.store, part.target)
        tied = {mine, *((part.store, reference.partition(".")[0]) for reference in part.follows)}
        for each in list(tied):
            tied |= group.get(each, set())
        for each in tied:
            group[each] = tied
    tied_parts: dict[frozenset[tuple[str, str]], list[PlanPart]] = {}
    for part in plan.parts:
        tied_parts.setdefault(frozenset(group[part.store, part.target]), []).append(part)
    found = _together(tied_parts.values())
    return {", ".join(sorted({_name(part) for part in parts})): tuple(parts) for parts in found}


def _together(units: Iterable[list[PlanPart]]) -> list[list[PlanPart]]:
    """Join units of one store while what is due in them stays below `SMALL` in all."""
    found: list[list[PlanPart]] = []
    open_one: dict[str, list[PlanPart]] = {}
    for parts in units:
        small = open_one.get(parts[0].store)
        if small is not None and _due(small) + _due(parts) <= SMALL:
            small += parts
            continue
        found.append(list(parts))
        if small is None or _due(parts) < _due(small):
            open_one[parts[0].store] = found[-1]
    return found


def _due(parts: Iterable[PlanPart]) -> int:
    return sum(part.due for part in parts)


def _name(part: PlanPart) -> str:
    return place_of(part.store, part.target)
