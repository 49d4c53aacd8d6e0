"""What a read of a store brings back: its tables and prefixes, and some values of each column."""

from dataclasses import dataclass, field
from typing import Literal

Format = Literal["parquet", "jsonl.gz", "eml", "document"]


@dataclass(frozen=True)
class SampledColumn:
    """A column and values from it. The values stay out of the printed form: they are somebody's."""

    name: str
    type: str
    values: tuple[str, ...] = field(default=(), repr=False)
    problem: str | None = None
    """Why it could not be read; then the absence of values says nothing."""


@dataclass(frozen=True)
class SampledObject:
    """A table or prefix as far as it could be read."""

    name: str
    rows: int | None
    """Rows of a table, objects under a prefix; None where they could not be counted."""
    bytes: int | None
    columns: tuple[SampledColumn, ...]
    problem: str | None = None
    """Why it, or a part of it, could not be read."""
    is_prefix: bool = False
    declared: bool = True
    """False for a prefix that only a listing knows of."""
    loose: bool = False
    """Columns come and go from object to object, as headers and metadata do: an absent one contradicts nothing."""
