"""The controls that policy can ask: each a question to the evidence, with its parameters."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)

from hoeder.policy.access_review import AccessKind, SeparationKind
from hoeder.policy.base import Slug, Strict, Text
from hoeder.policy.fraud_files import FraudFindingKind
from hoeder.policy.marketing_gate import Channel, MarketingFindingKind
from hoeder.policy.suggest import did_you_mean

FindingKind = Literal[
    "undeclared", "not-found", "unclassified", "national-id", "health", "payment-card", "identity-document",
    "client-mixed", "no-retention",
]  # fmt: skip
DifferenceKind = Literal[
    "not-found", "not-registered", "not-scanned", "no-basis", "no-condition", "no-statute", "no-term", "no-safeguard",
    "no-agreement",
]  # fmt: skip
Category = Annotated[str, StringConstraints(pattern=r"^(user|system)(\.[a-z_]+)*$")]
Place = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*[.:][A-Za-z0-9_./-]+$")]
"""`store.table`, or `store:prefix/`."""
Days = Annotated[int, Field(ge=1, le=1100)]


def _not_empty(items: tuple[Any, ...]) -> tuple[Any, ...]:
    if not items:
        raise ValueError("the list is empty")
    return items


SOME = AfterValidator(_not_empty)
"""At least one."""


class Control(Strict):
    """One question to the evidence. The fields of a subclass are its parameters, its docstring what it asks."""

    name: ClassVar[str]


class NoFindings(Control):
    """Does the last inventory of these stores know no finding of these kinds that still stands?"""

    name = "no_findings"
    kinds: Annotated[tuple[FindingKind, ...], SOME]
    places: tuple[Place, ...] = ()
    """Only there; empty: in every store."""
    days: Days = 8
    """An older inventory says nothing any more."""


class DataDeclared(Control):
    """Does policy speak of this kind of data at this place, and did the last inventory see it there?"""

    name = "data_declared"
    place: Place
    categories: Annotated[tuple[Category, ...], SOME]
    days: Days = 8


class FieldsLimited(Control):
    """Has the place no other fields than these?"""

    name = "fields_limited"
    place: Place
    fields: Annotated[tuple[Text, ...], SOME]
    days: Days = 8


class ProcessingRegistered(Control):
    """Is there a processing for each of these purposes and groups, with a legal basis, and are its places there?"""

    name = "processing_registered"
    purposes: tuple[Slug, ...] = ()
    subjects: tuple[Slug, ...] = ()
    days: Days = 8


class RecipientsLimited(Control):
    """Does the register give data of these purposes to no recipient but those of these kinds?"""

    name = "recipients_limited"
    purposes: tuple[Slug, ...] = ()
    """Empty: of every processing as controller or employer."""
    allowed: Annotated[tuple[Literal["processor", "controller", "authority", "group", "client"], ...], SOME]


class ClientsApart(Control):
    """Does no row stand under another client than its person, wherever clients' data are kept?"""

    name = "clients_apart"
    days: Days = 8


class TermsKept(Control):
    """Is nothing kept past its term: planned lately, erased as planned, and looked for again?"""

    name = "terms_kept"
    rules: tuple[Slug, ...] = ()
    """Names in retention.yaml, whichever client they are for; empty: every rule in force."""
    days: Days = 8
    """An older plan says nothing any more."""
    grace_days: Annotated[int, Field(ge=0, le=90)] = 7
    """How long a plan may wait for its answer and execution."""


class TermsJustified(Control):
    """Does every kind of personal data have a term with a reason, an owner and a day of approval?"""

    name = "terms_justified"
    days: Days = 8


class ReleasesAnonymous(Control):
    """Did every release that stands pass its gate: anonymous for its reader, groups large enough?"""

    name = "releases_anonymous"
    releases: tuple[Slug, ...] = ()
    """Names of files in releases/; empty: all."""
    days: Days = 40


class LedgerSealed(Control):
    """Was the ledger signed lately, and is nothing missing below the last signature?"""

    name = "ledger_sealed"
    days: Days = 8


class ActivityOnTime(Control):
    """Did this activity happen in the period, and did each time end well within its term?"""

    name = "activity_on_time"
    activity: Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+@[0-9]+$")]
    object: Text | None = None
    """Only where it was about this: a store, a rule, or a word such as erasure."""
    days: Days = 365
    """The period that is looked at."""
    within_days: Annotated[int, Field(ge=0, le=366)] = 1
    """How long after its intent an outcome may come."""


class LetterSays(Control):
    """Do the words of a letter that is in use say this, in both languages?"""

    name = "letter_says"
    letter: Slug
    nl: Annotated[tuple[Text, ...], SOME]
    en: Annotated[tuple[Text, ...], SOME]


class NoAccessFindings(Control):
    """Did the last review of access leave no finding of these kinds that stands: neither kept for a while nor gone?"""

    name = "no_access_findings"
    kinds: Annotated[tuple[AccessKind, ...], SOME]
    days: Days = 40
    """An older review says nothing any more."""


