"""What we do with personal data and why: `processing.yaml`, from which the registers of GDPR Art. 30 are made.

What other files say already is not repeated here: categories of data come from the datasets that a processing names,
terms from the retention rules on them, name and address from the organisation.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from hoeder.policy.base import Role, Slug, Strict, Text
from hoeder.policy.suggest import among
from hoeder.policy.vocabulary import vocabulary

EEA = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
))  # fmt: skip
"""Countries where the GDPR itself applies: the Union, and Iceland, Liechtenstein and Norway."""


_words = vocabulary()
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1, two letters."""
DpvPurpose = Annotated[str, among("purpose of DPV", _words.purposes)]
DpvSubject = Annotated[str, among("kind of person of DPV", _words.subjects)]
DpvMeasure = Annotated[str, among("measure of DPV", _words.measures)]
FidesUse = Annotated[str, among("data use of fideslang", _words.fides_uses)]
FidesSubject = Annotated[str, among("data subject of fideslang", _words.fides_subjects)]
PersonalCategory = Annotated[str, among("category of personal data", frozenset(_words.categories))]


class Named(Strict):
    """What a reader sees, in both languages."""

    nl: Text
    en: Text

    def name(self, language: str) -> str:
        return self.nl if language == "nl" else self.en


class Party(Strict):
    """An organisation or function with a place where it can be reached; never a person."""

    name: Text
    contact: Text


class Purpose(Named):
    """What data are used for."""

    dpv: DpvPurpose
    fides: FidesUse


class Subjects(Named):
    """A category of data subjects."""

    dpv: DpvSubject
    fides: FidesSubject


class Measure(Named):
    """A technical or organisational security measure (Art. 32(1))."""

    kind: Literal["technical", "organisational"]
    dpv: DpvMeasure


Safeguard = Literal["adequacy", "standard-clauses", "binding-rules", "consent"]
"""Instrument of a transfer: GDPR 45(3), 46(2)(c), 46(2)(b), 49(1)(a)."""


class Recipient(Named):
    """Who gets data from us. Authorities that ask in a particular inquiry are no recipients (Art. 4(9))."""

    role: Literal["processor", "controller", "authority", "group", "client"]
    country: Country
    safeguard: Safeguard | None = None
    """Outside the EEA: what makes the transfer lawful. None is a finding there."""
    agreement: date | None = None
    """A processor's: since when the processing agreement stands (Art. 28(3)). None is a finding."""

    @property
    def abroad(self) -> bool:
        """Whether data leave the EEA."""
        return self.country not in EEA

    @model_validator(mode="after")
    def _safeguard_where_needed(self) -> "Recipient":
        if self.safeguard and not self.abroad:
            raise ValueError(f"{self.country} lies in the EEA, where a transfer needs no safeguard: leave it out")
        return self


class Client(Strict):
    """A controller for whom we process (opdrachtgever)."""

    name: Text
    contact: Text
    value: Annotated[int | str, Field(alias="is")]
    """Its value in the client columns of datasets."""
    agreement: date | None = None
    """Since when the processing agreement stands. None is a finding."""
    representative: Party | None = None
    dpo: Party | None = None


Article6 = Literal["6(1)(a)", "6(1)(b)", "6(1)(c)", "6(1)(d)", "6(1)(e)", "6(1)(f)"]
Article9 = Literal[
    "9(2)(a)", "9(2)(b)", "9(2)(c)", "9(2)(d)", "9(2)(e)", "9(2)(f)", "9(2)(g)", "9(2)(h)", "9(2)(i)", "9(2)(j)",
]  # fmt: skip


class Basis(Strict):
    """On which ground of GDPR Art. 6 a processing rests."""

    article: Article6
    law: Text | None = None
    """6(1)(c): the obligation, as statute and article."""
    interest: Text | None = None
    """6(1)(f): whose interest, and in what."""

    @model_validator(mode="after")
    def _said_what_is_needed(self) -> "Basis":
        if (self.article == "6(1)(c)") != (self.law is not None):
            raise ValueError("law goes with article 6(1)(c), and only with it: name the statute that obliges")
        if (self.article == "6(1)(f)") != (self.interest is not None):
            raise ValueError("interest goes with article 6(1)(f), and only with it: say whose interest, in what")
        return self


class Processing(Named):
    """One processing activity: a line of the register."""

    processing: Slug
    role: Role
    owner: Text
    """A function."""
    purposes: Annotated[tuple[Slug, ...], Field(min_length=1)]
    subjects: Annotated[tuple[Slug, ...], Field(min_length=1)]
    places: tuple[Text, ...] = ()
    """`store.table` or `store:prefix/`, as in retention.yaml. None: it happens in systems of others."""
    also: tuple[PersonalCategory, ...] = ()
    """Categories of data beside those that the datasets of its places declare."""
    recipients: tuple[Slug, ...] = ()
    basis: Basis | None = None
    """None is a finding for what we do as controller or employer; a processor's basis is the controller's."""
    condition: Article9 | None = None
    """For special categories of data. None is a finding where the datasets declare any."""
    statute: Text | None = None
    """For citizen service numbers (UAVG 46). None is a finding where the datasets declare any."""
    clients: tuple[Slug, ...] = ()
    """As processor: for whom; none named: for all."""
    decides_alone: bool = False
    """Whether decisions about persons are taken by machine alone (Art. 22)."""
    dpia: bool = False
    """Whether an impact assessment is needed (Art. 35)."""


class ProcessingFile(Strict):
    """`processing.yaml`."""

    dpo: Party | None = None
    representative: Party | None = None
    """Only of a controller outside the Union (Art. 27)."""
    joint_controllers: tuple[Party, ...] = ()
    purposes: dict[Slug, Purpose] = Field(default_factory=dict)
    subjects: dict[Slug, Subjects] = Field(default_factory=dict)
    recipients: dict[Slug, Recipient] = Field(default_factory=dict)
    clients: dict[Slug, Client] = Field(default_factory=dict)
    measures: dict[Slug, Measure] = Field(default_factory=dict)
    processings: tuple[Processing, ...] = ()
