"""The tasks of DAG audit_report."""

import functools
import logging
from datetime import datetime
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from hoeder.clock import AMSTERDAM
from hoeder.orchestration.run import current_run, governance, nothing_personal, resolve, today
from hoeder.policy import load

log = logging.getLogger(__name__)


@nothing_personal
def refresh_registers() -> dict[str, int]:
    """Make the registers from policy and hold them against the last inventory; new versions by register."""
    from hoeder import registers

    policy = load()
    with governance("registers") as db:
        done = registers.refresh(db, policy, current_run(policy.digest), today=today())
    log.info("%d new versions, %d findings", len(done.versions), len(done.findings))
    return dict(done.versions)


@nothing_personal
def assess_promises() -> dict[str, int]:
    """Hold every promise against the evidence and keep how it stood; how many by status."""
    from hoeder import promises

    policy, now = load(), datetime.now(AMSTERDAM)
    with governance("audit_report") as db:
        row = db.execute("select coalesce(max(entry), 0) from ledger where recorded_at < %s", [now]).fetchone()
        up_to = int(row[0]) if row else 0
        judged = promises.assess(db, policy, at=now, up_to=up_to)
    if not judged:
        raise AirflowSkipException("policy has no promises")
    with governance("promises") as db:
        promises.record(db, current_run(policy.digest), judged, up_to, at=now)
    return {status.value: sum(each.status is status for each in judged) for status in promises.Status}


@nothing_personal
def write_reports(period: str, language: str) -> list[dict[str, Any]]:
    """Make each report that is due and store it under object lock; what a mail says of each, and where it lies.

    Without a `period`: after the timetable's own run the month that just ended, with its quarter and year where they
    ended too; in any other run the month that still lasts.
    """
    from hoeder.report import publish
    from hoeder.report.period import Kind, Period, ended

    policy = load()
    dag_run, now = get_current_context()["dag_run"], datetime.now(AMSTERDAM)
    if period:
        due: tuple[Period, ...] = (Period.parse(period),)
    elif dag_run.run_type == "scheduled" and today().day == 1:
        due = ended(today())
    else:
        due = (Period.holding(now.date(), Kind.MONTH),)
    with governance("audit_report") as db:
        made = [
            publish.run(db, policy, resolve, run=current_run(policy.digest), period=each, now=now, language=language)
            for each in due
        ]
    return [{"addresses": one.addresses, "mail": dict(vars(one.summary))} for one in made]


@nothing_personal
def send_reports(made: list[dict[str, Any]]) -> int:
    """Tell whom policy names that the reports are there; how many recipients were written to."""
    from hoeder.report import mail
    from hoeder.report.publish import read

    policy, sent = load(), 0
    with governance("audit_report") as db:
        for one in made:
            told = mail.Summary(**one["mail"])
            files = functools.partial(read, resolve, one["addresses"])
            sent += mail.send(db, policy, resolve, told, run=current_run(policy.digest), files=files)
    return sent
