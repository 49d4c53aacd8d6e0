"""To which authorities a person's data went, as far as they may be told: an access answer asks here (GDPR 15(1)(c)).

An order of secrecy hides a disclosure until the day that it ends. The view holds that, for every account but the
capability's own, so that nothing that is asked here can tell it by mistake.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from hoeder.pseudonym import ReferenceKey

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Told:
    """One disclosure: to whom by which power, when, and categories of data. `own_report`: we reported by ourselves."""

    case_id: UUID
    authority: str
    power: str
    own_report: bool
    released_at: datetime
    categories: tuple[str, ...]


def told(db: Db, key: ReferenceKey, identities: Collection[tuple[str, str]]) -> tuple[Told, ...]:
    """Disclosures of a person's data, oldest first, under any of these identities as they stand in the stores."""
    if not identities:
        return ()
    kinds = [kind for kind, _ in identities]
    references = [key.subject(kind, value) for kind, value in identities]
    rows = db.execute(
        """select distinct t.case_id, t.authority, t.power, t.own_report, t.released_at, t.categories
             from disclosure_told t join unnest(%s::text[], %s::bytea[]) as x(kind, ref)
               on t.subject_kind = x.kind and t.subject_ref = x.ref
            order by t.released_at, t.case_id""",
        [kinds, references],
    ).fetchall()
    return tuple(
        Told(case_id, authority, power, own_report, released_at, tuple(categories))
        for case_id, authority, power, own_report, released_at, categories in rows
    )
