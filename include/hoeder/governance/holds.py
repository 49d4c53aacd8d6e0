"""Legal holds: placed by one, confirmed by another, reviewed every three months, lifted by two.

A hold protects from the moment it is placed: what waits for a second pair of eyes is its end, not its beginning. Held
records are refused at the guarded door (`stores.erase`); their terms go on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg

from hoeder.clock import add_months
from hoeder.errors import HoederError
from hoeder.governance.protection import Scope
from hoeder.policy import Policy
from hoeder.policy.suggest import did_you_mean
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


REVIEW_MONTHS = 3
"""A hold is looked at again within this many months."""

_LOGIN = re.compile(r"[A-Za-z0-9_.@ -]{1,60}")
_MATTER = re.compile(r"[a-z0-9-]{1,60}")


@dataclass(frozen=True)
class Placed:
    """A hold as it stands: counts of persons, never who they are."""

    matter: str
    ground: str
    placed_by: str
    placed_on: date
    review_by: date
    confirmed_by: str | None
    lift_asked_by: str | None
    lifted_on: date | None
    persons: int
    scopes: tuple[Scope, ...]
    records: int
    """Records that the latest plan found due and kept for it."""
    due_since: date | None
    """Since when the oldest of them is due: the term goes on under a hold."""


def place(
    db: Db,
    key: ReferenceKey,
    policy: Policy,
    *,
    matter: str,
    ground: Ground,
    placed_by: str,
    placed_on: date,
    review_by: date,
    persons: Sequence[tuple[str, object]] = (),
    scopes: Sequence[Scope] = (),
) -> UUID:
    """Protect records from here on; the hold's case number. Commits, and waits for an erasure that is under way.

    `persons` are kinds of identity and values, such as ("employee", 17) or ("email", …); without any, everybody's
    records in the scopes are held, and without scopes everything of the persons. `matter` is a short slug, never a
    name. Raises HoederError for a hold that would protect nothing, whose matter exists already, or whose review is
    more than three months on.
    """
    _check(policy, matter, placed_by, placed_on, review_by, persons, scopes)
    try:
        with db.transaction():
            row = db.execute(
                """insert into hold (matter, ground, placed_by, placed_on, review_by)
                   values (%s, %s, %s, %s, %s) returning hold, case_id""",
                [matter, ground, placed_by, placed_on, review_by],
            ).fetchone()
            hold, case = row or (None, None)
            with db.cursor() as cursor:
                cursor.executemany(
                    "insert into hold_subject (hold, subject_kind, subject_ref) values (%s, %s, %s) "
                    "on conflict do nothing",
                    [(hold, kind, key.subject(kind, value)) for kind, value in persons],
                )
                cursor.executemany(
                    "insert into hold_scope (hold, applies_to, from_day, until_day) values (%s, %s, %s, %s)",
                    [(hold, scope.applies_to, scope.first, scope.last) for scope in scopes],
                )
    except psycopg.errors.UniqueViolation:
        raise HoederError(f"there is a hold for matter {matter} already, or a scope is named twice") from None
    assert isinstance(case, UUID)  # noqa: S101  # the insert returned it
    return case


def _check(
    policy: Policy,
    matter: str,
    by: str,
    on: date,
    review_by: date,
    persons: Sequence[tuple[str, object]],
    scopes: Sequence[Scope],
) -> None:
    if not _MATTER.fullmatch(matter):
        raise HoederError("a matter is named by lower case letters, digits and hyphens, such as claim-2026-3; no name")
    _login(by)
    if not persons and not scopes:
        raise HoederError("a hold on no person and no place would protect nothing: name at least one of them")
    kinds = identities(policy)
    for kind, value in persons:
        if kind not in kinds:
            raise HoederError(
                f"no dataset has subjects of kind {kind}; there are: {', '.join(sorted(kinds))}"
                f"{did_you_mean(kind, kinds)}"
            )
        if not str(value).strip():
            raise HoederError(f"the person of kind {kind} has no value")
    places = {"*", *policy.stores} | {
        f"{name}{separator}{place}"
        for name, dataset in policy.datasets.items()
        for separator, held in ((".", dataset.tables), (":", dataset.prefixes))
        for place in held
    }
    for scope in scopes:
        if scope.applies_to not in places:
            raise HoederError(
                f"{scope.applies_to} is no store, table or prefix of policy{did_you_mean(scope.applies_to, places)}"
            )
        if scope.first and scope.last and scope.first > scope.last:
            raise HoederError(f"the period of {scope.applies_to} ends before it begins")
    _reviewable(matter, on, review_by)


def _reviewable(matter: str, on: date, review_by: date) -> None:
    latest = add_months(on, REVIEW_MONTHS)
    if not on <= review_by <= latest:
        raise HoederError(f"hold {matter}: the review is at most three months on, between {on} and {latest}")


def _login(by: str) -> None:
    if not _LOGIN.fullmatch(by):
        raise HoederError("say who by a function or login of letters, digits and . _ @ -")


def identities(policy: Policy) -> frozenset[str]:
    """Kinds of identity that a person can be named by: kinds of subjects, and e-mail, phone and the like."""
    kinds: set[str] = set()
    for dataset in policy.datasets.values():
        for table in dataset.tables.values():
            kinds |= set(table.identifying.values())
        for prefix in dataset.prefixes.values():
            kinds |= set(prefix.identifying.values())
    return frozenset(kinds)


def confirm(db: Db, matter: str, *, by: str) -> UUID:
    """A second person agrees with a hold; commits. Raises HoederError for whoever placed it."""
    _login(by)
    with db.transaction():
        case, placed_by, confirmed_by, _ = _standing(db, matter)
        if by == placed_by:
            raise HoederError(f"hold {matter} was placed by {by}; somebody else confirms it")
        if confirmed_by:
            raise HoederError(f"hold {matter} was confirmed by {confirmed_by} already")
        db.execute("update hold set confirmed_by = %s where matter = %s", [by, matter])
    return case


def review(db: Db, matter: str, *, by: str, on: date, until: date) -> UUID:
    """Say that a hold is still needed, until the next review; commits. Raises HoederError beyond three months."""
    _login(by)
    _reviewable(matter, on, until)
    with db.transaction():
        case, *_ = _standing(db, matter)
        db.execute(
            "update hold set reviewed_on = %s, review_by = %s, lift_asked_by = null, lift_asked_on = null "
            "where matter = %s",
            [on, until, matter],
        )
    return case


def lift(db: Db, matter: str, *, by: str, on: date) -> tuple[UUID, bool]:
    """Ask for the end of a hold or, as a second person, end it; whether it ended. Commits.

    What is overdue then goes in the next sweep. Raises HoederError where no such hold stands, and for the same person
    twice.
    """
    _login(by)
    with db.transaction():
        case, _, _, asked_by = _standing(db, matter)
        if asked_by is None:
            db.execute("update hold set lift_asked_by = %s, lift_asked_on = %s where matter = %s", [by, on, matter])
            return case, False
        if asked_by == by:
            raise HoederError(f"{by} asked for the end of hold {matter} already; somebody else must agree")
        db.execute("update hold set lifted_by = %s, lifted_on = %s where matter = %s", [by, on, matter])
    return case, True


def _standing(db: Db, matter: str) -> tuple[UUID, str, str | None, str | None]:
    row = db.execute(
        """select case_id, placed_by, confirmed_by, lift_asked_by from hold
            where matter = %s and lifted_on is null for update""",
        [matter],
    ).fetchone()
    if row is None:
        standing = [name for (name,) in db.execute("select matter from hold where lifted_on is null order by 1")]
        raise HoederError(
            f"no hold stands for matter {matter}; there are: {', '.join(standing) or 'none'}"
            f"{did_you_mean(matter, standing)}"
        )
    return row[0], row[1], row[2], row[3]


def placed(db: Db, *, lifted: bool = False) -> tuple[Placed, ...]:
    """Holds in force, the next review first; with `lifted` also those that ended."""
    rows = db.execute(
        """with latest as (select plan from plan order by made_at desc limit 1),
                kept as (select one ->> 0 as matter, sum((one ->> 1)::bigint) as records,
                                min((one ->> 2)::date) as due_since
                           from plan_part join latest using (plan), jsonb_array_elements(held_by) one group by 1)
           select h.matter, h.ground, h.placed_by, h.placed_on, h.review_by, h.confirmed_by, h.lift_asked_by,
                  h.lifted_on,
                  (select count(*) from hold_subject s where s.hold = h.hold),
                  array(select s.applies_to from hold_scope s where s.hold = h.hold order by s.applies_to),
                  array(select s.from_day from hold_scope s where s.hold = h.hold order by s.applies_to),
                  array(select s.until_day from hold_scope s where s.hold = h.hold order by s.applies_to),
                  coalesce(k.records, 0)::bigint, k.due_since
             from hold h left join kept k using (matter)
            where %s or h.lifted_on is null or h.lifted_on > today() order by h.review_by, h.hold""",
        [lifted],
    ).fetchall()
    found = []
    for *fields, places, firsts, lasts, records, due_since in rows:
        scopes = tuple(Scope(*each) for each in zip(places, firsts, lasts, strict=True))
        found.append(Placed(*(*fields, scopes, records, due_since)))
    return tuple(found)
