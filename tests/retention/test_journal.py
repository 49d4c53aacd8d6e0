"""The journal of erasures: written before, confirmed after, settled after a crash, and ended with the last backup."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from servers import Database
from shop import shop_policy

from hoeder.clock import AMSTERDAM
from hoeder.governance import journal
from hoeder.governance.journal import NamedBy
from hoeder.policy.retention import Act, End

ONE, TWO, THREE = (bytes([n]) * 16 for n in (1, 2, 3))
TODAY = datetime.now(AMSTERDAM).date()


def policy(days: int | None) -> Any:
    made = shop_policy("bucket")
    store = made.stores["shop"].model_copy(update={"backups_kept_days": days})
    return made.model_copy(update={"stores": made.stores | {"shop": store}})


@pytest.fixture
def db(governance: Database) -> Any:
    with psycopg.connect(governance.conninfo) as connection:
        connection.execute("set role hoeder_retention")
        connection.commit()
        yield connection


def held(db: Any) -> dict[str, frozenset[bytes]]:
    found = {f"{each.target} {each.then.act}": each.references for each in journal.entries(db, "shop")}
    db.commit()
    return found


def test_an_entry_comes_back_as_it_was_written(db: Any) -> None:
    then = End(act=Act.REPLACE, changes={"status": "restricted"})
    journal.record(db, policy(30), "shop", "message", "message", [TWO, ONE])
    journal.record(db, policy(30), "shop", "customer", "restriction", [THREE], then=then, named_by=NamedBy.SUBJECT)
    journal.record(db, policy(30), "files", "logs/", "log", [ONE])
    first, second = journal.entries(db, "shop")
    assert (first.target, first.references, first.then.act, first.confirmed_at) == (
        "message", frozenset({ONE, TWO}), Act.ERASE, None,
    )  # fmt: skip
    assert (second.rule, second.then, second.named_by) == ("restriction", then, NamedBy.SUBJECT)


def test_nothing_done_is_nothing_written(db: Any) -> None:
    assert journal.record(db, policy(30), "shop", "message", "message", []) is None
    journal.confirm(db, None)
    assert held(db) == {}


def test_what_was_confirmed_stays_as_it_is(db: Any) -> None:
    entry = journal.record(db, policy(30), "shop", "message", "message", [ONE])
    journal.confirm(db, entry)
    db.commit()
    with pytest.raises(psycopg.errors.RaiseException, match="is confirmed"), db.transaction():
        db.execute("select journal_settle(%s, '')", [entry])
    for statement in ("delete from erasure_journal", "update erasure_journal set refs = ''"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction():
            db.execute(statement)
    assert held(db) == {"message erase": frozenset({ONE})}


def test_an_entry_ends_when_no_backup_can_hold_its_records_and_not_a_day_before(db: Any) -> None:
    journal.record(db, policy(30), "shop", "message", "message", [ONE], on=TODAY - timedelta(days=31))
    journal.record(db, policy(30), "shop", "customer", "customer", [TWO], on=TODAY - timedelta(days=30))
    assert journal.age_out(db, TODAY) == 1
    assert held(db) == {"customer erase": frozenset({TWO})}


def test_without_a_term_for_backups_entries_stay(db: Any) -> None:
    journal.record(db, policy(None), "shop", "message", "message", [ONE], on=date(2000, 1, 1))
    assert journal.age_out(db, TODAY) == 0
    assert journal.last_backup(policy(None), "shop", TODAY) is None


def test_nobody_ends_an_entry_early_by_naming_a_later_day(db: Any) -> None:
    journal.record(db, policy(30), "shop", "message", "message", [ONE], on=TODAY)
    assert journal.age_out(db, date(2999, 1, 1)) == 0


def test_after_a_crash_what_is_still_there_is_taken_out_again(db: Any) -> None:
    plan = _plan(db)
    for refs in ([ONE, TWO], [THREE]):
        journal.record(db, policy(30), "shop", "message", "message", refs, plan=plan)
    assert journal.settle(db, plan, "message", {TWO, THREE}) == 2
    (entry,) = journal.entries(db, "shop")
    assert entry.references == {ONE}
    assert entry.confirmed_at is not None
    db.commit()
    assert journal.settle(db, plan, "message", {ONE}) == 0  # what is confirmed is not settled twice


def _plan(db: Any) -> Any:
    row = db.execute(
        """insert into plan (plan, digest, as_of, policy_digest) values (gen_random_uuid(), %s, today(), %s)
           returning plan""",
        ["a" * 64, "b" * 64],
    ).fetchone()
    return row[0]


def test_a_correction_names_its_case_and_records_and_is_no_erasure(db: Any) -> None:
    case = UUID(int=7)
    entry = journal.rectified(db, policy(30), "shop", "customer", [TWO, ONE], case_id=case)
    assert journal.rectified(db, policy(30), "shop", "customer", [], case_id=case) is None
    assert held(db) == {}
    (found,) = journal.corrections(db, "shop", datetime.now(UTC))  # nobody knows yet whether it was made
    assert (found.case_id, found.target, found.references, found.confirmed_at) == (case, "customer", {ONE, TWO}, None)
    journal.confirm(db, entry)
    assert journal.corrections(db, "shop", datetime.now(UTC)) == []  # a backup from now on has it
    assert len(journal.corrections(db, "shop", datetime.now(UTC) - timedelta(hours=1))) == 1
    assert journal.corrections(db, "files", datetime.now(UTC) - timedelta(hours=1)) == []


def test_a_correction_whose_store_undid_it_is_withdrawn(db: Any) -> None:
    entry = journal.rectified(db, policy(30), "shop", "customer", [ONE], case_id=UUID(int=7))
    journal.withdraw(db, entry)
    assert journal.corrections(db, "shop", datetime.now(UTC) - timedelta(hours=1)) == []
