from collections.abc import Iterator

import pytest
from office import Office, opened
from servers import Database, fresh_database

from hoeder.stack.postgres import Postgres


@pytest.fixture
def office(database: Database, governance: Database) -> Iterator[Office]:
    with opened(database, governance) as office:
        yield office


@pytest.fixture(scope="module")
def standing(postgres: Postgres, migrated: Database) -> Iterator[Office]:
    """An office with three findings, for what must leave everything as it is."""
    with (
        fresh_database(postgres) as database,
        fresh_database(postgres, template=migrated.dbname) as governance,
        opened(database, governance) as office,
    ):
        office.login("zwaluwenborg_standing")
        office.db.execute("grant select on note to public")
        office.db.execute("update secrecy set signed_on = null where worker_id = 2")
        office.review()
        yield office
