"""Clients apart: every night each client's data are looked at from the outside, as that client's agents see them.

Takes on each client's role and counts what it sees of whom; follows foreign keys and views from one client to another;
searches notes for customers of another client; looks up what lies in each client's folder. Only reads. A role that
cannot be looked through is told of as such, and fails the run: it is never taken for fine.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task


@dag(
    schedule=CronTriggerTimetable("30 4 * * *", timezone="Europe/Amsterdam"),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    tags=["client_segregation"],
    doc_md=__doc__,
)
def client_segregation():
    @task
    def check() -> dict[str, int]:
        from hoeder.orchestration import client_segregation as tasks

        return tasks.check()

    check()


client_segregation()
