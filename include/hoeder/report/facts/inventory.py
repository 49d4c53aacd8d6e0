"""What the stores hold, and where that is not what policy says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hoeder.evidence.ledger import Outcome
from hoeder.policy.base import Role
from hoeder.report.facts.attempt import FAILURES, Attempt


@dataclass(frozen=True)
class Scan:
    """The last finished scan of a store. Columns are counted; `rows` are rows, or objects in a bucket."""

    scan: int
    finished_at: datetime
    age_days: int
    policy_digest: str
    objects: int
    rows: int
    columns: int
    personal: int
    """Columns there that are declared or were recognised as personal."""
    declared: int
    """Of these, the ones that policy calls personal."""
    recognised: int
    """Of these, the ones that the scan recognised by content or name."""
    agreed: int
    """Of these, the ones on which policy and scan agree."""
    undeclared: int
    not_found: int
    unclassified: int
    misplaced: int


@dataclass(frozen=True)
class StoreFigures:
    """A store of policy, its last finished scan, and the last attempt at one."""

    store: str
    description: str
    role: Role
    kind: Literal["postgresql", "s3"]
    scan: Scan | None
    attempt: Attempt | None

    @property
    def failed(self) -> bool:
        """Whether the last attempt ended without a scan."""
        return self.attempt is not None and self.attempt.outcome in FAILURES

    @property
    def partial(self) -> bool:
        """Whether the last attempt could not read everything."""
        return self.attempt is not None and self.attempt.outcome is Outcome.PARTIAL


@dataclass(frozen=True)
class Finding:
    """A column on which policy and scan disagree. `evidence` names tests and shares, never a value."""

    store: str
    object: str
    column: str
    verdict: Literal["undeclared", "misplaced", "unclassified", "not-found"]
    declared: str | None
    found: str | None
    evidence: str | None
    scan: int


@dataclass(frozen=True)
class Decided:
    """A finding that is there now, and what was decided about it. `place` is store, table and column."""

    finding: int
    kind: str
    place: str
    owner: str
    first_seen: datetime
    evidence: str
    scan: int
    blocks: bool
    """Whether it keeps the inventory red as long as nobody decides."""
    asked_because: str | None
    """Why somebody has to decide; None where a decision stands."""
    decision: str | None
    reason: str | None
    until: date | None
    function: str | None
    """Title of the officer who decided; None where policy knows nobody of that name."""


@dataclass(frozen=True)
class Recognition:
    """How a category was recognised on the company's own columns, by what people decided and declared."""

    category: str
    right: int
    wrong: int
    missed: int
    decided: int


@dataclass(frozen=True)
class MappedPlace:
    """A table or prefix with personal data, on the map."""

    store: str
    object: str
    rows: int
    read_at: datetime | None
    purpose: str | None
    subject_kind: str | None
    recipients: tuple[str, ...]
    releases: tuple[str, ...]
    clients: int
    oldest: date | None
    rules: tuple[str, ...]
    change: str
    before: int | None


@dataclass(frozen=True)
class Inventory:
    """All stores of policy, in its order, and every finding, the most serious first."""

    stores: tuple[StoreFigures, ...]
    findings: tuple[Finding, ...]
    decided: tuple[Decided, ...] = ()
    recognition: tuple[Recognition, ...] = ()
    places: tuple[MappedPlace, ...] = ()
    vanished: tuple[str, ...] = ()
    """Tables and prefixes that the scan before the last still met, as `store.table`."""
