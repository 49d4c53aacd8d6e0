"""Find the least general combination of steps that makes every group large enough: full-domain generalisation.

One step per column, the same for all rows (Samarati 2001). Combinations are tried by height, the number of steps taken
in all, so the first height that succeeds is the least general one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, product

import numpy as np

from hoeder.anonymization.encode import Column, Extract, Ints
from hoeder.anonymization.groups import dense, number, persons_per_group
from hoeder.anonymization.steps import Level, levels
from hoeder.errors import GateFailed
from hoeder.policy.models import Release


@dataclass(frozen=True)
class Choice:
    """The steps taken, and which rows stay. Rows of a group with fewer than k persons are suppressed."""

    levels: tuple[Level, ...]
    kept: Ints
    """Positions of the rows that stay."""


@dataclass(frozen=True)
class _Rows:
    """Rows that are alike in person and source values, once, with how many they are."""

    persons: Ints
    codes: tuple[Ints, ...]
    count: Ints


def search(extract: Extract, release: Release) -> Choice:
    """The steps with the lowest height that reach k persons in every group with few enough rows suppressed.

    At that height: most groups, then fewest suppressed rows, then the earlier columns the finer. Raises GateFailed
    where no combination is enough.
    """
    columns = [extract.columns[g.column] for g in release.quasi_identifiers]
    ladders = [levels(c, g, extract.persons) for c, g in zip(columns, release.quasi_identifiers, strict=True)]
    allowed = allowed_suppression(extract.rows, release.max_suppressed)
    rows = _distinct(extract.persons, columns)
    combinations = sorted(product(*(range(len(ladder)) for ladder in ladders)), key=lambda steps: (sum(steps), steps))
    for _, same_height in groupby(combinations, key=sum):
        found: list[tuple[int, int, tuple[int, ...]]] = []
        for steps in same_height:
            chosen = _chosen(ladders, steps)
            judged = _judge(rows, chosen, release.k, allowed)
            if judged is not None:
                groups, suppressed = judged
                found.append((-groups, suppressed, steps))
        if found:
            chosen = _chosen(ladders, min(found)[2])
            return Choice(chosen, _kept(extract.persons, columns, chosen, release.k))
    raise GateFailed(
        f"release {release.release} was not published: even the coarsest steps leave more than {allowed} of "
        f"{extract.rows} rows in groups of fewer than {release.k} persons; add coarser steps or leave a column out"
    )


def allowed_suppression(rows: int, share: float) -> int:
    """How many rows may be left out: the share as it is written in policy, rounded down."""
    return int(Decimal(str(share)) * rows)


def _chosen(ladders: Sequence[tuple[Level, ...]], steps: tuple[int, ...]) -> tuple[Level, ...]:
    return tuple(ladder[step] for ladder, step in zip(ladders, steps, strict=True))


def _distinct(persons: Ints, columns: Sequence[Column]) -> _Rows:
    sizes = [int(persons.max()) + 1, *(len(column.values) for column in columns)]
    numbers, _ = number([persons, *(column.codes for column in columns)], sizes)
    _, first, count = np.unique(numbers, return_index=True, return_counts=True)
    return _Rows(persons[first], tuple(column.codes[first] for column in columns), count.astype(np.int64))


def _judge(rows: _Rows, chosen: tuple[Level, ...], k: int, allowed: int) -> tuple[int, int] | None:
    """Groups left and rows suppressed under these steps; None where too many are suppressed or nothing is left."""
    groups, count = _grouped(rows.codes, chosen)
    sizes = np.bincount(groups, weights=rows.count, minlength=count)
    # A group of fewer distinct rows than k has fewer persons than k: often enough to say no without counting persons.
    if sizes[np.bincount(groups, minlength=count) < k].sum() > allowed:
        return None
    small = persons_per_group(groups, count, rows.persons) < k
    suppressed = int(sizes[small].sum())
    left = count - int(small.sum())
    return (left, suppressed) if left and suppressed <= allowed else None


def _kept(persons: Ints, columns: Sequence[Column], chosen: tuple[Level, ...], k: int) -> Ints:
    groups, count = _grouped([column.codes for column in columns], chosen)
    return np.flatnonzero(persons_per_group(groups, count, persons)[groups] >= k)


def _grouped(codes: Sequence[Ints], chosen: tuple[Level, ...]) -> tuple[Ints, int]:
    """Each row's group, numbered without gaps."""
    parts = [level.of[column] for level, column in zip(chosen, codes, strict=True)]
    numbers, bound = number(parts, [len(level.labels) for level in chosen])
    if bound <= 4 * len(numbers):  # sparse enough to count in place of sorting
        seen = np.zeros(bound, dtype=np.int64)
        seen[numbers] = 1
        return (np.cumsum(seen) - 1)[numbers], int(seen.sum())
    return dense(numbers)
