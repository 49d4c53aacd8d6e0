from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from servers import Database

from hoeder.errors import StoreError
from hoeder.policy.retention import RetentionRule
from hoeder.stores import anchors, postgres
from hoeder.stores.samples import Reading


@pytest.fixture
def db(database: Database) -> Iterator[postgres.Connection]:
    with psycopg.connect(database.conninfo) as connection:
        yield connection


def rule(keep: str, *, type: str = "OWN", pending: dict[str, object] | None = None) -> RetentionRule:
    return RetentionRule.model_validate({
        "rule": "messages", "category": "message", "purpose": "a test", "role": "controller", "keep": keep,
        "type": type, "because": "a test",
        "applies_to": "crm.message", "then": "erase", "pending": pending, "valid_from": date(2020, 1, 1),
        "source": {"basis": "own", "certainty": "L", "owner": "tests", "approved_on": date(2020, 1, 1),
                   "changed_by": "tests"},
    })  # fmt: skip


def named(db: postgres.Connection, name: str) -> postgres.Relation:
    return next(relation for relation in postgres.relations(db, ["public"]) if relation.name == name)


def prepare(db: postgres.Connection, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)  # type: ignore[arg-type]
    db.commit()


def test_a_partitioned_table_is_one_table_with_all_its_rows(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table event (id int, at date) partition by range (at)",
        "create table event_2025 partition of event for values from ('2025-01-01') to ('2026-01-01')",
        "create table event_2026 partition of event for values from ('2026-01-01') to ('2027-01-01')",
        "insert into event values (1, '2025-03-01'), (2, '2026-03-01')",
        "create view recent as select id from event where at > '2026-01-01'",
    )
    relations = postgres.relations(db, ["public"])
    assert [relation.name for relation in relations] == ["event", "recent"]
    assert [postgres.sample(db, relation).rows for relation in relations] == [2, 1]
    assert relations[0].bytes
    assert relations[1].bytes is None


def test_tables_outside_the_declared_schemas_are_seen_under_their_full_name(db: postgres.Connection) -> None:
    prepare(db, "create table t (a int)", "create schema side", "create table side.t (a int)")
    assert [relation.name for relation in postgres.relations(db, ["public"])] == ["t", "side.t"]


def test_names_that_need_quotes_are_no_trouble(db: postgres.Connection) -> None:
    prepare(
        db,
        'create table "Naam; drop table x" ("e mail" text, "a""b" int)',
        """insert into "Naam; drop table x" values ('q', 1)""",
    )
    found = postgres.sample(db, postgres.relations(db, ["public"])[0])
    assert [column.values for column in found.columns] == [("q",), ("1",)]


def test_a_large_table_is_sampled_and_the_same_rows_come_twice(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table t (id int, rare text)",
        "insert into t select n, case when n = 59999 then 'x' end from generate_series(1, 60000) n",
        "analyze t",
    )
    first, second = (postgres.sample(db, named(db, "t"), Reading(rows=2_000)) for _ in range(2))
    assert first == second
    assert first.rows == 60_000
    assert 100 < len(first.columns[0].values) <= 4_000
    assert first.columns[1].values == ("x",), "a value that the sample misses is looked for"


def test_values_that_python_cannot_hold_are_read(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table t (d date, n numeric)",
        "insert into t values ('infinity', 'NaN'), ('4713-01-01 BC', 'infinity')",
    )
    found = postgres.sample(db, named(db, "t"))
    assert found.problem is None
    assert len(found.columns[0].values) == 2


def test_the_session_cannot_write(db: postgres.Connection) -> None:
    prepare(db, "create table t (a int)")
    postgres.read_only(db)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        db.execute("insert into t values (1)")


