"""Marks and corrections: each right does its own to the canary, everywhere, and nothing to anybody else."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from house import CANARY, EMAIL, KEY, RUN, TODAY, House
from house import ground as ground
from house import house as house
from pydantic import ValidationError

from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.governance import journal
from hoeder.governance.protection import Protections
from hoeder.persons import marks
from hoeder.persons.marks import OptOut
from hoeder.policy.carry_out import Correctable
from hoeder.rights import case, case_file, rectify, search
from hoeder.rights.case import Right, What
from hoeder.rights.case_file import Correction


def _judged(house: House, *rights: Right, **file: Any) -> UUID:
    """The call is nobody's: a household shares the telephone."""
    number = house.open(*rights, **file)
    for match in search.look(*house.all, number).to_confirm:
        house.governance.execute(
            """insert into subject_match (case_id, reference, store, target, certainty, agrees, differs)
               values (%s, %s, 'files', 'calls/', 'refused', '{}', '{}')""",
            [number, match.reference],
        )
    house.governance.commit()
    return number


def protected(house: House, *identities: tuple[str, object]) -> bool:
    found = Protections.read(house.governance, KEY).of("shop", "note", identities) is not None
    house.governance.commit()
    return found


# --- marks ------------------------------------------------------------------------------------------------------------


def test_a_restricted_person_is_known_under_every_name_and_nobody_else_is(house: House) -> None:
    number, before = _judged(house, Right.RESTRICTION), house.others()
    counts = house.do(number, Right.RESTRICTION)
    assert counts["marked"] >= 3 and counts["changed"] == 0
    for name in (("email", EMAIL.upper()), ("contact", CANARY), ("phone", "0612345678")):
        assert protected(house, name), name[0]
    assert not protected(house, ("contact", 1), ("email", "p1@example.nl"))
    assert house.others() == before and all(house.canary_rows()[table] for table in ("contact", "note"))
    assert house.verify(number)["remaining"] == 0


def test_an_objection_is_left_out_of_analysis_and_approaches(house: House) -> None:
    number = _judged(house, Right.OBJECTION)
    house.do(number, Right.OBJECTION)
    grounds = {row[0] for row in house.governance.execute("select ground from left_out")}
    assert grounds == {"objection"}
    assert not protected(house, ("contact", CANARY)), "what is due still goes"
    for scope in OptOut:
        assert marks.suppressed(house.governance, KEY, scope, {("email", EMAIL)})
    assert house.verify(number)["remaining"] == 0


def test_a_consent_that_is_withdrawn_ends_and_its_proof_stays(house: House) -> None:
    number, before = _judged(house, Right.WITHDRAWAL), house.others()
    assert house.do(number, Right.WITHDRAWAL)["changed"] == 1
    assert house.rows("select id, ended_on from consent where status = 'ended'") == [(CANARY, TODAY)]
    assert house.others() == before
    assert house.verify(number)["remaining"] == 0
    house.shop.execute("update consent set status = 'standing' where id = 7")
    with pytest.raises(StoreError, match="1 consents that stand"):
        house.verify(number)


def test_a_mark_holds_when_old_data_come_back_and_a_new_name_is_noticed(house: House) -> None:
    number = _judged(house, Right.RESTRICTION)
    house.do(number, Right.RESTRICTION)
    house.shop.execute("insert into message values (900, '  CANARY.vink@ZZcanary.example', 'imported again')")
    assert house.verify(number)["remaining"] == 0
    assert protected(house, ("email", "canary.VINK@zzcanary.example "))
    house.shop.execute("update contact set phone = '0699999999' where id = 7")
    with pytest.raises(StoreError, match="names without restriction"):
        house.verify(number)


def test_a_mark_that_was_lifted_is_no_mark(house: House) -> None:
    number = _judged(house, Right.RESTRICTION)
    house.do(number, Right.RESTRICTION)
    lifted = {"told_on": TODAY - timedelta(days=3), "on": TODAY - timedelta(days=2)}
    assert marks.release(house.governance, number, **lifted) > 0
    house.governance.commit()
    with pytest.raises(StoreError, match="names without restriction"):
        house.verify(number)


