"""The registers of processing, and what people state."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True)
class Registered:
    """A register of processing in the version that stands."""

    register: str
    version: int
    valid_from: date
    digest: str
    entry: int


@dataclass(frozen=True)
class RegisterFinding:
    """Where a register and the inventory differ, or the law asks for something that is not there."""

    kind: str
    register: str
    subject: str
    place: str
    detail: str


State = Literal["expired", "missing", "short", "expiring", "valid"]
"""Of an attestation; `short`: it holds, and does not cover all that it has to."""


@dataclass(frozen=True)
class Attested:
    """What policy has somebody state, and whether that stands."""

    kind: str
    nl: str
    en: str
    state: State
    valid_until: date | None
    entry: int | None


@dataclass(frozen=True)
class Registers:
    """The registers' versions, what the last comparison found, and the attestations."""

    versions: tuple[Registered, ...] = ()
    checked_at: datetime | None = None
    check_entry: int | None = None
    findings: tuple[RegisterFinding, ...] = ()
    attested: tuple[Attested, ...] = ()
