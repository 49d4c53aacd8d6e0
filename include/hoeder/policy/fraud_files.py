"""When a fraud file may be opened, by whom it may be read, and what is asked of it every day: `fraud_files.yaml`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from hoeder.policy.base import Name, Slug, Source, Strict, Text
from hoeder.policy.processing import Named

FraudFindingKind = Literal["no-suspicion", "one-person", "undecided", "past-term", "readable"]
"""What the daily look can find."""


class FraudTable(Strict):
    """A table of signals or files in the company's own store, and what its columns mean."""

    table: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
    """`store.table`."""
    status: Name
    open: Text
    """Its value while nobody decided."""
    ended: Text
    """Its value afterwards."""
    ended_on: Name
    """When somebody decided; the retention rule's anchor."""
    suspicion: Name
    facts: Name
    author: Name
    approver: Name
    opened_on: Name

    @property
    def store(self) -> str:
        return self.table.partition(".")[0]

    @property
    def name(self) -> str:
        return self.table.partition(".")[2]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are named."""
        return (
            self.status, self.ended_on, self.suspicion, self.facts, self.author, self.approver, self.opened_on,
        )  # fmt: skip


class Reader(Strict):
    """A capability whose account may read fraud files, and why."""

    capability: Name
    account: Text | None = None
    """Its login in the store; left out: `<connection>_<capability>`."""
    because: Text


class FraudFile(Strict):
    """`fraud_files.yaml`."""

    signals: FraudTable
    files: FraudTable
    suspicions: Annotated[dict[Slug, Named], Field(min_length=1)]
    """What somebody can be suspected of: the only grounds on which a file opens."""
    decide_within_days: Annotated[int, Field(ge=1, le=365)]
    """How long a suspicion may stay open."""
    grace_days: Annotated[int, Field(ge=0, le=90)]
    """How long after its term a record may still be there: the time that a plan of retention takes."""
    kept_years: Annotated[int, Field(ge=1, le=20)] = 5
    """How long it stays on record, without facts or names, who opened what on which kind of suspicion."""
    readers: tuple[Reader, ...] = ()
    """Beside the capability itself; any other account that can read is a finding."""
    source: Source

    @model_validator(mode="after")
    def _one_store(self) -> "FraudFile":
        if self.signals.store != self.files.store or self.signals.table == self.files.table:
            raise ValueError("signals and files are two tables of one store: a signal becomes a file in one step")
        return self
