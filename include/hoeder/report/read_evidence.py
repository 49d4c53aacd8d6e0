"""The figures of the releases and of the ledger itself."""

from datetime import datetime

from psycopg.rows import class_row

from hoeder.evidence.ledger import Activity, Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.report.attempts import attempts
from hoeder.report.facts.evidence import CapabilityEvidence, Checkpoint, Evidence, Unfinished
from hoeder.report.facts.releases import ReleaseFigures


def read_releases(db: Connection, policy: Policy, until: datetime) -> tuple[ReleaseFigures, ...]:
    """Every release of policy, attempted or not."""
    tried = attempts(db, Activity.ANONYMIZATION_RELEASE, until)
    return tuple(
        ReleaseFigures(
            release=release.release,
            description=release.description,
            question=release.question,
            source=release.source,
            k=release.k,
            max_suppressed_bp=round(release.max_suppressed * 10_000) if release.publish == "rows" else None,
            attempt=tried[release.release][-1] if release.release in tried else None,
            published=next((a for a in reversed(tried.get(release.release, [])) if a.outcome is Outcome.DONE), None),
        )
        for release in policy.releases
    )


def read_evidence(db: Connection, until: datetime) -> Evidence:
    """Positions per capability, and every intent whose outcome is not there yet.

    The report's own intent is not unfinished: it cannot be finished while the report is made.
    """
    with db.cursor(row_factory=class_row(CapabilityEvidence)) as cursor:
        capabilities = tuple(
            cursor.execute(
                """select capability, count(*) filter (where phase = 'intent') as intents,
                          count(*) filter (where phase = 'outcome') as outcomes,
                          min(entry) as first, min(recorded_at) as first_at,
                          max(entry) as last, max(recorded_at) as last_at
                   from ledger where recorded_at < %s group by capability order by capability""",
                [until],
            ).fetchall()
        )
    with db.cursor(row_factory=class_row(Unfinished)) as cursor:
        unfinished = tuple(
            cursor.execute(
                """select entry, capability, act as activity, object, recorded_at as begun_at from ledger i
                   where phase = 'intent' and recorded_at < %(until)s and capability <> 'audit_report' and not exists
                       (select from ledger o where o.intent = i.entry and o.recorded_at < %(until)s)
                   order by entry""",
                {"until": until},
            ).fetchall()
        )
    total = sum(c.intents + c.outcomes for c in capabilities)
    last = max((c.last for c in capabilities), default=None)
    return Evidence(total, capabilities, unfinished, last, _checkpoint(db, until))


def _checkpoint(db: Connection, until: datetime) -> Checkpoint | None:
    with db.cursor(row_factory=class_row(Checkpoint)) as cursor:
        return cursor.execute(
            """select size, encode(root, 'hex') as root, signed_at,
                      (select count(*) from ledger l where l.entry > c.size and l.recorded_at < %(until)s) as since
               from ledger_checkpoint c where signed_at < %(until)s order by size desc limit 1""",
            {"until": until},
        ).fetchone()
