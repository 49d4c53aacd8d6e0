"""Disclosures to authorities: what the vault has of cases from before, some of it past its term."""

from collections.abc import Iterator
from uuid import UUID, uuid5

from hoeder.demo.objects import Thing
from hoeder.demo.terms import Fate, window
from hoeder.demo.world import World

BUCKET = "cases"
_NAMES = UUID("7d1f0a3e-58c4-4f3b-9a51-2f6c0d8e4b77")


def things(world: World) -> Iterator[Thing]:
    """Requests of closed cases and files that nobody confirmed: both sides of each term. Nobody has their key now."""
    for prefix, anchor in (("disclosures/requests/", "closed_on"), ("disclosures/packages/", "made_on")):
        around, random = window(f"{BUCKET}:{prefix}", world.today), world.random(prefix)
        for number, day in enumerate((*around.edges(), around.overdue(random)), start=1):
            name = f"{prefix}{uuid5(_NAMES, f'{world.seed} {prefix} {number}')}"
            world.truth.see(f"{BUCKET}:{prefix}", name, Fate(day))
            closed = {"status": "closed"} if anchor == "closed_on" else {}
            yield Thing(BUCKET, name, random.randbytes(400), {anchor: day.isoformat()} | closed)
