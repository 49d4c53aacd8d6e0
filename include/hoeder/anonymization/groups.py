"""How many different persons each group of rows holds."""

import numpy as np

from hoeder.anonymization.engine.columns import Ints


def dense(numbers: Ints) -> tuple[Ints, int]:
    """Renumber from 0 without gaps, in the same order; and how many numbers there are."""
    distinct, position = np.unique(numbers, return_inverse=True)
    return position.astype(np.int64), len(distinct)


def persons_per_group(groups: Ints, count: int, persons: Ints) -> Ints:
    """How many different persons each of `count` groups holds; person 0 is nobody known and counts for nothing."""
    known, width = persons > 0, int(persons.max(initial=0)) + 1
    distinct = np.unique(groups[known] * width + persons[known])
    return np.bincount(distinct // width, minlength=count).astype(np.int64)
