from collections.abc import Iterator

import psycopg
import pytest
from servers import Database, fresh_database

from hoeder.evidence.ledger import Connection
from hoeder.stack.postgres import Postgres


@pytest.fixture(scope="module")
def opened(postgres: Postgres, migrated: Database) -> Iterator[Connection]:
    with (
        fresh_database(postgres, template=migrated.dbname) as database,
        psycopg.connect(database.conninfo) as connection,
    ):
        yield connection


@pytest.fixture
def db(opened: Connection) -> Iterator[Connection]:
    """A governance database, migrated and empty; what a test writes is taken back after it."""
    yield opened
    opened.rollback()
