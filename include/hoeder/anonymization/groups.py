"""Groups of rows that look alike, and how many different persons each holds."""

from collections.abc import Sequence

import numpy as np

from hoeder.anonymization.encode import Ints

_LARGEST = 2**62


def number(codes: Sequence[Ints], sizes: Sequence[int]) -> tuple[Ints, int]:
    """One number per row for its combination of codes, and a bound above all numbers; `codes[i] < sizes[i]`."""
    numbers, bound = np.zeros(len(codes[0]), dtype=np.int64), 1
    for column, size in zip(codes, sizes, strict=True):
        if bound * size > _LARGEST:
            numbers, bound = dense(numbers)
        numbers, bound = numbers * size + column, bound * size
    return numbers, bound


def dense(numbers: Ints) -> tuple[Ints, int]:
    """Renumber from 0 without gaps, in the same order."""
    distinct, position = np.unique(numbers, return_inverse=True)
    return position.astype(np.int64), len(distinct)


def persons_per_group(groups: Ints, count: int, persons: Ints) -> Ints:
    """How many different persons each of `count` groups holds; person 0 is nobody known and counts for nothing."""
    known, width = persons > 0, int(persons.max(initial=0)) + 1
    distinct = np.unique(groups[known] * width + persons[known])
    return np.bincount(distinct // width, minlength=count).astype(np.int64)
