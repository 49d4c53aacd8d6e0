"""What a read of a store brings back: its tables and prefixes, and some values of each column."""

from dataclasses import dataclass, field
from typing import Literal

from hoeder.detection.seen import Seen
from hoeder.detection.text import TextHits

Format = Literal["parquet", "jsonl.gz", "eml", "document"]


@dataclass(frozen=True)
class Reading:
    """How much of a store is read, and how fast. The same seed brings the same rows of an unchanged table."""

    rows: int = 20_000
    """Rows of a table up to which it is read whole; of a larger one about as many, from blocks chosen by the seed."""
    seed: int = 0
    full: bool = False
    """Every row of every table, and every object."""
    bytes_per_second: float | None = None
    """The most that is taken from the store; None for no limit."""


@dataclass(frozen=True)
class SampledColumn:
    """A column and values from it. The values stay out of the printed form: they are somebody's."""

    name: str
    type: str
    values: tuple[str, ...] = field(default=(), repr=False)
    problem: str | None = None
    """Why it could not be read; then the absence of values says nothing."""
    comment: str = field(default="", repr=False)
    refers_to: tuple[str, str] | None = None
    """Table and column that a foreign key names."""
    unique: bool = False
    note: str | None = None
    """What of its values was not read."""
    hits: TextHits | None = None
    """What was found in its texts where more of them were read than `values` has."""

    @property
    def seen(self) -> Seen:
        """The column as detection judges it."""
        return Seen(
            self.name, self.type, self.values, self.comment, self.refers_to, self.unique, self.hits, self.note or ""
        )


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
    kind: str = ""
    """`view`, `materialized view`, `foreign table`, `partitioned table`; empty for a plain table or prefix."""
    fingerprint: str | None = None
    """Stays the same as long as the content does; None where nothing tells that."""
