"""Keep a source in memory as small numbers: per column the distinct values once, and per row which one it has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hoeder.anonymization.engine.columns import Column, Floats, Ints, Kind
from hoeder.anonymization.read import Batch
from hoeder.anonymization.source import SourceProblem
from hoeder.clock import AMSTERDAM
from hoeder.errors import PolicyError
from hoeder.evidence.ledger import Outcome
from hoeder.policy.release import Release

_NOBODY = pa.array(["", "-", "null", "none", "n/a", "unknown", "onbekend"])
"""What systems write where they do not know whose a row is; counted as one more person, it would count towards k."""


@dataclass(frozen=True)
class Extract:
    """What was read. `persons` numbers each row's person from 1; 0 is a row of nobody known, which counts for no k.

    Numbers follow the order of what they stand for, whatever the order of the rows. Dates are on a Dutch clock.
    """

    persons: Ints
    columns: dict[str, Column]
    measures: dict[str, Floats]
    """Empty cells are NaN."""

    @property
    def rows(self) -> int:
        return len(self.persons)


def encode(batches: Iterable[Batch], release: Release) -> Extract:
    """Turn batches of the release's columns into an extract.

    Raises SourceProblem where there is no row, PolicyError where a column's type does not suit its use.
    """
    persons: list[pa.Array] = []
    columns: dict[str, list[pa.Array]] = {g.column: [] for g in release.quasi_identifiers}
    measures: dict[str, list[Floats]] = {name: [] for name in release.measures}
    by_time = {g.column: "exact" in g.steps for g in release.quasi_identifiers}
    for batch in batches:
        persons.append(_person(batch, release.subject))
        for name, parts in columns.items():
            parts.append(_value(batch, name, keep_time=by_time[name]))
        for name, numbers in measures.items():
            numbers.append(_number(batch, name))
    if not sum(map(len, persons)):
        raise SourceProblem(f"{release.source} has no rows: nothing to release", Outcome.NOTHING)
    codes, _ = _joined(persons, release.subject)
    return Extract(
        persons=codes + 1,
        columns={name: _column(parts, name) for name, parts in columns.items()},
        measures={name: np.concatenate(parts) for name, parts in measures.items()},
    )


def _person(batch: Batch, name: str) -> pa.Array:
    # One person written in two ways would be two: taking two for one only makes groups smaller than they are.
    text = pc.utf8_lower(pc.utf8_trim_whitespace(_cast(_array(batch, name), batch, name)))
    return pc.if_else(pc.is_in(text, value_set=_NOBODY), pa.scalar(None, pa.string()), text).dictionary_encode()


def _value(batch: Batch, name: str, *, keep_time: bool) -> pa.Array:
    array = _array(batch, name)
    if pa.types.is_timestamp(array.type):
        local = array.cast(pa.timestamp("us", array.type.tz), safe=False)
        if array.type.tz is not None:
            local = pc.local_timestamp(local.cast(pa.timestamp("us", AMSTERDAM.key)))
        return (local if keep_time else pc.floor_temporal(local, unit="day").cast(pa.date32())).dictionary_encode()
    if pa.types.is_date(array.type):
        return array.cast(pa.date32()).dictionary_encode()
    if pa.types.is_floating(array.type):
        array = pc.add(array, pa.scalar(0, array.type))  # -0.0 is 0.0, not a value of its own
    text = pc.utf8_trim_whitespace(_cast(array, batch, name))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text).dictionary_encode()


def _number(batch: Batch, name: str) -> Floats:
    array = _array(batch, name)
    if not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type) or pa.types.is_decimal(array.type)):
        raise PolicyError(f"{batch.where}: measure {name} holds {array.type}; a measure is a number")
    numbers = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False).astype(np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _cast(array: pa.Array, batch: Batch, name: str) -> pa.Array:
    try:
        return array.cast(pa.string())
    except pa.ArrowException:
        found = batch.rows.column(name).type
        raise PolicyError(f"{batch.where}: column {name} holds {found}, which cannot be generalised") from None


def _array(batch: Batch, name: str) -> pa.Array:
    found = batch.rows.column(name).combine_chunks()
    array = pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _column(parts: Sequence[pa.Array], name: str) -> Column:
    codes, values = _joined(parts, name)
    held = values.type
    kind: Kind = "text" if pa.types.is_string(held) else "date"
    known = tuple(values.to_pylist())
    empty = codes < 0
    every = (*known, None) if empty.any() else known
    return Column(name, kind, np.where(empty, len(known), codes).astype(np.int32), every, held)


def _joined(parts: Sequence[pa.Array], name: str) -> tuple[Ints, pa.Array]:
    """Row codes over all parts, -1 where the cell is empty, and the distinct values in order."""
    if len({part.type for part in parts}) > 1:
        raise PolicyError(f"column {name} has different types in different parts of the source; it needs one")
    array = pa.chunked_array(parts).unify_dictionaries()
    codes = np.concatenate([chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in array.chunks])
    values = array.chunk(0).dictionary
    order = pc.sort_indices(values).to_numpy()
    rank = np.full(len(order) + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[codes], values.take(pa.array(order))
