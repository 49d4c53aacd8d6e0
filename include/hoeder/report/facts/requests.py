"""Requests of data subjects."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class RequestLine:
    """Requests in which one right was asked. None where so few that the persons could be told apart."""

    right: str
    received: int | None
    answered: int | None
    refused: int | None


@dataclass(frozen=True)
class RequestGround:
    """Why answers took longer (`extended`) or a right was refused (`refused`), and how often; None where few."""

    kind: Literal["extended", "refused"]
    ground: str
    number: int | None


@dataclass(frozen=True)
class Requests:
    """Open ones as they stood at the report's moment; received, answered and found in the period."""

    received: int = 0
    answered: int = 0
    """Or passed on to the client whose customer asked."""
    on_time: int = 0
    open: int = 0
    overdue: int = 0
    within_a_week: int = 0
    median_days: int | None = None
    p90_days: int | None = None
    forwarded: int = 0
    opted_out: int = 0
    """Messages whose sender was left alone at once."""
    extended: int = 0
    copies_asked: int = 0
    copies_found: int = 0
    """Copies of identity documents that came along."""
    copies_not_kept: int = 0
    copies_held: int = 0
    copies_overstaying: int = 0
    """In the vault, though their case is closed."""
    recipients_due: int = 0
    recipients_told: int = 0
    lines: tuple[RequestLine, ...] = ()
    grounds: tuple[RequestGround, ...] = ()
    lacking: tuple[str, ...] = ()
    """Columns by which persons are looked for and that no index helps."""
