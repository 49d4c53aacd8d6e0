"""What a policy says: the organisation, its stores, what is in them, how long it stays and what is released.

Pydantic models of the files in `include/policy`. They check what a file can check by itself; `policy.agree`
compares them with each other, `stores.agree` with the stores.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from hoeder.policy.access_review import AccessReview
from hoeder.policy.attestations import AttestationKind
from hoeder.policy.base import Certainty as Certainty
from hoeder.policy.base import Name as Name
from hoeder.policy.base import Role as Role
from hoeder.policy.base import Slug as Slug
from hoeder.policy.base import Source as Source
from hoeder.policy.base import Strict as Strict
from hoeder.policy.base import Text as Text
from hoeder.policy.disclosures import DisclosureFile
from hoeder.policy.fraud_files import FraudFile
from hoeder.policy.incidents import IncidentFile, QuestionFile
from hoeder.policy.marketing_gate import MarketingGate
from hoeder.policy.person_facing import PersonFacing
from hoeder.policy.processing import ProcessingFile
from hoeder.policy.promise import Chapter, Promise
from hoeder.policy.requests import Requests
from hoeder.policy.term import Term

Category = Annotated[str, StringConstraints(pattern=r"^(user|system)(\.[a-z_]+)*$")]
"""A fideslang data category, such as `user.contact.email`; `system…` is not personal."""


class RuleType(StrEnum):
    """What kind of term a retention rule states."""

    FLOOR = "FLOOR"  # statutory minimum
    CEILING = "CEILING"  # statutory maximum
    FIXED = "FIXED"  # both
    NORM = "NORM"  # guideline of a supervisor or sector
    OWN = "OWN"  # own reasoned choice


# --- organisation ---------------------------------------------------------------------------------------------------


class Officer(Strict):
    """A function, never a person: the statement names officers by role."""

    title: Text
    tasks: Text
    reports_to: Text | None = None
    user: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]+$")] | None = None
    """Login name in Airflow, for officers who answer required actions."""
    approves: tuple[
        Literal["retention", "rights", "disclosures", "fraud_files", "access_review", "incidents"], ...
    ] = ()
    """Whose plans this officer may approve."""


class Supervisor(Strict):
    """An authority that watches over (part of) what the company does."""

    name: Text
    watches: Text
    until: date | None = None


class ReportMail(Strict):
    """Who is told that there is a new report, over connection `smtp_audit_report`."""

    to: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Mailboxes of functions."""
    attach: bool = False
    """Whether the report itself goes along; without it the mail says where it lies."""


class Organisation(Strict):
    """The company whose statement is kept."""

    name: Text
    statement: Text
    statement_date: date
    note: Text
    """Shown on every page of every report."""
    ledger_kept_years: Annotated[int, Field(ge=1, le=50)]
    """How long ledger entries stay; checkpoints that commit to them stay longer."""
    locked_years: Annotated[int, Field(ge=1, le=20)]
    """How long nobody, administrators included, can delete a report or a checkpoint of the ledger from its bucket."""
    book_year_begins: Annotated[int, Field(ge=1, le=12)] = 1
    """First month of the book year."""
    approvals_last_days: Annotated[int, Field(ge=1, le=90)] = 7
    """How long after an officer's answer its plan may still be executed."""
    decided_within_days: Annotated[int, Field(ge=1, le=90)] = 14
    """What waits longer for somebody's decision is overdue in the report."""
    small_below: Annotated[int, Field(ge=2, le=50)] = 5
    """Fewer persons than this are not counted out in the report."""
    report_mail: ReportMail | None = None
    privacy_mailbox: Text
    postal_address: tuple[Text, ...]
    timezone: Literal["Europe/Amsterdam"] = "Europe/Amsterdam"
    officers: dict[Name, Officer]
    supervisors: tuple[Supervisor, ...]

    def approvers(self, capability: str) -> frozenset[str]:
        """Login names that may approve plans of a capability, such as `retention`."""
        return frozenset(o.user for o in self.officers.values() if o.user and capability in o.approves)

    def logins(self, who: str) -> frozenset[str]:
        """Logins that `who` stands for: an officer's key, or a login itself."""
        officer = self.officers.get(who)
        return frozenset({who} | ({officer.user} if officer and officer.user else set()))