class NoSeparationFindings(Control):
    """Did the last look from the outside find each client's data apart, in these ways?"""

    name = "no_separation_findings"
    kinds: Annotated[tuple[SeparationKind, ...], SOME]
    days: Days = 8
    """An older look says nothing any more."""


class DisclosuresLawful(Control):
    """Was each request of an authority checked in time, and did nothing go out that another person did not agree to?"""

    name = "disclosures_lawful"
    days: Days = 365
    """The period that is looked at."""


class NoMarketingFindings(Control):
    """Did the last look at what was delivered and passed on find none of these?"""

    name = "no_marketing_findings"
    kinds: Annotated[tuple[MarketingFindingKind, ...], SOME]
    channels: tuple[Channel, ...] = ()
    """Only by these; empty: by any."""
    days: Days = 8
    """An older look says nothing any more."""


class NoFraudFindings(Control):
    """Did the last daily look at fraud files find none of these?"""

    name = "no_fraud_findings"
    kinds: Annotated[tuple[FraudFindingKind, ...], SOME]
    days: Days = 8
    """An older look says nothing any more."""


class IncidentsHandled(Control):
    """Was every incident of the period taken through this step in time, and does somebody look for incidents?"""

    name = "incidents_handled"
    step: Literal["registered", "judged", "notified", "told", "closed"]
    days: Days = 365
    watched_days: Annotated[int, Field(ge=1, le=31)] = 2
    """When findings were last looked through; longer ago says nothing any more."""
    within_hours: Annotated[int, Field(ge=1, le=168)] = 72
    """Between discovery and register. The other steps have clocks of their own (incidents.yaml)."""


class PolicySays(Control):
    """Does the organisation's file say this under this key?"""

    name = "policy_says"
    key: Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_0-9]+)*$")]
    """A path in organisation.yaml, such as officers.dpo.reports_to."""
    equals: Text | None = None
    """Left out: anything at all."""


class SupervisorNamed(Control):
    """Does policy name this supervisor for this subject, on the day that is asked about?"""

    name = "supervisor_named"
    supervisor: Text
    watches: Text | None = None
    """A word of what it watches over."""


class Attested(Control):
    """Does somebody vouch for it with a document that is valid on the day that is asked about?"""

    name = "attested"
    kind: Slug
    stores: tuple[Text, ...] = ()
    """Stores that its scope must cover."""


class RegisterComplete(Control):
    """Is there a register of processing, and does nothing differ between it and the last inventory?"""

    name = "register_complete"
    register_of: Literal["controller", "clients"]
    kinds: tuple[DifferenceKind, ...] = ()
    """Kinds of differences that count; empty: all that are about this register."""
    days: Days = 40


class AllPromises(Control):
    """How do all other promises stand?"""

    name = "all_promises"


CONTROLS: dict[str, type[Control]] = {control.name: control for control in Control.__subclasses__()}


def _control(data: Any) -> Any:
    """`{name: parameters}` as the control of that name. Raises ValueError saying which are known."""
    if isinstance(data, Control):
        return data
    name: object = None
    given: object = None
    if isinstance(data, str):
        name = data
    elif isinstance(data, Mapping) and len(data) == 1:
        ((name, given),) = data.items()
    if not isinstance(name, str):
        raise ValueError("expected one control with its parameters, such as {terms_kept: {rules: [complaint]}}")
    model = CONTROLS.get(name)
    if model is None:
        raise ValueError(f"there is no control {name}{did_you_mean(name, CONTROLS)}; there are: {', '.join(CONTROLS)}")
    if not isinstance(given or {}, Mapping):
        raise ValueError(f"control {name} takes parameters by name, not {type(given).__name__}")
    try:
        return model.model_validate(given or {})
    except ValidationError as error:
        raise ValueError("; ".join(_wrong(model, item) for item in error.errors(include_url=False))) from None


def _wrong(model: type[Control], item: Any) -> str:
    """One wrong parameter, and what the control takes instead."""
    where, takes = ".".join(map(str, item["loc"])), ", ".join(model.model_fields) or "none"
    if item["type"] == "extra_forbidden":
        known = did_you_mean(where, model.model_fields)
        return f"control {model.name} has no parameter {where}; its parameters are: {takes}{known}"
    if item["type"] == "missing":
        return f"control {model.name} needs the parameter {where}; its parameters are: {takes}"
    said = item["msg"].removeprefix("Value error, ")
    return f"control {model.name}, parameter {where}: {said[0].lower()}{said[1:]}"


def _plain(control: Control) -> Any:
    return {control.name: control.model_dump(mode="json", exclude_defaults=True)}


AnyControl = Annotated[Control, BeforeValidator(_control), PlainSerializer(_plain, when_used="always")]
