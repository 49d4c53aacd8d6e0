"""Cells that are too small or hang on one person are suppressed, and nothing that is left tells them."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from visits import VIEWS, changed

from hoeder.anonymization import counts, gate_counts, puzzle
from hoeder.anonymization.history import Recoding, Version
from hoeder.anonymization.table import Shown

KEY, DAY = b"k" * 32, date(2026, 11, 22)
RELEASE = changed(
    VIEWS,
    publish="counts",
    quasi_identifiers=[{"column": c, "steps": ["exact"]} for c in ("month", "reason", "channel")],
    measures=["seconds"],
    k=10,
)


def shown(rows: list[tuple[str, str, str, int]], seconds: list[float] | None = None) -> Shown:
    """Rows of (month, reason, channel, person)."""
    names = {c: tuple(sorted({row[n] for row in rows})) for n, c in enumerate(("month", "reason", "channel"))}
    labels = {c: np.array([names[c].index(row[n]) for row in rows]) for n, c in enumerate(names)}
    persons = np.array([row[3] for row in rows])
    values = np.array(seconds if seconds is not None else [10.0] * len(rows))
    return Shown(labels, {}, names, {"seconds": values}, {}, persons, persons.astype(np.uint64), np.arange(len(rows)))


def people(month: str, reason: str, channel: str, number: int, first: int = 1) -> list[tuple[str, str, str, int]]:
    return [(month, reason, channel, first + n) for n in range(number)]


def counted(rows: list[tuple[str, str, str, int]], seconds: list[float] | None = None, k: int = 10) -> counts.Counted:
    table = shown(rows, seconds)
    return counts.count(table, changed(RELEASE, k=k), KEY, DAY, table.measures)


def test_a_small_cell_is_suppressed_and_the_smallest_other_one_of_its_line_with_it():
    found = counted([
        *people("11", "invoice", "phone", 40), *people("11", "moving", "phone", 30, 100),
        *people("11", "fault", "phone", 4, 200),
    ])  # fmt: skip
    assert ("11", "fault", "phone") in found.primary
    assert ("11", "moving", "phone") in found.secondary
    assert ("11", "all", "all") not in found.suppressed
    assert found.cells["11", "all", "all"].persons == 74


def test_one_person_who_makes_half_the_sum_keeps_the_cell_empty():
    rows = people("11", "invoice", "phone", 20)
    assert counted(rows, [10.0] * 20).suppressed == frozenset()
    assert ("11", "invoice", "phone") in counted(rows, [10.0] * 19 + [200.0]).primary
    two = [10.0] * 18 + [300.0, 290.0]
    assert ("11", "invoice", "phone") in counted(rows, two).primary


def test_ten_rows_of_one_person_are_one_person():
    rows = [("11", "invoice", "phone", 1)] * 15 + people("11", "moving", "phone", 20, 5)
    assert ("11", "invoice", "phone") in counted(rows, [1.0] * 35).primary


TOLD_BY_SEVERAL_LINES = [
    *[("A", "x", "p", 1)] * 10, *[("A", "x", "p", 2)] * 3, ("A", "y", "p", 2),
    *people("A", "y", "q", 5), *people("A", "z", "q", 4), ("A", "z", "r", 6), *[("B", "x", "p", 1)] * 6,
]  # fmt: skip
"""Every line by itself leaves two cells open, and all of them together one cell the less."""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.sampled_from("xyz"), st.sampled_from("pqr"), st.integers(1, 60)),
        min_size=30,
        max_size=300,
    )
)
@example(TOLD_BY_SEVERAL_LINES)
def test_no_suppressed_cell_follows_from_the_shown_ones(rows: Any) -> None:
    found = counted(rows, k=5)
    for label in {key[0] for key in found.cells}:
        cells = [key for key in found.cells if key[0] == label]
        hidden = {key for key in found.suppressed if key[0] == label}
        assert all(found.cells[key].persons >= 5 for key in cells if key not in hidden)
        if hidden and len(hidden) < len(cells):
            assert not puzzle.determined(puzzle.lines_of(cells), hidden)


def test_the_puzzle_is_solved_where_a_cell_can_be_had_by_subtraction():
    cells = [("11", r, c) for r in ("a", "b", "all") for c in ("p", "q", "all")]
    assert puzzle.determined(puzzle.lines_of(cells), {("11", "a", "p")}) == {("11", "a", "p")}
    row = {("11", "a", "p"), ("11", "a", "q")}
    assert puzzle.determined(puzzle.lines_of(cells), row) == row  # each follows from its column
    square = {("11", r, c) for r in ("a", "b") for c in ("p", "q")}
    assert not puzzle.determined(puzzle.lines_of(cells), square)


def test_a_slice_that_differs_by_one_person_stays_as_it_was_and_others_go_on():
    october, november = people("10", "invoice", "phone", 30), people("11", "invoice", "phone", 30)
    first = counted([*october, *november])
    _, groups = counts.hold(first, (), RELEASE, KEY)
    before = Version("v", "", Recoding({}, {}), groups)
    second = counted([*october, *people("11", "invoice", "phone", 31)])
    leave, _ = counts.hold(second, [before], RELEASE, KEY)
    assert leave == {"11"}
    previous = counts.table(first, RELEASE, frozenset(), None)
    file = counts.table(second, RELEASE, leave, previous).to_pandas()
    assert file[(file.month == "11") & (file.channel == "phone")].persons.tolist() == [30, 30]
    more, _ = counts.hold(counted([*october, *people("11", "invoice", "phone", 40)]), [before], RELEASE, KEY)
    assert more == frozenset()


@pytest.mark.parametrize("change", [1, 9])
def test_a_change_within_what_is_suppressed_is_seen_in_the_remainder(change: int):
    def rows(small: int) -> list[tuple[str, str, str, int]]:
        return [
            *people("11", "invoice", "phone", 60), *people("11", "moving", "phone", 6, 100),
            *people("11", "fault", "phone", small, 200),
        ]  # fmt: skip

    _, groups = counts.hold(counted(rows(9)), (), RELEASE, KEY)
    leave, _ = counts.hold(counted(rows(9 - change)), [Version("v", "", Recoding({}, {}), groups)], RELEASE, KEY)
    assert leave == {"11"}


def test_the_gate_sees_for_itself_which_sums_hang_on_one_person():
    rows = [*people("11", "invoice", "phone", 20), *people("11", "moving", "phone", 20, 100)]
    source = pa.table({
        "month": [r[0] for r in rows], "reason": [r[1] for r in rows], "channel": [r[2] for r in rows],
        "seconds": [10.0] * 19 + [1_000.0] + [10.0] * 20, "person of row": [r[3] for r in rows],
    })  # fmt: skip
    names = ("month", "reason", "channel")
    reasons, channels = ("invoice", "moving", "all"), ("phone", "all")
    cells = pd.DataFrame([("11", r, c) for r in reasons for c in channels], columns=list(names))
    [said] = gate_counts._dominance(cells, names, RELEASE, source)
    assert said.startswith("4 sums of seconds hang on")  # invoice, and the totals that it dominates
    assert gate_counts._dominance(cells[cells.reason == "moving"], names, RELEASE, source) == []
