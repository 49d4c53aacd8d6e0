"""A linear tagger over tokens: sums of learned weights per label, and the best sequence of labels.

Labels are 0 (nothing) and the numbers of the entities. A token's features are hashed into rows of the weight table;
training is the averaged structured perceptron with a margin (Collins, 2002), which gives the same weights for the same
texts and seed. Four weights are packed into one word of 64 bits, so that one addition adds four of them: what limits
the speed is then how many rows of the table fit into the processor's cache.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoeder.compiled import compiled
from hoeder.detection.candidates import Candidates
from hoeder.detection.entities import Entity
from hoeder.detection.fold import Bytes, Folded
from hoeder.detection.gazetteer import Flag
from hoeder.detection.tokens import Hashes, Small, Tokens

Rows = NDArray[np.int32]
Scores = NDArray[np.int32]
Flags = NDArray[np.uint32]
LABELS = 16
"""Places per row of weights; 15 are used."""
FEATURES = 36
"""The most rows that one token adds up."""
BITS = 18
_SHIFT = np.uint64(64 - BITS)
_OFFSET = 680
"""Added to packed weights, which must not be negative: 48 of them would stay below 2¹⁶."""
SCALE = 11.0
"""Weights are kept as whole numbers: this many for 1."""

REVIEW = np.zeros(LABELS, np.int32)
"""Bias for texts that are reviewed or counted. A word is sooner taken for a name than anything else is for what it is
not; measured on texts kept out of training."""
REVIEW[Entity.PERSON] = -75


@dataclass(frozen=True)
class Tagger:
    """Weights per feature and label, and from label to label. `places` says for each hash of a feature which row is its
    own; most features that occur say nothing and have row 0, which is never read."""

    places: NDArray[np.uint16]
    weights: Hashes
    follows: NDArray[np.int32]

    def tag(self, features: "Features", bias: Scores) -> tuple[Small, Scores]:
        """The label of every token, and by how much it beats 'nothing' there; `bias` favours each label by so much."""
        n = len(features.words)
        labels, margins = np.zeros(n, np.uint8), np.zeros(n, np.int32)
        _tag(features, self.places, self.weights, self.follows, bias, labels, margins)
        return labels, margins


class Features(NamedTuple):
    """What is known of each token before its weights are added up; a tuple, so that compiled loops take it whole."""

    chars: Bytes
    starts: Rows
    ends: Rows
    words: Hashes
    attributes: Hashes
    shapes: Small
    places: Small
    forms: Small
    heads: Rows
    left: Rows
    right: Rows
    labels: Hashes
    plain: NDArray[np.bool_]
    """Tokens that are no personal data for certain, and are passed over."""
    rows: NDArray[np.int64]


def features(folded: Folded, tokens: Tokens, flags: Flags, lemmas: Hashes, candidates: Candidates) -> Features:
    """Prepare tokens for tagging."""
    n = len(tokens)
    words, attributes = np.empty(n, np.uint64), np.empty(n, np.uint64)
    left, right, labels = np.empty(n, np.int32), np.empty(n, np.int32), np.zeros(n, np.uint64)
    plain = np.zeros(n, np.bool_)
    _prepare(
        folded.chars, tokens.starts, tokens.ends, lemmas, tokens.shapes, tokens.rows, flags, candidates.forms,
        words, attributes, left, right, labels, plain,
    )  # fmt: skip
    return Features(
        folded.chars, tokens.starts, tokens.ends, words, attributes, tokens.shapes, tokens.places,
        candidates.forms, candidates.heads, left, right, labels, plain, tokens.rows,
    )  # fmt: skip


_KNOWN = np.uint32(Flag.LEARNED)
# Places of the flags in an attribute: the first seven as they are, then what a record says.
_BASIC = np.uint32(0x7F)
_ORDINARY = np.uint32(Flag.ORDINARY)
_PASSED = np.uint32(Flag.ORDINARY | Flag.RECORD_NAME | Flag.RECORD_PLACE | Flag.STAFF)
_JOINING = np.uint32(Flag.JOINING)
_LINKED = np.uint32(Flag.JOINING | Flag.RECORD_NAME | Flag.RECORD_PLACE | Flag.STAFF)
_RECORD = np.uint32(Flag.RECORD_NAME | Flag.RECORD_PLACE | Flag.STAFF | Flag.HEALTH | Flag.THING | Flag.NEAR_NAME)


@compiled
def _spread(value: np.uint64) -> np.uint64:
    """A small number as one whose bits are all in use."""
    mixed = (value + np.uint64(1)) * np.uint64(0xBF58476D1CE4E5B9)
    return (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0x94D049BB133111EB)


@compiled
def _prepare(
    chars: Bytes,
    starts: Rows,
    ends: Rows,
    hashes: Hashes,
    shapes: Small,
    rows: NDArray[np.int64],
    flags: Flags,
    forms: Small,
    words: Hashes,
    attributes: Hashes,
    left: Rows,
    right: Rows,
    labels: Hashes,
    plain: NDArray[np.bool_],
) -> None:
    for row in range(len(rows) - 1):
        first, last = rows[row], rows[row + 1]
        lower, capitals, others = 0, 0, 0
        for i in range(first, last):
            if shapes[i] == 1:
                lower += 1
                plain[i] = flags[i] & _PASSED == _ORDINARY and forms[i] == 0
            elif shapes[i] == 3:
                capitals += 1
            elif shapes[i] == 2 or shapes[i] == 4:
                others += 1
        style = 0
        if capitals > 2 * (lower + others) and capitals > 1:
            style = 2
        elif capitals + others == 0:
            style = 1
        before, label = -1, np.uint64(0)
        for i in range(first, last):
            shape = np.uint32(shapes[i])
            flag = flags[i]
            if shape == 6:
                words[i] = _spread(np.uint64(100 + min(ends[i] - starts[i], 12)))
            elif shape == 0 or flag & _KNOWN:
                words[i] = hashes[i]
            else:
                words[i] = _spread(np.uint64(200) + np.uint64(flag & np.uint32(0xF)))
            attributes[i] = _spread(
                np.uint64(
                    shape
                    | np.uint32(style) << np.uint32(3)
                    | (flag & _BASIC) << np.uint32(5)
                    | (flag & _RECORD) << np.uint32(3)
                )
            )
            left[i] = before
            if shape != 0:
                before = i
            elif chars[starts[i]] == 58 and before >= 0:
                label = words[before]
            elif chars[starts[i]] == 10:
                label = np.uint64(0)
            labels[i] = label
        # Signs and small words between ordinary ones belong to nothing.
        i = first
        while i < last:
            end = i
            while (
                end < last
                and not plain[end]
                and forms[end] == 0
                and (shapes[end] == 0 or (shapes[end] == 1 and flags[end] & _LINKED == _JOINING))
            ):
                end += 1
            if end > i and (i == first or plain[i - 1]) and (end == last or plain[end]):
                plain[i:end] = True
            i = max(end, i + 1)
        after = -1
        for i in range(last - 1, first - 1, -1):
            right[i] = after
            if shapes[i] != 0:
                after = i


@compiled
def _one(template: int, a: np.uint64) -> np.uint64:
    """The place of a feature of one value; the value's bits are well spread already."""
    return ((a ^ (np.uint64(template) * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xD6E8FEB86659FD93)) >> _SHIFT


@compiled
def _two(template: int, a: np.uint64, b: np.uint64) -> np.uint64:
    """The place of a feature of two values."""
    turned = (b << np.uint64(23)) | (b >> np.uint64(41))
    return (
        (a ^ (turned + np.uint64(template) * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xD6E8FEB86659FD93)
    ) >> _SHIFT


@compiled
def _buckets(f: Features, i: int, first: int, last: int, out: Rows) -> int:
    """Rows of the weight table that token i adds up; how many.

    Ten more kinds were tried and left out: files of texts that a tagger had not seen were read no worse without them.
    """
    edge = np.uint64(0x2545F4914F6CDD1D)
    w, a = f.words[i], f.attributes[i]
    w1 = f.words[i - 1] if i > first else edge
    w2 = f.words[i - 2] if i - 1 > first else edge
    v1 = f.words[i + 1] if i + 1 < last else edge
    v2 = f.words[i + 2] if i + 2 < last else edge
    a1 = f.attributes[i - 1] if i > first else edge
    b1 = f.attributes[i + 1] if i + 1 < last else edge
    head = f.heads[i]
    place = _spread(np.uint64(f.places[i]))
    l1 = f.left[head]
    lw1 = f.words[l1] if l1 >= 0 else edge
    shape = _spread(np.uint64(f.shapes[i]) + np.uint64(8) * np.uint64(f.places[i] & 4))
    out[0] = _one(1, w)
    out[1] = _one(2, w1)
    out[2] = _one(3, v1)
    out[3] = _one(4, w2)
    out[4] = _one(5, v2)
    out[5] = _one(6, a)
    out[6] = _one(7, a1)
    out[7] = _one(8, b1)
    out[8] = _two(9, a, a1)
    out[9] = _two(10, a, b1)
    out[10] = _two(12, a, w1)
    out[11] = _two(13, a, v1)
    out[12] = _two(14, w, w1)
    out[13] = _two(15, w, v1)
    out[14] = _two(19, a, place)
    out[15] = _two(22, f.labels[i], a)
    out[16] = _two(47, shape, lw1)
    n = 17
    if f.forms[i]:
        form_at = _spread(np.uint64(f.forms[i]) * np.uint64(2) + np.uint64(head == i))
        l2 = f.left[l1] if l1 >= 0 else -1
        l3 = f.left[l2] if l2 >= 0 else -1
        lw2 = f.words[l2] if l2 >= 0 else edge
        lw3 = f.words[l3] if l3 >= 0 else edge
        r1 = f.right[i]
        rw1 = f.words[r1] if r1 >= 0 else edge
        out[n] = _one(24, form_at)
        out[n + 1] = _two(25, form_at, lw1)
        out[n + 2] = _two(26, form_at, lw2)
        out[n + 3] = _two(27, form_at, lw3)
        out[n + 4] = _two(28, form_at, rw1)
        out[n + 5] = _two(29, form_at, f.labels[i])
        out[n + 6] = _two(30, form_at, a)
        n += 7
        if l1 >= 0 and f.shapes[l1] != 6:
            suffix, prefix = np.uint64(7), np.uint64(11)
            for k in range(min(f.ends[l1] - f.starts[l1], 4)):
                c = np.uint64(f.chars[f.ends[l1] - 1 - k])
                suffix = (suffix + (c + np.uint64(32) if c < 97 else c)) * np.uint64(0x9E3779B97F4A7C15)
                d = np.uint64(f.chars[f.starts[l1] + k])
                prefix = (prefix + (d + np.uint64(32) if d < 97 else d)) * np.uint64(0x9E3779B97F4A7C15)
            out[n] = _two(43, form_at, suffix)
            out[n + 1] = _two(44, form_at, prefix)
            n += 2
    if f.shapes[i] != 0 and f.shapes[i] != 6:
        length = f.ends[i] - f.starts[i]
        suffix, prefix = np.uint64(7), np.uint64(11)
        for k in range(min(length, 6)):
            c = np.uint64(f.chars[f.ends[i] - 1 - k])
            if c < 97:
                c += np.uint64(32)
            suffix = (suffix + c) * np.uint64(0x9E3779B97F4A7C15)
            if k >= 1:
                out[n] = _one(33 + k, suffix)
                n += 1
            if k == 2:
                out[n] = _two(40, suffix, w1)
                n += 1
            if k < 3:
                d = np.uint64(f.chars[f.starts[i] + k])
                if d < 97:
                    d += np.uint64(32)
                prefix = (prefix + d) * np.uint64(0x9E3779B97F4A7C15)
        out[n] = _one(41, prefix)
        out[n + 1] = _two(42, a, np.uint64(min(length, 12)))
        n += 2
    return n


@compiled
def _emit(places: NDArray[np.uint16], weights: Hashes, hashes: Rows, hashed: int, scores: Scores) -> None:
    """Sums of a token's rows, unpacked."""
    s0 = s1 = s2 = s3 = np.uint64(0)
    count = 0
    for f in range(hashed):
        row = np.uint64(places[np.uint64(hashes[f])])
        if row == 0:
            continue
        count += 1
        s0 += weights[row, 0]
        s1 += weights[row, 1]
        s2 += weights[row, 2]
        s3 += weights[row, 3]
    low = np.uint64(0xFFFF)
    for k in range(4):
        shift = np.uint64(16 * k)
        scores[k] = np.int32((s0 >> shift) & low) - count * 680
        scores[4 + k] = np.int32((s1 >> shift) & low) - count * 680
        scores[8 + k] = np.int32((s2 >> shift) & low) - count * 680
        scores[12 + k] = np.int32((s3 >> shift) & low) - count * 680


@compiled
def _best(
    scores: Scores,
    follows: NDArray[np.int32],
    count: int,
    ends: bool,
    back: NDArray[np.uint8],
    labels: Small,
    offset: int,
) -> None:
    """The best sequence for `count` tokens, behind which their text `ends` or a plain token follows. Labels that are
    hopelessly behind are not followed further."""
    current, following = np.empty(16, np.int32), np.empty(16, np.int32)
    for k in range(16):
        current[k] = scores[0, k] + follows[0, k]
    for t in range(1, count):
        top = current[0]
        for k in range(1, 15):
            top = max(top, current[k])
        for k in range(16):
            following[k] = -(1 << 28)
        for before in range(15):
            if current[before] < top - 440:
                continue
            base = current[before]
            for k in range(15):
                value = base + follows[before, k]
                if value > following[k]:
                    following[k] = value
                    back[t, k] = before
        # Only differences matter: sums stay small.
        for k in range(15):
            current[k] = following[k] - top + scores[t, k]
    if not ends:
        top = current[0]
        for k in range(1, 15):
            top = max(top, current[k])
        for k in range(15):
            current[k] += follows[k, 0] if current[k] >= top - 440 else -(1 << 28)
    best = 0
    for k in range(1, 15):
        if current[k] > current[best]:
            best = k
    for t in range(count - 1, -1, -1):
        labels[offset + t] = best
        best = back[t, best]


@compiled
def _tag(
    f: Features,
    table: NDArray[np.uint16],
    weights: Hashes,
    follows: NDArray[np.int32],
    bias: Scores,
    labels: Small,
    margins: Scores,
) -> None:
    longest = 0
    for row in range(len(f.rows) - 1):
        longest = max(longest, f.rows[row + 1] - f.rows[row])
    scores, back = np.empty((longest + 1, 16), np.int32), np.zeros((longest + 1, 16), np.uint8)
    active = np.empty(36, np.int32)
    for row in range(len(f.rows) - 1):
        i, last = f.rows[row], f.rows[row + 1]
        while i < last:
            if f.plain[i]:
                i += 1
                continue
            end = i
            while end < last and not f.plain[end]:
                count = _buckets(f, end, f.rows[row], last, active)
                _emit(table, weights, active, count, scores[end - i])
                for k in range(15):
                    scores[end - i, k] += bias[k]
                end += 1
            _best(scores, follows, end - i, end == last, back, labels, i)
            for k in range(i, end):
                if labels[k]:
                    margins[k] = scores[k - i, labels[k]] - scores[k - i, 0] - bias[labels[k]]
            i = end + 1


@compiled
def _materialise(f: Features, out: Rows, counts: Small) -> None:
    for row in range(len(f.rows) - 1):
        for i in range(f.rows[row], f.rows[row + 1]):
            counts[i] = _buckets(f, i, f.rows[row], f.rows[row + 1], out[i])


@dataclass(frozen=True)
class Lessons:
    """Tokens whose labels are known, as rows of the weight table."""

    active: Rows
    counts: Small
    rows: NDArray[np.int64]
    gold: Small
    often: NDArray[np.int64]
    """How many tokens read each row of the table."""


def lessons(features: Features, gold: Small) -> Lessons:
    """What can be learned from tokens with their right labels."""
    active, counts = np.zeros((len(gold), FEATURES), np.int32), np.zeros(len(gold), np.uint8)
    _materialise(features, active, counts)
    often = np.bincount(active[np.arange(FEATURES) < counts[:, None]], minlength=1 << BITS)
    return Lessons(active, counts, features.rows, gold, often)


def train(learned: Lessons, texts: NDArray[np.int64], *, epochs: int, seeds: Sequence[int]) -> Tagger:
    """Learn weights from some texts, once with each seed; the weights' mean errs less than any of them alone."""
    weights, follows = np.zeros((1 << BITS, LABELS), np.float32), np.zeros((LABELS, LABELS), np.float32)
    for seed in seeds:
        one, after = _train(learned, texts, epochs, seed)
        weights += one / np.float32(len(seeds))
        follows += after / np.float32(len(seeds))
    return Tagger(*_pack(weights, learned.often), np.round(follows * SCALE).astype(np.int32))


def _train(
    learned: Lessons, texts: NDArray[np.int64], epochs: int, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    weights, sums = np.zeros((1 << BITS, LABELS), np.float32), np.zeros((1 << BITS, LABELS))
    follows, follow_sums = np.zeros((LABELS, LABELS), np.float32), np.zeros((LABELS, LABELS))
    order = np.random.default_rng(seed)
    steps = 1.0
    for _ in range(epochs):
        steps = _epoch(
            learned.active, learned.counts, learned.rows, learned.gold, order.permutation(texts),
            weights, sums, follows, follow_sums, steps,
        )  # fmt: skip
    weights -= (sums / steps).astype(np.float32)
    follows -= (follow_sums / steps).astype(np.float32)
    return weights, follows


def _pack(weights: NDArray[np.float32], often: NDArray[np.int64]) -> tuple[NDArray[np.uint16], Hashes]:
    """Rows that say something, four weights a word as whole numbers; the few beyond the range are cut off.

    Rows that are read `often` stand together, where the processor keeps them at hand.
    """
    strength = np.abs(weights).max(axis=1)
    least = max(_LEAST, float(np.sort(strength)[-(1 << 16) + 1]))
    kept = np.flatnonzero(strength > least)
    kept = kept[np.argsort(-often[kept], kind="stable")]
    places = np.zeros(len(weights), np.uint16)
    places[kept] = np.arange(1, len(kept) + 1)
    rows = np.concatenate([np.zeros((1, LABELS), np.float32), weights[kept]])
    whole = np.clip(np.round(rows * SCALE), -_OFFSET + 1, _OFFSET - 1).astype(np.int32) + _OFFSET
    return places, whole.astype(np.uint16).view(np.uint64)


_LEAST = 1.5
"""A feature whose weights are all smaller than this says nothing."""


@compiled
def _epoch(
    active: Rows,
    counts: Small,
    rows: NDArray[np.int64],
    gold: Small,
    order: NDArray[np.int64],
    weights: NDArray[np.float32],
    sums: NDArray[np.float64],
    follows: NDArray[np.float32],
    follow_sums: NDArray[np.float64],
    steps: float,
) -> float:
    longest = 0
    for row in range(len(rows) - 1):
        longest = max(longest, rows[row + 1] - rows[row])
    scores, back = np.zeros((longest + 1, 16), np.int32), np.zeros((longest + 1, 16), np.uint8)
    guessed, combined = np.zeros(longest + 1, np.uint8), np.zeros((16, 16), np.int32)
    total = np.zeros(16, np.float32)
    for index in range(len(order)):
        row = order[index]
        first, last = rows[row], rows[row + 1]
        if first == last:
            continue
        for i in range(first, last):
            total[:] = 0
            for f in range(counts[i]):
                total += weights[active[i, f]]
            for k in range(16):
                # The margin: wrong labels get an advantage, so that the right one learns to win clearly.
                scores[i - first, k] = np.int32(total[k] * 11.0) + np.int32(0 if k == gold[i] else 44)
        for j in range(16):
            for k in range(16):
                combined[j, k] = np.int32(follows[j, k] * 11.0)
        _best(scores, combined, last - first, True, back, guessed, 0)
        before_gold, before_guess = np.uint8(0), np.uint8(0)
        for i in range(first, last):
            right_label, wrong_label = gold[i], guessed[i - first]
            if right_label != wrong_label:
                for f in range(counts[i]):
                    bucket = active[i, f]
                    weights[bucket, right_label] += 1
                    weights[bucket, wrong_label] -= 1
                    sums[bucket, right_label] += steps
                    sums[bucket, wrong_label] -= steps
            if right_label != wrong_label or before_gold != before_guess:
                follows[before_gold, right_label] += 1
                follows[before_guess, wrong_label] -= 1
                follow_sums[before_gold, right_label] += steps
                follow_sums[before_guess, wrong_label] -= steps
            before_gold, before_guess = right_label, wrong_label
        steps += 1
    return steps
