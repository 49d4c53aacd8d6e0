"""A person's records of one place, as they go through the making of a copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Value = str | int | bool | None


@dataclass(frozen=True)
class Gathered:
    """The person's records in one table, or their objects under one prefix.

    `rows` holds a value for each of `columns`, `until` the day on which each record goes where that is known.
    """

    place: str
    categories: Mapping[str, str]
    """Columns that are read, with their categories."""
    rows: tuple[tuple[Value, ...], ...] = field(repr=False)
    until: tuple[date | None, ...] = ()
    listed: bool = False
    """Whether these are objects, of which the name alone is told."""
    references: tuple[bytes, ...] = ()
    """The keyed reference of each record; none for rows inside objects, which have no name of their own."""
    left_out: int = 0
    """Values about somebody else that policy keeps out (`withheld`)."""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.categories)
