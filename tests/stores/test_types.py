"""Every type that PostgreSQL has, and what surrounds a table in its catalog."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from servers import Database

from hoeder.inventory.findings import compare
from hoeder.stores import postgres, rows
from hoeder.stores.samples import Reading, SampledObject


@pytest.fixture
def db(database: Database) -> Iterator[postgres.Connection]:
    with psycopg.connect(database.conninfo) as connection:
        yield connection


def prepare(db: postgres.Connection, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)  # type: ignore[arg-type]
    db.commit()


def read(db: postgres.Connection, reading: Reading | None = None) -> dict[str, SampledObject]:
    found = postgres.relations(db, ["public"])
    return {relation.name: postgres.sample(db, relation, reading or Reading()) for relation in found}


def values(thing: SampledObject) -> dict[str, tuple[str, ...]]:
    return {column.name: column.values for column in thing.columns}


def categories(*things: SampledObject) -> dict[str, str | None]:
    return {f"{f.object}.{f.column}": f.category for f in compare("s", things, None)}


def test_json_composite_values_and_arrays_are_read_by_path(db: postgres.Connection) -> None:
    prepare(
        db,
        "create type place as (street text, number int)",
        "create table t (payload jsonb, old json, home place, homes place[], mails text[])",
        """insert into t values (
             '{"customer": {"email": "a@b.example", "phones": ["0612345678"], "jan.jansen": 1}}',
             '[{"n": 1}, {"n": 2}]',
             row('Kerkstraat', 3), array[row('Dorpsweg', 1)::place], array['c@d.example', null])""",
    )
    assert values(read(db)["t"]) == {
        "payload.customer.email": ("a@b.example",), "payload.customer.phones": ("0612345678",),
        "payload.customer.(other)": ("1",), "old.n": ("1", "2"), "home.street": ("Kerkstraat",), "home.number": ("3",),
        "homes.street": ("Dorpsweg",), "homes.number": ("1",), "mails": ("c@d.example",),
    }  # fmt: skip


def test_a_domain_an_enum_and_a_range_are_what_is_behind_them(db: postgres.Connection) -> None:
    prepare(
        db,
        "create domain nine as varchar(9)", "create domain number as nine",
        "create type state as enum ('gehuwd', 'ongehuwd', 'gescheiden')",
        "create table t (a number, b state, c daterange, d inet, e macaddr, f uuid)",
        """insert into t
             values ('111222333', null, '[2020-01-01,)', '203.0.113.7', '08:00:2b:01:02:03', gen_random_uuid())""",
    )  # fmt: skip
    found = read(db)["t"]
    assert values(found)["b"] == ("gehuwd", "ongehuwd", "gescheiden"), "an enum's labels tell, even of an empty column"
    assert categories(found)["t.b"] == "user.demographic.marital_status"
    assert categories(found)["t.d"] == "user.device.ip_address"


def test_binary_values_are_known_by_their_kind_alone(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table employee (name text, photo bytea, manual bytea)",
        r"insert into employee values ('Jan Jansen', '\xffd8ffe000104a464946', '\x255044462d312e37')",
    )
    found = read(db)["employee"]
    assert values(found)["photo"] == ("image/jpeg",)
    assert values(found)["manual"] == ("application/pdf",)
    assert categories(found)["employee.photo"] == "user.content.self_image"


def test_views_and_foreign_keys_are_marked(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table klant (id int primary key, naam text)", "create view v as select naam from klant",
        "create materialized view m as select naam from klant",
        "create table mutatie (x int references klant, y int); comment on column mutatie.y is 'Leeftijd van de klant'",
        "insert into klant values (1, 'Jan Jansen')", "insert into mutatie values (1, 44)",
    )  # fmt: skip
    found = read(db)
    assert {name: thing.kind for name, thing in found.items()} == {
        "klant": "", "v": "view", "m": "materialized view", "mutatie": ""
    }  # fmt: skip
    evidence = {f"{f.object}.{f.column}": f.evidence for f in compare("s", found.values(), None)}
    assert evidence["v.naam"].endswith("in a view")
    assert categories(*found.values())["mutatie.x"] == "user.unique_id"
    assert categories(*found.values())["mutatie.y"] == "user.demographic.age_range"


def test_rows_of_a_child_are_not_read_as_the_parents(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table parent (a text)", "create table child () inherits (parent)",
        "insert into parent values ('p')", "insert into child values ('c')",
    )  # fmt: skip
    found = read(db)
    assert {name: (thing.rows, values(thing)["a"]) for name, thing in found.items()} == {
        "parent": (1, ("p",)), "child": (1, ("c",))
    }  # fmt: skip


def test_ten_megabytes_in_one_cell_are_read_up_to_a_bound_and_this_is_said(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table t (a text, j jsonb)",
        "insert into t select repeat('x ', 5000000), jsonb_build_object('email', repeat('y', 10000000))",
    )
    found = {column.name: column for column in read(db)["t"].columns}
    assert max(map(len, found["a"].values)) <= rows.LONGEST
    assert "1 values" in (found["a"].note or "")
    assert "1 values" in (found["j"].note or "")


def test_a_table_with_very_many_columns_is_read(db: postgres.Connection) -> None:
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(f"veld {n}")) for n in range(1_500))
    db.execute(sql.SQL("create table wide ({})").format(columns))
    db.execute("""insert into wide ("veld 7") values ('jan@voorbeeld.example')""")
    db.commit()
    found = read(db)["wide"]
    assert len(found.columns) == 1_500
    assert categories(found)["wide.veld 7"] == "user.contact.email"


def test_text_that_is_no_valid_unicode_is_read(db: postgres.Connection, database: Database) -> None:
    with psycopg.connect(database.conninfo, autocommit=True) as maintenance:
        name = sql.Identifier(f"{database.dbname}_ascii")
        create = sql.SQL("create database {} template template0 encoding 'SQL_ASCII' locale 'C'")
        maintenance.execute(create.format(name))
        try:
            with psycopg.connect(database.conninfo, dbname=f"{database.dbname}_ascii") as other:
                other.execute("create table t (a text)")
                other.execute(r"insert into t values (E'Jos\351 \377'), ('plain')")
                other.commit()
                postgres.read_only(other)
                found = read(other)["t"]
        finally:
            maintenance.execute(sql.SQL("drop database {} with (force)").format(name))
    assert found.problem is None
    assert "plain" in values(found)["a"]
    assert len(values(found)["a"]) == 2


def test_quotes_line_ends_and_empty_values_survive_the_way_here(db: postgres.Connection) -> None:
    odd = ("", 'a"b', "a,b", "line\nend", "\r\n", "\\N", "é€", " ")
    prepare(db, "create table t (n int, a text)")
    with db.cursor() as cursor:
        cursor.executemany("insert into t values (%s, %s)", [*enumerate(odd), (99, None)])
    db.commit()
    assert set(values(read(db)["t"])["a"]) == set(odd)


def test_a_full_read_looks_at_every_text(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table t (id int, body text)",
        """insert into t select n, case when n = 61234 then 'bel op 06-12345678 aub' else 'niets aan de hand' || n end
             from generate_series(1, 90000) n""",
        "analyze t",
    )
    found = read(db, Reading(rows=1_000, full=True))["t"]
    assert found.rows == 90_000
    finding = next(f for f in compare("s", [found], None) if f.column == "body")
    assert finding.category == "user.content.private"
    assert "of 90000 values" in finding.evidence


def test_reading_takes_no_lock_that_anybody_notices(db: postgres.Connection, database: Database) -> None:
    prepare(
        db, "create table t (a text)", "insert into t select n::text from generate_series(1, 900000) n", "analyze t"
    )
    relation = postgres.relations(db, ["public"])[0]
    detail = rows.details(db, relation.oid, ["public"])
    reading = rows.batches(db, relation.source, list(detail.values()))
    next(reading)
    with psycopg.connect(database.conninfo) as other:
        pid = db.info.backend_pid
        locks = {
            mode
            for (mode,) in other.execute("select mode from pg_locks where pid = %s and relation is not null", [pid])
        }
    for _ in reading:
        pass
    db.rollback()
    assert locks == {"AccessShareLock"}


def test_a_load_cap_holds_the_reader_back(db: postgres.Connection) -> None:
    from time import monotonic

    prepare(db, "create table t (a text)", "insert into t select repeat('x', 900) from generate_series(1, 12000)")
    begun = monotonic()
    read(db, Reading(bytes_per_second=8_000_000))
    assert monotonic() - begun > 0.8


def test_a_fingerprint_changes_with_rows_and_columns_and_with_nothing_else(db: postgres.Connection) -> None:
    db.autocommit = True

    def fingerprint() -> str | None:
        db.execute("select pg_stat_force_next_flush()")
        return next(r.fingerprint for r in postgres.relations(db, ["public"]) if r.name == "t")

    db.execute("create table t (a text); insert into t values ('x'); create view v as select * from t")
    first = fingerprint()
    assert first == fingerprint()
    db.execute("update t set a = 'y'")
    second = fingerprint()
    assert second != first
    db.execute("alter table t add b int")
    assert fingerprint() != second
    assert next(r.fingerprint for r in postgres.relations(db, ["public"]) if r.name == "v") is None


# --- Northwind --------------------------------------------------------------------------------------------------------

PERSONAL = {
    "customers": "customer_id contact_name contact_title address city region postal_code country phone fax",
    "employees": (
        "employee_id last_name first_name title title_of_courtesy birth_date address city region postal_code country "
        "home_phone photo notes reports_to photo_path"
    ),
    "employee_territories": "employee_id",
    "customer_customer_demo": "customer_id",
    "orders": "customer_id employee_id ship_address ship_city ship_region ship_postal_code ship_country",
    "suppliers": "contact_name contact_title phone fax",
}  # fmt: skip
"""By our own judgement: of a shop's customers the contact persons, their addresses and numbers, since a shop of one is
among them; of suppliers the contact persons and the number they are reached at, not the company's address; of employees
everything but their dates of hire and extensions."""


def test_northwind_is_read_as_we_judge_it(db: postgres.Connection, database: Database) -> None:
    from hoeder.demo.load import northwind

    file = northwind()
    if file is None:
        pytest.skip("no Northwind file on this machine")
    prepare(db, Path(file).read_text(encoding="utf-8"), "set search_path to public")
    found = {place for place, category in categories(*read(db).values()).items() if category}
    expected = {f"{table}.{column}" for table, columns in PERSONAL.items() for column in columns.split()}
    assert len(expected - found) <= 0.05 * len(expected), expected - found
    assert len(found - expected) <= 2, found - expected
