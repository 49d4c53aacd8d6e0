"""Make one version out of what was read, in one of three ways, and send the exact file through the gate."""

from __future__ import annotations

import io
import logging
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hoeder.anonymization import counts, encode, gate, gate_counts, noise, puzzle, recoding, sticky, table
from hoeder.anonymization.attacks import Target
from hoeder.anonymization.candidate import CARRIED, Candidate
from hoeder.anonymization.datasheet import Shares
from hoeder.anonymization.encode import Extract
from hoeder.anonymization.engine.columns import Column, Ints
from hoeder.anonymization.engine.ladder import Level
from hoeder.anonymization.engine.sources import OTHER
from hoeder.anonymization.groups import persons_per_group
from hoeder.anonymization.history import Group, Recoding, Version
from hoeder.anonymization.package import Said, label, number
from hoeder.anonymization.read import Batch
from hoeder.anonymization.recoding import Recoded
from hoeder.anonymization.source import Source
from hoeder.anonymization.table import Digests, Shown
from hoeder.errors import GateFailed, Leaks, TooFew
from hoeder.policy.release import Generalisation, Release

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ingredients:
    """What a version is made of: the source as it was read, and what earlier versions showed."""

    release: Release
    origin: Source
    extract: Extract
    digests: Digests
    series: bytes
    secret: bytes
    earlier: tuple[Version, ...]
    previous: bytes | None
    today: date

    @property
    def seed(self) -> int:
        """Which contributions noisy counts keep: chance, which nobody can repeat once the version's key is gone."""
        return int.from_bytes(self.secret[:8], "big")


@dataclass(frozen=True)
class Made:
    """A file that passed the gate, with what is told of it and remembered of it."""

    data: bytes
    rows_out: int
    suppressed: int
    measured: gate.Measured
    columns: tuple[Said, ...]
    recoding: Recoding
    groups: Mapping[bytes, Group]
    figures: Mapping[str, Any] = field(default_factory=dict)
    shares: Sequence[Shares] = ()
    reservation: int | None = None