# --- stores ---------------------------------------------------------------------------------------------------------


class Store(Strict):
    """A database or bucket, reached through Airflow Connections `<connection>_<capability>`.

    Every capability has its own connection, so that the inventory's role cannot delete and the analyst's role sees
    releases alone.
    """

    kind: Literal["postgresql", "s3"]
    connection: Name
    role: Role
    owner: Text
    description: Text
    bucket: str | None = None
    schemas: tuple[Name, ...] = ("public",)
    read_mb_per_second: Annotated[float, Field(gt=0, le=10_000)] = 50
    """The most that the inventory takes from it at once, so that its own users do not notice."""
    backups_kept_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    """How long its backups, old versions of objects included, are kept at most. The journal of erasures lives as long,
    and certificates name the day. Not said: for ever.
    """

    @model_validator(mode="after")
    def _bucket_where_it_belongs(self) -> "Store":
        if (self.kind == "s3") != (self.bucket is not None):
            raise ValueError("a store of kind s3 has a bucket, and only such a store")
        return self


# --- datasets -------------------------------------------------------------------------------------------------------


Delicate = Literal["national-id", "health", "payment-card", "identity-document"]
"""What may stand only where policy says so; anywhere else it is a finding."""


class Subject(Strict):
    """Whose data a row holds, and the column that tells them apart."""

    kind: Name
    column: Name


class Table(Strict):
    """A table and what its columns mean."""

    description: Text
    purpose: Text
    subject: Subject | None = None
    role: Role | None = None
    """Only where it differs from the store's."""
    client_column: Name | None = None
    """The column that says whose (opdrachtgever's) data a row is."""
    key: Name = "id"
    may_hold: tuple[Delicate, ...] = ()
    recipients: tuple[Text, ...] = ()
    """Who gets these data from us: functions and organisations, never persons."""
    columns: dict[str, Category]

    @property
    def identifying(self) -> dict[str, str]:
        """Columns that tell who somebody is, with the kind of identity that each holds."""
        return _identifying(self.subject, self.columns)


_IDENTITIES = {
    "user.contact.email": "email",
    "user.contact.phone_number": "phone",
    "user.government_id.national_identification_number": "national_id",
    "user.financial.bank_account": "bank_account",
    "user.device.cookie_id": "visitor",
}


def _identifying(subject: Subject | None, columns: dict[str, str]) -> dict[str, str]:
    """The subject's own column, and those whose category is an identity in every store that has it."""
    found = {column: _IDENTITIES[category] for column, category in columns.items() if category in _IDENTITIES}
    return found | ({subject.column: subject.kind} if subject else {})


class Prefix(Strict):
    """Objects under one prefix of a bucket.

    An object's anchors are `date`, read from `date=YYYY-MM-DD` in its key, and its S3 user metadata. The subject's
    column is looked up in the metadata as well.
    """

    description: Text
    purpose: Text
    format: Literal["parquet", "jsonl.gz", "eml", "document"]
    subject: Subject | None = None
    role: Role | None = None
    may_hold: tuple[Delicate, ...] = ()
    recipients: tuple[Text, ...] = ()
    columns: dict[str, Category] = Field(default_factory=dict)

    @property
    def identifying(self) -> dict[str, str]:
        """Entries of an object's metadata, or columns inside it, that tell who somebody is."""
        return _identifying(self.subject, self.columns)


def _folder(prefix: str) -> str:
    if not prefix.endswith("/"):
        raise ValueError("a prefix ends in /; without it `acc` would mean everything in `access-logs/` as well")
    return prefix


class Dataset(Strict):
    """What one store holds, as declared."""

    store: Name
    tables: dict[str, Table] = Field(default_factory=dict)
    prefixes: dict[Annotated[str, AfterValidator(_folder)], Prefix] = Field(default_factory=dict)


