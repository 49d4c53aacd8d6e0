"""Controls that the register of incidents answers: was each registered, judged, reported, told and closed in time."""

from collections.abc import Collection

from hoeder.incidents import case
from hoeder.incidents.case import Incident
from hoeder.incidents.state import What
from hoeder.policy.control import IncidentsHandled
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Sight
from hoeder.promises.status import Evidence, Status

_WATCH = "incidents.watch@1"
_CLOCKS = {
    "judged": ("first-check",),
    "notified": ("supervisor", "client", "nis2-warning", "nis2-notice", "nis2-report"),
    "told": ("persons",),
    "closed": ("closing",),
}
"""Which clocks a step stops. `registered` has none: it counts from the discovery."""


def incidents_handled(control: IncidentsHandled, sight: Sight) -> Answer:
    """Every incident that was discovered in the period, as the register stood at one entry of the ledger.

    A suspected one counts too. Where the promise is stricter than the law and nobody decided which holds, incidents
    that were not reported with a ground are shown as a difference.
    """
    if sight.policy.incidents is None or not sight.knows(_WATCH):
        return answer(Status.UNKNOWN, "no-capability", activity=_WATCH)
    looked = [a for a in sight.attempts(_WATCH, since=sight.since(control.watched_days)) if a.outcome == "done"]
    if not looked:
        return answer(Status.UNKNOWN, "incidents-not-watched", days=control.watched_days)
    found = [
        each
        for each in case.all_of_them(sight.db, up_to=sight.up_to)
        if sight.since(control.days) <= each.discovered_at <= sight.at
    ]
    late = [each for each in found if _late(each, control, sight)]
    evidence = _evidence(found, f"{len(found)} incidents, {len(late)} late", looked[-1].entry)
    if late:
        return answer(Status.BROKEN, "incidents-late", evidence, incidents=len(found), late=len(late))
    if control.step == "notified" and (declined := [each for each in found if _declined(each)]):
        figures = {"incidents": len(found), "declined": len(declined)}
        match sight.policy.incidents.notify_all:
            case "undecided":
                return answer(Status.UNKNOWN, "incidents-not-notified-undecided", evidence, **figures)
            case "yes":
                return answer(Status.BROKEN, "incidents-not-notified-yes", evidence, **figures)
            case "no":  # the law alone holds: a ground is enough
                pass
    if not found:
        return answer(Status.KEPT, "no-incidents", evidence, days=control.days)
    return answer(Status.KEPT, "incidents-in-time", evidence, incidents=len(found))


def _late(found: Incident, control: IncidentsHandled, sight: Sight) -> bool:
    if control.step == "registered":
        return (found.registered_at - found.discovered_at).total_seconds() > control.within_hours * 3600
    return any(clock.late(sight.at) for clock in found.clocks(sight.policy) if clock.what in _CLOCKS[control.step])


def _declined(found: Incident) -> bool:
    """Confirmed, of our own data, and by decision not reported."""
    decided = found.state.supervisor
    return decided is not None and decided.what is What.NOT_TO_NOTIFY


def _evidence(found: Collection[Incident], figure: str, watched: int) -> Evidence:
    numbers = [step.entry for each in found for step in each.steps] or [watched]
    return Evidence("ledger", f"ledger {min(numbers)}-{max(numbers)}", figure)
