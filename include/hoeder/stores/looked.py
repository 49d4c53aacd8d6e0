"""What a look into an object finds: which rows go, and what may be remembered of the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hoeder.errors import StoreError
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.bloom import Bloom
from hoeder.stores.selection import Selection, Verdict


class Unreadable(StoreError):
    """An object in which rows cannot be told apart; it was left as it was."""


@dataclass
class Looked:
    """What an object holds of a selection, and what may be remembered of it."""

    rows: int = 0
    goes: int = 0
    held: int = 0
    missing: int = 0  # rows whose anchor is absent or no day
    oldest: date | None = None
    filters: list[Bloom] = field(default_factory=list)
    """Of each row group who is in it; one for a file of lines."""
    skipped: int = 0  # row groups of which nothing but the footer was read
    made: list[tuple[int, int, str]] = field(default_factory=list)
    """Of an object whose other bytes were moved: where new ones were written, from, to, SHA-256."""
    copied: list[tuple[int, int, int]] = field(default_factory=list)
    """Where bytes were moved to, from, to, and from where in the old version."""
    _which: Any = field(default_factory=hashlib.sha256, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """Of the places of the rows that go: whether two looks at a version mean the same rows."""
        return str(self._which.hexdigest())

    def judge(self, place: int, verdict: Verdict) -> None:
        """Count a verdict on the row at a place, from 0."""
        self.goes += verdict is Verdict.GOES
        self.held += verdict is Verdict.HELD
        if verdict is Verdict.GOES:
            self._which.update(place.to_bytes(8, "little"))

    def go(self, places: Any) -> None:
        """Count rows that go, by a NumPy array of their places in rising order."""
        self.goes += len(places)
        self._which.update(places.astype("<u8").tobytes())

    def add(self, verdict: Verdict, day: date | None, *, dated: bool) -> None:
        """Count one row."""
        self.judge(self.rows, verdict)
        self.rows += 1
        if dated and day is None:
            self.missing += 1
        if day is not None:
            self.oldest = min(day, self.oldest or day)


class People:
    """References of everybody in one part of an object, for a filter: 16 bytes each."""

    def __init__(self, selection: Selection, remember: bool) -> None:
        self._key: ReferenceKey | None = selection.key if remember else None
        self._identifying = selection.identifying
        self._seen: set[bytes] = set()

    def add(self, row: Mapping[str, object]) -> None:
        """Whoever a row names."""
        if self._key is not None:
            for column, kind in self._identifying.items():
                self.add_values(kind, [row.get(column)])

    def add_values(self, kind: str, values: Iterable[object]) -> None:
        """Whoever these values of one kind name."""
        if self._key is not None:
            self._seen.update(self._key.subject(kind, value) for value in values if value not in (None, ""))

    def filters(self) -> list[Bloom]:
        """One filter, or none where nobody is to be remembered."""
        return [] if self._key is None else [Bloom.of(self._seen)]
