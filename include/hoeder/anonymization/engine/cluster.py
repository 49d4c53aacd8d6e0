"""Clustering within the tree's blocks: classes grow around the densest tuples and then trade members.

A tuple of k rows or more is a class that loses nothing; rows it can spare help neighbours that have too few.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hoeder.anonymization.engine.boxes import space
from hoeder.anonymization.engine.classes import Pieces
from hoeder.anonymization.engine.columns import Codes, Column, Floats, Ints
from hoeder.anonymization.engine.models import Asked
from hoeder.anonymization.engine.tree import cut
from hoeder.anonymization.engine.tuples import Crowd, Tuples
from hoeder.compiled import compiled

_ROUNDS = 6
_LENT = 1.35  # what a row costs that leaves a class without loss, against one that must go somewhere

Words = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]


def cluster(found: Tuples, columns: Sequence[Column], importance: Floats, k: int) -> Pieces:
    """Classes of at least k rows with little loss per cell."""
    heavy = found.weight >= k
    spare = np.where(heavy, np.minimum(found.weight - k, k - 1), found.weight)
    if not (~heavy).any():
        everyone = np.arange(len(heavy))
        return Pieces(everyone, everyone, found.weight)
    if spare.sum() < k:  # too few to be a class, and nobody can lend them a row: the smallest class of its own joins
        smallest = np.flatnonzero(heavy)[np.argmin(found.weight[heavy])]
        heavy[smallest], spare[smallest] = False, found.weight[smallest]
    inside = np.flatnonzero(spare > 0)
    block = max(250, 12 * k) if k < 30 else 10 * k
    of = _blocks(found, columns, importance, inside, spare, block)
    room = space(columns, importance)
    order = np.argsort(of, kind="stable").astype(np.int64)
    starts = np.searchsorted(of[order], np.arange(int(of.max(initial=-1)) + 2)).astype(np.int64)
    tuple_, rows, owner = _cluster(
        found.codes[inside], spare[inside], heavy[inside], order, starts, k,
        room.line, room.at, room.word, room.step, room.words, _ROUNDS, _LENT,
    )  # fmt: skip
    return _pieces(found.weight, heavy, inside[tuple_], rows, owner)


def _blocks(
    found: Tuples, columns: Sequence[Column], importance: Floats, inside: Ints, spare: Ints, block: int
) -> Ints:
    nobody = np.zeros(0, dtype=np.int64)
    crowd = Crowd(np.zeros(len(inside) + 1, dtype=np.int64), nobody, nobody, nobody, nobody, 0, 0)
    ask = Asked(block, False, np.zeros(6), np.zeros(1, dtype=np.int64), np.zeros(0))
    return cut(found.codes[inside], spare[inside], columns, importance, crowd, ask, block)


def _pieces(weight: Ints, heavy: npt.NDArray[np.bool_], tuple_: Ints, rows: Ints, owner: Ints) -> Pieces:
    """Rows lent by heavy tuples leave; the others stay a class of their own."""
    own = np.flatnonzero(heavy)
    lent = np.zeros(len(weight), dtype=np.int64)
    np.add.at(lent, tuple_, rows)
    classes = int(owner.max(initial=-1)) + 1
    every = np.concatenate([tuple_, own])
    of = np.concatenate([owner, classes + np.arange(len(own))])
    count = np.concatenate([rows, weight[own] - lent[own]])
    order = np.lexsort([of, every])
    return Pieces(every[order], of[order], count[order])


@compiled
def _bits(word: np.uint64) -> np.int64:
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _clear(low: Floats, high: Floats, bits: Words) -> None:
    low[:] = np.inf
    high[:] = -np.inf
    bits[:] = np.uint64(0)


@compiled
def _take(low: Floats, high: Floats, bits: Words, codes: Codes, line: Bools, at: Floats, word: Ints) -> None:
    """Widen a box to hold a tuple."""
    for column in range(len(line)):
        value = codes[column]
        if line[column]:
            low[column] = min(low[column], at[column, value])
            high[column] = max(high[column], at[column, value])
        else:
            bits[word[column] + value // 64] |= np.uint64(1) << np.uint64(value % 64)


@compiled
def _size(low: Floats, high: Floats, bits: Words, line: Bools, word: Ints, step: Floats, words: int) -> float:
    total = 0.0
    columns = len(line)
    for column in range(columns):
        if line[column]:
            total += max(high[column] - low[column], 0.0)
        else:
            end = words
            for later in range(column + 1, columns):
                if not line[later]:
                    end = word[later]
                    break
            inside = np.int64(0)
            for place in range(word[column], end):
                inside += _bits(bits[place])
            total += max(inside - 1, 0) * step[column]
    return total


@compiled
def _grown(
    low: Floats, high: Floats, bits: Words, codes: Codes, line: Bools, at: Floats, word: Ints, step: Floats
) -> float:
    """By how much a box grows that takes a tuple; the box is not empty."""
    total = 0.0
    for column in range(len(line)):
        value = codes[column]
        if line[column]:
            total += max(low[column] - at[column, value], 0.0) + max(at[column, value] - high[column], 0.0)
        elif not (bits[word[column] + value // 64] >> np.uint64(value % 64)) & np.uint64(1):
            total += step[column]
    return total


@compiled
def _apart(a: Codes, b: Codes, line: Bools, at: Floats, step: Floats) -> float:
    total = 0.0
    for column in range(len(line)):
        if line[column]:
            total += abs(at[column, a[column]] - at[column, b[column]])
        elif a[column] != b[column]:
            total += step[column]
    return total


@compiled
def _cluster(  # noqa: C901  # one loop, compiled whole
    codes: Codes,
    mass: Ints,
    lends: Bools,
    order: Ints,
    starts: Ints,
    k: int,
    line: Bools,
    at: Floats,
    word: Ints,
    step: Floats,
    words: int,
    rounds: int,
    lent_cost: float,
) -> tuple[Ints, Ints, Ints]:
    """Per block of `order`: (tuple, rows, class) of every part; blocks hold at least k rows each."""
    columns = len(line)
    out_tuple = np.empty(4 * len(codes) + 16, dtype=np.int64)
    out_rows = np.empty(4 * len(codes) + 16, dtype=np.int64)
    out_class = np.empty(4 * len(codes) + 16, dtype=np.int64)
    made, base = 0, 0
    for block in range(len(starts) - 1):
        units = order[starts[block] : starts[block + 1]]
        n = len(units)
        free = mass[units].copy()
        # parts of this block: unit, rows, class; a lender may have several
        part_unit = np.empty(4 * n + 4, dtype=np.int64)
        part_rows = np.empty(4 * n + 4, dtype=np.int64)
        part_class = np.empty(4 * n + 4, dtype=np.int64)
        parts, classes = 0, 0
        density = np.empty(n)
        apart = np.empty(n)
        for u in range(n):
            for v in range(n):
                apart[v] = _apart(codes[units[u]], codes[units[v]], line, at, step)
            near = np.argsort(apart)
            rows, reach = np.int64(0), 0.0
            for v in near:
                rows += mass[units[v]]
                reach = apart[v]
                if rows >= k:
                    break
            density[u] = np.inf if lends[units[u]] else reach
        seeds = np.argsort(density)
        low, high = np.empty((n + 1, columns)), np.empty((n + 1, columns))
        bits = np.zeros((n + 1, words), dtype=np.uint64)
        size = np.zeros(n + 1, dtype=np.int64)
        for seed in seeds:
            if lends[units[seed]] or free[seed] == 0:
                continue
            total = np.int64(0)
            for u in range(n):
                total += free[u]
            if total < k:
                break
            c = classes
            classes += 1
            _clear(low[c], high[c], bits[c])
            size[c] = 0
            chosen = seed
            while True:
                rows = free[chosen]
                if lends[units[chosen]]:
                    rows = min(rows, k - size[c])
                free[chosen] -= rows
                part_unit[parts], part_rows[parts], part_class[parts] = chosen, rows, c
                parts += 1
                size[c] += rows
                _take(low[c], high[c], bits[c], codes[units[chosen]], line, at, word)
                if size[c] >= k:
                    break
                now = _size(low[c], high[c], bits[c], line, word, step, words)
                best, chosen = np.inf, -1
                for u in range(n):
                    if free[u] == 0:
                        continue
                    score = now + _grown(low[c], high[c], bits[c], codes[units[u]], line, at, word, step)
                    if lends[units[u]]:
                        score *= lent_cost
                    else:
                        score -= 1e-6 * free[u]
                    if score < best:
                        best, chosen = score, u
        for u in range(n):  # what is left over joins where it costs least
            if lends[units[u]] or free[u] == 0:
                continue
            best, chosen = np.inf, 0
            for c in range(classes):
                now = _size(low[c], high[c], bits[c], line, word, step, words)
                grown = _grown(low[c], high[c], bits[c], codes[units[u]], line, at, word, step)
                score = free[u] * (now + grown) + size[c] * grown
                if score < best:
                    best, chosen = score, c
            part_unit[parts], part_rows[parts], part_class[parts] = u, free[u], chosen
            parts += 1
            size[chosen] += free[u]
            free[u] = 0
            _take(low[chosen], high[chosen], bits[chosen], codes[units[u]], line, at, word)
        # trade: boxes without each part, then moves and swaps while the block loses less
        out_low, out_high = np.empty((parts, columns)), np.empty((parts, columns))
        out_bits = np.zeros((parts, words), dtype=np.uint64)
        stale = np.ones(classes, dtype=np.bool_)
        whole, without = np.zeros(classes), np.zeros(parts)  # sizes of these boxes
        for _ in range(rounds):
            changed = False
            for p in range(parts):
                if part_rows[p] == 0:
                    continue
                for q in range(-classes, parts):
                    a = part_class[p]
                    unit = units[part_unit[p]]
                    if stale[a]:
                        _refresh(a, parts, part_unit, part_rows, part_class, units, codes, low, high, bits,
                                 out_low, out_high, out_bits, whole, without, line, at, word, step, words)  # fmt: skip
                        stale[a] = False
                    size_a = whole[a]
                    if size_a == 0:
                        break
                    rows = part_rows[p]
                    if q < 0:
                        # move to class b, or home where it was lent
                        b = q + classes
                        if size[a] - rows < k:
                            continue
                        gain = size[a] * size_a
                        if size[a] > rows:
                            gain -= (size[a] - rows) * without[p]
                        if lends[unit]:
                            if b != a or gain <= 1e-12:
                                continue
                            size[a] -= rows
                            part_rows[p] = 0
                            stale[a] = True
                            changed = True
                            break
                        if b == a or size[b] == 0:
                            continue
                        if stale[b]:
                            _refresh(b, parts, part_unit, part_rows, part_class, units, codes, low, high, bits,
                                 out_low, out_high, out_bits, whole, without, line, at, word, step, words)  # fmt: skip
                            stale[b] = False
                        now = whole[b]
                        grown = _grown(low[b], high[b], bits[b], codes[unit], line, at, word, step)
                        if gain - rows * (now + grown) - size[b] * grown > 1e-12:
                            size[a] -= rows
                            size[b] += rows
                            part_class[p] = b
                            stale[a] = True
                            stale[b] = True
                            changed = True
                        continue
                    b = part_class[q]
                    if q <= p or b == a or part_rows[q] == 0:
                        continue
                    other = part_rows[q]
                    if size[a] - rows + other < k or size[b] - other + rows < k:
                        continue
                    if size[a] == rows or size[b] == other:
                        continue
                    if stale[b]:
                        _refresh(b, parts, part_unit, part_rows, part_class, units, codes, low, high, bits,
                                 out_low, out_high, out_bits, whole, without, line, at, word, step, words)  # fmt: skip
                        stale[b] = False
                    size_b = whole[b]
                    now = size[a] * size_a + size[b] * size_b
                    then = (size[a] - rows + other) * (
                        without[p]
                        + _grown(out_low[p], out_high[p], out_bits[p], codes[units[part_unit[q]]], line, at, word, step)
                    )
                    if then >= now:
                        continue
                    then += (size[b] - other + rows) * (
                        without[q] + _grown(out_low[q], out_high[q], out_bits[q], codes[unit], line, at, word, step)
                    )
                    if now - then > 1e-12:
                        size[a] += other - rows
                        size[b] += rows - other
                        part_class[p], part_class[q] = b, a
                        stale[a] = True
                        stale[b] = True
                        changed = True
            if not changed:
                break
        for p in range(parts):
            if part_rows[p] > 0:
                out_tuple[made] = units[part_unit[p]]
                out_rows[made] = part_rows[p]
                out_class[made] = base + part_class[p]
                made += 1
        base += classes
    return out_tuple[:made], out_rows[:made], out_class[:made]


@compiled
def _refresh(
    c: int,
    parts: int,
    part_unit: Ints,
    part_rows: Ints,
    part_class: Ints,
    units: Ints,
    codes: Codes,
    low: Floats,
    high: Floats,
    bits: Words,
    out_low: Floats,
    out_high: Floats,
    out_bits: Words,
    whole: Floats,
    without: Floats,
    line: Bools,
    at: Floats,
    word: Ints,
    step: Floats,
    words: int,
) -> None:
    """A class's box, and its boxes without each of its parts, with their sizes."""
    inside = np.empty(parts, dtype=np.int64)
    n = 0
    for p in range(parts):
        if part_rows[p] > 0 and part_class[p] == c:
            inside[n] = p
            n += 1
    _clear(low[c], high[c], bits[c])
    for i in range(n):
        p = inside[i]  # before it, by widening forwards; after it, backwards
        out_low[p], out_high[p], out_bits[p] = low[c], high[c], bits[c]
        _take(low[c], high[c], bits[c], codes[units[part_unit[p]]], line, at, word)
    after_low, after_high, after_bits = low[c].copy(), high[c].copy(), bits[c].copy()
    _clear(after_low, after_high, after_bits)
    for back in range(n):
        p = inside[n - 1 - back]
        for column in range(len(line)):
            out_low[p, column] = min(out_low[p, column], after_low[column])
            out_high[p, column] = max(out_high[p, column], after_high[column])
        for w in range(len(after_bits)):
            out_bits[p, w] |= after_bits[w]
        _take(after_low, after_high, after_bits, codes[units[part_unit[p]]], line, at, word)
        without[p] = _size(out_low[p], out_high[p], out_bits[p], line, word, step, words)
    whole[c] = _size(low[c], high[c], bits[c], line, word, step, words)
