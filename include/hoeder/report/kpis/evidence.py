"""The ledger itself."""

from datetime import timedelta

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.indicators import Unit
from hoeder.report.kpis.kpi import Kpi, Measured, Span

UNFINISHED = timedelta(hours=1)
"""An intent this old without an outcome was broken off rather than being at work."""


def acts_failed(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        """select entry, outcome in ('failed', 'unreachable', 'missing', 'partial') from ledger
           where phase = 'outcome' and capability <> 'audit_report' and recorded_at >= %s and recorded_at < %s""",
        [span.start, span.at],
    ).fetchall()
    bad = tuple(entry for entry, failed in rows if failed)
    return Measured(len(bad) if rows else None, entries=tuple(entry for entry, _ in rows))


def acts_unended(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        """select entry from ledger i where phase = 'intent' and capability <> 'audit_report' and recorded_at < %(old)s
             and not exists (select from ledger o where o.intent = i.entry and o.recorded_at < %(at)s)
           order by entry""",
        {"at": span.at, "old": span.at - UNFINISHED},
    ).fetchall()
    return Measured(len(rows), entries=tuple(entry for (entry,) in rows))


def seal_days(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        "select size, encode(root, 'hex') from ledger_checkpoint where signed_at < %s order by size desc limit 1",
        [span.at],
    ).fetchall()
    first = db.execute(
        "select min(recorded_at) from ledger where entry > %s and act <> 'seal' and capability <> 'audit_report'",
        [rows[0][0] if rows else 0],
    ).fetchone()
    waiting = first[0] if first and first[0] and first[0] < span.at else None
    nothing = waiting is None and not rows
    days = None if nothing else 0 if waiting is None else (span.at - waiting).days
    return Measured(days, rows={"ledger_checkpoint": list(rows)})


KPIS = (
    Kpi("acts_failed", Unit.ACTS, acts_failed, at_most=0),
    Kpi("acts_unended", Unit.ACTS, acts_unended, at_most=0),
    Kpi("seal_days", Unit.DAYS, seal_days, at_most=1),
)