# --- retention ------------------------------------------------------------------------------------------------------


class Pending(Strict):
    """Rows whose term has not begun: an empty anchor is right as long as this column holds one of these values."""

    column: Name
    values: Annotated[tuple[Text, ...], Field(min_length=1, alias="is")]


class Act(StrEnum):
    """What happens at the end of a term."""

    ERASE = "erase"  # the row, or the object with every version
    DROP_PARTITION = "drop-partition"  # partitions of which every row is due; other due rows are erased
    REWRITE = "rewrite"  # the rows inside an object go, the rest of the object stays
    NULL = "null"  # these fields are emptied
    REPLACE = "replace"  # these fields get a constant
    ANONYMIZE = "anonymize"  # these fields become coarser


Coarser = Literal["year", "month", "first-1", "first-2", "first-3", "first-4"]
"""A date's first day of year or month; a text's first characters. Done twice it changes nothing more."""

Constant = Text | int | bool | None


class End(Strict):
    """The end action: `erase`, `drop-partition`, `rewrite`, `{null: [column]}`,
    `{replace: {column: constant}}` or `{anonymize: {column: year}}`.
    """

    act: Act
    changes: dict[Name, Constant] = Field(default_factory=dict)
    """By column: None (null), the constant (replace), or a `Coarser` step (anonymize)."""

    @classmethod
    def parse(cls, data: object) -> object:
        """From the words of a policy file. Raises ValueError with the words there are."""
        if isinstance(data, cls):
            return data
        if data in (Act.ERASE, Act.DROP_PARTITION, Act.REWRITE):
            return cls(act=Act(str(data)))
        if isinstance(data, dict) and len(data) == 1:
            ((word, what),) = data.items()
            if word == Act.NULL and isinstance(what, list) and what and all(isinstance(c, str) for c in what):
                return cls(act=Act.NULL, changes=dict.fromkeys(what))
            if word == Act.REPLACE and isinstance(what, dict) and what and None not in what.values():
                return cls(act=Act.REPLACE, changes=what)
            if word == Act.ANONYMIZE and isinstance(what, dict) and what:
                if wrong := sorted(str(s) for s in what.values() if s not in get_args(Coarser)):
                    raise ValueError(f"anonymize knows {', '.join(get_args(Coarser))}; not {', '.join(wrong)}")
                return cls(act=Act.ANONYMIZE, changes=what)
        raise ValueError(
            "expected erase, drop-partition, rewrite, {null: [column]}, "
            "{replace: {column: constant}} or {anonymize: {column: year}}"
        )

    def plain(self) -> Any:
        """As the policy file says it."""
        match self.act:
            case Act.NULL:
                return {"null": list(self.changes)}
            case Act.REPLACE | Act.ANONYMIZE:
                return {str(self.act): dict(self.changes)}
            case _:
                return str(self.act)

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields that change; empty where the whole record goes."""
        return tuple(self.changes)


class Instruction(Strict):
    """What one client (opdrachtgever) instructed about the data that are held for it (AVG 28(3))."""

    value: Annotated[int | str, Field(alias="is")]
    """The client's value in the table's client column."""
    keep: Annotated[Term, BeforeValidator(Term.parse), PlainSerializer(str, return_type=str)] | None = None
    """Where it differs from the rule's own term."""
    first: Literal["return"] | None = None
    """What comes before the end: the client gets its data back and says that it has them."""
    instructed_on: date


class ClientRows(Strict):
    """The rows of one client, or those of every client but some."""

    name: Slug
    column: Name
    values: tuple[int | str, ...]
    others: bool = False
    """The rows of every client except those whose values are given."""
    returned: bool = False
    """Whether the client gets its data back before they are erased."""


