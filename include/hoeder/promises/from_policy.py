"""Controls that policy itself answers: who has which function, and who supervises. Never whether they do their work."""

from hoeder.policy.control import PolicySays, SupervisorNamed
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Sight
from hoeder.promises.status import Evidence, Status


def policy_says(control: PolicySays, sight: Sight) -> Answer:
    """A key of organisation.yaml, and what it says."""
    at: object = sight.policy.organisation.model_dump(mode="json")
    for part in control.key.split("."):
        at = at.get(part) if isinstance(at, dict) else None
    evidence = _policy(sight, control.key)
    if not at or (control.equals is not None and str(at) != control.equals):
        return answer(Status.BROKEN, "policy-differs", evidence, key=control.key)
    return answer(Status.KEPT, "policy-says", evidence, key=control.key)


def supervisor_named(control: SupervisorNamed, sight: Sight) -> Answer:
    """A supervisor in force on the day, for the subject that is asked about."""
    named = [one for one in sight.policy.organisation.supervisors if control.supervisor in one.name]
    standing = [one for one in named if one.until is None or one.until > sight.day]
    evidence = _policy(sight, "supervisors")
    if not standing:
        key = "supervisor-ended" if named else "supervisor-unknown"
        return answer(Status.BROKEN, key, evidence, supervisor=control.supervisor)
    if control.watches and not any(control.watches in one.watches for one in standing):
        return answer(
            Status.BROKEN, "supervisor-other", evidence, supervisor=control.supervisor, watches=control.watches
        )
    return answer(Status.KEPT, "supervisor-named", evidence, supervisor=control.supervisor)


def _policy(sight: Sight, what: str) -> Evidence:
    return Evidence("policy", f"organisation.yaml, policy {sight.policy.digest[:12]}", what)
