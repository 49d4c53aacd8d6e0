"""Legal clocks against computed dates, and properties that hold for every date."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoeder.clock import AMSTERDAM, add_months
from hoeder.deadlines import (
    Profile,
    answer_due,
    holidays,
    hours_after,
    in_amsterdam,
    is_working_day,
    petition_until,
    working_days_after,
)

dates = st.dates(date(1990, 1, 1), date(2090, 12, 31))
profiles = st.sampled_from(Profile)


@pytest.mark.parametrize(
    ("received", "raw", "kern", "atw", "raw_extended", "extended"),
    [
        ("2026-01-15", "2026-02-15", "2026-02-16", "2026-02-16", "2026-04-15", "2026-04-15"),
        ("2026-01-31", "2026-02-28", "2026-03-02", "2026-03-02", "2026-04-30", "2026-04-30"),
        ("2026-03-03", "2026-04-03", "2026-04-03", "2026-04-07", "2026-06-03", "2026-06-03"),  # Good Friday
        ("2026-03-06", "2026-04-06", "2026-04-07", "2026-04-07", "2026-06-06", "2026-06-08"),  # Easter Monday
        ("2026-03-27", "2026-04-27", "2026-04-28", "2026-04-28", "2026-06-27", "2026-06-29"),  # King's Day
        ("2026-04-05", "2026-05-05", "2026-05-05", "2026-05-06", "2026-07-05", "2026-07-06"),  # Liberation Day
        ("2026-04-14", "2026-05-14", "2026-05-15", "2026-05-15", "2026-07-14", "2026-07-14"),  # Ascension
        ("2026-08-31", "2026-09-30", "2026-09-30", "2026-09-30", "2026-11-30", "2026-11-30"),  # no 31 September
        ("2026-11-25", "2026-12-25", "2026-12-28", "2026-12-28", "2027-02-25", "2027-02-25"),
        ("2026-11-30", "2026-12-30", "2026-12-30", "2026-12-30", "2027-02-28", "2027-03-01"),
        ("2026-12-31", "2027-01-31", "2027-02-01", "2027-02-01", "2027-03-31", "2027-03-31"),
        ("2028-01-31", "2028-02-29", "2028-02-29", "2028-02-29", "2028-04-30", "2028-05-01"),  # leap day
    ],
)
def test_a_request_is_due_on(received: str, raw: str, kern: str, atw: str, raw_extended: str, extended: str) -> None:
    day = date.fromisoformat(received)
    found = answer_due(day, Profile.KERN)
    assert (found.raw.isoformat(), found.due.isoformat()) == (raw, kern)
    assert answer_due(day, Profile.ATW).due.isoformat() == atw
    longer = answer_due(day, Profile.KERN, extended=True)
    assert (longer.raw.isoformat(), longer.due.isoformat()) == (raw_extended, extended)
    assert longer.notice == found.due, "the extension is told within the first month"


@pytest.mark.parametrize(
    ("aware", "due", "latest"),
    [
        ("2026-11-20T16:40", "2026-11-23T16:40", "2026-11-23T17:00"),
        ("2026-10-24T12:00", "2026-10-27T11:00", "2026-10-27T12:00"),  # the clock goes back
        ("2027-03-27T10:15", "2027-03-30T11:15", "2027-03-30T12:00"),  # the clock goes forward
        ("2026-12-24T17:05", "2026-12-27T17:05", "2026-12-27T18:00"),
    ],
)
def test_a_breach_is_reported_within_72_hours_that_passed(aware: str, due: str, latest: str) -> None:
    found = hours_after(datetime.fromisoformat(aware).replace(tzinfo=AMSTERDAM))
    assert found.due.strftime("%Y-%m-%dT%H:%M") == due
    assert found.latest.strftime("%Y-%m-%dT%H:%M") == latest


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "2026-04-03 2026-04-06 2026-04-27 2026-05-05 2026-05-14 2026-05-25 2026-12-25 2026-12-26"),
        (2027, "2027-03-26 2027-03-29 2027-04-27 2027-05-05 2027-05-06 2027-05-17 2027-12-25 2027-12-26"),
        (2028, "2028-04-14 2028-04-17 2028-04-27 2028-05-05 2028-05-25 2028-06-05 2028-12-25 2028-12-26"),
    ],
)
def test_dutch_holidays(year: int, days: str) -> None:
    expected = {date(year, 1, 1), *map(date.fromisoformat, days.split())}
    assert holidays(year, Profile.ATW) == expected
    assert expected - holidays(year, Profile.KERN) == {min(expected - {date(year, 1, 1)}), date(year, 5, 5)}


def test_kings_day_moves_from_a_sunday_to_the_saturday() -> None:
    assert date(2025, 4, 26) in holidays(2025, Profile.KERN)
    assert date(2025, 4, 27) not in holidays(2025, Profile.KERN)


@given(dates, profiles, st.booleans())
def test_a_due_date_is_a_working_day_not_before_its_month_is_over_and_soon_after(
    received: date, profile: Profile, extended: bool
) -> None:
    found = answer_due(received, profile, extended=extended)
    assert is_working_day(found.due, profile)
    assert found.raw == add_months(received, 3 if extended else 1)
    assert timedelta() <= found.due - found.raw <= timedelta(days=5)
    skipped = [found.raw + timedelta(days=n) for n in range((found.due - found.raw).days)]
    assert not any(is_working_day(day, profile) for day in skipped)


@given(dates, st.booleans(), st.integers(0, 60))
def test_the_date_steered_on_is_never_later_than_the_lawful_or_the_lenient_one(
    received: date, extended: bool, waited: int
) -> None:
    steered = answer_due(received, Profile.KERN, extended=extended)
    assert steered.due <= answer_due(received, Profile.ATW, extended=extended).due
    assert steered.due <= answer_due(received, Profile.KERN, extended=extended, waited=waited).due


moments = st.integers(631_152_000, 3_786_912_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(moments, st.integers(1, 100))
def test_hours_pass_one_by_one_whatever_the_clock_does(aware: datetime, hours: int) -> None:
    found = hours_after(aware, hours)
    assert found.due.astimezone(UTC) - aware == timedelta(hours=hours)
    assert timedelta() < found.latest.astimezone(UTC) - found.due.astimezone(UTC) <= timedelta(hours=1)


@given(dates, st.integers(0, 10))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    end = working_days_after(day, count)
    between = [day + timedelta(days=n + 1) for n in range((end - day).days)]
    assert sum(is_working_day(each, Profile.KERN) for each in between) == count


def test_a_petition_can_be_brought_until_six_weeks_after_the_answer() -> None:
    assert petition_until(date(2026, 11, 13)) == date(2026, 12, 28)  # six weeks on is the first day of Christmas


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        in_amsterdam(datetime.fromisoformat("2026-11-20T16:40"))
    with pytest.raises(ValueError, match="fewer than none"):
        answer_due(date(2026, 1, 1), Profile.KERN, waited=-1)
