"""Questions: whether everybody who asked or complained about privacy was answered in time.

Every morning, by the state that the stores themselves keep: messages of the contact form, complaints, mail that asks
no right, and letters of supervisors. It counts, and reads nothing of what somebody wrote. A source in which something
waits beyond its time makes its promise broken until it is answered.
"""

from datetime import timedelta

from airflow.sdk import dag, task


@dag(
    schedule="45 6 * * *",
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 2, "retry_delay": timedelta(minutes=5)},
    access_control={"DPO": {"DAGs": {"can_read", "can_edit"}}},
    tags=["questions"],
    doc_md=__doc__,
)
def questions():
    @task
    def count() -> dict[str, int]:
        from hoeder.orchestration import questions as tasks

        return tasks.count()

    count()


questions()
