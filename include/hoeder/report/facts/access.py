"""Access, and clients' data kept apart."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AccessLine:
    """Findings of one kind in one system: how many, how many of these nobody settled, and the longest since leaving.

    None where fewer persons than are counted out lack something of their own: a signature, a course.
    """

    kind: str
    system: str
    found: int | None
    open: int | None
    hours: int | None


@dataclass(frozen=True)
class ApartLine:
    """What the last look at clients' data found of one kind in one place."""

    kind: str
    place: str
    client: str
    number: int


@dataclass(frozen=True)
class Access:
    """The last review of access and the last look at clients' data; counts alone, of accounts and rights."""

    reviewed_at: datetime | None = None
    entry: int | None = None
    staff_state: str = ""
    working: int = 0
    rights: int = 0
    unneeded: int = 0
    special: int = 0
    """Rights on special categories or citizen service numbers."""
    kept: int = 0
    withdrawn: int = 0
    by_hand: int = 0
    lines: tuple[AccessLine, ...] = ()
    looked_at: datetime | None = None
    look_entry: int | None = None
    trials: int = 0
    apart: int = 0
    texts: int = 0
    objects: int = 0
    apart_lines: tuple[ApartLine, ...] = ()
