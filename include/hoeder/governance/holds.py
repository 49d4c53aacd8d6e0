"""Place and lift legal holds. Held records are refused at the guarded door (`stores.erase`)."""

from datetime import date
from enum import StrEnum
from typing import Any

import psycopg

from hoeder.errors import HoederError
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey

Db = psycopg.Connection[tuple[Any, ...]]


class Ground(StrEnum):
    """Why records must be kept beyond their term."""

    CLAIM = "claim"
    INVESTIGATION = "investigation"
    CRIMINAL_ORDER = "criminal-order"
    TAX_AUDIT = "tax-audit"
    SUBJECT_REQUEST = "subject-request"
    EMPLOYMENT_CONFLICT = "employment-conflict"


def place(
    db: Db,
    key: ReferenceKey,
    policy: Policy,
    *,
    matter: str,
    ground: Ground,
    subject_kind: str,
    subject: object,
    placed_by: str,
    placed_on: date,
    review_by: date,
) -> None:
    """Protect every record of a subject from here on; commits. Waits for an erasure that is under way.

    `matter` is a short slug, never a name. `review_by` is at most three months on. Raises HoederError where the
    matter exists already, the review is too far off, or policy knows no such kind of subject: such a hold would
    protect nothing.
    """
    if subject_kind not in (kinds := subject_kinds(policy)):
        raise HoederError(f"no dataset has subjects of kind {subject_kind}; there are: {', '.join(sorted(kinds))}")
    try:
        with db.transaction():
            row = db.execute(
                """insert into hold (matter, ground, placed_by, placed_on, review_by)
                   values (%s, %s, %s, %s, %s) returning hold""",
                [matter, ground, placed_by, placed_on, review_by],
            ).fetchone()
            db.execute(
                "insert into hold_subject (hold, subject_kind, subject_ref) values (%s, %s, %s)",
                [row[0] if row else None, subject_kind, key.subject(subject_kind, subject)],
            )
    except psycopg.errors.UniqueViolation:
        raise HoederError(f"there is a hold for matter {matter} already") from None
    except psycopg.errors.CheckViolation as error:
        raise HoederError(f"hold {matter} is not valid: {error.diag.constraint_name}") from None


def subject_kinds(policy: Policy) -> frozenset[str]:
    """The kinds of people that the datasets tell apart."""
    kinds: set[str] = set()
    for dataset in policy.datasets.values():
        kinds |= {table.subject.kind for table in dataset.tables.values() if table.subject}
        kinds |= {prefix.subject.kind for prefix in dataset.prefixes.values() if prefix.subject}
    return frozenset(kinds)


def lift(db: Db, matter: str, on: date) -> None:
    """End a hold; commits. What is overdue goes in the next sweep. Raises HoederError where no such hold stands."""
    with db.transaction():
        changed = db.execute(
            "update hold set lifted_on = %s where matter = %s and lifted_on is null", [on, matter]
        ).rowcount
    if not changed:
        raise HoederError(f"no hold stands for matter {matter}")
