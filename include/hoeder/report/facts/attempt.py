"""An act of the ledger and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from hoeder.evidence.ledger import Outcome

FAILURES = frozenset({Outcome.UNREACHABLE, Outcome.MISSING, Outcome.FAILED, Outcome.REFUSED})
"""Outcomes after which the thing that was meant to be done was not done."""


@dataclass(frozen=True)
class Attempt:
    """An intent of the ledger and what came of it; without an outcome it runs, or was broken off."""

    intent: int
    begun_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    outcome_entry: int | None
    counts: dict[str, int]
    digest: str | None

    @property
    def entries(self) -> tuple[int, ...]:
        return (self.intent,) if self.outcome_entry is None else (self.intent, self.outcome_entry)
