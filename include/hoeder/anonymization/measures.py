"""Make a measure coarse: outliers moved inwards, the rest rounded, until nobody stands alone with a number."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hoeder.anonymization.engine.columns import Floats, Ints
from hoeder.anonymization.groups import persons_per_group

_VALUES = 50  # a measure starts with about this many different values
_LARGEST = 2.0**53  # whole numbers up to here are exact


@dataclass(frozen=True)
class Coarse:
    """A measure as it leaves: multiples of `step` between `low` and `high`, empty cells NaN."""

    values: Floats
    step: int
    low: int
    high: int


def coarsen(values: Floats, persons: Ints, k: int) -> Coarse:
    """Round a measure so that at least k persons share every value that is left.

    Values beyond the 1st and 99th percentile of the rows are moved to them, and further where fewer than k persons are
    out there. Then all are rounded to the nearest multiple of the smallest step of 1, 2, 5, 10, 20, 50, … that gives at
    most about 50 different values, each of at least k persons. Fewer than k persons with a value: all cells empty.
    """
    known = ~np.isnan(values) & (persons > 0)
    if len(np.unique(persons[known])) < k:
        return Coarse(np.full(len(values), np.nan), 1, 0, 0)
    inside = np.clip(values, -_LARGEST, _LARGEST)
    high = min(_percentile(inside, 0.99), _shared_tail(inside[known], persons[known], k))
    low = max(_percentile(inside, 0.01), -_shared_tail(-inside[known], persons[known], k))
    low = min(low, high)
    clipped = np.clip(inside, low, high)
    for step in _steps((high - low) / _VALUES):
        rounded = np.floor(clipped / step + 0.5) * step
        if _shared(rounded, persons, k):
            left = rounded[~np.isnan(rounded)]
            return Coarse(rounded, step, int(left.min()), int(left.max()))
    raise AssertionError("unreachable: a step wide enough leaves one value")


def _percentile(values: Floats, share: float) -> float:
    """A value that occurs, so that the result does not depend on how ties are averaged."""
    return float(np.nanquantile(values, share, method="inverted_cdf"))


def _shared_tail(values: Floats, persons: Ints, k: int) -> float:
    """The largest number that k persons reach."""
    best = np.full(int(persons.max()) + 1, -np.inf)
    np.maximum.at(best, persons, values)
    reached = np.sort(best[np.isfinite(best)])
    return float(reached[-k])


def _steps(least: float) -> Iterator[int]:
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step >= least:
                yield step
        power *= 10


def _shared(rounded: Floats, persons: Ints, k: int) -> bool:
    filled = ~np.isnan(rounded)
    distinct, group = np.unique(rounded[filled], return_inverse=True)
    return bool((persons_per_group(group.astype(np.int64), len(distinct), persons[filled]) >= k).all())
