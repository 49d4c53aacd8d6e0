"""From classes to the rows that leave: never in the order of the source, where neighbours are often one person's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hoeder.anonymization.engine.classes import Classes, Pieces
from hoeder.anonymization.engine.columns import Column, Ints
from hoeder.anonymization.engine.tuples import Tuples, distinct, number

BATCH = 1_000_000  # rows; the memory that writing takes hangs on this and not on the size of the release


@dataclass(frozen=True)
class Made:
    """A release as distinct rows and how often each occurs, in the order in which they leave."""

    classes: Classes
    of: Ints
    """The class of each distinct row."""
    others: tuple[tuple[Column, Ints], ...]
    """Columns that leave as they are, with their codes."""
    persons: Ints | None
    """Each distinct row's person, 0 for nobody known; never leaves."""
    times: Ints

    @property
    def rows(self) -> int:
        return int(self.times.sum())

    @property
    def schema(self) -> pa.Schema:
        texts = [pa.field(each.name, pa.string()) for each in self.classes.cells]
        return pa.schema([*texts, *(pa.field(column.name, column.type) for column, _ in self.others)])

    def batches(self) -> Iterator[pa.Table]:
        """The rows, at most a million at a time; the same input gives the same rows in the same order."""
        dictionaries = [pa.array(each.texts, pa.string()) for each in self.classes.cells]
        values = [pa.array(column.values, column.type) for column, _ in self.others]
        for low, high, times in self._parts():
            arrays = [
                pa.DictionaryArray.from_arrays(np.repeat(cells.of[self.of[low:high]], times).astype(np.int32), texts)
                for cells, texts in zip(self.classes.cells, dictionaries, strict=True)
            ]
            arrays += [
                each.take(pa.array(np.repeat(codes[low:high], times)))
                for (_, codes), each in zip(self.others, values, strict=True)
            ]
            yield pa.table(arrays, names=self.schema.names)

    def table(self) -> pa.Table:
        """All rows at once."""
        parts = [part.cast(self.schema) for part in self.batches()]
        return pa.concat_tables(parts) if parts else self.schema.empty_table()

    def persons_by_row(self) -> Ints | None:
        """The person of each row that leaves, for a check alone."""
        return None if self.persons is None else np.repeat(self.persons, self.times)

    def _parts(self) -> Iterator[tuple[int, int, Ints]]:
        """Ranges of distinct rows, with how often each occurs in that range: one that occurs very often is cut."""
        ends = np.cumsum(self.times)
        total = int(ends[-1]) if len(ends) else 0
        for begin in range(0, total, BATCH):
            stop = min(begin + BATCH, total)
            low = int(np.searchsorted(ends, begin, side="right"))
            high = int(np.searchsorted(ends, stop, side="left")) + 1
            times = self.times[low:high].copy()
            times[-1] -= ends[high - 1] - stop
            times[0] -= begin - (int(ends[low - 1]) if low else 0)
            yield low, high, times


def apply(found: Tuples, classes: Classes, others: Sequence[Column], person: Column | None, rows: Ints) -> Made:
    """Give each row its class's cells. A tuple's rows go to its several classes in the order of their values."""
    source, of, times = _assign(found, classes.pieces, others, rows)
    keys, sizes = [of], [classes.count]
    for column in [*others, *([person] if person else [])]:
        keys.append(column.codes[source].astype(np.int64))
        sizes.append(len(column.values))
    first, place = distinct(number(keys, sizes))
    total = np.zeros(len(first), dtype=np.int64)
    np.add.at(total, place, times)
    codes = [key[first] for key in keys]
    known = None
    if person is not None:
        empty = len(person.values) - 1 if person.has_empty else -1
        known = np.where(codes[-1] == empty, 0, codes[-1] + 1)
    return Made(classes, codes[0], tuple(zip(others, codes[1 : len(others) + 1], strict=True)), known, total)


def _assign(found: Tuples, pieces: Pieces, others: Sequence[Column], rows: Ints) -> tuple[Ints, Ints, Ints]:
    """For each part of a row that leaves: the row, its class, how many rows it stands for."""
    pieces_of = np.bincount(pieces.tuple, minlength=len(found.weight))
    single = np.zeros(len(found.weight), dtype=np.int64)
    single[pieces.tuple] = pieces.of
    whole = pieces_of[found.of] == 1
    source = np.flatnonzero(whole & (single[found.of] >= 0))
    parts = [(source, single[found.of[source]], rows[source])]
    split = np.flatnonzero(~whole)
    if len(split):
        codes = [column.codes[split].astype(np.int64) for column in reversed(others)]
        order = np.lexsort((*codes, found.of[split]))
        parts.append(_shared(split[order], found.of, rows, pieces, pieces_of))
    source, of, times = (np.concatenate(each) for each in zip(*parts, strict=True))
    return source, of, times


def _shared(split: Ints, tuple_of: Ints, rows: Ints, pieces: Pieces, pieces_of: Ints) -> tuple[Ints, Ints, Ints]:
    """Lay the rows of a tuple along its pieces: both are cut where either ends."""
    several = pieces_of[pieces.tuple] > 1
    piece_of, piece_rows = pieces.of[several], pieces.rows[several]
    row_ends, piece_ends = np.cumsum(rows[split]), np.cumsum(piece_rows)
    ends = np.unique(np.concatenate([row_ends, piece_ends]))
    times = np.diff(ends, prepend=0)
    row, piece = np.searchsorted(row_ends, ends), np.searchsorted(piece_ends, ends)
    leaves = piece_of[piece] >= 0
    return split[row][leaves], piece_of[piece][leaves], times[leaves]
