"""Lists judged before use, and what went out."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class MarketingReason:
    """Lines of a list by reason; None where so few that persons could be told apart."""

    reason: str
    number: int | None


@dataclass(frozen=True)
class Gating:
    """How a list was judged last."""

    list: str
    channel: str
    recipient: str | None
    """The company that gets it; None: we use it ourselves."""
    gated_at: datetime
    listed: int
    allowed: int
    entry: int
    reasons: tuple[MarketingReason, ...]


@dataclass(frozen=True)
class MarketingFinding:
    """What went out that should not have; `what` is a list or company of policy, or `other`."""

    kind: str
    what: str
    channel: str
    number: int


@dataclass(frozen=True)
class Marketing:
    """Lists judged in the period, and the last look at what was delivered and passed on."""

    gatings: tuple[Gating, ...] = ()
    checked_at: datetime | None = None
    from_day: date | None = None
    deliveries: int = 0
    passed_on: int = 0
    entry: int | None = None
    findings: tuple[MarketingFinding, ...] = ()
