"""Which steps a release takes, against a second, naive search; and the labels that steps give."""

from collections import defaultdict
from datetime import date, datetime
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from visits import VIEWS, changed

from hoeder.anonymization import recoding
from hoeder.anonymization.encode import Extract
from hoeder.anonymization.engine.columns import Column
from hoeder.anonymization.engine.hierarchies import period
from hoeder.errors import GateFailed, PolicyError

A = ("Assen", "Breda", "Delft")
B = ("phone", "web", None)

tables = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, len(A) - 1), st.integers(0, len(B) - 1)), min_size=1, max_size=40
)


def text(name, codes, values):
    return Column(name, "text", np.array(codes, dtype=np.int32), values, pa.string())


def release(k, share, **fields):
    quasi = [{"column": name, "steps": ["exact", "any"]} for name in "ab"]
    return changed(VIEWS, quasi_identifiers=quasi, measures=[], k=k, max_suppressed=share, **fields)


def extract(rows):
    persons, a, b = (np.array(each, dtype=np.int64) for each in zip(*rows, strict=True))
    return Extract(persons, {"a": text("a", a, A), "b": text("b", b, B)}, {})


def choose(rows, asked):
    return recoding.choose(extract(rows), asked, {}, {}, {})


def shown(found):
    """The cells of each row that stays."""
    return [
        tuple(found.names[name][code] for name, code in zip(found.labels, codes, strict=True))
        for codes in zip(*found.labels.values(), strict=True)
    ]


def exact(values, code):
    return "unknown" if values[code] is None else values[code]


def naive(rows, steps, k):
    """Groups that are large enough, and the rows in them, under these steps."""
    groups = [
        tuple("*" if step == "any" else exact(v, c) for step, v, c in zip(steps, (A, B), row[1:], strict=True))
        for row in rows
    ]
    members = defaultdict(set)
    for (person, *_), group in zip(rows, groups, strict=True):
        members[group] |= {person} - {0}
    return [n for n, group in enumerate(groups) if len(members[group]) >= k], groups


def lost(rows, steps, kept):
    """The share that is lost: of a cell nothing, or all; of a row that is left out all."""
    used = [len({row[n + 1] for row in rows}) > 1 for n in range(2)]
    gone = sum(step == "any" and one for step, one in zip(steps, used, strict=True)) / 2
    return (len(kept) * gone + len(rows) - len(kept)) / len(rows)


@settings(deadline=None, max_examples=200)
@given(tables, st.integers(2, 4), st.sampled_from([0.0, 0.1, 0.3, 1.0]))
def test_every_group_has_k_persons_and_no_other_steps_lose_less(rows, k, share):
    present = [sorted({row[n + 1] for row in rows}) for n in range(2)]
    everything = {steps: naive(rows, steps, k)[0] for steps in product(("exact", "any"), repeat=2)}
    enough = {
        s: kept for s, kept in everything.items() if kept and len(rows) - len(kept) <= int(round(share * len(rows), 9))
    }
    if not enough:
        with pytest.raises(GateFailed):
            choose(rows, release(k, share))
        return
    found = choose(rows, release(k, share))
    steps = tuple(step for (step,) in found.steps.values())
    kept, groups = naive(rows, steps, k)
    assert found.kept.tolist() == kept
    assert shown(found) == [groups[n] for n in kept]
    if all(len(each) == len(values) for each, values in zip(present, (A, B), strict=True)):  # the loss is over A and B
        assert lost(rows, steps, kept) <= min(lost(rows, s, kept) for s, kept in enough.items()) + 1e-9


@settings(deadline=None, max_examples=100)
@given(tables, st.integers(2, 4), st.sampled_from([0.0, 0.3, 1.0]))
def test_local_recoding_keeps_k_persons_in_every_group_and_each_label_true(rows, k, share):
    try:
        found = choose(rows, release(k, share, recoding="local", refresh="once"))
    except GateFailed:
        return
    members = defaultdict(set)
    for row, cells in zip(found.kept.tolist(), shown(found), strict=True):
        members[cells] |= {rows[row][0]} - {0}
        for cell, values, code in zip(cells, (A, B), rows[row][1:], strict=True):
            assert cell in {"*", exact(values, code)}
    assert min(map(len, members.values())) >= k
    assert len(rows) - len(found.kept) <= int(round(share * len(rows), 9))


