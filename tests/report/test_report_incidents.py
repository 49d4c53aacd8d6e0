"""Incidents and questions as they stood at the report's moment, in both languages."""

import json
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
import report_seed as seed

from hoeder.evidence.ledger import Connection
from hoeder.incidents.facts import Facts
from hoeder.incidents.state import Phase
from hoeder.policy import load
from hoeder.policy.incidents import FindingSource
from hoeder.policy.models import Policy
from hoeder.report.facts.figures import Figures
from hoeder.report.figures import collect
from hoeder.report.section_incidents import incidents
from hoeder.report.texts import texts
from hoeder.report.words import Words

HOUR = timedelta(hours=1)


def with_incidents(policy: Policy, **changes: Any) -> Policy:
    file = load().incidents
    assert file
    return policy.model_copy(update={"incidents": file.model_copy(update=changes)})


def incident(db: Connection, at: datetime, *steps: tuple[str, datetime, dict[str, Any]], **facts: Any) -> UUID:
    number = uuid4()
    db.execute(
        """insert into incident (incident_id, discovered_at, registered_at, source) values (%s, %s, %s, 'person')""",
        [number, at, at],
    )
    said = Facts.model_validate({"kind": "published", "aspects": ["confidentiality"]} | facts).model_dump(mode="json")
    for what, when, detail in (("registered", at, {}), ("described", at, {"facts": said}), *steps):
        db.execute(
            "insert into incident_step (incident_id, at, what, by_whom, detail, entry) values (%s, %s, %s, 'x', %s, 1)",
            [number, when, what, json.dumps(detail)],
        )
    return number


def figures_of(db: Connection, policy: Policy) -> Figures:
    db.commit()
    return collect(db, policy, seed.PERIOD, now=seed.NOW)


def confirmed(at: datetime) -> tuple[str, datetime, dict[str, Any]]:
    return "confirmed", at, {"aware_at": at.isoformat()}


def test_what_was_registered_and_what_has_run_out_is_counted_as_it_stood_then(
    worked: Connection, policy: Policy
) -> None:
    at = seed.NOW - 80 * HOUR
    incident(worked, at)
    told = ("notified", at + 50 * HOUR, {"at": (at + 50 * HOUR).isoformat(), "number": "AP-1"})
    incident(worked, at, confirmed(at), ("to-notify", at, {}), told)
    incident(worked, at, ("none", seed.NOW + HOUR, {}))
    found = figures_of(worked, with_incidents(policy))
    assert (found.incidents.registered, found.incidents.confirmed, found.incidents.none) == (3, 1, 0)
    assert [line.late for line in found.incidents.lines] == [True, False, True]
    measured = {each.key: (each.part, each.whole) for each in found.kpis}
    assert measured["incidents_notified"] == (1, 3)
    assert measured["incidents_overdue"] == (4, None)
    assert "incidents_overdue" in {each.code for each in found.attention}


def test_a_client_that_was_told_too_late_lowers_the_share(worked: Connection, policy: Policy) -> None:
    at = seed.NOW - 60 * HOUR
    for hours in (10, 50):
        detail = {"client": "tuinkamer", "at": (at + hours * HOUR).isoformat()}
        incident(worked, at, ("client-told", at + hours * HOUR, detail), own=False, clients=["tuinkamer"])
    measured = {each.key: (each.part, each.whole) for each in figures_of(worked, with_incidents(policy)).kpis}
    assert measured["clients_told"] == (1, 2)


@pytest.mark.parametrize("decided", ["undecided", "yes", "no"])
def test_what_was_not_reported_is_a_difference_until_policy_follows_the_law(
    worked: Connection, policy: Policy, decided: str
) -> None:
    at = seed.NOW - 20 * HOUR
    incident(worked, at, confirmed(at), ("not-to-notify", at, {"ground": "risk-unlikely"}))
    found = figures_of(worked, with_incidents(policy, notify_all=decided))
    for language in ("nl", "en"):
        section = incidents(found, Words(language))  # type: ignore[arg-type]
        said = " ".join(section.paragraphs)
        assert ("belooft" in said or "promises" in said) == (decided == "undecided")
        assert ("Besloten" in said or "decided to report" in said) == (decided == "yes")


def test_questions_show_the_last_look_at_each_source(worked: Connection, policy: Policy) -> None:
    for entry, late in ((1, 4), (2, 3)):
        worked.execute(
            """insert into question_count (entry, source, kind, counted_at, since, asked, answered, late,
                                           late_open, without_day)
               values (%s, 'contact-form', 'question', %s, %s, 9, 5, 0, %s, 0)""",
            [entry, seed.NOW - HOUR, seed.NOW.date(), late],
        )
    found = figures_of(worked, policy)
    assert [each.late_open for each in found.questions] == [3]
    assert {each.key: each.part for each in found.kpis}["questions_late"] == 3
    assert incidents(found, Words("nl")).tables[0].rows[0][0].text == "contact-form"


def test_every_word_that_can_stand_in_the_section_has_a_text() -> None:
    clocks = ("first-check", "supervisor", "persons", "client", "closing", "nis2-warning", "nis2-notice", "nis2-report")
    wanted = {f"incidents.clock.{clock}" for clock in clocks}
    wanted |= {f"incidents.source.{source}" for source in ("person", *get_args(FindingSource))}
    wanted |= {f"incidents.phase.{phase}" for phase in (Phase.SUSPECTED, Phase.CONFIRMED, Phase.NEAR_MISS)}
    wanted |= {f"questions.kind.{kind}" for kind in ("question", "complaint", "supervisor")}
    assert wanted <= set(texts())
