"""What the marketing gate let through in a period, and what the last look at what went out found."""

from datetime import datetime

from hoeder.evidence.ledger import Connection
from hoeder.report.facts.marketing import Gating, Marketing, MarketingFinding, MarketingReason

GATED = """
    select distinct on (list, channel) gating, list, channel, recipient, gated_at, listed, allowed, entry
      from marketing_gating where gated_at >= %s and gated_at < %s order by list, channel, gating desc
"""
LOOK = """
    select marketing_check, checked_at, from_day, deliveries, passed_on, entry from marketing_check
     where checked_at < %s order by marketing_check desc limit 1
"""
FOUND = """
    select kind, what, channel, number from marketing_finding where marketing_check = %s order by kind, what, channel
"""


def read_marketing(db: Connection, start: datetime, until: datetime, *, small_below: int) -> Marketing:
    """Each list's last gating of the period; lines by reason, those of fewer than `small_below` left unsaid."""
    gatings = tuple(
        Gating(name, channel, recipient, at, listed, allowed, entry, tuple(_reasons(db, gating, small_below)))
        for gating, name, channel, recipient, at, listed, allowed, entry in db.execute(GATED, [start, until])
    )
    last = db.execute(LOOK, [until]).fetchone()
    if last is None:
        return Marketing(gatings)
    check, at, first, deliveries, passed, entry = last
    findings = tuple(MarketingFinding(*row) for row in db.execute(FOUND, [check]))
    return Marketing(gatings, at, first, deliveries, passed, entry, findings)


def _reasons(db: Connection, gating: int, small_below: int) -> list[MarketingReason]:
    rows = db.execute(
        "select reason, number from marketing_reason where gating = %s order by reason", [gating]
    ).fetchall()
    return [MarketingReason(reason, None if number < small_below else number) for reason, number in rows]