def test_who_is_known_under_other_names_than_granted_is_not_marked(house: House) -> None:
    rights = (Right.RESTRICTION, Right.OBJECTION, Right.WITHDRAWAL)
    number = _judged(house, *rights)
    granted = {right: house.granted(number, right) for right in rights}
    house.shop.execute("update contact set phone = '0699999999' where id = 7")
    for right, digest in granted.items():
        with pytest.raises(Refused, match="is not who was granted"):
            house.do(number, right, digest)
        assert ledger.entries(house.governance, case_id=number)[-1].outcome == "refused"
    assert not protected(house, ("contact", CANARY))
    assert not marks.suppressed(house.governance, KEY, OptOut.MARKETING, {("email", EMAIL)})


def test_a_store_that_does_not_answer_verifies_nothing(house: House) -> None:
    number = _judged(house, Right.RESTRICTION)
    house.do(number, Right.RESTRICTION)
    house.connections["shop_rights"] = house.connections["shop_rights"].model_copy(update={"port": 1})
    with pytest.raises(StoreError, match="cannot be verified"):
        house.verify(number)
    assert ledger.entries(house.governance, case_id=number)[-1].outcome == "unreachable"


# --- corrections ------------------------------------------------------------------------------------------------------

NEW = "canary.nieuw@zzcanary.example"


def test_a_field_gets_its_new_value_its_old_one_is_kept_and_nothing_else_changes(house: House) -> None:
    number, before = _judged(house, Right.RECTIFICATION), house.others()
    house.correct(number, Correction(place="shop.contact", column="email", value=NEW))
    counts = house.do(number, Right.RECTIFICATION)
    assert counts == {"records": 1, "changed": 1, "statements": 0}
    (row,) = house.rows("select id, name, email, phone, old_email from contact where id = 7")
    assert row == (7, "Canary Vink", NEW, "0612345678", "Canary.Vink@zzcanary.example")
    assert house.others() == before
    found = house.verify(number)
    assert (found["remaining"], found["records"]) == (0, 11), "they are still found under the old address"
    said = house.machinery().lower()
    assert not [word for word in ("canary", "nieuw", "vink") if word in said]


def test_a_judgement_is_not_replaced_but_gets_the_persons_statement_beside_it(house: House) -> None:
    number = _judged(house, Right.RECTIFICATION)
    record = KEY.row("shop", "note", 6).hex()
    statement = "Ik was die dag niet boos"
    house.correct(number, Correction(place="shop.note", column="body", value=statement, record=record))
    assert house.do(number, Right.RECTIFICATION)["statements"] == 1
    assert house.rows("select id, body, statement from note where statement is not null") == [
        (6, "note 6", statement)
    ]  # fmt: skip


def test_once_more_changes_nothing_and_a_change_back_is_noticed(house: House) -> None:
    number = _judged(house, Right.RECTIFICATION)
    house.correct(number, Correction(place="shop.contact", column="email", value=NEW))
    granted = house.granted(number, Right.RECTIFICATION)
    house.do(number, Right.RECTIFICATION, granted)
    again = rectify.apply(*house.all, number, digest=granted, run=RUN, today=TODAY)
    assert again["changed"] == 0
    assert house.rows("select old_email from contact where id = 7") == [("Canary.Vink@zzcanary.example",)]
    house.shop.execute("update contact set email = 'Canary.Vink@zzcanary.example' where id = 7")  # an import
    with pytest.raises(StoreError, match="1 fields to correct"):
        house.verify(number)


def test_what_cannot_be_corrected_is_refused_and_changes_nothing(house: House) -> None:
    number, before = _judged(house, Right.RECTIFICATION), house.others()
    somebody = KEY.row("shop", "contact", 1).hex()
    fits = Correction(place="shop.contact", column="name", value="Canary de Vink")
    for correction, why in (
        (Correction(place="shop.contact", column="email", value=f"{'x' * 50}@example.nl"), "does not fit its column"),
        (Correction(place="shop.contact", column="phone", value="0666666"), "is not corrected by a request"),
        (Correction(place="shop.invoice", column="paid_on", value="2020-01-01"), "is not corrected by a request"),
        (Correction(place="shop.contact", column="name", value="Karel", record=somebody), "not certainly the person's"),
    ):
        house.correct(number, fits, correction)
        with pytest.raises(Refused, match=why) as refused:
            house.do(number, Right.RECTIFICATION)
        assert str(correction.value) not in str(refused.value)
    assert house.rows("select name, email from contact where id = 7") == [
        ("Canary Vink", "Canary.Vink@zzcanary.example")
    ]  # fmt: skip
    assert house.others() == before
    assert journal.corrections(house.governance, "shop", datetime(2026, 1, 1, tzinfo=UTC)) == [], (
        "nothing to make again"
    )


