"""Judge every promise by the evidence as it stood: a pure reading, the same answer for ever."""

from datetime import datetime

from hoeder.evidence.ledger import Connection
from hoeder.policy import Policy
from hoeder.policy.control import AllPromises
from hoeder.policy.promise import Promise
from hoeder.promises.answer import Answer, worst
from hoeder.promises.controls import all_promises, ask
from hoeder.promises.sight import Sight
from hoeder.promises.status import Assessment, Evidence, Status, Why


def assess(governance: Connection, policy: Policy, *, at: datetime, up_to: int) -> tuple[Assessment, ...]:
    """Every promise of policy, in the order of the statement.

    Only entries of the ledger up to `up_to`, and states as of `at`, count; with the account of connection
    `governance_audit_report`. Raises EvidenceError where the ledger does not reach `up_to` or `at` has no time zone.
    """
    sight = Sight(governance, policy, at=at, up_to=up_to)
    found: dict[str, Assessment] = {}
    totals: list[Promise] = []
    for promise in policy.promises:
        if any(isinstance(control, AllPromises) for control in promise.proven_by):
            totals.append(promise)
        else:
            found[promise.id] = _judged(promise, sight, [ask(control, sight) for control in promise.proven_by])
    others = [assessment.status for assessment in found.values()]
    for promise in totals:
        answers = [
            all_promises(others, sight) if isinstance(control, AllPromises) else ask(control, sight)
            for control in promise.proven_by
        ]
        found[promise.id] = _judged(promise, sight, answers)
    return tuple(found[promise.id] for promise in policy.promises)


def _judged(promise: Promise, sight: Sight, answers: list[Answer]) -> Assessment:
    """The worst answer counts; where the law has overtaken the statement, that is said unless what took its place is
    broken too.
    """
    found = worst(answers)
    law, statement = promise.law, sight.policy.organisation.statement_date
    if law and found.status is not Status.BROKEN and law.overtakes(statement, sight.day):
        why = Why("overtaken", (("basis", law.basis), ("day", law.since.isoformat())))
        said = Evidence("policy", f"{promise.id}, policy {sight.policy.digest[:12]}", f"{law.basis}; {law.source}")
        return Assessment(promise.id, Status.SUPERSEDED, why, (said, *found.evidence))
    return Assessment(promise.id, found.status, found.why, found.evidence)