class RetentionRule(Strict):
    """How long one category for one purpose stays, and what happens then."""

    rule: Slug
    category: Slug
    """What kind of record; with purpose and role the key of the rule."""
    purpose: Text
    role: Role
    keep: Annotated[Term, BeforeValidator(Term.parse), PlainSerializer(str, return_type=str)]
    type: RuleType
    because: Text
    applies_to: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*[.:][A-Za-z0-9_./-]+$")]
    """`store.table`, or `store:prefix/` for objects."""
    covers: tuple[Name, ...] = ()
    """The only columns that this rule needs kept; the rest of the record may go sooner. Empty: the whole record."""
    pending: Pending | None = None
    clients: dict[Slug, Instruction] = Field(default_factory=dict)
    """Per client what was instructed; any other client's rows follow `keep`."""
    client: ClientRows | None = None
    """Whose rows: filled in when the policy is read, from `clients`."""
    then: Annotated[
        End, BeforeValidator(End.parse), PlainSerializer(lambda end: end.plain(), return_type=Any, when_used="always")
    ]
    pre_approved_up_to: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Runs without waiting for the DPO while no more records than this are due."""
    enforce: Literal["hoeder", "store"] = "hoeder"
    """Who erases: Hoeder, or the bucket itself by a lifecycle that Hoeder writes and watches."""
    source: Source
    valid_from: date
    valid_to: date | None = None

    @property
    def store(self) -> str:
        """The store's name, the part before `.` or `:`."""
        return self.applies_to.replace(":", ".", 1).split(".", 1)[0]

    @property
    def target(self) -> str:
        """The table or prefix, the part behind the store."""
        return self.applies_to[len(self.store) + 1 :]

    @property
    def is_prefix(self) -> bool:
        """Whether the rule is about objects rather than rows."""
        return self.applies_to[len(self.store)] == ":"

    @property
    def is_floor(self) -> bool:
        """Whether the law demands that the record is kept as long as this."""
        return self.type in (RuleType.FLOOR, RuleType.FIXED)

    @property
    def is_ceiling(self) -> bool:
        """Whether the law forbids to keep the record any longer, whatever else it would serve."""
        return self.type in (RuleType.CEILING, RuleType.FIXED)

    def valid_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def keeps_from(self, other: "RetentionRule") -> bool:
        """Whether this rule, while its term runs, keeps a record from what `other` would do to it.

        The longest term wins (AVG 5(1)(e): as long as any purpose needs it), for the parts of a record that both are
        about. A statutory maximum cuts through every term but a statutory minimum; it keeps nothing itself.
        """
        if self is other or self.applies_to != other.applies_to or self.type is RuleType.CEILING:
            return False
        if other.is_ceiling and not self.is_floor:
            return False
        if self.client and other.client and not _share_rows(self.client, other.client):
            return False
        mine, theirs = set(self.covers or self.then.columns), set(other.then.columns)
        return not mine or not theirs or bool(mine & theirs)

    def for_each_client(self, column: str | None) -> "tuple[RetentionRule, ...]":
        """One rule for every client that instructed something and one for all others, or itself."""
        if not self.clients or column is None:
            return (self,)
        named = tuple(
            self.model_copy(
                update={
                    "rule": f"{self.rule}-{name}",
                    "keep": said.keep or self.keep,
                    "client": ClientRows(
                        name=name, column=column, values=(said.value,), returned=said.first == "return"
                    ),
                }
            )
            for name, said in self.clients.items()
        )
        others = tuple(said.value for said in self.clients.values())
        rest = ClientRows(name="others", column=column, values=others, others=True)
        return (self.model_copy(update={"client": rest}), *named)


def _share_rows(a: ClientRows, b: ClientRows) -> bool:
    if a.others and b.others:
        return True
    if a.others or b.others:
        all_but, only = (a, b) if a.others else (b, a)
        return bool(set(only.values) - set(all_but.values))
    return bool(set(a.values) & set(b.values))


# --- releases -------------------------------------------------------------------------------------------------------


Step = Literal["exact", "day", "week", "month", "quarter", "year", "top-10", "any"]


class Generalisation(Strict):
    """How one quasi-identifier becomes coarser, from fine to coarse."""

    column: Name
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0
    """How much its detail matters to the analyst, beside the other columns."""
    means: Text | None = None
    """What the column says, in words for the analyst."""


