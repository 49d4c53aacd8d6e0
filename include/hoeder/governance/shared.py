"""To whom a person's data were passed on: what an access answer says (GDPR 15(1)(c)) and who is told later (19)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

Db = psycopg.Connection[tuple[Any, ...]]
Reference = tuple[str, bytes]
"""A kind of identity and its keyed reference, as `persons.marks.references` makes them."""


@dataclass(frozen=True)
class Shared:
    """One company of `marketing_gate.yaml`, and the first and last day on which it got something."""

    recipient: str
    first: date
    last: date


def recipients(db: Db, references: Collection[Reference]) -> tuple[Shared, ...]:
    """Every company that got data of a person, known by any of these references."""
    if not references:
        return ()
    kinds, marked = zip(*references, strict=True)
    rows = db.execute(
        """select s.recipient, min(s.on_day), max(s.on_day)
             from shared_with s join unnest(%s::text[], %s::bytea[]) as x(kind, ref)
               on s.subject_kind = x.kind and s.subject_ref = x.ref
            group by s.recipient order by s.recipient""",
        [list(kinds), list(marked)],
    ).fetchall()
    return tuple(Shared(*row) for row in rows)


def note(db: Db, kind: str, passed: Collection[tuple[bytes, str, date]], entry: int | None = None) -> int:
    """Write down which persons' data went to which company on which day; how many were new. The caller commits.

    `entry` is the ledger's, where the gate let them through; none where the company's own list says so.
    """
    if not passed:
        return 0
    marked, companies, on = zip(*passed, strict=True)
    return db.execute(
        """insert into shared_with (subject_kind, subject_ref, recipient, on_day, gating_entry)
           select distinct %s, x.ref, x.recipient, x.day, %s::bigint
             from unnest(%s::bytea[], %s::text[], %s::date[]) as x(ref, recipient, day)
           on conflict do nothing""",
        [kind, entry, list(marked), list(companies), list(on)],
    ).rowcount
