"""Retention: what is due is planned, shown to the DPO, erased exactly as approved, and looked for again.

Runs after every complete inventory. What policy approved beforehand is erased at once; for the rest the run waits at
`ask_dpo` until an officer answers the required action, a week at most. `erase` reads the stored answer itself and
refuses without one: marking tasks successful erases nothing. A failed or killed `erase` can be cleared: it finishes
exactly the rest. A cleared `plan` needs a new run: one plan, one answer. While a run waits for its answer no new plan
is made; what becomes due meanwhile is in the next one. `verify` looks again for what should be gone. `judge` fails the
run where the ledger does not say of every rule that it ended well, whatever colour the tasks have. A plan of which
nothing is left gets a certificate, stored beside the reports.
`return_to_clients` hands back what goes back to its client first; it counts as due once its receipt is recorded.
`keep_lifecycles` holds the lifecycle of buckets that keep a term themselves against policy, and fails at a difference.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Asset, Param, TriggerRule, dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException


@task
def return_to_clients() -> dict[str, int]:
    from hoeder.orchestration import retention as tasks

    return tasks.return_to_clients()


@task
def keep_lifecycles() -> dict[str, int]:
    from hoeder.orchestration import retention as tasks

    return tasks.keep_lifecycles()


@task(trigger_rule=TriggerRule.ALL_DONE, outlets=[Asset(name="erasures", uri="x-hoeder://erasures")])
def tell() -> None:
    """However it ended, the report can say so, its certificate included."""


@dag(
    schedule=[Asset(name="inventory", uri="x-hoeder://inventory")],
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    access_control={"DPO": {"DAGs": {"can_read", "can_edit"}}},
    tags=["retention"],
    doc_md=__doc__,
)
def retention():
    @task(retries=0)
    def plan() -> dict[str, object]:
        from hoeder.orchestration import retention as tasks

        return tasks.plan()

    @task
    def units(planned: dict[str, list[str]], which: str) -> list[str]:
        if not planned[which]:
            raise AirflowSkipException("nothing of this plan comes this way")
        return planned[which]

    @task(map_index_template="{{ unit }}")
    def erase(plan_id: str, unit: str, pre_approved: bool = False) -> dict[str, int]:
        from hoeder.orchestration import retention as tasks

        return tasks.erase(plan_id, unit, pre_approved=pre_approved)

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def verify(plan_id: str | None) -> dict[str, int]:
        from hoeder.orchestration import retention as tasks

        return tasks.verify(plan_id)

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def conclude(plan_id: str | None) -> dict[str, str]:
        from hoeder.orchestration import retention as tasks

        return tasks.conclude(plan_id)

    @task(trigger_rule=TriggerRule.ALL_DONE, retries=0)
    def judge(outcomes: dict[str, str] | None) -> None:
        from hoeder.orchestration import retention as tasks

        tasks.judge(outcomes)

    @task
    def certify(plan_id: str) -> list[str]:
        from hoeder.orchestration import retention as tasks

        return tasks.certify(plan_id)

    @task(trigger_rule=TriggerRule.ONE_FAILED, retries=0)
    def fail() -> None:
        raise AirflowFailException("not everything due was erased: see the failed task before this one")

    planned = plan()
    ask_dpo = HITLOperator(
        task_id="ask_dpo",
        subject=planned["subject"],
        body=planned["body"],
        options=["Approve", "Reject"],
        params={"reason": Param(None, type=["null", "string"], description="Why; needed to approve. No personal data")},
        response_timeout=timedelta(days=7),
        retries=0,
    )
    asked = units(planned, "units")
    erased = erase.partial(plan_id=planned["plan"]).expand(unit=asked)
    asked >> ask_dpo >> erased
    beforehand = units.override(task_id="units_pre_approved")(planned, "pre_approved")
    at_once = erase.override(task_id="erase_pre_approved").partial(plan_id=planned["plan"], pre_approved=True)
    erased_at_once = at_once.expand(unit=beforehand)
    verified = verify(planned["plan"])
    outcomes = conclude(planned["plan"])
    [erased, erased_at_once] >> verified >> outcomes
    judge(outcomes) >> certify(planned["plan"]) >> tell()
    [return_to_clients(), keep_lifecycles(), planned, ask_dpo, erased, erased_at_once] >> fail()


retention()
