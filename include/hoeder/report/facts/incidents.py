"""Incidents, and questions."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class IncidentLine:
    """An open incident and the clock that ends first."""

    number: int
    kind: str
    phase: str
    source: str
    discovered_at: datetime
    clock: str
    client: str
    due: datetime | None
    late: bool
    entry: int


@dataclass(frozen=True)
class Incidents:
    """Incidents registered in the period and what became of them; what is open, as it stood at the report's moment."""

    registered: int = 0
    by_itself: int = 0
    """Found by Hoeder."""
    confirmed: int = 0
    near_misses: int = 0
    none: int = 0
    notified: int = 0
    not_notified: int = 0
    told: int = 0
    clients_told: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    """Clocks that have run out."""
    notify_all: str = ""
    """What policy decided about reporting every incident."""
    lines: tuple[IncidentLine, ...] = ()


@dataclass(frozen=True)
class QuestionLine:
    """How questions of one source stood at the last look."""

    source: str
    kind: str
    counted_at: datetime
    asked: int
    answered: int
    late: int
    late_open: int
    oldest_days: int | None
    entry: int
