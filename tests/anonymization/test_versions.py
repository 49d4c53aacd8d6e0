"""Somebody who keeps all twelve monthly versions side by side learns of nobody; without the rule, of many."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from visits import VIEWS, changed

from hoeder.anonymization import recoding, replay, sticky, table
from hoeder.anonymization.encode import Extract
from hoeder.anonymization.engine.columns import Column
from hoeder.anonymization.history import Group, Recoding, Version, group_ref
from hoeder.anonymization.making import sensitive_level

KEY = b"series" * 6
PEOPLE, MONTHS, K, L = 3_000, 12, 5, 3
RELEASE = changed(
    VIEWS,
    quasi_identifiers=[{"column": c, "steps": ["exact", "any"]} for c in ("age", "town", "sex")],
    sensitive=[{"column": "illness", "least": L, "most_alike": 0.9, "lasting": True}],
    measures=[],
    k=K,
    max_suppressed=1.0,
)


def month(number: int, moving: float = 0.0) -> Extract:
    """Eight of ten people, with the same illness every month; some have moved."""
    rng = np.random.default_rng(7)
    people = {
        "age": rng.integers(0, 10, PEOPLE),
        "town": rng.integers(0, 12, PEOPLE),
        "sex": rng.integers(0, 2, PEOPLE),
    }
    illness = rng.integers(0, 8, PEOPLE)
    chance = np.random.default_rng(100 + number)
    moved = chance.random(PEOPLE) < moving
    people["town"] = np.where(moved, chance.integers(0, 12, PEOPLE), people["town"])
    here = np.flatnonzero(chance.random(PEOPLE) < 0.8)
    columns = {
        name: Column(
            name, "text", values[here].astype(np.int32), tuple(f"{name}{n:02}" for n in range(12)), pa.string()
        )
        for name, values in {**people, "illness": illness}.items()
    }
    return Extract(here.astype(np.int64) + 1, columns, {})


class Kept:
    """What a reader has of a version: per group, the values in its rows."""

    def __init__(self) -> None:
        self.values: dict[bytes, frozenset[str]] = {}
        self.groups: dict[bytes, Group] = {}


def show(extract: Extract, frozen: Recoding) -> tuple[table.Shown, recoding.Recoded]:
    level = {"illness": sensitive_level(extract.columns["illness"], extract.persons, K)}
    recoded = recoding.choose(extract, RELEASE, level, frozen.steps, frozen.top)
    return table.show(extract, recoded, level, RELEASE, extract.persons.astype(np.uint64), {}), recoded


def publish(extract: Extract, earlier: Sequence[Version], before: Kept | None) -> tuple[Version, Kept, list[str]]:
    shown, recoded = show(extract, earlier[0].recoding if earlier else Recoding({}, {}))
    held = sticky.hold(shown, earlier, RELEASE, KEY, date(2026, 1, 1), alike=True)
    rows = held.rows
    kept = Kept()
    frame = table.arrow(rows).to_pandas()
    labels = ["age", "town", "sex"]
    for cells, part in frame.groupby(labels):
        kept.values[group_ref(KEY, cells)] = frozenset(part["illness"])
    for ref in held.carried:
        assert before is not None
        kept.values[ref] = before.values[ref]
    kept.groups = dict(held.groups)
    complaints = replay.replay(frame, rows.digests, earlier, RELEASE, KEY)
    return Version("v", "", Recoding(recoded.steps, {}, recoded.top), held.groups), kept, complaints


def a_year(*, remembering: bool, moving: float = 0.0) -> tuple[list[Kept], list[list[str]]]:
    versions: list[Version] = []
    kept: list[Kept] = []
    complaints = []
    for number in range(MONTHS):
        version, held, said = publish(
            month(number, moving), versions if remembering else (), kept[-1] if kept else None
        )
        versions.insert(0, version)
        kept.append(held)
        complaints.append(said)
    return kept, complaints


def disclosed(kept: Sequence[Kept], moving: float = 0.0) -> int:
    """Persons of whom only their own value stays possible, for somebody who knows their attributes every month."""
    told = 0
    truth: dict[int, str] = {}
    possible: dict[int, frozenset[str]] = {}
    for number, version in enumerate(kept):
        extract = month(number, moving)
        names = [[f"{n}{code:02}" for code in extract.columns[n].codes] for n in ("age", "town", "sex")]
        truth |= zip(
            extract.persons.tolist(), (f"illness{n:02}" for n in extract.columns["illness"].codes), strict=True
        )
        for person, cells in zip(extract.persons.tolist(), zip(*names, strict=True), strict=True):
            ref = group_ref(KEY, cells)
            values = version.values.get(ref)
            if values is not None and person in version.groups[ref].persons:
                possible[person] = possible.get(person, values) & values
    told = sum(values == {truth[person]} for person, values in possible.items())
    assert len(possible) > PEOPLE / 2
    return told


def differences(kept: Sequence[Kept]) -> int:
    """Groups in which two versions differ by fewer than k persons."""
    return sum(
        0 < len(set(one.groups[ref].persons.tolist()) ^ set(other.groups[ref].persons.tolist())) < K
        for one, other in combinations(kept, 2)
        for ref in one.groups.keys() & other.groups.keys()
    )


@pytest.mark.parametrize("moving", [0.0, 0.1])
def test_twelve_versions_together_disclose_nobody_and_leave_no_group_below_k(moving):
    kept, complaints = a_year(remembering=True, moving=moving)
    assert disclosed(kept, moving) == 0
    assert differences(kept) == 0
    assert min(len(group.persons) for version in kept for group in version.groups.values()) >= K
    assert complaints == [[]] * MONTHS
    assert sum(len(version.values) for version in kept) > MONTHS * 40  # and there is something to read


def test_without_the_rule_the_same_year_does_disclose():
    kept, _ = a_year(remembering=False)
    assert disclosed(kept) > 0
    assert differences(kept) > 0


def test_the_gates_own_look_sees_what_the_rule_would_have_stopped():
    first, _, _ = publish(month(0), (), None)
    shown, _ = show(month(1), first.recoding)
    [few, narrow, *_] = replay.replay(table.arrow(shown).to_pandas(), shown.digests, [first], RELEASE, KEY)
    assert "differ from an earlier version by fewer than 5 persons" in few
    assert "too few values of illness possible" in narrow


def test_a_version_of_the_same_people_is_shown_anew_and_one_person_less_is_not():
    extract = month(0)
    first, _, _ = publish(extract, (), None)
    again, kept, _ = publish(extract, [first], None)
    assert again.groups.keys() == first.groups.keys()
    keep = np.ones(extract.rows, dtype=bool)
    keep[0] = False
    columns = {name: replace(column, codes=column.codes[keep]) for name, column in extract.columns.items()}
    one_less = Extract(extract.persons[keep], columns, {})
    shown, _ = show(one_less, first.recoding)
    held = sticky.hold(shown, [first], RELEASE, KEY, date(2026, 2, 1), alike=True)
    assert len(held.carried) == 1
    assert held.groups[held.carried[0]] is first.groups[held.carried[0]]
    assert kept.values.keys() == first.groups.keys()


def test_what_is_carried_over_ends_with_its_term():
    extract = month(0)
    first, _, _ = publish(extract, (), None)
    short = changed(RELEASE, expires_after=1)
    shown, _ = show(month(1), first.recoding)
    within = sticky.hold(shown, [first], short, KEY, date(2026, 1, 20), alike=True)
    after = sticky.hold(shown, [first], short, KEY, date(2026, 3, 1), alike=True)
    assert within.carried
    assert not after.carried
    assert after.withheld == len(within.carried) + within.withheld
