"""The tasks of DAGs incidents and incident."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from airflow.sdk.exceptions import AirflowFailException

from hoeder.errors import Refused
from hoeder.incidents import case, steps, texts
from hoeder.incidents import watch as findings
from hoeder.incidents.decisions import Asks
from hoeder.incidents.steps import Work
from hoeder.orchestration.run import (
    airflow_api,
    current_run,
    governance,
    nothing_personal,
    resolve,
    stored_answers,
)
from hoeder.policy import load
from hoeder.vault import open_vault

log = logging.getLogger(__name__)
DAG = "incident"
_SPREAD = 15 * 60 * 1_000_000
"""Microseconds before its discovery in which the runs of an incident begin: Airflow wants each its own moment."""


@contextmanager
def working() -> Iterator[Work]:
    """What the steps of an incident work with."""
    policy = load()
    with governance("incidents") as db:
        yield Work(db, policy, current_run(policy.digest))


@nothing_personal
def watch() -> dict[str, int]:
    """Open what is new among the findings, and count how all incidents stand; begin the terms of those that ended."""
    with working() as work:
        counts = dict(findings.watch(work.db, work.policy, run=work.run))
        texts.settle(open_vault(work.policy, resolve, "incidents"), case.all_of_them(work.db))
    log.info("%s", ", ".join(f"{name} {number}" for name, number in counts.items()))
    return counts


@nothing_personal
def judge(counts: dict[str, int]) -> None:
    """Fail while a clock is overdue."""
    if counts["overdue"]:
        raise AirflowFailException(f"{counts['overdue']} clocks of incidents are overdue: hoeder incidents list")


@nothing_personal
def starting() -> list[dict[str, Any]]:
    """What starts a run for every incident on which an officer has something to decide, and no run goes on.

    Arguments of a TriggerDagRunOperator. A run that ended without a decision, for an answer that was none or a question
    that was overtaken, is followed by the next one an hour later.
    """
    active = {str(run["conf"].get("case") or "") for run in airflow_api().active_runs(DAG)}
    now = datetime.now(UTC)
    with governance("incidents") as db:
        wanted = [(case.read(db, number), number_of_steps) for number, number_of_steps in findings.starting(db, active)]
    return [
        {
            "trigger_run_id": f"{found.incident_id}.{moved}.{now:%Y%m%d%H}",
            "conf": {"case": str(found.incident_id)},
            "logical_date": _begins(found, f"{moved}.{now:%Y%m%d%H}").isoformat(),
        }
        for found, moved in wanted
    ]


def _begins(found: case.Incident, which: str) -> datetime:
    """The discovery, from which alerts run, less some minutes in which no other run begins."""
    spread = hashlib.sha256(f"{found.incident_id} {which}".encode()).digest()
    return found.discovered_at - timedelta(microseconds=int.from_bytes(spread) % _SPREAD)


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("parameter case is not the number of a case; `hoeder incidents` lists them") from None


def _asking(asks: Asks) -> Callable[[str], list[dict[str, str]]]:
    @nothing_personal
    def to_ask(number: str) -> list[dict[str, str]]:
        with working() as work:
            asked = steps.to_ask(work, _number(number), asks)
        return [{"subject": asked.subject, "body": asked.body}] if asked else []

    return to_ask


def _deciding(asks: Asks) -> Callable[[str], dict[str, str]]:
    @nothing_personal
    def decide(number: str) -> dict[str, str]:
        answers = stored_answers(f"ask_{asks}")
        with working() as work:
            found = steps.decide(work, _number(number), asks, answers[0] if answers else None)
        log.info("incident %d is %s; still to be done: %s", found.number, found.phase, ", ".join(found.outstanding))
        return {"phase": found.phase.value}

    return decide


STEPS: dict[str, Callable[[str], Any]] = {
    **{f"to_{asks}": _asking(asks) for asks in Asks},
    **{asks.value: _deciding(asks) for asks in Asks},
}
"""By the name of the task."""
