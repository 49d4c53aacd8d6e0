"""Retention terms as people say them: `3 months after closed_on`, `7 years after the calendar year of left_on`."""

import re
from dataclasses import dataclass
from typing import Literal

Unit = Literal["day", "week", "month", "year"]

_TERM = re.compile(
    r"(?P<count>\d{1,4}) (?P<unit>day|week|month|year)s? after "
    r"(?P<year>the calendar year of )?(?P<anchor>[a-z][a-z0-9_]*)"
)


_CENTURY: dict[Unit, int] = {"day": 36_525, "week": 5_218, "month": 1_200, "year": 100}


@dataclass(frozen=True)
class Term:
    """A length of time and the event that starts it.

    `calendar_year` starts the term at the end of the calendar year in which the event fell (mode CY); otherwise it
    runs from the event's own date (mode EXACT).
    """

    count: int
    unit: Unit
    anchor: str
    calendar_year: bool = False

    @classmethod
    def parse(cls, text: object) -> "Term":
        """Read a term of at least one unit and at most a century. Raises ValueError with what is expected."""
        match = _TERM.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None:
            raise ValueError(
                "expected '<n> days|weeks|months|years after <column>' or "
                "'<n> years after the calendar year of <column>'"
            )
        unit: Unit = match["unit"]  # type: ignore[assignment]  # the pattern allows nothing else
        if match["year"] and unit != "year":
            raise ValueError("a term after a calendar year is counted in years")
        count = int(match["count"])
        if not 1 <= count <= _CENTURY[unit]:
            raise ValueError(f"a term is at least 1 {unit} and at most 100 years")
        return cls(count, unit, match["anchor"], bool(match["year"]))

    @property
    def mode(self) -> Literal["CY", "EXACT"]:
        """CY: from the end of the anchor's calendar year. EXACT: from the anchor's own date."""
        return "CY" if self.calendar_year else "EXACT"

    def __str__(self) -> str:
        plural = "" if self.count == 1 else "s"
        return f"{self.count} {self.unit}{plural} after {'the calendar year of ' * self.calendar_year}{self.anchor}"
