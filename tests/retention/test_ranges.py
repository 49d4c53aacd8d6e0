"""Rows go a range of pages at a time: what one look sees is what goes, and nothing that came in between."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from shop import Shop

from hoeder.stores import packed, steps
from hoeder.stores.erase import ranges
from hoeder.stores.steps import Step

MANY = 700
"""More keys than are hashed one by one, on more pages than one range has here."""


@pytest.fixture
def many(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Old messages of all customers, on some ten ranges of two pages."""
    monkeypatch.setattr(ranges, "FIRST_PAGES", 2)
    monkeypatch.setattr(packed, "MOST_PAGES", 2)
    shop.db.execute(
        """insert into message select n, 1 + n %% 3, repeat('x', 200), '2020-01-01', 'closed'
             from generate_series(100, %s) n""",
        [99 + MANY],
    )
    return shop


def at(monkeypatch: pytest.MonkeyPatch, step: Step, nth: int, act: Callable[[], Any]) -> None:
    """Something that happens once, when a step is reached for the nth time."""
    reached: list[Step] = []

    def interrupt(each: Step) -> None:
        if each is step:
            reached.append(each)
            if len(reached) == nth:
                act()

    monkeypatch.setattr(steps, "interrupt", interrupt)


def left(shop: Shop) -> set[int]:
    return {number for number in shop.messages() if number >= 100}


def test_every_range_goes_and_the_journal_names_each_row_once(many: Shop) -> None:
    counts = many.erase(many.plan(), "message")
    assert counts == {"planned": MANY + 3, "erased": MANY + 3, "held": 0, "gone": 0, "remaining": 0}
    assert many.messages() == {12, 13, 14}
    entries, named, distinct = journalled(many)
    assert entries > 5
    assert named == distinct == MANY + 3


def journalled(shop: Shop) -> tuple[int, int, int]:
    rows = [bytes(refs) for (refs,) in shop.governance.execute("select refs from erasure_journal")]
    names = [refs[at : at + 16] for refs in rows for at in range(0, len(refs), 16)]
    assert all(refs == b"".join(sorted(refs[n : n + 16] for n in range(0, len(refs), 16))) for refs in rows)
    return len(rows), len(names), len(set(names))


def test_rows_that_no_plan_names_stay_among_those_that_go(many: Shop) -> None:
    plan = many.plan()
    many.db.execute("delete from message where id in (150, 151, 400)")
    many.db.execute("vacuum message")  # what comes now lies among the others
    late = "insert into message select n, 1, 'late', '2020-01-01', 'closed' from generate_series(5000, 5005) n"
    many.db.execute(late)
    counts = many.erase(plan, "message")
    assert (counts["erased"], counts["gone"], counts["remaining"]) == (MANY, 3, 0)
    assert left(many) == set(range(5000, 5006))


def test_a_held_persons_rows_stay_in_every_range(many: Shop) -> None:
    plan = many.plan()
    many.hold("customer", 2)
    counts = many.erase(plan, "message")
    held = {number for number in range(100, 100 + MANY) if 1 + number % 3 == 2}
    assert (counts["held"], counts["remaining"]) == (len(held), 0)
    assert left(many) == held


def test_a_hold_placed_while_ranges_are_under_way_protects_all_that_is_left(
    many: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = many.plan()
    placed_after: list[int] = []

    def place() -> None:
        placed_after.extend(sorted(left(many)))

    # Placing waits for the door, so it is placed between two ranges: when the next one was looked at already.
    original = ranges._as_one

    def as_one(*arguments: Any) -> int:
        erased = original(*arguments)
        if not placed_after:
            many.hold("customer", 3)
            place()
        return erased

    monkeypatch.setattr(ranges, "_as_one", as_one)
    counts = many.erase(plan, "message")
    protected = {number for number in placed_after if 1 + number % 3 == 3}
    assert left(many) == protected
    assert len(protected) > 100
    assert counts["held"] == len(protected | ({15} & many.messages()))


@pytest.mark.parametrize("step", [Step.ROWS_JUDGED, Step.ROWS_CHANGED])
def test_a_row_that_changes_hands_between_look_and_statement_is_judged_anew(
    many: Shop, monkeypatch: pytest.MonkeyPatch, step: Step
) -> None:
    many.hold("customer", 2)
    plan = many.plan()
    change = "update message set customer_id = 2 where customer_id = 1 and id between 100 and 799"
    at(monkeypatch, step, 2, lambda: taken_over(many, change))
    counts = many.erase(plan, "message")
    assert counts["remaining"] == 0
    whose = many.db.execute("select array_agg(distinct customer_id) from message where id >= 100").fetchone()
    assert whose == ([2],)
    _, named, distinct = journalled(many)
    assert named == distinct == counts["erased"]


def taken_over(shop: Shop, change: str) -> None:
    with psycopg.connect(shop.db.info.dsn, password=shop.db.info.password, autocommit=True) as other:
        other.execute("set lock_timeout = '20ms'")
        for number in range(100, 100 + MANY):
            try:
                other.execute(f"{change} and id = {number}")
            except psycopg.errors.LockNotAvailable:  # it is gone, as soon as that is committed
                continue


def test_fields_change_range_by_range_and_once(many: Shop) -> None:
    from test_tables import with_change

    with_change(many, {"replace": {"body": "removed"}})
    plan = many.plan()
    assert many.erase(plan, "message")["erased"] == MANY + 3
    assert many.db.execute("select count(*) from message where body = 'removed'").fetchone() == (MANY + 3,)
    assert {p.rule: p.due for p in many.plan().parts}["message"] == 0


def test_the_second_connection_is_closed_and_the_first_is_free_whatever_happens(
    many: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = many.plan()

    class Stopped(Exception):
        pass

    def stop() -> None:
        raise Stopped

    at(monkeypatch, Step.ROWS_WRITTEN_DOWN, 2, stop)
    with pytest.raises(Stopped):
        many.erase(plan, "message")
    sessions = many.db.execute("select count(*) from pg_stat_activity where usename = 'shop_retention'").fetchone()
    assert sessions == (0,)
    monkeypatch.setattr(steps, "interrupt", None)
    assert many.erase(plan, "message")["remaining"] == 0
    assert journalled(many)[1:] == (MANY + 3, MANY + 3)
