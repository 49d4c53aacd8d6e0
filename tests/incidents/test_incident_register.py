"""The register: what is written down of each step, and what cannot be."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from bureau import Bureau, ago, bureau, facts, policy

from hoeder.errors import PolicyError, Refused
from hoeder.incidents import case
from hoeder.incidents.facts import read_report
from hoeder.incidents.state import Phase, What

__all__ = ["bureau"]


def test_every_step_is_an_entry_of_the_ledger_with_the_number_of_the_incident(bureau: Bureau) -> None:
    number = bureau.register()
    bureau.decide(number, "triage", "Confirmed")
    bureau.decide(number, "supervisor", "Notify")
    bureau.take(number, "notified", at=ago(0).isoformat(), number="AP-12345")
    bureau.decide(number, "persons", "Tell them")
    bureau.take(number, "told", at=ago(0).isoformat(), persons=12, way="letter")
    bureau.take(number, "measures", cause="human-error", measures=["erased"])
    bureau.decide(number, "closing", "Close", responder="deputy")
    assert bureau.outcomes(number) == [
        ("incidents.register@1", "done"), ("incidents.describe@1", "done"), ("incidents.triage@1", "done"),
        ("incidents.decide@1", "done"), ("incidents.notify@1", "done"), ("incidents.decide@1", "done"),
        ("incidents.tell@1", "done"), ("incidents.describe@1", "done"), ("incidents.close@1", "done"),
    ]  # fmt: skip
    assert bureau.read(number).phase is Phase.CLOSED


def test_a_decision_not_to_notify_stands_with_its_ground_and_as_nothing_done(bureau: Bureau) -> None:
    number = bureau.register()
    bureau.decide(number, "triage", "Confirmed")
    found = bureau.decide(number, "supervisor", "Do not notify", fields={"ground": "risk-unlikely"})
    assert found.state.supervisor and found.state.supervisor.detail == {"ground": "risk-unlikely"}
    assert bureau.outcomes(number)[-1] == ("incidents.decide@1", "nothing")
    assert all(clock.what != "supervisor" or not clock.running for clock in found.clocks(policy()))


def test_an_incident_dated_in_the_future_is_not_registered(bureau: Bureau) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(Refused, match="discovered_at lies in the future"):
        case.register(bureau.db, policy(), bureau.work.run, facts=facts(), discovered_at=tomorrow, by="clerk")
    with pytest.raises(Refused, match="started_at lies in the future"):
        case.register(
            bureau.db, policy(), bureau.work.run, facts=facts(started_at=tomorrow), discovered_at=ago(1), by="clerk"
        )
    assert case.all_of_them(bureau.db) == []


def test_nobody_is_aware_of_an_incident_before_it_started_or_was_discovered(bureau: Bureau) -> None:
    number = bureau.register(hours=5, started_at=ago(6))
    for hours, reason in ((7, "aware before it started"), (5.5, "aware before it was discovered")):
        bureau.next_run()
        with pytest.raises(Refused, match=reason):
            bureau.decide(number, "triage", "Confirmed", fields={"aware_at": ago(hours).isoformat()})
        bureau.db.rollback()
    assert bureau.read(number).phase is Phase.SUSPECTED


def test_time_between_discovery_and_awareness_needs_a_first_check_that_was_written_down(bureau: Bureau) -> None:
    number = bureau.register(hours=10)
    with pytest.raises(Refused, match="first check that nobody wrote down"):
        bureau.decide(number, "triage", "Confirmed", fields={"aware_at": ago(3).isoformat()})
    bureau.db.rollback()
    bureau.take(number, "checked", check="looked-at-logs")
    bureau.next_run()
    found = bureau.decide(number, "triage", "Confirmed", fields={"aware_at": ago(3).isoformat()})
    due = next(clock.due for clock in found.clocks(policy()) if clock.what == "supervisor")
    assert due - timedelta(hours=69) == pytest.approx(datetime.now(UTC), abs=timedelta(minutes=1))


def test_a_second_notification_without_a_first_is_refused(bureau: Bureau) -> None:
    number = bureau.register()
    bureau.decide(number, "triage", "Confirmed")
    bureau.decide(number, "supervisor", "Notify")
    with pytest.raises(Refused, match="no notice yet"):
        bureau.take(number, "followed-up", at=ago(0).isoformat())
    bureau.take(number, "notified", at=ago(0).isoformat(), number="AP-1")
    with pytest.raises(Refused, match="what comes later is a follow-up"):
        bureau.take(number, "notified", at=ago(0).isoformat(), number="AP-2")
    assert bureau.take(number, "followed-up", at=ago(0).isoformat()).state.followed_up


def test_a_late_notice_needs_the_reason_that_the_law_asks(bureau: Bureau) -> None:
    number = bureau.register(hours=90)
    bureau.decide(number, "triage", "Confirmed")
    bureau.decide(number, "supervisor", "Notify")
    with pytest.raises(Refused, match="a late one needs its reason"):
        bureau.take(number, "notified", at=ago(0).isoformat(), number="AP-1")
    assert bureau.take(number, "notified", at=ago(0).isoformat(), number="AP-1", late="investigation").state.notified
    late = bureau.register(hours=90)
    bureau.decide(late, "triage", "Confirmed")
    bureau.decide(late, "supervisor", "Notify")
    assert bureau.take(late, "notified", at=ago(80).isoformat(), number="AP-1").state.notified, "sent in time"


def test_an_incident_is_not_closed_without_cause_and_measures(bureau: Bureau) -> None:
    number = bureau.register()
    bureau.decide(number, "triage", "Near miss")
    with pytest.raises(Refused, match="still to be done: cause and measures"):
        bureau.take(number, "closed", by="dpo")
    with pytest.raises(Refused, match="without any measure"):
        bureau.take(number, "measures", cause="process", measures=[])


def test_a_client_without_hours_in_policy_is_asked_for_with_the_nearest_name(bureau: Bureau) -> None:
    with pytest.raises(Refused, match=r"client tuinkammer has no hours in policy; did you mean tuinkamer\?"):
        bureau.register(own=False, clients=["tuinkammer"])


def test_where_only_a_clients_data_are_concerned_the_client_is_told_and_notifies_itself(bureau: Bureau) -> None:
    number = bureau.register(own=False, clients=["tuinkamer"])
    bureau.decide(number, "triage", "Confirmed")
    with pytest.raises(Refused, match="the client, as controller, notifies"):
        bureau.take(number, "to-notify", by="dpo")
    assert bureau.read(number).outstanding == ("telling client tuinkamer", "cause and measures")
    found = bureau.take(number, "client-told", client="tuinkamer", at=ago(0).isoformat())
    assert found.outstanding == ("cause and measures",)


def test_a_policy_without_incidents_says_so(bureau: Bureau) -> None:
    without = policy().model_copy(update={"incidents": None})
    with pytest.raises(PolicyError, match=r"no incidents\.yaml"):
        case.register(bureau.db, without, bureau.work.run, facts=facts(), discovered_at=ago(1), by="clerk")


def test_a_step_that_was_taken_is_never_changed_or_removed(bureau: Bureau) -> None:
    number = bureau.register()
    for statement in ("update incident_step set by_whom = 'other'", "delete from incident_step"):
        with pytest.raises(psycopg.Error):
            bureau.db.execute(statement)
        bureau.db.rollback()
    assert [step.what for step in bureau.read(number).steps] == [What.REGISTERED, What.DESCRIBED]


def test_an_incident_that_is_not_there_is_said_to_be(bureau: Bureau) -> None:
    for look in (lambda: case.read(bureau.db, uuid4()), lambda: case.by_number(bureau.db, 99)):
        with pytest.raises(Refused, match="hoeder incidents"):
            look()


def test_an_incident_goes_some_years_after_its_end_and_no_other_does(bureau: Bureau) -> None:
    ended, going = bureau.register(), bureau.register()
    bureau.decide(ended, "triage", "No incident")
    bureau.db.execute("select incidents_age_out((now() + interval '2 days')::date)")
    assert [each.incident_id for each in case.all_of_them(bureau.db)] == [going]


REPORT = """
discovered_at: 2026-11-20T16:40+01:00
facts: {kind: sent-to-wrong-person, aspects: [confidentiality], categories: [name], persons_least: 3}
texts: {summary: Brief van Jan de Vries in verkeerde envelop}
"""


def test_a_report_is_read_with_its_texts_apart_from_its_facts() -> None:
    report = read_report(REPORT, {})
    assert report.facts.persons_least == 3
    assert report.texts.summary == "Brief van Jan de Vries in verkeerde envelop"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sent-to-wrong-person", "sent-to-wrong-persons", "did you mean sent-to-wrong-person?"),
        ("categories", "category", "did you mean categories?"),
        ("[name]", "[iban]", "there are: name, address"),
        ("summary:", "sumary:", "did you mean summary?"),
        ("+01:00", "", "timezone"),
        ("persons_least: 3", "persons_least: 3, persons_most: 2", "persons_least is more than persons_most"),
        ("persons_least: 3", "own: false", "whose data are concerned"),
        ("persons_least: 3", "started_at: 2026-11-20T10:00+01:00, ended_at: 2026-11-19T10:00+01:00", "ended before"),
    ],
)
def test_a_wrong_report_is_answered_with_what_is_wrong_and_never_with_what_somebody_wrote(
    old: str, new: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        read_report(REPORT.replace(old, new), {})
    assert said in str(refused.value)
    assert "Jan" not in str(refused.value)
