"""The task of DAG evidence_seal."""

from datetime import datetime

from airflow.sdk import get_current_context

from hoeder.clock import AMSTERDAM
from hoeder.orchestration.run import current_run, governance, nothing_personal, resolve
from hoeder.policy import load


@nothing_personal
def seal() -> dict[str, int]:
    """Sign the ledger; size and entries of the new checkpoint, nothing where there was nothing to sign."""
    from hoeder.evidence import sealing

    policy = load()
    now: datetime = get_current_context()["dag_run"].run_after.astimezone(AMSTERDAM)
    with governance("evidence_seal") as db:
        return dict(sealing.run(db, policy, resolve, run=current_run(policy.digest), now=now))
