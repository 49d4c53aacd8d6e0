"""Columns of other authors: packages, legacy files, exports and devices, and what only looks like people."""

import random
from functools import cache

import others
import pytest
from companies import Column

from hoeder.detection import classify, context
from hoeder.detection.name_words import MEANINGS
from hoeder.detection.seen import Seen
from hoeder.policy.vocabulary import vocabulary

Tables = dict[str, list[Column]]
PEOPLE: Tables = {**others.FIRST_HALF, **others.SECOND_HALF}
ALL: Tables = {**PEOPLE, **others.LOOK_ALIKES}


def seen(table: str, column: Column, name: str) -> Seen:
    source = random.Random(table + column.name)
    values = dict.fromkeys(str(value) for value in (column.make(source) for _ in range(250)) if value is not None)
    return Seen(name, column.type, list(values))


@cache
def judged(*, hidden: bool) -> list[tuple[str, Column, str | None]]:
    tables = [
        (f"t{n}" if hidden else table, [seen(table, c, f"c{at}" if hidden else c.name) for at, c in enumerate(columns)])
        for n, (table, columns) in enumerate(ALL.items())
    ]
    verdicts = (verdict for of_table in context.judge(tables) for verdict in of_table)
    return [(table, c, next(verdicts).category) for table, columns in ALL.items() for c in columns]


@pytest.mark.parametrize(("hidden", "least"), [(False, 0.92), (True, 0.6)])
def test_personal_columns_of_packages_and_legacy_files_get_their_right_type(hidden: bool, least: float) -> None:
    personal = [one for one in judged(hidden=hidden) if one[1].category]
    wrong = [
        f"{table}.{c.name}: {found}" for table, c, found in personal if not f"{found}.".startswith(f"{c.category}.")
    ]
    assert len(wrong) <= (1 - least) * len(personal), wrong


@pytest.mark.parametrize("hidden", [False, True])
def test_look_alikes_are_left_alone(hidden: bool) -> None:
    others_ = [one for one in judged(hidden=hidden) if not one[1].category]
    wrong = [f"{table}.{c.name}: {found}" for table, c, found in others_ if found]
    assert len(wrong) <= 0.01 * len(others_), wrong


def test_there_are_enough_columns_of_both_sides() -> None:
    personal = [column for columns in ALL.values() for column in columns if column.category]
    assert len(personal) >= 240
    assert sum(map(len, ALL.values())) - len(personal) >= 300


@pytest.mark.parametrize(
    "form",
    ["0031 6 {} {}", "06.{}.{}", "tel: 06{}{}", "whatsapp:+316{}{}", "06{0}{1};06{1}{0}", "{{06{0}{1},06{1}{0}}}",
     "+31 (0)6 {}{}", "030-2{0:.2}{1}x12", "316{}{}", "6{}{}"],
)  # fmt: skip
def test_a_phone_number_is_one_in_every_notation_whatever_the_column_is_called(form: str) -> None:
    source = random.Random(4)
    values = [form.format(str(source.randint(1000, 5999)), str(source.randint(1000, 9999))) for _ in range(200)]
    assert classify("c7", "text", values).category == "user.contact.phone_number"


@pytest.mark.parametrize(
    "form",
    ["POINT({1} {0})", "SRID=4326;POINT({1} {0})", "geo:{},{}", '{{"lat": {}, "lng": {}}}', "{}N {}E", "[{}, {}]",
     "https://maps.example/?q={},{}", "{}|{}"],
)  # fmt: skip
def test_a_place_on_the_map_is_one_in_every_notation(form: str) -> None:
    source = random.Random(4)
    values = [form.format(f"{source.uniform(51, 53):.5f}", f"{source.uniform(4, 7):.5f}") for _ in range(200)]
    assert classify("c7", "text", values).category == "user.location.precise"


def test_numbers_with_zeros_in_front_and_lines_of_organisations_are_nobodys_phone() -> None:
    source = random.Random(4)
    padded = [f"00{source.randint(10**7, 10**8 - 1)}" for _ in range(200)]
    lines = [f"088-{source.randint(10**6, 10**7 - 1)}" for _ in range(200)]
    assert [classify("c7", "text", values).category for values in (padded, lines)] == [None, None]


def test_whatever_is_claimed_is_a_category_that_policy_can_declare() -> None:
    known = vocabulary().data_categories
    claimed = {found for hidden in (False, True) for _, _, found in judged(hidden=hidden) if found}
    meant = {context.WIDER.get(category, category) for category in MEANINGS}
    assert claimed | meant <= known, (claimed | meant) - known
    assert len(claimed) >= 30
