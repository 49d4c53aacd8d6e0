"""The small company on the real servers."""

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from servers import Bucket, Database, connection_to
from visits import REFERENCES, World

from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection


@pytest.fixture
def world(governance: Database, bucket: Bucket, s3: S3) -> Iterator[World]:
    """Page views and releases share a bucket here; call notes need the fixture `notes` as well."""
    keys = s3.keys["admin"]
    storage = Connection(
        conn_type="aws",
        login=keys.access,
        password=keys.secret,
        extra={"endpoint_url": s3.endpoint, "bucket": bucket.name},
    )
    connections = {
        "governance_anonymization": connection_to(governance),
        "web_anonymization": storage,
        "releases_anonymization": storage,
        "reference_key": Connection(conn_type="generic", password=base64.b64encode(REFERENCES.secret).decode()),
    }
    with psycopg.connect(governance.conninfo) as db:
        yield World(connections, db, bucket)


@pytest.fixture
def notes(world: World, database: Database) -> Iterator[Callable[[str], None]]:
    """The table crm.call_note with notes of 60 contacts; gives a function that runs SQL in that database."""
    world.connections["crm_anonymization"] = connection_to(database)
    start = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # 1 November on a Dutch clock
    rows = [
        (n % 60, ("invoice", "moving")[n % 2], 30 + n % 300, "jan@example.nl belde", start + timedelta(hours=n % 24))
        for n in range(600)
    ]
    with psycopg.connect(database.conninfo, autocommit=True) as db:
        db.execute(
            """create table call_note (id bigint generated always as identity, contact_id bigint, reason text,
                                       duration_s int, body text, noted_on timestamptz)"""
        )
        with db.cursor() as cursor:
            cursor.executemany(
                "insert into call_note (contact_id, reason, duration_s, body, noted_on) values (%s, %s, %s, %s, %s)",
                rows,
            )
        yield db.execute
