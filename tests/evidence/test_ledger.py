"""The ledger takes intents and outcomes, and lets nobody change them."""

import psycopg
import pytest
from psycopg import sql
from servers import Database

from hoeder.errors import EvidenceError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Outcome, Run

RUN = Run("0" * 64, "retention", "manual__1", "erase")


@pytest.fixture
def db(governance: Database) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(governance.conninfo)


def test_an_act_leaves_intent_and_outcome(db: ledger.Connection) -> None:
    with ledger.act(db, RUN, "retention", "erase", "contact-message") as act:
        assert [e.object for e in ledger.unfinished(db)] == ["contact-message"]
        act.counts = {"erased": 3}
    intent, outcome = ledger.entries(db)
    assert (intent.phase, outcome.phase, outcome.intent) == ("intent", "outcome", intent.entry)
    assert (outcome.outcome, outcome.counts, outcome.run_id) == ("done", {"erased": 3}, "manual__1")
    assert ledger.unfinished(db) == []


def test_an_exception_is_recorded_as_failed_and_goes_on(db: ledger.Connection) -> None:
    with pytest.raises(ZeroDivisionError), ledger.act(db, RUN, "inventory", "scan", "crm"):
        _ = 1 / 0
    assert ledger.entries(db)[-1].outcome == "failed"


def test_an_outcome_cannot_be_given_twice_or_to_nothing(db: ledger.Connection) -> None:
    intent = ledger.record_intent(db, RUN, "retention", "erase", "complaint")
    ledger.record_outcome(db, RUN, intent, Outcome.NOTHING)
    db.commit()
    with pytest.raises(EvidenceError, match="already has an outcome"):
        ledger.record_outcome(db, RUN, intent, Outcome.DONE)
    db.rollback()
    with pytest.raises(EvidenceError, match="does not exist"):
        ledger.record_outcome(db, RUN, 999_999, Outcome.DONE)


@pytest.mark.parametrize(
    "statement", ["update ledger set object = 'x'", "delete from ledger", "truncate ledger cascade"]
)
def test_not_even_the_owner_changes_the_ledger(db: ledger.Connection, statement: str) -> None:
    with ledger.act(db, RUN, "inventory", "scan", "crm"):
        pass
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        db.execute(sql.SQL(statement))  # type: ignore[arg-type]


@pytest.mark.parametrize("capability", ["inventory", "anonymization", "retention", "audit_report"])
def test_the_roles_of_the_dags_may_insert_and_nothing_else(db: ledger.Connection, capability: str) -> None:
    db.execute(sql.SQL("set role {}").format(sql.Identifier(f"hoeder_{capability}")))
    ledger.record_intent(db, RUN, "inventory", "scan", "crm")
    db.commit()
    for statement in ("update ledger set object = 'x'", "delete from ledger", "truncate ledger"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute(sql.SQL(statement))  # type: ignore[arg-type]
        db.rollback()
        db.execute(sql.SQL("set role {}").format(sql.Identifier(f"hoeder_{capability}")))


@pytest.mark.parametrize(
    "field",
    [
        {"capability": "Jan de Vries"},
        {"activity": "jan@example.nl"},
        {"target": "Jan de Vries, Dorpsstraat 1"},
    ],
)
def test_free_text_does_not_fit_into_an_entry(db: ledger.Connection, field: dict[str, str]) -> None:
    entry = {"capability": "retention", "activity": "erase", "target": "complaint"} | field
    with pytest.raises(psycopg.errors.CheckViolation):
        ledger.record_intent(db, RUN, **entry)


def test_counts_are_whole_numbers(db: ledger.Connection) -> None:
    intent = ledger.record_intent(db, RUN, "retention", "erase", "complaint")
    with pytest.raises(EvidenceError, match="whole-number"):
        ledger.record_outcome(db, RUN, intent, Outcome.DONE, counts={"name": "Jan"})  # type: ignore[dict-item]
