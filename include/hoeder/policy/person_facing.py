"""What a person reads about their data, and what of it they gave us themselves: `rights.yaml`.

Names of tables and columns are ours; a person gets words. What the file does not name is called by its processing, or
by the words that its category has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from hoeder.policy.base import Name, Strict, Text
from hoeder.policy.processing import Named
from hoeder.policy.vocabulary import vocabulary

if TYPE_CHECKING:
    from hoeder.policy.models import Policy


class Shown(Named):
    """One table or prefix, as a person reads of it."""

    provided: tuple[Name, ...] = ()
    """Columns that the person filled in, or that their use of a service left (GDPR 20). Never what we noted."""
    withheld: tuple[Name, ...] = ()
    """Columns about somebody else, such as who of us wrote a note: left out of what the person gets (GDPR 15(4))."""
    obtained: Named | None = None
    """From whom we have it, where not from the person (GDPR 15(1)(g))."""


class PersonFacing(Strict):
    """`rights.yaml`."""

    columns: dict[Name, Named] = Field(default_factory=dict)
    """What a column is called, in whichever table it stands."""
    places: dict[Text, Shown] = Field(default_factory=dict)
    """By `store.table` or `store:prefix/`."""


def as_declared(place: str) -> str:
    """A place as files of policy write it: `store:prefix/`, which a search calls `store.prefix/`."""
    return place.replace(".", ":", 1) if place.endswith("/") and ":" not in place else place


def place_name(policy: Policy, place: str, language: str) -> str:
    """What a table or prefix is called: as the file says, else its processing, else its own name."""
    place = as_declared(place)
    named: Named | None = policy.person_facing.places.get(place)
    if named is None:
        named = next((each for each in policy.processing.processings if place in each.places), None)
    return named.name(language) if named else place


def column_name(policy: Policy, column: str, category: str, language: str) -> str:
    """What a column is called: as the file says, else its category, else its own name."""
    if said := policy.person_facing.columns.get(column):
        return said.name(language)
    words = vocabulary().category(category) if category.startswith("user.") else None
    return (words.nl if language == "nl" else words.en) if words else column.replace("_", " ")
