"""The state machine and the clocks of incidents, without a database."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bureau import policy
from hypothesis import given
from hypothesis import strategies as st

from hoeder.clock import AMSTERDAM
from hoeder.incidents.case import settings
from hoeder.incidents.clocks import Clock, clocks
from hoeder.incidents.facts import Facts
from hoeder.incidents.state import Phase, State, Step, What, after, outstanding, why_not

BEGIN = datetime(2026, 11, 20, 12, tzinfo=UTC)
DETAILS: Mapping[What, dict[str, Any]] = {
    What.CONFIRMED: {"aware_at": BEGIN.isoformat(), "significant": True},
    What.NOT_TO_NOTIFY: {"ground": "risk-unlikely"}, What.NOT_TO_TELL: {"exception": "no-high-risk"},
    What.CLIENT_TOLD: {"client": "tuinkamer", "at": BEGIN.isoformat()},
    What.MEASURES: {"cause": "human-error", "measures": ["erased"]},
}  # fmt: skip


def described(own: bool = True, clients: tuple[str, ...] = ()) -> dict[str, Any]:
    facts = Facts(kind="published", aspects=("confidentiality",), own=own, clients=clients)
    return {"facts": facts.model_dump(mode="json")}


def step(number: int, what: What, detail: Mapping[str, Any] | None = None) -> Step:
    return Step(what, BEGIN + timedelta(hours=number), "clerk", detail if detail is not None else DETAILS.get(what, {}))


def walk(*whats: What, own: bool = True, clients: tuple[str, ...] = ()) -> list[Step]:
    """Steps that can be, one after another; a step that cannot come is left out."""
    taken = [step(0, What.REGISTERED), step(0, What.DESCRIBED, described(own, clients))]
    for number, what in enumerate(whats, 1):
        detail = described(own, clients) if what is What.DESCRIBED else DETAILS.get(what, {})
        if why_not(after(taken), what, detail) is None:
            taken.append(step(number, what, detail))
    return taken


anything = st.lists(st.sampled_from(list(What)), max_size=40)
whose = st.sampled_from([(True, ()), (False, ("tuinkamer",)), (True, ("tuinkamer",))])


@given(anything, whose)
def test_whatever_is_tried_nothing_comes_before_what_it_needs(
    tried: list[What], of: tuple[bool, tuple[str, ...]]
) -> None:
    taken = walk(*tried, own=of[0], clients=of[1])
    done = [each.what for each in taken]
    for position, what in enumerate(done):
        before = set(done[:position])
        if what in (What.TO_NOTIFY, What.NOT_TO_NOTIFY, What.TO_TELL, What.NOT_TO_TELL, What.WARNED):
            assert What.CONFIRMED in before
        if what in (What.NOTIFIED, What.TOLD, What.TO_NOTIFY, What.TO_TELL):
            assert of[0], "the client notifies and tells where no data of our own are concerned"
        if what is What.NOTIFIED:
            assert What.TO_NOTIFY in before
        if what in (What.FOLLOWED_UP, What.TAKEN_BACK, What.ORDERED):
            assert What.NOTIFIED in before
        if what is What.TOLD:
            assert before & {What.TO_TELL, What.ORDERED}
        if what is What.NIS2_REPORTED:
            assert {What.WARNED, What.NIS2_NOTIFIED} <= before
        if what is What.CLOSED:
            assert What.MEASURES in before


@given(anything, whose)
def test_nothing_ends_with_anything_outstanding(tried: list[What], of: tuple[bool, tuple[str, ...]]) -> None:
    taken = walk(*tried, own=of[0], clients=of[1])
    for position, each in enumerate(taken):
        if each.what is What.CLOSED:
            assert outstanding(after(taken[:position])) == ()


@given(anything, whose)
def test_what_has_ended_takes_nothing_but_a_reopening(tried: list[What], of: tuple[bool, tuple[str, ...]]) -> None:
    state = after(walk(*tried, own=of[0], clients=of[1]))
    can = {what for what in What if why_not(state, what, DETAILS.get(what, {})) is None}
    if state.phase in (Phase.CLOSED, Phase.NONE):
        assert can == {What.REOPENED}
    else:
        assert can and What.REOPENED not in can


@given(anything, whose)
def test_every_incident_can_be_brought_to_its_end(tried: list[What], of: tuple[bool, tuple[str, ...]]) -> None:
    rest = [
        What.CONFIRMED, What.TO_NOTIFY, What.NOTIFIED, What.TO_TELL, What.TOLD, What.CLIENT_TOLD, What.WARNED,
        What.NIS2_NOTIFIED, What.NIS2_REPORTED, What.MEASURES, What.CLOSED,
    ]  # fmt: skip
    assert after(walk(*tried, *rest, own=of[0], clients=of[1])).phase in (Phase.CLOSED, Phase.NONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def clock(what: str, aware: datetime, **triage: Any) -> Clock:
    state = State(
        phase=Phase.CONFIRMED, facts=Facts(kind="published", aspects=("confidentiality",), clients=("zekerdak",)),
        triage=Step(What.CONFIRMED, aware, "dpo", {"aware_at": aware.isoformat(), **triage}),
    )  # fmt: skip
    return next(each for each in clocks(state, settings(policy()), discovered_at=aware) if each.what == what)


@pytest.mark.parametrize(
    ("aware", "due", "latest"),
    [
        ("2026-11-20T16:40", "2026-11-23T16:40", "2026-11-23T17:00"),
        ("2026-10-24T12:00", "2026-10-27T11:00", "2026-10-27T12:00"),  # the clock goes back
        ("2027-03-27T10:15", "2027-03-30T11:15", "2027-03-30T12:00"),  # the clock goes forward
        ("2026-12-24T17:05", "2026-12-27T17:05", "2026-12-27T18:00"),  # Christmas, and a Sunday
    ],
)
def test_the_supervisors_clock_runs_72_hours_as_they_pass(aware: str, due: str, latest: str) -> None:
    found = clock("supervisor", at(aware))
    assert (found.due, found.latest) == (at(due), at(latest))


def test_nis2_has_clocks_of_24_hours_72_hours_and_a_month_after_the_notice() -> None:
    aware = at("2026-10-24T12:00")
    assert clock("nis2-warning", aware, significant=True).due == at("2026-10-25T11:00")
    assert clock("nis2-notice", aware, significant=True).due == at("2026-10-27T11:00")
    assert clock("nis2-report", aware, significant=True).due == at("2026-11-27T11:00")


def test_a_clients_clock_is_that_of_its_contract() -> None:
    assert clock("client", at("2026-11-20T16:40")).due == at("2026-11-21T04:40")


def test_a_suspected_incident_has_the_supervisors_clock_from_its_discovery() -> None:
    state = after(walk())
    found = {each.what: each.due for each in clocks(state, settings(policy()), discovered_at=BEGIN)}
    assert found == {"first-check": BEGIN + timedelta(hours=24), "supervisor": BEGIN + timedelta(hours=72)}


@given(st.integers(0, 20 * 365 * 24 * 60), st.integers(0, 200))
def test_a_clock_is_late_exactly_when_more_than_its_hours_have_passed(minutes: int, hours: int) -> None:
    aware = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = clock("supervisor", aware)
    assert found.late(aware + timedelta(hours=hours)) == (hours > 72)
    assert found.latest >= found.due


def test_a_near_miss_is_to_be_closed_in_time_and_nobody_is_told_of_it() -> None:
    state = after(walk(What.NEAR_MISS, clients=("tuinkamer",)))
    assert {each.what for each in clocks(state, settings(policy()), discovered_at=BEGIN)} == {"first-check", "closing"}
