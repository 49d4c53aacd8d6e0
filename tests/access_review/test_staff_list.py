"""A list of HR that cannot be relied on takes nobody's access away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import Office, day, policy

from hoeder.access_review.people import Login, People, State, Worker, state
from hoeder.errors import Refused

STAFF = policy().access_review.staff  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("delete from worker", State.EMPTY),
        ("delete from worker where id > 4", State.SHORT),
        ("update worker set status = 'left', left_on = '2026-11-01' where id > 4", State.SHORT),
        ("update wage set paid_on = '2026-09-01'", State.OLD),
        ("delete from wage", State.OLD),
        ("drop table wage", State.UNREADABLE),
    ],
)
def test_nothing_is_found_about_people_and_nobody_is_revoked(office: Office, damage: str, told: State) -> None:
    office.login("zwaluwenborg7", "agent_red")
    office.login("zwaluwenborg_nobody")
    office.db.execute("grant select on note to public")
    office.db.execute(damage)
    review = office.review()
    assert (review.state, review.whole) == (told, False)
    assert {kind for kind, *_ in office.found()} == {"staff-list", "public-grant"}
    assert office.can_log_in("zwaluwenborg7")
    assert office.can_log_in("zwaluwenborg_nobody")


def test_a_list_that_shrank_since_the_last_review_is_not_relied_on(office: Office) -> None:
    office.review()
    office.db.execute("delete from login where id > 6; delete from worker where id > 6")
    assert office.review().state is State.SHRUNK


def test_many_logins_that_the_list_does_not_know_are_the_lists_fault(office: Office) -> None:
    for number in range(4):
        office.login(f"zwaluwenborg_{number}")
    assert office.review().state is State.SHORT


def test_a_list_that_breaks_between_decision_and_execution_saves_everybody(office: Office) -> None:
    office.login("zwaluwenborg_nobody")
    office.review()
    office.remove("orphan")
    office.db.execute("delete from worker where id > 4")
    with pytest.raises(Refused, match="Nobody lost access"):
        office.execute()
    assert office.can_log_in("zwaluwenborg_nobody")


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_usable_list_knows_nearly_everyone_with_an_account(known: int, left: int, missing: int) -> None:
    workers = {str(n): Worker(str(n), n < known, None) for n in range(known + left)}
    logins = tuple(Login(str(n), str(n), f"a{n}", True, None) for n in range(known + left + missing))
    people = People(workers, logins, (), {}, {}, day("2026-11-20"))
    found = state(people, STAFF, today=day("2026-11-22"), before=None)
    if found is State.USABLE:
        assert known
        assert left + missing <= max(1, 0.2 * len(logins))
    else:
        assert not known or left + missing > 0.2 * len(logins)
