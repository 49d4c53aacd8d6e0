"""Disclosures to authorities, and fraud files."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DisclosureLine:
    """What one authority asked and got in the period. None where fewer persons than are counted out."""

    authority: str
    nl: str
    en: str
    received: int
    refused: int
    released: int
    persons: int | None
    records: int | None
    fields_asked: int
    """Of which there were records."""
    fields_given: int


@dataclass(frozen=True)
class Disclosures:
    """Requests taken in and own reports made in the period; what waits, as it stood at the report's moment."""

    received: int = 0
    own_reports: int = 0
    checked: int = 0
    forwarded: int = 0
    """To the client whose data were asked."""
    refused_at_door: int = 0
    waiting: int = 0
    late: int = 0
    unconfirmed: int = 0
    """Released longer ago than policy allows, and nobody said that the recipient has it."""
    secret: int = 0
    """Under an order of secrecy that still runs."""
    lines: tuple[DisclosureLine, ...] = ()


@dataclass(frozen=True)
class FraudLine:
    """What the last look at fraud files found of one kind in one place."""

    kind: str
    place: str
    subject: str
    number: int


@dataclass(frozen=True)
class FraudFiles:
    """The last look at fraud files."""

    looked_at: datetime | None = None
    entry: int | None = None
    rows: int = 0
    lines: tuple[FraudLine, ...] = ()
