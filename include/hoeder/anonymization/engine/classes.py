"""Classes: which tuples stand together, and the cells that they show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hoeder.anonymization.engine.columns import Codes, Column, Floats, Ints, as_text
from hoeder.anonymization.engine.ladder import UNKNOWN, Ladder
from hoeder.anonymization.engine.tuples import Tuples, distinct, number


@dataclass(frozen=True)
class Pieces:
    """Rows of tuples in classes, in the order of tuples. `of` is -1 where they are left out."""

    tuple: Ints
    of: Ints
    rows: Ints


@dataclass(frozen=True)
class Cells:
    """What one column shows: `of` gives each class's text."""

    name: str
    texts: tuple[str, ...]
    of: Ints
    loss: Floats
    """What each class's cell leaves open, from 0 to 1."""
    level: Ints | None = None
    """Each class's level, where cells show labels of a hierarchy."""


@dataclass(frozen=True)
class Classes:
    """A whole release: no two classes show the same cells, and they are numbered in the order of what they show."""

    pieces: Pieces
    cells: tuple[Cells, ...]
    count: int


def classes(pieces: Pieces, cells: Sequence[Cells]) -> Classes:
    """Bring together classes that show the same, and number all by what they show."""
    used = np.unique(pieces.of[pieces.of >= 0])
    used_cells = [_used(each, used) for each in cells]
    first, of = distinct(number([each.of for each in used_cells], [len(each.texts) for each in used_cells]))
    merged = np.full(len(pieces.of), -1, dtype=np.int64)
    named = pieces.of >= 0
    merged[named] = of[np.searchsorted(used, pieces.of[named])]
    kept = tuple(
        Cells(
            each.name, each.texts, each.of[first], each.loss[first], None if each.level is None else each.level[first]
        )
        for each in used_cells
    )
    return Classes(Pieces(pieces.tuple, merged, pieces.rows), kept, len(first))


def _used(cells: Cells, classes: Ints) -> Cells:
    """Cells of these classes, without texts that only others show: who reads the file's bytes sees all its texts."""
    shown, of = np.unique(cells.of[classes], return_inverse=True)
    level = None if cells.level is None else cells.level[classes]
    return Cells(cells.name, tuple(cells.texts[n] for n in shown), of.astype(np.int64), cells.loss[classes], level)


def level_cells(ladder: Ladder, place: int, vectors: Ints, found: Tuples, of: Ints) -> Cells:
    """Cells that show hierarchy labels: `vectors` has each class's levels, `of` each tuple's class."""
    one = _one_member(of, len(vectors))
    codes, level = found.codes[one, place], vectors[:, place]
    texts: dict[tuple[int, int], str] = {}
    shown = np.full(len(vectors), -1, dtype=np.int64)
    loss = np.zeros(len(vectors))
    nodes = np.zeros(len(vectors), dtype=np.int64)
    for number_, each in enumerate(ladder.levels):
        here = level == number_
        nodes[here] = each.of[codes[here]]
        loss[here] = each.loss[nodes[here]]
        texts |= {(number_, int(node)): each.labels[node] for node in np.unique(nodes[here])}
    names = sorted(set(texts.values()))
    rank = {text: n for n, text in enumerate(names)}
    width = max(len(each.labels) for each in ladder.levels)
    table = np.zeros(len(ladder.levels) * width, dtype=np.int64)
    for (number_, node), text in texts.items():
        table[number_ * width + node] = rank[text]
    shown = table[level * width + nodes]
    return Cells(ladder.column.name, tuple(names), shown, loss, level)


def set_cells(column: Column, place: int, found: Tuples, pieces: Pieces, count: int) -> Cells:
    """Cells that show exactly what is in a class: one value, a range `[20, 24]`, or a set `{a, b}`."""
    named = pieces.of >= 0
    pairs, _ = distinct(
        number([pieces.of[named], found.codes[pieces.tuple[named], place]], [count, len(column.values)])
    )
    owner = pieces.of[named][pairs]
    codes = found.codes[pieces.tuple[named], place][pairs]
    start = np.searchsorted(owner, np.arange(count + 1))
    return _text_sets(column, codes, start) if column.kind == "text" else _ranges(column, codes, start)


def _one_member(of: Ints, count: int) -> Ints:
    one = np.zeros(count, dtype=np.int64)
    one[of[of >= 0]] = np.flatnonzero(of >= 0)
    return one


def _ranges(column: Column, codes: Codes, start: Ints) -> Cells:
    """Codes stand in order within a class, an empty cell last."""
    empty = len(column.values) - 1 if column.has_empty else -1
    first, last = codes[start[:-1]], codes[start[1:] - 1]
    with_empty = last == empty
    before = np.where(with_empty & (np.diff(start) > 1), codes[np.maximum(start[1:] - 2, 0)], last)
    positions = np.append(column.positions(), 0.0)
    span = max(float(np.ptp(positions[:-1])), 1e-300) if len(positions) > 1 else 1.0
    loss = np.where(first == empty, 0.0, np.where(with_empty, 1.0, (positions[before] - positions[first]) / span))

    def text(low: int, high: int, unknown: bool) -> str:
        if low == empty:
            return UNKNOWN
        lowest, highest = as_text(column.values[low]), as_text(column.values[high])
        shown = lowest if low == high else f"[{lowest}, {highest}]"
        return f"{shown} or {UNKNOWN}" if unknown else shown

    keys = np.stack([first, before, with_empty.astype(np.int32)], axis=1)
    return _named(column.name, keys, lambda key: text(int(key[0]), int(key[1]), bool(key[2])), loss)


def _text_sets(column: Column, codes: Codes, start: Ints) -> Cells:
    sizes = np.diff(start)
    words = (len(column.values) + 62) // 63
    bits = np.zeros((len(sizes), words), dtype=np.int64)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    np.bitwise_or.at(bits, (owner, codes // 63), np.int64(1) << (codes % 63).astype(np.int64))

    def text(key: npt.NDArray[np.integer]) -> str:
        inside = [n for n in range(len(column.values)) if int(key[n // 63]) >> (n % 63) & 1]
        shown = [UNKNOWN if column.values[n] is None else as_text(column.values[n]) for n in inside]
        return shown[0] if len(shown) == 1 else "{" + ", ".join(shown) + "}"

    return _named(column.name, bits, text, (sizes - 1) / max(len(column.values) - 1, 1))


def _named(
    name: str,
    keys: npt.NDArray[np.integer],
    text: Callable[[npt.NDArray[np.integer]], str],
    loss: Floats,
) -> Cells:
    different, of = np.unique(keys, axis=0, return_inverse=True)
    texts = [text(key) for key in different]
    names = sorted(set(texts))
    rank = {each: n for n, each in enumerate(names)}
    return Cells(name, tuple(names), np.array([rank[each] for each in texts], dtype=np.int64)[of.reshape(-1)], loss)
