"""What follows from accounts and dates alone, without a server."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office import NOW, policy

from hoeder.access_review import objects, scheduler
from hoeder.access_review.findings import Finding, Kind, list_digest
from hoeder.access_review.needs import Needs
from hoeder.access_review.people import Login, People, Worker, hours_since
from hoeder.access_review.question import numbers
from hoeder.access_review.scheduler import Accounts, User
from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused, StoreError
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Connection
from hoeder.stores.identities import Given, identities

KEY = ReferenceKey(b"k" * 32)


def needs(**changes: Any) -> Needs:
    told = policy(**changes)
    assert told.access_review is not None
    return Needs(told, told.access_review)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_hours_since_leaving_follow_the_clock_of_amsterdam(left_on: date, days: int) -> None:
    midnight = datetime.combine(left_on + timedelta(days=1 + days), datetime.min.time(), AMSTERDAM)
    hours = hours_since(left_on, midnight)
    assert hours is not None
    assert abs(hours - 24 * days) <= 1  # the clock goes forward or back
    assert hours_since(left_on, datetime.combine(left_on, datetime.min.time(), AMSTERDAM)) == 0


@pytest.mark.parametrize(("last", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 6, 1), 24)])
def test_a_day_on_which_the_clock_changes_has_its_own_length(last: date, hours: int) -> None:
    after = datetime.combine(last + timedelta(days=2), datetime.min.time(), AMSTERDAM)
    assert hours_since(last, after) == hours


@given(st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), unique=True), st.randoms())
def test_a_list_has_one_digest_in_whatever_order_and_another_with_one_finding_more(
    items: list[str], random: Any
) -> None:
    mixed = items.copy()
    random.shuffle(mixed)
    assert list_digest(mixed) == list_digest(items)
    assert list_digest([*items, "0" * 63 + "x"]) != list_digest(items)


def test_a_finding_is_known_again_whatever_its_hours_and_told_apart_by_everything_else() -> None:
    base = {"system": "crm", "place": "note", "right": "select", "account": "zwaluwenborg1", "person": "1"}
    first = Finding(Kind.LEAVER, **base)  # type: ignore[arg-type]
    assert Finding(Kind.LEAVER, hours=7, count=3, **base).item(KEY) == first.item(KEY)  # type: ignore[arg-type]
    others = [Finding(Kind.LEAVER, **(base | {field: "other"})) for field in base]  # type: ignore[arg-type]
    assert len({first.item(KEY), *(other.item(KEY) for other in others)}) == 1 + len(base)
    assert "zwaluwenborg" not in repr(first)


@pytest.mark.parametrize(("text", "found"), [("", set()), ("7", {7}), (" 7, 9;11 ", {7, 9, 11}), ("7 7", {7})])
def test_numbers_as_people_type_them(text: str, found: set[int]) -> None:
    assert numbers(text) == found


@pytest.mark.parametrize("text", ["all", "7-9", "-1", "7.5", "zwaluwenborg", "1" * 10])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        numbers(text)


PEOPLE = People(
    {"1": Worker("1", True, None, "agent"), "2": Worker("2", False, date(2026, 11, 20))},
    tuple(Login(n, n, f"zwaluwenborg{n}", True, None) for n in ("1", "2")), (), {}, {}, None,
)  # fmt: skip


def test_airflows_accounts_are_of_functions_or_of_people_who_work_here_and_have_no_more_than_their_roles() -> None:
    told = {"accounts": {"engineer": ["Engineer"]}, "connections": ["airflow_api"]}
    function = {"agent": {"airflow": ["Viewer"]}}
    users = (
        User("engineer", ("Engineer",)), User("zwaluwenborg1", ("Viewer", "Admin", "Op")),
        User("zwaluwenborg2", ("Viewer",)), User("zwaluwenborg3", ("Viewer",)),
    )  # fmt: skip
    accounts = Accounts(users, ("office_access_review", "airflow_api", "governance_rights", "somewhere", "elsewhere"))
    found = scheduler.judge(accounts, PEOPLE, needs(airflow=told, functions=function, groups={}), now=NOW)
    assert {(f.kind, f.place, f.right, f.hours, f.count) for f in found} == {
        (Kind.SUPERUSER, "", "Admin", None, 1), (Kind.BEYOND_NEED, "", "(other)", None, 1),
        (Kind.LEAVER, "", "login", 36, 1), (Kind.ORPHAN, "", "login", None, 1),
        (Kind.EGRESS, "connection", "leaves", None, 2),
    }  # fmt: skip
    unknown = scheduler.judge(Accounts(users, ()), None, needs(airflow=told), now=NOW)
    assert unknown == [], "without HR's list nothing is said of people"


def test_airflow_that_does_not_answer_is_an_error_of_the_store() -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        scheduler.read(Connection(conn_type="http", host="127.0.0.1", port=9, login="x", password="y"))
    with pytest.raises(StoreError, match="names no host and port"):
        scheduler.read(Connection(conn_type="http"))


def test_an_object_stores_identities_have_no_more_than_their_places() -> None:
    told = {
        "analyst": {"may": ["Read"], "in": ["releases/company/"]},
        "client_{client}": {"may": ["Read"], "in": ["releases/client-{client}/"]},
    }
    given = (
        Given("analyst", "Read", "releases/company/2026/"), Given("analyst", "Write", "releases/company/"),
        Given("analyst", "Read", "releases/"), Given("client_red", "Read", "releases/client-red/"),
        Given("client_red", "Read", "releases/client-blue/"), Given("*", "Read", "releases/"),
        Given("zwaluwenborg", "Read", "releases/"), Given("root", "Admin", ""), Given("postgres", "Admin", ""),
    )  # fmt: skip
    found = {(f.kind, f.place, f.right, f.client) for f in objects.judge("objects", given, needs(identities=told))}
    assert found == {
        (Kind.BEYOND_NEED, "releases", "Write", None), (Kind.BEYOND_NEED, "releases", "Read", None),
        (Kind.OTHER_CLIENT, "releases/client-blue", "Read", "blue"), (Kind.EGRESS, "releases", "Read", None),
        (Kind.ORPHAN, "", "key", None), (Kind.SUPERUSER, "", "Admin", None),
    }  # fmt: skip


def test_identities_are_read_as_the_server_writes_them() -> None:
    listed = [{"name": "a", "actions": ["Read:web", "List:web/x*", "Admin"]}]
    account = Connection(conn_type="aws", extra={"identities": listed})
    assert identities(account, "objects_access_review") == (
        Given("a", "Read", "web/"), Given("a", "List", "web/x"), Given("a", "Admin", ""),
    )  # fmt: skip
    assert identities(Connection(conn_type="aws"), "c") is None
    for broken in ({"a": 1}, [{"name": "a"}], "x", [1]):
        with pytest.raises(StoreError, match="objects_access_review"):
            identities(Connection(conn_type="aws", extra={"identities": broken}), "objects_access_review")
