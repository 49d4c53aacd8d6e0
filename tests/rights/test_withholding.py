"""A copy without some of its parts: each with its ground, told in the letter; the rest is handed over whole."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from desk import Desk
from desk import desk as desk
from desk import place as place
from test_finish import finished
from test_requests_command import Run, raise_of
from test_requests_command import run as run

from hoeder.errors import Refused
from hoeder.rights import case, deciding, finish, letters, withholding
from hoeder.rights.again import again
from hoeder.rights.case import Right, What
from hoeder.rights.gathered import Gathered
from hoeder.rights.refusal import Refusal
from hoeder.rights.withholding import Withheld

OTHERS, LAW = "rights-of-others", "legal-exception"


def granted(desk: Desk, number: UUID, **fields: Any) -> list[Any]:
    """The officer's yes to everything, with what else the form says."""
    texts = deciding.to_decide(desk.work, number)
    answers = [desk.answer(text, "Grant", fields=fields) for text in texts]
    deciding.decide(desk.work, number, answers)
    return answers


def copied(desk: Desk, number: UUID, right: str = "access") -> dict[str, Any]:
    """What the copy of a case holds, by place; None for what is not there."""
    with zipfile.ZipFile(io.BytesIO(desk.work.vault.get(f"packages/{number}-{right}"))) as archive:
        read = json.loads(archive.read("gegevens.json"))
    tables = [table for part in read["processings"] for table in part["tables"]]
    return {table["place"]: table["records"] for table in tables} | {"withheld": read["withheld"]}


def reference(desk: Desk, key: int, table: str = "note") -> str:
    return desk.work.key.row("shop", table, str(key)).hex()


def test_a_place_a_column_a_category_and_a_record_are_left_out_and_nothing_else(desk: Desk) -> None:
    number = desk.searched("access")
    parts = f"shop.invoice={LAW}, shop.contact.phone user.content {reference(desk, 11)}"
    answers = granted(desk, number, withhold=parts, ground=OTHERS)
    written = finished(desk, number, answers)
    seen = copied(desk, number)
    assert "shop.invoice" not in seen
    assert seen["shop.contact"] == [{"id": 1, "name": "Jan de Vries", "email": "jan@example.nl"}]
    assert seen["shop.note"] == [{"contact_id": 1}], "one record gone, and the category wherever it stands"
    assert {each["ground"] for each in seen["withheld"]} == {OTHERS, LAW}
    step = case.read(desk.db, number).latest(What.CARRIED_OUT)
    assert step is not None and (step.detail["records"], step.detail["withheld"]) == (2, 5)
    _, text = letters.fetch(desk.work.vault, written)
    assert "Dit krijgt u niet:" in text and "1 gegeven uit: shop.note" in text
    assert "hun belang weegt hier zwaarder (AVG 15(4), 20(4))" in text
    assert "shop.invoice. Waarom: de wet staat een uitzondering toe" in text and "(UAVG 41)" in text
    said = str(list(desk.db.execute("select * from subject_step"))) + str(list(desk.db.execute("select * from ledger")))
    assert "jan@" not in said


def test_a_copy_that_is_made_again_leaves_the_same_out(desk: Desk) -> None:
    number = desk.searched("access")
    finish.carry_out(desk.work, number, granted(desk, number, withhold="shop.invoice", ground=LAW))
    before = copied(desk, number)
    again(desk.work, number, Right.ACCESS)
    assert copied(desk, number) == before and "shop.invoice" not in before


def test_without_a_word_of_it_nothing_is_left_out(desk: Desk) -> None:
    number = desk.searched("access")
    written = finished(desk, number, granted(desk, number, withhold="  ", ground=OTHERS))
    assert "Dit krijgt u niet" not in letters.fetch(desk.work.vault, written)[1]
    assert copied(desk, number)["withheld"] == [] and len(copied(desk, number)["shop.note"]) == 2


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"withhold": "shop.note"}, "on rights-of-others or legal-exception"),
        ({"withhold": "shop.note", "ground": "manifestly-unfounded"}, "not on manifestly-unfounded"),
        ({"withhold": "shop.note=busy", "ground": OTHERS}, "not on what was answered"),
        ({"withhold": "shop.nothing", "ground": OTHERS}, "nothing that was found of the person is called shop.nothing"),
        ({"withhold": "0" * 32, "ground": OTHERS}, "there are shop.contact, shop.invoice, shop.note"),
        ({"withhold": "user.financial", "ground": OTHERS}, "is called user.financial"),
        ({"withhold": "'jan'@example.nl", "ground": OTHERS}, "the answer has something else there"),
    ],
)
def test_what_names_no_part_or_no_ground_decides_nothing(desk: Desk, fields: Mapping[str, str], why: str) -> None:
    number = desk.searched("access")
    with pytest.raises(Refused, match=why) as refused:
        granted(desk, number, **fields)
    assert "jan" not in str(refused.value)
    assert case.read(desk.db, number).last in (What.SEARCHED, What.JUDGED)


def test_what_was_withheld_cannot_be_changed_after_the_decision(desk: Desk) -> None:
    number = desk.searched("access")
    answers = granted(desk, number, withhold="shop.note", ground=OTHERS)
    with pytest.raises(Refused, match="answered differently before"):
        finish.carry_out(desk.work, number, [replace(each, fields={}) for each in answers])


def test_only_copies_are_granted_in_part(desk: Desk) -> None:
    number = desk.searched("erasure")
    granted(desk, number, withhold="shop.note", ground=OTHERS)
    assert withholding.decided(case.read(desk.db, number), Right.ERASURE) == ()
    (question,) = deciding.to_decide(desk.work, desk.searched("access"))
    assert "`hoeder requests records" in question.body


def test_a_place_with_nothing_left_of_it_is_not_there() -> None:
    note = Gathered("shop.note", {"body": "user.content"}, (("a",), (None,)), (None, None), references=(b"1", b"2"))
    whole, none = withholding.apply([note], [])
    assert whole == [note] and none == 0
    left, count = withholding.apply([note], [Withheld("user", Refusal.EXCEPTION)])
    assert left == [] and count == 1, "an empty field is nothing that is withheld"


def test_the_officer_sees_what_a_copy_would_say_with_the_references_to_withhold(desk: Desk, run: Run) -> None:
    number = str(desk.searched("access"))
    shown = run("records", number)
    assert shown.exit_code == 0, shown.output
    assert "shop.note  2 records" in shown.output and reference(desk, 11) in shown.output
    (notes,) = [each for each in json.loads(run("records", number, "--json").output) if each["place"] == "shop.note"]
    assert notes["references"] == [reference(desk, 10), reference(desk, 11)]
    with pytest.raises(Exception, match="no case begins with"):
        raise_of(run("records", "ffffffff"))
