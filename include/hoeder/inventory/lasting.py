"""Findings as they last from scan to scan: first and last seen, gone, come back, and what keeps a run red."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from hoeder.evidence.ledger import Connection
from hoeder.inventory.observed import Kind
from hoeder.inventory.result import ObjectResult
from hoeder.policy.models import Policy


def merge(
    db: Connection,
    scan: int,
    before: int | None,
    store: str,
    policy: Policy,
    objects: Sequence[ObjectResult],
    now: datetime,
) -> int:
    """Findings seen again keep their first day and their decision; returns how many were never seen before.

    A finding on something that could not be read today is neither gone nor confirmed: it stays as it was.
    """
    known = {
        row[0] for row in db.execute('select (object, "column", kind)::text from finding where store = %s', [store])
    }
    there_at_first = _baseline(db, store)
    rows = list(_rows(scan, store, policy, objects, now, there_at_first))
    with db.cursor() as cursor:
        cursor.executemany(
            """insert into finding (store, object, "column", kind, owner, declared, found, confidence, evidence, basis,
                                    first_seen, since, last_seen, last_scan, blocks)
               values (%(store)s, %(object)s, %(column)s, %(kind)s, %(owner)s, %(declared)s, %(found)s, %(confidence)s,
                       %(evidence)s, %(basis)s, %(now)s, %(now)s, %(now)s, %(scan)s, %(blocks)s)
               on conflict (store, object, "column", kind) do update set
                   owner = excluded.owner, declared = excluded.declared, found = excluded.found,
                   confidence = excluded.confidence, evidence = excluded.evidence, basis = excluded.basis,
                   since = case when finding.last_scan = %(before)s then finding.since else excluded.since end,
                   last_seen = excluded.last_seen, last_scan = excluded.last_scan, blocks = excluded.blocks""",
            [row | {"before": before} for row in rows],
        )
    unread = [thing.object for thing in objects if thing.unread]
    db.execute(
        "update finding set last_scan = %s where store = %s and object = any(%s) and last_scan = %s",
        [scan, store, unread, before],
    )
    after = {
        row[0] for row in db.execute('select (object, "column", kind)::text from finding where store = %s', [store])
    }
    return len(after - known)


def red(db: Connection, scans: Iterable[int]) -> list[str]:
    """Findings of these scans that keep the run red until somebody decides: `store.table`, with their numbers."""
    rows = db.execute(
        """select store, object, finding from finding_now
           where blocks and present and asked_because is not null and last_scan = any(%s)
           order by store, object""",
        [list(scans)],
    ).fetchall()
    return [f"{store}.{name} (finding {finding})" for store, name, finding in rows]


def _rows(
    scan: int,
    store: str,
    policy: Policy,
    objects: Iterable[ObjectResult],
    now: datetime,
    there_at_first: frozenset[str] | None,
) -> Iterator[dict[str, object]]:
    owner = policy.stores[store].owner
    for thing in objects:
        new = there_at_first is not None and thing.object not in there_at_first
        for seen in thing.observed:
            yield {
                "store": store, "object": seen.object, "column": seen.column, "kind": seen.kind, "owner": owner,
                "declared": seen.declared, "found": seen.found, "confidence": seen.confidence,
                "evidence": seen.evidence, "basis": thing.basis, "now": now, "scan": scan,
                "blocks": new and seen.kind is Kind.NO_RETENTION,
            }  # fmt: skip


def _baseline(db: Connection, store: str) -> frozenset[str] | None:
    """What the first finished scan of a store met: only what came later is new. None while there is no such scan."""
    row = db.execute(
        "select scan from scan where store = %s and finished_at is not null order by finished_at, scan limit 1", [store]
    ).fetchone()
    if row is None:
        return None
    return frozenset(name for (name,) in db.execute("select object from scanned_object where scan = %s", [row[0]]))
