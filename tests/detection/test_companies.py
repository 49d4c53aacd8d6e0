"""The shares that rules were made with, on whole tables. They say how good the rules can be, not how good they are."""

import random
from functools import cache

import pytest
from companies import TABLES, Column

from hoeder.detection import context, names
from hoeder.detection.seen import Seen


def seen(table: str, column: Column, name: str, comment: str) -> Seen:
    source = random.Random(table + column.name)
    values = dict.fromkeys(str(value) for value in (column.make(source) for _ in range(250)) if value is not None)
    return Seen(name, column.type, list(values), comment)


@cache
def judged(*, hidden: bool) -> list[tuple[str, Column, str | None]]:
    tables = [
        (f"t{n}", [seen(table, c, f"c{at}", "") for at, c in enumerate(columns)])
        if hidden
        else (table, [seen(table, c, c.name, c.comment) for c in columns])
        for n, (table, columns) in enumerate(TABLES.items())
    ]
    verdicts = (verdict for of_table in context.judge(tables) for verdict in of_table)
    return [(table, c, next(verdicts).category) for table, columns in TABLES.items() for c in columns]


def is_right(column: Column, category: str | None) -> bool:
    return f"{category}.".startswith(f"{column.category}.")


def test_personal_columns_get_their_right_type_whatever_a_company_calls_them() -> None:
    personal = [one for one in judged(hidden=False) if one[1].category]
    wrong = [f"{table}.{c.name}: {category}" for table, c, category in personal if not is_right(c, category)]
    assert len(wrong) <= 0.03 * len(personal), wrong


def test_what_looks_personal_and_is_about_a_thing_is_left_alone() -> None:
    others = [one for one in judged(hidden=False) if not one[1].category]
    wrong = [f"{table}.{c.name}: {category}" for table, c, category in others if category]
    assert len(wrong) <= 0.01 * len(others), wrong


def test_without_names_few_things_are_taken_for_people() -> None:
    others = [one for one in judged(hidden=True) if not one[1].category]
    wrong = [f"{table}.{c.name}: {category}" for table, c, category in others if category]
    assert len(wrong) <= 0.05 * len(others), wrong


def test_there_are_enough_columns_of_both_sides() -> None:
    assert sum(bool(c.category) for columns in TABLES.values() for c in columns) >= 140
    assert sum(not c.category for columns in TABLES.values() for c in columns) >= 150


def names_of(table: str, *columns: Seen) -> list[str | None]:
    [verdicts] = context.judge([(table, columns)])
    return [verdict.category for verdict in verdicts]


TOWNS = Seen("plaats", "text", ["Appingedam", "Vaals", "Hulst", "Xanten", "Urk", "Tiel"])
VISITORS = Seen("ip", "text", [f"83.{n}.7.{n + 20}" for n in range(60, 180)])
PATH = Seen("path", "text", ["/", "/sale", "/contact"])
STATUS = Seen("code", "integer", ["200", "404", "500"])


def test_an_address_of_a_visitor_is_personal_in_a_log_of_nobody_else_and_one_of_a_server_is_not() -> None:
    own = Seen("ip", "text", [f"10.0.{n}.{n + 20}" for n in range(60, 180)])
    assert names_of("access_log", VISITORS, PATH, STATUS)[0] == "user.device.ip_address"
    assert names_of("access_log", own, PATH, STATUS)[0] is None
    assert names_of("servers", VISITORS, PATH, STATUS)[0] is None


def test_a_town_is_somebodys_beside_a_mail_address_and_not_where_somebody_looks_after_a_thing() -> None:
    mail = Seen("mail", "text", [f"p{n}@a.example" for n in range(40)])
    keeper = Seen("manager", "text", ["Tjeerd Terpstra", "Yasmina Bouchibti", "Loes van der Ploeg", "Emre Demir"])
    assert names_of("export7", TOWNS, mail, STATUS)[0] == "user.contact.address.city"
    assert names_of("laadpalen", TOWNS, keeper, STATUS)[0] is None
    assert names_of("laadpalen", TOWNS, keeper, STATUS)[1] is not None


def test_health_stays_personal_where_nothing_tells_what_the_table_is_about() -> None:
    ills = Seen("c2", "text", ["migraine", "hernia", "griep", "astma", "reuma", "epilepsie"])
    assert names_of("q_17", ills, STATUS, PATH)[0] == "user.health_and_medical"


@pytest.mark.parametrize("keeper", ["monteur", "beheerder", "accountmanager"])
def test_who_works_on_machines_makes_no_table_of_people_of_them(keeper: str) -> None:
    source = random.Random(7)
    last = ("Terpstra", "Bouchibti", "van der Ploeg", "Demir", "Mulder", "Wiersma", "Aksoy", "Kamphuis")
    names_ = [f"{source.choice(['Tjeerd', 'Loes', 'Emre', 'Fien'])} {name}" for name in last]
    addresses = Seen("ip", "text", [f"10.3.{n}.{n + 20}" for n in range(60, 180)])
    machines = [Seen(keeper, "text", names_), addresses, TOWNS, STATUS]
    assert names_of("automaten_noord", *machines)[1:3] == [None, None]


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("weergavenaam", "user.account.username"), ("created_by_user", "user.account.username"),
        ("avg_hr", "user.health_and_medical"), ("pijnscore", "user.health_and_medical"),
        ("credit_score", "user.financial"), ("uitkering_bedrag", "user.financial"),
        ("gebeld_nummer", "user.contact.phone_number"), ("region_name", "user.contact.address.state"),
        ("omschrijving_klacht", "user.content.private"), ("mail_body", "user.content.private"),
        ("huishoudnummer", "user.unique_id"), ("yob", "user.demographic.date_of_birth"),
    ],
)  # fmt: skip
def test_names_of_columns_say_what_dutch_databases_mean_by_them(name: str, category: str) -> None:
    found = names.meaning(name)
    assert found is not None
    assert found[0] == category


@pytest.mark.parametrize("name", ["spec", "syst", "vertr", "order_bedrag", "train", "last_known_location"])
def test_a_few_letters_or_a_word_that_goes_with_much_name_nobody(name: str) -> None:
    found = names.meaning(name)
    assert found is None or not found[0].startswith(("user.name", "user.health", "user.financial"))
