"""What may be corrected at a person's request, and where consent stands: parts of `requests.yaml`."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from hoeder.policy.base import Name, Strict, Text

TablePlace = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
"""`store.table`."""


class Correctable(Strict):
    """Columns of one table in which something can be wrong about a person (GDPR 16)."""

    facts: tuple[Name, ...] = ()
    """What can be replaced."""
    before: dict[Name, Name] = Field(default_factory=dict)
    """By fact the column of the same row that keeps what stood there."""
    opinions: dict[Name, Name] = Field(default_factory=dict)
    """By a column with somebody's judgement the column that takes the person's own statement beside it."""

    @model_validator(mode="after")
    def _each_column_is_one_thing(self) -> "Correctable":
        if unknown := sorted(set(self.before) - set(self.facts)):
            raise ValueError(f"before names {', '.join(unknown)}, which is no fact that is corrected")
        if both := sorted(set(self.facts) & set(self.opinions)):
            raise ValueError(f"{', '.join(both)} is either a fact or an opinion; a judgement is not replaced")
        return self


class ConsentPlace(Strict):
    """A table of consents; a withdrawal (GDPR 7(3)) ends what stands, and the proof that it was given stays."""

    table: TablePlace
    status: Name
    standing: Text
    ended: Text
    ended_on: Name
