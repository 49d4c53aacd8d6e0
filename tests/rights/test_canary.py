"""One person in every kind of place: each right reaches all of them, and holds after whatever runs afterwards."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from house import CANARY, EMAIL, KEY, RUN, TODAY, House
from house import ground as ground
from house import house as house
from servers import Database, connection_to

from hoeder import inventory
from hoeder.anonymization.people import left_out
from hoeder.errors import StoreError
from hoeder.evidence.ledger import Run
from hoeder.governance import journal
from hoeder.governance.protection import Protections
from hoeder.persons import marks
from hoeder.persons.marks import OptOut
from hoeder.policy.person_facing import PersonFacing
from hoeder.policy.processing import ProcessingFile
from hoeder.retention.replay import replay
from hoeder.rights import portability, search
from hoeder.rights.again import again
from hoeder.rights.case import Right
from hoeder.rights.case_file import Correction
from hoeder.rights.gather import gather
from hoeder.rights.work import Work

NAMED: Mapping[str, tuple[str, object]] = {
    "shop.contact": ("contact", CANARY), "shop.note": ("contact", CANARY), "shop.account": ("contact", str(CANARY)),
    "shop.consent": ("contact", CANARY), "shop.message": ("email", "CANARY.VINK@zzcanary.example "),
    "files.docs/": ("contact", str(CANARY)), "files.calls/": ("phone", "0612345678"),
    "files.inbox/": ("email", EMAIL), "files.events/": ("contact", CANARY), "files.logs/": ("email", EMAIL),
}  # fmt: skip
"""Every kind of place, and by what a record there names the person."""
TAKEN = datetime(2026, 1, 1, tzinfo=UTC)
"""When the backup that is restored was begun."""


@pytest.fixture
def whole(house: House, governance: Database) -> House:
    """The house with an account for each thing that runs in it."""
    for name in ("inventory", "retention"):
        house.connections[f"shop_{name}"] = house.connections["shop_rights"]
        house.connections[f"files_{name}"] = house.connections["files_rights"]
        house.connections[f"governance_{name}"] = connection_to(governance)
    return house


def judged(house: House, *rights: Right, **file: Any) -> UUID:
    """A case in which the call of the household was judged to be theirs."""
    number = house.open(*rights, **file)
    for match in search.look(*house.all, number).to_confirm:
        house.governance.execute(
            """insert into subject_match (case_id, reference, store, target, certainty, agrees, differs)
               values (%s, %s, %s, %s, 'confirmed', '{}', '{}')""",
            [number, match.reference, match.store, match.target],
        )
    house.governance.commit()
    return number


def afterwards(house: House) -> None:
    """Everything else that runs: an inventory, an import of old data, a restored backup whose journal is replayed."""
    for store in ("shop", "files"):
        run = Run(house.policy.digest, "inventory", "after", "scan")
        inventory.run(store, house.policy, house.resolve, run=run, today=TODAY)
    house.shop.execute("insert into message values (900, ' Canary.VINK@zzcanary.example', 'imported again')")
    house.put("inbox/900.eml", f"From: C. Vink <{EMAIL}>\n\nimported again".encode())
    for store in ("shop", "files"):
        replay(store, house.policy, house.resolve, house.governance, KEY, run=RUN, taken=TAKEN)


def test_access_reaches_every_kind_of_place_and_nobody_else_in_it(house: House) -> None:
    number = judged(house, Right.ACCESS)
    seen = {each.place.replace(":", "."): each for each in
            gather(house.policy, house.resolve, search.look(*house.all, number), TODAY)}  # fmt: skip
    assert set(seen) == set(NAMED), "and nothing of a client's customer with the same address"
    assert seen["files.calls/"].rows == (("calls/7.wav",),) and seen["files.docs/"].rows == (("docs/7.pdf",),)
    for place in ("files.events/", "files.logs/"):
        assert [row[0] for row in seen[place].rows] == [CANARY] * 2, "only their rows"
    assert all(len(each.references) in (0, len(each.rows)) for each in seen.values())


def test_portability_takes_what_they_provided_from_tables_and_from_inside_objects(house: House) -> None:
    places = ["shop.message", "files:events/", "shop.note"]
    processing = {
        "processing": "p", "nl": "p", "en": "p", "role": "controller", "owner": "o", "purposes": ["x"],
        "subjects": ["y"], "places": places, "basis": {"article": "6(1)(a)"},
    }  # fmt: skip
    register = ProcessingFile.model_validate({"processings": [processing]})
    given = {"nl": "g", "en": "g", "provided": ["email"]}
    facing = PersonFacing.model_validate({"places": {"shop.message": given, "files:events/": given}})
    policy = house.policy.model_copy(update={"processing": register, "person_facing": facing})
    number = judged(house, Right.PORTABILITY)
    made = portability.provided(policy, gather(policy, house.resolve, search.look(*house.all, number), TODAY))
    assert {each.place: each.columns for each in made} == {"shop.message": ("email",), "files:events/": ("email",)}
    assert {str(row[0]).strip().lower() for each in made for row in each.rows if row[0]} == {EMAIL}


def test_a_restriction_protects_in_every_kind_of_place_whatever_runs_after_it(whole: House) -> None:
    number, before = judged(whole, Right.RESTRICTION), whole.canary_rows()
    whole.do(number, Right.RESTRICTION)
    afterwards(whole)
    protections = Protections.read(whole.governance, KEY)
    for place, named in NAMED.items():
        assert protections.of(*place.split(".", 1), [named]) is not None, place  # type: ignore[call-arg]
        store = place.partition(".")[0]
        assert KEY.subject(*named) in left_out(whole.governance, store, named[0]), f"{place} is analysed"
    assert protections.of("shop", "note", [("contact", 1)]) is None
    whole.governance.commit()
    assert whole.verify(number)["remaining"] == 0, "what was imported again is marked too"
    assert whole.canary_rows() == before | {"message": 1}, "kept, not erased"


@pytest.mark.parametrize("right", [Right.OBJECTION, Right.WITHDRAWAL])
def test_who_objects_or_withdraws_is_approached_by_nobody_whatever_runs_after_it(whole: House, right: Right) -> None:
    number = judged(whole, right)
    whole.do(number, right)
    afterwards(whole)
    for named in NAMED.values():
        for scope in OptOut:
            assert marks.suppressed(whole.governance, KEY, scope, {(named[0], str(named[1]))}), (named[0], scope)
        analysed = KEY.subject(*named) not in left_out(whole.governance, "shop", named[0])
        assert analysed is (right is Right.WITHDRAWAL)
    assert whole.verify(number)["remaining"] == 0
    if right is Right.WITHDRAWAL:
        whole.shop.execute("update consent set status = 'standing', ended_on = null where id = 7")  # an import
        with pytest.raises(StoreError, match="1 consents that stand"):
            whole.verify(number)


def test_a_correction_that_a_restore_undoes_is_noticed_and_made_again(whole: House) -> None:
    number = judged(whole, Right.RECTIFICATION)
    whole.correct(number, Correction(place="shop.contact", column="name", value="Kanarie Vink"),
                  Correction(place="shop.note", column="body", value="Dat zei ik niet."))  # fmt: skip
    digest = whole.granted(number, Right.RECTIFICATION)
    whole.do(number, Right.RECTIFICATION, digest)
    afterwards(whole)
    assert whole.verify(number)["remaining"] == 0
    whole.shop.execute("update contact set name = 'Canary Vink' where id = 7; update note set statement = null")
    with pytest.raises(StoreError, match="4 fields to correct"):
        whole.verify(number)
    lost = journal.corrections(whole.governance, "shop", TAKEN)
    assert {(each.case_id, each.target) for each in lost} == {(number, "contact"), (number, "note")}
    assert all(each.confirmed_at for each in lost), "the journal names them, and no value"
    assert "Kanarie" not in whole.machinery()
    step = {"granted": {"rectification": digest}}
    whole.governance.execute(
        "insert into subject_step (case_id, what, by_whom, detail) values (%s, 'decided', 'dpo', %s)",
        [number, json.dumps(step)],
    )
    work = Work(*whole.all, RUN, TODAY)  # type: ignore[misc]
    assert again(work, number, Right.RECTIFICATION)["changed"] == 4
    assert again(work, number, Right.RECTIFICATION)["changed"] == 0, "what is right stays"
    assert len(journal.corrections(whole.governance, "shop", TAKEN)) == 4, "an entry where something was changed alone"
    assert whole.verify(number)["remaining"] == 0
    assert whole.rows("select name from contact where id = 7") == [("Kanarie Vink",)]


def test_what_was_erased_in_every_kind_of_place_and_comes_back_is_noticed_and_goes_again(whole: House) -> None:
    number, before = judged(whole, Right.ERASURE), whole.others()
    whole.do(number, Right.ERASURE)
    assert not any(place.found for place in search.look(*whole.all, number).places)
    afterwards(whole)
    with pytest.raises(StoreError, match="2 records to erase"):
        whole.verify(number)
    again = judged(whole, Right.ERASURE)
    whole.do(again, Right.ERASURE)
    assert whole.verify(again)["remaining"] == 0 and whole.verify(number)["remaining"] == 0
    assert whole.others() == before and EMAIL not in whole.machinery().lower()
