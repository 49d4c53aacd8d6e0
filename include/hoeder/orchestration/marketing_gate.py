"""The tasks of DAG marketing_gate."""

import logging

from airflow.sdk.exceptions import AirflowSkipException

from hoeder.orchestration.run import (
    current_run,
    governance,
    nothing_personal,
    reference_key,
    resolve,
    today,
)
from hoeder.policy import load

log = logging.getLogger(__name__)


@nothing_personal
def take_over() -> dict[str, int]:
    """Take over who said no and whose data were passed on; how many stand, are new, and came late."""
    from hoeder.marketing_gate import passed_on

    policy = load()
    with governance("marketing_gate") as db:
        done = passed_on.take_over(
            policy, resolve, db, reference_key(), current_run(policy.digest), today=today()
        )  # fmt: skip
    return {"standing": done.standing, "new": done.new, "late": done.late}


@nothing_personal
def chosen(name: str, channel: str) -> list[list[str]]:
    """The list that was asked for, by name and channel; without a name every list of policy that lies there ungated."""
    from hoeder.marketing_gate import ready

    policy = load()
    with governance("marketing_gate") as db:
        return [list(one) for one in ready.chosen(policy, resolve, db, name, channel)]


@nothing_personal
def gate(name: str, channel: str) -> dict[str, int]:
    """Judge a list and store whom a rule allows; how many lines there were and are, and how many by reason."""
    from hoeder.marketing_gate.gate import gate_list

    policy = load()
    with governance("marketing_gate") as db:
        done = gate_list(
            policy, resolve, db, reference_key(), name, channel, run=current_run(policy.digest), today=today()
        )  # fmt: skip
    if not done.listed:
        raise AirflowSkipException("the list is empty")
    log.info("%d of %d lines may be used", done.allowed, done.listed)
    return {"listed": done.listed, "allowed": done.allowed} | {str(r): n for r, n in done.reasons.items()}


@nothing_personal
def check() -> dict[str, int]:
    """Hold what went out against opt-outs and consents as they stood then; findings by kind."""
    from hoeder.marketing_gate.ageing import age_out
    from hoeder.marketing_gate.check import check as look

    policy = load()
    with governance("marketing_gate") as db:
        done = look(policy, resolve, db, reference_key(), current_run(policy.digest), today=today())
        age_out(db, policy, today())
    found: dict[str, int] = {}
    for each in done.findings:
        found[each.kind] = found.get(each.kind, 0) + each.number
        log.warning("%s: %d (%s, %s)", each.kind, each.number, each.what, each.channel)
    return {"deliveries": done.deliveries, "passed_on": done.passed_on, **found}