class Rejected(Exception):  # a verdict, not an error: release turns it into GateFailed
    """The gate refused this file, whose columns take these steps."""

    def __init__(self, data: bytes, reason: GateFailed, steps: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(str(reason))
        self.data, self.reason, self.steps = data, reason, steps


def extract(batches: Iterator[Batch], release: Release) -> Extract:
    """Keep what was read in memory as small numbers, sensitive columns beside the others."""
    exact = [Generalisation(column=s.column, steps=("exact",)) for s in release.sensitive]
    return encode.encode(
        batches, release.model_copy(update={"quasi_identifiers": (*release.quasi_identifiers, *exact)})
    )


def make(of: Ingredients, reserve: Callable[[], tuple[int, float]]) -> Made:
    """Make and check a version. Raises GateFailed where none can be made, Rejected where the gate refuses it.

    `reserve` takes privacy budget, before any noise is drawn; it raises Refused where there is too little.
    """
    match of.release.publish:
        case "rows":
            return _rows(of)
        case "counts":
            return _counts(of)
        case _:
            return _noisy(of, reserve)


def _rows(of: Ingredients) -> Made:
    """The finest rows that reach k and that attacks leave alone; later versions stand by the steps of the first."""
    try:
        return _in_groups(of)
    except Rejected as refusal:
        if of.earlier or not isinstance(refusal.reason, Leaks):
            raise
        release = coarser(of.release, refusal.steps, refusal.reason.columns)
        if release is None:
            raise
        log.info("release %s: finer steps would tell too much of persons, trying coarser ones", release.release)
    return _rows(replace(of, release=release))


def coarser(release: Release, taken: Mapping[str, Sequence[str]], told: Collection[str]) -> Release | None:
    """The release without the steps that one column takes now, so that only its coarser ones are left.

    That column is one of those that attacks told, else any other that has a coarser step; the one that matters least to
    the analyst. None where all steps are used up.
    """
    left = {g.column: g.steps[g.steps.index(taken[g.column][0]) + 1 :] for g in release.quasi_identifiers}
    choices = sorted(
        (g for g in release.quasi_identifiers if left[g.column]), key=lambda g: (g.column not in told, g.weight)
    )
    if not choices:
        return None
    chosen = choices[0].model_copy(update={"steps": left[choices[0].column]})
    quasi = tuple(chosen if g.column == chosen.column else g for g in release.quasi_identifiers)
    return release.model_copy(update={"quasi_identifiers": quasi})


def _in_groups(of: Ingredients) -> Made:
    release, extract = of.release, of.extract
    frozen = of.earlier[0].recoding if of.earlier else None
    sensitive = {
        s.column: sensitive_level(extract.columns[s.column], extract.persons, release.k) for s in release.sensitive
    }
    recoded = _recoded(of, sensitive, frozen)
    shown = table.show(extract, recoded, sensitive, release, of.digests, dict(frozen.grids) if frozen else {})
    held = sticky.hold(shown, of.earlier, release, of.series, of.today, alike=of.previous is not None)
    fresh = table.without_rare(held.rows, release.k)
    file, persons, digests = _with_carried(table.arrow(fresh), fresh, held.carried, of)
    data, order = table.sorted_file(file)
    persons, digests = persons[order], digests[order]
    previous = pq.read_table(io.BytesIO(of.previous)) if of.previous and held.carried else None
    candidate = Candidate(
        data=data,
        persons=persons,
        steps=recoded.steps,
        vocabulary={
            name: frozenset(labels) | (frozenset(previous.column(name).to_pylist()) if previous else frozenset())
            for name, labels in recoded.names.items()
        },
        rows_in=extract.rows,
        digests=digests,
        previous=of.previous,
    )
    target = _target(extract, recoded, sensitive, fresh.source)
    before = gate.Before(of.earlier, of.series)
    try:
        measured = gate.check(candidate, release, of.origin, target=target, before=before)
    except TooFew:
        raise
    except GateFailed as refusal:
        raise Rejected(data, refusal, recoded.steps) from None
    means = {g.column: g.means for g in release.quasi_identifiers}
    columns = (
        *(label(name, steps, means[name], "quasi") for name, steps in recoded.steps.items()),
        *(label(s.column, ("exact",), s.means, "sensitive") for s in release.sensitive),
        *(
            number(
                name,
                f"rounded to multiples of {c.step}; outliers moved to {c.low} and {c.high}; every value is shared by "
                f"at least {release.k} persons",
                f"afgerond op veelvouden van {c.step}; uitschieters staan op {c.low} en {c.high}; elke waarde hebben "
                f"ten minste {release.k} personen",
                minimum=c.low,
                maximum=c.high,
            )
            for name, c in shown.coarse.items()
        ),
    )
    grids = {name: (c.step, c.low, c.high) for name, c in shown.coarse.items()}
    return Made(
        data=data,
        rows_out=measured.rows,
        suppressed=max(extract.rows - measured.rows, 0),
        measured=measured,
        columns=columns,
        recoding=Recoding(recoded.steps, grids, recoded.top),
        groups={} if release.recoding == "local" else held.groups,  # made once: nothing is ever held against them
        shares=_shares(extract, recoded, sensitive, fresh, release.k),
    )


def _recoded(of: Ingredients, sensitive: Mapping[str, Level], frozen: Recoding | None) -> Recoded:
    """Steps of this version's own, or exactly those of the version before."""
    release = of.release
    if frozen is None:
        return recoding.choose(of.extract, release, sensitive, {}, {})
    allowed = {g.column: g.steps for g in release.quasi_identifiers}
    one_each = all(len(steps) == 1 for steps in frozen.steps.values())
    if one_each and allowed.keys() == frozen.steps.keys() and all(frozen.steps[c][0] in allowed[c] for c in allowed):
        try:
            return recoding.choose(of.extract, release, sensitive, frozen.steps, frozen.top)
        except GateFailed:
            pass
    steps = ", ".join(f"{column}: {'/'.join(each)}" for column, each in frozen.steps.items())
    raise GateFailed(
        f"release {release.release} was not published: the steps of version {of.earlier[0].version} ({steps}) are not "
        "enough any more, or not in policy any more, and versions with different steps give away their difference; "
        "give the release a new name, or wait until its versions have expired"
    )


def sensitive_level(column: Column, persons: Ints, k: int) -> Level:
    """Sensitive values as they are, those of fewer than k persons as `other`."""
    level = recoding.one_step(column, "exact", persons)
    enough = persons_per_group(level.of[column.codes].astype(np.int64), len(level.labels), persons) >= k
    texts = [text if keep else OTHER for text, keep in zip(level.labels, enough.tolist(), strict=True)]
    labels = sorted(set(texts))
    place = {text: n for n, text in enumerate(labels)}
    numbers = np.array([place[text] for text in texts], dtype=np.int32)
    return Level("exact", tuple(labels), numbers[level.of], np.zeros(len(labels)))


def _with_carried(
    fresh: pa.Table, rows: Shown, carried: Sequence[bytes], of: Ingredients
) -> tuple[pa.Table, Ints, Digests]:
    persons, digests = rows.persons, rows.digests
    if not carried or of.previous is None:
        return fresh, persons, digests
    previous = pq.read_table(io.BytesIO(of.previous))
    names = [g.column for g in of.release.quasi_identifiers]
    positions = sticky.carried_rows(carried, names, [previous.column(n).to_pylist() for n in names], of.series)
    both = pa.concat_tables([fresh, previous.select(fresh.column_names).take(positions)])
    return (
        both,
        np.concatenate([persons, np.full(len(positions), CARRIED, dtype=np.int64)]),
        np.concatenate([digests, np.zeros(len(positions), dtype=np.uint64)]),
    )


def _target(extract: Extract, recoded: Recoded, sensitive: Mapping[str, Level], shown: Ints) -> Target:
    mask = np.zeros(extract.rows, dtype=np.bool_)
    mask[shown] = True
    labels = {}
    for name, of in recoded.of.items():
        # Rows that are left out would have had the finest label.
        labels[name] = of[0][extract.columns[name].codes]
        labels[name][recoded.kept] = recoded.labels[name]
    return Target(
        persons=extract.persons,
        known={name: extract.columns[name].codes.astype(np.int64) for name in recoded.of},
        labels=labels,
        of=recoded.of,
        secret={name: level.of[extract.columns[name].codes].astype(np.int64) for name, level in sensitive.items()},
        shown=mask,
    )


def _shares(extract: Extract, recoded: Recoded, sensitive: Mapping[str, Level], rows: Shown, k: int) -> list[Shares]:
    """Shares per published label, before and after; the twelve largest labels of a column.

    Where a column shows several steps, labels are brought to the coarsest of them.
    """
    levels = {name: (of[-1], recoded.names[name]) for name, of in recoded.of.items()}
    levels |= {name: (level.of.astype(np.int64), level.labels) for name, level in sensitive.items()}
    found = []
    for name, (of, labels) in levels.items():
        codes = of[extract.columns[name].codes]
        before = np.bincount(codes, minlength=len(labels))
        after_codes = codes[rows.source]
        if not len(after_codes):
            continue
        after = np.bincount(after_codes, minlength=len(labels))
        enough = persons_per_group(after_codes, len(labels), rows.persons) >= k
        chosen = sorted(np.argsort(-after)[:12].tolist())
        chosen = [c for c in chosen if enough[c]]
        found.append(
            Shares(
                name,
                tuple(labels[c] for c in chosen),
                tuple(round(100 * int(before[c]) / max(int(before.sum()), 1)) for c in chosen),
                tuple(round(100 * int(after[c]) / max(int(after.sum()), 1)) for c in chosen),
            )
        )
    return found


def _published(file: pa.Table, names: Collection[str], counted: str) -> list[Shares]:
    """Shares per label of a table of counts, from nothing but what it shows: totals where it has them."""
    rows = [row for row in file.to_pylist() if row[counted] is not None]
    found = []
    for name in names:
        others = [each for each in names if each != name]
        totals = [row for row in rows if row[name] != puzzle.ALL and all(row[each] == puzzle.ALL for each in others)]
        sums: Counter[str] = Counter()
        for row in totals or [row for row in rows if puzzle.ALL not in [row[each] for each in (name, *others)]]:
            sums[row[name]] += row[counted]
        whole = max(sum(sums.values()), 1)
        chosen = sorted(label for label, _ in sums.most_common(12))
        if chosen:
            found.append(Shares(name, tuple(chosen), (), tuple(round(100 * sums[label] / whole) for label in chosen)))
    return found


# --- counts ---------------------------------------------------------------------------------------------------------


def _fixed(of: Ingredients) -> tuple[Shown, Recoded]:
    """All rows with the one label that policy gives each value."""
    recoded = recoding.fixed(of.extract, of.release, of.earlier[0].recoding.top if of.earlier else {})
    return table.show(replace(of.extract, measures={}), recoded, {}, of.release, of.digests, {}), recoded


def _counts(of: Ingredients) -> Made:
    release, extract = of.release, of.extract
    rows, found = _fixed(of)
    if of.earlier and dict(of.earlier[0].recoding.steps) != dict(found.steps):
        raise GateFailed(
            f"release {release.release} was not published: its steps differ from those of version "
            f"{of.earlier[0].version}; give the release a new name, or wait until its versions have expired"
        )
    rows = replace(rows, measures=dict(extract.measures))
    counted = counts.count(rows, release, of.series, of.today, extract.measures)
    previous = gate_counts.shown(of.previous) if of.previous else None
    leave, groups = counts.hold(counted, of.earlier, release, of.series)
    file = counts.table(counted, release, leave, previous)
    if not file.num_rows:
        raise TooFew(
            f"release {release.release} was not published: fewer than {release.k} persons changed since the version "
            "before, whose file is gone; wait until more has changed"
        )
    data, _ = table.sorted_file(file)
    cells = {key for key in counted.cells if key not in counted.suppressed and key[0] not in leave}
    texts = [np.array(rows.names[n], dtype=object)[rows.labels[n]] for n in rows.labels]
    shown = np.array([key in cells for key in zip(*texts, strict=True)], dtype=np.bool_)
    names = list(rows.labels)
    source = pa.table(
        {n: pa.array(list(t), pa.string()) for n, t in zip(names, texts, strict=True)}
        | {m: pa.array(np.nan_to_num(v)) for m, v in extract.measures.items()}
    )
    target = _target(extract, found, {}, np.flatnonzero(shown))
    try:
        measured = gate_counts.check(
            data, release, source, extract.persons, previous=previous, leave=leave, target=target
        )
    except TooFew:
        raise
    except GateFailed as refusal:
        raise Rejected(data, refusal, found.steps) from None
    means = {g.column: g.means for g in release.quasi_identifiers}
    hidden = sum(key in counted.suppressed for key in counted.cells)
    return Made(
        data=data,
        rows_out=measured.rows,
        suppressed=int((~shown).sum()),
        measured=measured,
        columns=(
            *(label(name, found.steps[name], means[name], "quasi") for name in names),
            number(
                "persons",
                f"different persons; empty where suppressed, else at least {release.k}",
                f"verschillende personen: leeg, of ten minste {release.k}",
            ),
            number("rows", "rows of the source; empty where suppressed", "rijen van de bron; leeg waar te weinig"),
            *(
                number(
                    m,
                    "sum over the rows; empty where suppressed, or hanging on two persons",
                    "som over de rijen; leeg waar te weinig, of waar de som van één of twee personen afhangt",
                )
                for m in release.measures
            ),
        ),
        recoding=Recoding(found.steps, {}, found.top),
        groups=groups,
        figures={
            "cells": len(counted.cells),
            "suppressedCells": hidden,
            "secondarySuppressedCells": len(counted.secondary),
            "carriedSlices": len(leave),
        },
        shares=_published(file, names, "rows"),
    )


def _noisy(of: Ingredients, reserve: Callable[[], tuple[int, float]]) -> Made:
    release, asked = of.release, of.release.noise
    assert asked is not None  # noqa: S101  # the model ties it to noisy counts
    rows, found = _fixed(of)
    names, codes, keep = {}, {}, np.ones(len(rows), dtype=np.bool_)
    for name, of_row in rows.labels.items():
        # A label that few persons have would be told by its being a cell at all.
        enough = persons_per_group(of_row, len(rows.names[name]), rows.persons) >= release.k
        names[name] = tuple(text for text, e in zip(rows.names[name], enough.tolist(), strict=True) if e)
        codes[name] = (np.cumsum(enough) - 1)[of_row]
        keep &= enough[of_row]
    if not all(names.values()):
        raise TooFew(
            f"release {release.release} was not published: no label of "
            f"{', '.join(n for n, texts in names.items() if not texts)} is held by {release.k} persons"
        )
    reservation, spent = reserve()
    made = noise.noisy_counts(rows.persons[keep], {n: c[keep] for n, c in codes.items()}, names, asked, of.seed)
    columns: dict[str, Any] = {n: [cell[place] for cell in made.labels] for place, n in enumerate(names)}
    data, _ = table.sorted_file(pa.table(columns | {"persons": pa.array(made.persons, pa.int64())}))
    try:
        measured = gate_counts.check_noisy(data, release)
    except TooFew:
        raise
    except GateFailed as refusal:
        raise Rejected(data, refusal, found.steps) from None
    means = {g.column: g.means for g in release.quasi_identifiers}
    return Made(
        data=data,
        rows_out=measured.rows,
        suppressed=int((~keep).sum()),
        measured=measured,
        columns=(
            *(label(n, found.steps[n], means[n], "quasi") for n in names),
            number(
                "persons",
                "different persons, with noise; never below 0",
                "verschillende personen, met ruis; nooit onder 0",
                minimum=0,
            ),
        ),
        recoding=Recoding(found.steps, {}, found.top),
        groups={},
        figures={
            "epsilon": asked.epsilon,
            "budget": asked.budget,
            "budgetSpent": spent,
            "scale": made.scale,
            "expectedError": noise.theory(made.scale),
            "mostCells": asked.most_cells,
        },
        shares=_published(pa.table(columns | {"persons": pa.array(made.persons, pa.int64())}), names, "persons"),
        reservation=reservation,
    )


def expiry(today: date, months: int) -> date:
    """The same day number so many months on, clamped to the month's end."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
