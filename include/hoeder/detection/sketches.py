"""How much of one column's values stand in another: keyed bottom-k sketches, from which no value can be read back."""

import heapq
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

K = 1_024
"""Hashes kept of a column."""


@dataclass(frozen=True)
class Sketch:
    """The smallest keyed hashes of a column's distinct values."""

    hashes: frozenset[int] = field(repr=False)
    largest: int
    """Every value whose hash is at most this is in `hashes`."""
    distinct: int


def new_key() -> bytes:
    """A key for sketches that are compared with each other; it need not outlive them."""
    return secrets.token_bytes(32)


def sketch(values: Iterable[str], key: bytes) -> Sketch:
    """Sketch distinct values."""
    hashes = {int.from_bytes(blake2b(value.encode(), digest_size=8, key=key).digest(), "big") for value in values}
    kept = heapq.nsmallest(K, hashes)
    whole = len(kept) == len(hashes)
    return Sketch(frozenset(kept), 2**64 if whole else kept[-1], len(hashes))


def contained(inner: Sketch, outer: Sketch) -> float:
    """The share of `inner`'s values that are in `outer`, estimated where both sketches are complete."""
    reach = min(inner.largest, outer.largest)
    compared = [value for value in inner.hashes if value <= reach]
    return sum(value in outer.hashes for value in compared) / len(compared) if len(compared) >= 10 else 0.0
