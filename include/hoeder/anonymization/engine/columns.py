"""Columns as small numbers: the distinct values once, in an order of their own, and per row which one it has."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hoeder.anonymization.engine.limits import Unfit

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

Kind = Literal["number", "date", "text"]


@dataclass(frozen=True)
class Column:
    """`values` are distinct and sorted, an empty cell (null, NaN) last; `codes` say for each row which it has."""

    name: str
    kind: Kind
    codes: Codes
    values: tuple[Any, ...]
    type: pa.DataType
    """Arrow's type of the values, for columns that leave as they are."""

    @property
    def has_empty(self) -> bool:
        return bool(self.values) and self.values[-1] is None

    def positions(self) -> Floats:
        """Values on a line: numbers as they are, dates in days; text has only its place in the order."""
        known = self.values[:-1] if self.has_empty else self.values
        if self.kind == "number":
            return np.array([float(value) for value in known], dtype=np.float64)
        if self.kind == "date":
            return np.array([_days(value) for value in known], dtype=np.float64)
        return np.arange(len(known), dtype=np.float64)


def column(table: pa.Table, name: str) -> Column:
    """Read one column. Raises Unfit where its type has no order: a list, a structure, bytes."""
    array = table.column(name)
    kind, array = _simple(array, name)
    encoded = array.dictionary_encode().unify_dictionaries() if array.num_chunks else array.dictionary_encode()
    if not encoded.num_chunks:
        return Column(name, kind, np.zeros(0, dtype=np.int32), (), array.type)
    dictionary = encoded.chunk(0).dictionary
    order = pc.sort_indices(dictionary).to_numpy()
    rank = np.empty(len(order) + 1, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rank[-1] = len(order)  # an index of -1, an empty cell
    parts = [chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in encoded.chunks]
    codes = rank[np.concatenate(parts)]
    values = tuple(dictionary.take(pa.array(order)).to_pylist())
    return Column(name, kind, codes, (*values, None) if (codes == len(order)).any() else values, array.type)


def _simple(array: pa.ChunkedArray, name: str) -> tuple[Kind, pa.ChunkedArray]:
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.cast(kind.value_type)
        kind = array.type
    if pa.types.is_floating(kind):
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, kind), array)
        if pc.any(pc.is_inf(array)).as_py():
            raise Unfit(f"column {name} holds an infinite number; leave it empty or out")
        return "number", array
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return "number", array
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return "date", array.cast(pa.timestamp("us", kind.tz)) if pa.types.is_timestamp(kind) else array
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        # Spaces around a text are nobody's difference, and no text is no answer.
        trimmed = pc.utf8_trim_whitespace(array.cast(pa.string()))
        return "text", pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    if pa.types.is_boolean(kind) or pa.types.is_null(kind):
        return "text", array.cast(pa.string())
    raise Unfit(f"column {name} holds {kind}, which has no levels; leave it out or turn it into text")


def _days(value: Any) -> float:
    moment = np.datetime64(value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value, "us")
    return float(moment.astype(np.int64)) / 86_400e6


def as_text(value: Any) -> str:
    """A value as a reader sees it."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return value if isinstance(value, str) else value.isoformat() if hasattr(value, "isoformat") else str(value)
