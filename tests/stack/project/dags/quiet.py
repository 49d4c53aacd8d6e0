"""A DAG that asks nothing and grants the DPO nothing."""

from airflow.sdk import dag, task


@dag(schedule=None, catchup=False)
def quiet():
    @task
    def nothing() -> None: ...

    nothing()


quiet()
