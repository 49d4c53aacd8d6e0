"""Erasure: gone everywhere, nobody else touched, and only what was granted."""

from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from house import CANARY, EMAIL, KEY, RUN, TODAY, House, of_canary
from house import ground as ground
from house import house as house
from psycopg import sql

from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger, subjects
from hoeder.persons import marks
from hoeder.persons.marks import OptOut
from hoeder.retention.replay import replay
from hoeder.rights import batch, carry_out, case_file, search
from hoeder.rights.case import Right
from hoeder.stores.bloom import Bloom, halves, holding


def places(house: House, number: UUID) -> dict[str, int]:
    return {f"{place.store}.{place.target}": place.found for place in search.look(*house.all, number).places}


def test_a_person_is_found_in_tables_metadata_mail_headers_and_rows_inside_objects(house: House) -> None:
    assert places(house, house.open(Right.ACCESS)) == {
        "shop.contact": 1, "shop.note": 3, "shop.account": 1, "shop.invoice": 0, "shop.consent": 1, "shop.message": 1,
        "files.docs/": 1, "files.calls/": 1, "files.events/": 1, "files.logs/": 1, "files.inbox/": 1,
    }  # fmt: skip


def test_what_a_household_shares_is_possible_until_a_person_judged_it(house: House) -> None:
    (call,) = search.look(*house.all, house.open(Right.ACCESS)).to_confirm
    assert (call.target, call.agrees) == ("calls/", frozenset({"phone"}))


def test_the_second_search_reads_only_objects_that_may_hold_the_person(house: House) -> None:
    number = house.open(Right.ACCESS)
    first = search.look(*house.all, number)
    kept = house.governance.execute("select count(*) from object_index").fetchone()
    assert kept and kept[0] == 8, "two of each kind but one file of each with rows"
    for name in ("docs/1.pdf", "inbox/1.eml"):  # gone behind the index's back: it is not asked for any more
        house.bucket.client.delete_object(Bucket=house.bucket.name, Key=name)
    assert search.look(*house.all, number).matches == first.matches


def _judged(house: House, *rights: Right) -> UUID:
    """A case in which the call was judged to be theirs."""
    number = house.open(*rights)
    (call,) = search.look(*house.all, number).to_confirm
    house.governance.execute(
        """insert into subject_match (case_id, reference, store, target, certainty, agrees, differs)
           values (%s, %s, 'files', 'calls/', 'confirmed', '{}', '{}')""",
        [number, call.reference],
    )
    house.governance.commit()
    return number


def test_the_canary_is_gone_everywhere_and_nobody_else_is_touched(house: House) -> None:
    number, before = _judged(house, Right.ERASURE), house.others()
    counts = house.do(number, Right.ERASURE)
    assert counts == {"records": 12, "erased": 12, "objects": 5, "held": 0, "needed": 0, "withheld": 0}
    assert not any(house.canary_rows().values())
    assert not [row for row in house.events() if of_canary(row)]
    assert not [key for key in house.versions() if "7" in key]
    assert house.others() == before
    assert house.verify(number) == {"records": 0, "places": 11, "withheld": 0, "remaining": 0}


def test_nothing_of_the_person_is_in_the_machinery(house: House) -> None:
    number = _judged(house, Right.ERASURE)
    house.do(number, Right.ERASURE)
    house.verify(number)
    said = house.machinery().lower()
    assert not [word for word in ("canary", "vink", "12345678", "login7") if word in said]
    entries = ledger.entries(house.governance, case_id=number)
    assert [(each.act, each.phase, each.outcome) for each in entries] == [
        ("carry_out", "intent", None), ("carry_out", "outcome", "done"), ("verify", "intent", None),
        ("verify", "outcome", "done"),
    ]  # fmt: skip


def test_after_a_full_erasure_no_ledger_entry_can_be_tied_to_the_person(house: House) -> None:
    before = subjects.subject_ref(house.governance, KEY, "email", EMAIL)
    number = _judged(house, Right.ERASURE)
    house.do(number, Right.ERASURE)
    assert {each.subject_ref for each in ledger.entries(house.governance, case_id=number)} == {before}
    assert subjects.subject_ref(house.governance, KEY, "email", EMAIL) != before


