"""What the report knows: frozen figures. None means unknown; a zero has been counted."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from hoeder.evidence.ledger import Outcome
from hoeder.policy.models import Certainty, Role, RuleType
from hoeder.promises import Status
from hoeder.report.grounds import Ground
from hoeder.report.period import Period

FAILURES = frozenset({Outcome.UNREACHABLE, Outcome.MISSING, Outcome.FAILED, Outcome.REFUSED})
"""Outcomes after which the thing that was meant to be done was not done."""


@dataclass(frozen=True)
class Attempt:
    """An intent of the ledger and what came of it; without an outcome it runs, or was broken off."""

    intent: int
    begun_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    outcome_entry: int | None
    counts: dict[str, int]
    digest: str | None

    @property
    def entries(self) -> tuple[int, ...]:
        return (self.intent,) if self.outcome_entry is None else (self.intent, self.outcome_entry)


# --- inventory ------------------------------------------------------------------------------------------------------


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


# --- retention ------------------------------------------------------------------------------------------------------


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


# --- releases and evidence ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReleaseFigures:
    """A release of policy: the last attempt at it, and the last one that was published."""

    release: str
    description: str
    question: str
    source: str
    k: int
    max_suppressed_bp: int
    """Largest share of rows left out, in hundredths of a per cent."""
    attempt: Attempt | None
    published: Attempt | None


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
class Evidence:
    """The ledger up to the report's moment."""

    entries: int
    capabilities: tuple[CapabilityEvidence, ...]
    unfinished: tuple[Unfinished, ...]
    last: int | None
    """Position of the last entry before the report's moment."""


# --- registers ------------------------------------------------------------------------------------------------------


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


# --- access, and clients apart ---------------------------------------------------------------------------------------


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


# --- disclosures to authorities, and fraud files --------------------------------------------------------------------


@dataclass(frozen=True)
class DisclosureLine:
    """What one authority asked and got in the period. None where fewer persons than are counted out."""

    authority: str
    nl: str
    en: str
    received: int
    refused: int
    released: int
    persons: int | None
    records: int | None
    fields_asked: int
    """Of which there were records."""
    fields_given: int


@dataclass(frozen=True)
class Disclosures:
    """Requests taken in and own reports made in the period; what waits, as it stood at the report's moment."""

    received: int = 0
    own_reports: int = 0
    checked: int = 0
    forwarded: int = 0
    """To the client whose data were asked."""
    refused_at_door: int = 0
    waiting: int = 0
    late: int = 0
    unconfirmed: int = 0
    """Released longer ago than policy allows, and nobody said that the recipient has it."""
    secret: int = 0
    """Under an order of secrecy that still runs."""
    lines: tuple[DisclosureLine, ...] = ()


@dataclass(frozen=True)
class FraudLine:
    """What the last look at fraud files found of one kind in one place."""

    kind: str
    place: str
    subject: str
    number: int


@dataclass(frozen=True)
class FraudFiles:
    """The last look at fraud files."""

    looked_at: datetime | None = None
    entry: int | None = None
    rows: int = 0
    lines: tuple[FraudLine, ...] = ()


# --- incidents, and questions -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IncidentLine:
    """An open incident and the clock that ends first."""

    number: int
    kind: str
    phase: str
    source: str
    discovered_at: datetime
    clock: str
    client: str
    due: datetime | None
    late: bool
    entry: int


@dataclass(frozen=True)
class Incidents:
    """Incidents registered in the period and what became of them; what is open, as it stood at the report's moment."""

    registered: int = 0
    by_itself: int = 0
    """Found by Hoeder."""
    confirmed: int = 0
    near_misses: int = 0
    none: int = 0
    notified: int = 0
    not_notified: int = 0
    told: int = 0
    clients_told: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    """Clocks that have run out."""
    notify_all: str = ""
    """What policy decided about reporting every incident."""
    lines: tuple[IncidentLine, ...] = ()


@dataclass(frozen=True)
class QuestionLine:
    """How questions of one source stood at the last look."""

    source: str
    kind: str
    counted_at: datetime
    asked: int
    answered: int
    late: int
    late_open: int
    oldest_days: int | None
    entry: int


# --- marketing --------------------------------------------------------------------------------------------------------


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


# --- requests of data subjects --------------------------------------------------------------------------------------


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


# --- indicators, promises, and what asks for attention --------------------------------------------------------------


class Unit(StrEnum):
    """What is counted. A share is a part of a whole; the others are one number."""

    SHARE = "share"
    RECORDS = "records"
    COLUMNS = "columns"
    DAYS = "days"
    ACTS = "acts"
    HOLDS = "holds"
    PERSONS = "persons"
    POINTS = "points"
    REQUESTS = "requests"
    DOCUMENTS = "documents"


@dataclass(frozen=True)
class Earlier:
    period: str
    part: int | None
    whole: int | None


@dataclass(frozen=True)
class KpiFigure:
    """One indicator of a report, with what it rests on and how it was before."""

    key: str
    unit: Unit
    part: int | None
    whole: int | None
    at_most: int | None
    at_least: int | None
    met: bool | None
    """None where nothing is aimed at, or nobody can say."""
    grounds: tuple[Ground, ...]
    earlier: tuple[Earlier, ...]
    """Oldest first."""


@dataclass(frozen=True)
class PromiseEvidence:
    kind: str
    reference: str
    figure: str


@dataclass(frozen=True)
class Promise:
    """One promise of the statement, and how it stands."""

    promise: str
    """`REQ-001`"""
    chapter_nl: str
    chapter_en: str
    nl: str
    en: str
    status: Status
    why_nl: str
    why_en: str
    evidence: tuple[PromiseEvidence, ...]


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


@dataclass(frozen=True)
class Figures:
    """Everything the report says, as it stood at `at`."""

    period: Period
    at: datetime
    """The end of the period, or while it lasts the moment the report is made."""
    policy_digest: str
    inventory: Inventory
    retention: Retention
    holds: tuple[Hold, ...]
    releases: tuple[ReleaseFigures, ...]
    evidence: Evidence
    registers: Registers = Registers()
    access: Access = Access()
    requests: Requests = Requests()
    marketing: Marketing = Marketing()
    disclosures: Disclosures = Disclosures()
    fraud_files: FraudFiles = FraudFiles()
    incidents: Incidents = Incidents()
    questions: tuple[QuestionLine, ...] = ()
    kpis: tuple[KpiFigure, ...] = ()
    promises: tuple[Promise, ...] = ()
    attention: tuple[Attention, ...] = field(default=())
