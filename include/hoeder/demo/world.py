"""What every generator needs: how many people, which seed, which day, and the book of truth."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hoeder.demo.truth import Truth

Row = tuple[object, ...]


@dataclass(frozen=True)
class Stream:
    """Rows of one table, made while they are read."""

    table: str
    columns: str
    rows: Iterable[Row]


@dataclass(frozen=True)
class World:
    """One company: the same seed, day and size always give the same one."""

    seed: int
    today: date
    persons: int
    truth: Truth

    def random(self, purpose: str) -> Random:
        """A stream of chance of its own, so that a change in one table leaves the others as they were."""
        return Random(f"{self.seed}/{self.today}/{purpose}")  # noqa: S311  # not for secrets: it must be repeatable

    def some(self, share: float, *, least: int = 20) -> int:
        """A part of the persons."""
        return max(least, int(self.persons * share))

    @property
    def customers(self) -> int:
        """Ordinary customers of clients, planted ones left out."""
        return self.some(0.6)

    @property
    def contacts(self) -> int:
        """Ordinary contacts of our own, planted ones left out."""
        return self.some(0.25)

    def days_ago(self, days: float) -> date:
        return self.today - timedelta(days=int(days))
