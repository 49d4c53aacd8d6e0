"""A table of counts: cells and totals, small and dominated cells suppressed, and others with them so that none follows.

A slice is everything under one label of the first column (usually a period). Within a slice every combination of the
other columns is a cell, and every column also has its total `all`. A cell is suppressed

- first, where it has fewer than k persons, or a sum in it hangs on few (largest person > 50 %, two largest > 75 %);
- then, in every line of cells that adds up to a total: where one suppressed cell could be had by subtraction, or the
  suppressed cells of the line have fewer than k persons together, the smallest other one goes too, until none can;
- last, where several lines together still tell a suppressed cell: the smallest shown one of its lines goes too.

Persons are no sum (one may be in two cells), rows and sums are; lines are judged as if all of them added up. Between
versions a slice is replaced as a whole, and only where each of its cells, totals and suppressed remainders differs by
nobody or by at least k persons; else it is shown as it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import pyarrow as pa

from hoeder.anonymization.history import Group, Version, group_ref
from hoeder.anonymization.puzzle import ALL, LARGEST, Key, determined, lines_of
from hoeder.anonymization.sticky import changed, contents
from hoeder.anonymization.table import Shown
from hoeder.policy.release import Release

DOMINANT, TWO_DOMINANT = 0.5, 0.75


@dataclass(frozen=True)
class Cell:
    """One cell or total. `persons` are their digests, `contents` what each contributes; sums per measure."""

    group: Group
    rows: int
    sums: Mapping[str, int]
    dominated: bool

    @property
    def persons(self) -> int:
        return int((self.group.persons != 0).sum())


@dataclass(frozen=True)
class Counted:
    """All cells, and which of them are suppressed first and then."""

    cells: Mapping[Key, Cell]
    primary: frozenset[Key]
    secondary: frozenset[Key]

    @property
    def suppressed(self) -> frozenset[Key]:
        return self.primary | self.secondary


def count(rows: Shown, release: Release, key: bytes, today: date, measures: Mapping[str, np.ndarray]) -> Counted:
    """Count rows into cells and totals, and suppress. `measures` are the source's own numbers, not the coarse ones."""
    cells = _cells(rows, key, today, measures)
    primary = frozenset(k for k, cell in cells.items() if cell.rows and (cell.persons < release.k or cell.dominated))
    return Counted(cells, primary, _secondary(cells, primary, release.k))


def _cells(rows: Shown, key: bytes, today: date, measures: Mapping[str, np.ndarray]) -> dict[Key, Cell]:
    names = list(rows.labels)
    texts = [np.array(rows.names[name], dtype=object)[rows.labels[name]] for name in names]
    each = contents(rows, key)
    found: dict[Key, Cell] = {}
    for totals in product((False, True), repeat=len(names) - 1):
        shown = [
            texts[0],
            *(np.full(len(rows), ALL, object) if t else text for t, text in zip(totals, texts[1:], strict=True)),
        ]
        members: dict[Key, list[int]] = defaultdict(list)
        for position, labels in enumerate(zip(*shown, strict=True)):
            members[labels].append(position)
        for labels, positions in members.items():
            found[labels] = _cell(rows, np.array(positions), each, today, measures)
    return found


def _cell(rows: Shown, at: np.ndarray, each: np.ndarray, today: date, measures: Mapping[str, np.ndarray]) -> Cell:
    persons, of = np.unique(rows.digests[at], return_inverse=True)
    what = np.zeros(len(persons), np.uint64)
    np.add.at(what, of, each[at])
    sums, dominated = {}, False
    for name, values in measures.items():
        filled = np.nan_to_num(values[at])
        sums[name] = round(float(filled.sum()))
        dominated |= _dominated(np.bincount(of, weights=np.abs(filled)))
    return Cell(Group(persons, what, {}, today), len(at), sums, dominated)


def _dominated(by_person: np.ndarray) -> bool:
    largest = np.sort(by_person)[::-1]
    whole = largest.sum()
    return bool(whole > 0 and (largest[0] > DOMINANT * whole or largest[:2].sum() > TWO_DOMINANT * whole))


def _secondary(cells: Mapping[Key, Cell], primary: frozenset[Key], k: int) -> frozenset[Key]:
    gone = set(primary)
    slices: dict[str, list[Key]] = defaultdict(list)
    for key in cells:
        slices[key[0]].append(key)
    for keys in slices.values():
        lines = lines_of(keys)
        _close_lines(cells, lines, gone, k)
        while told := _told(lines, gone.intersection(keys)):
            shown = {key for line in lines if told.intersection(line) for key in line} - gone
            gone.add(_smallest(cells, shown or set(keys) - gone))
            _close_lines(cells, lines, gone, k)
    return frozenset(gone - primary)


