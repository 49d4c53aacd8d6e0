"""The time a report is about: a month, a quarter, a year, or any row of days, in Amsterdam."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from hoeder.clock import AMSTERDAM, add_months, end_of_day
from hoeder.errors import ReportError


class Kind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAYS = "days"


_MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)|-Q(?P<quarter>[1-4]))?|(?P<first>\d{4}-\d\d-\d\d)\.\.(?P<last>\d{4}-\d\d-\d\d)"
)


@dataclass(frozen=True)
class Period:
    """From its first day to its last, both included."""

    kind: Kind
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> "Period":
        """`2026-10`, `2026-Q3`, `2026` or `2026-10-05..2026-10-18`. Raises ReportError for anything else."""
        match = _WRITTEN.fullmatch(text.strip())
        try:
            if match is None:
                raise ValueError("it reads as none of these")
            if match["first"]:
                first, last = date.fromisoformat(match["first"]), date.fromisoformat(match["last"])
                if last < first:
                    raise ValueError("it ends before it begins")
                return cls(Kind.DAYS, first, last)
            year = int(match["year"])
            if match["quarter"]:
                return cls.holding(date(year, 3 * int(match["quarter"]), 1), Kind.QUARTER)
            if match["month"]:
                return cls.holding(date(year, int(match["month"]), 1), Kind.MONTH)
            return cls.holding(date(year, 1, 1), Kind.YEAR)
        except ValueError as error:
            raise ReportError(
                f"period {text!r}: {error}; write a month 2026-10, a quarter 2026-Q3, a year 2026, or "
                "2026-10-05..2026-10-18"
            ) from None

    @classmethod
    def holding(cls, day: date, kind: Kind) -> "Period":
        """The month, quarter or year that a day falls in."""
        months = _MONTHS[kind]
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        end = add_months(first, months - 1)
        return cls(kind, first, end.replace(day=calendar.monthrange(end.year, end.month)[1]))

    def before(self) -> "Period":
        """The one of the same length that ends the day before this one begins."""
        eve = self.first - timedelta(days=1)
        if self.kind is Kind.DAYS:
            return Period(Kind.DAYS, eve - (self.last - self.first), eve)
        return Period.holding(eve, self.kind)

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), AMSTERDAM)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return end_of_day(self.last)

    def __str__(self) -> str:
        match self.kind:
            case Kind.MONTH:
                return f"{self.first:%Y-%m}"
            case Kind.QUARTER:
                return f"{self.first.year:04}-Q{(self.first.month + 2) // 3}"
            case Kind.YEAR:
                return f"{self.first.year:04}"
            case Kind.DAYS:
                return f"{self.first}..{self.last}"


def ended(day: date) -> tuple[Period, ...]:
    """Periods that ended the day before: a month on every first day, with it a quarter or a year where they end."""
    if day.day != 1:
        return ()
    eve = day - timedelta(days=1)
    return tuple(period for kind in _MONTHS if (period := Period.holding(eve, kind)).last == eve)
