"""Disclosures: an authority asks for data, or we report a crime; one run for each case.

A case comes in with `hoeder disclosures new FILE.yaml`, and the parameter `case` names it; the form below can open one
too, and then the run waits until `hoeder disclosures subjects` said whom it is about. Of persons nothing is known here.
One officer checks whether the article lets this authority ask this, and ticks what the document shows. A client whose
data are asked comes first. What the power covers is looked for, closed for the recipient, and listed with what is
withheld; another officer lets exactly that out, or not. Every task that acts reads the stored answer itself, and the
database refuses what two persons did not agree to: marking a task successful gives nothing. A new run goes on from
where the case stands. `conclude` closes what was refused or forwarded; what was released is fetched, and erased when
the recipient has it (`hoeder disclosures fetch`, `received`).
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, TriggerRule, dag, task

REQUIREMENTS = (
    "written", "signed", "named-subjects", "named-data", "named-suspicion", "named-statute", "called-back",
    "judge-authorised", "identity-shown", "title-shown", "balanced", "facts-recorded",
)  # fmt: skip
GROUNDS = ("no-power", "form-lacking", "not-verified", "too-broad", "not-necessary", "withdrawn")
VERIFIED = ("called-back", "portal", "in-person", "not-verified")
WORD = r"^[a-z][a-z0-9_.-]{0,60}$"
EITHER = {"DAGs": {"can_read", "can_edit"}}


def word(description: str, pattern: str = WORD) -> Param:
    return Param(None, type=["null", "string"], pattern=pattern, description=description)


FORM = {
    "case": word("Number of the case, as hoeder disclosures lists it; empty: the rest opens one", r"^[0-9a-f-]{36}$"),
    "authority": word("As in disclosures.yaml"),
    "power": word("As in disclosures.yaml"),
    "article": word("As the document names it", r"^[A-Za-z0-9 :().;,-]{2,80}$"),
    "document": word("SHA-256 of the document", r"^[0-9a-f]{64}$"),
    "received_on": Param(None, type=["null", "string"], format="date"),
    "verified": Param(None, type=["null", "string"], enum=[None, *VERIFIED]),
    "compelled": Param(True, type="boolean", description="Whether we must answer"),
    "secret_until": Param(None, type=["null", "string"], format="date"),
    "client": word("Whose data, where they are a client's"),
    "asked": Param(["user.name"], type="array", items={"type": "string", "pattern": WORD}, description="Categories"),
}


def ask(name: str, *options: str, **fields: Param) -> HITLOperator:
    ground = Param(None, type=["null", "string"], enum=[None, *GROUNDS], description="Of a refusal")
    reason = Param(None, type=["null", "string"], description="Why; always needed. No personal data")
    form = {**fields, "ground": ground, "reason": reason}
    return HITLOperator.partial(
        task_id=f"ask_{name}", options=list(options), params=form, retries=0, response_timeout=timedelta(days=7)
    )


def step(name: str, number: str):
    @task(task_id=name, trigger_rule=TriggerRule.NONE_FAILED)
    def take(number: str):
        from hoeder.orchestration import disclosures as tasks

        return getattr(tasks, name)(number)

    return take(number)


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=16,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    access_control={"DPO": EITHER, "Owner": EITHER},
    params=FORM,
    tags=["disclosures"],
    doc_md=__doc__,
)
def disclosures():
    @task(retries=0)
    def receive(params: dict | None = None) -> str:
        from hoeder.orchestration import disclosures as tasks

        return tasks.receive(dict(params or {}))

    @task.sensor(poke_interval=60, timeout=timedelta(days=7).total_seconds(), mode="reschedule")
    def has_subjects(number: str) -> bool:
        from hoeder.orchestration import disclosures as tasks

        return tasks.has_subjects(number)

    case = receive()
    seen = Param(
        [], type="array", items={"enum": [*REQUIREMENTS]}, examples=[*REQUIREMENTS], description="What you saw"
    )
    sure = Param(False, type="boolean", description="I read the list of what is withheld, and it is right")
    questions = {
        "check": ask("check", "Covered", "Refuse", seen=seen),
        "client": ask("client", "Forwarded", "Client agrees", "Secrecy forbids"),
        "release": ask("release", "Release", "Withhold", withheld_confirmed=sure),
    }
    before = has_subjects(case)
    for name, taken in (("check", "take_check"), ("client", "take_client"), ("release", "release")):
        if name == "release":
            before = before >> step("prepare", case)
        asked = step(f"to_{name}", case)
        before >> asked
        before = questions[name].expand_kwargs(asked) >> step(taken, case)
    before >> step("conclude", case)


disclosures()
