"""Subject request: one case of a data subject, from the question to the proof.

`subject_requests` starts a run for every open case; the parameter is the number of the case, and nothing else is known
of it here. A run goes on from where the case stands: what was done before, or with `hoeder requests` meanwhile, is not
asked again. The DPO confirms what is asked, says by which rung of the ladder it is clear who asks, judges possible
matches, and grants or refuses each right for exactly what the required action shows. Every task that acts reads the
stored answer itself: marking a task successful decides nothing. What is carried out is looked for again before the
person is answered and the case is closed. While we wait for the person the run ends and the case stays open; so it does
where a store does not answer. A cleared task finishes the rest. Alerts run from the day of receipt.
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

STEPS = ("confirm", "identify", "find", "judge", "decide", "carry_out", "notify", "verify_case", "answer", "close")
RIGHTS = ("access", "rectification", "erasure", "restriction", "portability", "objection", "withdrawal")
METHODS = ("known-address", "account", "code", "call-back", "shown", "shielded-copy")
DOUBTS = ("unknown-address", "wrong-answer", "several-persons", "on-behalf", "signs-of-misuse")
GROUNDS = (
    "not-identifiable", "manifestly-unfounded", "excessive-repetitive", "excessive-abusive", "rights-of-others",
    "legal-exception", "still-needed", "compelling-grounds", "conditions-not-met", "not-controller",
)  # fmt: skip


def remind(**given):
    from hoeder.orchestration import alerts

    alerts.remind(**given)


def after(days: int) -> DeadlineAlert:
    """So many days after receipt: the shortest month has 28."""
    late = SyncCallback(remind, kwargs={"clock": "subject_request"})
    return DeadlineAlert(DeadlineReference.DAGRUN_LOGICAL_DATE, timedelta(days=days), late, name=f"{days} days")


def text(description: str) -> Param:
    return Param(None, type=["null", "string"], description=description)


def one_of(words: tuple[str, ...], description: str) -> Param:
    return Param(None, type=["null", "string"], enum=[None, *words], description=description)


def step(name: str):
    @task(task_id=name, trigger_rule=TriggerRule.NONE_FAILED)
    def take():
        from hoeder.orchestration import subject_request as tasks

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
    params={"case": Param("", type="string", description="Number of the case, as `hoeder requests` lists it")},
    deadline=[after(21), after(28)],
    tags=["subject_request"],
    doc_md=__doc__,
)
def subject_request():
    ticked = {right: Param(False, type="boolean") for right in RIGHTS}
    questions = {
        "confirm": ask(
            "confirm", "As proposed", "As ticked", "A client's customer", "No request", "Duplicate", **ticked,
            client=text("Whose customer, where it is a client's"),
        ),
        "identify": ask(
            "identify", "Identified", "Ask the person", "Cannot be identified",
            method=one_of(METHODS, "By which rung"), doubt=one_of(DOUBTS, "Needed to ask more than the request itself"),
        ),
        "judge": ask("judge", "All are theirs", "None is theirs", "As judged one by one"),
        "decide": ask(
            "decide", "Grant", "Refuse", ground=one_of(GROUNDS, "Of a refusal, or of what is withheld"),
            withhold=text("Parts of a copy that the person does not get: tables, columns, categories, references"),
        ),
    }  # fmt: skip
    before = None
    for name in STEPS:
        if name in questions:
            asked = step(f"to_{name}")
            if before is not None:
                before >> asked
            before = questions[name].expand_kwargs(asked)
        taken = step(name)
        if before is not None:
            before >> taken
        before = taken


subject_request()
