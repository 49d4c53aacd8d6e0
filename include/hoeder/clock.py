"""Dutch time: when a retention term is over. The caller passes dates; nothing here asks what time it is."""

import calendar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hoeder.policy.term import Mode, Term

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def add_months(day: date, months: int, *, floor: bool = False) -> date:
    """The same day number some months on, clamped to the month's end.

    With `floor` a clamped day moves to the first of the next month instead, so that a statutory minimum is never cut
    short: five years from 29 February 2024 is 1 March 2029.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if day.day <= last:
        return date(year, month + 1, day.day)
    end = date(year, month + 1, last)
    return end + timedelta(days=1) if floor else end


def due_date(anchor: date, term: Term, *, floor: bool = False) -> date:
    """First day on which a record is due for its end action.

    CY: 1 January after the last full year kept (AWR 52(4); URLB 7.5(4): the term starts at the end of the calendar
    year). FY: the same with book years. EVENT: the day of the event. Any other mode: the anchor plus the term. Terms
    are not moved for weekends or holidays (Algemene termijnenwet 4).
    """
    if term.mode in (Mode.CY, Mode.FY):
        first = _first_month(term)
        return date(anchor.year + term.count + (1 if anchor.month >= first else 0), first, 1)
    match term.unit:
        case "day":
            return anchor + timedelta(days=term.count)
        case "week":
            return anchor + timedelta(weeks=term.count)
        case "month":
            return add_months(anchor, term.count, floor=floor)
        case "year":
            return add_months(anchor, 12 * term.count, floor=floor)


def latest_due_anchor(today: date, term: Term, *, floor: bool = False) -> date:
    """The latest anchor whose due date is not after today.

    `due_date` never decreases, so a store can be asked for `anchor <= this` and use an index.
    """
    if term.mode in (Mode.CY, Mode.FY):
        first = _first_month(term)
        begun = today.year if today.month >= first else today.year - 1  # the book year of today began in this one
        return date(begun - term.count, first, 1) - timedelta(days=1)
    if term.unit in ("day", "week"):
        return today - timedelta(days=term.count * (7 if term.unit == "week" else 1))
    candidate = add_months(today, -term.count * (12 if term.unit == "year" else 1))
    while due_date(candidate + timedelta(days=1), term, floor=floor) <= today:
        candidate += timedelta(days=1)
    while due_date(candidate, term, floor=floor) > today:
        candidate -= timedelta(days=1)
    return candidate


def _first_month(term: Term) -> int:
    return term.year_begins if term.mode is Mode.FY else 1


def end_of_day(day: date) -> datetime:
    """The first moment after a day in Amsterdam; 23 or 25 hours after its start when the clock changes."""
    return datetime.combine(day + timedelta(days=1), time(), AMSTERDAM)
