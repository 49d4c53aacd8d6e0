"""Per category: erased, or kept with the law that says so."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from servers import Database, connection_to, fresh_database
from small_policy import made, store

from hoeder.errors import Refused, StoreError
from hoeder.governance.protection import Hold, Protections
from hoeder.persons.person import Certainty, Found, Match, Outcome, Place
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights.decide import Decision, Ground, digest_of, propose_erasure
from hoeder.stack.postgres import Postgres

KEY = ReferenceKey(b"k" * 32)
TODAY = date(2026, 11, 22)
FREE = Protections(KEY, (), {})

SCHEMA = """
    create table note (id int primary key, contact_id int, body text);
    insert into note values (1, 5, 'a'), (2, 5, 'b');
    create table invoice (id int primary key, contact_id int, paid_on date, status text);
    insert into invoice values (10, 5, '2015-03-01', 'paid'), (11, 5, '2024-03-01', 'paid'), (12, 5, null, 'paid'),
        (13, 5, null, 'open');
"""


def policy(**changes: Any) -> Policy:
    subject = {"kind": "contact", "column": "contact_id"}
    rule = {
        "rule": "invoice", "category": "invoice", "purpose": "a test", "role": "controller",
        "keep": "7 years after the calendar year of paid_on", "type": "FIXED", "because": "a test",
        "applies_to": "shop.invoice", "then": "erase", "pending": {"column": "status", "is": ["open"]},
        "source": {"basis": "AWR 52(4)", "certainty": "H", "owner": "finance", "approved_on": "2026-01-01",
                   "changed_by": "clerk"}, "valid_from": "2026-01-01",
    } | changes  # fmt: skip
    own = rule | {
        "rule": "note",
        "applies_to": "shop.note",
        "type": "OWN",
        "keep": "99 years after made_on",
        "pending": None,
    }
    columns = {"contact_id": "user.unique_id"}
    table = {"description": "d", "purpose": "a test", "subject": subject, "columns": columns}
    return made({"shop": store()}, {"shop": {"note": table, "invoice": table}}, [rule, own])


@pytest.fixture(scope="module")
def shop(postgres: Postgres) -> Iterator[Database]:
    with fresh_database(postgres) as database:
        with psycopg.connect(database.conninfo, autocommit=True) as db:
            db.execute(SCHEMA)
        yield database


def match(target: str, key: int, certainty: Certainty = Certainty.CERTAIN) -> Match:
    return Match("shop", target, str(key), KEY.row("shop", target, key), certainty, frozenset({"contact"}))


MATCHES = (match("invoice", 10), match("invoice", 11), match("invoice", 12), match("invoice", 13), match("note", 1),
           match("note", 2))  # fmt: skip


def found(matches: tuple[Match, ...] = MATCHES, *places: Place) -> Found:
    return Found(matches, places, frozenset(), frozenset({("contact", "5")}))


def propose(
    shop: Database, *, protections: Protections = FREE, of: Found | None = None, **rule: Any
) -> dict[str, Decision]:
    made = propose_erasure(policy(**rule), lambda _: connection_to(shop), protections, of or found(), TODAY)
    return {decision.target: decision for decision in made}


def test_what_nothing_demands_is_erased_though_its_own_term_still_runs(shop: Database) -> None:
    note = propose(shop)["note"]
    assert ({m.key for m in note.erase}, note.kept) == ({"1", "2"}, ())


def test_what_the_law_demands_stays_with_its_ground_and_its_end(shop: Database) -> None:
    invoice = propose(shop)["invoice"]
    assert {m.key for m in invoice.erase} == {"10"}, "its seven years are over"
    kept = {each.ground: each for each in invoice.kept}
    assert (kept[Ground.LEGAL_DUTY].records, kept[Ground.LEGAL_DUTY].until) == (2, date(2032, 1, 1))
    assert kept[Ground.LEGAL_DUTY].basis == "AWR 52(4)"
    assert kept[Ground.UNKNOWN_TERM].records == 1, "nobody knows when it was paid"


def test_a_legal_hold_keeps_everything_it_covers(shop: Database) -> None:
    hold = Hold("claim-1", frozenset({("contact", KEY.subject("contact", 5))}))
    made = propose(shop, protections=Protections(KEY, (hold,), {}))
    assert not any(decision.erase for decision in made.values())
    assert {each.ground for decision in made.values() for each in decision.kept} == {Ground.CLAIMS}


def test_nobody_decides_before_everything_was_searched_and_judged(shop: Database) -> None:
    with pytest.raises(Refused, match="was not searched"):
        propose(shop, of=found(MATCHES, Place("hr", "employee", Outcome.UNREACHABLE, reason="down")))
    with pytest.raises(Refused, match="1 possible matches were not judged"):
        propose(shop, of=found((*MATCHES, match("note", 9, Certainty.POSSIBLE))))


def test_a_table_that_the_law_asks_of_and_that_changed_stops_it(shop: Database) -> None:
    with pytest.raises(StoreError, match="with paid_in, which a statutory term needs"):
        propose(shop, keep="7 years after the calendar year of paid_in")


def test_an_answer_serves_exactly_what_was_proposed(shop: Database) -> None:
    whole = propose_erasure(policy(), lambda _: connection_to(shop), FREE, found(), TODAY)
    assert digest_of(whole) == digest_of(propose_erasure(policy(), lambda _: connection_to(shop), FREE, found(), TODAY))
    less = propose_erasure(policy(), lambda _: connection_to(shop), FREE, found(MATCHES[:-1]), TODAY)
    assert digest_of(whole) != digest_of(less)
