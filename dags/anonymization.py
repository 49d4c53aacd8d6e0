"""Anonymization: releases for analysts, published only after their checks.

Runs after every complete inventory. Each release that is due is made, checked, attacked and published by itself,
reader by reader; those whose policy says `engine: spark` are submitted to Spark, each in a task of its own. One that
fails publishes nothing, keeps its version before, and fails the run, the others go on. Then the catalogs are written.
"""

from datetime import timedelta

from airflow.sdk import Asset, TriggerRule, dag, task
from airflow.sdk.exceptions import AirflowFailException


@dag(
    schedule=[Asset(name="inventory", uri="x-hoeder://inventory")],
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    tags=["anonymization"],
    doc_md=__doc__,
)
def anonymization():
    @task
    def releases() -> list[str]:
        from hoeder.orchestration import anonymization as tasks

        return tasks.releases()

    @task(map_index_template="{{ reader }}")
    def publish(reader: str) -> dict[str, int]:
        from hoeder.orchestration import anonymization as tasks

        return tasks.publish(reader)

    @task
    def spark_releases() -> list[str]:
        from hoeder.orchestration import anonymization as tasks

        return tasks.spark_releases()

    @task(map_index_template="{{ release }}")
    def publish_with_spark(release: str) -> dict[str, int]:
        from hoeder.orchestration import anonymization as tasks

        return tasks.publish_with_spark(release)

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def catalog() -> int:
        from hoeder.orchestration import anonymization as tasks

        return tasks.catalog()

    @task(trigger_rule=TriggerRule.ALL_DONE, outlets=[Asset(name="releases", uri="x-hoeder://releases")])
    def conclude() -> None:
        """Published or refused, the report can tell."""

    @task(trigger_rule=TriggerRule.ONE_FAILED, retries=0)
    def fail() -> None:
        raise AirflowFailException("a release was not published: see the failed task before this one")

    published = [publish.expand(reader=releases()), publish_with_spark.expand(release=spark_releases())]
    published >> catalog() >> conclude()
    published >> fail()


anonymization()
