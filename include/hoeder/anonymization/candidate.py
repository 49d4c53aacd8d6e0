"""What is offered for publication, before the gate has looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass

from hoeder.anonymization.encode import Ints


@dataclass(frozen=True)
class Candidate:
    """What the gate looks at: the file, each of its rows' person (0: nobody known), and how it says it was made."""

    data: bytes
    persons: Ints
    steps: Mapping[str, str]
    """The step that each quasi-identifier took."""
    vocabulary: Mapping[str, frozenset[str]]
    """The labels that each quasi-identifier may have."""
    rows_in: int
