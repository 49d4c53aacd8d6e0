"""Disclosures and fraud files as they stood at the report's moment: cases and fields, never few persons."""

from datetime import date, datetime, timedelta
from typing import get_args
from uuid import UUID, uuid4

import report_seed as seed

from hoeder.disclosures.narrow import Withheld
from hoeder.evidence.ledger import Connection
from hoeder.policy.fraud_files import FraudFindingKind
from hoeder.policy.models import Policy
from hoeder.report.facts.figures import Figures
from hoeder.report.figures import collect
from hoeder.report.section_disclosures import disclosures
from hoeder.report.texts import texts
from hoeder.report.words import Words

DAY = timedelta(days=1)
DIGEST = "e" * 64


def case(
    db: Connection, at: datetime, *, authority: str = "police", persons: int = 9, secret_until: date | None = None
) -> UUID:
    case_id = uuid4()
    db.execute(
        """insert into disclosure (case_id, authority, power, own_report, compelled, document, received_on, verified,
                                   asked, policy_digest, taken_in_by, taken_in_at, secret_until)
           values (%s, %s, 'sv-126nc', false, true, repeat('d', 64), %s, 'called-back', '{user}', repeat('a', 64),
                   'clerk', %s, %s)""",
        [case_id, authority, at.date(), at, secret_until],
    )
    step(db, case_id, "subjects", at, detail=f'{{"persons": {persons}}}')
    return case_id


def step(db: Connection, case_id: UUID, what: str, at: datetime, by: str = "dpo", detail: str = "{}") -> None:
    digest = DIGEST if what in ("prepared", "released") else None
    db.execute(
        "insert into disclosure_step (case_id, at, what, by_whom, digest, detail) values (%s, %s, %s, %s, %s, %s)",
        [case_id, at, what, by, digest, detail],
    )


def release(db: Connection, case_id: UUID, at: datetime) -> None:
    step(db, case_id, "checked", at)
    for field, records, withheld in (("name", 3, None), ("phone", 3, "beyond-power"), ("*", 1, Withheld.UNCERTAIN)):
        db.execute(
            "insert into disclosure_line values (%s, %s, 'crm.contact', %s, 'user', %s, %s)",
            [case_id, DIGEST, field, records, withheld],
        )
    step(db, case_id, "prepared", at, by="prepare")
    step(db, case_id, "released", at, by="deputy")


def figures_of(db: Connection, policy: Policy, now: datetime = seed.NOW) -> Figures:
    db.commit()
    return collect(db, policy, seed.PERIOD, now=now)


def test_requests_are_told_by_authority_with_what_was_given_of_what_was_asked(
    worked: Connection, policy: Policy
) -> None:
    start = seed.PERIOD.start
    release(worked, case(worked, start + DAY, secret_until=seed.NOW.date()), start + 2 * DAY)
    step(worked, case(worked, start + DAY, authority="tax"), "refused", start + 3 * DAY)
    case(worked, start + DAY, authority="tax")
    release(worked, case(worked, start - DAY, authority="ap"), start - DAY)  # before the period
    found = figures_of(worked, policy)
    known = found.disclosures
    assert (known.received, known.checked, known.waiting, known.secret) == (3, 2, 1, 1)
    told = [
        (line.authority, line.received, line.refused, line.released, line.persons, line.records, line.fields_asked,
         line.fields_given)
        for line in known.lines
    ]  # fmt: skip
    assert told == [("police", 1, 0, 1, 9, 3, 2, 1), ("tax", 2, 1, 0, 0, 0, 0, 0)]
    kpis = {each.key: (each.part, each.whole) for each in found.kpis}
    assert kpis["disclosures_minimised"] == (1, 2)


def test_few_persons_are_not_counted_out(worked: Connection, policy: Policy) -> None:
    release(worked, case(worked, seed.PERIOD.start + DAY, persons=2), seed.PERIOD.start + DAY)
    found = figures_of(worked, policy)
    assert [(line.persons, line.records) for line in found.disclosures.lines] == [(None, None)]
    cells = [cell.text for table in disclosures(found, Words("en")).tables for row in table.rows for cell in row]
    assert cells.count("a few") == 2


def test_what_waits_too_long_and_what_nobody_confirmed_are_counted(worked: Connection, policy: Policy) -> None:
    early = seed.NOW - 40 * DAY
    case(worked, early)
    release(worked, case(worked, early), early)
    case(worked, seed.NOW - DAY)
    found = figures_of(worked, policy)
    assert (found.disclosures.waiting, found.disclosures.late, found.disclosures.unconfirmed) == (2, 1, 1)
    kpis = {each.key: each.part for each in found.kpis}
    assert kpis["disclosures_unconfirmed"] == 1


def test_a_report_of_before_knows_no_later_step_or_look(worked: Connection, policy: Policy) -> None:
    one = case(worked, seed.PERIOD.start + DAY)
    release(worked, one, seed.NOW + DAY)
    look(worked, seed.NOW + DAY, 1)
    found = figures_of(worked, policy)
    assert [line.released for line in found.disclosures.lines] == [0]
    assert found.fraud_files.looked_at is None


def look(db: Connection, at: datetime, number: int) -> None:
    row = db.execute(
        """insert into fraud_check (checked_at, on_day, policy_digest, rows, entry)
           values (%s, %s, repeat('a', 64), 40, 1) returning fraud_check""",
        [at, at.date()],
    ).fetchone()
    db.execute(
        "insert into fraud_finding values (%s, 'readable', 'crm.fraud_file', 'crm_reporting', %s)",
        [row[0] if row else 0, number],
    )


def test_the_last_look_at_fraud_files_is_told(worked: Connection, policy: Policy) -> None:
    look(worked, seed.NOW - 3 * DAY, 4)
    look(worked, seed.NOW - DAY, 1)
    found = figures_of(worked, policy)
    assert [(line.kind, line.number) for line in found.fraud_files.lines] == [("readable", 1)]
    assert {each.key: each.part for each in found.kpis}["fraud_findings"] == 1
    cells = [cell.text for table in disclosures(found, Words("nl")).tables for row in table.rows for cell in row]
    assert "leesbaar voor een account dat het beleid niet noemt" in cells


def test_every_kind_of_finding_has_its_words() -> None:
    assert {f"fraud.kind.{kind}" for kind in get_args(FraudFindingKind)} <= set(texts())
