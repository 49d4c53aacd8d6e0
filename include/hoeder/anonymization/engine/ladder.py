"""The levels of a column from fine to coarse, and what each loses."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hoeder.anonymization.engine.columns import Codes, Column, Floats, as_text
from hoeder.anonymization.engine.limits import Unfit

ANY = "*"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Level:
    """One level. `of` gives the label's number for each distinct value of the column.

    `loss` has for each label what it leaves open, from 0 (one value) to 1 (all): the length of its interval over the
    column's, or the number of values but one over all but one (NCP, Xu 2006).
    """

    name: str
    labels: tuple[str, ...]
    of: Codes
    loss: Floats


@dataclass(frozen=True)
class Ladder:
    """All levels of a column."""

    column: Column
    levels: tuple[Level, ...]


def build(column: Column, names: Sequence[str], labels: Callable[[str], Sequence[str]]) -> Ladder:
    """A ladder from labels: `labels(name)` has one for each of the column's values."""
    return Ladder(column, _without_repeats([_level(column, name, labels(name)) for name in names]))


def given(column: Column, file: Path) -> Ladder:
    """A ladder from a hierarchy file as ARX writes them: a line per value, from the value to the coarsest label.

    Separated by `;`, `,` or tabs, UTF-8, no header. A label's loss counts all values that the file puts under it. An
    empty cell of the data may have a line of its own, with nothing in front; without it, it is `unknown` below the
    coarsest level. Raises Unfit where the file is uneven, says two things of a value, or misses values.
    """
    lines = _lines(column.name, file)
    texts = ["" if value is None else as_text(value) for value in column.values]
    missing = sum(1 for text in texts if text and text not in lines)
    if missing:
        raise Unfit(
            f"column {column.name}: hierarchy {file.name} misses {missing} of the {len(texts)} values in the data; "
            "add a line for each"
        )
    depth = len(next(iter(lines.values())))
    tops = {line[-1] for line in lines.values()}
    lines.setdefault("", (*[UNKNOWN] * (depth - 1), tops.pop() if len(tops) == 1 else UNKNOWN))
    domain = {text: line for text, line in lines.items() if text}
    levels = []
    for n in range(depth):
        each = [lines[text][n] for text in texts]
        under: dict[str, list[str]] = {}
        for text, line in domain.items():
            under.setdefault(line[n], []).append(text)
        levels.append(_level(column, f"level {n}", each, {label: under.get(label, []) for label in set(each)}, domain))
    return Ladder(column, _without_repeats(levels))


def _lines(name: str, file: Path) -> dict[str, tuple[str, ...]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Unfit(f"column {name}: hierarchy {file} cannot be opened ({type(error).__name__})") from error
    except UnicodeError as error:
        raise Unfit(f"column {name}: hierarchy {file.name} cannot be read as UTF-8 text") from error
    first = text.split("\n", 1)[0]
    mark = next((m for m in (";", "\t", ",") if m in first), ";")
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(csv.reader(text.splitlines(), delimiter=mark), start=1):
        if not line:
            continue
        labels = tuple(cell.strip() for cell in line)
        if found and len(labels) != len(next(iter(found.values()))):
            raise Unfit(f"column {name}: hierarchy {file.name}:{number} has {len(labels)} cells, the lines above more")
        if found.setdefault(labels[0], labels) != labels:
            raise Unfit(f"column {name}: hierarchy {file.name}:{number} says something else of a value than above")
    if not found:
        raise Unfit(f"column {name}: hierarchy {file.name} is empty")
    return found


def _level(
    column: Column,
    name: str,
    each: Sequence[str],
    under: dict[str, list[str]] | None = None,
    domain: dict[str, tuple[str, ...]] | None = None,
) -> Level:
    labels = sorted(set(each))
    numbers = {label: n for n, label in enumerate(labels)}
    of = np.array([numbers[label] for label in each], dtype=np.int32)
    if column.kind == "text":
        size = np.bincount(of, minlength=len(labels)) if under is None else [len(under[label]) for label in labels]
        whole = len(column.values) if domain is None else len(domain)
        loss = np.maximum(np.asarray(size, dtype=np.float64) - 1, 0) / max(whole - 1, 1)
    else:
        loss = _intervals(column, of, len(labels), [under[label] for label in labels] if under else [])
    return Level(name, tuple(labels), of, np.minimum(loss, 1.0))


def _intervals(column: Column, of: Codes, count: int, under: Sequence[Sequence[str]]) -> Floats:
    """Length of each label's interval over the column's. An empty cell that shares a label with values loses all."""
    positions = column.positions()
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, of[: len(positions)], positions)
    np.maximum.at(high, of[: len(positions)], positions)
    for number, leaves in enumerate(under):
        inside = [p for p in map(_number, leaves) if p is not None] if column.kind == "number" else []
        low[number], high[number] = min([low[number], *inside]), max([high[number], *inside])
    span = max(float(np.ptp(positions)), 1e-300) if len(positions) else 1.0
    length = np.where(high > low, high - low, 0.0) / span
    if column.has_empty and (of[:-1] == of[-1]).any():
        length[of[-1]] = 1.0
    return length


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _without_repeats(levels: Sequence[Level]) -> tuple[Level, ...]:
    """Levels that differ from the one before in more than their name."""
    kept = [levels[0]]
    for level in levels[1:]:
        before = kept[-1]
        if level.labels != before.labels or not np.array_equal(level.of, before.of):
            kept.append(level)
    return tuple(kept)
