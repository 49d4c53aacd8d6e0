"""One form for every way of writing the same identity, the same in Python and in SQL."""

from datetime import date

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from hoeder.persons import normal


@pytest.mark.parametrize(
    ("kind", "ways"),
    [
        ("phone", ["+31 6 1234 5678", "0031612345678", "06-12345678", "(06) 12 34 56 78", "06.1234.5678"]),
        ("email", ["Jan@Example.NL", " jan@example.nl "]),
        ("bank_account", ["NL91 ABNA 0417 1643 00", "nl91abna0417164300", "NL91.ABNA.0417.1643.00"]),
        ("national_id", ["012345678", "12345678", "0123.45.678"]),
        ("postcode", ["1234 AB", "1234ab", "1234  Ab"]),
        ("customer", ["K-1001", " k-1001 "]),
    ],
)
def test_every_way_of_writing_it_is_one(kind: str, ways: list[str]) -> None:
    assert len({normal.form(kind).of(way) for way in ways}) == 1


@pytest.fixture(scope="module")
def server(postgres: object) -> psycopg.Connection[tuple[str]]:
    return psycopg.connect(postgres.conninfo(), autocommit=True)  # type: ignore[attr-defined]


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30) | st.from_regex(
    r"\s?[+0-9A-Za-z@ ().-]{0,24}", fullmatch=True
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, min_size=1, max_size=20), st.sampled_from(["email", "phone", "bank_account", "national_id"]))
def test_python_and_the_server_make_the_same_form_of_plain_writing(
    server: psycopg.Connection[tuple[str]], values: list[str], kind: str
) -> None:
    """Of ASCII: of other letters and digits each has its own idea, and no identity has them."""
    values = [value for value in values if value.isascii() and value.isprintable()]
    form = normal.form(kind)
    query = sql.SQL("select {} from unnest(%s::text[]) with ordinality as x(v, n) order by n").format(
        form.text.format(sql.Identifier("v"))
    )
    assert [row[0] for row in server.execute(query, [values])] == [form.of(value) for value in values]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jan de Vries", "J. de Vries", True),
        ("Jan de Vries", "de Vries, Jan", True),
        ("mevr. A.M. van den Berg", "Anna van den Berg", True),
        ("Jan de Vries", "JAN VRIES", True),
        ("Fatma Yılmaz", "Fatma Yilmaz", True),
        ("José Peña", "Jose Pena", True),
        ("Jan Jansen", "Jan Janssen", True),
        ("Anna Bakker-de Boer", "Anna de Boer", True),
        ("Jan de Vries", "Piet de Vries", False),
        ("Jan de Vries", "Jan Bakker", False),
        ("J. Bos", "P. Bos", False),
        ("Jan Bos", "Jan Vos", False),
        ("Bos", "Jan Bos", None),
        ("", "Jan Bos", None),
    ],
)
def test_whether_two_names_can_be_one_persons(one: str, other: str, same: bool | None) -> None:
    assert normal.same_name(one, other) is same
    assert normal.same_name(other, one) is same


@pytest.mark.parametrize("text", ["1980-03-12", "12-03-1980", "12/3/1980", "12.03.1980"])
def test_a_birth_date_is_read_however_it_is_written(text: str) -> None:
    assert normal.birth_date(text) == date(1980, 3, 12)


@pytest.mark.parametrize("text", ["31-02-1980", "maart 1980", "", "1980", "12-03-80"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert normal.birth_date(text) is None


def test_a_value_that_a_column_cannot_hold_is_not_asked_for() -> None:
    assert normal.typed("customer", "integer", ["4", "x", "99999999999", "-1"]) == [4]
    assert normal.typed("customer", "bigint", ["99999999999"]) == [99999999999]
    assert normal.typed("customer", "uuid", ["no", "6f1f0c1e-0000-4000-8000-000000000001"]) != []
