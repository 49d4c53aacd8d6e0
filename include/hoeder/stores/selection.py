"""Which rows inside an object go: those of certain persons, those whose term is over, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from hoeder.clock import AMSTERDAM
from hoeder.governance.protection import Protections
from hoeder.policy.retention import Pending
from hoeder.pseudonym import ReferenceKey


class Verdict(Enum):
    """What becomes of a row."""

    STAYS = 0
    GOES = 1
    HELD = 2  # it would go, and a hold or restriction protects it


@dataclass(frozen=True)
class Selection:
    """Rows whose latest `anchors` is not after `until`, and that name one of `persons`; None asks nothing.

    `identifying` gives the kind of identity that a column holds, `persons` kinds with keyed references.
    """

    store: str
    target: str
    identifying: Mapping[str, str]
    anchors: tuple[str, ...] = ()
    until: date | None = None
    pending: Pending | None = None
    persons: frozenset[tuple[str, bytes]] | None = None
    key: ReferenceKey | None = None
    protections: Protections | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.until is None and self.persons is None:
            raise ValueError("a selection without a day and without persons would be every row")
        if self.persons is not None and self.key is None:
            raise ValueError("persons are known by their references, which need the key")

    @property
    def columns(self) -> list[str]:
        """The columns that a row is judged by."""
        asked = list(self.anchors) if self.until is not None else []
        asked += [self.pending.column] if self.pending else []
        if self.persons is not None or (self.protections is not None and self.protections.any):
            asked += [*self.identifying, *self.anchors]
        return list(dict.fromkeys(asked))

    @property
    def needed(self) -> list[str]:
        """Those of them without which no row can be judged."""
        asked = list(self.anchors) if self.until is not None else []
        asked += [self.pending.column] if self.pending else []
        return asked + ([] if self.persons is None else list(self.identifying))

    @property
    def decided_by_days_and_persons(self) -> bool:
        """Whether no row has to be judged by itself: what its one day and its persons say is all there is to ask."""
        held = self.protections is not None and self.protections.any
        return self.pending is None and not held and len(self.anchors) <= 1

    def judge(self, row: Mapping[str, object]) -> Verdict:
        """By the row's values; names that the object does not have are absent."""
        day = self.day(row)
        if self.until is not None and (day is None or day > self.until):
            return Verdict.STAYS
        if self.pending is not None:
            said = row.get(self.pending.column)
            if said is None or str(said).strip().lower() in {value.lower() for value in self.pending.values}:
                return Verdict.STAYS
        whose = [(kind, row.get(column)) for column, kind in self.identifying.items()]
        if self.persons is not None and self.key is not None:
            named = {(kind, self.key.subject(kind, value)) for kind, value in whose if value not in (None, "")}
            if named.isdisjoint(self.persons):
                return Verdict.STAYS
        if self.protections is not None and self.protections.of(self.store, self.target, whose, day) is not None:
            return Verdict.HELD
        return Verdict.GOES

    def day(self, row: Mapping[str, object]) -> date | None:
        """The latest anchor; None where none is there, or one that is there is no day: nobody knows when it is due."""
        found = [as_day(row[name]) for name in self.anchors if row.get(name) not in (None, "")]
        days = [day for day in found if day is not None]
        return max(days) if days and len(days) == len(found) else None


def as_day(value: object) -> date | None:
    """A date, a moment (its day in Amsterdam where it has a zone) or the ISO text of either; None for anything else."""
    if isinstance(value, str):
        try:
            value = (
                datetime.fromisoformat(value.strip()) if len(value.strip()) > 10 else date.fromisoformat(value.strip())
            )
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value.astimezone(AMSTERDAM) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None