class Sensitive(Strict):
    """What nobody may learn of a person. Never part of a group: groups are formed without it, and then judged by it."""

    column: Name
    least: Annotated[int, Field(ge=2)] = 3
    """Different values that every group must hold (distinct l-diversity)."""
    most_alike: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """Largest share of a group's persons that may have the same value."""
    means: Text | None = None
    """What the column says, in words for the analyst."""
    lasting: bool = False
    """Whether it belongs to the person rather than to an event: then versions together must not narrow it down
    either.
    """


class Noise(Strict):
    """Differential privacy for a table of counts: what one version costs, and what all versions together may cost."""

    epsilon: Annotated[float, Field(gt=0, le=10)]
    budget: Annotated[float, Field(gt=0, le=100)]
    """Epsilon that all versions of the release may spend together."""
    most_cells: Annotated[int, Field(ge=1, le=100)]
    """In how many cells one person counts at most; the rest of their rows is left out before anything is counted."""


class Only(Strict):
    """The rows that are read: those whose column holds one of these values."""

    column: Name
    values: Annotated[tuple[Text, ...], Field(min_length=1, alias="is")]


_K = 10
_ROLES = ("identifier", "quasi", "sensitive", "insensitive", "drop")


def _by_role(data: Any) -> Any:
    """Turn `columns: {name: {role: …}}` into the fields that the roles stand for."""
    if not isinstance(data, dict) or not isinstance(data.get("columns"), dict):
        return data
    columns = data["columns"]
    rest = {key: value for key, value in data.items() if key != "columns"}
    found: dict[str, list[Any]] = {role: [] for role in _ROLES}
    for name, spec in columns.items():
        role, said = (
            (spec, {}) if isinstance(spec, str) else (spec.get("role"), {k: v for k, v in spec.items() if k != "role"})
        )
        if role not in _ROLES:
            raise ValueError(f"column {name} has role {role!r}; expected one of {', '.join(_ROLES)}")
        if said and role not in ("quasi", "sensitive"):
            raise ValueError(f"column {name}: a column with role {role} takes no {', '.join(sorted(said))}")
        found[role].append({"column": name, **said} if role in ("quasi", "sensitive") else name)
    if len(found["identifier"]) != 1:
        raise ValueError("exactly one column has role identifier: the one that tells persons apart")
    return rest | {
        "subject": found["identifier"][0],
        "quasi_identifiers": found["quasi"],
        "sensitive": found["sensitive"],
        "measures": found["insensitive"],
        "dropped": found["drop"],
    }


