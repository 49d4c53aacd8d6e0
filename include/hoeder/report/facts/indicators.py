"""An indicator, with what it rests on and how it was before."""

from dataclasses import dataclass
from enum import StrEnum

from hoeder.report.grounds import Ground


class Unit(StrEnum):
    """What is counted. A share is a part of a whole; the others are one number."""

    SHARE = "share"
    RECORDS = "records"
    COLUMNS = "columns"
    DAYS = "days"
    ACTS = "acts"
    HOLDS = "holds"
    PERSONS = "persons"
    FINDINGS = "findings"
    DIFFERENCES = "differences"
    CLOCKS = "clocks"
    QUESTIONS = "questions"
    DISCLOSURES = "disclosures"
    REQUESTS = "requests"
    DOCUMENTS = "documents"


@dataclass(frozen=True)
class Earlier:
    period: str
    part: int | None
    whole: int | None


@dataclass(frozen=True)
class KpiFigure:
    """One indicator of a report, with what it rests on and how it was before."""

    key: str
    unit: Unit
    part: int | None
    whole: int | None
    at_most: int | None
    at_least: int | None
    met: bool | None
    """None where nothing is aimed at, or nobody can say."""
    grounds: tuple[Ground, ...]
    earlier: tuple[Earlier, ...]
    """Oldest first."""
