"""One person, under every name, in every store; nobody else, and never two clients at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers import Database, connection_to, fresh_database
from small_policy import made, store

from hoeder.errors import HoederError, StoreError
from hoeder.persons.find import find
from hoeder.persons.indexes import lacking
from hoeder.persons.person import Certainty, Found, Outcome, Person, Scope
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.stack.postgres import Postgres
from hoeder.stores.connection import Connection

KEY = ReferenceKey(b"k" * 32)
CASE = UUID(int=1)
OWN = Scope()

SCHEMA = """
    create table contact (id int primary key, name text, email text, phone text, born_on date, postcode text);
    insert into contact values
        (1, 'Jan de Vries',    'Jan@Example.nl ', '06-12 34 56 78',   '1980-03-12', '1234 AB'),
        (2, 'Piet de Vries',   'piet@example.nl', '0031 612345678',   '1950-01-01', '9999ZZ'),  -- same telephone
        (3, 'J. de Vries',     'jdv@work.example', null,              '1980-03-12', '1234ab'),  -- same man, unlinked
        (4, 'Anna Bakker',     'jan@example.nl',  null,               '1982-01-01', '1234AB'),  -- same mailbox
        (5, 'Karel Smit',      'karel@example.nl', null,              '1980-03-12', '5678CD'),  -- same birthday
        (6, null,              null,               null,              null,         null);
    create table note (id int primary key, contact_id int, body text);
    insert into note values (10, 1, 'a'), (11, 1, 'b'), (12, 2, 'c'), (13, 3, 'd'), (14, 4, 'e'), (15, 5, 'f');
    create table account (id uuid primary key, contact_id text, iban text);
    insert into account values
        ('6f1f0c1e-0000-4000-8000-000000000001', '1', 'NL91 ABNA 0417 1643 00'),
        ('6f1f0c1e-0000-4000-8000-000000000002', '5', 'NL20INGB0001234567');
    create table customer (id int primary key, client_id int, name text, email text);
    insert into customer values (100, 1, 'Jan de Vries', 'jan@example.nl'), (200, 2, 'Jan de Vries', 'jan@example.nl'),
        (101, 1, 'Jan de Vries', 'jan@other.example');
    create table client_note (id int primary key, customer_id int, client_id int);
    insert into client_note values (1000, 100, 1), (1001, 100, 2), (2000, 200, 2);
    create table log (id int primary key, email text);
    insert into log select n, 'p' || n || '@example.nl' from generate_series(1, 20000) n;
    insert into log values (0, 'JAN@example.nl');
    analyze;
