"""A second look at each span with its whole text around it: how likely it is personal data after all.

The tagger decides by a few words to either side. What else a text says, and what else was found in it, tells a company
from a person and a branch's town from somebody's home. Logistic regression over hashed features; its examples are what
taggers said of texts that they had not seen (stacking: Wolpert, 1992).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoeder.compiled import compiled
from hoeder.detection.group import Grouped
from hoeder.detection.tagger import Features
from hoeder.detection.tokens import Hashes, Small, Tokens

BITS = 18
_SHIFT = np.uint64(64 - BITS)
_MOST = 176
"""The most features of one span."""
_AROUND = 24
"""Tokens to either side whose words are looked at."""
EPOCHS, RATE, SHRINK = 6, 0.05, 2e-5
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Weigher:
    """A weight for each feature."""

    weights: NDArray[np.float32]

    def weigh(self, features: Features, tokens: Tokens, spans: Grouped) -> NDArray[np.float32]:
        """How likely each span is personal data, from 0 to 1."""
        active, counts = _look(features, tokens, spans)
        sums = np.empty(len(counts), np.float32)
        _sum(active, counts, self.weights, sums)
        return np.asarray(1 / (1 + np.exp(-sums)), np.float32)


def train(
    features: Features, tokens: Tokens, spans: Grouped, right: NDArray[np.bool_], *, harm: float, seed: int
) -> Weigher:
    """Learn from spans of which it is known whether they are `right`.

    `harm` is how much more a wrong span in a text without any right one counts than another.
    """
    active, counts = _look(features, tokens, spans)
    costs = _costs(spans, right, harm)
    weights, squares = np.zeros(1 << BITS, np.float32), np.full(1 << BITS, 1e-6, np.float32)
    order = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        _epoch(active, counts, right, costs, order.permutation(len(right)), weights, squares)
    return Weigher(weights)


def _costs(spans: Grouped, right: NDArray[np.bool_], harm: float) -> NDArray[np.float32]:
    some = np.zeros(int(spans.rows.max(initial=-1)) + 1, np.bool_)
    some[spans.rows[right]] = True
    return np.where(right | some[spans.rows], 1.0, harm).astype(np.float32)


def _look(features: Features, tokens: Tokens, spans: Grouped) -> tuple[Rows, Small]:
    active, counts = np.zeros((len(spans.rows), _MOST), np.int32), np.zeros(len(spans.rows), np.uint8)
    _features(features, tokens.words, spans, active, counts)
    return active, counts


@compiled
def _at(template: int, entity: int, value: np.uint64) -> np.int32:
    """The place of a feature: of an entity's template with a value."""
    mixed = value ^ (np.uint64(template * 16 + entity + 1) * np.uint64(0x9E3779B97F4A7C15))
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xD6E8FEB86659FD93)
    return np.int32(mixed >> _SHIFT)


@compiled
def _features(f: Features, raw: Hashes, spans: Grouped, out: Rows, counts: Small) -> None:
    n = len(spans.rows)
    edge = np.uint64(0x2545F4914F6CDD1D)
    begin = 0
    while begin < n:
        row = spans.rows[begin]
        after = begin
        while after < n and spans.rows[after] == row:
            after += 1
        first, last = f.rows[row], f.rows[row + 1]
        lower, capitals, others = 0, 0, 0
        for i in range(first, last):
            if f.shapes[i] == 1:
                lower += 1
            elif f.shapes[i] == 3:
                capitals += 1
            elif f.shapes[i] == 2 or f.shapes[i] == 4:
                others += 1
        style = 3 if capitals > 2 * (lower + others) else 2 if capitals + others == 0 else 1 if others > lower else 0
        for s in range(begin, after):
            e, a, b = int(spans.entities[s]), spans.firsts[s], spans.lasts[s]
            margin = min(max(int(spans.margins[s] / 60), 0), 40)
            out[s, 0] = _at(0, e, np.uint64(0))
            out[s, 1] = _at(1, e, np.uint64(margin))
            out[s, 2] = _at(2, e, np.uint64(min(b - a, 6)))
            out[s, 3] = _at(3, e, np.uint64(style))
            out[s, 4] = _at(4, e, np.uint64(min((last - first) // 4, 12)))
            out[s, 5] = _at(5, e, np.uint64(min(after - begin - 1, 3)))
            out[s, 6] = _at(6, e, np.uint64(spans.reasons[s]))
            out[s, 7] = _at(7, e, np.uint64(f.forms[a]))
            out[s, 8] = _at(8, e, np.uint64(a == first) + np.uint64(2) * np.uint64(b == last - 1))
            shape = np.uint64(1)
            for i in range(a, min(b + 1, a + 5)):
                shape = shape * np.uint64(8) + np.uint64(f.shapes[i])
            out[s, 9] = _at(9, e, shape * np.uint64(0x9E3779B97F4A7C15))
            k = 10
            for d in range(1, 4):
                w = f.words[a - d] if a - d >= first else edge
                v = f.words[b + d] if b + d < last else edge
                out[s, k] = _at(9 + d, e, w)
                out[s, k + 1] = _at(13 + d, e, v)
                out[s, k + 2] = _at(17, e, w)
                out[s, k + 3] = _at(18, e, v)
                k += 4
            out[s, k] = _at(25, e, raw[a - 1] if a > first else edge)
            out[s, k + 1] = _at(26, e, raw[b + 1] if b + 1 < last else edge)
            k += 2
            w = f.words[a - 1] if a > first else edge
            v = f.words[a - 2] if a - 1 > first else edge
            out[s, k] = _at(19, e, w ^ (v << np.uint64(17)) ^ (v >> np.uint64(47)))
            k += 1
            for i in range(a, min(b + 1, a + 8)):
                suffix = np.uint64(7)
                for c in range(max(f.starts[i], f.ends[i] - 3), f.ends[i]):
                    suffix = (suffix + np.uint64(f.chars[c] | 32)) * np.uint64(0x9E3779B97F4A7C15)
                out[s, k] = _at(20, e, raw[i])
                out[s, k + 1] = _at(21, e, f.attributes[i])
                out[s, k + 2] = _at(27, e, suffix)
                k += 3
            for other in range(begin, min(after, begin + 8)):
                if other != s:
                    out[s, k] = _at(22, e, np.uint64(spans.entities[other]))
                    k += 1
            for i in range(max(first, a - _AROUND), min(last, b + 1 + _AROUND)):
                if i < a or i > b:
                    out[s, k] = _at(23, e, f.words[i])
                    out[s, k + 1] = _at(24, 0, f.words[i])
                    k += 2
            counts[s] = k
        begin = after


@compiled
def _sum(active: Rows, counts: Small, weights: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    for s in range(len(counts)):
        total = np.float32(0)
        for k in range(counts[s]):
            total += weights[active[s, k]]
        out[s] = total


@compiled
def _epoch(
    active: Rows,
    counts: Small,
    right: NDArray[np.bool_],
    costs: NDArray[np.float32],
    order: NDArray[np.int64],
    weights: NDArray[np.float32],
    squares: NDArray[np.float32],
) -> None:
    """One pass of AdaGrad (Duchi et al., 2011); weights that little speaks for shrink."""
    for s in order:
        total = np.float32(0)
        for k in range(counts[s]):
            total += weights[active[s, k]]
        slope = costs[s] * (np.float32(1) / (np.float32(1) + np.exp(-total)) - np.float32(right[s]))
        for k in range(counts[s]):
            at = active[s, k]
            step = slope + np.float32(SHRINK) * weights[at]
            squares[at] += step * step
            weights[at] -= np.float32(RATE) * step / np.sqrt(squares[at])