def test_another_correction_than_was_granted_is_refused(house: House) -> None:
    number = _judged(house, Right.RECTIFICATION)
    house.correct(number, Correction(place="shop.contact", column="name", value="Canary de Vink"))
    granted = house.granted(number, Right.RECTIFICATION)
    house.correct(number, Correction(place="shop.contact", column="name", value="Karel"))
    with pytest.raises(Refused, match="is not what was granted"):
        house.do(number, Right.RECTIFICATION, granted)


def test_without_a_correction_there_is_nothing_to_grant_and_two_that_disagree_are_none(house: House) -> None:
    number = _judged(house, Right.RECTIFICATION)
    with pytest.raises(Refused, match="nobody put down what is wrong"):
        house.granted(number, Right.RECTIFICATION)
    house.correct(number, *(Correction(place="shop.contact", column="name", value=value) for value in ("A", "B")))
    with pytest.raises(Refused, match="two corrections of one record disagree"):
        house.granted(number, Right.RECTIFICATION)


def test_a_trigger_that_would_do_more_stops_a_correction(house: House) -> None:
    house.shop.execute(
        """create function more() returns trigger language plpgsql as 'begin return new; end';
           create trigger more before update on contact for each row execute function more()"""
    )
    number = _judged(house, Right.RECTIFICATION)
    house.correct(number, Correction(place="shop.contact", column="name", value="Canary de Vink"))
    with pytest.raises(StoreError, match="acts on every change"):
        house.do(number, Right.RECTIFICATION)


def test_a_restricted_person_is_still_corrected_and_one_under_a_hold_is_not(house: House) -> None:
    number = _judged(house, Right.RESTRICTION, Right.RECTIFICATION)
    house.do(number, Right.RESTRICTION)
    house.correct(number, Correction(place="shop.contact", column="name", value="Canary de Vink"))
    house.do(number, Right.RECTIFICATION)
    assert house.rows("select name from contact where id = 7") == [("Canary de Vink",)]
    house.governance.execute(
        """with placed as (insert into hold (matter, ground, placed_by, placed_on, review_by)
                           values ('claim-1', 'claim', 'test', '2026-11-01', '2027-01-31') returning hold)
           insert into hold_subject select hold, 'contact', %s from placed""",
        [KEY.subject("contact", CANARY)],
    )
    house.governance.commit()
    house.correct(number, Correction(place="shop.contact", column="name", value="Canary Vink"))
    granted = house.granted(number, Right.RECTIFICATION)
    with pytest.raises(Refused, match="a legal hold keeps a record as it is"):
        rectify.apply(*house.all, number, digest=granted, run=RUN, today=TODAY)
    assert house.rows("select name from contact where id = 7") == [("Canary de Vink",)]


def test_a_case_corrects_then_erases(house: House) -> None:
    number = house.open(Right.RECTIFICATION, Right.ERASURE)
    for match in search.look(*house.all, number).to_confirm:
        house.governance.execute(
            """insert into subject_match (case_id, reference, store, target, certainty, agrees, differs)
               values (%s, %s, 'files', 'calls/', 'refused', '{}', '{}')""",
            [number, match.reference],
        )
    house.correct(number, Correction(place="shop.contact", column="email", value=NEW))
    granted = {right: house.granted(number, right) for right in (Right.RECTIFICATION, Right.ERASURE)}
    for right, digest in granted.items():
        house.do(number, right, digest)
    assert house.verify(number)["records"] == 0
    assert case.read(house.governance, number).last is What.CARRIED_OUT
    assert case_file.read(house.vault, number).corrections


def test_policy_does_not_call_a_judgement_a_fact() -> None:
    with pytest.raises(ValidationError, match="a judgement is not replaced"):
        Correctable(facts=("body",), opinions={"body": "statement"})
    with pytest.raises(ValidationError, match="no fact that is corrected"):
        Correctable(facts=("name",), before={"email": "old_email"})