def _close_lines(cells: Mapping[Key, Cell], lines: Iterable[tuple[Key, ...]], gone: set[Key], k: int) -> None:
    """Suppress until in every line the suppressed cells are at least two, and k persons together."""
    changed_any = True
    while changed_any:
        changed_any = False
        for line in lines:
            hidden = [key for key in line if key in gone]
            if not hidden or (len(hidden) > 1 and _together(cells, hidden) >= k):
                continue
            if rest := set(line) - gone:
                gone.add(_smallest(cells, rest))
                changed_any = True


def _told(lines: Iterable[tuple[Key, ...]], hidden: Set[Key]) -> set[Key]:
    return determined(lines, hidden) if 0 < len(hidden) <= LARGEST else set()  # the gate refuses what is larger


def _smallest(cells: Mapping[Key, Cell], keys: Iterable[Key]) -> Key:
    return min(keys, key=lambda key: (cells[key].persons, key))


def _together(cells: Mapping[Key, Cell], keys: Iterable[Key]) -> int:
    """Persons in the cells of a line, the total left aside: it holds all of them."""
    inner = [cells[key].group.persons for key in keys]
    return len(np.unique(np.concatenate(inner))) if inner else 0


def hold(
    counted: Counted, earlier: Sequence[Version], release: Release, key: bytes
) -> tuple[frozenset[str], dict[bytes, Group]]:
    """The slices (labels of the first column) that must stay as they were, and every slice's groups as they will stand.

    A slice that must stay but was not in the newest version is left out altogether.
    """
    now: dict[str, dict[bytes, Group]] = defaultdict(dict)
    for labels, cell in counted.cells.items():
        now[labels[0]][group_ref(key, labels)] = cell.group
    for line in lines_of(counted.cells):
        hidden = [counted.cells[k].group for k in line[1:] if k in counted.suppressed]
        if hidden:
            now[line[0][0]][group_ref(key, ("remainder", *line[0], *_direction(line)))] = _union(hidden)
    stays: set[str] = set()
    standing: dict[bytes, Group] = {}
    for label, groups in now.items():
        if all(_small_steps_absent(groups, version, release.k) for version in earlier):
            standing |= groups
        else:
            stays.add(label)
            if earlier:
                standing |= {ref: earlier[0].groups[ref] for ref in groups if ref in earlier[0].groups}
    return frozenset(stays), standing


def _direction(line: tuple[Key, ...]) -> tuple[str, ...]:
    return tuple(str(place) for place, (a, b) in enumerate(zip(line[0], line[1], strict=True)) if a != b)


def _union(groups: Sequence[Group]) -> Group:
    persons = np.concatenate([group.persons for group in groups])
    what = np.concatenate([group.contents for group in groups])
    distinct, of = np.unique(persons, return_inverse=True)
    sums = np.zeros(len(distinct), np.uint64)
    np.add.at(sums, of, what)
    return Group(distinct, sums, {}, groups[0].made_on)


def _small_steps_absent(groups: Mapping[bytes, Group], version: Version, k: int) -> bool:
    for ref, group in groups.items():
        if ref in version.groups:
            moved, differs = changed(group, version.groups[ref])
            if differs and moved < k:
                return False
    return True


def table(counted: Counted, release: Release, leave: frozenset[str], previous: pa.Table | None) -> pa.Table:
    """The file: labels, persons, rows and sums; suppressed cells are there and empty. Slices in `leave` as they
    were.
    """
    names = [g.column for g in release.quasi_identifiers]
    shown = sorted(k for k in counted.cells if k[0] not in leave)
    hidden = counted.suppressed
    columns: dict[str, pa.Array] = {
        name: pa.array([key[place] for key in shown], pa.string()) for place, name in enumerate(names)
    }
    columns["persons"] = pa.array([None if k in hidden else counted.cells[k].persons for k in shown], pa.int64())
    columns["rows"] = pa.array([None if k in hidden else counted.cells[k].rows for k in shown], pa.int64())
    for name in release.measures:
        columns[name] = pa.array([None if k in hidden else counted.cells[k].sums[name] for k in shown], pa.int64())
    fresh = pa.table(columns)
    if previous is None or not leave:
        return fresh
    stays = previous.filter(pa.compute.is_in(previous.column(names[0]), value_set=pa.array(sorted(leave))))
    return pa.concat_tables([fresh, stays.select(fresh.column_names)])
