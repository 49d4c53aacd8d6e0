"""Periods: read as people write them, without gaps between one and the next."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoeder.errors import ReportError
from hoeder.report.period import Kind, Period, ended

DAYS = st.dates(date(1990, 1, 1), date(2200, 1, 1))
KINDS = st.sampled_from([Kind.MONTH, Kind.QUARTER, Kind.YEAR])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-10-05..2026-10-18", date(2026, 10, 5), date(2026, 10, 18)),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, first: date, last: date) -> None:
    period = Period.parse(text)
    assert (period.first, period.last, str(period)) == (first, last, text)


@pytest.mark.parametrize(
    "text", ["", "october", "2026-13", "2026-Q5", "2026-10-18..2026-10-05", "2026-02-30..2026-03-01", "26-10", "0000"]
)
def test_what_is_no_period_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(ReportError, match="2026-Q3"):
        Period.parse(text)


@given(DAYS, KINDS)
def test_periods_follow_each_other_without_gap_or_overlap(day: date, kind: Kind) -> None:
    period = Period.holding(day, kind)
    assert period.first <= day <= period.last
    assert Period.parse(str(period)) == period
    assert period.before().end == period.start
    assert period.before().kind is kind


@given(DAYS, st.integers(0, 400))
def test_a_row_of_days_is_preceded_by_as_many_days(first: date, more: int) -> None:
    period = Period(Kind.DAYS, first, first + timedelta(days=more))
    assert Period.parse(str(period)) == period
    assert period.before().last - period.before().first == period.last - period.first
    assert period.before().end == period.start


def test_each_first_of_the_month_brings_the_periods_that_just_ended() -> None:
    assert list(map(str, ended(date(2027, 1, 1)))) == ["2026-12", "2026-Q4", "2026"]
    assert list(map(str, ended(date(2026, 10, 1)))) == ["2026-09", "2026-Q3"]
    assert list(map(str, ended(date(2026, 11, 1)))) == ["2026-10"]
    assert ended(date(2026, 11, 2)) == ()
