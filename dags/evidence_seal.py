"""Evidence seal: the ledger as it stands is signed, and the signature kept where nobody can change or delete it.

Runs every hour, and after every report. A lost key or a bucket that does not answer fails the run and loses nothing:
the next run that succeeds seals everything. Anyone with the public key can check: `hoeder ledger verify`.
"""

from datetime import timedelta

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, dag, task


@dag(
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("15 * * * *", timezone="Europe/Amsterdam"),
        assets=[Asset(name="report", uri="x-hoeder://report")],
    ),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 2, "retry_delay": timedelta(seconds=30)},
    tags=["evidence_seal"],
    doc_md=__doc__,
)
def evidence_seal():
    @task
    def seal() -> dict[str, int]:
        from hoeder.orchestration import evidence_seal as tasks

        return tasks.seal()

    seal()


evidence_seal()
