"""What is offered for publication, before the gate has looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass

from hoeder.anonymization.engine.columns import Ints
from hoeder.anonymization.table import Digests

CARRIED = -1
"""The person of a row that is carried over from an earlier version: only that version knew."""


@dataclass(frozen=True)
class Candidate:
    """What the gate looks at: the file, each of its rows' person, and how it says it was made."""

    data: bytes
    persons: Ints
    """A number above 0; 0 where nobody is known, CARRIED for rows of an earlier version."""
    steps: Mapping[str, tuple[str, ...]]
    """The steps that each quasi-identifier's cells took."""
    vocabulary: Mapping[str, frozenset[str]]
    """The labels that each quasi-identifier may have."""
    rows_in: int
    digests: Digests | None = None
    """The same persons under the series' key; without them nothing is held against earlier versions."""
    previous: bytes | None = None
    """The newest earlier version's file, from which rows may have been carried over."""
