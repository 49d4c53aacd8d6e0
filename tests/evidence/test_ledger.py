"""The ledger takes intents and outcomes, numbers them without gaps, and lets nobody change a word."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg import sql
from servers import Database

from hoeder.demo import canaries
from hoeder.errors import EvidenceError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run

RUN = Run("0" * 64, "retention", "manual__2026-11-22T16:34:56.560947+00:00", "erase")
NAMES = ["crm", "contact-message", "complaint"]
ROLES = ["inventory", "anonymization", "retention", "audit_report", "evidence_seal"]


@pytest.fixture
def db(governance: Database) -> ledger.Connection:
    db = psycopg.connect(governance.conninfo)
    ledger.register_names(db, RUN.policy_digest, NAMES)
    db.commit()
    return db


def test_an_act_leaves_intent_and_outcome_in_one_span(db: ledger.Connection) -> None:
    with ledger.act(db, RUN, Activity.RETENTION_ERASE, "contact-message") as act:
        assert [e.object for e in ledger.unfinished(db)] == ["contact-message"]
        act.counts = {"erased": 3}
    intent, outcome = ledger.entries(db)
    assert (intent.phase, outcome.phase, outcome.intent) == ("intent", "outcome", intent.entry)
    assert (outcome.outcome, outcome.counts, outcome.run_id) == ("done", {"erased": 3}, RUN.run_id)
    assert (outcome.span_id, outcome.trace_id) == (intent.span_id, RUN.trace_id)
    assert ledger.unfinished(db) == []


def test_an_exception_is_recorded_as_failed_and_goes_on(db: ledger.Connection) -> None:
    with pytest.raises(ZeroDivisionError), ledger.act(db, RUN, Activity.INVENTORY_SCAN, "crm"):
        _ = 1 / 0
    assert ledger.entries(db)[-1].outcome == "failed"


def test_what_is_intended_and_not_finished_is_listed_per_activity(db: ledger.Connection) -> None:
    ledger.record_intent(db, RUN, Activity.INVENTORY_SCAN, "crm")
    ledger.record_intent(db, RUN, Activity.RETENTION_ERASE, "complaint")
    assert [e.object for e in ledger.unfinished(db)] == ["crm", "complaint"]
    assert [e.object for e in ledger.unfinished(db, Activity.RETENTION_ERASE)] == ["complaint"]


def test_an_outcome_cannot_be_given_twice_or_to_nothing(db: ledger.Connection) -> None:
    intent = ledger.record_intent(db, RUN, Activity.RETENTION_ERASE, "complaint")
    outcome = ledger.record_outcome(db, RUN, intent, Outcome.NOTHING)
    db.commit()
    with pytest.raises(EvidenceError, match="already has an outcome"):
        ledger.record_outcome(db, RUN, intent, Outcome.DONE)
    db.rollback()
    for nothing in (999_999, outcome):
        with pytest.raises(EvidenceError, match="is no intent"):
            ledger.record_outcome(db, RUN, nothing, Outcome.DONE)


def test_numbers_have_no_gaps_whoever_writes_and_whoever_fails(governance: Database, db: ledger.Connection) -> None:
    def write(writer: int) -> None:
        with psycopg.connect(governance.conninfo) as own:
            for turn in range(20):
                ledger.record_intent(own, RUN, Activity.INVENTORY_SCAN, "crm")
                if (writer + turn) % 3 == 0:
                    own.rollback()
                else:
                    own.commit()

    with ThreadPoolExecutor(6) as writers:
        list(writers.map(write, range(6)))
    numbers = [entry.entry for entry in ledger.entries(db)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 60


def test_a_clock_that_goes_back_does_not_reorder(db: ledger.Connection) -> None:
    for _ in range(3):
        ledger.record_intent(db, RUN, Activity.INVENTORY_SCAN, "crm")
    db.commit()
    db.execute("set session_replication_role = replica")  # as a superuser, past the triggers
    db.execute("update ledger set recorded_at = now() - interval '1 day' where entry = 3")
    db.execute("set session_replication_role = origin")
    assert [entry.entry for entry in ledger.entries(db)] == [1, 2, 3]


@pytest.mark.parametrize("table", ["ledger", "ledger_checkpoint", "ledger_origin"])
@pytest.mark.parametrize("statement", ["update {} set {} = {}", "delete from {}", "truncate {} cascade"])
def test_not_even_the_owner_changes_the_ledger(db: ledger.Connection, table: str, statement: str) -> None:
    with ledger.act(db, RUN, Activity.INVENTORY_SCAN, "crm"):
        pass
    db.execute("insert into ledger_checkpoint values (2, sha256('x'), 'note')")
    db.commit()
    column = sql.Identifier({"ledger": "object", "ledger_checkpoint": "note", "ledger_origin": "origin"}[table])
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        db.execute(sql.SQL(statement).format(sql.Identifier(table), column, column))  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ROLES)
def test_the_roles_of_the_dags_may_insert_and_nothing_else(db: ledger.Connection, role: str) -> None:
    become = sql.SQL("set role {}").format(sql.Identifier(f"hoeder_{role}"))
    db.execute(become)
    ledger.record_intent(db, RUN, Activity.INVENTORY_SCAN, "crm")
    db.commit()
    for statement in (
        "update ledger set object = 'crm'",
        "delete from ledger",
        "truncate ledger",
        "insert into ledger_word values ('object', 'wubbegien')",
        "insert into activity values ('a.b@1', 'x')",
        "insert into ledger_horizon values (1)",
        "alter table ledger disable trigger all",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute(sql.SQL(statement))  # type: ignore[arg-type]
        db.rollback()
        db.execute(become)


def test_an_account_speaks_for_its_own_capability_only(governance: Database, db: ledger.Connection) -> None:
    db.execute("create role speaker login password 'speaker' in role hoeder_inventory")
    intent = ledger.record_intent(db, RUN, Activity.INVENTORY_SCAN, "crm")
    db.commit()
    own = psycopg.connect(governance.conninfo, user="speaker", password="speaker")
    try:
        ledger.record_intent(own, RUN, Activity.INVENTORY_SCAN, "crm")
        own.commit()
        with pytest.raises(EvidenceError, match="does not speak for that capability"):
            ledger.record_intent(own, RUN, Activity.RETENTION_ERASE, "complaint")
        own.rollback()
        with pytest.raises(EvidenceError, match="no such intent of this account"):
            ledger.record_outcome(own, RUN, intent, Outcome.DONE)
    finally:
        own.close()
        db.execute("drop role speaker")
        db.commit()


def test_time_and_actor_are_the_servers_word(db: ledger.Connection) -> None:
    db.execute(
        """insert into ledger (entry, recorded_at, actor, phase, activity, object, policy_digest, counts)
           values (77, '2001-01-01', 'somebody', 'intent', 'inventory.scan@1', 'crm', %s, '{}')""",
        ["0" * 64],
    )
    entry = ledger.entries(db)[-1]
    assert (entry.entry, entry.actor) == (1, "postgres")
    assert entry.recorded_at.year >= 2026


def test_the_database_knows_the_activities_that_the_code_knows(db: ledger.Connection) -> None:
    assert {row[0] for row in db.execute("select activity from activity")} == set(Activity)


CANARIES = sorted({value for person in canaries.values().values() for value in person.values()})
TEXT_COLUMNS = [
    "phase", "activity", "object", "outcome", "case_id", "policy_digest", "dag_id", "run_id", "task_id", "digest",
]  # fmt: skip


@pytest.mark.parametrize("column", TEXT_COLUMNS)
def test_no_column_takes_a_persons_value(db: ledger.Connection, column: str) -> None:
    entry: dict[str, Any] = {
        "phase": "intent", "activity": "inventory.scan@1", "object": "crm", "policy_digest": "0" * 64, "counts": "{}"
    }  # fmt: skip
    for value in [*CANARIES, *(c.lower() for c in CANARIES)]:
        smuggled = entry | {column: value}
        insert = sql.SQL("insert into ledger ({}) values ({})").format(
            sql.SQL(", ").join(map(sql.Identifier, smuggled)), sql.SQL(", ").join(map(sql.Literal, smuggled.values()))
        )
        with pytest.raises((psycopg.errors.IntegrityError, psycopg.errors.DataError)):
            db.execute(insert)
        db.rollback()


def test_counts_take_neither_a_persons_word_nor_number(db: ledger.Connection) -> None:
    intent = ledger.record_intent(db, RUN, Activity.RETENTION_ERASE, "complaint")
    db.commit()
    smuggled: list[dict[str, Any]] = [{value: 1} for value in CANARIES]
    smuggled += [{"erased": value} for value in CANARIES]
    smuggled += [{"erased": int(digits)} for c in CANARIES if len(digits := "".join(filter(str.isdigit, c))) > 8]
    smuggled += [{"erased": -1}, {"erased": 1.5}, {"erased": {"a": 1}}, {"erased": True}, {"erased": None}]
    assert len(smuggled) > 100
    for counts in smuggled:
        with pytest.raises(psycopg.errors.CheckViolation):
            db.execute(
                """insert into ledger (phase, activity, object, intent, outcome, policy_digest, counts)
                   values ('outcome', 'retention.erase@1', 'complaint', %s, 'done', %s, %s)""",
                [intent, "0" * 64, json.dumps(counts)],
            )
        db.rollback()


def test_a_run_that_a_person_named_is_kept_as_a_hash(db: ledger.Connection) -> None:
    run = Run("0" * 64, "retention", "run for Wubbegien van der Kwartelbergh", "erase")
    ledger.record_intent(db, run, Activity.RETENTION_ERASE, "complaint")
    kept = ledger.entries(db)[-1].run_id
    assert kept is not None
    assert kept.startswith("sha256:")


def test_names_are_those_of_the_policy_that_is_cited(db: ledger.Connection) -> None:
    other = Run("1" * 64, "retention", None, "erase")
    with pytest.raises(EvidenceError, match="no name of the registered policy"):
        ledger.record_intent(db, other, Activity.RETENTION_ERASE, "complaint")


def test_an_error_does_not_repeat_what_was_refused(db: ledger.Connection) -> None:
    with pytest.raises(EvidenceError) as caught:
        ledger.record_intent(db, RUN, Activity.RETENTION_ERASE, "Wubbegien", case_id=uuid.uuid4())
    assert "Wubbegien" not in str(caught.value)
