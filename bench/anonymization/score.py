"""One measure for every release: its printed cells are read back to the values they stand for.

GCP: mean over all cells of (high - low) / (largest - smallest) for numbers and (values - 1) / (all values - 1) for
words; a row that was left out counts as 1. q: median relative error of 1,000 counts over two columns that at least
0.5 % of the rows meet, with every cell's values taken as equally likely. What is asked of a column is drawn from rows:
the interval between the numbers of two, the word of one.

The published q of ARX and the bars come from 1,000 questions that are not on record. Of five ways of drawing them, this
one gives anonypy at k = 50 the figure nearest to the one published with them (38.7 %, published 44 %); words drawn from
the list of words instead, rare ones as often as others, make every q about 1.8 times as large.
"""
# not a DAG: it may import what it measures

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

NUMBER = "age"
QUERIES = 1000
LEAST = 0.005
_RANGE = re.compile(r"\[?(-?\d+)(?:\.0)?(?:-|, | - )(-?\d+)(?:\.0)?[\])]?")


@dataclass(frozen=True)
class Truth:
    """The original table and the leaves under every label of a hierarchy."""

    columns: dict[str, np.ndarray]
    under: dict[str, dict[str, frozenset[str]]]

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values())))


def truth(table: pa.Table, quasi: tuple[str, ...], folder: Path) -> Truth:
    """Read the original and its hierarchies."""
    under: dict[str, dict[str, frozenset[str]]] = {}
    for name in quasi:
        labels: dict[str, set[str]] = {}
        with (folder / f"adult_hierarchy_{name}.csv").open(encoding="utf-8") as file:
            for line in csv.reader(file, delimiter=";"):
                for label in line:
                    labels.setdefault(label, set()).add(line[0])
        under[name] = {label: frozenset(leaves) for label, leaves in labels.items()}
    return Truth({name: np.array(table[name].to_pylist()) for name in quasi}, under)


@dataclass(frozen=True)
class Score:
    """GCP and q in percent, rows left out, the smallest class."""

    gcp: float
    q: float
    suppressed: int
    k: int


def score(released: pa.Table, original: Truth) -> Score:
    """Score a table of printed cells, with rows repeated or counted in a column `count`."""
    names = list(original.columns)
    times = released["count"].to_numpy() if "count" in released.column_names else np.ones(released.num_rows, np.int64)
    codes, cells = [], {}
    for name in names:
        encoded = released[name].cast(pa.string()).combine_chunks().dictionary_encode()
        codes.append(encoded.indices.to_numpy(zero_copy_only=False))
        cells[name] = [_read(text, name, original) for text in encoded.dictionary.to_pylist()]
    classes, of = np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)
    size = np.bincount(of.reshape(-1), weights=times)
    loss = float(original.rows - size.sum()) * len(names)
    for place, name in enumerate(names):
        loss += float(size @ np.array([_loss(cell, name, original) for cell in cells[name]])[classes[:, place]])
    errors = [_error(query, true, classes, size, cells, names) for query, true in _queries(original)]
    return Score(
        100 * loss / (original.rows * len(names)), 100 * float(np.median(errors)),
        original.rows - int(size.sum()), int(size.min()),
    )  # fmt: skip


Cell = tuple[float, float] | frozenset[str]


def _read(text: str, name: str, original: Truth) -> Cell:
    """What a cell stands for: an interval of whole numbers, or a set of words."""
    if name == NUMBER:
        values = original.columns[name]
        if text == "*":
            return float(values.min()), float(values.max())
        found = _RANGE.fullmatch(text)
        low, high = found.groups() if found else (text, text)
        return float(low), float(high)
    if text in original.under[name]:
        return original.under[name][text]
    leaves = frozenset(part.strip() for part in text.strip("{}").split(","))
    assert leaves <= original.under[name]["*"], f"{name}: a cell that cannot be read back"  # noqa: S101
    return leaves


def _loss(cell: Cell, name: str, original: Truth) -> float:
    if isinstance(cell, frozenset):
        return (len(cell) - 1) / (len(original.under[name]["*"]) - 1)
    values = original.columns[name]
    return min((cell[1] - cell[0]) / float(values.max() - values.min()), 1.0)


Predicate = tuple[str, Cell]
_ASKED: dict[int, list[tuple[tuple[Predicate, Predicate], float]]] = {}


def _queries(original: Truth) -> list[tuple[tuple[Predicate, Predicate], float]]:
    """The queries with their true counts, the same for every release."""
    if id(original) not in _ASKED:
        _ASKED[id(original)] = _drawn(original)
    return _ASKED[id(original)]


def _drawn(original: Truth) -> list[tuple[tuple[Predicate, Predicate], float]]:
    random = np.random.default_rng(2026)
    names = list(original.columns)
    found: list[tuple[tuple[Predicate, Predicate], float]] = []
    while len(found) < QUERIES:
        one, other = (_predicate(names[n], random, original) for n in random.choice(len(names), 2, replace=False))
        true = float((_meets(one, original) & _meets(other, original)).sum())
        if true >= LEAST * original.rows:
            found.append(((one, other), true))
    return found


def _predicate(name: str, random: np.random.Generator, original: Truth) -> Predicate:
    one, other = random.choice(original.columns[name], 2)
    if name == NUMBER:
        return name, (float(min(one, other)), float(max(one, other)))
    return name, frozenset([str(one)])


def _meets(predicate: Predicate, original: Truth) -> np.ndarray:
    name, wanted = predicate
    values = original.columns[name]
    if isinstance(wanted, frozenset):
        return np.isin(values, list(wanted))
    return (values >= wanted[0]) & (values <= wanted[1])


def _error(query, true, classes, size, cells, names) -> float:  # type: ignore[no-untyped-def]
    share = np.ones(len(classes))
    for name, wanted in query:
        share *= np.array([_share(cell, wanted) for cell in cells[name]])[classes[:, names.index(name)]]
    return abs(float(size @ share) - true) / true


def _share(cell: Cell, wanted: Cell) -> float:
    if isinstance(cell, frozenset) and isinstance(wanted, frozenset):
        return len(cell & wanted) / len(cell)
    low, high = max(cell[0], wanted[0]), min(cell[1], wanted[1])  # type: ignore[index]
    return max(high - low + 1, 0) / (cell[1] - cell[0] + 1)  # type: ignore[index]
