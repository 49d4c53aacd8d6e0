from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoeder.anonymization.encode import Column
from hoeder.anonymization.steps import label, levels
from hoeder.errors import PolicyError
from hoeder.policy.models import Generalisation


def test_a_date_has_the_label_of_its_period():
    day = date(2027, 1, 1)
    assert [label(day, step) for step in ("day", "week", "month", "quarter", "year", "any")] == [
        "2027-01-01", "2026-W53", "2027-01", "2027-Q1", "2027", "*",
    ]  # fmt: skip


def test_an_empty_cell_is_unknown_at_every_step_but_any():
    assert {label(None, step) for step in ("exact", "day", "year", "top-10")} == {"unknown"}
    assert label("", "exact") == "unknown"
    assert label(None, "any") == "*"


@given(st.dates(), st.dates())
def test_days_with_one_label_have_one_label_at_the_coarser_period_too(a, b):
    for fine, coarse in [("day", "week"), ("day", "month"), ("month", "quarter"), ("quarter", "year")]:
        if label(a, fine) == label(b, fine):
            assert label(a, coarse) == label(b, coarse)


@given(st.datetimes())
def test_a_moment_has_the_label_of_its_day(moment: datetime):
    for step in ("day", "week", "month", "quarter", "year"):
        assert label(moment, step) == label(moment.date(), step)


def test_top_10_goes_by_persons_and_not_by_rows():
    # eleven values; `loud` has most rows, all of one person, the others have two persons each
    values = ("loud", *(f"v{n:02}" for n in range(10)))
    codes = [0] * 50 + [n for n in range(1, 11) for _ in range(2)]
    persons = [1] * 50 + [2, 3] * 10
    column = Column(np.array(codes), values)
    [level] = levels(column, Generalisation(column="page", steps=("top-10",)), np.array(persons))
    assert level.labels == ("other", *(f"v{n:02}" for n in range(10)))
    assert level.labels[level.of[0]] == "other"


def test_a_period_of_a_column_without_dates_is_refused_by_name():
    column = Column(np.array([0]), ("home",))
    with pytest.raises(PolicyError, match="section does not hold dates, so it has no month"):
        levels(column, Generalisation(column="section", steps=("month",)), np.array([1]))
