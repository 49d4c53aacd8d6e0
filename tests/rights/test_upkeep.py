"""Clocks are watched, late answers turn the run red, and what a search lacks is known with its remedy."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from post import KEY, RUN, TODAY, Mailbox, asks
from psycopg import sql

from hoeder.clock import AMSTERDAM
from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.persons import indexes, marks
from hoeder.persons.indexes import Lacking
from hoeder.rights import case, upkeep
from hoeder.rights.case import What
from hoeder.stores import contents
from hoeder.stores.anchors import StoredObject


def counts(mailbox: Mailbox) -> dict[str, int]:
    return upkeep.clocks(mailbox.db, mailbox.policy, run=RUN, today=TODAY)


def test_open_requests_are_counted_against_their_strict_date(mailbox: Mailbox) -> None:
    for number, days in enumerate((2, 27, 45)):
        mailbox.put(str(number), asks("Graag inzage", sender=f"p{number}@example.nl"), TODAY - timedelta(days=days))
    mailbox.take_in()
    assert counts(mailbox).items() >= {"requests": 3, "overdue": 1, "within_a_week": 1}.items()
    with pytest.raises(StoreError, match="1 requests are overdue"):
        upkeep.judge({"overdue": 1}, {})
    upkeep.judge({"overdue": 0}, {"overstayed": 0})


def test_a_clients_customer_is_late_after_its_working_days(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Graag inzage"), TODAY - timedelta(days=6))
    mailbox.put("2", asks("Graag inzage", sender="ann@example.nl"), TODAY - timedelta(days=1))
    for number in mailbox.take_in().cases:
        case.take(mailbox.db, number, What.CONFIRMED, "dpo", {"rights": ["access"], "client": "noord"})
    mailbox.db.commit()
    assert counts(mailbox)["overdue"] == 1


def test_that_the_clocks_were_looked_at_is_put_down_once_a_day(mailbox: Mailbox) -> None:
    today = datetime.now(AMSTERDAM).date()
    for _ in range(3):
        upkeep.clocks(mailbox.db, mailbox.policy, run=RUN, today=today)
    looked = [e for e in ledger.entries(mailbox.db) if e.act == "clocks" and e.phase == "outcome"]
    assert [e.outcome for e in looked] == ["nothing"]


def test_a_lacking_index_is_known_until_it_is_there(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Lacking("crm", "contact", "email", "create index concurrently on contact (lower(btrim(email)))")]
    monkeypatch.setattr(indexes, "lacking", lambda *_, **__: found)

    def look() -> dict[str, str]:
        return dict(upkeep.look_at_indexes(mailbox.db, mailbox.policy, lambda _: mailbox.connection, today=TODAY))

    def known() -> list[tuple[object, ...]]:
        return mailbox.db.execute("select object, column_name, gone_on from lacking_index").fetchall()

    assert look() == {"crm.contact.email": found[0].statement}
    assert look() == {"crm.contact.email": found[0].statement}
    assert known() == [("contact", "email", None)]
    found.clear()
    assert look() == {}
    assert known() == [("contact", "email", TODAY)]


def test_old_cases_go_with_everything_that_was_kept_of_them(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Graag inzage"))
    (number,) = mailbox.take_in().cases
    for what in (What.NO_REQUEST, What.CLOSED):
        case.take(mailbox.db, number, what, "dpo")
    mailbox.db.commit()
    in_six_years = datetime.now(AMSTERDAM).date() + timedelta(days=6 * 366)

    def keep(today: object) -> int:
        return upkeep.keep_house(mailbox.db, mailbox.policy, mailbox.vault, run=RUN, today=today).aged_out  # type: ignore[arg-type]

    today = datetime.now(AMSTERDAM).date()
    for case_id, named, ends in ((number, "1", True), (UUID(int=1), "2", False)):
        marks.restrict(mailbox.db, KEY, case_id, {("contact", named)})
        if ends:
            marks.release(mailbox.db, case_id, told_on=today, on=today + timedelta(days=7))
    assert keep(today) == 0
    assert keep(in_six_years) == 1
    for table, left in (("subject_case", 0), ("restricted_by", 1), ("left_out", 1)):
        count = mailbox.db.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
        assert count == (left,), table


def test_the_inventory_tells_what_is_encrypted_by_its_kind(mailbox: Mailbox) -> None:
    mailbox.vault.put("files/1", b"Jan de Vries, 06-12345678" * 20)
    head = mailbox.vault.client.head_object(Bucket=mailbox.vault.bucket, Key="files/1")
    stored = StoredObject("files/1", head["ContentLength"], head["ETag"].strip('"'), head["LastModified"], None)
    columns, notes = contents.read_any(mailbox.vault.client, mailbox.vault.bucket, stored)
    assert columns == {"content": ("bytea", ["application/x-fernet"])}
    assert notes == ["not opened"]
