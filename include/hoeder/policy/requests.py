"""Where people ask for their rights besides a letter or the desk, and within which clocks: `requests.yaml`."""

from typing import Annotated

from pydantic import Field, StringConstraints

from hoeder.policy.base import Name, Strict
from hoeder.policy.carry_out import ConsentPlace, Correctable, TablePlace

MailPlace = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*:[A-Za-z0-9_./-]*/$")]
"""`store:prefix/`, with one message an object."""


class ContactForm(Strict):
    """A table in which messages from a form are kept."""

    store: Name
    table: Name
    email: Name
    body: Name
    received: Name
    name: Name | None = None


class Requests(Strict):
    """Intake and its clocks."""

    mailboxes: tuple[MailPlace, ...] = ()
    forms: tuple[ContactForm, ...] = ()
    forwarded_within_working_days: Annotated[int, Field(ge=1, le=20)] = 2
    """What a client's customer asks goes to that client within so many working days (GDPR 28(3)(e))."""
    mailbox_goes_back_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Messages that were older when they were first seen were answered before."""
    cases_kept_years: Annotated[int, Field(ge=1, le=20)] = 5
    """How long after its end a case stays in the governance database, which knows nobody's name."""
    corrections: dict[TablePlace, Correctable] = Field(default_factory=dict)
    """What may be corrected, by table. Anything else a person corrects in the store itself."""
    consents: tuple[ConsentPlace, ...] = ()
