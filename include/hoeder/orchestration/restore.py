"""The task of DAG restore."""

from datetime import datetime

from hoeder.clock import AMSTERDAM
from hoeder.orchestration.run import current_run, governance, nothing_personal, reference_key, resolve
from hoeder.policy import load


@nothing_personal
def replay(store: str, taken: str, connection: str | None, bucket: str | None, keys_used_again: bool) -> dict[str, int]:
    """Repeat on a restored store what was done to it since its backup was begun; counts."""
    from hoeder.retention import replay as restored

    policy = load()
    moment = datetime.fromisoformat(taken)
    with governance("retention") as db:
        done = restored.replay(
            store, policy, resolve, db, reference_key(), run=current_run(policy.digest),
            taken=moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM),
            connection=connection, bucket=bucket, keys_used_again=keys_used_again,
        )  # fmt: skip
    return done.counts()
