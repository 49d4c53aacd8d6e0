"""The shares that rules were made with. They say how good the rules can be, not how good they are on other columns."""

import random

import pytest
from development import NOTHING, PERSONAL, Made

from hoeder.detection import context
from hoeder.detection.columns import Prepared, Surroundings, decide
from hoeder.detection.seen import Seen


def verdict(column: Made, *, hidden: bool = False) -> str | None:
    source = random.Random(column.name)
    prepared = Prepared(column.type, [column.make(source) for _ in range(400)])
    name, table = ("c17", "t3") if hidden else (column.name, column.table)
    return decide(name, prepared, Surroundings(table=table)).category


def test_personal_columns_get_their_right_type() -> None:
    wrong = [c.name for c in PERSONAL if verdict(c) != c.category]
    assert len(wrong) <= 0.02 * len(PERSONAL), wrong


def test_personal_columns_with_telling_values_are_found_without_their_names() -> None:
    telling = [c for c in PERSONAL if c.telling]
    wrong = [c.name for c in telling if verdict(c, hidden=True) != c.category]
    assert len(wrong) <= 0.1 * len(telling), wrong


@pytest.mark.parametrize("hidden", [False, True])
def test_columns_about_things_and_events_are_left_alone(hidden: bool) -> None:
    wrong = [f"{c.table}.{c.name}" for c in NOTHING if verdict(c, hidden=hidden) is not None]
    assert len(wrong) <= 0.01 * len(NOTHING), wrong


def test_there_are_enough_columns_of_both_sides() -> None:
    assert len(PERSONAL) >= 60
    assert len(NOTHING) >= 60


NAMES = Seen(
    "naam", "text", ["Tjeerd Terpstra", "Yasmina Bouchibti", "Loes van der Ploeg", "Emre Demir", "Fien Mulder"]
)


def test_a_column_that_holds_the_values_of_a_known_key_is_an_identifier() -> None:
    keys = [str(n) for n in range(70_001, 98_000, 61)]
    people = ("customers", [Seen("id", "integer", keys, unique=True), NAMES])
    tests = {
        "ref": (random.Random(1).choices(keys, k=2_000), "user.unique_id"),
        "waarde": ([str(random.Random(n).randint(70_001, 98_000)) for n in range(2_000)], None),
    }
    for name, (values, category) in tests.items():
        (_, [found]) = context.judge([people, ("tx", [Seen(name, "integer", values)])])
        assert found.category == category, name


def test_of_keys_counted_up_from_one_only_a_column_with_the_same_range_holds_them() -> None:
    people = ("klanten", [Seen("id", "integer", [str(n) for n in range(1, 901)], unique=True), NAMES])
    same = Seen("ref", "integer", [str(n) for n in range(1, 900)])
    fewer = Seen("punten", "integer", [str(n) for n in range(1, 100)])
    own = Seen("nr", "integer", [str(n) for n in range(1, 900)], unique=True)
    (_, found) = context.judge([people, ("mutaties", [same, fewer, own])])
    assert [verdict.category for verdict in found] == ["user.unique_id", None, None]


def test_a_foreign_key_to_a_person_is_an_identifier_whatever_it_is_called() -> None:
    people = ("klanten", [Seen("id", "integer", ["1", "2"]), NAMES])
    (_, [found]) = context.judge([people, ("mutaties", [Seen("x", "integer", ["2"], refers_to=("klanten", "id"))])])
    assert found.category == "user.unique_id"
    assert "klanten.id" in found.evidence


def test_a_comment_tells_what_a_name_does_not() -> None:
    births = [f"{year}-03-0{year % 9 + 1}" for year in range(2001, 2009)]
    assert decide("d3", Prepared("date", births)).category is None
    around = Surroundings(comment="Geboortedatum van de verzekerde")
    assert decide("d3", Prepared("date", births), around).category == "user.demographic.date_of_birth"


def test_a_vague_name_among_people_is_about_them_and_among_things_it_is_not() -> None:
    towns = ["Appingedam", "Vaals", "Hulst", "Xanten"]
    (found,) = context.judge([("contacten", [NAMES, Seen("plaats", "text", towns)])])
    assert found[1].category == "user.contact.address.city"
    (found,) = context.judge([("filialen", [Seen("plaats", "text", towns * 2)])])
    assert found[0].category is None


def test_of_birth_dates_the_day_of_the_order_is_told_apart() -> None:
    days = [f"20{n % 5 + 20}-0{n % 9 + 1}-1{n % 9}" for n in range(200)]
    assert decide("c1", Prepared("date", days)).category is None


def test_a_long_value_costs_no_time() -> None:
    from time import process_time

    bombs = ["a@" + "a" * 4_000, "0" * 4_000, "A." * 2_000, "1 " * 2_000, "-" * 4_000, "x@" + "a-" * 1_999, "(" * 4_000]
    begun = process_time()
    decide("c1", Prepared("text", [f"{bomb}{n}" for bomb in bombs for n in range(100)]))
    assert process_time() - begun < 20
