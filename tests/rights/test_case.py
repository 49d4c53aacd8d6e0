"""A case goes from step to step, never past one, and its clock follows from them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import Database

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused
from hoeder.rights import case
from hoeder.rights.case import Case, Channel, Right, Step, What

NOW = datetime.now(AMSTERDAM)
CONFIRMED = {"rights": ["erasure"], "client": None}


@pytest.fixture
def db(governance: Database) -> Iterator[case.Db]:
    with psycopg.connect(governance.conninfo) as db:
        yield db


def opened(db: case.Db, *, received_at: datetime = NOW, **changes: Any) -> UUID:
    found, _ = case.open_case(
        db,
        received_at=received_at,
        channel=Channel.MAIL,
        language="nl",
        policy_digest="a" * 64,
        stores=["crm"],
        **changes,
    )
    return found


def through(db: case.Db, number: UUID, *steps: What) -> Case:
    for step in steps:
        case.take(db, number, step, "dpo", CONFIRMED if step is What.CONFIRMED else {})
    return case.read(db, number)


ALL = (
    What.PROPOSED, What.CONFIRMED, What.IDENTITY_ASKED, What.IDENTIFIED, What.SEARCHED, What.JUDGED, What.DECIDED,
    What.CARRIED_OUT, What.NOTIFIED, What.VERIFIED, What.ANSWERED, What.CLOSED,
)  # fmt: skip


def test_from_receipt_to_closing(db: case.Db) -> None:
    number = opened(db)
    assert [each.case_id for each in case.open_cases(db)] == [number]
    found = through(db, number, *ALL)
    assert (found.last, found.rights, found.client) == (What.CLOSED, {Right.ERASURE}, None)
    assert case.open_cases(db) == []


def test_no_step_is_left_out(db: case.Db) -> None:
    number = opened(db)
    through(db, number, What.PROPOSED, What.CONFIRMED)
    for what in (What.CARRIED_OUT, What.ANSWERED, What.CLOSED, What.DECIDED, What.SEARCHED):
        with pytest.raises(Refused, match=r"it can be .*identified"):
            case.take(db, number, what, "dpo")


def test_nothing_is_carried_out_for_somebody_who_could_not_be_identified(db: case.Db) -> None:
    number = opened(db)
    through(db, number, What.PROPOSED, What.CONFIRMED, What.IDENTITY_ASKED, What.NOT_IDENTIFIED)
    for what in (What.SEARCHED, What.CARRIED_OUT):
        with pytest.raises(Refused):
            case.take(db, number, what, "dpo")


def test_a_step_that_was_taken_stays(db: case.Db) -> None:
    number = opened(db)
    through(db, number, What.PROPOSED)
    db.commit()
    for statement in ("delete from subject_step", "update subject_step set by_whom = 'x'"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            db.execute(statement)
        db.rollback()


def test_the_same_message_is_one_case(db: case.Db) -> None:
    first = opened(db, message_digest="c" * 64)
    again, is_new = case.open_case(
        db, received_at=NOW, channel=Channel.MAIL, language="nl", policy_digest="a" * 64, stores=["crm"],
        message_digest="c" * 64,
    )  # fmt: skip
    assert (again, is_new) == (first, False)


def test_other_open_cases_of_the_same_person_are_found(db: case.Db) -> None:
    first, second = (opened(db, subject_ref=b"p" * 16) for _ in range(2))
    stranger = opened(db, subject_ref=b"q" * 16)
    assert case.others_of(db, b"p" * 16, but=second) == [first]
    through(db, first, *ALL)
    assert case.others_of(db, b"p" * 16, but=second) == []
    assert case.read(db, stranger).is_open


def test_an_extension_needs_its_ground_within_the_first_month_and_once(db: case.Db) -> None:
    number = opened(db)
    through(db, number, What.PROPOSED, What.CONFIRMED)
    with pytest.raises(Refused, match="being busy is none"):
        case.take(db, number, What.EXTENDED, "dpo", {"ground": "busy"})
    found = case.take(db, number, What.EXTENDED, "dpo", {"ground": "complexity"})
    assert found.last is What.CONFIRMED, "it goes on where it was"
    assert found.due.due > found.due.notice
    with pytest.raises(Refused, match="extended before"):
        case.take(db, number, What.EXTENDED, "dpo", {"ground": "number"})
    late = opened(db, received_at=NOW - timedelta(days=60))
    through(db, late, What.PROPOSED)
    with pytest.raises(Refused, match="within the first month"):
        case.take(db, late, What.EXTENDED, "dpo", {"ground": "number"})


def test_the_most_urgent_comes_first_and_lateness_is_counted(db: case.Db) -> None:
    late, soon, new = (opened(db, received_at=NOW - timedelta(days=days)) for days in (50, 28, 0))
    found = case.open_cases(db)
    assert [each.case_id for each in found] == [late, soon, new]
    counts = case.matters(found, NOW.date())
    assert (counts["requests"], counts["overdue"]) == (3, 1)


def test_what_is_received_in_the_future_or_unknown_is_refused(db: case.Db) -> None:
    with pytest.raises(Refused, match="future"):
        opened(db, received_at=NOW + timedelta(days=1))
    with pytest.raises(Refused, match="there is no case"):
        case.read(db, uuid4())


def test_closed_cases_go_as_a_whole_when_their_term_is_over_and_open_ones_stay(db: case.Db) -> None:
    closed, open_one = opened(db), opened(db)
    through(db, closed, *ALL)
    through(db, open_one, What.PROPOSED)
    db.commit()
    for before, gone in ((NOW.date(), 0), (NOW.date() + timedelta(days=2), 1)):
        assert db.execute("select cases_age_out(%s)", [before]).fetchone() == (gone,)
        db.commit()
    with pytest.raises(Refused):
        case.read(db, closed)
    assert case.read(db, open_one).is_open
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        db.execute("delete from subject_step")


moments = st.integers(0, 100).map(lambda day: datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day))


@given(st.lists(st.tuples(st.sampled_from(What), moments), max_size=20))
def test_waiting_never_moves_the_date_that_is_steered_on(steps: list[tuple[What, datetime]]) -> None:
    taken = tuple(Step(what, at, "dpo", CONFIRMED) for what, at in sorted(steps, key=lambda step: step[1]))
    made = Case(uuid4(), datetime(2026, 1, 1, tzinfo=UTC), Channel.MAIL, "nl", "a" * 64, ("crm",), taken)
    assert 0 <= made.waited <= 100
    assert made.due.due <= made.lenient.due
    assert made.due.due in (date(2026, 2, 2), date(2026, 4, 1))


@given(st.sampled_from([None, *What]), st.sampled_from(What))
def test_every_way_to_closing_passes_through_an_answer_or_a_word_why_none_is_due(last: What | None, what: What) -> None:
    if case.may_follow(last, What.CLOSED):
        assert last in (What.ANSWERED, What.FORWARDED, What.DUPLICATE, What.NO_REQUEST)
    if case.may_follow(last, what) and what is What.CARRIED_OUT:
        assert last in (What.DECIDED, What.CARRIED_OUT)
