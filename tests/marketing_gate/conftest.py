"""The advertising company on servers of the session."""

import base64
from collections.abc import Iterator

import psycopg
import pytest
from market import KEY, SCHEMA, Market, policy
from servers import Bucket, Database, connection_to

from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection


@pytest.fixture
def market(database: Database, governance: Database, bucket: Bucket, s3: S3) -> Iterator[Market]:
    keys = s3.keys["admin"]
    with (
        psycopg.connect(database.conninfo, autocommit=True) as db,
        psycopg.connect(governance.conninfo, autocommit=True) as owner,
    ):
        db.execute(SCHEMA)
        owner.execute("create role governance_marketing_gate login password 'gate'")
        owner.execute("grant hoeder_marketing_gate to governance_marketing_gate")
        account = connection_to(governance).model_copy(
            update={"login": "governance_marketing_gate", "password": "gate"}
        )
        connections = {
            "governance_marketing_gate": account,
            "reference_key": Connection(conn_type="generic", password=base64.b64encode(KEY.secret).decode()),
            "shop_marketing_gate": connection_to(database).model_copy(
                update={"login": "shop_marketing_gate", "password": "shop"}
            ),
            "files_marketing_gate": Connection(
                conn_type="aws", login=keys.access, password=keys.secret, extra={"endpoint_url": s3.endpoint}
            ),
        }
        with psycopg.connect(
            host=account.host, port=account.port, user=account.login, password=account.password, dbname=account.database
        ) as governed:
            yield Market(policy(bucket.name), db, governed, owner, bucket.client, bucket.name, connections)
        owner.execute("drop owned by governance_marketing_gate cascade")
        owner.execute("drop role governance_marketing_gate")
        db.execute("drop owned by shop_marketing_gate cascade")
        db.execute("drop role shop_marketing_gate")
