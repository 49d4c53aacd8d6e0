"""Which parts of a plan must be executed one after the other, and which may be executed at the same time."""

from hoeder.retention.plan import Plan, PlanPart


def units(plan: Plan) -> dict[str, tuple[PlanPart, ...]]:
    """Parts by unit, in the plan's order; a unit is one table or prefix, or tables of a store tied by foreign keys.

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
    found: dict[str, list[PlanPart]] = {}
    for part in plan.parts:
        planned = {
            _name(other) for other in plan.parts if (other.store, other.target) in group[part.store, part.target]
        }
        found.setdefault(", ".join(sorted(planned)), []).append(part)
    return {name: tuple(parts) for name, parts in found.items()}


def _name(part: PlanPart) -> str:
    return f"{part.store}{':' if part.target.endswith('/') else '.'}{part.target}"
