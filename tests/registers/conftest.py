"""One governance database for each file of tests: making one for every test would cost a second each."""

from collections.abc import Iterator

import psycopg
import pytest
from servers import Database, fresh_database

from hoeder.evidence.ledger import Connection
from hoeder.stack.postgres import Postgres


@pytest.fixture(scope="module")
def governed(postgres: Postgres, migrated: Database) -> Iterator[Database]:
    """A governance database that the tests of one file share; they leave things in it."""
    with fresh_database(postgres, template=migrated.dbname) as database:
        yield database


@pytest.fixture
def db(governed: Database) -> Iterator[Connection]:
    """For tests that commit: each begins from what it makes itself, whatever others left."""
    with psycopg.connect(governed.conninfo) as connection:
        yield connection


@pytest.fixture
def seen(migrated: Database) -> Iterator[Connection]:
    """For tests that do not commit: nothing is in it but what the test writes, and that is rolled back."""
    with psycopg.connect(migrated.conninfo) as connection:
        yield connection
        connection.rollback()
