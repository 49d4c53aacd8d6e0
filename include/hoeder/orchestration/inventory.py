"""The tasks of DAG inventory."""

from hoeder.orchestration.run import current_run, nothing_personal, resolve, today
from hoeder.policy import load


@nothing_personal
def divide() -> list[str]:
    """Begin a scan of every store; the parts to read."""
    from hoeder import inventory

    policy = load()
    return [str(part) for part in inventory.divide(policy.stores, policy, resolve, run=current_run(policy.digest))]


@nothing_personal
def scan(part: str) -> dict[str, int]:
    """Read one part of a store; counts of what was found."""
    from hoeder import inventory

    return inventory.scan(inventory.Part.parse(part), load(), resolve, today=today())


@nothing_personal
def settle(parts: list[str]) -> dict[str, dict[str, int]]:
    """Finish the scans that these parts belong to; counts by store."""
    from hoeder import inventory

    policy = load()
    summaries = inventory.settle(_scans(parts), policy, resolve, run=current_run(policy.digest))
    return {store: dict(vars(summary)) for store, summary in summaries.items()}


@nothing_personal
def check_new_tables(parts: list[str]) -> None:
    """Fail for good while a new table identifies persons, has no retention rule, and nobody decided about it."""
    from hoeder import inventory

    inventory.check(_scans(parts), resolve)


def _scans(parts: list[str]) -> list[int]:
    from hoeder import inventory

    return sorted({inventory.Part.parse(part).scan for part in parts})
