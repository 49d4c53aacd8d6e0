"""Terms, the plan, what was erased, and what is held back."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from hoeder.evidence.ledger import Outcome
from hoeder.policy.base import Certainty
from hoeder.policy.retention import RuleType
from hoeder.report.facts.attempt import FAILURES


class Step(StrEnum):
    """How far a rule has come in the latest plan."""

    UNPLANNED = "unplanned"  # no plan, or the plan leaves the rule out
    PROBLEM = "problem"  # the plan could not say what is due
    NOTHING = "nothing"  # nothing is due: there is nothing to decide or execute
    AWAITING = "awaiting"
    REJECTED = "rejected"
    APPROVED = "approved"  # and not yet executed
    UNFINISHED = "unfinished"  # an intent without outcome
    EXECUTED = "executed"  # the outcome says how it ended


@dataclass(frozen=True)
class Part:
    """What the latest plan says of one rule, in records."""

    due: int
    held: int
    missing_anchor: int
    oldest: date | None
    anchor_until: date
    digest: str
    problem: str | None


@dataclass(frozen=True)
class Execution:
    """What the ledger says of one rule's erasure; None where no outcome counted it.

    `erased` is added up over the attempts; `held` (found under a hold since the plan) and `remaining` are the last
    attempt's; `gone` had left the store before anybody erased it, and is neither of the other three.
    """

    outcome: Outcome | None
    entries: tuple[int, ...]
    erased: int | None
    held: int | None
    gone: int | None
    remaining: int | None


@dataclass(frozen=True)
class RuleFigures:
    """A retention rule, and how far the latest plan has brought it."""

    rule: str
    applies_to: str
    keep: str
    """The term as policy writes it; `Term.parse` reads it."""
    type: RuleType | None
    basis: str
    certainty: Certainty | None
    records: int | None
    """Records under the rule at the last scan."""
    step: Step
    part: Part | None
    execution: Execution | None

    @property
    def uncounted(self) -> int:
        """Planned for erasure, and since nobody looked again it is not known whether they are there."""
        if self.part is None or self.remaining is not None:
            return 0
        return max(0, self.part.due - (self.erased or 0))

    @property
    def erased(self) -> int | None:
        if self.execution is None:
            return None if self.part is None else 0
        return self.execution.erased

    @property
    def held(self) -> int | None:
        """Under a hold when the plan was made, or placed under one since."""
        return None if self.part is None else self.part.held + ((self.execution and self.execution.held) or 0)

    @property
    def remaining(self) -> int | None:
        """Still there although due; None where nobody counted again."""
        if self.part is None or self.part.problem is not None:
            return None
        if self.execution is None:
            return self.part.due
        untouched = self.execution.outcome in {Outcome.REFUSED, Outcome.REJECTED}
        return self.part.due if untouched and self.execution.remaining is None else self.execution.remaining


@dataclass(frozen=True)
class Decision:
    """The answer of the officer, by function."""

    decision: Literal["approved", "rejected"]
    function: str | None
    """Title in policy; None if policy knows nobody who may decide under this login."""
    answered_at: datetime
    same_digest: bool
    """Whether the answer names the plan's digest."""


@dataclass(frozen=True)
class Plan:
    plan: str
    digest: str
    made_at: datetime
    as_of: date
    policy_digest: str
    decision: Decision | None
    pre_approvals: tuple["PreApproval", ...] = ()


@dataclass(frozen=True)
class PreApproval:
    """A rule that ran without a question: policy approved it beforehand, up to some number of records."""

    rule: str
    due: int
    up_to: int
    owner: str
    approved_on: date


@dataclass(frozen=True)
class Erasure:
    """What the ledger says of one rule in the report's period, whichever plans it was executed under."""

    rule: str
    erased: int | None
    """None where it was executed and no outcome counted."""
    last: Outcome
    """How the last execution ended, be it before the period."""
    last_at: datetime
    entries: tuple[int, ...]
    """Of the executions in the period; and of the last one, where that failed."""
    executed: bool
    """False where only a failure from before the period is left to tell."""

    @property
    def failed(self) -> bool:
        """Whether no later execution made good how the last one ended."""
        return self.last in FAILURES or self.last is Outcome.PARTIAL


@dataclass(frozen=True)
class Certified:
    """An executed plan, and its certificate where it has one."""

    plan: str
    as_of: date
    digest: str | None
    """SHA-256 of the certificate; None where none was drawn up."""
    stored: bool
    """Whether it lies under object lock."""


@dataclass(frozen=True)
class Retention:
    """The latest plan, every rule, what was erased under any plan, and what holds personal data without a rule."""

    plan: Plan | None
    rules: tuple[RuleFigures, ...]
    since: datetime
    """Begin of the report's period."""
    erasures: tuple[Erasure, ...]
    uncovered: tuple[str, ...]
    """Declared tables and prefixes with personal data and no rule in force."""
    seen_due: int | None
    """Records past their term at the last scans, which know nothing of holds."""
    certificates: tuple[Certified, ...] = ()
    """Of the plans under which something was erased in the period."""


@dataclass(frozen=True)
class Hold:
    hold: int
    matter: str
    ground: str
    placed_on: date
    review_by: date
    subjects: int | None
    """None where it is more than nobody and fewer than policy counts out."""
    overdue_days: int
