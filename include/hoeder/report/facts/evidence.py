"""The ledger, and what in it has no end."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CapabilityEvidence:
    capability: str
    intents: int
    outcomes: int
    first: int
    first_at: datetime
    last: int
    last_at: datetime


@dataclass(frozen=True)
class Unfinished:
    """An intent without outcome."""

    entry: int
    capability: str
    activity: str
    object: str
    begun_at: datetime


@dataclass(frozen=True)
class Checkpoint:
    """The last signed head: all entries up to `size`, as one root of a Merkle tree."""

    size: int
    root: str
    signed_at: datetime
    since: int
    """Entries recorded after those it covers, which a later checkpoint will cover."""


@dataclass(frozen=True)
class Evidence:
    """The ledger up to the report's moment."""

    entries: int
    capabilities: tuple[CapabilityEvidence, ...]
    unfinished: tuple[Unfinished, ...]
    last: int | None
    """Position of the last entry before the report's moment."""
    checkpoint: Checkpoint | None
