"""Measure an indicator, and the same in the periods before."""

from datetime import datetime

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.indicators import Earlier, KpiFigure
from hoeder.report.grounds import Ground, entries_ground, table_ground
from hoeder.report.kpis.kpi import Kpi, Span
from hoeder.report.period import Period

TREND = 5
"""How many earlier periods a figure is set beside."""


def figure(db: Connection, policy: Policy, kpi: Kpi, period: Period, at: datetime) -> KpiFigure:
    """One indicator over a period as it stood at `at`, with the periods before it."""
    now = kpi.measure(db, policy, Span(period.start, at))
    at_most = None if kpi.at_most is None else now.aim if now.aim is not None else kpi.at_most
    at_least = (now.whole or 0) if kpi.all_of_it else None if kpi.at_least is None else now.aim
    met: bool | None = None
    if now.part is not None and (at_most is not None or at_least is not None):
        met = (at_most is None or now.part <= at_most) and (at_least is None or now.part >= at_least)
    ledger = entries_ground(db, now.entries)
    grounds = [*([ledger] if ledger else []), *(table_ground(name, rows) for name, rows in now.rows.items())]
    if now.by_policy:
        grounds.append(Ground("policy", 1, policy.digest))
    return KpiFigure(
        kpi.key, kpi.unit, now.part, now.whole, at_most, at_least, met, tuple(grounds),
        tuple(_earlier(db, policy, kpi, period)),
    )  # fmt: skip


def _earlier(db: Connection, policy: Policy, kpi: Kpi, period: Period) -> list[Earlier]:
    """Oldest first, from the first period in which anything was recorded."""
    began = db.execute("select min(recorded_at) from ledger").fetchone()
    found: list[Earlier] = []
    for _ in range(TREND):
        period = period.before()
        if began is None or began[0] is None or period.end <= began[0]:
            break
        then = kpi.measure(db, policy, Span(period.start, period.end))
        found.append(Earlier(str(period), then.part, then.whole))
    return found[::-1]
