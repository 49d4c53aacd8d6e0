"""A mark holds under every name of a person, for nobody else, and is obeyed where data are erased and analysed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from servers import Database

from hoeder.anonymization.people import left_out
from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused
from hoeder.governance.protection import RESTRICTION, Protections
from hoeder.persons import marks
from hoeder.persons.marks import Ground, OptOut
from hoeder.pseudonym import ReferenceKey

KEY = ReferenceKey(b"k" * 32)
CASE = UUID(int=1)
TODAY = date(2026, 11, 22)
JAN = {("contact", "5"), ("email", "Jan@Example.nl"), ("phone", "+31 6 1234 5678")}


@pytest.fixture
def db(governance: Database) -> Iterator[marks.Db]:
    with psycopg.connect(governance.conninfo) as db:
        yield db


def protected(db: marks.Db, kind: str, value: object, store: str = "crm") -> bool:
    return Protections.read(db, KEY).of(store, "message", [(kind, value)]) == RESTRICTION


def test_a_restriction_protects_every_record_under_every_name(db: marks.Db) -> None:
    assert marks.mark(db, KEY, Ground.RESTRICTION, JAN) >= len(JAN)
    assert all(protected(db, kind, value) for kind, value in JAN)
    assert protected(db, "email", "jan@example.nl ")
    assert not protected(db, "contact", 6)
    assert KEY.subject("contact", "5") in left_out(db, "crm", "contact"), "nor is it analysed"


def test_a_restriction_holds_at_once_for_sessions_of_any_time_zone(db: marks.Db) -> None:
    db.execute("set timezone = 'Etc/GMT-14'")  # the first of the world to begin a day
    marks.mark(db, KEY, Ground.RESTRICTION, JAN)
    db.execute("set timezone = 'Etc/GMT+12'")  # the last
    assert protected(db, "contact", 5)
    assert KEY.subject("contact", "5") in left_out(db, "crm", "contact")


def test_a_restriction_in_one_store_is_none_in_another(db: marks.Db) -> None:
    marks.mark(db, KEY, Ground.RESTRICTION, JAN, stores=["crm"])
    assert protected(db, "contact", 5)
    assert not protected(db, "contact", 5, store="hr")


def test_an_objection_leaves_out_of_analysis_and_stops_no_end_action(db: marks.Db) -> None:
    marks.mark(db, KEY, Ground.OBJECTION, JAN)
    assert KEY.subject("contact", "5") in left_out(db, "crm", "contact")
    assert not protected(db, "contact", 5)


@pytest.mark.parametrize("told_on", [None, TODAY, TODAY + timedelta(days=1)])
def test_a_restriction_is_not_lifted_before_the_person_was_told(db: marks.Db, told_on: date | None) -> None:
    marks.restrict(db, KEY, CASE, JAN)
    with pytest.raises(Refused, match="after the person was told"):
        marks.release(db, CASE, told_on=told_on, on=TODAY)
    assert protected(db, "contact", 5)


def test_a_lifted_restriction_protects_no_more_and_can_be_placed_again(db: marks.Db) -> None:
    marks.restrict(db, KEY, CASE, JAN)
    assert marks.restricts(db, CASE)
    assert marks.release(db, CASE, told_on=TODAY - timedelta(days=7), on=datetime.now(AMSTERDAM).date()) > 0
    assert not protected(db, "contact", 5) and not marks.restricts(db, CASE)
    marks.restrict(db, KEY, CASE, JAN)
    assert protected(db, "contact", 5)


def test_whom_two_cases_restrict_stays_so_until_both_have_ended(db: marks.Db) -> None:
    told, other = TODAY - timedelta(days=7), UUID(int=2)
    marks.restrict(db, KEY, CASE, JAN)
    marks.restrict(db, KEY, other, {("email", "jan@example.nl")})
    marks.release(db, CASE, told_on=told, on=datetime.now(AMSTERDAM).date())
    assert protected(db, "email", "jan@example.nl"), "another case asks for it"
    assert not protected(db, "contact", 5)
    marks.release(db, other, told_on=told, on=datetime.now(AMSTERDAM).date())
    assert not protected(db, "email", "jan@example.nl")


def test_what_ends_on_a_later_day_ends_on_the_latest_of_them(db: marks.Db) -> None:
    day, other = datetime.now(AMSTERDAM).date(), UUID(int=2)
    for each in (CASE, other):
        marks.restrict(db, KEY, each, JAN)
    marks.release(db, other, told_on=day, on=day + timedelta(days=9))
    marks.release(db, CASE, told_on=day, on=day + timedelta(days=3))
    assert protected(db, "contact", 5)
    assert db.execute("select distinct until from left_out").fetchall() == [(day + timedelta(days=9),)]


def test_an_opt_out_holds_for_whoever_comes_back_under_one_of_the_names(db: marks.Db) -> None:
    marks.opt_out(db, KEY, [OptOut.MARKETING], JAN)
    for again in (
        {("email", "jan@example.NL")},
        {("phone", "06-12345678")},
        {("phone", "0031612345678"), ("email", "new")},
    ):
        assert marks.suppressed(db, KEY, OptOut.MARKETING, again)
    assert not marks.suppressed(db, KEY, OptOut.SHARING, JAN), "the two are told apart"
    assert not marks.suppressed(db, KEY, OptOut.MARKETING, {("email", "piet@example.nl")})
    marks.opt_out(db, KEY, list(OptOut), JAN)
    assert marks.suppressed(db, KEY, OptOut.SHARING, JAN)


def test_nothing_of_the_person_is_kept(db: marks.Db) -> None:
    marks.mark(db, KEY, Ground.RESTRICTION, JAN)
    marks.opt_out(db, KEY, list(OptOut), JAN)
    rows = db.execute("select l::text from left_out l union all select s::text from suppression s").fetchall()
    assert rows
    assert not any("xample" in row or "12345678" in row for (row,) in rows)


def test_nobody_cannot_be_marked(db: marks.Db) -> None:
    for act in (
        lambda: marks.mark(db, KEY, Ground.OBJECTION, []),
        lambda: marks.opt_out(db, KEY, [OptOut.MARKETING], []),
    ):
        with pytest.raises(Refused, match="nobody is named"):
            act()
    assert not marks.suppressed(db, KEY, OptOut.MARKETING, [])
