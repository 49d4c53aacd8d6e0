"""Bloom filters over keyed references: which persons may be in a part of an object, without saying who."""

from __future__ import annotations

import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_BITS, _HASHES = 16, 7  # sixteen bits a person: fewer than one in a thousand asked for in vain
_HEAD = struct.Struct("<I")


@dataclass(frozen=True)
class Bloom:
    """A set of 16-byte references that can say "maybe" and "no". The references are hashes already."""

    bits: bytes

    @classmethod
    def of(cls, references: Collection[bytes]) -> Bloom:
        """A filter that says maybe to all of these."""
        import numpy as np

        size = max(8, -(-len(references) * _BITS // 8))
        bits = np.zeros(size * 8, dtype=bool)
        bits[_places(halves(references), size * 8)] = True
        return cls(np.packbits(bits, bitorder="little").tobytes())

    def __contains__(self, reference: bytes) -> bool:
        return self.any(halves([reference]))

    def any(self, references: npt.NDArray[np.uint64]) -> bool:
        """Whether one of these, given as `halves`, may be in it."""
        import numpy as np

        places = _places(references, len(self.bits) * 8)
        bits = np.frombuffer(self.bits, dtype=np.uint8)
        return bool(((bits[places >> np.uint64(3)] >> (places & np.uint64(7)).astype(np.uint8)) & 1).all(axis=1).any())


def holding(filters: Sequence[Bloom], references: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """For each filter whether one of these references may be in it; an empty one holds nobody."""
    import numpy as np

    sizes = np.array([len(each.bits) for each in filters], dtype=np.int64)
    found = np.zeros(len(filters), dtype=bool)
    for size in np.unique(sizes[sizes > 0]):
        which = np.flatnonzero(sizes == size).tolist()
        bits = np.frombuffer(b"".join(filters[at].bits for at in which), dtype=np.uint8).reshape(-1, size)
        for reference in references:
            places = _places(reference[None, :], int(size) * 8)[0]
            found[which] |= ((bits[:, places >> np.uint64(3)] >> (places & np.uint64(7)).astype(np.uint8)) & 1).all(
                axis=1
            )
    return found


def halves(references: Collection[bytes]) -> npt.NDArray[np.uint64]:
    """References as two numbers each."""
    import numpy as np

    return np.frombuffer(b"".join(references), dtype="<u8").reshape(-1, 2)


def pack(filters: list[Bloom]) -> bytes:
    """Several filters as one value."""
    return b"".join(_HEAD.pack(len(each.bits)) + each.bits for each in filters)


def unpack(packed: bytes) -> list[Bloom]:
    """The filters of `pack`."""
    found, at = [], 0
    while at < len(packed):
        (size,) = _HEAD.unpack_from(packed, at)
        at += _HEAD.size
        found.append(Bloom(packed[at : at + size]))
        at += size
    return found


def _places(references: npt.NDArray[np.uint64], size: int) -> npt.NDArray[np.uint64]:
    """Seven bits for each: the first half and a multiple of the second, as numbers without an end."""
    import numpy as np

    one, two = references[:, :1] % np.uint64(size), references[:, 1:] % np.uint64(size)
    return (one + np.arange(_HASHES, dtype=np.uint64) * two) % np.uint64(size)
