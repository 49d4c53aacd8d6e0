from collections.abc import Iterator

import psycopg
import pytest
from cryptography.fernet import Fernet
from post import Mailbox
from servers import Bucket, Database
from small_policy import made, store

from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection
from hoeder.vault import open_vault

INBOX = {"description": "d", "purpose": "p", "format": "eml", "columns": {"from": "user.contact.email"}}


@pytest.fixture
def mailbox(bucket: Bucket, s3: S3, governance: Database) -> Iterator[Mailbox]:
    connection = Connection(
        conn_type="aws", login=s3.keys["admin"].access, password=s3.keys["admin"].secret,
        extra={"endpoint_url": s3.endpoint, "encryption_key": Fernet.generate_key().decode()},
    )  # fmt: skip
    one = store("s3", "objects", bucket=bucket.name)
    policy = made({"mailbox": one, "cases": one}, {})
    dataset = {"store": "mailbox", "prefixes": {"inbox/": INBOX}}
    policy = type(policy).model_validate(policy.model_dump(by_alias=True) | {"datasets": {"mailbox": dataset}})
    with psycopg.connect(governance.conninfo) as db:
        yield Mailbox(bucket, open_vault(policy, lambda _: connection, "rights"), db, connection, policy)
