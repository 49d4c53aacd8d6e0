"""Columns that hold the values of another one: what is known of that one is known of them."""

from dataclasses import dataclass, field
from functools import cached_property

from hoeder.detection import names, shapes
from hoeder.detection.seen import Seen
from hoeder.detection.shapes import Kind
from hoeder.detection.sketches import Sketch, contained, new_key, sketch

ALIKE = 0.9
"""The share of a column's values that have to stand in the other."""
_FEWEST = 20
_LONGEST = 100
_DENSE = 0.5
_SAME_END = 0.02
_TRIED = 24
"""Values compared before two columns are compared whole: nearly all pairs have nothing in common."""


class Held:
    """A column's distinct values, taken apart once for all comparisons. They stay in memory and are never shown."""

    def __init__(self, column: Seen, key: bytes) -> None:
        self.column, self._key = column, key

    @cached_property
    def kind(self) -> Kind:
        return shapes.kind_of(self.column.type)

    @cached_property
    def values(self) -> frozenset[str]:
        return frozenset(value.strip() for value in self.column.values)

    @cached_property
    def tried(self) -> list[str]:
        """A few values from everywhere in the column."""
        values = self.column.values
        return [value.strip() for value in values[:: max(1, len(values) // _TRIED)][:_TRIED]]

    @cached_property
    def sketch(self) -> Sketch:
        return sketch(self.values, self._key)

    @cached_property
    def numbers(self) -> "_Numbers | None":
        """Whole numbers, where all values are."""
        if not all(value.isascii() and value.isdigit() and len(value) <= 18 for value in self.values):
            return None
        numbers = set(map(int, self.values))
        return _Numbers(min(numbers), max(numbers), len(numbers)) if numbers else None

    @cached_property
    def comparable(self) -> bool:
        """Whether its values can be recognised: enough of them, none of them long, and not numbered by itself."""
        if self.kind not in (Kind.INTEGER, Kind.TEXT, Kind.UUID) or self.column.unique:
            return False
        few = set(self.column.values[: 4 * _FEWEST])
        return len(few) >= _FEWEST and all(len(value) <= _LONGEST for value in few)


@dataclass(frozen=True)
class _Numbers:
    least: int
    most: int
    count: int


@dataclass
class Known:
    """Columns whose values tell a person apart, to hold others against."""

    key: bytes = field(default_factory=new_key, repr=False)
    columns: list[tuple[str, Held, str]] = field(default_factory=list)

    def add(self, table: str, column: Seen, category: str) -> None:
        """A column of which the category is known."""
        self.columns.append((table, Held(column, self.key), category))

    def holder(self, column: Seen) -> tuple[str, str, str, float] | None:
        """The table, column and category of the first whose values these are, and the share of them that is there."""
        mine = Held(column, self.key)
        if names.words(column.name)[1] or not mine.comparable:
            return None
        for table, theirs, category in self.columns:
            if theirs.column is not column and _may_share(mine, theirs):
                share = contained(mine.sketch, theirs.sketch)
                if share >= ALIKE:
                    return table, theirs.column.name, category, share
        return None


def _may_share(mine: Held, theirs: Held) -> bool:
    """Numbers counted up from one stand in every other such column: there the range has to be the same one."""
    if mine.kind is not theirs.kind or 2 * sum(map(theirs.values.__contains__, mine.tried)) < len(mine.tried):
        return False
    few, many = mine.numbers, theirs.numbers
    if few is None or many is None:
        return True
    spread = many.most - many.least + 1
    if many.count / spread < _DENSE:
        return True
    same_end = abs(few.most - many.most) <= max(1, _SAME_END * spread)
    return same_end and few.count >= 50 and few.least - many.least <= max(5, 0.05 * spread)
