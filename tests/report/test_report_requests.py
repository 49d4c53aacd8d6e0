"""Requests of data subjects in the report: counted right, small numbers left out, and the same when counted again."""

import dataclasses
import json
import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import report_seed as seed

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.build import build
from hoeder.report.compose import compose
from hoeder.report.document import canonical
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.requests import RequestGround, RequestLine, Requests
from hoeder.report.figures import collect
from hoeder.report.read_requests import at_share, read_requests

START, NOW = seed.PERIOD.start, seed.NOW


def plant(db: Connection, received: datetime, *steps: tuple[str, datetime, dict[str, object]]) -> UUID:
    number = uuid4()
    db.execute(
        """insert into subject_case (case_id, received_at, channel, policy_digest, stores, taken_in_at)
           values (%s, %s, 'mail', %s, '{crm}', %s)""",
        [number, received, "a" * 64, received],
    )
    for what, at, detail in steps:
        db.execute(
            "insert into subject_step (case_id, at, what, by_whom, detail) values (%s, %s, %s, 'dpo', %s)",
            [number, at, what, json.dumps(detail)],
        )
    db.commit()
    return number


def answered(db: Connection, right: str, days: int, *, received: datetime = START, client: str | None = None) -> UUID:
    at = received + timedelta(days=days)
    end = ("forwarded", at, {}) if client else ("answered", at, {})
    return plant(
        db, received, ("proposed", received, {}), ("confirmed", received, {"rights": [right], "client": client}), end
    )


def read(db: Connection, policy: Policy) -> Requests:
    return read_requests(db, policy, START, NOW)


def test_what_came_in_was_answered_and_is_late(db: Connection, policy: Policy) -> None:
    for days in (1, 2, 3, 4, 15):
        answered(db, "access", days)
    answered(db, "access", 45, received=START - timedelta(days=40))
    late = START - timedelta(days=60)
    plant(db, late, ("proposed", late, {}))
    plant(db, NOW - timedelta(days=1), ("proposed", NOW - timedelta(days=1), {}))
    plant(db, START, ("proposed", START, {}), ("no-request", START, {}))
    known = read(db, policy)
    assert (known.received, known.answered, known.on_time) == (6, 6, 5)
    assert (known.open, known.overdue, known.within_a_week) == (2, 1, 0)
    assert (known.median_days, known.p90_days) == (3, 45)
    assert known.lines == (RequestLine("access", 5, 6, 0),)


def test_what_is_later_than_the_report_is_not_in_it(db: Connection, policy: Policy) -> None:
    plant(db, START, ("proposed", START, {}), ("answered", NOW + timedelta(days=1), {}))
    known = read(db, policy)
    assert (known.answered, known.open) == (0, 1)


def test_a_clients_customer_is_passed_on_within_working_days(db: Connection, policy: Policy) -> None:
    answered(db, "access", 1, client="kabelaar")
    answered(db, "access", 10, client="kabelaar")
    known = read(db, policy)
    assert (known.answered, known.on_time, known.forwarded) == (2, 1, 2)


def test_few_persons_are_not_counted_out(db: Connection, policy: Policy) -> None:
    for _ in range(policy.organisation.small_below - 1):
        answered(db, "erasure", 2)
    assert read(db, policy).lines == (RequestLine("erasure", None, None, 0),)


def test_extensions_by_ground(db: Connection, policy: Policy) -> None:
    for _ in range(policy.organisation.small_below):
        plant(db, START, ("proposed", START, {}), ("extended", START, {"ground": "complexity"}))
    known = read(db, policy)
    assert known.extended == 5
    assert known.grounds == (RequestGround("extended", "complexity", 5),)


@pytest.mark.parametrize(("closed", "overstaying"), [(False, 0), (True, 1)])
def test_copies_of_identity_documents(db: Connection, policy: Policy, closed: bool, overstaying: int) -> None:
    end = [("answered", START, {}), ("closed", START, {})] if closed else []
    number = plant(db, START, ("proposed", START, {}), *end)
    for kept in (True, False):
        db.execute(
            """insert into identity_copy (found_in, reference, case_id, asked_for, kept, taken_in_at, taken_out_at,
                                          destroyed_at, why)
               values (%(case)s, %(ref)s, %(case)s, false, %(kept)s, %(at)s, %(at)s, %(gone)s, %(why)s)""",
            {"case": number, "ref": secrets.token_bytes(16), "kept": kept, "at": START,
             "gone": None if kept else START, "why": None if kept else "not-asked"},
        )  # fmt: skip
    db.commit()
    known = read(db, policy)
    assert (known.copies_found, known.copies_not_kept, known.copies_held) == (2, 1, 1)
    assert known.copies_overstaying == overstaying


def test_who_was_asked_for_a_copy(db: Connection, policy: Policy) -> None:
    plant(db, START, ("proposed", START, {}), ("identity-asked", START, {"method": "shielded-copy"}))
    plant(db, START, ("proposed", START, {}), ("identity-asked", START, {"method": "code"}))
    assert read(db, policy).copies_asked == 1


@pytest.mark.parametrize(("days", "half", "most"), [([], None, None), ([3], 3, 3), ([1, 2, 3, 4], 2, 4),
                                                    (list(range(1, 11)), 5, 9)])  # fmt: skip
def test_shares_of_days(days: list[int], half: int | None, most: int | None) -> None:
    assert (at_share(days, 50), at_share(days, 90)) == (half, most)


def test_the_same_figures_come_out_when_counted_again_and_stand_in_the_report(
    worked: Connection, policy: Policy
) -> None:
    for _ in range(6):
        answered(worked, "access", 3)
    late = START - timedelta(days=60)
    plant(worked, late, ("proposed", late, {}))
    figures = collect(worked, policy, seed.PERIOD, now=NOW)
    assert canonical(collect(worked, policy, seed.PERIOD, now=NOW)) == canonical(figures)
    by_key = {each.key: each for each in figures.kpis}
    assert (by_key["requests_on_time"].part, by_key["requests_on_time"].whole) == (6, 6)
    assert (by_key["requests_overdue"].part, by_key["requests_overdue"].met) == (1, False)
    assert by_key["copies_overstaying"].met


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_section_says_it_in_both_languages(figures: Figures, policy: Policy, language: str) -> None:
    known = Requests(
        received=8, answered=7, on_time=6, open=1, overdue=1, median_days=3, p90_days=9, extended=1, opted_out=1,
        copies_found=2, copies_not_kept=1, copies_held=1, recipients_due=2, recipients_told=1,
        lines=(RequestLine("access", 8, 7, None),),
        grounds=(RequestGround("refused", "still-needed", 5), RequestGround("extended", "number", None)),
        lacking=("crm.contact.email",),
    )  # fmt: skip
    view = compose(dataclasses.replace(figures, requests=known), policy, language)  # type: ignore[arg-type]
    (section,) = [each for each in view.sections if each.key == "requests"]
    assert len(section.paragraphs) == 6
    assert [len(table.rows) for table in section.tables] == [1, 2]
    assert "{" not in " ".join(section.paragraphs)
    page = build(dataclasses.replace(figures, requests=known), policy, language=language)  # type: ignore[arg-type]
    assert "crm.contact.email" in page.html
