"""A suspicion from the first signal to its end, as steps that are only added.

The facts stay in the company's own store. Here stand a keyed reference to the row, the kind of suspicion, the digest of
the facts, and who did what.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg

from hoeder.clock import add_months
from hoeder.errors import Refused

Db = psycopg.Connection[tuple[Any, ...]]


class What(StrEnum):
    """A step of a case."""

    PROPOSED = "proposed"  # somebody recorded a suspicion with facts
    SUSPECTED = "suspected"  # somebody else approved: the file is open
    DECLINED = "declined"  # nobody is suspected of anything; it stays a signal
    CONFIRMED = "confirmed"
    UNFOUNDED = "unfounded"
    CLOSED = "closed"  # settled


MAY_FOLLOW: Mapping[What, frozenset[What | None]] = {
    What.PROPOSED: frozenset({None}),
    What.SUSPECTED: frozenset({What.PROPOSED}),
    What.DECLINED: frozenset({What.PROPOSED}),
    What.CONFIRMED: frozenset({What.SUSPECTED}),
    What.UNFOUNDED: frozenset({What.SUSPECTED}),
    What.CLOSED: frozenset({What.CONFIRMED}),
}
"""After which steps a step may come."""


@dataclass(frozen=True)
class Step:
    """One step: who took it, and the row that a confirmed suspicion became."""

    what: What
    at: datetime
    by: str
    file: bytes | None = None


@dataclass(frozen=True)
class Case:
    """A case and its steps, oldest first. `signal` is the keyed reference of its row, `facts` a SHA-256."""

    case_id: UUID
    store: str
    signal: bytes
    suspicion: str
    facts: str
    author: str
    proposed_at: datetime
    steps: tuple[Step, ...] = ()

    @property
    def last(self) -> What | None:
        """Where the case stands."""
        return self.steps[-1].what if self.steps else None

    def objection(self, what: What, by: str) -> str | None:
        """Why somebody may not take a step now; None where they may."""
        if self.last not in MAY_FOLLOW[what]:
            return f"{what} cannot follow {self.last or 'nothing'}"
        if what in (What.SUSPECTED, What.DECLINED) and by == self.author:
            return "the author does not judge their own suspicion; somebody else must"
        return None


def read(db: Db, case_id: UUID) -> Case:
    """A case with its steps. Raises Refused where there is none."""
    found = [case for case in cases(db) if case.case_id == case_id]
    if not found:
        raise Refused(f"there is no fraud file {case_id}: hoeder fraud-files list names those there are")
    return found[0]


def cases(db: Db) -> tuple[Case, ...]:
    """Every case, the latest first."""
    steps: dict[UUID, list[Step]] = {}
    for case_id, what, at, by, file in db.execute(
        "select case_id, what, at, by_whom, file from fraud_step order by step"
    ):
        steps.setdefault(case_id, []).append(Step(What(what), at, by, bytes(file) if file else None))
    rows = db.execute(
        """select case_id, store, signal, suspicion, facts, author, proposed_at
             from fraud_case order by proposed_at desc, case_id"""
    ).fetchall()
    return tuple(
        Case(case_id, store, bytes(signal), suspicion, facts, author, at, tuple(steps.get(case_id, ())))
        for case_id, store, signal, suspicion, facts, author, at in rows
    )


def add(db: Db, case_id: UUID, what: What, *, by: str, file: bytes | None = None) -> Case:
    """Take a step, inside the caller's transaction; the case with it. Raises Refused where it may not come now."""
    if reason := read(db, case_id).objection(what, by):
        raise Refused(f"fraud file {case_id}: {reason}. Nothing was changed.")
    try:
        db.execute(
            "insert into fraud_step (case_id, what, by_whom, file) values (%s, %s, %s, %s)", [case_id, what, by, file]
        )
    except psycopg.errors.CheckViolation as error:
        raise Refused(f"fraud file {case_id}: {error.diag.message_primary}. Nothing was changed.") from None
    return read(db, case_id)


def age_out(db: Db, today: date, years: int) -> int:
    """Forget cases that ended so many years ago; how many. Commits."""
    before = add_months(today, -12 * years)
    row = db.execute("select fraud_cases_age_out(%s)", [before]).fetchone()
    db.commit()
    return int(row[0]) if row else 0
