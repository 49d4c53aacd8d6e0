"""The tasks of DAG subject_request, each by the name of its step."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused
from hoeder.governance.answer import Answer
from hoeder.orchestration.run import (
    airflow_api,
    current_run,
    governance,
    nothing_personal,
    reference_key,
    resolve,
    stored_answers,
)
from hoeder.policy import load
from hoeder.rights import case, deciding, finish, runs, search, steps
from hoeder.rights.questions import Text
from hoeder.rights.work import Work
from hoeder.vault import open_vault

log = logging.getLogger(__name__)

DAG = "subject_request"


def starting() -> list[dict[str, Any]]:
    """What starts a run for every open case that has none: arguments of a TriggerDagRunOperator."""
    active = {str(run["conf"].get("case") or "") for run in _active()}
    with governance("rights") as db:
        found = runs.to_start(db, active, datetime.now(AMSTERDAM).date())
    return [
        {"trigger_run_id": each.run_id, "conf": {"case": each.number}, "logical_date": each.begins.isoformat()}
        for each in found
    ]


def _active() -> Iterator[dict[str, Any]]:
    """Runs that have not ended, a page at a time."""
    client, offset = airflow_api(), 0
    while True:
        page = client.call(
            "GET", f"/api/v2/dags/{DAG}/dagRuns?state=running&state=queued&order_by=id&limit=100&offset={offset}"
        )["dag_runs"]
        yield from page
        if len(page) < 100:
            return
        offset += 100


@contextmanager
def working() -> Iterator[Work]:
    """What the steps of a case work with."""
    policy = load()
    with governance("rights") as db:
        yield Work(
            db, policy, resolve, reference_key(), open_vault(policy, resolve, "rights"), current_run(policy.digest),
            datetime.now(AMSTERDAM).date(),
        )  # fmt: skip


Step = Callable[[Work, UUID], Any]


def _task(step: Step) -> Callable[[str], Any]:
    """A step as a task: it gets the number of a case, and gives back nothing but counts and questions."""

    @nothing_personal
    def task(number: str) -> Any:
        with working() as work:
            return step(work, _number(number))

    return task


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("parameter case is not the number of a case; `hoeder requests` lists them") from None


def _shown(*texts: Text | None) -> list[dict[str, str]]:
    return [{"subject": text.subject, "body": text.body} for text in texts if text]


def _stands(found: case.Case) -> dict[str, Any]:
    log.info("the case is %s, to be answered before %s", found.last, found.due.due)
    return {"last": str(found.last)}


def _only(task: str) -> Answer | None:
    """The answer to a question that is asked once, in this run."""
    return next(iter(stored_answers(task)), None)


def _identify(work: Work, number: UUID) -> dict[str, Any]:
    found = steps.identify(work, number, _only("ask_identify"))
    steps.destroy_copies(work, number)
    return _stands(found)


def _find(work: Work, number: UUID) -> dict[str, int]:
    found = steps.find(work, number)
    return search.counts(found) if found else {}


def _judge(work: Work, number: UUID) -> dict[str, int]:
    found = steps.judge(work, number, _only("ask_judge"))
    return search.counts(found) if found else {}


def _answer(work: Work, number: UUID) -> dict[str, Any]:
    written = finish.answer(work, number)
    return {"letter": written.name, "version": written.version} if written else {}


STEPS: dict[str, Callable[[str], Any]] = {
    "to_confirm": _task(lambda work, number: _shown(steps.to_confirm(work, number))),
    "confirm": _task(lambda work, number: _stands(steps.confirm(work, number, _only("ask_confirm")))),
    "to_identify": _task(lambda work, number: _shown(steps.to_identify(work, number))),
    "identify": _task(_identify),
    "find": _task(_find),
    "to_judge": _task(lambda work, number: _shown(steps.to_judge(work, number))),
    "judge": _task(_judge),
    "to_decide": _task(lambda work, number: _shown(*deciding.to_decide(work, number))),
    "decide": _task(lambda work, number: _stands(deciding.decide(work, number, stored_answers("ask_decide")))),
    "carry_out": _task(lambda work, number: finish.carry_out(work, number, stored_answers("ask_decide"))),
    "notify": _task(lambda work, number: finish.notify(work, number)),
    "verify_case": _task(lambda work, number: finish.verify(work, number)),
    "answer": _task(_answer),
    "close": _task(lambda work, number: _stands(finish.close(work, number))),
}
"""The tasks of the DAG, by name. What a task gives back stands in Airflow: counts, words, and questions."""
