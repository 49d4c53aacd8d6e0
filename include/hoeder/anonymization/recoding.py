"""Which label each value gets in a release: the steps that policy names, chosen by the engine, or kept as they were.

Two ways. Whole columns: one step for all rows of a column, the same in every version, so that a label means the same
people whenever it is read, and two versions differ only where persons do. Local: every class of rows takes steps of its
own, which leaves more detail; but a class then hangs on who else was there, and what a second version would have to
hold still (each tuple's class, for as long as rows are added) takes back what was gained. So local recoding is for
releases that are made once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hoeder.anonymization.encode import Extract
from hoeder.anonymization.engine.classes import Classes
from hoeder.anonymization.engine.columns import Column, Ints
from hoeder.anonymization.engine.hierarchies import exact
from hoeder.anonymization.engine.ladder import UNKNOWN, Ladder, Level
from hoeder.anonymization.engine.limits import Limits, Roles, Unfit
from hoeder.anonymization.engine.search import search
from hoeder.anonymization.engine.sources import OTHER, Steps, ladder_of
from hoeder.anonymization.engine.tuples import tuples
from hoeder.anonymization.groups import persons_per_group
from hoeder.errors import GateFailed, PolicyError
from hoeder.policy.release import Generalisation, Release

Top = Mapping[str, tuple[str, ...]]
"""Per column the values that step top-10 leaves as they are."""


@dataclass(frozen=True)
class Recoded:
    """The rows that stay, and what each of their cells says."""

    kept: Ints
    """Positions of the rows that stay."""
    labels: Mapping[str, Ints]
    """Their labels, as numbers into `names`."""
    names: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, tuple[str, ...]]
    """The steps that each column's cells take, from fine to coarse: one, unless recoding is local."""
    of: Mapping[str, Ints]
    """A row for each of these steps: the label's number for each distinct value of the source."""
    top: Top


def choose(
    extract: Extract, release: Release, sensitive: Mapping[str, Level], steps: Mapping[str, tuple[str, ...]], top: Top
) -> Recoded:
    """The steps that lose least while every class has k persons and enough sensitive values.

    `steps` and `top` are those of the version before, from which nothing differs; empty where there is none. Raises
    GateFailed where no steps are enough, PolicyError where a step does not suit its column.
    """
    ladders = [_ladder(extract, _held(g, steps), top) for g in release.quasi_identifiers]
    names = tuple(g.column for g in release.quasi_identifiers)
    rows = np.ones(extract.rows, dtype=np.int64)
    held = [
        Column(name, "text", level.of[extract.columns[name].codes], level.labels, pa.string())
        for name, level in sensitive.items()
    ]
    roles = Roles(
        names,
        tuple(sensitive),
        person=release.subject,
        weights={g.column: g.weight for g in release.quasi_identifiers},
        whole=frozenset(names if release.recoding == "whole" else ()),
    )
    limits = Limits(
        release.k,
        l_distinct=min((s.least for s in release.sensitive), default=None),
        max_suppressed=release.max_suppressed,
    )
    found = tuples([ladder.column for ladder in ladders], rows)
    try:
        classes = search(found, ladders, held, _person(extract, release.subject), rows, roles, limits)
    except Unfit as unfit:
        raise GateFailed(f"release {release.release} was not published: {unfit}") from None
    of = np.full(len(found.weight), -1, dtype=np.int64)
    of[classes.pieces.tuple] = classes.pieces.of
    return _recoded(extract, ladders, classes, of[found.of])


def fixed(extract: Extract, release: Release, top: Top) -> Recoded:
    """All rows with the one step that policy gives each column."""
    ladders = [_ladder(extract, g, top) for g in release.quasi_identifiers]
    levels = {ladder.column.name: [ladder.levels[0]] for ladder in ladders}
    everything = np.arange(extract.rows)
    return _labelled(extract, levels, {name: np.zeros(extract.rows, np.int64) for name in levels}, everything)


def one_step(column: Column, step: str, persons: Ints, top: frozenset[str] | None = None) -> Level:
    """One step of one column. Raises PolicyError where a period is asked of something that is not a date."""
    return _steps(column, (step,), top if top is not None else _top(column, persons)).levels[0]


def _held(generalisation: Generalisation, steps: Mapping[str, tuple[str, ...]]) -> Generalisation:
    before = steps.get(generalisation.column)
    return generalisation.model_copy(update={"steps": before}) if before else generalisation


def _ladder(extract: Extract, generalisation: Generalisation, top: Top) -> Ladder:
    column, name = extract.columns[generalisation.column], generalisation.column
    known = frozenset(top[name]) if name in top else None
    if known is None:
        known = _top(column, extract.persons) if "top-10" in generalisation.steps else frozenset()
    return _steps(column, generalisation.steps, known)


def _steps(column: Column, steps: tuple[str, ...], top: frozenset[str]) -> Ladder:
    try:
        return ladder_of(column, Steps(steps, top))
    except Unfit as unfit:
        raise PolicyError(f"{unfit}; use exact, top-10 or any") from None


def _top(column: Column, persons: Ints) -> frozenset[str]:
    """The ten values that most persons have, ties in their order; an empty cell stays `unknown` beside them."""
    counts = persons_per_group(column.codes.astype(np.int64), len(column.values), persons)
    known = [n for n, value in enumerate(column.values) if value is not None]
    return frozenset(exact(column.values[n]) for n in sorted(known, key=lambda n: (-int(counts[n]), n))[:10])


def _person(extract: Extract, name: str) -> Column:
    count = int(extract.persons.max(initial=0))
    codes = np.where(extract.persons > 0, extract.persons - 1, count).astype(np.int32)
    return Column(name, "number", codes, (*range(1, count + 1), None), pa.int64())


def _recoded(extract: Extract, ladders: list[Ladder], classes: Classes, row_class: Ints) -> Recoded:
    kept = np.flatnonzero(row_class >= 0)
    levels: dict[str, list[Level]] = {}
    taken: dict[str, Ints] = {}
    for ladder, cells in zip(ladders, classes.cells, strict=True):
        assert cells.level is not None  # noqa: S101  # labels of hierarchies
        used, place = np.unique(cells.level, return_inverse=True)
        levels[cells.name] = [ladder.levels[n] for n in used]
        taken[cells.name] = place.astype(np.int64)[row_class[kept]]
    return _labelled(extract, levels, taken, kept)


def _labelled(extract: Extract, levels: Mapping[str, list[Level]], taken: Mapping[str, Ints], kept: Ints) -> Recoded:
    """Rows with the labels of the level that each takes."""
    labels, names, of, top = {}, {}, {}, {}
    for name, each in levels.items():
        texts = sorted({text for level in each for text in level.labels})
        place = {text: n for n, text in enumerate(texts)}
        numbers = [np.array([place[text] for text in level.labels], dtype=np.int64)[level.of] for level in each]
        names[name], of[name] = tuple(texts), np.stack(numbers)
        labels[name] = of[name][taken[name], extract.columns[name].codes[kept]]
        for level in each:
            if level.name == "top-10":
                top[name] = tuple(text for text in level.labels if text not in {OTHER, UNKNOWN})
    steps = {name: tuple(level.name for level in each) for name, each in levels.items()}
    return Recoded(kept, labels, names, steps, of, top)