def test_what_may_not_be_read_says_so_and_the_rest_is_read(db: postgres.Connection, database: Database) -> None:
    role = sql.Identifier(f"reader_of_{database.dbname}")
    prepare(
        db,
        "create table open (a text)", "create table closed (a text)", "create table half (a text, b text)",
        "create table by_row (a text)", "alter table by_row enable row level security",
        "create policy none on by_row using (false)",
        "create table all_rows (a text)", "alter table all_rows enable row level security",
        "create policy look on all_rows using (true)", "insert into all_rows values ('shown')",
        "insert into half values ('1', '2')", "insert into by_row values ('hidden')",
    )  # fmt: skip
    db.execute(sql.SQL("create role {}").format(role))
    db.execute(sql.SQL("grant select on open, by_row, all_rows to {}").format(role))
    db.execute(sql.SQL("grant select (a) on half to {}").format(role))
    db.execute(sql.SQL("set role {}").format(role))
    db.commit()
    try:
        postgres.read_only(db)
        found = {r.name: postgres.sample(db, r) for r in postgres.relations(db, ["public"])}
    finally:
        db.read_only = False
        db.execute("reset role")
        db.execute(sql.SQL("drop owned by {}").format(role))
        db.execute(sql.SQL("drop role {}").format(role))
        db.commit()
    assert found["open"].problem is None
    assert found["closed"].rows is None
    assert found["closed"].columns[0].problem == "not read: permission denied"
    assert found["half"].columns[0].values == ("1",)
    assert found["half"].columns[1].problem is not None
    assert found["all_rows"].columns[0].values == ("shown",)
    assert "row-level security" in (found["by_row"].problem or ""), "rows that a policy hides are not taken for absent"


def test_an_error_that_quotes_a_row_is_not_passed_on(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table t (a text)",
        "insert into t values ('jan@example.nl')",
        "create view v as select a::int from t",
    )
    found = postgres.sample(db, named(db, "v"))
    assert found.problem
    assert "jan" not in f"{found.problem}{found.columns}"


def test_printing_a_sample_shows_no_value(db: postgres.Connection) -> None:
    prepare(db, "create table t (a text)", "insert into t values ('jan@example.nl')")
    assert "jan" not in repr(postgres.sample(db, named(db, "t")))


# --- anchors --------------------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 22)


def counted(db: postgres.Connection, rule: RetentionRule) -> tuple[int, int, int, date | None]:
    relation = named(db, "message")
    types = {column.name: column.type for column in relation.columns}
    return postgres.tally(
        db,
        relation,
        due=anchors.due_condition(rule, types, TODAY),
        missing=anchors.missing_condition(rule),
        day=anchors.anchor_day(rule, types),
    )


def test_the_last_moment_of_a_dutch_day_is_due_and_the_next_is_not(db: postgres.Connection) -> None:
    prepare(db, "create table message (closed_at timestamptz(3))")
    last = datetime(2026, 10, 23, 21, 59, 59, tzinfo=UTC)  # 23:59:59 in Amsterdam, summer time
    for moment in (last, datetime(2026, 10, 23, 22, 0, tzinfo=UTC)):
        db.execute("insert into message values (%s)", [moment])
    assert counted(db, rule("30 days after closed_at")) == (2, 1, 0, date(2026, 10, 23))


def test_an_absent_or_infinite_anchor_is_missing_unless_the_term_is_pending(db: postgres.Connection) -> None:
    prepare(
        db,
        "create table message (closed_on date, status text)",
        """insert into message values (null, 'open'), (null, 'closed'), (null, null), ('infinity', 'closed'),
           ('-infinity', 'closed'), ('2020-01-01', 'closed'), ('2026-11-01', 'closed')""",
    )
    pending = {"column": "status", "is": ["open"]}
    assert counted(db, rule("3 months after closed_on", pending=pending)) == (7, 1, 4, date(2020, 1, 1))
    assert counted(db, rule("3 months after closed_on")) == (7, 1, 5, date(2020, 1, 1))


def test_an_anchor_that_is_no_date_is_refused() -> None:
    with pytest.raises(StoreError, match=r"crm\.message\.closed_on is of type text"):
        anchors.due_condition(rule("3 months after closed_on"), {"closed_on": "text"}, TODAY)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 1, 1)), st.sampled_from(["OWN", "FLOOR"]))
def test_an_object_is_due_exactly_when_its_term_is_over(anchor: date, type: str) -> None:
    from hoeder.clock import due_date

    for keep in ("3 months after date", "2 years after the calendar year of date", "30 days after date"):
        stated = rule(keep, type=type)
        due = due_date(anchor, stated.keep, floor=type == "FLOOR")
        assert anchors.is_due(stated, anchor, TODAY) == (due <= TODAY)
