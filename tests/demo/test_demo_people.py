"""Values pass the checks of the real thing, belong to nobody, and are the same every time."""

import hashlib
import itertools
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_company import TODAY, Company
from stdnum import iban as stdnum_iban
from stdnum.nl import bsn as stdnum_bsn

from hoeder.demo import canaries, crm, documents, hr, mailbox, numbers, partners, recordings, web
from hoeder.demo.people import Crowd
from hoeder.demo.staff import employees
from hoeder.demo.truth import Truth
from hoeder.demo.world import World


def _content(seed: int, *, persons: int = 300, today: date = TODAY) -> Iterator[tuple[str, str]]:
    """Everything a company consists of, without servers: table or bucket, and a row or object."""
    world = World(seed, today, persons, Truth(today))
    staff = employees(world)
    for stream in itertools.chain(crm.streams(world), hr.streams(world, staff), partners.streams(world)):
        for row in stream.rows:
            yield stream.table, repr(row)
    things = (web.things(world), documents.things(world, staff), mailbox.things(world), recordings.things(world))
    for thing in itertools.chain(*things):
        yield thing.bucket, f"{thing.key} {sorted(thing.metadata.items())} {hashlib.sha256(thing.body).hexdigest()}"


def test_the_same_seed_gives_the_same_rows_and_objects() -> None:
    assert list(_content(3)) == list(_content(3))


def test_another_seed_gives_other_people() -> None:
    one, other = set(_content(3)), set(_content(4))
    assert len(one & other) < len(one) / 10


def test_ten_times_the_persons_is_about_ten_times_the_rows() -> None:
    def count(persons: int) -> int:
        world = World(3, TODAY, persons, Truth(TODAY))
        return sum(1 for stream in crm.streams(world) for _ in stream.rows)

    assert 9 < count(10_000) / count(1_000) < 11


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2027, 2, 28), date(2028, 2, 29), date(2028, 3, 1)])
def test_a_company_can_be_made_on_any_day(today: date) -> None:
    assert sum(1 for _ in _content(5, persons=1, today=today)) > 500


@given(st.integers(0, 9_999_999_999))
def test_every_iban_passes_mod_97_and_names_no_real_bank(account: int) -> None:
    made = numbers.iban(account)
    assert stdnum_iban.is_valid(made)
    assert made[4:8] == "HOED"


def test_every_bsn_passes_the_elfproef_and_is_a_test_number() -> None:
    made = [numbers.bsn(index) for index in range(2_100)]
    assert len(set(made)) == len(made)
    assert all(stdnum_bsn.is_valid(number) and number.startswith("9999") for number in made)
    assert not set(made) & set(canaries.BSN.values())
    assert all(stdnum_bsn.is_valid(number) for number in canaries.BSN.values())


@given(st.integers(0, 10**9), st.integers(-100, 10**7))
def test_nobody_can_be_called_or_mailed(seed: int, number: int) -> None:
    person = Crowd(seed, "customer")[number]
    assert person.phone.startswith("0600")
    assert len(person.phone) == 10
    assert person.email.rsplit("@")[1].endswith(("example.nl", ".example", ".test"))
    assert person.email.isascii()


@given(st.integers(0, 10**9), st.integers(0, 10**7))
def test_canaries_values_are_nobody_elses(seed: int, number: int) -> None:
    person = Crowd(seed, "contact")[number]
    for canary in canaries.PERSONS.values():
        for part in ("given", "family", "email", "phone", "street", "postcode", "iban"):
            assert getattr(canary, part) != getattr(person, part)


def test_the_stored_numbers_are_the_ones_that_pass(company: Company) -> None:
    with psycopg.connect(company.server.conninfo("hr")) as connection:
        rows = connection.execute("SELECT bsn, iban FROM employee").fetchall()
    assert len(rows) == 60
    assert all(stdnum_bsn.is_valid(bsn) and stdnum_iban.is_valid(iban) for bsn, iban in rows)
    for database, table in (("crm", "customer"), ("partners", "invoice")):
        with psycopg.connect(company.server.conninfo(database)) as connection:
            ibans = connection.execute(f"SELECT iban FROM {table}").fetchall()
        assert ibans
        assert all(stdnum_iban.is_valid(iban) for (iban,) in ibans)
