"""Every fault that was planted in who can see what is found, and nothing else; clients are apart but where planted."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql
from servers import Database
from small_company import Company

from hoeder import access_review, client_segregation
from hoeder.access_review.people import State
from hoeder.clock import AMSTERDAM
from hoeder.demo import canaries
from hoeder.evidence.ledger import Run
from hoeder.policy import load
from hoeder.pseudonym import ReferenceKey
from hoeder.stack.airflow import ACCOUNTS
from hoeder.stores.connection import Connection

NOW = datetime(2026, 11, 22, 6, tzinfo=AMSTERDAM)
Db = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def db(governance: Database) -> Iterator[Db]:
    with psycopg.connect(governance.conninfo) as connection:
        yield connection


def resolver(company: Company) -> Callable[[str], Connection]:
    """Connections of buckets that have one of their own are made by the site: here the server's account stands in."""
    known = company.built.connections
    return lambda name: known.get(name) or known[f"objects_{name.partition('_')[2]}"]


def test_a_review_finds_every_planted_fault_and_nothing_else(
    company: Company, db: Db, caplog: pytest.LogCaptureFixture
) -> None:
    policy = load()
    assert policy.access_review is not None
    access = policy.access_review.model_copy(update={"airflow": None})  # none runs beside this company
    policy = policy.model_copy(update={"access_review": access})
    run = Run(policy.digest, "access_review", "scheduled__2026-11-22T05:00:00+00:00", "review")
    made = access_review.run(policy, resolver(company), db, ReferenceKey(b"k" * 32), run=run, now=NOW)
    rows = db.execute("select kind, system, place from access_finding").fetchall()
    planted = Counter(map(tuple, company.truth["anomalies"]["access"]))
    assert (planted - Counter(rows), Counter(rows) - planted) == (Counter(), Counter())
    assert made.state is State.USABLE
    dump = str([
        db.execute(sql.SQL("select * from {}").format(sql.Identifier(table))).fetchall()
        for table in ("access_review", "access_finding", "access_right", "ledger")
    ])  # fmt: skip
    assert ("beyond-need", "crm", "complaint") in planted, "it is the canary who has a right too many"
    for login in (canaries.LOGINS["employee"], "oproepkracht7", "balie"):
        assert login not in dump + caplog.text


def test_a_look_as_each_client_finds_what_was_planted_and_nothing_else(company: Company, db: Db) -> None:
    policy = load()
    run = Run(policy.digest, "client_segregation", "scheduled__2026-11-22T04:30:00+00:00", "check")
    checked = client_segregation.run(policy, resolver(company), db, run=run, now=NOW)
    found = Counter((f.kind.value, f.store, f.place, f.client, f.number) for f in checked.findings)
    assert found == Counter(map(tuple, company.truth["anomalies"]["apart"]))
    assert (checked.apart, checked.whole) == (checked.trials, True)
    assert checked.notes == company.truth["rows"]["crm.client_note"]


def test_policy_knows_the_accounts_that_airflow_is_set_up_with() -> None:
    access = load().access_review
    assert access is not None
    assert access.airflow is not None
    assert access.airflow.accounts == {name: (role,) for name, role in ACCOUNTS.items()}
