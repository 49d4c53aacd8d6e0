"""The tasks of DAG access_review."""

import logging
from datetime import datetime
from typing import Any

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from hoeder.clock import AMSTERDAM
from hoeder.orchestration.run import (
    current_run,
    governance,
    nothing_personal,
    reference_key,
    resolve,
    stored_answer,
    today,
)
from hoeder.policy import load

log = logging.getLogger(__name__)


@nothing_personal
def review() -> dict[str, Any]:
    """Review who can see what; the question for the owner. Skips the rest where there is nothing to decide."""
    from hoeder import access_review
    from hoeder.access_review import question
    from hoeder.access_review.review import age_out

    policy = load()
    with governance("access_review") as db:
        made = access_review.run(
            policy, resolve, db, reference_key(), run=current_run(policy.digest), now=datetime.now(AMSTERDAM)
        )
        lines = question.lines(db, made.review)
        age_out(db, policy, today())
    for kind, count in sorted(made.by_kind.items()):
        log.info("%s: %d", kind, count)
    if not any(line.open and line.proposed for line in lines):
        if not made.whole:
            raise AirflowFailException(f"not everything could be looked at; HR's list is {made.state}")
        raise AirflowSkipException("nobody has more than they need")
    return {"review": made.review, "subject": question.subject(made.digest), "body": question.body(made, lines)}


@nothing_personal
def withdraw(review_id: int) -> dict[str, int]:
    """Take down what the owner answered in this run, and carry it out; what came of it, by outcome."""
    from hoeder import access_review
    from hoeder.access_review import question
    from hoeder.access_review.decide import as_proposed

    policy, answer = load(), stored_answer("ask_owner")
    run = current_run(policy.digest)
    with governance("access_review") as db:
        if answer.chosen == ("Reject",):
            log.info("rejected: nothing is taken away")
            return {}
        keep = question.numbers(str(answer.fields.get("keep") or ""))
        if not question.taken_down(db, review_id, answer.answered_at):
            choices = as_proposed(db, policy, review_id, answer.responder or "", keep, today())
            access_review.decide(db, policy, reference_key(), answer, choices, review=review_id, run=run)
        return access_review.execute(policy, resolve, db, reference_key(), run=run, now=datetime.now(AMSTERDAM))


@nothing_personal
def judge(review_id: int | None) -> None:
    """Fail the run where the governance database does not say that all of it went well."""
    from hoeder.access_review import question

    if review_id is None:
        return
    with governance("access_review") as db:
        problems = question.problems(db, review_id)
    if problems:
        raise AirflowFailException("\n".join(problems))
