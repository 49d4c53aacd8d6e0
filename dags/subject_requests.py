"""Subject requests: what people ask about their own data is taken in, its clock is watched, and each case gets a run.

Every quarter of an hour: mail is moved from the IMAP mailbox where connection `imap_rights` names one; new messages of
the privacy mailbox and of the contact form become cases, with a proposal of what is asked and nothing of the person
outside the vault. Who wants no advertising is left alone from this moment. Copies of identity documents come out of the
messages. Where connection `smtp_rights` is set, letters to persons go by mail to an address that stands on file of
them; else, and for anybody else, officers send them. `start` begins a run of `subject_request` for open cases that have
none, eight at a time. `judge` fails the run, after everything else is done, while an answer is overdue or a copy
overstayed its case: open `hoeder requests` then. Safe to run and to clear at any time.
"""

from datetime import timedelta

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import CronTriggerTimetable, TriggerRule, dag, task
from airflow.sdk.exceptions import AirflowFailException


@dag(
    schedule=CronTriggerTimetable("*/15 * * * *", timezone="Europe/Amsterdam"),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    tags=["subject_requests"],
    doc_md=__doc__,
)
def subject_requests():
    @task
    def fetch_mail() -> int:
        from hoeder.orchestration import subject_requests as tasks

        return tasks.fetch_mail()

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def take_in() -> dict[str, int]:
        from hoeder.orchestration import subject_requests as tasks

        return tasks.take_in()

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def clocks() -> dict[str, int]:
        from hoeder.orchestration import subject_requests as tasks

        return tasks.clocks()

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def keep_house() -> dict[str, int]:
        from hoeder.orchestration import subject_requests as tasks

        return tasks.keep_house()

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def send_letters() -> dict[str, int]:
        from hoeder.orchestration import subject_requests as tasks

        return tasks.send_letters()

    @task
    def look_at_indexes() -> dict[str, str]:
        """Columns by which a search would read a whole table, with the statement that adds an index."""
        from hoeder.orchestration import subject_requests as tasks

        return tasks.look_at_indexes()

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def starting() -> list[dict[str, object]]:
        from hoeder.orchestration import subject_requests as tasks

        return tasks.starting()

    @task(trigger_rule=TriggerRule.ALL_DONE, retries=0)
    def judge(counts: dict[str, int] | None, kept: dict[str, int] | None) -> None:
        from hoeder.orchestration import subject_requests as tasks

        tasks.judge(counts, kept)

    @task(trigger_rule=TriggerRule.ONE_FAILED, retries=0)
    def fail() -> None:
        raise AirflowFailException("not everything was taken in or seen to: see the failed task before this one")

    fetched, taken, counted, kept, to_start = fetch_mail(), take_in(), clocks(), keep_house(), starting()
    started = TriggerDagRunOperator.partial(
        task_id="start", trigger_dag_id="subject_request", skip_when_already_exists=True, max_active_tis_per_dagrun=2
    ).expand_kwargs(to_start)
    fetched >> taken >> counted >> kept >> to_start
    looked, sent = look_at_indexes(), send_letters()
    [started, looked, sent] >> judge(counted, kept)
    [fetched, taken, counted, kept, to_start, started, looked, sent] >> fail()


subject_requests()
