from collections.abc import Iterator

import psycopg
import pytest
from servers import Database, connection_to
from shopkeeper import SCHEMA, Shop, policy


@pytest.fixture
def shop_of_clients(database: Database, governance: Database) -> Iterator[Shop]:
    """A shop that works for two clients."""
    connections = {"shop_inventory": connection_to(database), "governance_inventory": connection_to(governance)}
    with (
        psycopg.connect(database.conninfo, autocommit=True) as store,
        psycopg.connect(governance.conninfo, autocommit=True) as ours,
    ):
        store.execute(SCHEMA)
        yield Shop(policy(), connections, store, ours)
