"""A column as a reader brings it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hoeder.detection.text import TextHits


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
