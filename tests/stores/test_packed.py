"""Keys of due rows come packed: whatever their type, each gets the reference of the key that Python would read."""

from itertools import chain
from typing import Any

import psycopg
import pytest
from psycopg import sql
from servers import Database

from hoeder.governance.protection import Hold, Protections, Scope
from hoeder.pseudonym import ReferenceKey
from hoeder.stores import packed, references
from hoeder.stores.erasable import erasable
from hoeder.stores.packed import Question

KEY = ReferenceKey(b"k" * 32)
NOBODY = Protections(KEY, (), {})


@pytest.fixture
def db(database: Database) -> Any:
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        yield connection


def question(db: Any, condition: str = "due", **identifying: str) -> Question:
    found = erasable(db, "shop", ["public"], "t", key="key", columns=[])
    return Question("shop", found, "key", identifying, sql.SQL("day"), sql.SQL(condition))


def holding(*scopes: Scope, **persons: object) -> Protections:
    named = frozenset((kind, KEY.subject(kind, value)) for kind, value in persons.items())
    return Protections(KEY, (Hold("matter", named, scopes),), {})


@pytest.mark.parametrize("few", [0, 500], ids=["compiled", "one by one"])
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("smallint", "n"),
        ("integer", "-n"),
        ("bigint", "n * 9000000000000000"),
        ("uuid", "md5(n::text)::uuid"),
        ("text", "repeat('é', n) || ' n' || n"),
        ("character varying(40)", "'N' || n"),
        ("character(9)", "'c' || n"),
        ("date", "date '2020-01-01' + n"),
        ("numeric", "n / 10000000.0"),
        ("timestamp with time zone", "timestamptz '2020-01-01' + n * interval '1 hour'"),
    ],
)
def test_a_key_of_any_type_gets_the_reference_of_what_python_reads(
    db: Any, monkeypatch: pytest.MonkeyPatch, kind: str, key: str, few: int
) -> None:
    monkeypatch.setattr(packed, "FEW", few)
    db.execute(
        f"""create table t (key {kind} primary key, day date, person int, due boolean);
            insert into t select {key}, date '2020-01-01' + n, n % 3, n % 4 > 0 from generate_series(1, 40) n"""
    )
    asked = question(db, person="customer")
    expected = {KEY.row("shop", "t", value) for (value,) in db.execute("select key from t where due")}
    for protections in (NOBODY, holding(customer=2)):
        (found,) = packed.read_all(db, asked, range(packed.pages(db, asked.table)), protections)
        assert {row.tobytes() for row in found.keys.references(KEY, "shop", "t")} == expected
        mask, why = found.protected(asked, protections)
        read = found.keys.where(mask)
        held = db.execute("select key from t where due and person = 2").fetchall() if protections.any else []
        assert sorted(map(str, read)) == sorted(str(value) for (value,) in held)
        assert sum(size for size, _, _ in why) == len(held)


def test_a_table_of_many_partitions_is_read_once_and_whole(db: Any) -> None:
    db.execute("create table t (key int primary key, day date, due boolean) partition by range (key)")
    for start in range(0, 40, 10):
        db.execute(f"create table t{start} partition of t for values from ({start}) to ({start + 10})")
    db.execute("insert into t select n, current_date, n % 2 = 0 from generate_series(0, 39) n")
    asked = question(db)
    number, where = packed.count(db, asked)
    found = list(packed.read_all(db, asked, where, NOBODY))
    assert (number, where, [each.keys.values.tolist() for each in found]) == (20, range(1), [list(range(0, 40, 2))])


def test_rows_are_found_range_by_range_each_once(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_PAGES", 3)
    db.execute("create table t (key int primary key, day date, due boolean, body text)")
    db.execute("insert into t select n, current_date, n > 500, repeat('x', 300) from generate_series(1, 1000) n")
    asked = question(db)
    number, where = packed.count(db, asked)
    found = [each.keys.values.tolist() for each in packed.read_all(db, asked, where, NOBODY)]
    assert (number, sum(map(len, found)), sorted(chain(*found))) == (500, 500, list(range(501, 1001)))
    assert len(found) > 3
    assert where.start > 0  # where nothing is due, nothing is read
    assert packed.count(db, question(db, "false")) == (0, range(0))


def test_a_hold_on_a_period_tells_the_rows_of_one_person_apart(db: Any) -> None:
    db.execute("create table t (key int primary key, day date, person int, due boolean)")
    db.execute("insert into t select n, date '2020-01-01' + n, 1, true from generate_series(0, 9) n")
    db.execute("insert into t values (10, '2020-01-05', null, true)")
    first = db.execute("select date '2020-01-04'").fetchone()[0]
    asked, protections = question(db, person="customer"), holding(Scope("shop.t", first), customer=1)
    (found,) = packed.read_all(db, asked, range(1), protections)
    mask, why = found.protected(asked, protections)
    assert sorted(found.keys.where(mask)) == [3, 4, 5, 6, 7, 8, 9, 10]  # 10 says of nobody that it is theirs
    assert min(day for _, _, day in why) == first


def test_nothing_of_a_key_is_printed() -> None:
    assert "jansen" not in repr(packed.Keys(packed.Kind.TEXT, ["jansen"]))
    assert references.References.of([b"x" * 16]).__repr__() == "References(1)"
