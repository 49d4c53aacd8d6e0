"""Marketing gate: before a message, a call or a list passed on, whoever said no, or never said yes, is out.

`take_over` adds who said no, in the company's own list, to the suppressions, under every identity, and keeps whose
data were passed on. `gate` judges each list that was handed in since it was judged last, or the one that `list` names:
only lines that a rule in force allows are stored, under the prefix that policy names, and only that file may be used
(`hoeder marketing clear FILE` tells just before a send). A list that cannot be read as a whole lets nobody through.
`check` looks at what was delivered and passed on, and counts what went out after an opt-out or without a ground.

Runs every working day before anybody is called, after every complete inventory, and whenever somebody asks.
"""

from datetime import timedelta

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, Param, TriggerRule, dag, task


@dag(
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("30 5 * * *", timezone="Europe/Amsterdam"),
        assets=[Asset(name="inventory", uri="x-hoeder://inventory")],
    ),
    catchup=False,
    max_active_runs=1,
    params={
        "list": Param(
            "", type="string", pattern="^[a-z0-9-]*$", description="A list of policy; empty: all that are new"
        ),
        "channel": Param("", enum=["", "email", "telephone", "sms", "post"], description="Where a list has several"),
    },
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    tags=["marketing_gate"],
    doc_md=__doc__,
)
def marketing_gate():
    @task
    def take_over() -> dict[str, int]:
        from hoeder.orchestration import marketing_gate as tasks

        return tasks.take_over()

    @task
    def lists(params: dict[str, str] | None = None) -> list[list[str]]:
        from hoeder.orchestration import marketing_gate as tasks

        return tasks.chosen(params["list"], params["channel"])

    @task(map_index_template="{{ asked[0] }}", retries=0)
    def gate(asked: list[str]) -> dict[str, int]:
        from hoeder.orchestration import marketing_gate as tasks

        return tasks.gate(*asked)

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def check() -> dict[str, int]:
        from hoeder.orchestration import marketing_gate as tasks

        return tasks.check()

    @task(trigger_rule=TriggerRule.ONE_FAILED, retries=0)
    def fail() -> None:
        from airflow.sdk.exceptions import AirflowFailException

        raise AirflowFailException("not every list was judged: see the failed task before this one")

    taken, asked = take_over(), lists()
    judged = gate.expand(asked=asked)
    taken >> asked
    judged >> check()
    [taken, asked, judged] >> fail()


marketing_gate()
