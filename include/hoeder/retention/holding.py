"""Holds, each step of theirs with its entry in the ledger, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance import holds
from hoeder.governance.holds import Ground
from hoeder.governance.protection import Scope
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey

Db = psycopg.Connection[tuple[Any, ...]]


def place(
    db: Db,
    key: ReferenceKey,
    policy: Policy,
    *,
    matter: str,
    ground: Ground,
    by: str,
    on: date,
    review_by: date,
    persons: Sequence[tuple[str, object]] = (),
    scopes: Sequence[Scope] = (),
) -> None:
    """`governance.holds.place`, and the ledger's entry."""
    with db.transaction():
        case = holds.place(
            db, key, policy, matter=matter, ground=ground, placed_by=by, placed_on=on, review_by=review_by,
            persons=persons, scopes=scopes,
        )  # fmt: skip
        counts = {"placed": 1, "subjects": len(set(persons)), "places": len(scopes), "days": (review_by - on).days}
        _record(db, policy, case, counts)


def confirm(db: Db, policy: Policy, matter: str, *, by: str) -> None:
    """`governance.holds.confirm`, and the ledger's entry."""
    with db.transaction():
        _record(db, policy, holds.confirm(db, matter, by=by), {"confirmed": 1})


def review(db: Db, policy: Policy, matter: str, *, by: str, on: date, until: date) -> None:
    """`governance.holds.review`, and the ledger's entry."""
    with db.transaction():
        _record(
            db, policy, holds.review(db, matter, by=by, on=on, until=until), {"reviewed": 1, "days": (until - on).days}
        )


def lift(db: Db, policy: Policy, matter: str, *, by: str, on: date) -> bool:
    """`governance.holds.lift`, and the ledger's entry; whether the hold ended."""
    with db.transaction():
        case, ended = holds.lift(db, matter, by=by, on=on)
        _record(db, policy, case, {"lifted" if ended else "lift_asked": 1})
    return ended


def _record(db: Db, policy: Policy, case: UUID, counts: Mapping[str, int]) -> None:
    run = ledger.Run(policy.digest)
    entry = ledger.record_intent(db, run, Activity.RETENTION_HOLD, "hold", case_id=case)
    ledger.record_outcome(db, run, entry, Outcome.DONE, counts=counts)
