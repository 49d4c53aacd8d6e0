"""Incident: one incident, as far as an officer has something to decide about it.

`incidents` starts a run wherever there is a decision to take; the parameter is the number of the case. The DPO is asked
whether it is an incident, whether the supervisor is notified or with which ground not, whether the persons are told or
by which exception not, and whether it is closed, by somebody else than handled it. Each question shows what is known,
in closed words and counts, with the clocks; what people wrote stands in the vault (`hoeder incidents show --texts`).
The task after a question reads the stored answer itself: marking a task successful decides nothing. What was asked
about and has changed since is asked again in the next run. What is somebody's work, such as sending the form, telling a
client or taking measures, is written down with `hoeder incidents`. Alerts run from the discovery.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import (
    DeadlineAlert,
    DeadlineReference,
    Param,
    SyncCallback,
    TriggerRule,
    dag,
    get_current_context,
    task,
)

GROUNDS = ("risk-unlikely", "client-notifies", "no-personal-data")
EXCEPTIONS = ("no-high-risk", "unintelligible", "risk-taken-away", "disproportionate")


def remind(**given):
    from hoeder.orchestration import alerts

    alerts.remind(**given)


def after(hours: int) -> DeadlineAlert:
    late = SyncCallback(remind, kwargs={"clock": "incident"})
    return DeadlineAlert(DeadlineReference.DAGRUN_LOGICAL_DATE, timedelta(hours=hours), late, name=f"{hours} hours")


def text(description: str) -> Param:
    return Param(None, type=["null", "string"], description=description)


def one_of(words: tuple[str, ...], description: str) -> Param:
    return Param(None, type=["null", "string"], enum=[None, *words], description=description)


def step(name: str):
    @task(task_id=name, trigger_rule=TriggerRule.NONE_FAILED)
    def take():
        from hoeder.orchestration import incidents as tasks

        return tasks.STEPS[name](get_current_context()["params"]["case"])

    return take()


def ask(name: str, *options: str, **fields: Param) -> HITLOperator:
    form = {**fields, "reason": text("Why. No personal data")}
    return HITLOperator.partial(task_id=f"ask_{name}", options=list(options), params=form, retries=0)


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=256,
    default_args={"owner": "data engineering", "retries": 2, "retry_delay": timedelta(seconds=60)},
    access_control={"DPO": {"DAGs": {"can_read", "can_edit"}}},
    params={"case": Param("", type="string", description="Number of the case, as `hoeder incidents show` gives it")},
    deadline=[after(12), after(24), after(48), after(66), after(72)],
    tags=["incident"],
    doc_md=__doc__,
)
def incident():
    questions = {
        "triage": ask(
            "triage", "Confirmed", "Near miss", "No incident",
            aware_at=text("When it was reasonably certain, such as 2026-11-20T16:40; empty: at its discovery"),
            significant=Param(False, type="boolean", description="Significant under the Cyberbeveiligingswet (NIS2)"),
        ),
        "supervisor": ask("supervisor", "Notify", "Do not notify", ground=one_of(GROUNDS, "Of not notifying")),
        "persons": ask("persons", "Tell them", "Do not tell", exception=one_of(EXCEPTIONS, "By which they are not")),
        "closing": ask("closing", "Close", "Not yet"),
    }  # fmt: skip
    before = None
    for name, question in questions.items():
        asked = step(f"to_{name}")
        if before is not None:
            before >> asked
        before = step(name)
        question.expand_kwargs(asked) >> before


incident()
