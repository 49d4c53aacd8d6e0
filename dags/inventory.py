"""Inventory: every store is looked through for personal data, and what is found is held against what policy declares.

Runs every night. A store that cannot be scanned fails the run, and then nothing is anonymized or erased on what was
known before. Safe to run at any time: it only reads.
"""

from datetime import timedelta

from airflow.sdk import Asset, CronTriggerTimetable, dag, task


@dag(
    schedule=CronTriggerTimetable("0 2 * * *", timezone="Europe/Amsterdam"),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    tags=["inventory"],
    doc_md=__doc__,
)
def inventory():
    @task
    def stores() -> list[str]:
        from hoeder import orchestration

        return orchestration.stores()

    @task(map_index_template="{{ store }}")
    def scan(store: str) -> dict[str, int]:
        from hoeder import orchestration

        return orchestration.scan(store)

    @task(outlets=[Asset(name="inventory", uri="x-hoeder://inventory")])
    def complete() -> None:
        """Every store was scanned: anonymization and retention may rely on it."""

    scan.expand(store=stores()) >> complete()


inventory()
