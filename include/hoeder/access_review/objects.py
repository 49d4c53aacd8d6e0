"""An object store: every identity, and what it may do in which bucket or folder."""

from __future__ import annotations

from collections.abc import Iterator

from hoeder.access_review.findings import Finding, Kind
from hoeder.access_review.needs import OTHER, Needs
from hoeder.stores.identities import ANYBODY, Given

_ALL = "Admin"


def judge(system: str, given: tuple[Given, ...], needs: Needs) -> list[Finding]:
    """What differs from what policy says of each identity. Hoeder cannot change a server's identities: all by hand."""
    return list(_judged(system, given, needs))


def _judged(system: str, given: tuple[Given, ...], needs: Needs) -> Iterator[Finding]:
    strange: set[str] = set()
    for right in given:
        if right.identity in needs.access.administrators:
            continue
        told = _place(right.place, needs)
        if right.identity == ANYBODY:
            yield Finding(Kind.EGRESS, system, told, right.action, account=ANYBODY, named=True)
            continue
        identity = needs.identities.get(right.identity)
        if right.action == _ALL:
            yield Finding(Kind.SUPERUSER, system, told, _ALL, account=right.identity, named=identity is not None)
        elif identity is None:
            if right.identity not in strange:
                strange.add(right.identity)
                yield Finding(Kind.ORPHAN, system, "", "key", account=right.identity)
        elif right.action not in identity.may or not any(_within(right.place, place) for place in identity.places):
            client = needs.client_of_place(right.place)
            other = client is not None and not any(needs.client_of_place(place) == client for place in identity.places)
            kind = Kind.OTHER_CLIENT if other else Kind.BEYOND_NEED
            yield Finding(kind, system, told, right.action, client=client, account=right.identity, named=True)


def _within(place: str, allowed: str) -> bool:
    return bool(place) and place.startswith(allowed if allowed.endswith("/") else f"{allowed}/")


def _place(place: str, needs: Needs) -> str:
    """A bucket, with the client's folder where it is one; what else a prefix is called may name somebody."""
    bucket, _, _ = place.partition("/")
    known = {store.bucket for store in needs.policy.stores.values() if store.bucket}
    known |= {each.partition("/")[0] for identity in needs.identities.values() for each in identity.places}
    client = needs.client_of_place(place)
    return "" if not place else (bucket if bucket in known else OTHER) + (f"/client-{client}" if client else "")