"""


def policy(**stores: Any) -> Policy:
    columns = {
        "contact": {"id": "user.unique_id", "name": "user.name", "email": "user.contact.email",
                    "phone": "user.contact.phone_number", "born_on": "user.demographic.date_of_birth",
                    "postcode": "user.contact.address.postal_code"},
        "note": {"contact_id": "user.unique_id", "body": "user.content.private"},
        "account": {"contact_id": "user.unique_id", "iban": "user.financial.bank_account"},
        "customer": {"id": "user.unique_id", "name": "user.name", "email": "user.contact.email"},
        "client_note": {"customer_id": "user.unique_id"},
        "log": {"email": "user.contact.email"},
    }  # fmt: skip
    clients = {"client_column": "client_id", "role": "processor"}
    whose: dict[str, Any] = {
        "contact": {"subject": {"kind": "contact", "column": "id"}},
        "note": {"subject": {"kind": "contact", "column": "contact_id"}},
        "account": {"subject": {"kind": "contact", "column": "contact_id"}},
        "customer": {"subject": {"kind": "customer", "column": "id"}, **clients},
        "client_note": {"subject": {"kind": "customer", "column": "customer_id"}, **clients},
        "log": {},
    }  # fmt: skip
    tables = {
        name: {"description": name, "purpose": "a test", "columns": those, **whose[name]}
        for name, those in columns.items()
    }
    extra = {name: {"contact": tables["contact"]} for name in stores}
    return made({"shop": store()} | stores, {"shop": tables} | extra)


@pytest.fixture(scope="module")
def shop(postgres: Postgres) -> Iterator[Database]:
    with fresh_database(postgres) as database:
        with psycopg.connect(database.conninfo, autocommit=True) as db:
            db.execute(SCHEMA)
        yield database


def search(shop: Database, person: Person, scope: Scope = OWN, **judged: Any) -> Found:
    return find(policy(), lambda _: connection_to(shop), KEY, {CASE: person}, scope, **judged)[CASE]


def records(found: Found, certainty: Certainty | None = None) -> set[str]:
    return {f"{m.target} {m.key}" for m in found.matches if certainty in (None, m.certainty)}


JAN = Person(frozenset({("email", "jan@example.NL")}), ("Jan de Vries",), date(1980, 3, 12), "1234 AB")


def test_what_hangs_together_is_found_in_whatever_form_it_was_written(shop: Database) -> None:
    found = search(shop, JAN)
    assert records(found, Certainty.CERTAIN) == {
        "contact 1", "contact 3", "note 10", "note 11", "note 13", "account 6f1f0c1e-0000-4000-8000-000000000001",
        "log 0",
    }  # fmt: skip
    assert found.complete
    assert ("bank_account", "NL91ABNA0417164300") in found.identities
    assert ("bank_account", "NL91 ABNA 0417 1643 00") in found.written


def test_who_shares_a_mailbox_or_a_telephone_is_for_a_person_to_judge_and_nothing_follows(shop: Database) -> None:
    found = search(shop, JAN)
    assert records(found, Certainty.POSSIBLE) == {"contact 2", "contact 4"}
    possible = {m.key: m for m in found.to_confirm}
    assert possible["4"].agrees >= {"email"}
    assert possible["4"].differs >= {"name", "birth_date"}
    assert "note 12" not in records(found)


def test_what_a_person_confirmed_counts_and_what_was_refused_is_gone(shop: Database) -> None:
    possible = {m.key: m.reference for m in search(shop, JAN).to_confirm}
    found = search(shop, JAN, confirmed={possible["4"]}, refused={possible["2"]})
    assert "note 14" in records(found, Certainty.CERTAIN)
    assert not found.to_confirm


def test_a_birthday_alone_is_nobody(shop: Database) -> None:
    found = search(shop, Person(frozenset(), ("Jan de Vries",), date(1980, 3, 12)))
    assert "contact 5" not in records(found)
    assert records(found, Certainty.POSSIBLE) == {"contact 1", "contact 3"}, "a name and a birthday are not proof"


def test_name_birth_date_and_postcode_together_are_proof(shop: Database) -> None:
    found = search(shop, replace(JAN, identities=frozenset()))
    assert {"contact 1", "contact 3", "note 10"} <= records(found, Certainty.CERTAIN)


def test_our_own_search_never_sees_a_clients_data_and_a_clients_search_only_theirs(shop: Database) -> None:
    assert not {r for r in records(search(shop, JAN)) if r.startswith(("customer", "client_note"))}
    first = search(shop, JAN, Scope("1"))
    assert records(first) == {"customer 100", "client_note 1000"}
    assert records(search(shop, JAN, Scope("2"))) == {"customer 200", "client_note 2000"}


def test_a_store_that_does_not_answer_keeps_the_search_open(shop: Database) -> None:
    away = store(connection="away")

    def resolve(name: str) -> Connection:
        found = connection_to(shop)
        return found.model_copy(update={"port": 1}) if name.startswith("away") else found

    found = find(policy(away=away), resolve, KEY, {CASE: JAN}, OWN)[CASE]
    assert not found.complete
    lost = [place for place in found.places if place.outcome is Outcome.UNREACHABLE]
    assert [(place.store, place.target) for place in lost] == [("away", "contact")]
    assert "cannot connect" in str(lost[0].reason)
    assert "note 10" in records(found), "what does answer is searched"


def test_every_place_is_named_with_its_counts(shop: Database) -> None:
    places = {place.target: place for place in search(shop, JAN).places}
    assert set(places) == {"contact", "note", "account", "log"}
    assert (places["contact"].found, places["contact"].possible) == (4, 2)
    assert places["log"].outcome is Outcome.SEARCHED


def test_many_persons_at_once_are_each_found_as_alone(shop: Database) -> None:
    persons = {uuid4(): Person(frozenset({("email", f"p{n}@example.nl")})) for n in range(1, 200)} | {CASE: JAN}
    found = find(policy(), lambda _: connection_to(shop), KEY, persons, OWN)
    assert records(found[CASE]) == records(search(shop, JAN))
    others = [records(each) for case, each in found.items() if case != CASE]
    assert all(len(each) == 1 for each in others)
    assert len(set().union(*others)) == 199


def test_what_many_share_is_no_person(shop: Database) -> None:
    with psycopg.connect(shop.conninfo) as db:
        db.execute("insert into contact select n, null, 'all@example.nl' from generate_series(1000, 1300) n")
        db.commit()
        try:
            with pytest.raises(HoederError, match="not one person's"):
                search(shop, Person(frozenset({("email", "all@example.nl")})))
        finally:
            db.execute("delete from contact where id >= 1000")


def test_too_short_an_identity_is_not_asked(shop: Database) -> None:
    assert search(shop, Person(frozenset({("phone", "12"), ("email", " ")}))).matches == ()


def test_a_declared_table_that_is_not_there_is_said(shop: Database) -> None:
    with psycopg.connect(shop.conninfo, autocommit=True) as db:
        db.execute("alter table note rename to notes")
        try:
            found = search(shop, JAN)
            assert not found.complete
            assert "table note does not exist" in str({place.reason for place in found.places})
        finally:
            db.execute("alter table notes rename to note")


def test_a_column_without_an_index_is_said_with_the_statement_that_adds_it(shop: Database) -> None:
    (found,) = lacking(policy(), lambda _: connection_to(shop), OWN)
    assert (found.table, found.column) == ("log", "email")
    assert "create index concurrently" in found.statement
    with psycopg.connect(shop.conninfo, autocommit=True) as db:
        db.execute(found.statement)
    assert lacking(policy(), lambda _: connection_to(shop), OWN) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["Jan@example.nl", "  jan@EXAMPLE.nl", "JAN@EXAMPLE.NL"]), st.sampled_from(["1234AB", "1234 ab"])
)
def test_however_the_request_writes_it_the_same_is_found(shop: Database, email: str, postcode: str) -> None:
    asked = Person(frozenset({("email", email)}), ("de vries, jan",), date(1980, 3, 12), postcode)
    assert records(search(shop, asked), Certainty.CERTAIN) == records(search(shop, JAN), Certainty.CERTAIN)


def test_errors_and_results_hold_no_values(shop: Database) -> None:
    found = search(shop, JAN)
    assert "example" not in repr(found)
    assert "example" not in repr(JAN)
    with pytest.raises(StoreError) as error:
        lacking(policy(), lambda _: connection_to(shop).model_copy(update={"port": 1}), OWN)
    assert "example.nl" not in str(error.value)


def test_a_database_without_any_table_holds_nobody_and_one_that_lost_a_table_is_not_searched(
    database: Database,
) -> None:
    columns = {"id": "user.unique_id", "email": "user.contact.email"}
    table = {"key": "id", "description": "d", "purpose": "p", "columns": columns}
    policy = made({"shop": store()}, {"shop": {"customer": table}})
    person = {CASE: Person(frozenset({("email", "somebody@example.nl")}))}

    def look() -> Found:
        return find(policy, lambda _: connection_to(database), KEY, person, Scope())[CASE]

    empty = look()
    assert (empty.complete, [place.outcome for place in empty.places]) == (True, [Outcome.NOTHING_TO_ASK])
    with psycopg.connect(database.conninfo) as db:
        db.execute("create table renamed_customer (id int)")
    assert not look().complete
