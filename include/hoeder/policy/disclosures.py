"""Which authority may ask what, by which article, and what must be seen before it gets it: `disclosures.yaml`."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hoeder.policy.base import Slug, Source, Strict, Text
from hoeder.policy.processing import Named, PersonalCategory

Requirement = Literal[
    "written", "signed", "named-subjects", "named-data", "named-suspicion", "named-statute", "called-back",
    "judge-authorised", "identity-shown", "title-shown", "balanced", "facts-recorded",
]  # fmt: skip
"""What a person must have seen before a power counts. The words stand in disclosures.yaml."""

AuthorityName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,30}$")]
"""As the ledger and the promises name it."""


class Power(Named):
    """One article that lets an authority ask, and between which days it does."""

    power: Slug
    article: Text
    own_report: bool = False
    """We report by ourselves, such as a crime; nobody asks."""
    compelled: bool
    """Whether we must answer, or may."""
    may_ask: Annotated[tuple[PersonalCategory, ...], Field(min_length=1)]
    """Categories that it covers, each with everything below it."""
    never: tuple[PersonalCategory, ...] = ()
    """What it does not cover all the same."""
    requires: Annotated[tuple[Requirement, ...], Field(min_length=1)]
    used_by: Text
    """Who may use it: a function."""
    may_bind_to_secrecy: bool = False
    source: Source
    valid_from: date
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def is_voluntary(self) -> bool:
        """Whether somebody asks and we may say no: then nothing goes out of who had processing restricted (GDPR 18(2));
        an order of the law compels us, and our own report is a legal claim.
        """
        return not self.compelled and not self.own_report

    def covers(self, category: str) -> bool:
        """Whether data of this category may be given by it."""
        return below(category, self.may_ask) and not below(category, self.never)


class Authority(Named):
    """Somebody who may ask for data by law."""

    authority: AuthorityName
    powers: Annotated[tuple[Power, ...], Field(min_length=1)]


class DisclosureFile(Strict):
    """`disclosures.yaml`."""

    checked_within_days: Annotated[int, Field(ge=1, le=90)] = 14
    """How long after its receipt a request may wait for its check."""
    received_within_days: Annotated[int, Field(ge=1, le=90)] = 14
    """How long after a release its receipt may stay unconfirmed."""
    kept_years: Annotated[int, Field(ge=1, le=20)] = 5
    """How long the register keeps a closed case; longer while its secrecy runs."""
    requirements: dict[Requirement, Named] = Field(default_factory=dict)
    authorities: tuple[Authority, ...] = ()

    def authority(self, name: str) -> Authority | None:
        """The authority of this name, if there is one."""
        return next((each for each in self.authorities if each.authority == name), None)

    def power(self, authority: str, name: str) -> Power | None:
        """A power of this authority, whether or not it is in force."""
        found = self.authority(authority)
        return next((each for each in found.powers if each.power == name), None) if found else None


def below(category: str, categories: Collection[str]) -> bool:
    """Whether a category is one of these or stands below one: `user.contact.email` below `user.contact`."""
    return any(category == each or category.startswith(f"{each}.") for each in categories)