def test_local_recoding_leaves_detail_where_whole_columns_lose_it():
    rows = (
        [(n, 0, 0) for n in range(1, 30)] + [(n, 1, 1) for n in range(30, 60)] + [(n, 2, n % 2) for n in range(60, 64)]
    )
    assert choose(rows, release(3, 0.0)).steps != {"a": ("exact",), "b": ("exact",)}
    cells = shown(choose(rows, release(3, 0.0, recoding="local", refresh="once")))
    assert cells.count(("Assen", "phone")) == 29
    assert cells.count(("Delft", "*")) == 4


def test_many_rows_of_one_person_are_one_person():
    rows = [(1, 0, 0)] * 100 + [(person, 1, 0) for person in range(1, 6)]
    with pytest.raises(GateFailed, match="fewer than k = 2"):
        choose(rows[:100], release(2, 0.5))
    assert choose(rows, release(5, 0.0)).steps["a"] == ("any",)


def test_rows_of_nobody_known_make_no_group_larger():
    with pytest.raises(GateFailed):
        choose([(0, 0, 0)] * 50 + [(1, 0, 0)], release(2, 0.9))


def test_a_column_that_matters_more_keeps_its_detail():
    rows = [(n, n % 3, n % 2) for n in range(1, 13)]

    def steps(**weights):
        quasi = [{"column": n, "steps": ["exact", "any"], "weight": weights.get(n, 1.0)} for n in "ab"]
        return choose(rows, changed(release(4, 0.0), quasi_identifiers=quasi)).steps

    assert steps(a=5.0) == {"a": ("exact",), "b": ("any",)}
    assert steps(b=5.0) == {"a": ("any",), "b": ("exact",)}


def test_a_later_version_takes_the_steps_and_the_ten_values_of_the_one_before():
    quasi = [{"column": "a", "steps": ["top-10", "any"]}]
    asked = changed(VIEWS, quasi_identifiers=quasi, measures=[], k=2, max_suppressed=1.0)
    values = tuple(f"v{n:02}" for n in range(14))

    def version(codes, *before):
        persons = np.arange(1, len(codes) + 1)
        return recoding.choose(Extract(persons, {"a": text("a", codes, values)}, {}), asked, {}, *(before or ({}, {})))

    often = [n for n in range(10) for _ in range(6)]
    first = version([*often, 11, 11, 12, 12])
    assert first.top == {"a": values[:10]}
    second = version([*often, *[11] * 50, 12], first.steps, first.top)
    assert second.top == first.top
    assert "v11" not in second.names["a"]


def test_a_date_has_the_label_of_its_period():
    day = date(2027, 1, 1)
    assert [period(day, step) for step in ("day", "week", "month", "quarter", "year", "*")] == [
        "2027-01-01", "2026-W53", "2027-01", "2027-Q1", "2027", "*",
    ]  # fmt: skip


@given(st.dates(), st.dates())
def test_days_with_one_label_have_one_label_at_the_coarser_period_too(a, b):
    for fine, coarse in [("day", "week"), ("day", "month"), ("month", "quarter"), ("quarter", "year")]:
        if period(a, fine) == period(b, fine):
            assert period(a, coarse) == period(b, coarse)


@given(st.datetimes())
def test_a_moment_has_the_label_of_its_day(moment: datetime):
    for step in ("day", "week", "month", "quarter", "year"):
        assert period(moment, step) == period(moment.date(), step)


@pytest.mark.parametrize("step", ["exact", "day", "year", "top-10"])
def test_an_empty_cell_is_unknown_at_every_step_but_any(step):
    column = Column("seen", "date", np.array([0, 1], dtype=np.int32), (date(2026, 1, 1), None), pa.date32())
    level = recoding.one_step(column, step, np.array([1, 2]))
    assert level.labels[level.of[1]] == "unknown"
    assert recoding.one_step(column, "any", np.array([1, 2])).labels == ("*",)


def test_top_10_goes_by_persons_and_not_by_rows():
    # eleven values; `loud` has most rows, all of one person, the others have two persons each
    values = ("loud", *(f"v{n:02}" for n in range(10)))
    codes = [0] * 50 + [n for n in range(1, 11) for _ in range(2)]
    level = recoding.one_step(text("page", codes, values), "top-10", np.array([1] * 50 + [2, 3] * 10))
    assert level.labels == ("other", *(f"v{n:02}" for n in range(10)))
    assert level.labels[level.of[0]] == "other"


def test_a_period_of_a_column_without_dates_is_refused_by_name():
    with pytest.raises(PolicyError, match="section does not hold dates, so it has no month"):
        recoding.one_step(text("section", [0], ("home",)), "month", np.array([1]))
