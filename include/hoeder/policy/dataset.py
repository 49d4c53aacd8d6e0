"""Stores, and what is in them: tables, prefixes, whom they are about."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from hoeder.policy.base import Name, Role, Strict, Text
from hoeder.policy.suggest import among
from hoeder.policy.vocabulary import vocabulary

Category = Annotated[str, among("data category of fideslang", vocabulary().data_categories)]
"""A fideslang data category, such as `user.contact.email`; `system…` is not personal."""


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
