"""Collect the report's figures: one consistent look at the governance database, which it only reads."""

import dataclasses
from datetime import datetime

from psycopg.pq import TransactionStatus

from hoeder.errors import ReportError
from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.attention import attention
from hoeder.report.facts.figures import Figures
from hoeder.report.kpis.all import KPIS
from hoeder.report.kpis.figure import figure
from hoeder.report.period import Period
from hoeder.report.read_access import read_access
from hoeder.report.read_disclosures import read_disclosures, read_fraud_files
from hoeder.report.read_evidence import read_evidence, read_releases
from hoeder.report.read_incidents import read_incidents, read_questions
from hoeder.report.read_inventory import read_inventory
from hoeder.report.read_marketing import read_marketing
from hoeder.report.read_promises import read_promises
from hoeder.report.read_registers import read_registers
from hoeder.report.read_requests import read_requests
from hoeder.report.read_retention import read_holds, read_retention


def collect(db: Connection, policy: Policy, period: Period, *, now: datetime) -> Figures:
    """The figures of a period as they stood at its end, or at `now` (with a timezone) while it lasts.

    What was recorded later is not used. Everything is read in one read-only snapshot, so that no figure contradicts
    another. `db` must not be inside a transaction. Raises ReportError, also for a period that has not begun and for one
    of which the ledger knows nothing.
    """
    if now.tzinfo is None:
        raise ReportError("the report's moment has no timezone: pass an aware datetime")
    if db.info.transaction_status is not TransactionStatus.IDLE:
        raise ReportError("the report needs a snapshot of its own: commit or roll back the open transaction first")
    if period.start >= now:
        raise ReportError(
            f"period {period} begins on {period.first}, which is still to come: choose one that has begun"
        )
    at = min(period.end, now)
    with db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        _something_recorded(db, period, at)
        figures = Figures(
            period=period,
            at=at,
            policy_digest=policy.digest,
            inventory=read_inventory(db, policy, at),
            retention=read_retention(db, policy, period.start, at),
            holds=read_holds(db, policy, at),
            releases=read_releases(db, policy, at),
            evidence=read_evidence(db, at),
            registers=read_registers(db, policy, at),
            access=read_access(db, at, small_below=policy.organisation.small_below),
            requests=read_requests(db, policy, period.start, at),
            marketing=read_marketing(db, period.start, at, small_below=policy.organisation.small_below),
            disclosures=read_disclosures(db, policy, period.start, at),
            fraud_files=read_fraud_files(db, at),
            incidents=read_incidents(db, policy, period.start, at),
            questions=read_questions(db, at),
            kpis=tuple(figure(db, policy, kpi, period, at) for kpi in KPIS),
            promises=read_promises(db, policy, at),
        )
    return dataclasses.replace(figures, attention=attention(figures, policy.organisation.decided_within_days))


def _something_recorded(db: Connection, period: Period, at: datetime) -> None:
    row = db.execute(
        """select count(*) filter (where recorded_at >= %s and recorded_at < %s),
                  min(recorded_at)::date, max(recorded_at)::date
           from ledger where capability <> 'audit_report'""",
        [period.start, at],
    ).fetchone()
    recorded, first, last = row or (0, None, None)
    if not recorded:
        known = f"what it knows is from {first} to {last}" if first else "it is empty: run DAG inventory first"
        raise ReportError(f"the ledger has nothing of period {period}; {known}. There is nothing to report")
