"""One question to the DPO, as the real DAGs ask it, and a task that looks at its connection."""

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Connection, Param, dag, task


@dag(schedule=None, catchup=False, access_control={"DPO": {"DAGs": {"can_read", "can_edit"}}})
def asks():
    @task
    def plan() -> str:
        connection = Connection.get("store")
        return f"{connection.host} {connection.extra_dejson['sslmode']} {len(connection.password)}"

    shown = plan()
    ask_dpo = HITLOperator(
        task_id="ask_dpo",
        options=["Approve", "Reject"],
        subject=shown,
        params={"reason": Param("", type="string")},
    )

    @task
    def after(answer: object) -> None: ...

    after(ask_dpo.output)


asks()
