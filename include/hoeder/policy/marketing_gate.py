"""Whom we may write or call for marketing, by which rule, and where the proof stands: `marketing_gate.yaml`."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from hoeder.policy.base import Name, Slug, Source, Strict, Text
from hoeder.policy.processing import Named

Channel = Literal["email", "telephone", "sms", "post"]
AddressKind = Literal["email", "phone", "post"]
ADDRESS: dict[Channel, AddressKind] = {"email": "email", "telephone": "phone", "sms": "phone", "post": "post"}
"""The kind of address that a channel needs."""
Basis = Literal["consent", "customer", "no-objection"]
"""Consent with proof; a customer who was offered to opt out, for own similar products; nobody objected."""
MarketingFindingKind = Literal[
    "after-opt-out", "no-consent", "no-proof", "unknown-channel", "shared-after-opt-out", "shared-without-consent",
    "unknown-recipient", "unproven-consent",
]  # fmt: skip
"""What a look at deliveries and passings-on can find."""
OwnTable = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""`store.table`."""
ListPlace = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*|:([A-Za-z0-9_-]+/)+)$")]
"""`store.table`, or `store:prefix/`."""


class Rule(Strict):
    """One ground on which a channel may be used, and between which days it is one."""

    rule: Slug
    channel: Channel
    basis: Basis
    because: Text
    source: Source
    valid_from: date
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Placed(Strict):
    """A table of ours that the gate reads."""

    table: OwnTable

    @property
    def store(self) -> str:
        return self.table.partition(".")[0]

    @property
    def name(self) -> str:
        return self.table.partition(".")[2]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is named."""
        return tuple(value for key, value in self if key not in _NO_COLUMNS and isinstance(value, str))


_NO_COLUMNS = {"table", "kind", "standing", "offered_since", "sharing"}


class Persons(Placed):
    """Whom we know, and under which addresses."""

    kind: Name
    """What their number is called in every store: `contact`."""
    key: Name = "id"
    email: Name | None = None
    phone: Name | None = None


class OptOuts(Placed):
    """The company's own list of who said no; taken over as keyed hashes on each run."""

    person: Name
    email: Name
    scope: Name
    sharing: Text = "sharing"
    """The value of `scope` that is about passing on; any other is about messages."""
    since: Name
    status: Name
    standing: Text
    """The value of `status` while it stands."""


class Consents(Placed):
    """What somebody agreed to. Proof is a text that is known, a day, and how it was given."""

    person: Name
    text: Name
    given_on: Name
    how: Name
    status: Name
    standing: Text
    ended_on: Name


class Customers(Placed):
    """Who bought from us, and since when they were offered to opt out as they did."""

    person: Name
    since: Name
    offered_since: date


class Deliveries(Placed):
    """What was sent and who was called."""

    person: Name
    campaign: Name
    channel: Name
    email: Name
    phone: Name
    sent_at: Name


class PassedOn(Placed):
    """Whose data went to which company."""

    person: Name
    company: Name
    day: Name


class ConsentText(Strict):
    """A text that people agreed to: for which channels, and for which companies beside ourselves."""

    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    companies: tuple[Slug, ...] = ()
    """To whom it lets us pass on. None: it is about our own messages."""


class Company(Named):
    """A related company, and what `passed_on` calls it."""

    called: Text


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Columns = Annotated[tuple[Text, ...], BeforeValidator(_several), Field(min_length=1)]


class MailingList(Named):
    """A list for sending, calling or passing on: where it is put, and what its columns are."""

    list: Slug
    place: ListPlace
    """A table, or a prefix of which the newest object is taken (Parquet or CSV)."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    to: Slug | None = None
    """The related company that gets it; none: we use it ourselves."""
    own_similar: bool = False
    """Only own products or services like those that the customers bought."""
    columns: dict[Name, Columns]
    """By kind of identity (email, phone, post, or that of our persons) the columns; post: postcode, house number."""
    carry: tuple[Text, ...] = ()
    """Further columns that the allowed rows keep."""

    @property
    def store(self) -> str:
        return self.place.partition(":")[0] if ":" in self.place else self.place.partition(".")[0]

    @property
    def is_table(self) -> bool:
        return ":" not in self.place

    @property
    def target(self) -> str:
        """The table or prefix."""
        return self.place[len(self.store) + 1 :]

    @model_validator(mode="after")
    def _has_its_addresses(self) -> "MailingList":
        for channel in self.channels:
            if ADDRESS[channel] not in self.columns:
                raise ValueError(f"list {self.list} goes by {channel} and names no column {ADDRESS[channel]}")
        for kind, columns in self.columns.items():
            if kind == "post" and len(columns) != 2:
                raise ValueError(f"list {self.list}: post takes two columns, postcode and house number")
            if kind != "post" and len(columns) != 1:
                raise ValueError(f"list {self.list}: {kind} takes one column")
        return self


class MarketingGate(Strict):
    """`marketing_gate.yaml`."""

    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    persons: Persons
    opt_outs: OptOuts
    consents: Consents
    customers: Customers | None = None
    deliveries: Deliveries
    passed_on: PassedOn
    texts: Annotated[dict[Text, ConsentText], Field(min_length=1)]
    companies: dict[Slug, Company] = Field(default_factory=dict)
    lists: tuple[MailingList, ...] = ()
    allowed_into: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*:([A-Za-z0-9_-]+/)+$")]
    """`store:prefix/` where what may be used is put."""
    good_for_hours: Annotated[int, Field(ge=1, le=72)] = 24
    """How long a gating holds; after that the list is gated again."""
    working_days: Annotated[int, Field(ge=0, le=5)] = 1
    """By when an opt-out must be in force: our own aim; the law says at once."""
    look_back_days: Annotated[int, Field(ge=1, le=400)] = 92
    """Which deliveries and passings-on a check looks at."""

    def rules_on(self, day: date, channel: Channel) -> tuple[Rule, ...]:
        """Those in force on a day for a channel."""
        return tuple(rule for rule in self.rules if rule.channel == channel and rule.valid_on(day))

    def list_named(self, name: str) -> MailingList | None:
        """The list of this name, if there is one."""
        return next((each for each in self.lists if each.list == name), None)

    def tables(self) -> Iterator[tuple[str, Placed]]:
        """What the gate reads of our own, with the key in the file."""
        for key in ("persons", "opt_outs", "consents", "customers", "deliveries", "passed_on"):
            if (placed := getattr(self, key)) is not None:
                yield key, placed
