"""Inventory: every store is looked through for personal data, and what is found is held against what policy declares.

Runs every night, each large table or prefix and each bundle of small ones in a task of its own. A store of which
anything cannot be read fails the run, and then nothing is anonymized or erased on what was known before. A new table
that identifies persons and has no retention rule turns the run red until somebody gives it one or decides about it
(`hoeder findings`); the terms of other tables go on. Safe to run at any time: it only reads.
"""

from datetime import timedelta

from airflow.sdk import Asset, CronTriggerTimetable, TriggerRule, dag, task


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
    def divide() -> list[str]:
        from hoeder.orchestration import inventory as tasks

        return tasks.divide()

    @task(map_index_template="{{ part }}")
    def scan(part: str) -> dict[str, int]:
        from hoeder.orchestration import inventory as tasks

        return tasks.scan(part)

    @task(trigger_rule=TriggerRule.ALL_DONE, outlets=[Asset(name="inventory", uri="x-hoeder://inventory")])
    def settle(parts: list[str]) -> dict[str, dict[str, int]]:
        """Write down what was found. Succeeds only if everything was read: anonymization and retention rely on it."""
        from hoeder.orchestration import inventory as tasks

        return tasks.settle(parts)

    @task
    def every_new_table_has_a_retention_rule(parts: list[str]) -> None:
        from hoeder.orchestration import inventory as tasks

        tasks.check_new_tables(parts)

    parts = divide()
    settled = settle(parts)
    scan.expand(part=parts) >> settled >> every_new_table_has_a_retention_rule(parts)


inventory()
