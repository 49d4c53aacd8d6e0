"""An authority gets what its power covers, of nobody else, and only after two persons said so."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509 import load_pem_x509_certificate
from disclosing import RSA, RUN, TODAY, Desk, certificate

from hoeder.clock import AMSTERDAM
from hoeder.disclosures import decide, export, question, receipt
from hoeder.disclosures.case import What, read
from hoeder.disclosures.case_file import PACKAGES
from hoeder.disclosures.narrow import Withheld
from hoeder.errors import Refused, StoreError
from hoeder.evidence.ledger import Run
from hoeder.persons import marks


def opened(sealed: bytes) -> dict[str, Any]:
    content = pkcs7.pkcs7_decrypt_der(sealed, load_pem_x509_certificate(certificate().encode()), RSA, [])
    return dict(json.loads(content))


def test_from_request_to_receipt(desk: Desk) -> None:
    case = desk.new()
    desk.checked(case)
    made = desk.prepared(case)
    desk.released(case)
    sealed = receipt.fetch(desk.db, desk.vault, case.case_id)
    digest = hashlib.sha256(sealed).hexdigest()
    receipt.received(desk.db, desk.policy, case.case_id, digest, by="clerk", run=Run(desk.policy.digest))
    done = receipt.erase(desk.db, desk.policy, desk.key, desk.vault, case.case_id, run=RUN, today=TODAY)
    assert [step.what for step in done.steps] == [
        What.TAKEN_IN, What.SUBJECTS, What.CHECKED, What.PREPARED, What.RELEASED, What.RECEIVED, What.ERASED,
        What.CLOSED,
    ]  # fmt: skip
    assert desk.kept(PACKAGES) == []
    assert desk.vault.term(f"disclosures/requests/{case.case_id}") == {
        "status": "closed", "closed_on": TODAY.isoformat(),
    }  # fmt: skip
    acts = ("receive", "check", "minimise", "release", "receipt", "erase")
    assert {act: desk.outcomes(act) for act in acts} == {act: [("police", "done")] for act in acts}
    assert made.counts() | {"persons": 1, "fields_asked": 4, "fields_given": 2} == made.counts()


def test_only_fields_that_are_asked_and_covered_of_this_person_alone_go_out(desk: Desk) -> None:
    # Asked: name, contact and illness; the police's article covers name and address, not e-mail, telephone or health.
    case = desk.new(asked=["user.name", "user.contact", "user.health_and_medical"])
    desk.checked(case)
    made = desk.prepared(case)
    desk.released(case)
    content = opened(receipt.fetch(desk.db, desk.vault, case.case_id))
    assert content["persons"] == [
        {"person": 1, "records": [{"place": "crm.contact", "fields": {"name": "Jan de Vries", "city": "Leek"}}]}
    ]
    assert {(line.field, line.withheld) for line in made.withheld} == {
        ("email", Withheld.BEYOND_POWER), ("phone", Withheld.BEYOND_POWER), ("illness", Withheld.BEYOND_POWER),
        ("*", Withheld.UNCERTAIN),  # who shares his mailbox and has another name
    }  # fmt: skip


def test_a_prosecutors_order_covers_everything_stored_but_special_categories(desk: Desk) -> None:
    case = desk.new(authority="prosecution", power="sv-126nd", article="Sv 126nd", asked=["user"])
    desk.checked(case)
    made = desk.prepared(case)
    assert {line.field for line in made.given} == {"id", "name", "email", "phone", "city", "contact_id", "body"}
    assert [(line.field, line.withheld) for line in made.withheld if line.field != "*"] == [
        ("illness", Withheld.EXCLUDED)
    ]
    desk.released(case)
    places = [r["place"] for r in opened(receipt.fetch(desk.db, desk.vault, case.case_id))["persons"][0]["records"]]
    assert places == ["crm.contact", "crm.note", "crm.note"]


def test_nothing_is_made_before_the_check_nor_fetched_before_the_second_person(desk: Desk) -> None:
    case = desk.new()
    with pytest.raises(Refused, match="prepared cannot follow subjects"):
        desk.prepared(case)
    desk.checked(case)
    desk.prepared(case)
    with pytest.raises(Refused, match="nothing is released"):
        receipt.fetch(desk.db, desk.vault, case.case_id)
    with pytest.raises(Refused, match="received cannot follow prepared"):
        receipt.received(desk.db, desk.policy, case.case_id, "0" * 64, by="clerk", run=RUN)


def test_the_person_who_checked_is_not_the_second(desk: Desk) -> None:
    case = desk.new()
    desk.checked(case, by="dpo")
    desk.prepared(case)
    with pytest.raises(Refused, match="another officer must answer"):
        desk.released(case, by="dpo")
    assert desk.outcomes("release") == [("police", "refused")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"received": False, "answered_at": None, "responder": None}, "nobody answered"),
        ({"responder": "engineer"}, "no officer who may approve disclosures"),
        ({"run_id": "manual__2026-11-20T09:00:00+00:00"}, "belongs to another run"),
        ({"dag_id": "retention"}, "belongs to another run"),
        ({"has_reason": False}, "no reason was given"),
        ({"subject": "Verstrekken aan police"}, "does not name this digest"),
        ({"answered_at": datetime.now(UTC) - timedelta(days=9)}, "older than"),
        ({"chosen": ("Approve",)}, "none of Release, Withhold"),
        ({"fields": {}}, "withheld is not confirmed"),
        ({"fields": {"withheld_confirmed": "yes"}}, "withheld is not confirmed"),
    ],
)
def test_only_an_officers_own_answer_to_exactly_this_list_lets_it_out(
    desk: Desk, changes: dict[str, Any], reason: str
) -> None:
    case = desk.new()
    desk.checked(case)
    desk.prepared(case)
    answer = replace(desk.release_answer(case), **changes)
    with pytest.raises(Refused, match=reason):
        decide.release(desk.db, desk.policy, case.case_id, answer, run=RUN)
    with pytest.raises(Refused):
        receipt.fetch(desk.db, desk.vault, case.case_id)
    assert desk.outcomes("release") == [("police", "refused")]


def test_what_was_made_again_after_the_answer_is_not_what_was_approved(desk: Desk) -> None:
    case = desk.new()
    desk.checked(case)
    desk.prepared(case)
    answer = desk.release_answer(case)
    desk.prepared(case)  # the same data; another file
    with pytest.raises(Refused, match="does not name this digest"):
        decide.release(desk.db, desk.policy, case.case_id, answer, run=RUN)


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (["written"], "not seen: signed, named-subjects, named-suspicion, called-back"),
        ([], "not seen: written"),
    ],
)
def test_the_check_needs_every_formal_requirement(desk: Desk, seen: list[str], reason: str) -> None:
    case = desk.new()
    with pytest.raises(Refused, match=reason):
        desk.checked(case, seen=seen)
    assert read(desk.db, case.case_id).last is What.SUBJECTS


def test_nobody_checks_by_a_rule_of_their_own(desk: Desk) -> None:
    with pytest.raises(Refused, match="another officer must answer"):
        desk.checked(desk.new(), by="compliance")


def test_an_official_whom_nobody_verified_gets_nothing(desk: Desk) -> None:
    with pytest.raises(Refused, match="nobody made sure that the official is one"):
        desk.checked(desk.new(verified="not-verified"))


def test_a_refusal_names_its_ground_and_ends_the_case(desk: Desk) -> None:
    case = desk.new()
    with pytest.raises(Refused, match="names its ground"):
        desk.checked(case, chosen="Refuse", ground="because")
    assert desk.checked(case, chosen="Refuse", ground="too-broad") is decide.Check.REFUSE
    with pytest.raises(Refused, match="prepared cannot follow refused"):
        desk.prepared(case)
    assert receipt.conclude(desk.db, desk.policy, desk.key, desk.vault, case.case_id, run=RUN, today=TODAY).last is (
        What.CLOSED
    )
    assert desk.outcomes("check") == [("police", "refused"), ("police", "rejected")]


def test_what_the_second_person_withholds_is_erased_and_cannot_be_fetched(desk: Desk) -> None:
    case = desk.new()
    desk.checked(case)
    desk.prepared(case)
    assert desk.released(case, chosen="Withhold", ground="too-broad") is decide.Second.WITHHOLD
    with pytest.raises(Refused):
        receipt.fetch(desk.db, desk.vault, case.case_id)
    receipt.conclude(desk.db, desk.policy, desk.key, desk.vault, case.case_id, run=RUN, today=TODAY)
    assert desk.kept(PACKAGES) == []
    assert read(desk.db, case.case_id).last is What.CLOSED


def test_a_task_that_is_tried_again_takes_the_same_answer_once(desk: Desk) -> None:
    case = desk.new()
    desk.checked(case)
    desk.prepared(case)
    answer = desk.release_answer(case)
    for _ in range(2):
        assert decide.release(desk.db, desk.policy, case.case_id, answer, run=RUN) is decide.Second.RELEASE
    assert desk.outcomes("release") == [("police", "done")]


def test_the_database_lets_nothing_out_that_two_persons_did_not_agree_to(desk: Desk) -> None:
    """Whoever goes around the code still meets the gate."""
    case = desk.new()
    insert = "insert into disclosure_step (case_id, what, by_whom, digest) values (%s, %s, %s, %s)"
    with pytest.raises(psycopg.errors.CheckViolation, match="without a check"):
        desk.db.execute(insert, [case.case_id, "released", "deputy", "c" * 64])
    desk.db.rollback()
    desk.checked(case, by="dpo")
    made = desk.prepared(case)
    for by, digest, reason in (("dpo", made.digest, "by somebody else"), ("deputy", "c" * 64, "not what was made")):
        with pytest.raises(psycopg.errors.CheckViolation, match=reason):
            desk.db.execute(insert, [case.case_id, "released", by, digest])
        desk.db.rollback()
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"), psycopg.connect(desk.server.conninfo) as db:
        db.execute("update disclosure_step set by_whom = 'deputy' where what = 'checked'")


def test_a_file_that_was_changed_in_the_vault_is_not_handed_out(desk: Desk) -> None:
    case = desk.new()
    desk.checked(case)
    desk.prepared(case)
    desk.released(case)
    desk.vault.put(f"{PACKAGES}{case.case_id}", b"another file")
    with pytest.raises(StoreError, match="not the one that was released"):
        receipt.fetch(desk.db, desk.vault, case.case_id)


def test_a_receipt_for_another_file_is_none(desk: Desk) -> None:
    case = desk.new()
    desk.checked(case)
    desk.prepared(case)
    desk.released(case)
    with pytest.raises(Refused, match="not the file that was released"):
        receipt.received(desk.db, desk.policy, case.case_id, "0" * 64, by="clerk", run=RUN)
    assert read(desk.db, case.case_id).last is What.RELEASED


def test_a_client_comes_first_and_its_data_alone_are_searched(desk: Desk) -> None:
    case = desk.new(client="acme")
    desk.checked(case)
    with pytest.raises(Refused, match="the client comes first"):
        desk.prepared(case)
    subject = question.client_first(read(desk.db, case.case_id)).subject
    with pytest.raises(Refused, match="no secrecy order binds us"):
        answer = desk.answer(subject, "Secrecy forbids", "dpo")
        decide.client_first(desk.db, desk.policy, case.case_id, answer, run=RUN)
    answer = desk.answer(subject, "Client agrees", "dpo")
    decide.client_first(desk.db, desk.policy, case.case_id, answer, run=RUN)
    made = desk.prepared(case)
    desk.released(case)
    records = opened(receipt.fetch(desk.db, desk.vault, case.case_id))["persons"][0]["records"]
    assert records == [{"place": "crm.customer", "fields": {"name": "Jan de Vries"}}]  # 100 is Acme's, 200 is not
    assert {line.place for line in made.lines} == {"crm.customer"}


def test_a_request_that_the_client_answers_itself_ends_here(desk: Desk) -> None:
    case = desk.new(client="acme")
    desk.checked(case)
    answer = desk.answer(question.client_first(read(desk.db, case.case_id)).subject, "Forwarded", "dpo")
    decide.client_first(desk.db, desk.policy, case.case_id, answer, run=RUN)
    with pytest.raises(Refused, match="prepared cannot follow forwarded"):
        desk.prepared(case)
    done = receipt.conclude(desk.db, desk.policy, desk.key, desk.vault, case.case_id, run=RUN, today=TODAY)
    assert done.last is What.CLOSED


def test_a_secrecy_order_hides_the_disclosure_from_the_subject_until_it_ends(desk: Desk) -> None:
    cases: dict[date | None, UUID | None] = {}
    today = datetime.now(AMSTERDAM).date()
    for until in (None, today - timedelta(days=2), today + timedelta(days=2)):
        case = desk.new(secret_until=until)
        assert desk.told("email", "jan@example.nl") == set(cases.values()) - {None}
        desk.checked(case)
        desk.prepared(case)
        assert case.case_id not in desk.told("email", "jan@example.nl")  # nothing is out yet
        desk.released(case)
        cases[until] = None if until and until > today else case.case_id
    assert desk.told("email", "jan@example.nl") == set(cases.values()) - {None}
    assert desk.told("contact", "1") == set(cases.values()) - {None}  # under every name
    assert desk.told("email", "piet@example.nl") == set()


def test_the_capability_of_requests_cannot_look_behind_the_secrecy(desk: Desk) -> None:
    with psycopg.connect(desk.server.conninfo) as owner:
        owner.execute("set role hoeder_rights")
        for table in ("disclosure", "disclosure_step", "disclosure_subject"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(f"select count(*) from {table}")
            owner.rollback()
            owner.execute("set role hoeder_rights")


def test_an_own_report_goes_to_the_police_from_an_approved_fraud_file(desk: Desk) -> None:
    fraud_case = uuid4()
    with psycopg.connect(desk.server.conninfo) as owner:
        owner.execute(
            """insert into fraud_case (case_id, store, signal, suspicion, facts, author, policy_digest)
               values (%s, 'crm', %s, 'false-claim', repeat('f', 64), 'agent', repeat('a', 64))""",
            [fraud_case, fraud_case.bytes],
        )
        owner.execute("insert into fraud_step (case_id, what, by_whom) values (%s, 'suspected', 'dpo')", [fraud_case])
    case = desk.new(
        power="report-of-crime", article="Sv 161", compelled=False, fraud_case=str(fraud_case),
        asked=["user.name", "user.contact", "user.health_and_medical"],
    )  # fmt: skip
    desk.checked(case)
    desk.prepared(case)
    desk.released(case)
    records = opened(receipt.fetch(desk.db, desk.vault, case.case_id))["persons"][0]["records"]
    assert [sorted(record["fields"]) for record in records] == [["city", "email", "name", "phone"]]
    assert (desk.outcomes("report_crime"), desk.outcomes("release")) == ([("police", "done")], [])


@pytest.fixture
def restricted(desk: Desk) -> Iterator[None]:
    """The person whom the requests are about had the processing of his data restricted."""
    with psycopg.connect(desk.server.conninfo, autocommit=True) as owner:
        marks.mark(owner, desk.key, marks.Ground.RESTRICTION, [("email", "jan@example.nl")])
        yield
        owner.execute("delete from left_out")


VOLUNTARY = {"power": "without-order", "article": "AVG 6(4) and 23; UAVG 41", "compelled": False}


def test_what_may_only_be_stored_goes_to_nobody_who_may_be_told_no(desk: Desk, restricted: None) -> None:
    case = desk.new(**VOLUNTARY)
    desk.checked(case)
    made = desk.prepared(case)
    assert made.given == ()
    assert {(line.place, line.field, line.withheld) for line in made.withheld} == {
        ("crm.contact", "*", Withheld.RESTRICTED)
    }
    assert "AVG 18" in question.release(read(desk.db, case.case_id), made).body
    assert desk.outcomes("minimise") == [("police", "nothing")]


def test_without_a_restriction_a_voluntary_answer_is_given(desk: Desk) -> None:
    case = desk.new(**VOLUNTARY)
    desk.checked(case)
    assert {line.field for line in desk.prepared(case).given} == {"name", "email", "phone", "city"}


def test_a_restriction_stops_no_order_of_the_law(desk: Desk, restricted: None) -> None:
    case = desk.new()
    desk.checked(case)
    assert {line.field for line in desk.prepared(case).given} == {"name", "city"}


def test_where_a_place_cannot_be_searched_nothing_is_made(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = desk.new()
    desk.checked(case)
    away = desk.connections["crm_disclosures"].model_copy(update={"database": "gone"})
    monkeypatch.setitem(desk.connections, "crm_disclosures", away)
    with pytest.raises(StoreError, match="not every place could be searched"):
        desk.prepared(case)
    assert desk.kept(PACKAGES) == []


def test_a_certificate_that_ended_meanwhile_stops_it(desk: Desk) -> None:
    case = desk.new()
    desk.checked(case)
    with pytest.raises(StoreError, match="not valid on 2027-06-01"):
        export.prepare(
            desk.db, desk.policy, desk.resolve, desk.key, desk.vault, case.case_id, run=RUN,
            today=TODAY.replace(year=2027, month=6, day=1),
        )  # fmt: skip


def test_a_hold_on_the_packages_keeps_what_was_made(desk: Desk) -> None:
    case = desk.new()
    desk.checked(case)
    made = desk.prepared(case)
    desk.released(case)
    receipt.received(desk.db, desk.policy, case.case_id, made.sealed, by="clerk", run=RUN)
    with psycopg.connect(desk.server.conninfo) as owner:
        owner.execute(
            """with placed as (insert into hold (matter, ground, placed_by, placed_on, review_by)
                               values ('m-1', 'claim', 'test', '2026-11-01', '2027-01-31') returning hold)
               insert into hold_scope (hold, applies_to) select hold, 'cases:disclosures/packages/' from placed"""
        )
    with pytest.raises(Refused, match="a legal hold keeps what was made"):
        receipt.erase(desk.db, desk.policy, desk.key, desk.vault, case.case_id, run=RUN, today=TODAY)
    with psycopg.connect(desk.server.conninfo) as owner:
        owner.execute("update hold set lifted_on = '2026-11-02', lift_asked_by = 'test', lifted_by = 'another'")
    assert desk.kept(PACKAGES) == [f"{PACKAGES}{case.case_id}"]


def test_nothing_of_a_person_stands_in_the_governance_database_or_in_a_question(desk: Desk) -> None:
    case = desk.new(asked=["user"])
    texts = [question.check(case, desk.policy).body]
    desk.checked(case)
    made = desk.prepared(case)
    texts.append(question.release(read(desk.db, case.case_id), made).body)
    desk.released(case)
    with psycopg.connect(desk.server.conninfo) as owner:
        for table in ("disclosure", "disclosure_step", "disclosure_line", "disclosure_subject", "ledger"):
            texts += [row[0] for row in owner.execute(f"select t::text from {table} t")]
    everything = "\n".join(texts).casefold()
    assert len(texts) > 10
    for value in ("vries", "jan@example", "612345678", "leek", "migraine", "rekening", "rechercheur"):
        assert value not in everything
