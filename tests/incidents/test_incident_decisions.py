"""What is no decision: every way around the officer, each with a guard that would be missed."""

from datetime import timedelta

import pytest
from bureau import Bureau, ago, bureau

from hoeder.errors import Refused
from hoeder.incidents import steps
from hoeder.incidents.decisions import Asks
from hoeder.incidents.state import Phase

__all__ = ["bureau"]


def test_a_task_marked_successful_decides_nothing(bureau: Bureau) -> None:
    number = bureau.register()
    steps.to_ask(bureau.work, number, Asks.TRIAGE)
    with pytest.raises(Refused, match="nobody answered"):
        steps.decide(bureau.work, number, Asks.TRIAGE, None)
    assert bureau.read(number).phase is Phase.SUSPECTED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"responder": "clerk"}, "no officer who may approve incidents"),
        ({"responder": None}, "no officer"),
        ({"run_id": "manual__2026-11-21T10:00:00+00:00"}, "another run"),
        ({"received": False}, "nobody answered"),
        ({"chosen": ("Delete",)}, "none of Confirmed"),
        ({"subject": "Incident 1: is dit een incident? " + "0" * 64}, "does not name this digest"),
        ({"answered_at": ago(24 * 30)}, "older"),
    ],
)
def test_an_answer_that_is_none_is_refused_with_the_reason(
    bureau: Bureau, changes: dict[str, object], said: str
) -> None:
    number = bureau.register()
    text = steps.to_ask(bureau.work, number, Asks.TRIAGE)
    with pytest.raises(Refused, match=said):
        steps.decide(bureau.work, number, Asks.TRIAGE, bureau.answer(text, "Confirmed", **changes))
    bureau.db.rollback()
    assert bureau.read(number).phase is Phase.SUSPECTED


def test_saying_that_it_is_no_incident_needs_a_reason(bureau: Bureau) -> None:
    number = bureau.register()
    with pytest.raises(Refused, match="no reason was given"):
        bureau.decide(number, "triage", "No incident", reason=None)


def test_what_becomes_known_after_the_question_asks_for_another_answer(bureau: Bureau) -> None:
    number = bureau.register()
    text = steps.to_ask(bureau.work, number, Asks.TRIAGE)
    bureau.take(number, "checked", check="looked-at-data")
    with pytest.raises(Refused, match="not asked in this run about what is known now"):
        steps.decide(bureau.work, number, Asks.TRIAGE, bureau.answer(text, "Confirmed"))


def test_a_cleared_task_does_not_decide_twice(bureau: Bureau) -> None:
    number = bureau.register()
    answer = bureau.answer(steps.to_ask(bureau.work, number, Asks.TRIAGE), "Confirmed")
    first = steps.decide(bureau.work, number, Asks.TRIAGE, answer)
    again = steps.decide(bureau.work, number, Asks.TRIAGE, answer)
    assert [step.what for step in again.steps] == [step.what for step in first.steps]


def test_an_answer_that_this_run_did_not_ask_for_is_refused(bureau: Bureau) -> None:
    number = bureau.register()
    answer = bureau.answer(steps.to_ask(bureau.work, number, Asks.TRIAGE), "Confirmed")
    bureau.next_run()
    with pytest.raises(Refused, match="did not ask"):
        steps.decide(bureau.work, number, Asks.TRIAGE, answer)


def test_not_notifying_needs_a_ground_from_the_list(bureau: Bureau) -> None:
    number = bureau.register()
    bureau.decide(number, "triage", "Confirmed")
    with pytest.raises(Refused, match="ground must be one of: risk-unlikely"):
        bureau.decide(number, "supervisor", "Do not notify", fields={"ground": "too busy"})
    bureau.db.rollback()
    assert bureau.read(number).state.supervisor is None


def test_whoever_handled_an_incident_does_not_close_it(bureau: Bureau) -> None:
    number = bureau.register()
    bureau.decide(number, "triage", "Near miss")
    bureau.take(number, "measures", by="dpo", cause="process", measures=["procedure-changed"])
    with pytest.raises(Refused, match="another officer must answer"):
        bureau.decide(number, "closing", "Close")
    bureau.db.rollback()
    assert bureau.decide(number, "closing", "Close", responder="deputy").phase is Phase.CLOSED


def test_nothing_is_asked_that_cannot_be_decided_yet(bureau: Bureau) -> None:
    number = bureau.register()
    for asks in (Asks.SUPERVISOR, Asks.PERSONS, Asks.CLOSING):
        assert steps.to_ask(bureau.work, number, asks) is None
        assert steps.decide(bureau.work, number, asks, None).phase is Phase.SUSPECTED


def test_a_question_says_nothing_that_somebody_wrote_and_names_its_digest(bureau: Bureau) -> None:
    number = bureau.register(places=["crm.contact_message"], persons_least=3, clients=["tuinkamer"])
    for asks, choice in (("triage", "Confirmed"), ("supervisor", "Notify"), ("persons", "Tell them")):
        text = steps.to_ask(bureau.work, number, Asks(asks))
        assert text and text.digest in text.subject and len(text.subject) < 250
        assert "crm.contact_message" in text.body
        steps.decide(bureau.work, number, Asks(asks), bureau.answer(text, choice))


def test_the_answer_may_come_as_long_as_policy_says_and_no_longer(bureau: Bureau) -> None:
    number = bureau.register()
    text = steps.to_ask(bureau.work, number, Asks.TRIAGE)
    bureau.db.execute("update incident_question set asked_at = asked_at - interval '9 days'")
    answer = bureau.answer(text, "Confirmed")
    assert answer.answered_at
    old = bureau.answer(text, "Confirmed", answered_at=answer.answered_at - timedelta(days=8))
    with pytest.raises(Refused, match="older than 7 days"):
        steps.decide(bureau.work, number, Asks.TRIAGE, old)
