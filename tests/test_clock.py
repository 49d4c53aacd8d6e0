"""Retention terms against the calendar: published vectors, and properties that hold for every date."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoeder.clock import add_months, due_date, end_of_day, latest_due_anchor
from hoeder.policy.term import Mode, Term

terms = st.one_of(
    st.builds(Term, st.integers(1, 600), st.sampled_from(["day", "week", "month"]), st.just("closed_on")),
    st.builds(Term, st.integers(1, 60), st.just("year"), st.just("closed_on"), st.sampled_from([Mode.EXACT, Mode.CY])),
    st.builds(
        Term,
        st.integers(1, 60),
        st.just("year"),
        st.just("closed_on"),
        st.just(Mode.FY),
        year_begins=st.integers(1, 12),
    ),
    st.builds(Term, st.integers(1, 60), st.just("month"), st.just("a"), st.just(Mode.ROLL), st.just(("b", "c"))),
    st.builds(Term, st.integers(1, 60), st.just("day"), st.just("date"), st.just(Mode.CYCLE)),
    st.just(Term(0, "day", "ended_on", Mode.EVENT)),
)
dates = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("anchor", "term", "due"),
    [
        ("2026-03-15", "5 years after the calendar year of left_on", "2032-01-01"),  # ID copy, wage-tax statement
        ("2026-03-31", "7 years after the calendar year of paid_on", "2034-01-01"),  # pay slip of March
        ("2026-03-15", "2 years after left_on", "2028-03-15"),  # rest of the personnel file
        ("2022-06-15", "7 years after the calendar year of invoice_date", "2030-01-01"),
        ("2026-05-01", "4 weeks after procedure_closed_on", "2026-05-29"),
        ("2026-05-01", "1 year after consent_on", "2027-05-01"),
        ("2026-12-31", "5 years after the calendar year of left_on", "2032-01-01"),
        ("2027-01-01", "5 years after the calendar year of left_on", "2033-01-01"),  # one day later, one year more
        ("2026-11-30", "3 months after closed_on", "2027-02-28"),
        ("2026-12-31", "30 days after contract_ended_on", "2027-01-30"),
    ],
)
def test_term_ends_on_the_published_day(anchor: str, term: str, due: str) -> None:
    assert due_date(date.fromisoformat(anchor), Term.parse(term)) == date.fromisoformat(due)


def test_a_floor_from_a_leap_day_is_never_cut_short_and_a_norm_is_clamped() -> None:
    leap_day, five_years = date(2024, 2, 29), Term.parse("5 years after left_on")
    assert due_date(leap_day, five_years, floor=True) == date(2029, 3, 1)
    assert due_date(leap_day, five_years) == date(2029, 2, 28)


@given(dates, terms, st.booleans())
def test_the_latest_due_anchor_is_due_and_the_day_after_it_is_not(today: date, term: Term, floor: bool) -> None:
    latest = latest_due_anchor(today, term, floor=floor)
    assert due_date(latest, term, floor=floor) <= today
    assert due_date(latest + timedelta(days=1), term, floor=floor) > today


@given(dates, terms, st.booleans())
def test_a_later_anchor_is_never_due_earlier(anchor: date, term: Term, floor: bool) -> None:
    assert due_date(anchor, term, floor=floor) <= due_date(anchor + timedelta(days=1), term, floor=floor)


@given(dates, st.integers(0, 600))
def test_a_floor_is_at_least_as_long_as_the_plain_term(day: date, months: int) -> None:
    assert timedelta(0) <= add_months(day, months, floor=True) - add_months(day, months) <= timedelta(days=1)


@given(terms)
def test_a_term_reads_back_as_it_is_written(term: Term) -> None:
    assert replace(Term.parse(str(term)), year_begins=term.year_begins) == term


@pytest.mark.parametrize(
    "text", ["", "3 months", "soon after closed_on", "-1 days after x", "3 months before x", None, 5]
)
def test_what_is_not_a_term_is_refused_with_the_forms_that_exist(text: object) -> None:
    with pytest.raises(ValueError, match="after"):
        Term.parse(text)


def test_a_calendar_year_term_is_counted_in_years() -> None:
    with pytest.raises(ValueError, match="counted in years"):
        Term.parse("3 months after the calendar year of left_on")


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_the_end_of_a_day_is_midnight_in_amsterdam_also_when_the_clock_changes(day: str, hours: int) -> None:
    this = date.fromisoformat(day)
    start, end = end_of_day(this - timedelta(days=1)), end_of_day(this)
    assert end.timestamp() - start.timestamp() == hours * 3600
