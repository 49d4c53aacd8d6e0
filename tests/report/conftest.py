"""A governance database for each test, empty or at work."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import psycopg
import pytest
import report_seed as seed

from hoeder.evidence.ledger import Connection
from hoeder.governance.migrate import upgrade
from hoeder.policy.models import Policy
from hoeder.report.facts import Figures
from hoeder.report.figures import collect
from hoeder.stores.connection import Connection as Account

if TYPE_CHECKING:
    from tests.conftest import Database


@pytest.fixture
def db(database: "Database") -> Iterator[Connection]:
    """Migrated and empty."""
    account = Account(
        conn_type="postgres", host=database.host, port=database.port, login=database.user,
        password=database.password, schema=database.dbname,
    )  # fmt: skip
    upgrade(account)
    with psycopg.connect(database.conninfo) as connection:
        yield connection


@pytest.fixture
def worked(db: Connection) -> Connection:
    """At work for a fortnight."""
    seed.work(db)
    return db


@pytest.fixture(scope="session")
def policy() -> Policy:
    return seed.policy()


@pytest.fixture
def figures(worked: Connection, policy: Policy) -> Figures:
    return collect(worked, policy, now=seed.NOW)
