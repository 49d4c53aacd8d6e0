"""Many keyed references: a sorted set of 16 bytes each, and the references of many keys at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Set
from functools import cached_property

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.uint8]
"""References, one a row of 16 bytes."""
Numbers = npt.NDArray[np.int64]
Halves = npt.NDArray[np.uint64]

WIDTH = 16
FEW = 500
"""Up to which numpy alone is as fast as compiled loops that have to be loaded first."""


class References(Set[bytes]):
    """A set of references in 16 bytes each, sorted, that finds thousands of others in it at once."""

    def __init__(self, rows: Rows) -> None:
        high, low = _halves(rows)
        if not _ascending(high, low):
            order = np.lexsort((low, high))
            high, low = high[order], low[order]
            first = np.ones(len(high), bool)
            first[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
            high, low = high[first], low[first]
        self._high, self._low = high, low

    @classmethod
    def of(cls, references: Iterable[bytes]) -> References:
        """From single ones. Raises ValueError where one has not 16 bytes."""
        return cls.unpack(b"".join(references))

    @classmethod
    def unpack(cls, packed: bytes) -> References:
        """From 16 bytes each, one after the other. Raises ValueError where the last is cut off."""
        return cls(unpacked(packed))

    @cached_property
    def _shift(self) -> np.uint64:
        """What leaves the first bits of a reference, by which some four of them share a place."""
        return np.uint64(64 - max(1, len(self).bit_length() - 2))

    @cached_property
    def _places(self) -> Numbers:
        """Where the references of each place begin: hashes are spread evenly."""
        edges = np.arange(1, 1 << (64 - int(self._shift)), dtype=np.uint64) << self._shift
        return np.concatenate([[0], np.searchsorted(self._high, edges), [len(self)]]).astype(np.int64)

    @property
    def packed(self) -> bytes:
        """One after the other, sorted."""
        return self._taken(slice(None))

    @property
    def digest(self) -> str:
        """SHA-256 in hex over them in sorted order, as `pseudonym.digest_of`."""
        return hashlib.sha256(self.packed).hexdigest()

    def positions(self, rows: Rows) -> Numbers:
        """Where each reference stands in the set; -1 for one that does not."""
        high, low = _halves(rows)
        if len(high) > FEW:
            from hoeder.stores.lookup import places_of_each  # numba takes a moment to load

            return places_of_each(self._high, self._low, self._places, self._shift, high, low)
        place = (high >> self._shift).astype(np.int64)
        found = np.full(len(high), -1, np.int64)
        at, end = self._places[place], self._places[place + 1]
        left = np.flatnonzero(at < end)
        while len(left):
            here = at[left]
            hit = (self._high[here] == high[left]) & (self._low[here] == low[left])
            found[left[hit]] = here[hit]
            left = left[~hit]
            at[left] += 1
            left = left[at[left] < end[left]]
        return found

    def some(self, positions: Numbers) -> References:
        """Those that stand at certain places."""
        chosen = object.__new__(References)
        positions = np.sort(positions)
        chosen._high, chosen._low = self._high[positions], self._low[positions]
        return chosen

    def each(self, positions: Numbers) -> Iterator[bytes]:
        """Those that stand at certain places, in that order."""
        taken = self._taken(positions)
        return (taken[at : at + WIDTH] for at in range(0, len(taken), WIDTH))

    def _taken(self, which: slice | Numbers) -> bytes:
        out = np.empty((len(self._high[which]), 2), ">u8")
        out[:, 0], out[:, 1] = self._high[which], self._low[which]
        return out.tobytes()

    def __contains__(self, reference: object) -> bool:
        if not isinstance(reference, bytes) or len(reference) != WIDTH:
            return False
        high, low = (np.uint64(int.from_bytes(reference[at : at + 8], "big")) for at in (0, 8))
        at = int(np.searchsorted(self._high, high))
        while at < len(self) and self._high[at] == high:
            if self._low[at] == low:
                return True
            at += 1
        return False

    def __iter__(self) -> Iterator[bytes]:
        return self.each(np.arange(len(self)))

    def __len__(self) -> int:
        return len(self._high)

    def __repr__(self) -> str:
        return f"References({len(self)})"


def unpacked(packed: bytes) -> Rows:
    """References that lie one after the other, one a row. Raises ValueError where the last is cut off."""
    if len(packed) % WIDTH:
        raise ValueError(f"references have {WIDTH} bytes each, and {len(packed)} bytes are no whole number of them")
    return np.frombuffer(packed, np.uint8).reshape(-1, WIDTH)


def _halves(rows: Rows) -> tuple[Halves, Halves]:
    """The first and the last 8 bytes of each as a number: they sort as the bytes do."""
    halves = np.ascontiguousarray(rows).reshape(-1, WIDTH).view(">u8")
    return halves[:, 0].astype(np.uint64), halves[:, 1].astype(np.uint64)


def _ascending(high: Halves, low: Halves) -> bool:
    after, before = high[1:], high[:-1]
    return bool(np.all((after > before) | ((after == before) & (low[1:] > low[:-1]))))
