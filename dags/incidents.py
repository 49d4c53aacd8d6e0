"""Incidents: findings that are one are registered, all clocks are watched, and each incident gets a run.

Every hour. A finding that policy calls an incident (a BSN in the wrong place, a note of another client, a leaver's
account, an erasure that did not hold, a ledger that is not the one that was signed) opens a suspected one, once.
`start` begins a run of `incident` wherever an officer has something to decide. `judge` fails the run while a clock is
overdue: open `hoeder incidents` then. Safe to run and to clear at any time.
"""

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import CronTriggerTimetable, dag, task


@dag(
    schedule=CronTriggerTimetable("23 * * * *", timezone="Europe/Amsterdam"),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    access_control={"DPO": {"DAGs": {"can_read", "can_edit"}}},
    tags=["incidents"],
    doc_md=__doc__,
)
def incidents():
    @task
    def watch() -> dict[str, int]:
        from hoeder.orchestration import incidents as tasks

        return tasks.watch()

    @task
    def starting() -> list[dict[str, object]]:
        from hoeder.orchestration import incidents as tasks

        return tasks.starting()

    @task(retries=0)
    def judge(counts: dict[str, int]) -> None:
        from hoeder.orchestration import incidents as tasks

        tasks.judge(counts)

    seen, to_start = watch(), starting()
    started = TriggerDagRunOperator.partial(
        task_id="start", trigger_dag_id="incident", skip_when_already_exists=True
    ).expand_kwargs(to_start)
    seen >> to_start >> started
    judge(seen)


incidents()
