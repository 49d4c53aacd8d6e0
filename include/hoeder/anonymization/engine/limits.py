"""What is asked of a release: which columns play which part, and how alike persons must become."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from hoeder.errors import HoederError


class Unfit(HoederError):
    """A table cannot be anonymized as asked; the message names the column or limit, never a value."""


@dataclass(frozen=True)
class Roles:
    """The part each column plays. A column that is not named is not read and does not leave."""

    quasi: tuple[str, ...]
    """What others may know of a person: made coarse."""
    sensitive: tuple[str, ...] = ()
    """What nobody may learn of a person: left as it is, and spread within every class by l and t."""
    insensitive: tuple[str, ...] = ()
    """Left as it is and not looked at."""
    person: str | None = None
    """Tells persons apart; classes are then counted in persons instead of rows. Never leaves."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """How much a column's detail matters to the analyst; 1 where nothing is said."""
    whole: frozenset[str] = frozenset()
    """Quasi-identifiers that take one level for all rows (global recoding); the others take a level per class."""

    def __post_init__(self) -> None:
        if not self.quasi:
            raise Unfit("name at least one quasi-identifier")
        every = [*self.quasi, *self.sensitive, *self.insensitive, *([self.person] if self.person else [])]
        twice = sorted({name for name in every if every.count(name) > 1})
        if twice:
            raise Unfit(f"a column plays one part; named more than once: {', '.join(twice)}")
        strange = sorted((set(self.weights) | self.whole) - set(self.quasi))
        if strange:
            raise Unfit(f"weights and whole columns are quasi-identifiers; not one: {', '.join(strange)}")
        wrong = sorted(name for name, weight in self.weights.items() if not 0 < weight < float("inf"))
        if wrong:
            raise Unfit(f"a weight is a number above 0; not so for {', '.join(wrong)}")

    @property
    def released(self) -> tuple[str, ...]:
        """The columns that leave, in their order."""
        return (*self.quasi, *self.sensitive, *self.insensitive)


@dataclass(frozen=True)
class Limits:
    """How alike. Counts are of persons where Roles.person says who they are, else of rows.

    l and t hold for every sensitive column. `l_recursive` (c, l): the most frequent value stands less than c times as
    often as the l-th and rarer values together (Machanavajjhala 2007). t is the largest distance between a class and
    the released rows as a whole: half the sum of differences (`equal`), or the earth mover's distance over values in
    order (`ordered`) (Li 2007).
    """

    k: int
    l_distinct: int | None = None
    l_entropy: float | None = None
    l_recursive: tuple[float, int] | None = None
    t: float | None = None
    t_distance: Literal["equal", "ordered"] = "equal"
    max_suppressed: float = 0.05
    """Largest share of rows that may be left out."""

    def __post_init__(self) -> None:
        wrong = [
            self.k < 2 and "k is a number from 2",
            self.l_distinct is not None and self.l_distinct < 2 and "l is a number from 2",
            self.l_entropy is not None and not 1 < self.l_entropy < float("inf") and "entropy l is above 1",
            self.l_recursive is not None
            and not (self.l_recursive[0] > 0 and self.l_recursive[1] >= 2)
            and "recursive l takes c above 0 and l from 2",
            self.t is not None and not 0 <= self.t <= 1 and "t lies between 0 and 1",
            not 0 <= self.max_suppressed <= 1 and "the share that may be suppressed lies between 0 and 1",
        ]
        found = [each for each in wrong if each]
        if found:
            raise Unfit("; ".join(found))

    def allowed(self, rows: int) -> int:
        """How many of so many rows may be left out: the share as it is written, rounded down."""
        return int(Decimal(str(self.max_suppressed)) * rows)

    @property
    def about_sensitive(self) -> bool:
        """Whether there is more to hold than k."""
        return any(each is not None for each in (self.l_distinct, self.l_entropy, self.l_recursive, self.t))
