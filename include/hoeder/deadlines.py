"""Legal clocks in Dutch time: by when a person, a client or the authority must have an answer.

A month runs by Regulation (EEC, Euratom) 1182/71, article 3: the day of receipt is not counted, the period ends on the
same day number or on the last day of the month (3(2)(c)), and a last day that is no working day moves to the next one
(3(4)). Periods in hours run on through nights, weekends and holidays. What is steered on is the earliest reading of the
law; the latest one is shown beside it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache

from dateutil.easter import easter

from hoeder.clock import AMSTERDAM, add_months

_SATURDAY = 5


class Profile(StrEnum):
    """Which days are holidays: `kern` leaves out those that many work on, and so never gives the later date."""

    KERN = "kern"
    ATW = "atw"


@cache
def holidays(year: int, profile: Profile) -> frozenset[date]:
    """General holidays of the Algemene termijnenwet, article 3; `kern` without Good Friday and Liberation Day."""
    sunday = easter(year)
    king = date(year, 4, 27)
    if king.weekday() > _SATURDAY:
        king -= timedelta(days=1)
    days = {date(year, 1, 1), king, date(year, 12, 25), date(year, 12, 26)}
    days |= {sunday + timedelta(days=n) for n in (1, 39, 50)}  # Easter Monday, Ascension, Whit Monday
    if profile is Profile.ATW:
        days |= {sunday - timedelta(days=2), date(year, 5, 5)}
    return frozenset(days)


def is_working_day(day: date, profile: Profile) -> bool:
    """Whether a day is neither in a weekend nor a holiday."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year, profile)


def on_a_working_day(day: date, profile: Profile) -> date:
    """The day itself, or the next working day after it."""
    while not is_working_day(day, profile):
        day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int, profile: Profile = Profile.KERN) -> date:
    """The day on which that many working days after a day have passed."""
    for _ in range(count):
        day = on_a_working_day(day + timedelta(days=1), profile)
    return day


@dataclass(frozen=True)
class Due:
    """When an answer to a request is due: `raw` before it is moved to a working day; `notice` at the latest the day on
    which the person must have heard of an extension and its reason.
    """

    received: date
    raw: date
    due: date
    notice: date


def answer_due(received: date, profile: Profile, *, extended: bool = False, waited: int = 0) -> Due:
    """GDPR 12(3): within one month of receipt, three where it was extended, never counted from a moved date.

    `waited` is the days that the person was asked to prove who they are or what they mean: with it the date is the
    lenient one, which the EDPB accepts and no statute grants. Steer on the date without.
    """
    if waited < 0:
        raise ValueError("days waited cannot be fewer than none")
    raw = add_months(received, 3 if extended else 1) + timedelta(days=waited)
    first = on_a_working_day(add_months(received, 1), profile)
    return Due(received, raw, on_a_working_day(raw, profile), first)


def petition_until(answered: date) -> date:
    """The last day for the petition to the court: six weeks after the answer (UAVG 35(2)), moved by the Atw."""
    return on_a_working_day(answered + timedelta(weeks=6), Profile.ATW)


def in_amsterdam(moment: datetime) -> datetime:
    """A moment in Dutch time. Raises ValueError without a time zone: nobody knows which moment that is."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone, such as 2026-11-20T16:40+01:00")
    return moment.astimezone(AMSTERDAM)


@dataclass(frozen=True)
class Hours:
    """A term in hours: `due` is steered on; `latest` lets the clock begin at the next full hour (1182/71, 3(1))."""

    due: datetime
    latest: datetime


def hours_after(aware: datetime, hours: int = 72) -> Hours:
    """So many elapsed hours after a moment, 72 for a breach (GDPR 33(1)), in Dutch time.

    Hours are counted as they pass: over a change of the clock the time of day moves. The two working days of 3(5) do
    not lengthen it: that is disputed.
    """
    begun = in_amsterdam(aware).astimezone(UTC)
    full = begun.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    length = timedelta(hours=hours)
    return Hours((begun + length).astimezone(AMSTERDAM), (full + length).astimezone(AMSTERDAM))
