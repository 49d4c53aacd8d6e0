"""How far the stores are known."""

from datetime import datetime, timedelta

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.indicators import Unit
from hoeder.report.kpis.kpi import Kpi, Measured, Span

SCAN_DAYS = 7
"""A scan older than this no longer says what a store holds."""


def stores_scanned(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = [row for row in _last_scans(db, span.at) if row[0] in policy.stores]
    fresh = sum(1 for row in rows if span.at - row[2] <= timedelta(days=SCAN_DAYS))
    return Measured(fresh, len(policy.stores), rows={"scan": list(rows)}, by_policy=True)


def _last_scans(db: Connection, at: datetime) -> list[tuple[str, int, datetime]]:
    return db.execute(
        """select distinct on (store) store, scan, finished_at from scan where finished_at <= %s
           order by store, finished_at desc, scan desc""",
        [at],
    ).fetchall()


def drift(db: Connection, policy: Policy, span: Span) -> Measured:
    scans = [scan for store, scan, _ in _last_scans(db, span.at) if store in policy.stores]
    rows = db.execute(
        """select scan, object, "column", verdict from scanned_column
           where scan = any(%s) and verdict in ('undeclared', 'misplaced', 'unclassified')
           order by scan, object, "column" """,
        [scans],
    ).fetchall()
    return Measured(len(rows) if scans else None, rows={"scanned_column": list(rows)})


KPIS = (
    Kpi("stores_scanned", Unit.SHARE, stores_scanned, all_of_it=True),
    Kpi("drift", Unit.COLUMNS, drift, at_most=0),
)
