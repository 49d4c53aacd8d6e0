"""Several processes give what one gives, in the same order, and an error in one of them is an error."""

import os

import made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.detection import context
from hoeder.detection.processes import available, each
from hoeder.detection.seen import Seen

TABLES = [
    (f"{table}_{n}", [Seen(name, "text", [str(value) for value in made.many(make)]) for name, make in columns.items()])
    for n in range(3)
    for table, columns in {
        "klanten": {"naam": made.person, "rekening": made.iban, "mobiel": made.mobile},
        "producten": {"naam": made.one_of("fiets", "bel", "band"), "prijs": made.number(10, 900)},
    }.items()
]


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(), max_size=20), st.integers(1, 3))
def test_every_thing_has_its_own_result_in_its_place(things: list[int], processes: int) -> None:
    assert each(lambda thing: thing * 2, things, processes) == [thing * 2 for thing in things]


def test_the_work_is_done_in_other_processes() -> None:
    assert os.getpid() not in each(lambda _: os.getpid(), range(4), 2)
    assert each(lambda _: os.getpid(), range(4), 1) == [os.getpid()] * 4
    assert available() >= 1


def test_an_error_in_one_of_them_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        each(lambda thing: 1 // thing, [1, 0, 2], 2)


def test_tables_are_judged_as_they_are_by_one_process() -> None:
    assert context.judge(TABLES, processes=2) == context.judge(TABLES)
    assert [bool(verdicts[0].category) for verdicts in context.judge(TABLES)] == [True, False] * 3
