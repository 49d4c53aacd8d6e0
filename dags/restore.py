"""Restore: a store that came back from a backup, made fit to be released.

A backup brings back persons who were erased. Trigger this after restoring a database or bucket and before anybody works
with it: say which store, when the backup was begun (where in doubt an earlier moment), and the connection or bucket
that it was restored to, if that is another one. `replay` erases and changes again what was erased and changed since,
through the same door and under the same legal holds, and looks again. It fails while anything is left: then the store
must not be released.

A backup also brings back values that a person had corrected. What they should be stands in the file of the request
alone: `ask_dpo` names the cases, and waits until an officer answers that they were corrected again. Where there are
none it is skipped. `ready` reads the stored answer itself and refuses without one. What releases a store can be
scheduled on the asset `restored`.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Asset, Param, TriggerRule, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    access_control={"DPO": {"DAGs": {"can_read", "can_edit"}}},
    params={
        "store": Param("", type="string", description="The store as policy names it"),
        "taken": Param("", type="string", description="When the backup was begun: 2026-11-01T03:00, in Amsterdam"),
        "connection": Param(None, type=["null", "string"], description="Restored elsewhere: name without _retention"),
        "bucket": Param(None, type=["null", "string"], description="Restored elsewhere: the bucket"),
        "keys_used_again": Param(False, type="boolean", description="Keys erased earlier are other persons' now"),
    },
    tags=["restore"],
    doc_md=__doc__,
)
def restore():
    @task
    def replay() -> dict[str, object]:
        from hoeder.orchestration import restore as tasks

        given = get_current_context()["params"]
        return tasks.replay(
            given["store"], given["taken"], given["connection"], given["bucket"], given["keys_used_again"]
        )

    @task
    def corrections(counts: dict[str, int]) -> int:
        if not counts["corrections"]:
            raise AirflowSkipException("nothing was corrected since the backup")
        return counts["corrections"]

    @task(trigger_rule=TriggerRule.NONE_FAILED, outlets=[Asset(name="restored", uri="x-hoeder://restored")], retries=0)
    def ready() -> None:
        from hoeder.orchestration import restore as tasks

        tasks.ready(get_current_context()["params"]["store"])

    replayed = replay()
    ask_dpo = HITLOperator(
        task_id="ask_dpo",
        subject=replayed["subject"],
        body=replayed["body"],
        options=["Corrected", "Reject"],
        params={"reason": Param(None, type=["null", "string"], description="Who did it, and who looked")},
        response_timeout=timedelta(days=7),
        retries=0,
    )  # fmt: skip
    corrections(replayed["counts"]) >> ask_dpo >> ready()


restore()
