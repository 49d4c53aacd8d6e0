"""Fraud files: every day, is each one reasoned, approved by two persons, decided in time, and closed to others?

Looks at every signal and file in the company's own store, and from the outside at who can read them. A file without a
suspicion that policy names, or that one person opened alone; a suspicion that nobody decides about; what is still there
after its term; an account that can read and that policy does not name: each is a finding, and the run fails while one
stands. It changes nothing. Opening, approving and deciding is done with `hoeder fraud-files`.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task


@dag(
    schedule=CronTriggerTimetable("40 5 * * *", timezone="Europe/Amsterdam"),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 2, "retry_delay": timedelta(seconds=60)},
    tags=["fraud_files"],
    doc_md=__doc__,
)
def fraud_files():
    @task
    def check() -> dict[str, int]:
        from hoeder.orchestration import fraud_files as tasks

        return tasks.check()

    @task(retries=0)
    def judge(counts: dict[str, int]) -> None:
        from hoeder.orchestration import fraud_files as tasks

        tasks.judge(counts)

    judge(check())


fraud_files()
