"""The tasks of DAG retention."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError, Refused, StoreError
from hoeder.orchestration.run import (
    current_run,
    governance,
    nothing_personal,
    reference_key,
    resolve,
    stored_answer,
    today,
)
from hoeder.policy import load

log = logging.getLogger(__name__)


@nothing_personal
def return_to_clients() -> dict[str, int]:
    """Hand back what is due and goes back to its client first; rows by rule."""
    from hoeder.retention import returning

    policy = load()
    if not returning.returning_rules(policy, today()):
        raise AirflowSkipException("no client wants its data back")
    with governance("retention") as db:
        done = returning.hand_back(policy, resolve, db, reference_key(), run=current_run(policy.digest), as_of=today())
    for rule, rows in done.items():
        log.info("%s: %d rows handed back", rule, rows)
    return done


@nothing_personal
def keep_lifecycles() -> dict[str, int]:
    """See to the terms that buckets keep by themselves; rules in force by store."""
    from hoeder.retention import lifecycles

    policy = load()
    with governance("retention") as db:
        kept = lifecycles.keep(policy, resolve, db, reference_key(), run=current_run(policy.digest), as_of=today())
    if not kept:
        raise AirflowSkipException("no bucket keeps a term by itself")
    return {each.store: each.rules for each in kept}


@nothing_personal
def plan() -> dict[str, Any]:
    """Plan what is due today. Skips the rest of the run where nothing is; fails it where that is not sure."""
    from hoeder import retention
    from hoeder.retention import question
    from hoeder.retention.plan import previous_plan
    from hoeder.retention.units import units

    policy = load()
    with governance("retention") as db:
        made = retention.make_plan(policy, resolve, db, reference_key(), run=current_run(policy.digest), as_of=today())
        previous = previous_plan(db, made)
    for part in made.parts:
        log.info(
            "%s: due %d, held %d, restricted %d, kept by another rule %d, still referred to %d, without anchor %d",
            part.rule, part.due, part.held, part.restricted, part.longer, part.needed, part.missing_anchor,
        )  # fmt: skip
    problems = [part.problem for part in made.parts if part.problem]
    if not any(part.due for part in made.parts):
        if problems:
            raise StoreError("\n".join(dict.fromkeys(problems)))
        raise AirflowSkipException("nothing is due: there is nothing to approve")
    return {
        "plan": str(made.plan),
        "digest": made.digest,
        "units": [name for name, parts in units(made).items() if set(parts) & set(made.asked)],
        "pre_approved": [name for name, parts in units(made).items() if set(parts) & set(made.pre_approved)],
        "subject": question.subject(made),
        "body": question.body(made, policy, previous),
    }


@nothing_personal
def erase(plan_id: str, unit: str, *, pre_approved: bool = False) -> dict[str, int]:
    """Erase one unit of the plan, rule by rule in the plan's order; rows erased per rule.

    What an officer was asked about or, apart from it, what policy approved beforehand. A rule that fails does not stop
    the next one; the task fails after the last. One that came to its end in an earlier attempt is not tried again.
    """
    from hoeder import retention
    from hoeder.retention.plan import read_plan
    from hoeder.retention.units import units

    policy, key = load(), reference_key()
    erased: dict[str, int] = {}
    problems: list[str] = []
    answer = None if pre_approved else stored_answer("ask_dpo")
    with governance("retention") as db:
        made, *_ = read_plan(db, UUID(plan_id))
        finished = retention.finished(db, made.plan)
        for part in units(made).get(unit, ()):
            if part.runs_without_asking != pre_approved or part.rule in finished:
                continue
            try:
                counts = retention.erase(
                    made.plan, part.rule, answer, policy, resolve, db, key, run=current_run(policy.digest)
                )
            except Refused as error:
                raise Refused("\n".join([*problems, str(error)])) from None
            except HoederError as error:
                problems.append(str(error))
                continue
            log.info("%s: %s", part.rule, counts or "rejected, nothing erased")
            erased[part.rule] = counts.get("erased", 0)
            if counts.get("remaining"):
                problems.append(f"rule {part.rule}: {counts['remaining']} records are still there")
    if problems:
        raise StoreError("\n".join(problems))
    return erased


@nothing_personal
def verify(plan_id: str | None) -> dict[str, int]:
    """Look again, over new connections, for what the plan should have erased; how many are left, by rule."""
    from hoeder.retention.verify import verify as look_again

    if plan_id is None:
        return {}
    policy = load()
    with governance("retention") as db:
        return look_again(UUID(plan_id), policy, resolve, db, reference_key(), run=current_run(policy.digest))


@nothing_personal
def conclude(plan_id: str | None) -> dict[str, str]:
    """How the plan ended, per rule and after the second look, read back from the ledger.

    Ends journal entries whose records no backup can hold any more.
    """
    from hoeder import retention
    from hoeder.governance import journal

    with governance("retention") as db:
        journal.age_out(db, today())
        db.commit()
        if plan_id is None:
            return {}
        conclusion = retention.conclude(db, UUID(plan_id))
    outcomes = {rule: str(outcome or "no outcome") for rule, outcome in conclusion.outcomes.items()}
    return outcomes | ({"verification": str(conclusion.verified or "no outcome")} if outcomes else {})


@nothing_personal
def certify(plan_id: str | None) -> list[str]:
    """Draw up the certificate of a completed plan, sign the ledger over it, and store it; where the files lie.

    Certificates of earlier plans that could not be stored then, are stored now.
    """
    from hoeder.evidence import sealing
    from hoeder.report import certificate as papers
    from hoeder.retention import certificate

    policy = load()
    run, now = current_run(policy.digest), datetime.now(AMSTERDAM)
    with governance("retention") as db:
        if plan_id is not None:
            certificate.issue(db, policy, UUID(plan_id), run=run, now=now)
        waiting = certificate.pending(db)
        if not waiting:
            return []
        with governance("evidence_seal") as signing:
            sealing.run(signing, policy, resolve, run=run, now=now)
        return [
            address for each in waiting for address in papers.store(db, policy, resolve, plan_id=each, now=now).values()
        ]


@nothing_personal
def judge(outcomes: dict[str, str] | None) -> None:
    """Fail the run where a rule did not end well by the ledger, also if somebody marked its task successful."""
    from hoeder.retention.verify import GOOD

    if bad := {rule: outcome for rule, outcome in (outcomes or {}).items() if outcome not in GOOD}:
        raise AirflowFailException("\n".join(f"rule {rule}: {outcome}" for rule, outcome in sorted(bad.items())))
