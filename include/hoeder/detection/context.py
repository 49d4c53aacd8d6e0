"""Columns judged together: what their table holds, which columns they refer to, and whose values they share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from hoeder.detection import names, shapes
from hoeder.detection.columns import Prepared, Surroundings, Verdict, decide
from hoeder.detection.shapes import Kind
from hoeder.detection.sketches import Sketch, contained, new_key, sketch
from hoeder.detection.text import TextHits

_TELLING = (
    "user.name", "user.contact.email", "user.contact.phone_number", "user.demographic.date_of_birth",
    "user.government_id", "user.financial.bank_account",
)  # fmt: skip
_SHARED = (
    "user.unique_id", "user.name", "user.contact.email", "user.contact.phone_number", "user.government_id",
    "user.financial.bank_account", "user.device", "user.account.username",
)  # fmt: skip
"""Categories whose values tell a person apart; where a column holds the same ones, it tells the same."""
_ALIKE = 0.9
_FEWEST = 20
_LONGEST = 100
_DENSE = 0.5
_SAME_END = 0.02


@dataclass(frozen=True)
class Seen:
    """A column as a reader brings it. The values stay out of the printed form."""

    name: str
    type: str
    values: Sequence[str] = field(repr=False)
    comment: str = ""
    refers_to: tuple[str, str] | None = None
    """The table and column that a foreign key names."""
    unique: bool = False
    """No value comes twice, as in a table's own key."""
    hits: TextHits | None = None
    """What was found in its texts where more of them were read than `values` has."""
    note: str = ""
    """What of it was not read; it becomes part of the evidence."""


@dataclass(frozen=True)
class _Place:
    table: str
    column: Seen


def judge(tables: Iterable[tuple[str, Sequence[Seen]]]) -> list[list[Verdict]]:
    """Verdicts on every column of every table, in the order given."""
    given = list(tables)
    first = [_judge_table(table, columns) for table, columns in given]
    return _by_overlap(given, first)


def _judge_table(table: str, columns: Sequence[Seen]) -> list[Verdict]:
    """Each column alone; where people turn up among them, the rest once more in that light."""
    around = [Surroundings(table=table, comment=column.comment) for column in columns]
    prepared = [Prepared(c.type, c.values, c.hits) for c in columns]
    verdicts = [decide(c.name, p, a) for c, p, a in zip(columns, prepared, around, strict=True)]
    if not any(v.category == "user.unique_id" or _tells(v) for v in verdicts):
        return verdicts
    if names.is_of_things(table):
        return verdicts
    return [
        v if v.category else decide(c.name, p, replace(a, among_people=True))
        for v, c, p, a in zip(verdicts, columns, prepared, around, strict=True)
    ]


def _tells(verdict: Verdict) -> bool:
    return verdict.category is not None and verdict.category.startswith(_TELLING) and verdict.confidence >= 0.6


def _by_overlap(given: list[tuple[str, Sequence[Seen]]], first: list[list[Verdict]]) -> list[list[Verdict]]:
    """What is still unknown and refers to a known column, or holds its values."""
    flat = [
        (_Place(table, column), verdict)
        for (table, columns), verdicts in zip(given, first, strict=True)
        for column, verdict in zip(columns, verdicts, strict=True)
    ]
    known = {
        (place.table, place.column.name): (place, v)
        for place, v in flat
        if v.category and v.category.startswith(_SHARED)
    }
    key = new_key()
    sketches: dict[tuple[str, str], Sketch] = {}

    def sketch_of(place: _Place) -> Sketch:
        where = place.table, place.column.name
        if where not in sketches:
            sketches[where] = sketch({value.strip() for value in place.column.values}, key)
        return sketches[where]

    def decide(place: _Place, verdict: Verdict) -> Verdict:
        if verdict.category is not None:
            return verdict
        target = known.get(place.column.refers_to) if place.column.refers_to else None
        if target is not None:
            return Verdict(target[1].category, 0.9, f"refers to {target[0].table}.{target[0].column.name}")
        if place.column.refers_to or not _comparable(place.column) or names.words(place.column.name)[1]:
            return verdict
        for other, found in known.values():
            if other.column is place.column or not _may_share(place.column, other.column):
                continue
            share = contained(sketch_of(place), sketch_of(other))
            if share >= _ALIKE:
                said = f"{shapes.percent(share)} of its values stand in {other.table}.{other.column.name}"
                return Verdict(found.category, 0.7, said)
        return verdict

    decided = iter([_noted(decide(place, verdict), place.column.note) for place, verdict in flat])
    return [[next(decided) for _ in verdicts] for verdicts in first]


def _noted(verdict: Verdict, note: str) -> Verdict:
    return replace(verdict, evidence=f"{verdict.evidence}; {note}") if note else verdict


def _comparable(column: Seen) -> bool:
    kind = shapes.kind_of(column.type)
    if kind not in (Kind.INTEGER, Kind.TEXT, Kind.UUID) or column.unique:
        return False
    few = set(column.values[: 4 * _FEWEST])
    return len(few) >= _FEWEST and all(len(value) <= _LONGEST for value in few)


def _may_share(column: Seen, other: Seen) -> bool:
    """Numbers counted up from one stand in every other such column: there the range has to be the same one."""
    kind = shapes.kind_of(column.type)
    if kind is not shapes.kind_of(other.type):
        return False
    mine, theirs = _numbers(column.values), _numbers(other.values)
    if not mine or not theirs:
        return True
    spread = max(theirs) - min(theirs) + 1
    if len(theirs) / spread < _DENSE:
        return True
    same_end = abs(max(mine) - max(theirs)) <= max(1, _SAME_END * spread)
    return same_end and len(mine) >= 50 and min(mine) - min(theirs) <= max(5, 0.05 * spread)


def _numbers(values: Sequence[str]) -> set[int]:
    """Whole numbers, where all values are."""
    found = {value for value in values if len(value) <= 18}
    if len(found) < len(set(values)) or not all(value.isascii() and value.isdigit() for value in found):
        return set()
    return {int(value) for value in found}