class Release(Strict):
    """An anonymized dataset for analysts."""

    release: Slug
    description: Text
    question: Text
    """What analysts want to know: the purpose of the release."""
    source: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*[.:][A-Za-z0-9_./-]+$")]
    only: Only | None = None
    """Where only part of the source is read."""
    publish: Literal["rows", "counts", "noisy-counts"] = "rows"
    """Rows in groups of at least k persons; counts, with small cells suppressed; or counts with noise."""
    reader: Literal["company", "client", "public"] = "company"
    """Who may read it. The gate's verdict is for this reader alone."""
    clients: dict[Slug, int | str] = Field(default_factory=dict)
    """Per client (opdrachtgever) the value in the table's client column; each gets a release of their own."""
    subject: Name
    """The column that tells persons apart; it counts towards k and never leaves."""
    quasi_identifiers: tuple[Generalisation, ...] = Field(min_length=1)
    sensitive: tuple[Sensitive, ...] = ()
    measures: tuple[Name, ...] = ()
    """Numbers that analysts may calculate with: extremes are moved inwards and all are rounded. Never personal."""
    dropped: tuple[Name, ...] = ()
    """Columns that were looked at and are left out; like any column not named here, they are never read."""
    k: Annotated[int, Field(ge=2)] = _K
    """Persons in the smallest group; for staff data at least 20."""
    max_suppressed: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Largest share of rows that may be left out to reach k; above it the gate fails."""
    max_risk: Annotated[float, Field(gt=0, le=1)] = 0.1
    """Upper 95 % bound of every attack's risk above control."""
    noise: Noise | None = None
    recoding: Literal["whole", "local"] = "whole"
    """Rows: one step per column, the same in every version; or, made once, steps for every group by itself."""
    engine: Literal["embedded", "spark"] = "embedded"
    """What groups the source's rows: this process, or Spark, for rows of Parquet files. The result is the same."""
    refresh: Literal["always", "daily", "weekly", "monthly", "once"] = "always"
    expires_after: Annotated[int, Field(ge=1, le=36)] = 12
    """Months until a version, and the verdict on it, end; retention deletes it then."""
    remembers: Annotated[int, Field(ge=1, le=36)] = 12
    """Earlier versions that a new one is held against."""
    owner: Text
    approved_on: date

    @model_validator(mode="before")
    @classmethod
    def _columns_by_role(cls, data: Any) -> Any:
        return _by_role(data)

    @model_validator(mode="after")
    def _fits_together(self) -> "Release":
        if (self.publish == "noisy-counts") != (self.noise is not None):
            raise ValueError("noise goes with publish: noisy-counts, and only with it")
        if (self.reader == "client") != bool(self.clients):
            raise ValueError("clients goes with reader: client, and only with it")
        if self.recoding == "local" and (self.publish != "rows" or self.refresh != "once"):
            raise ValueError("recoding: local is for publish: rows with refresh: once: labels must stay as they are")
        if self.engine == "spark" and (self.publish != "rows" or ":" not in self.source):
            raise ValueError("engine: spark is for publish: rows from Parquet files (source: store:prefix)")
        if self.publish != "rows" and self.sensitive:
            raise ValueError(
                "counts have no sensitive column: make it a quasi-identifier, so that its cells are judged"
            )
        if self.publish == "noisy-counts" and self.measures:
            raise ValueError("noisy counts have no measures: their sums would need bounds of their own")
        if self.publish != "rows" and any(len(q.steps) > 1 for q in self.quasi_identifiers):
            raise ValueError("counts name one step per column: the table's shape must not depend on who is in it")
        return self

    @property
    def shelf(self) -> str:
        """Where in the bucket its reader looks: `company`, `public`, or `client-<name>`."""
        return f"client-{next(iter(self.clients))}" if self.reader == "client" else self.reader

    def for_each_client(self) -> "tuple[Release, ...]":
        """One release for every client named, or itself."""
        if self.reader != "client":
            return (self,)
        return tuple(
            self.model_copy(update={"release": f"{self.release}-{name}", "clients": {name: value}})
            for name, value in self.clients.items()
        )


class Policy(Strict):
    """All policy files together, with the digest that evidence cites."""

    organisation: Organisation
    stores: dict[Name, Store]
    datasets: dict[Name, Dataset]
    retention: tuple[RetentionRule, ...]
    releases: tuple[Release, ...]
    processing: ProcessingFile = ProcessingFile()
    attestations: tuple[AttestationKind, ...] = ()
    disclosures: DisclosureFile = DisclosureFile()
    fraud_files: FraudFile | None = None
    """None where no fraud files are kept."""
    access_review: AccessReview | None = None
    """None where nobody reviews who can see what."""
    requests: Requests = Requests()
    incidents: IncidentFile | None = None
    """None where nobody registers incidents."""
    questions: QuestionFile | None = None
    marketing_gate: MarketingGate | None = None
    """None where nobody is approached for marketing."""
    person_facing: PersonFacing = PersonFacing()
    chapters: tuple[Chapter, ...] = ()
    """What was promised, by chapter of the statement."""
    dutch: dict[Text, Text] = Field(default_factory=dict)
    """What policy says in English, as a Dutch reader gets it."""
    digest: str
    """SHA-256 over the canonical JSON of everything above, in hex."""

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Every promise, in the order of the statement."""
        return tuple(promise for chapter in self.chapters for promise in chapter.promises)

    def rules_on(self, day: date) -> tuple[RetentionRule, ...]:
        """The retention rules in force on a day."""
        return tuple(rule for rule in self.retention if rule.valid_on(day))
