"""The inventory's figures: the last finished scan of every store, and where policy and scan disagree."""

from datetime import datetime

from psycopg.rows import class_row

from hoeder.evidence.ledger import Activity, Connection
from hoeder.policy.models import Policy
from hoeder.report.attempts import attempts
from hoeder.report.facts import Finding, Inventory, Scan, StoreFigures

_LAST_SCAN = """
    with last as (
        select distinct on (store) * from scan where finished_at <= %(until)s
        order by store, finished_at desc, scan desc
    )
    select store, scan, finished_at, policy_digest,
        (select count(*) from scanned_object o where o.scan = last.scan),
        (select coalesce(sum("rows"), 0)::bigint from scanned_object o where o.scan = last.scan),
        c.*
    from last cross join lateral (
        select count(*) filter (where "column" <> '*' and verdict <> 'not-found'),
            count(*) filter (where (declared ~ '^user(\\.|$)' or found is not null) and verdict <> 'not-found'),
            count(*) filter (where declared ~ '^user(\\.|$)' and verdict <> 'not-found'),
            count(*) filter (where found is not null),
            count(*) filter (where verdict = 'agreed' and declared ~ '^user(\\.|$)'),
            count(*) filter (where verdict = 'undeclared'),
            count(*) filter (where verdict = 'not-found'),
            count(*) filter (where verdict = 'unclassified'),
            count(*) filter (where verdict = 'misplaced')
        from scanned_column where scanned_column.scan = last.scan
    ) c
"""

_FINDINGS = """
    select s.store, c.object, c."column", c.verdict, c.declared, c.found, c.evidence, c.scan
    from scanned_column c join scan s using (scan)
    where c.scan = any(%s) and c.verdict <> 'agreed'
    order by array_position(array['misplaced', 'undeclared', 'unclassified', 'not-found'], c.verdict),
             s.store, c.object, c."column"
"""


def read_inventory(db: Connection, policy: Policy, until: datetime) -> Inventory:
    """Every store of policy, scanned or not, as it stood at `until`."""
    scans = {
        store: Scan(scan, finished_at, (until - finished_at).days, digest, *counts)
        for store, scan, finished_at, digest, *counts in db.execute(_LAST_SCAN, {"until": until}).fetchall()
    }
    tried = attempts(db, Activity.INVENTORY_SCAN, until)
    stores = tuple(
        StoreFigures(
            store=name,
            description=store.description,
            role=store.role,
            kind=store.kind,
            scan=scans.get(name),
            attempt=tried[name][-1] if name in tried else None,
        )
        for name, store in policy.stores.items()
    )
    with db.cursor(row_factory=class_row(Finding)) as cursor:
        numbers = [store.scan.scan for store in stores if store.scan]
        findings = tuple(cursor.execute(_FINDINGS, [numbers]).fetchall())
    return Inventory(stores, findings)
