"""A message of a contact form that asks for a right is a case, at once and once; any other stays a message."""

from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest
from post import KEY, RUN, TODAY, Mailbox
from servers import Database, connection_to
from small_policy import made, store

from hoeder.errors import StoreError
from hoeder.persons import marks
from hoeder.persons.marks import OptOut
from hoeder.policy.requests import ContactForm
from hoeder.rights import case, case_file, contact_form
from hoeder.rights.case import Channel
from hoeder.stores.connection import Connection, connect

FORM = ContactForm(store="crm", table="message", email="email", name="name", body="body", received="received_on")
COLUMNS = {"id": "user.unique_id", "name": "user.name", "email": "user.contact.email", "body": "user.content.private",
           "received_on": "system.operations"}  # fmt: skip
POLICY = made({"crm": store(connection="crm")}, {"crm": {"message": {
    "description": "d", "purpose": "p", "columns": COLUMNS, "subject": {"kind": "message", "column": "id"},
}}})  # fmt: skip


@pytest.fixture
def crm(database: Database) -> Iterator[Connection]:
    with psycopg.connect(database.conninfo) as db:
        db.execute("create table message (id bigint primary key, name text, email text, body text, received_on date)")
    yield connection_to(database)


def say(crm: Connection, *rows: tuple[int, str, str, date]) -> None:
    with connect(crm) as db:
        for number, address, body, day in rows:
            db.execute("insert into message values (%s, 'Jan de Vries', %s, %s, %s)", [number, address, body, day])


def take_in(mailbox: Mailbox, crm: Connection) -> dict[str, int]:
    taken = contact_form.take_in(
        POLICY, lambda _: crm, mailbox.db, KEY, mailbox.vault, FORM, clients=["Kabelaar"], run=RUN, today=TODAY
    )
    return dict(taken.counts)


def test_what_asks_for_a_right_is_a_case_and_the_rest_is_not(mailbox: Mailbox, crm: Connection) -> None:
    say(
        crm,
        (1, "Jan@example.nl ", "Wilt u al mijn gegevens verwijderen?", TODAY - timedelta(days=2)),
        (2, "ann@example.nl", "Waar blijft mijn pakket?", TODAY),
        (3, "oud@example.nl", "Graag inzage in mijn gegevens.", TODAY - timedelta(days=91)),
    )
    assert take_in(mailbox, crm) == {"case": 1, "no-request": 1}
    (found,) = case.open_cases(mailbox.db)
    assert (found.channel, found.received_on) == (Channel.CONTACT_FORM, TODAY - timedelta(days=2))
    file = case_file.read(mailbox.vault, found.case_id)
    assert (file.answer_to, file.message) == ("jan@example.nl", "crm.message:1")
    assert take_in(mailbox, crm) == {}, "each is looked at once"


def test_an_opt_out_by_the_form_is_effective_at_once(mailbox: Mailbox, crm: Connection) -> None:
    say(crm, (1, "jan@example.nl", "Graag geen reclame meer.", TODAY))
    take_in(mailbox, crm)
    assert marks.suppressed(mailbox.db, KEY, OptOut.MARKETING, {("email", "JAN@example.nl")})


def test_the_same_words_of_two_people_are_two_cases(mailbox: Mailbox, crm: Connection) -> None:
    words = "Ik wil inzage in mijn gegevens."
    say(crm, (1, "jan@example.nl", words, TODAY), (2, "ann@example.nl", words, TODAY))
    assert take_in(mailbox, crm) == {"case": 2}


def test_who_leaves_no_address_needs_a_person(mailbox: Mailbox, crm: Connection) -> None:
    say(crm, (1, "bel mij", "Ik wil inzage in mijn gegevens.", TODAY))
    take_in(mailbox, crm)
    (found,) = case.open_cases(mailbox.db)
    assert found.steps[0].detail["doubts"] == ["no sender that can be answered"]


def test_a_form_that_cannot_be_read_says_which(mailbox: Mailbox, crm: Connection) -> None:
    with pytest.raises(StoreError, match="reading the keys of message"), connect(crm) as db:
        db.execute("drop table message")
        db.commit()
        take_in(mailbox, crm)
    assert case.open_cases(mailbox.db) == []
