"""What every file of policy is made of: names, texts, and models that refuse a key they do not know."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A store, table or column that Hoeder names itself: lower case, digits, underscores."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
"""The name of a rule or release: lower case words with hyphens."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt rule must not be a silent one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Role(StrEnum):
    """In which role the company holds the data. Nearly every rule forks on it."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"
    EMPLOYER = "employer"


class Certainty(StrEnum):
    """How sure the source is: high, medium, low."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


class Source(Strict):
    """Where a rule comes from and who answers for it."""

    basis: Text
    certainty: Certainty
    owner: Text
    approved_on: date
    changed_by: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]+$")]
    """Who last changed the rule: an officer's key in organisation.yaml, or a login. They cannot approve its plans."""


def place_of(store: str, target: str) -> str:
    """How policy names a table or prefix of a store: `store.table` or `store:prefix/`."""
    return f"{store}{':' if target.endswith('/') else '.'}{target}"
