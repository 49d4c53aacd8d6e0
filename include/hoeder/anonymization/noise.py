"""Counts with differential privacy: contributions bounded first, then discrete Laplace noise from OpenDP.

A person counts once in a cell and in at most `most_cells` cells, so adding or removing a person moves the whole table
by
at most `most_cells` in L1. Noise of scale most_cells / epsilon then makes the table epsilon-differentially private for
persons. Which cells exist is decided by the labels alone: every combination of labels that policy's vocabulary has is a
cell, also where nobody is in it. The labels themselves must be no secret, which policy answers for by naming the
columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from hoeder.anonymization.engine.columns import Ints
from hoeder.anonymization.engine.tuples import number
from hoeder.errors import HoederError
from hoeder.policy.release import Noise


@dataclass(frozen=True)
class Noisy:
    """Every cell's labels, and its number of persons with noise, none below 0."""

    labels: tuple[tuple[str, ...], ...]
    persons: Ints
    scale: float
    rows_left_out: int
    """Rows beyond the bound on a person's contributions."""


def bounded(persons: Ints, cells: Ints, most: int, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Each person's cells, once each, and at random at most so many of them; rows of nobody known are left out."""
    known = persons > 0
    pairs = np.unique(np.stack([persons[known], cells[known]], axis=1), axis=0)
    pairs = pairs[random.permutation(len(pairs))]
    pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
    starts = np.flatnonzero(np.r_[True, pairs[1:, 0] != pairs[:-1, 0]]) if len(pairs) else np.zeros(0, np.int64)
    rank = np.arange(len(pairs)) - np.repeat(starts, np.diff(np.r_[starts, len(pairs)]))
    kept = pairs[rank < most]
    return kept[:, 0], kept[:, 1]


def noisy_counts(
    persons: Ints, labels: Mapping[str, Ints], names: Mapping[str, Sequence[str]], noise: Noise, seed: int
) -> Noisy:
    """Count persons per cell with noise. `seed` only chooses which contributions stay; the noise is OpenDP's own."""
    sizes = [len(names[name]) for name in labels]
    cells = number(list(labels.values()), sizes)
    who, where = bounded(persons, cells, noise.most_cells, np.random.default_rng(seed))
    del who
    true = np.bincount(where, minlength=int(np.prod(sizes)))
    scale = noise.most_cells / noise.epsilon
    return Noisy(
        labels=tuple(product(*(names[name] for name in labels))),
        persons=np.maximum(laplace(true.astype(np.int64), scale, noise.most_cells, noise.epsilon), 0),
        scale=scale,
        rows_left_out=len(np.unique(np.stack([persons, cells], axis=1), axis=0)) - len(where),
    )


def laplace(counts: Ints, scale: float, sensitivity: int, epsilon: float) -> Ints:
    """Counts with discrete Laplace noise; OpenDP itself confirms that the privacy loss is at most epsilon."""
    import opendp.prelude as dp

    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    mechanism = dp.m.make_laplace(*space, scale=scale)
    if mechanism.map(sensitivity) > epsilon * (1 + 1e-9):  # type: ignore[no-untyped-call]
        raise HoederError(f"noise of scale {scale:g} costs more than epsilon {epsilon:g}: no noise was drawn")
    return np.array(mechanism(counts.tolist()), dtype=np.int64)


def theory(scale: float) -> float:
    """Expected absolute error of one cell: discrete Laplace, 2q / (1 - q²) with q = exp(-1 / scale)."""
    q = float(np.exp(-1 / scale))
    return 2 * q / (1 - q * q)
