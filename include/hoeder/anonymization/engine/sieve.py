"""The lattice sieve: combinations of levels from fine to coarse; at each, every group that is alike enough is closed.

What is closed leaves; the rest goes on to the next combination. So each tuple ends at the first combination, in the
order of loss, at which enough others still stand beside it.
"""

from dataclasses import dataclass

import numpy as np

from hoeder.anonymization.engine.columns import Codes, Ints
from hoeder.anonymization.engine.kernels import sieved
from hoeder.anonymization.engine.models import Asked, Scratch
from hoeder.anonymization.engine.tuples import Crowd

_FITS = 2**62


@dataclass(frozen=True)
class Sieved:
    """`of` gives each tuple's class, -1 for what is left over; `vectors` each class's levels."""

    of: Ints
    vectors: Ints


def sieve(
    codes: Codes,
    weight: Ints,
    nodes: list[list[Codes]],
    vectors: Ints,
    crowd: Crowd,
    asked: Asked,
    *,
    secret: int | None = None,
) -> Sieved:
    """Close groups along `vectors`. `nodes[column][level]` gives each code's node.

    `secret`, where given, lets each group wait for a threshold of its own between k and 2k - 1, which nobody can know
    without it.
    """
    keys = _keys(nodes)
    scratch = Scratch.of(crowd, asked)
    of, at, count = sieved(
        codes.copy(), weight, keys, vectors, asked.k, asked.more, asked.by_person, secret or 0, secret is not None,
        crowd.start, crowd.who, crowd.what, crowd.pair, crowd.count, asked.bounds, asked.spread, asked.rule,
        scratch.person, scratch.pair, scratch.counts,
    )  # fmt: skip
    return Sieved(of, vectors[at[:count]])


def _keys(nodes: list[list[Codes]]) -> Ints:
    """Per column, level and code a number; their sum names a group.

    Digits of one number where they fit in 62 bits, else random ones of 64 bits: two groups of 300,000 tuples then share
    a sum once in a hundred million tables, and the check of the labels sees it.
    """
    levels = max(len(each) for each in nodes)
    width = max(len(of) for each in nodes for of in each)
    keys = np.zeros((len(nodes), levels, width), dtype=np.int64)
    sizes = [max(int(of.max(initial=0)) + 1 for of in each) for each in nodes]
    fits = float(np.prod(np.array(sizes, dtype=np.float64))) < _FITS
    stride = 1
    random = np.random.Generator(np.random.PCG64(20261122))
    for column, each in enumerate(nodes):
        names = random.integers(-(2**63), 2**63 - 1, size=(levels, sizes[column]), dtype=np.int64)
        for level, of in enumerate(each):
            keys[column, level, : len(of)] = of.astype(np.int64) * stride if fits else names[level][of]
        stride *= sizes[column] if fits else 1
    return keys
