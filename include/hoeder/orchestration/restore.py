"""The tasks of DAG restore."""

import logging
from datetime import datetime

from airflow.sdk.exceptions import AirflowFailException

from hoeder.clock import AMSTERDAM
from hoeder.orchestration.run import (
    current_run,
    governance,
    nothing_personal,
    reference_key,
    resolve,
    stored_answers,
)
from hoeder.policy import load

log = logging.getLogger(__name__)


@nothing_personal
def replay(
    store: str, taken: str, connection: str | None, bucket: str | None, keys_used_again: bool
) -> dict[str, object]:
    """Repeat on a restored store what was done to it since its backup was begun; counts, and what to ask the DPO."""
    from hoeder.retention import corrections
    from hoeder.retention import replay as restored

    policy = load()
    moment = datetime.fromisoformat(taken)
    with governance("retention") as db:
        done = restored.replay(
            store, policy, resolve, db, reference_key(), run=current_run(policy.digest),
            taken=moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM),
            connection=connection, bucket=bucket, keys_used_again=keys_used_again,
        )  # fmt: skip
    for each in done.corrections:
        log.warning("correction to make again: case %s, table %s, %d records", each.case_id, each.target, each.records)
    return {
        "counts": done.counts(),
        "subject": corrections.subject(store, done),
        "body": corrections.body(store, done, policy.organisation.approvals_last_days),
    }


@nothing_personal
def ready(store: str) -> None:
    """Say that the store may be worked with again, or fail: an officer answers for corrections that were lost."""
    from hoeder.retention import corrections

    policy = load()
    answers = stored_answers("ask_dpo")
    with governance("retention") as db:
        if not corrections.ready(db, policy, store, answers[0] if answers else None, run=current_run(policy.digest)):
            raise AirflowFailException(f"store {store} stays closed: its corrections were not made again")
    log.info("store %s is ready", store)
