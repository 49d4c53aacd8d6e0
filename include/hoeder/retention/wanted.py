"""What the journal says must be done again on a restored store, and what came of doing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from hoeder.clock import AMSTERDAM
from hoeder.governance import journal
from hoeder.governance.journal import Entry, NamedBy, Rectified

Db = psycopg.Connection[tuple[Any, ...]]
References = dict[NamedBy, set[bytes]]
"""By what they name."""


@dataclass(frozen=True)
class Correction:
    """What one case had corrected in one table, and the backup has as it was before."""

    case_id: UUID
    target: str
    records: int
    corrected_at: datetime


@dataclass(frozen=True)
class Replayed:
    """What came of it, over all tables and prefixes of the store."""

    entries: int = 0  # of the journal, made after the backup was taken
    erased: int = 0
    changed: int = 0
    held: int = 0  # a legal hold that stands now protects them
    remaining: int = 0  # found at a second look
    earlier: int = 0  # their keys were erased before the backup was taken
    restricted: int = 0  # persons of this store under restriction or objection: they stay so
    corrections: tuple[Correction, ...] = ()  # to be made again by hand, the earliest first

    @property
    def cases(self) -> tuple[UUID, ...]:
        """Cases whose corrections must be made again, in the order in which to do so."""
        return tuple(dict.fromkeys(each.case_id for each in self.corrections))

    def counts(self) -> dict[str, int]:
        """Numbers alone; `corrections` is how many records, `cases` how many requests."""
        return vars(self) | {"corrections": sum(each.records for each in self.corrections), "cases": len(self.cases)}


def of_each() -> References:
    """No references of either kind."""
    return {kind: set() for kind in NamedBy}


def only(entry: Entry) -> References:
    """The references of one entry."""
    return of_each() | {entry.named_by: set(entry.references)}


@dataclass
class Wanted:
    """What the journal says of one table or prefix."""

    target: str
    erase: References = field(default_factory=of_each)
    change: list[Entry] = field(default_factory=list)
    rectified: list[Rectified] = field(default_factory=list)
    plans: dict[str, set[UUID]] = field(default_factory=dict)  # by rule, what erased records of it
    earlier: References = field(default_factory=of_each)

    def corrections(self, there: Iterable[bytes] | None = None) -> tuple[Correction, ...]:
        """By case, the earliest first; only of records that are `there`, where that is known."""
        known = None if there is None else set(there)
        records: dict[UUID, set[bytes]] = {}
        last: dict[UUID, datetime] = {}
        for each in self.rectified:
            if left := each.references if known is None else each.references & known:
                records.setdefault(each.case_id, set()).update(left)
                last[each.case_id] = each.recorded_at.astimezone(AMSTERDAM)
        return tuple(Correction(case, self.target, len(refs), last[case]) for case, refs in records.items())


def read(governance: Db, store: str, taken: datetime) -> tuple[list[Wanted], int]:
    """By target, what is to be done again, and how many entries that is. What was erased later wins over earlier."""
    found: dict[str, Wanted] = {}
    count = 0
    for entry in journal.entries(governance, store):
        target = found.setdefault(entry.target, Wanted(entry.target))
        if entry.confirmed_at is not None and entry.confirmed_at < taken:
            if entry.then.act == journal.ERASED.act:
                target.earlier[entry.named_by] |= entry.references
            continue
        count += 1
        if entry.then.act == journal.ERASED.act:
            target.erase[entry.named_by] |= entry.references
            if entry.plan is not None:
                target.plans.setdefault(entry.rule, set()).add(entry.plan)
        else:
            target.change.append(entry)
    for rectified in journal.corrections(governance, store, taken):
        count += 1
        found.setdefault(rectified.target, Wanted(rectified.target)).rectified.append(rectified)
    for target in found.values():
        for kind in NamedBy:
            target.earlier[kind] -= target.erase[kind]
    return list(found.values()), count