def test_what_was_not_granted_is_not_erased(house: House) -> None:
    number = _judged(house, Right.ERASURE)
    granted = house.granted(number, Right.ERASURE)
    house.shop.execute("insert into note values (900, 7, 'came in after the decision')")
    with pytest.raises(Refused, match="is not what was granted"):
        house.do(number, Right.ERASURE, granted)
    assert house.canary_rows()["note"] == 4
    assert ledger.entries(house.governance, case_id=number)[-1].outcome == "refused"


def test_an_attempt_that_a_crash_ended_is_finished_under_the_same_decision(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _judged(house, Right.ERASURE)
    granted = house.granted(number, Right.ERASURE)

    def dies(*_: Any, **__: Any) -> None:
        raise StoreError("the bucket went away")

    with monkeypatch.context() as patched:
        patched.setattr("hoeder.rights.erasing._database", dies)
        with pytest.raises(StoreError, match="went away"):
            house.do(number, Right.ERASURE, granted)
    assert house.canary_rows()["note"] == 3 and "docs/7.pdf" not in house.versions()
    assert ledger.entries(house.governance, case_id=number)[-1].outcome == "failed"
    assert house.do(number, Right.ERASURE, granted)["erased"] == 7
    assert house.verify(number)["remaining"] == 0


def test_after_a_crash_too_nothing_goes_that_was_never_granted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number = _judged(house, Right.ERASURE)
    granted = house.granted(number, Right.ERASURE)
    house.do(number, Right.ERASURE, granted)
    house.shop.execute("insert into message values (900, 'canary.vink@zzcanary.example', 'again')")
    with pytest.raises(Refused, match="nobody decided about"):
        carry_out.erase(*house.all, number, digest=granted, run=RUN, today=TODAY)
    assert len(house.rows("select from message where id = 900")) == 1
    with pytest.raises(StoreError, match="1 records to erase"):
        house.verify(number)


def test_what_the_law_keeps_stays_and_so_does_what_it_refers_to(house: House) -> None:
    house.shop.execute("insert into invoice values (1, 7, '2025-03-01'), (2, 7, '2010-03-01')")
    number = _judged(house, Right.ERASURE)
    counts = house.do(number, Right.ERASURE)
    assert counts["withheld"] == 2, "the younger invoice, and the contact that it is for"
    assert house.canary_rows() == {"contact": 1, "note": 0, "account": 0, "invoice": 1, "consent": 0, "message": 0}
    assert house.verify(number) == {"records": 2, "places": 11, "withheld": 2, "remaining": 0}


def test_a_record_that_somebody_elses_refers_to_stays(house: House) -> None:
    house.shop.execute("alter table customer add brought_by int references contact; update customer set brought_by = 7")
    number = _judged(house, Right.ERASURE)
    assert house.do(number, Right.ERASURE)["withheld"] == 1
    assert house.canary_rows()["contact"] == 1


def test_rows_that_the_account_may_not_see_are_said_and_nothing_breaks(house: House) -> None:
    house.shop.execute(
        "create table secret (id int, contact_id int references contact); insert into secret values (1, 7)"
    )
    house.shop.execute("drop role if exists house_rights; create role house_rights login password 'house'")
    house.shop.execute(
        "grant usage on schema public to house_rights; grant select, delete on contact, note, account, invoice, "
        "consent, message to house_rights"
    )
    login = {"login": "house_rights", "password": "house"}
    house.connections["shop_rights"] = house.connections["shop_rights"].model_copy(update=login)
    try:
        number = _judged(house, Right.ERASURE)
        with pytest.raises(StoreError, match="1 records were not erased"):
            house.do(number, Right.ERASURE)
        assert house.canary_rows() == {"contact": 1, "note": 0, "account": 0, "invoice": 0, "consent": 0, "message": 0}
        assert ledger.entries(house.governance, case_id=number)[-1].outcome == "partial"
        house.shop.execute("drop table secret")
        carry_out.erase(
            *house.all, number, digest=_digest(house, number), run=RUN, today=TODAY
        )  # what was in the way is gone, so the rest goes
        assert house.canary_rows()["contact"] == 0
    finally:
        house.shop.execute("drop owned by house_rights; drop role house_rights")


def test_a_table_that_the_account_may_not_delete_from_is_said_before_any_row_goes(house: House) -> None:
    house.shop.execute("drop role if exists house_rights; create role house_rights login password 'house'")
    house.shop.execute("grant usage on schema public to house_rights")
    house.shop.execute("grant select on all tables in schema public to house_rights")
    house.shop.execute("grant delete on contact, note, account, consent to house_rights")
    login = {"login": "house_rights", "password": "house"}
    house.connections["shop_rights"] = house.connections["shop_rights"].model_copy(update=login)
    try:
        number, before = _judged(house, Right.ERASURE), house.canary_rows()
        with pytest.raises(StoreError, match="records of message, where this account may not delete"):
            house.do(number, Right.ERASURE)
        assert house.canary_rows() == before
    finally:
        house.shop.execute("drop owned by house_rights; drop role house_rights")


def _digest(house: House, number: UUID) -> str:
    row = house.governance.execute("select digest from subject_erasure where case_id = %s", [number]).fetchone()
    house.governance.commit()
    return str(row[0]) if row else ""


def test_a_hold_that_came_after_the_decision_keeps_everything(house: House) -> None:
    number = _judged(house, Right.ERASURE)
    granted, before = house.granted(number, Right.ERASURE), house.canary_rows()
    house.governance.execute(
        """with placed as (insert into hold (matter, ground, placed_by, placed_on, review_by)
                           values ('claim-1', 'claim', 'test', '2026-11-01', '2027-01-31') returning hold)
           insert into hold_subject select hold, 'contact', %s from placed""",
        [KEY.subject("contact", CANARY)],
    )
    house.governance.commit()
    with pytest.raises(Refused, match="is not what was granted"):
        house.do(number, Right.ERASURE, granted)
    assert house.canary_rows() == before


def test_a_hold_placed_at_the_last_moment_is_met_at_the_door(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number, before = _judged(house, Right.ERASURE), house.others()
    mine = house.canary_rows()

    def placed(hands: Any, records: Any) -> Any:
        house.governance.execute(
            """with placed as (insert into hold (matter, ground, placed_by, placed_on, review_by)
                               values ('claim-1', 'claim', 'test', '2026-11-01', '2027-01-31') returning hold)
               insert into hold_subject select hold, 'contact', %s from placed""",
            [KEY.subject("contact", CANARY)],
        )
        house.governance.commit()
        return really(hands, records)

    really = batch.erasing.erase
    monkeypatch.setattr("hoeder.rights.erasing.erase", placed)
    counts = house.do(number, Right.ERASURE)
    assert counts["held"] and counts["erased"] + counts["held"] == counts["records"]
    assert house.canary_rows() == mine | {"message": 0}, "the row with an address alone names nobody who is held"
    assert "docs/7.pdf" in house.versions()
    assert house.others() == before
    house.verify(number)


def test_a_row_that_became_somebody_elses_at_the_last_moment_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _judged(house, Right.ERASURE)
    really = batch.erasing.erase

    def given_away(hands: Any, records: Any) -> Any:
        house.shop.execute("update note set contact_id = 3 where id = 6")
        return really(hands, records)

    monkeypatch.setattr("hoeder.rights.erasing.erase", given_away)
    assert house.do(number, Right.ERASURE)["held"] == 1
    assert house.rows("select contact_id from note where id = 6") == [(3,)]


def test_an_earlier_version_goes_though_the_object_is_somebody_elses_now(house: House) -> None:
    house.put("docs/shared.pdf", b"hers", contact_id=str(CANARY))
    house.put("docs/shared.pdf", b"his", contact_id="1")
    house.do(_judged(house, Right.ERASURE), Right.ERASURE)
    assert house.versions()["docs/shared.pdf"] == [b"his"]


def test_what_a_restore_and_an_import_bring_back_is_gone_again_and_not_approached(house: House) -> None:
    house.connections["shop_retention"] = house.connections["shop_rights"]
    house.connections["files_retention"] = house.connections["files_rights"]
    number, before = _judged(house, Right.ERASURE), house.others()
    taken = datetime.now(UTC)
    events = house.versions()["events/a.parquet"][0]
    for table, column in BACK.items():
        house.shop.execute(_sql("create table old_{} as select * from {} where {} = 7", table, table, column))
    house.do(number, Right.ERASURE)
    for table in BACK:
        house.shop.execute(_sql("insert into {} select * from old_{}", table, table))
    house.put("docs/7.pdf", contact_id=str(CANARY))
    house.put("events/a.parquet", events)
    with pytest.raises(StoreError, match="records to erase"):
        house.verify(number)
    for store in ("shop", "files"):
        replay(store, house.policy, house.resolve, house.governance, KEY, run=RUN, taken=taken)
    assert house.verify(number)["remaining"] == 0
    assert not any(house.canary_rows().values())
    assert house.others() == before
    assert marks.suppressed(house.governance, KEY, OptOut.MARKETING, {("email", " Canary.Vink@ZZcanary.example")})
    assert marks.suppressed(house.governance, KEY, OptOut.SHARING, {("contact", str(CANARY))})


def _sql(statement: LiteralString, *names: str) -> sql.Composed:
    spelled = statement.replace("old_{}", "{}")
    old = statement.split("{}")
    return sql.SQL(spelled).format(
        *(sql.Identifier(f"old_{name}" if old[at].endswith("old_") else name) for at, name in enumerate(names))
    )


BACK = {"contact": "id", "note": "contact_id", "account": "contact_id", "message": "id"}


def test_many_cases_are_erased_as_each_alone_would_be(house: House) -> None:
    cases = [house.open(Right.ERASURE, identity=("email", f"p{n}@example.nl")) for n in range(10, 16)]
    granted = {number: house.granted(number, Right.ERASURE) for number in cases}
    stranger = house.open(Right.ERASURE, identity=("email", "p16@example.nl"))
    done = batch.erase(*house.all, granted | {stranger: "0" * 64}, run=RUN, today=TODAY)
    assert isinstance(done[stranger].problem, Refused)
    assert {(done[each].counts["erased"], done[each].problem) for each in cases} == {(9, None)}
    left = {row[0] for row in house.rows("select id from contact")}
    assert left == {*range(1, 10), *range(16, 22)}
    assert len(house.rows("select from note where contact_id = 16")) == 3
    assert len([row for row in house.events() if row["contact_id"] == 16]) == 4
    assert not [row for row in house.events() if row["contact_id"] in range(10, 16)]


def test_a_batch_asks_each_table_as_often_as_one_case_does(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    really = psycopg.Connection.execute

    def counted(self: Any, query: Any, *more: Any, **how: Any) -> Any:
        if self.info.dbname == house.database.dbname and self is not house.shop:
            asked.append("x")
        return really(self, query, *more, **how)

    def cost(*numbers: int) -> int:
        cases = [house.open(Right.ERASURE, identity=("email", f"p{n}@example.nl")) for n in numbers]
        granted = {number: house.granted(number, Right.ERASURE) for number in cases}
        asked.clear()
        with monkeypatch.context() as patched:
            patched.setattr(psycopg.Connection, "execute", counted)
            batch.erase(*house.all, granted, run=RUN, today=TODAY)
        return len(asked)

    assert cost(11, 12, 13, 14, 15, 16) == cost(10)


def test_who_says_two_of_one_household_are_two_persons_is_heard_for_each(house: House) -> None:
    one = _judged(house, Right.ERASURE)
    other = house.open(Right.ERASURE, identity=("phone", "0612345678"), names=("Jan Vink",))
    found = search.look_many(*house.all, [one, other])
    assert not found[one].to_confirm
    assert {match.target for match in found[other].to_confirm} == {"contact", "calls/"}


def test_many_filters_are_asked_as_one(house: House) -> None:
    filters = [Bloom.of([bytes([n]) * 16]) for n in range(40)] + [
        Bloom(b""),
        Bloom.of([bytes([n]) * 16 for n in range(99)]),
    ]
    asked = halves([bytes([3]) * 16, bytes([8]) * 16])
    assert list(holding(filters, asked)) == [bool(each.bits) and each.any(asked) for each in filters]


def test_the_case_file_is_not_needed_in_any_other_shape(house: House) -> None:
    number = house.open(Right.ERASURE)
    assert "canary" not in repr(case_file.read(house.vault, number))
