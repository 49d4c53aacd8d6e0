"""Bloom filters over keyed references: which persons may be in a part of an object, without saying who."""

from __future__ import annotations

import struct
from collections.abc import Collection
from dataclasses import dataclass

_BITS, _HASHES = 10, 7  # ten bits a person: one in a hundred asked for in vain
_HEAD = struct.Struct("<I")


@dataclass(frozen=True)
class Bloom:
    """A set of 16-byte references that can say "maybe" and "no". The references are hashes already."""

    bits: bytes

    @classmethod
    def of(cls, references: Collection[bytes]) -> Bloom:
        """A filter that says maybe to all of these."""
        size = max(8, -(-len(references) * _BITS // 8))
        bits = bytearray(size)
        for reference in references:
            for place in _places(reference, size * 8):
                bits[place >> 3] |= 1 << (place & 7)
        return cls(bytes(bits))

    def __contains__(self, reference: bytes) -> bool:
        return all(self.bits[p >> 3] >> (p & 7) & 1 for p in _places(reference, len(self.bits) * 8))


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


def _places(reference: bytes, size: int) -> list[int]:
    one, two = struct.unpack("<QQ", reference)
    return [(one + number * two) % size for number in range(_HASHES)]
