"""Which clocks run after an incident, which findings are one, and whom a client's contract names: `incidents.yaml`."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from hoeder.policy.base import Name, Slug, Strict, Text
from hoeder.policy.incident_words import Word

YesNo = Annotated[
    Literal["undecided", "yes", "no"],
    BeforeValidator(lambda said: {True: "yes", False: "no"}.get(said, said) if isinstance(said, bool) else said),
]
"""YAML reads a bare yes as true."""
FindingSource = Literal["inventory", "access_review", "client_segregation", "erasure", "ledger"]
"""What can open a suspected incident by itself."""
FINDINGS: dict[str, tuple[str, ...]] = {
    "inventory": ("national-id", "health", "payment-card", "identity-document", "client-mixed"),
    "access_review": ("leaver", "orphan", "shared", "public-grant", "beyond-need", "other-client"),
    "client_segregation": ("sees-others", "view-around", "rows-crossed", "named-in-note", "stray-object"),
    "erasure": ("not-verified",),
    "ledger": ("altered",),
}
"""Kinds of findings that can be an incident, by their source."""


class FromFinding(Strict):
    """One kind of finding that opens a suspected incident, with what is known of it beforehand."""

    source: FindingSource
    finding: Slug
    kind: Annotated[str, Word("kinds")]
    aspects: Annotated[tuple[Annotated[str, Word("aspects")], ...], Field(min_length=1)]
    categories: tuple[Annotated[str, Word("categories")], ...] = ()
    severity: Literal["low", "medium", "high"]


def _each_once(items: tuple[FromFinding, ...]) -> tuple[FromFinding, ...]:
    for item in items:
        if item.finding not in FINDINGS[item.source]:
            raise ValueError(
                f"{item.source} has no finding {item.finding} that can be an incident; "
                f"there are: {', '.join(FINDINGS[item.source])}"
            )
        if sum((item.source, item.finding) == (each.source, each.finding) for each in items) > 1:
            raise ValueError(f"finding {item.finding} of {item.source} is named twice")
    return items


class ClientHours(Strict):
    """What a client's contract says about telling it of an incident."""

    tell_within_hours: Annotated[int, Field(ge=1, le=72)]


class Nis2(Strict):
    """Whether the Cyberbeveiligingswet (NIS2) holds for us, and its clocks (article 23 of the directive)."""

    scope: YesNo
    because: Text
    since: date
    warn_within_hours: Annotated[int, Field(ge=1, le=24)] = 24
    notify_within_hours: Annotated[int, Field(ge=1, le=72)] = 72
    report_within_months: Annotated[int, Field(ge=1, le=1)] = 1


class FormFacts(Strict):
    """What the supervisor's form asks about the organisation itself; what is left out is named as missing."""

    chamber_of_commerce: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")] | None = None
    sector: Text | None = None
    part: Text | None = None


class IncidentFile(Strict):
    """Everything about incidents that is a choice, or can change."""

    notify_all: YesNo
    """The statement promises to report every incident; the law asks it unless a risk is unlikely (GDPR 33(1))."""
    notify_within_hours: Annotated[int, Field(ge=1, le=72)] = 72
    first_check_within_hours: Annotated[int, Field(ge=1, le=72)] = 24
    tell_within_days: Annotated[int, Field(ge=1, le=31)] = 7
    close_within_days: Annotated[int, Field(ge=7, le=366)] = 92
    kept_years: Annotated[int, Field(ge=1, le=20)] = 5
    """How long the register keeps an incident after it was closed."""
    clients: dict[Slug, ClientHours] = Field(default_factory=dict)
    nis2: Nis2
    form: FormFacts = FormFacts()
    from_findings: Annotated[tuple[FromFinding, ...], AfterValidator(_each_once)] = ()


class Answered(Strict):
    """By which column or metadata of the store itself one sees that somebody was answered."""

    by: Name
    is_one_of: Annotated[tuple[Text, ...], Field(min_length=1)]


class TableOfQuestions(Strict):
    """A table with a row for each question or complaint."""

    source: Slug
    kind: Literal["question", "complaint"]
    store: Name
    table: Name
    received: Name
    answered: Answered
    answered_on: Name | None = None
    """When; without it only what is open can be late."""


class MailOfQuestions(Strict):
    """Messages under a prefix that ask no right, each an object with its day in the key."""

    source: Slug
    kind: Literal["question", "complaint", "supervisor"]
    store: Name
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./-]+/$")]
    answered: Answered
    answered_on: Name | None = None
    only_without_right: bool = False
    """Leave out what became a request of a data subject: that has its own clock."""


class QuestionFile(Strict):
    """Where questions and complaints come in, and by when each is answered: `questions.yaml`."""

    answer_within_days: Annotated[int, Field(ge=1, le=31)] = 14
    looks_back_days: Annotated[int, Field(ge=7, le=400)] = 90
    tables: tuple[TableOfQuestions, ...] = ()
    mail: tuple[MailOfQuestions, ...] = ()

    @property
    def sources(self) -> tuple[TableOfQuestions | MailOfQuestions, ...]:
        """Every place, each by its name."""
        return (*self.tables, *self.mail)
