"""What is said of a promise: its status, why, and the evidence that leads back to it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Status(StrEnum):
    """How a promise stands. Never stored in policy: always computed from evidence."""

    KEPT = "kept"  # evidence shows it
    BROKEN = "broken"  # evidence shows the contrary
    ATTESTED = "attested"  # a person vouches for it with a document that is still valid
    UNKNOWN = "unknown"  # no evidence, or too old; the reason says what is missing
    SUPERSEDED = "superseded"  # the law has overtaken what the statement says


@dataclass(frozen=True)
class Evidence:
    """Where a figure can be looked up."""

    kind: Literal["ledger", "register", "inventory", "attestation", "policy"]
    reference: str
    """Entries ("ledger 17-42"), a register's version, findings, an attestation, a file of policy with its digest."""
    figure: str
    """What it shows there, such as "0 of 2,716 rows overdue"; in English, without persons."""


@dataclass(frozen=True)
class Why:
    """The reason for a status as a key and its figures; `words.say` puts it in Dutch or English."""

    key: str
    figures: tuple[tuple[str, int | str], ...] = ()


@dataclass(frozen=True)
class Assessment:
    """One promise, judged at one moment."""

    promise: str  # "REQ-001"
    status: Status
    why: Why
    evidence: tuple[Evidence, ...] = field(default=())
