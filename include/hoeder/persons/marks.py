"""Marks on a person that every capability obeys: restriction, objection, and the two opt-outs.

A mark is a keyed hash for each identity of the person, so that it holds under every name, and again when the same
person comes back with an import or a restored backup. Marks stand in the governance database, where neither reaches.
"""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from hoeder.errors import Refused
from hoeder.persons import normal
from hoeder.persons.person import Identity
from hoeder.pseudonym import ReferenceKey

Db = psycopg.Connection[tuple[Any, ...]]


class Ground(StrEnum):
    """Why a person's data are left out of what is done with others'."""

    RESTRICTION = "restriction"  # GDPR 18: stored, and nothing else; end actions wait
    OBJECTION = "objection"  # GDPR 21(1): not analysed


class OptOut(StrEnum):
    """What a person does not want, effective at once (GDPR 21(3))."""

    MARKETING = "marketing"
    SHARING = "sharing"  # with related companies


def references(key: ReferenceKey, identities: Iterable[Identity]) -> list[tuple[str, bytes]]:
    """Kinds with keyed references, of each identity as it stands and in the form in which it is compared."""
    found = {
        (kind, key.subject(kind, way)) for kind, value in identities for way in (value, normal.form(kind).of(value))
    }
    return sorted(found)


def mark(
    db: Db, key: ReferenceKey, ground: Ground, identities: Collection[Identity], *, stores: Collection[str] = ("*",)
) -> int:
    """Restrict or leave out a person, in some stores or everywhere, from now on; how many identities were marked.

    Works inside the caller's transaction. Waits for an erasure that is under way. Raises Refused without an identity.
    """
    if not identities:
        raise Refused("nobody is named, so nobody can be marked")
    marked = references(key, identities)
    for store in stores:
        db.cursor().executemany(
            """insert into left_out (store, subject_kind, subject_ref, ground) values (%s, %s, %s, %s)
               on conflict (store, subject_kind, subject_ref, ground) do update set until = null""",
            [(store, kind, reference, ground) for kind, reference in marked],
        )
    return len(marked)


def restrict(db: Db, key: ReferenceKey, case_id: UUID, identities: Collection[Identity]) -> int:
    """Restrict a person everywhere because of a case; how many identities were marked. Raises as `mark` does."""
    marked = mark(db, key, Ground.RESTRICTION, identities)
    db.cursor().executemany(
        """insert into restricted_by (case_id, subject_kind, subject_ref) values (%s, %s, %s)
           on conflict (case_id, subject_kind, subject_ref) do update set until = null""",
        [(case_id, kind, reference) for kind, reference in references(key, identities)],
    )
    return marked


def restricted_in(db: Db, key: ReferenceKey, identities: Collection[Identity]) -> frozenset[str]:
    """Stores in which a person's data may only be kept now, under any of these names; `*` is all."""
    marked = references(key, identities)
    rows = db.execute(
        """select distinct l.store from left_out l join unnest(%s::text[], %s::bytea[]) as x(kind, ref)
                  on l.subject_kind = x.kind and l.subject_ref = x.ref
            where l.ground = 'restriction' and l.since <= today()
              and (l.until is null or l.until > today())""",
        [[kind for kind, _ in marked], [reference for _, reference in marked]],
    ).fetchall()
    return frozenset(str(store) for (store,) in rows)


def restricts(db: Db, case_id: UUID) -> bool:
    """Whether a case restricts anybody, without a day on which that ends."""
    row = db.execute(
        "select exists (select from restricted_by where case_id = %s and until is null)", [case_id]
    ).fetchone()
    return bool(row and row[0])


def release(db: Db, case_id: UUID, *, told_on: date | None, on: date) -> int:
    """End on a day what a case restricts; how many identities that were. Who another case restricts too stays so.

    Works inside the caller's transaction. Raises Refused for a day that is not after the one on which the person was
    told (GDPR 18(3)).
    """
    if told_on is None or told_on >= on:
        raise Refused("a restriction is lifted after the person was told so, not before and not on the same day")
    return db.execute(
        """with released as (
               update restricted_by set until = %(on)s where case_id = %(case)s and until is null
               returning subject_kind as kind, subject_ref as ref)
           update left_out l set until = x.last
             from (select r.kind, r.ref, greatest(%(on)s, max(o.until)) as last
                     from released r left join restricted_by o
                       on o.subject_kind = r.kind and o.subject_ref = r.ref and o.case_id <> %(case)s
                    group by r.kind, r.ref
                   having coalesce(bool_and(o.until is not null or o.case_id is null), true)) x
            where l.subject_kind = x.kind and l.subject_ref = x.ref and l.store = '*' and l.ground = 'restriction'""",
        {"case": case_id, "on": on},
    ).rowcount


def opt_out(
    db: Db, key: ReferenceKey, scopes: Collection[OptOut], identities: Collection[Identity], case_id: UUID | None = None
) -> int:
    """Suppress a person at once, under every identity given. Works inside the caller's transaction."""
    if not identities:
        raise Refused("nobody is named, so nobody can be suppressed")
    marked = references(key, identities)
    for scope in scopes:
        db.cursor().executemany(
            """insert into suppression (scope, subject_kind, subject_ref, case_id) values (%s, %s, %s, %s)
               on conflict do nothing""",
            [(scope, kind, reference, case_id) for kind, reference in marked],
        )
    return len(marked)


def suppressed(db: Db, key: ReferenceKey, scope: OptOut, identities: Collection[Identity]) -> bool:
    """Whether any identity of a person is suppressed, however it is written."""
    if not identities:
        return False
    kinds, marked = zip(*references(key, identities), strict=True)
    row = db.execute(
        """select exists (select from suppression s join unnest(%s::text[], %s::bytea[]) as x(kind, ref)
                             on s.subject_kind = x.kind and s.subject_ref = x.ref where s.scope = %s)""",
        [list(kinds), list(marked), scope],
    ).fetchone()
    return bool(row and row[0])


def unmarked(db: Db, key: ReferenceKey, ground: Ground, identities: Collection[Identity]) -> int:
    """Under how many of these names a person is not marked everywhere, however they are written."""
    return _lacking(
        db, key, identities,
        """exists (select from left_out l where l.subject_kind = x.kind and l.subject_ref = x.ref and l.store = '*'
                      and l.ground = %s and (l.until is null or l.until > today()))""",
        ground,
    )  # fmt: skip


def not_opted_out(db: Db, key: ReferenceKey, scope: OptOut, identities: Collection[Identity]) -> int:
    """Under how many of these names a person is not suppressed."""
    return _lacking(
        db, key, identities,
        """exists (select from suppression s where s.subject_kind = x.kind and s.subject_ref = x.ref
                      and s.scope = %s)""",
        scope,
    )  # fmt: skip


def _lacking(
    db: Db, key: ReferenceKey, identities: Collection[Identity], marked: LiteralString, word: Ground | OptOut
) -> int:
    if not identities:
        return 0
    kinds, those = zip(*references(key, identities), strict=True)
    query = sql.SQL("select count(*) from unnest(%s::text[], %s::bytea[]) as x(kind, ref) where not {}")
    row = db.execute(query.format(sql.SQL(marked)), [list(kinds), list(those), word]).fetchone()
    return int(row[0]) if row else 0
