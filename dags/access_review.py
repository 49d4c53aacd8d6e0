"""Access review: who can see what is held against who needs it, the owner decides, and what was decided is taken away.

Runs on the first Monday of every month, and on demand. `review` reads real entitlements and HR's list; where that list
is empty, old or misses many people, it says so, and nobody loses access. `ask_owner` waits up to a fortnight for the
officer who answers for the data: Approve carries out what is proposed, but for the findings whose numbers are typed
under `keep`; Reject takes nothing away. Names are shown by `hoeder access list --names` on the terminal alone; there
each finding can be decided about by itself. `withdraw` reads the stored answer itself and refuses without one: marking
tasks successful takes nothing away. It reads everything again, takes away exactly what was decided, and looks again.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import CronTriggerTimetable, Param, TriggerRule, dag, task


@dag(
    schedule=CronTriggerTimetable("0 6 * * MON#1", timezone="Europe/Amsterdam"),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    access_control={"Owner": {"DAGs": {"can_read", "can_edit"}}},
    tags=["access_review"],
    doc_md=__doc__,
)
def access_review():
    @task(retries=0)
    def review() -> dict[str, object]:
        from hoeder.orchestration import access_review as tasks

        return tasks.review()

    @task
    def withdraw(review_id: int) -> dict[str, int]:
        from hoeder.orchestration import access_review as tasks

        return tasks.withdraw(review_id)

    @task(trigger_rule=TriggerRule.ALL_DONE, retries=0)
    def judge(review_id: int | None) -> None:
        """Fail where not everything could be read, HR's list was not usable, or something decided is still there."""
        from hoeder.orchestration import access_review as tasks

        tasks.judge(review_id)

    reviewed = review()
    ask_owner = HITLOperator(
        task_id="ask_owner",
        subject=reviewed["subject"],
        body=reviewed["body"],
        options=["Approve", "Reject"],
        params={
            "keep": Param(None, type=["null", "string"], description="Numbers of findings to keep: 7, 9"),
            "reason": Param(None, type=["null", "string"], description="Why; needed to approve. No personal data"),
        },
        response_timeout=timedelta(days=14),
        retries=0,
    )
    withdrawn = withdraw(reviewed["review"])
    reviewed >> ask_owner >> withdrawn >> judge(reviewed["review"])


access_review()
