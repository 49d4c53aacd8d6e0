"""Whether a group is alike enough: k, l and t over one histogram."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hoeder.anonymization.engine.columns import Column, Floats, Ints
from hoeder.anonymization.engine.kernels import gather, judged
from hoeder.anonymization.engine.limits import Limits
from hoeder.anonymization.engine.tuples import Crowd


@dataclass(frozen=True)
class Asked:
    """Limits as numbers. `bounds` cut the sensitive values into columns; `spread` is what classes are held against.

    `rule` holds distinct l, the logarithm of entropy l, c and l of recursive l, t, and whether its distance is ordered;
    0 or -1 where nothing is asked.
    """

    k: int
    by_person: bool
    rule: Floats
    bounds: Ints
    spread: Floats

    @property
    def more(self) -> bool:
        """Whether counting rows is not enough."""
        return self.by_person or len(self.bounds) > 1


def asked(limits: Limits, sensitive: Sequence[Column], crowd: Crowd) -> Asked:
    """Limits over these columns; the spread is that of all tuples."""
    held = sensitive if limits.about_sensitive else ()
    bounds = np.cumsum([0, *(len(column.values) for column in held)]).astype(np.int64)
    c, among = limits.l_recursive or (0.0, 0)
    rule = np.array(
        [
            limits.l_distinct or 0,
            np.log(limits.l_entropy) if limits.l_entropy else -1.0,
            c,
            among,
            -1.0 if limits.t is None else limits.t,
            limits.t_distance == "ordered",
        ],
        dtype=np.float64,
    )
    found = Asked(limits.k, crowd.persons > 0, rule, bounds, np.zeros(int(bounds[-1])))
    return held_against(found, crowd, np.ones(len(crowd.start) - 1, dtype=np.bool_))


def held_against(each: Asked, crowd: Crowd, chosen: npt.NDArray[np.bool_]) -> Asked:
    """The same, with the spread of the chosen tuples."""
    members = np.flatnonzero(chosen)
    scratch = Scratch.of(crowd, each)
    counts = np.zeros(int(each.bounds[-1]), dtype=np.int64)
    gather(members, 0, len(members), crowd.start, crowd.who, crowd.what, crowd.pair, crowd.count,
           scratch.person, scratch.pair, counts, 1)  # fmt: skip
    spread = counts.astype(np.float64)
    for low, high in zip(each.bounds[:-1], each.bounds[1:], strict=True):
        spread[low:high] /= max(spread[low:high].sum(), 1.0)
    return replace(each, spread=spread)


@dataclass(frozen=True)
class Scratch:
    """Room for counting: when each person and pair was last seen."""

    person: Ints
    pair: Ints
    counts: Ints

    @classmethod
    def of(cls, crowd: Crowd, each: Asked) -> "Scratch":
        return cls(
            np.zeros(crowd.persons + 1, dtype=np.int64),
            np.zeros(crowd.pairs + 1, dtype=np.int64),
            np.zeros(int(each.bounds[-1]), dtype=np.int64),
        )


def judge(of: Ints, count: int, weight: Ints, crowd: Crowd, each: Asked) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Whether each class holds, and its size in persons or rows. `of` gives each tuple's class, -1 for none."""
    order = np.argsort(of, kind="stable").astype(np.int64)
    start = np.searchsorted(of[order], np.arange(count + 1)).astype(np.int64)
    scratch = Scratch.of(crowd, each)
    return judged(
        order, start, weight, each.k, each.by_person, crowd.start, crowd.who, crowd.what, crowd.pair, crowd.count,
        each.bounds, each.spread, each.rule, scratch.person, scratch.pair, scratch.counts,
    )  # fmt: skip
