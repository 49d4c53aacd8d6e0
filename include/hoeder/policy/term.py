"""Retention terms as people say them: `3 months after closed_on`, `7 years after the calendar year of left_on`."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Unit = Literal["day", "week", "month", "year"]


class Mode(StrEnum):
    """From when a term runs."""

    EXACT = "EXACT"  # from the anchor's own date
    CY = "CY"  # from the end of the anchor's calendar year
    FY = "FY"  # from the end of the anchor's book year
    EVENT = "EVENT"  # none: until the event itself
    ROLL = "ROLL"  # from the latest of several dates: any activity starts it anew
    CYCLE = "CYCLE"  # from its own date, but never the newest generation


FORMS = (
    "'<n> days|weeks|months|years after <column>', '<n> years after the calendar year of <column>', "
    "'<n> years after the book year of <column>', 'until <column>', '<n> … after the latest of <column>, <column>' or "
    "'<n> … after the generation of <column>'"
)
_WORDS = {
    "the calendar year of ": Mode.CY,
    "the book year of ": Mode.FY,
    "the latest of ": Mode.ROLL,
    "the generation of ": Mode.CYCLE,
    "": Mode.EXACT,
}
_COLUMN = r"[a-z][a-z0-9_]*"
_TERM = re.compile(
    rf"(?P<count>\d{{1,4}}) (?P<unit>day|week|month|year)s? after (?P<words>{'|'.join(_WORDS)})"
    rf"(?P<anchors>{_COLUMN}(?:, {_COLUMN})*)"
)
_UNTIL = re.compile(rf"until (?P<anchor>{_COLUMN})")


_CENTURY: dict[Unit, int] = {"day": 36_525, "week": 5_218, "month": 1_200, "year": 100}


@dataclass(frozen=True)
class Term:
    """A length of time and the event that starts it; `count` is 0 for a term that ends with the event itself."""

    count: int
    unit: Unit
    anchor: str
    mode: Mode = Mode.EXACT
    also: tuple[str, ...] = ()
    """Further anchors of mode ROLL: the latest of all of them counts."""
    year_begins: int = 1
    """First month of the book year, for mode FY: the organisation's, filled in when the policy is read."""

    @classmethod
    def parse(cls, text: object) -> "Term":
        """Read a term of at least one unit and at most a century. Raises ValueError with what is expected."""
        words = text.strip() if isinstance(text, str) else ""
        if until := _UNTIL.fullmatch(words):
            return cls(0, "day", until["anchor"], Mode.EVENT)
        match = _TERM.fullmatch(words)
        if match is None:
            raise ValueError(f"expected {FORMS}")
        unit: Unit = match["unit"]  # type: ignore[assignment]  # the pattern allows nothing else
        mode = _WORDS[match["words"]]
        first, *others = match["anchors"].split(", ")
        if mode in (Mode.CY, Mode.FY) and unit != "year":
            raise ValueError("a term after a calendar or book year is counted in years")
        if others and mode is not Mode.ROLL:
            raise ValueError("a term after several columns needs 'after the latest of …'")
        if len({first, *others}) <= len(others):
            raise ValueError("'after the latest of' names a column twice")
        count = int(match["count"])
        if not 1 <= count <= _CENTURY[unit]:
            raise ValueError(f"a term is at least 1 {unit} and at most 100 years")
        return cls(count, unit, first, mode, tuple(others))

    @property
    def anchors(self) -> tuple[str, ...]:
        """Every column that can start the term."""
        return (self.anchor, *self.also)

    def __str__(self) -> str:
        if self.mode is Mode.EVENT:
            return f"until {self.anchor}"
        plural = "" if self.count == 1 else "s"
        words = next(words for words, mode in _WORDS.items() if mode is self.mode)
        return f"{self.count} {self.unit}{plural} after {words}{', '.join(self.anchors)}"

    def in_dutch(self) -> str:
        """As a Dutch reader says it: `7 jaar na het kalenderjaar van left_on`."""
        if self.mode is Mode.EVENT:
            return f"tot {self.anchor}"
        one, more = _DUTCH_UNITS[self.unit]
        return f"{self.count} {one if self.count == 1 else more} na {_DUTCH_WORDS[self.mode]}{', '.join(self.anchors)}"


_DUTCH_UNITS: dict[Unit, tuple[str, str]] = {
    "day": ("dag", "dagen"), "week": ("week", "weken"), "month": ("maand", "maanden"), "year": ("jaar", "jaar"),
}  # fmt: skip
_DUTCH_WORDS = {
    Mode.EXACT: "",
    Mode.CY: "het kalenderjaar van ",
    Mode.FY: "het boekjaar van ",
    Mode.ROLL: "de laatste van ",
    Mode.CYCLE: "de generatie van ",
}
