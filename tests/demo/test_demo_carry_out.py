"""What the accounts of the demonstration let a request do: look into every object, and erase what is found."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from servers import connection_to, fresh_database
from small_company import Company

from hoeder.governance import migrate
from hoeder.persons import tables
from hoeder.persons.find import find
from hoeder.persons.person import Outcome, Person, Scope
from hoeder.policy import load
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case
from hoeder.stores.connection import connect

KEY = ReferenceKey(b"k" * 32)


@pytest.fixture
def governed(company: Company) -> Iterator[case.Db]:
    with fresh_database(company.server) as database:
        migrate.upgrade(connection_to(database))
        with psycopg.connect(database.conninfo) as db:
            yield db


def test_somebody_of_the_staff_and_a_caller_are_found_in_objects_too(company: Company, governed: case.Db) -> None:
    policy, number = load(), UUID(int=1)
    person = Person(frozenset({("employee", "1"), ("contact", "1"), ("email", "somebody@example.nl")}))
    for _ in range(2):
        found = find(
            policy, company.built.connections.__getitem__, KEY, {number: person}, Scope(), governance=governed
        )[number]  # fmt: skip
        away = {place.store for place in found.places if place.outcome is Outcome.UNREACHABLE}
        assert away <= {"legacy"}, [place.reason for place in found.places if place.reason]
        assert {match.store for match in found.matches} >= {"hr", "crm", "documents"}
    row = governed.execute("select count(*) from object_index").fetchone()
    assert row and row[0] > 100


def test_whatever_is_found_of_a_person_can_be_erased(company: Company) -> None:
    policy = load()
    cannot = set()
    for store, declared in tables.in_scope(policy, Scope()).items():
        if store == "legacy":
            continue
        place = policy.stores[store]
        with connect(company.built.connections[f"{place.connection}_rights"]) as db:
            for table in tables.resolve_tables(db, store, place, declared):
                row = db.execute(
                    "select has_table_privilege(%s::regclass, 'delete')", [table.identifier.as_string(db)]
                ).fetchone()
                if not (row and row[0]):
                    cannot.add(f"{store}.{table.name}")
    assert cannot == set()
