"""Rows that show the same are one tuple with a weight: what is searched is tuples, never rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hoeder.anonymization.engine.columns import Codes, Column, Ints
from hoeder.compiled import compiled

_LARGEST = 2**62


@dataclass(frozen=True)
class Tuples:
    """Distinct combinations of quasi-identifiers, in the order of their values, whatever the order of the rows."""

    codes: Codes
    """One row a tuple, one column a quasi-identifier."""
    weight: Ints
    """How many rows each has."""
    of: Ints
    """Each row's tuple."""


@dataclass(frozen=True)
class Crowd:
    """Who and what stands behind each tuple: entries `start[i]:start[i + 1]` belong to tuple i.

    Counted in rows, `who` is -1 and `count` a number of rows. Counted in persons, `who` numbers the person (-2: nobody
    known, who counts for nothing) and `pair` the person with what they have, so that many rows of one person count
    once. `what` is a sensitive value, those of all sensitive columns numbered on; -1 where there is none.
    """

    start: Ints
    who: Ints
    what: Ints
    pair: Ints
    count: Ints
    persons: int
    pairs: int


def number(parts: Sequence[Codes | Ints], sizes: Sequence[int]) -> Ints:
    """One number a row for its combination of codes, in the order of the codes."""
    numbers, bound = np.zeros(len(parts[0]), dtype=np.int64), 1
    for codes, size in zip(parts, sizes, strict=True):
        if bound * max(size, 1) > _LARGEST:
            distinct, numbers = np.unique(numbers, return_inverse=True)
            numbers, bound = numbers.astype(np.int64), len(distinct)
        numbers, bound = numbers * max(size, 1) + codes, bound * max(size, 1)
    return numbers


def tuples(columns: Sequence[Column], rows: Ints) -> Tuples:
    """The distinct tuples; `rows` says how many rows each given row stands for."""
    numbers = number([c.codes for c in columns], [len(c.values) for c in columns])
    first, of = distinct(numbers)
    weight = np.zeros(len(first), dtype=np.int64)
    np.add.at(weight, of, rows)
    return Tuples(np.stack([c.codes[first] for c in columns], axis=1), weight, of)


def distinct(numbers: Ints) -> tuple[Ints, Ints]:
    """A row that shows each distinct number, in the order of the numbers, and each row's place among them."""
    first, of = _hashed(numbers)
    order = np.argsort(numbers[first])
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return first[order], place[of]


def crowd(found: Tuples, sensitive: Sequence[Column], person: Column | None, rows: Ints) -> Crowd:
    """Who and what stands behind each tuple."""
    who = np.full(len(found.of), -1, dtype=np.int64)
    people = 0
    if person is not None:
        empty = len(person.values) - 1 if person.has_empty else -3
        who = np.where(person.codes == empty, -2, person.codes).astype(np.int64)
        people = len(person.values)
    parts: list[tuple[Ints, Ints, Ints, Ints]] = []
    offset = 0
    for column in sensitive:
        parts.append((found.of, who, column.codes.astype(np.int64) + offset, rows))
        offset += len(column.values)
    if not parts:
        parts.append((found.of, who, np.full(len(who), -1, dtype=np.int64), rows))
    of, who, code, count = (np.concatenate(each) for each in zip(*parts, strict=True))
    first, place = distinct(number([of, who + 2, code + 1], [len(found.weight), people + 2, offset + 1]))
    total = np.zeros(len(first), dtype=np.int64)
    np.add.at(total, place, count)
    of, who, code = of[first], who[first], code[first]
    _, pair = distinct(number([who + 2, code + 1], [people + 2, offset + 1]))
    start = np.searchsorted(of, np.arange(len(found.weight) + 1)).astype(np.int64)
    return Crowd(start, who, code, pair, total, people, int(pair.max(initial=-1)) + 1)


@compiled
def _hashed(numbers: Ints) -> tuple[Ints, Ints]:
    """The first row of each distinct number, in order of appearance, and for each row which that is."""
    size = 16
    while size < 2 * len(numbers) and size < 1 << 16:
        size *= 2
    slots = np.full(size, -1, dtype=np.int64)
    first = np.empty(len(numbers), dtype=np.int64)
    of = np.empty(len(numbers), dtype=np.int64)
    found = 0
    for row in range(len(numbers)):
        if 2 * found >= size:
            size *= 4
            slots = np.full(size, -1, dtype=np.int64)
            for known in range(found):
                at = (np.uint64(numbers[first[known]]) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)
                slot = np.int64(at & np.uint64(size - 1))
                while slots[slot] >= 0:
                    slot = (slot + 1) & (size - 1)
                slots[slot] = known
        at = (np.uint64(numbers[row]) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)
        slot = np.int64(at & np.uint64(size - 1))
        while slots[slot] >= 0 and numbers[first[slots[slot]]] != numbers[row]:
            slot = (slot + 1) & (size - 1)
        if slots[slot] < 0:
            slots[slot] = found
            first[found] = row
            found += 1
        of[row] = slots[slot]
    return first[:found].copy(), of
