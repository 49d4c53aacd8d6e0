"""Tables of one row a matter: whose it is, what happened, and the date that starts its term."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hoeder.demo import canaries
from hoeder.demo.people import Crowd, Person
from hoeder.demo.terms import Fate, fates, window
from hoeder.demo.world import Row, World


@dataclass(frozen=True)
class Matter:
    """What one row is made of. `whose` is the number of the person or company that it is about."""

    whose: int
    person: Person
    fate: Fate
    random: Random
    today: date

    @property
    def end(self) -> date:
        """The day that starts the term, or today where there is none."""
        return self.fate.anchor or self.today

    def before(self, days: int) -> date:
        """Some day up to so many days before the end."""
        return self.end - timedelta(days=1 + int(self.random.random() * days))

    def pick(self, *choices: str) -> str:
        return choices[int(self.random.random() * len(choices))]

    def status(self, pending: str, over: str) -> str:
        return pending if self.fate.pending else over


@dataclass(frozen=True)
class Planted:
    """An overdue row about a canary; `held` where a legal hold keeps it."""

    canary: str
    whose: int
    held: bool = False


@dataclass(frozen=True)
class Table:
    """One table under one rule. `make` gives a row's columns after its number."""

    target: str
    make: Callable[[Matter], Row]
    share: float
    """Rows for each person of the company."""
    pending: float = 0.0
    missing: bool = False
    planted: tuple[Planted, ...] = ()


def rows(world: World, table: Table, crowd: Crowd, whose: Callable[[Random], int]) -> Iterator[Row]:
    """Rows on either side of the term and in between, then the planted ones."""
    random, truth = world.random(table.target), world.truth
    count = world.some(table.share, least=12)
    number = 0
    for fate in fates(table.target, world.today, random, count, pending=table.pending, missing=table.missing):
        number += 1
        truth.see(table.target, number, fate)
        someone = whose(random)
        yield number, *table.make(Matter(someone, crowd[someone], fate, random, world.today))
    for planted in table.planted:
        number += 1
        fate = Fate(window(table.target, world.today).overdue(random))
        truth.see(table.target, number, fate, held=planted.held)
        truth.place(planted.canary, table.target, number)
        person = canaries.PERSONS[planted.canary]
        yield number, *table.make(Matter(planted.whose, person, fate, random, world.today))
