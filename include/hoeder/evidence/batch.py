"""Append many entries at once: one statement, one lock, for capabilities that record every record of a batch."""

from collections.abc import Sequence
from uuid import UUID

from hoeder.evidence.ledger import Activity, Connection, Run, refusals


def record_intents(
    db: Connection,
    run: Run,
    activity: Activity,
    target: str,
    subject_refs: Sequence[bytes],
    *,
    case_id: UUID | None = None,
) -> int:
    """An intent for each subject; the number of entries written. Works inside the caller's transaction."""
    with refusals():
        return db.execute(
            """insert into ledger (phase, activity, object, case_id, policy_digest, dag_id, run_id, task_id,
                                   subject_ref, trace_id, span_id, counts)
               select 'intent', %s, %s, %s, %s, %s, %s, %s, ref, %s, substring(uuid_send(gen_random_uuid()) for 8), '{}'
               from unnest(%s::bytea[]) as ref""",
            [activity, target, case_id, run.policy_digest, run.dag_id, run.recorded_run_id, run.task_id, run.trace_id,
             list(subject_refs)],
        ).rowcount  # fmt: skip
