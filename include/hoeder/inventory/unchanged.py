"""What has not changed since it was last read is not read again: its results are remembered, with their age."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hoeder.inventory.findings import ColumnFinding
from hoeder.inventory.result import ObjectResult
from hoeder.stores.anchors import StoredObject
from hoeder.stores.postgres import said

if TYPE_CHECKING:
    from hoeder.evidence.ledger import Connection as Governance
    from hoeder.stores.postgres import Connection, Relation

LONGEST = timedelta(days=7)
"""After so long a table or prefix is read again even where nothing seems to have changed."""

# A server that was restarted may have lost its counts of changes, and one may not count them at all.
_SERVER = "select concat(pg_postmaster_start_time(), ' ') where current_setting('track_counts')::bool"


def of_tables(db: Connection, relations: Iterable[Relation]) -> dict[str, str]:
    """A fingerprint of each table's content, columns and what this role may read of them.

    Views and foreign tables have none: they are always read.
    """
    with said("reading the statistics"):
        server = db.execute(_SERVER).fetchone()
        db.rollback()
    if server is None:
        return {}
    return {
        relation.name: _hash([server[0], relation.fingerprint, repr(relation.columns), repr(relation.shows_all)])
        for relation in relations
        if relation.fingerprint
    }


def of_objects(stored: Iterable[StoredObject]) -> str:
    """A fingerprint of objects in the order of their keys: a new, changed or absent one changes it."""
    state = hashlib.sha256()
    for thing in stored:
        state.update(f"{thing.key}\0{thing.etag}\0{thing.size}\0{thing.modified.isoformat()}\n".encode())
    return state.hexdigest()


def remembered(db: Governance, store: str, names: Sequence[str] | None) -> dict[str, ObjectResult]:
    """The results of the store's last finished scan, of these tables and prefixes or of all."""
    rows = db.execute(
        """select o from scan_part p, jsonb_array_elements(p.result -> 'objects') o
           where p.scan = (select scan from scan where store = %(store)s and finished_at is not null
                           order by finished_at desc, scan desc limit 1)
             and (%(names)s::text[] is null or o ->> 'object' = any(%(names)s))""",
        {"store": store, "names": None if names is None else list(names)},
    ).fetchall()
    return {result.object: result for (row,) in rows if (result := ObjectResult.load(row))}


def still(before: ObjectResult | None, fingerprint: str | None, basis: str, now: datetime) -> ObjectResult | None:
    """The earlier result where it still holds: whole, young, found in the same content by the same rules."""
    if before is None or fingerprint is None or before.unread:
        return None
    same = (before.fingerprint, before.basis) == (fingerprint, basis)
    return before if same and now - before.read_at < LONGEST else None


_BY_COMPANY = ("refers to ", " of its values stand in ")


def with_earlier_company(
    columns: Sequence[ColumnFinding], before: ObjectResult | None, basis: str
) -> list[ColumnFinding]:
    """What a column was known by alone through another table, which was not read again today, is still known of it."""
    if before is None or before.basis != basis:
        return list(columns)
    known = {
        column.column: column
        for column in before.columns
        if column.category and any(told in column.evidence for told in _BY_COMPANY)
    }
    return [known.get(column.column, column) if column.category is None else column for column in columns]


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
