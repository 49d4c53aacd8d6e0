"""What asks for somebody's attention."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    URGENT = "urgent"  # something that should have happened did not
    DECIDE = "decide"  # somebody has to choose
    WATCH = "watch"


@dataclass(frozen=True)
class Attention:
    """One thing to do or decide, in a sentence, with where its figures come from."""

    code: str
    severity: Severity
    nl: str
    en: str
    since: date
    """The day it arose."""
    due: date
    """The day by which it should be dealt with: for what should have happened already, the day it arose."""
    ledger: tuple[int, ...] = ()
    scans: tuple[int, ...] = ()
    holds: tuple[int, ...] = ()
    plan: str | None = None
    """Digest of the plan the figures come from."""
    policy: str | None = None
    """Digest of the policy, where it is policy itself that asks for attention."""
