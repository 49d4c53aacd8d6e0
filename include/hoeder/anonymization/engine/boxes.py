"""Boxes around tuples: an interval on each line, a set of values of each other column."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hoeder.anonymization.engine.columns import Column, Floats, Ints


@dataclass(frozen=True)
class Space:
    """How columns are measured. `line` says which have positions; `at` gives each code's, from 0 to the column's
    weight.

    Other columns are sets: bits from word `word`, each value beyond the first costing `step`.
    """

    line: npt.NDArray[np.bool_]
    at: Floats
    word: Ints
    step: Floats
    words: int


_EMPTY = 1.5  # where an empty cell stands on a line that ends at 1: away from all numbers


def space(columns: Sequence[Column], importance: Floats) -> Space:
    """The space of these columns; the whole of it has size 1."""
    share = importance / importance.sum()
    line = np.array([column.kind != "text" for column in columns])
    at = np.zeros((len(columns), max(len(column.values) for column in columns)))
    word, step, words = np.zeros(len(columns), dtype=np.int64), np.zeros(len(columns)), 0
    for place, column in enumerate(columns):
        if line[place]:
            positions = column.positions()
            span = max(float(np.ptp(positions)), 1e-300) if len(positions) else 1.0
            at[place, : len(positions)] = (positions - (positions[0] if len(positions) else 0.0)) / span
            if column.has_empty:
                at[place, len(positions)] = _EMPTY
            at[place] *= share[place]
        else:
            word[place] = words
            words += (len(column.values) + 63) // 64
            step[place] = share[place] / max(len(column.values) - 1, 1)
    return Space(line, at, word, step, max(words, 1))
