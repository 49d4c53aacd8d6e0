"""What the promises about incidents get to hear: of the register as it stood, and only while somebody looks."""

from datetime import UTC, datetime
from typing import Any

from bureau import Bureau, ago, bureau, policy

from hoeder.incidents import watch
from hoeder.policy.control import IncidentsHandled
from hoeder.promises.from_incidents import incidents_handled
from hoeder.promises.sight import Sight
from hoeder.promises.status import Status
from hoeder.promises.words import REASONS, say

__all__ = ["bureau"]


def asked(bureau: Bureau, step: str, *, up_to: int | None = None, **changes: Any) -> tuple[Status, str]:
    row = bureau.db.execute("select coalesce(max(entry), 0) from ledger").fetchone()
    sight = Sight(
        bureau.db, policy(**changes), at=datetime.now(UTC), up_to=row[0] if up_to is None and row else up_to or 0
    )
    found = incidents_handled(IncidentsHandled.model_validate({"step": step}), sight)
    assert found.why.key in REASONS
    assert "?" not in say(found.why, "nl") + say(found.why, "en")
    return found.status, found.why.key


def looked(bureau: Bureau) -> None:
    watch.watch(bureau.db, policy(), run=bureau.work.run)


def test_nothing_is_known_while_nobody_looks(bureau: Bureau) -> None:
    bureau.register()
    assert asked(bureau, "registered") == (Status.UNKNOWN, "incidents-not-watched")


def test_where_somebody_looked_and_there_was_nothing_it_is_kept(bureau: Bureau) -> None:
    looked(bureau)
    for step in ("registered", "judged", "notified", "told", "closed"):
        assert asked(bureau, step) == (Status.KEPT, "no-incidents")


def test_a_suspicion_that_nobody_judged_in_time_breaks_the_promise(bureau: Bureau) -> None:
    bureau.register(hours=25)
    looked(bureau)
    assert asked(bureau, "judged") == (Status.BROKEN, "incidents-late")
    assert asked(bureau, "notified") == (Status.KEPT, "incidents-in-time")


def test_a_client_that_was_told_too_late_breaks_it(bureau: Bureau) -> None:
    number = bureau.register(hours=30, own=False, clients=["zekerdak"])
    bureau.take(number, "client-told", client="zekerdak", at=ago(10).isoformat())
    looked(bureau)
    assert asked(bureau, "notified") == (Status.BROKEN, "incidents-late")


def test_what_was_not_reported_with_a_ground_is_a_difference_until_policy_decides(bureau: Bureau) -> None:
    number = bureau.register()
    bureau.decide(number, "triage", "Confirmed")
    bureau.decide(number, "supervisor", "Do not notify", fields={"ground": "risk-unlikely"})
    looked(bureau)
    assert asked(bureau, "notified") == (Status.UNKNOWN, "incidents-not-notified-undecided")
    assert asked(bureau, "notified", notify_all="yes") == (Status.BROKEN, "incidents-not-notified-yes")
    assert asked(bureau, "notified", notify_all="no") == (Status.KEPT, "incidents-in-time")


def test_the_same_question_gets_the_same_answer_after_more_has_happened(bureau: Bureau) -> None:
    looked(bureau)
    row = bureau.db.execute("select max(entry) from ledger").fetchone()
    assert row
    bureau.register(hours=100)
    looked(bureau)
    assert asked(bureau, "judged")[0] is Status.BROKEN
    assert asked(bureau, "judged", up_to=row[0]) == (Status.KEPT, "no-incidents")


def test_an_incident_that_was_registered_days_after_its_discovery_breaks_the_promise(bureau: Bureau) -> None:
    bureau.register(hours=73)
    looked(bureau)
    assert asked(bureau, "registered") == (Status.BROKEN, "incidents-late")
