"""What the controls of the inventory share: whether it looked at all, and how its evidence is named."""

from collections.abc import Collection, Iterable

from hoeder.policy.dataset import Prefix, Table
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Scan, Sight, Thing
from hoeder.promises.status import Evidence, Status

_GOOD = ("done", "nothing", "partial")


def gap_in(sight: Sight, stores: Iterable[str], days: int, places: Collection[str] = ()) -> Answer | None:
    """Why the inventory cannot answer, if it cannot: not looked, too long ago, failed since, or not at these places."""
    for store in sorted(stores):
        scan = sight.scans.get(store)
        if scan is None:
            return answer(Status.UNKNOWN, "never-scanned", store=store)
        if scan.finished_at < sight.since(days):
            age = (sight.at - scan.finished_at).days
            return answer(Status.UNKNOWN, "old-scan", looked_at(scan), store=store, days=age, most=days)
        if scan.last_outcome not in _GOOD:
            return answer(Status.UNKNOWN, "scan-failed", looked_at(scan), store=store, outcome=scan.last_outcome)
        things = [place for place in places if split(place)[0] == store]
        unread = [place for place in things if _unread(scan.things.get(split(place)[1]))]
        if not places:
            unread = [name for name, thing in scan.things.items() if thing.unread]
        if unread:
            return answer(Status.UNKNOWN, "not-seen", looked_at(scan), places=len(unread), place=unread[0])
    return None


def _unread(thing: Thing | None) -> bool:
    return thing is None or thing.unread


def split(place: str) -> tuple[str, str]:
    """The store and the table or prefix of a place."""
    store, _, target = place.replace(":", ".", 1).partition(".")
    return store, target


def scans_of(scans: Iterable[Scan]) -> str:
    """Which scans, as evidence names them."""
    return ", ".join(f"scan {scan.scan} of {scan.store} (ledger {scan.entry})" for scan in scans)


def looked_at(scan: Scan, place: str | None = None) -> Evidence:
    """That a scan looked, and when."""
    return Evidence(
        "inventory", scans_of([scan]) + (f"; {place}" if place else ""), f"looked {scan.finished_at:%Y-%m-%d}"
    )


def in_policy(sight: Sight, figure: str) -> Evidence:
    """A figure that policy itself gives."""
    return Evidence("policy", f"policy {sight.policy.digest[:12]}", figure)


def places_of(sight: Sight) -> list[tuple[str, Table | Prefix]]:
    """Every table and prefix that policy declares, as `store.table` or `store:prefix/`."""
    found: list[tuple[str, Table | Prefix]] = []
    for dataset in sight.policy.datasets.values():
        found += [(f"{dataset.store}.{name}", table) for name, table in dataset.tables.items()]
        found += [(f"{dataset.store}:{name}", prefix) for name, prefix in dataset.prefixes.items()]
    return found


def place_of(sight: Sight, name: str) -> Table | Prefix | None:
    """What policy declares of a place."""
    return dict(places_of(sight)).get(name)
