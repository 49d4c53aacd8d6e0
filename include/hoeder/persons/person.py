"""Who is looked for, and what was found of them. Values of persons stay in memory: nothing here is stored or logged."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Identity = tuple[str, str]
"""A kind, such as email or customer, and a value in the form of `normal`."""


@dataclass(frozen=True)
class Person:
    """What is known of somebody who asks: identities as written, names, birth date, postcode."""

    identities: frozenset[Identity]
    names: tuple[str, ...] = ()
    born_on: date | None = None
    postcode: str | None = None

    def __repr__(self) -> str:
        return f"Person({len(self.identities)} identities)"


@dataclass(frozen=True)
class Scope:
    """Whose data are searched: our own (no client), or one client's alone. Two clients' data are never one search."""

    client: str | None = None


class Certainty(StrEnum):
    """Whether a record is the person's: a person must confirm what is possible."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


@dataclass(frozen=True)
class Match:
    """A record. `agrees` and `differs` name kinds, never values; `reference` is the keyed hash of the record."""

    store: str
    target: str
    key: str = field(repr=False)
    reference: bytes
    certainty: Certainty
    agrees: frozenset[str]
    differs: frozenset[str] = frozenset()


class Outcome(StrEnum):
    """What came of looking into one place."""

    SEARCHED = "searched"
    UNREACHABLE = "unreachable"
    NOTHING_TO_ASK = "nothing-to-ask"  # nothing that is known of the person stands there


@dataclass(frozen=True)
class Place:
    """One table or prefix that was (not) looked into, for how many records, and why not."""

    store: str
    target: str
    outcome: Outcome
    found: int = 0
    possible: int = 0
    reason: str | None = None


@dataclass(frozen=True)
class Found:
    """All that a search found of one person."""

    matches: tuple[Match, ...]
    places: tuple[Place, ...]
    identities: frozenset[Identity] = field(repr=False)
    """In the form in which they are compared."""
    written: frozenset[Identity] = field(repr=False)
    """As they stand in the stores: a mark on a person is looked for as it is written there."""
    stands: frozenset[tuple[tuple[str, str], Identity]] = field(default=frozenset(), repr=False)
    """Which identities, as they are compared, stand in certain matches of which store and table."""

    @property
    def complete(self) -> bool:
        """Whether every place was looked into. A case stays open until it is."""
        return all(place.outcome is not Outcome.UNREACHABLE for place in self.places)

    @property
    def to_confirm(self) -> tuple[Match, ...]:
        """Records that may be the person's."""
        return tuple(match for match in self.matches if match.certainty is Certainty.POSSIBLE)
