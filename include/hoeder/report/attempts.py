"""Attempts: the ledger's intents, each with its outcome."""

from datetime import datetime
from uuid import UUID

from hoeder.evidence.ledger import Activity, Connection, Outcome
from hoeder.report.facts.attempt import Attempt


def attempts(
    db: Connection, activity: Activity, until: datetime, *, case_id: UUID | None = None
) -> dict[str, list[Attempt]]:
    """By object, oldest first; an outcome after `until` has not happened yet."""
    rows = db.execute(
        """select i.object, i.entry, i.recorded_at, o.recorded_at, o.outcome, o.entry,
                  coalesce(o.counts, '{}'), o.digest
           from ledger i left join ledger o on o.intent = i.entry and o.recorded_at < %(until)s
           where i.phase = 'intent' and i.activity = %(activity)s
             and i.recorded_at < %(until)s and (%(case)s::uuid is null or i.case_id = %(case)s)
           order by i.entry""",
        {"activity": activity, "until": until, "case": case_id},
    ).fetchall()
    found: dict[str, list[Attempt]] = {}
    for target, intent, begun_at, ended_at, outcome, outcome_entry, counts, digest in rows:
        ended = None if outcome is None else Outcome(outcome)
        found.setdefault(target, []).append(Attempt(intent, begun_at, ended_at, ended, outcome_entry, counts, digest))
    return found
