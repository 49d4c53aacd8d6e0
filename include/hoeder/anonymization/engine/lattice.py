"""Combinations of levels, one a column, in the order in which they are tried: what loses least first."""

from collections.abc import Sequence

import numpy as np

from hoeder.anonymization.engine.columns import Codes, Floats, Ints
from hoeder.anonymization.engine.ladder import Ladder

_MOST = 50_000


def mean_losses(ladders: Sequence[Ladder], codes: Codes, weight: Ints) -> list[Floats]:
    """What each level of each column loses, as a mean over rows."""
    found = []
    for place, ladder in enumerate(ladders):
        rows = np.bincount(codes[:, place], weights=weight, minlength=len(ladder.column.values))
        found.append(np.array([float(rows @ level.loss[level.of]) for level in ladder.levels]) / max(weight.sum(), 1))
    return found


def combinations(losses: Sequence[Floats], importance: Floats) -> Ints:
    """Every combination of levels by mean loss, ties in the order of levels.

    Where there are more than 50,000, those that lose least at each height (the number of levels taken) stay.
    """
    sizes = [len(loss) for loss in losses]
    if np.prod(np.array(sizes, dtype=np.float64)) <= _MOST:
        vectors = np.stack(np.meshgrid(*map(np.arange, sizes), indexing="ij"), axis=-1).reshape(-1, len(sizes))
    else:
        vectors = _beam(losses, importance, max(_MOST // (sum(sizes) - len(sizes) + 1), 1))
    return vectors[np.argsort(_weigh(vectors, losses, importance), kind="stable")].astype(np.int64)


def _weigh(vectors: Ints, losses: Sequence[Floats], importance: Floats) -> Floats:
    total = np.zeros(len(vectors))
    for place, loss in enumerate(losses):
        total += importance[place] * loss[vectors[:, place]]
    # Sums that differ in their last digits are ties: else the order would hang on the order of the columns' additions.
    rounded: Floats = np.round(total / importance.sum(), 12)
    return rounded


def _beam(losses: Sequence[Floats], importance: Floats, width: int) -> Ints:
    top = np.array([len(loss) - 1 for loss in losses])
    layer = np.zeros((1, len(losses)), dtype=np.int64)
    kept = [layer]
    while (layer < top).any():
        higher = [layer + step for step in np.eye(len(losses), dtype=np.int64)]
        together = np.unique(np.concatenate(higher), axis=0)
        together = together[(together <= top).all(axis=1)]
        layer = together[np.argsort(_weigh(together, losses, importance), kind="stable")[:width]]
        kept.append(layer)
    return np.concatenate(kept)
