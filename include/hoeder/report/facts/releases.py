"""Datasets for analysts."""

from dataclasses import dataclass

from hoeder.report.facts.attempt import Attempt


@dataclass(frozen=True)
class ReleaseFigures:
    """A release of policy: the last attempt at it, and the last one that was published."""

    release: str
    description: str
    question: str
    source: str
    k: int
    max_suppressed_bp: int | None
    """Largest share of rows left out, in hundredths of a per cent; None for counts, whose small cells all go."""
    attempt: Attempt | None
    published: Attempt | None
