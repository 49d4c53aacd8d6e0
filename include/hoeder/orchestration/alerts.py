"""What Airflow calls when the clock of a run has come to a date: who has to answer hears it, in cases and days.

Airflow's deadline alerts run from the moment that a run is about, and know nothing of extensions or of cases that were
closed meanwhile: each alert looks where its case stands now. The reminder goes into the log of the scheduler, which
runs it, into the ledger and, where there is a connection `smtp_alerts`, by mail to the privacy mailbox. In Airflow 3.3
a callback reads connections from a secrets backend alone, not from Airflow's own database.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg

from hoeder.clock import AMSTERDAM
from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity
from hoeder.incidents import case as incident
from hoeder.orchestration.run import governance, nothing_personal, resolve
from hoeder.policy import Policy, load
from hoeder.rights import case

log = logging.getLogger(__name__)
CONNECTION = "smtp_alerts"
Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Due:
    """A case that must be answered before a day."""

    case_id: UUID
    day: date
    moment: datetime | None = None
    """Where it is due by the hour."""

    def late(self, now: datetime) -> bool:
        """Whether its time is over."""
        return now > self.moment if self.moment else self.left(now.astimezone(AMSTERDAM).date()) < 0

    def left(self, today: date) -> int:
        """Days that are left; below none where it is overdue."""
        return (self.day - today).days


@dataclass(frozen=True)
class Clock:
    """Clocks of one capability: whose account, which entry a reminder becomes, and how a case is looked up."""

    capability: str
    activity: Activity
    object: str
    due: Callable[[Db, UUID], Due | None]
    """When a case is due; None where nothing is left to be answered."""


def _request(db: Db, number: UUID) -> Due | None:
    found = case.read(db, number)
    answered = found.latest(case.What.ANSWERED) or found.latest(case.What.FORWARDED)
    return Due(number, found.due.due) if found.is_open and not answered else None


def _incident(db: Db, number: UUID) -> Due | None:
    """The clock that ends first."""
    found = incident.read(db, number)
    running = [each for each in found.clocks(load()) if each.running] if found.is_open else []
    return Due(number, running[0].due.date(), running[0].due) if running else None


CLOCKS: Mapping[str, Clock] = {
    "incident": Clock("incidents", Activity.INCIDENTS_REMIND, "incident", _incident),
    "subject_request": Clock("rights", Activity.RIGHTS_CLOCKS, "clock", _request),
}
"""By the name of the DAG whose runs have the clock. Each has one run per case, with parameter `case`."""


@nothing_personal
def remind(*, clock: str, context: Mapping[str, Any]) -> int | None:
    """Remind of the case of a run, once a day; the days that are left, or None where nothing is left to be answered.

    `context` is what Airflow hands to a callback: of it the parameter `case` of the run counts, and no more.
    """
    one, run = CLOCKS[clock], context["dag_run"]
    number = UUID(str((run.get("conf") or {}).get("case")))
    policy, today = load(), datetime.now(AMSTERDAM).date()
    with governance(one.capability) as db:
        due = one.due(db, number)
        if due is None:
            log.info("case %s needs no answer any more", number)
            return None
        if _reminded(db, one, number, today):
            return due.left(today)
        entry = ledger.Run(policy.digest, clock, str(run.get("dag_run_id") or ""))
        with ledger.act(db, entry, one.activity, one.object, case_id=number) as act:
            late = due.late(datetime.now(AMSTERDAM))
            act.counts = {"reminded": 1, **({"overdue": 1} if late else {"days_to_due": due.left(today)})}
    said = _said(due, today)
    log.warning("%s: %s", clock, said)
    _mail(policy, f"{clock}: {said}")
    return due.left(today)


def _reminded(db: Db, one: Clock, number: UUID, today: date) -> bool:
    row = db.execute(
        """select 1 from ledger where case_id = %s and activity = %s and phase = 'outcome'
              and (recorded_at at time zone 'Europe/Amsterdam')::date = %s limit 1""",
        [number, one.activity, today],
    ).fetchone()
    return row is not None


def _said(due: Due, today: date) -> str:
    if due.moment:
        hours = int((due.moment - datetime.now(AMSTERDAM)).total_seconds() // 3600)
        when = f"{-hours} hours ago" if hours < 0 else f"in {hours} hours"
        return f"case {due.case_id}: its next clock ends {due.moment:%Y-%m-%d %H:%M}, {when}"
    left = due.left(today)
    if left < 0:
        return f"case {due.case_id} was due on {due.day}, {-left} days ago"
    return f"case {due.case_id} is due on {due.day}, in {left} days"


def _mail(policy: Policy, said: str) -> None:
    try:
        resolve(CONNECTION)
    except StoreError:
        return
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook(smtp_conn_id=CONNECTION) as hook:
        hook.send_email_smtp(to=policy.organisation.privacy_mailbox, subject=said, html_content=said)
