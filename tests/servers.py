"""Real servers for the tests: each starts when first asked for, once a session, and is stopped at the end."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from hoeder.governance import migrate
from hoeder.stack import postgres as postgres_server
from hoeder.stack import s3 as s3_server
from hoeder.stores.connection import Connection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Database:
    """An empty database of the throwaway server; `user` is its superuser."""

    host: str
    port: int
    dbname: str
    user: str
    password: str = field(repr=False)

    @property
    def conninfo(self) -> str:
        return make_conninfo(host=self.host, port=self.port, dbname=self.dbname, user=self.user, password=self.password)


@dataclass(frozen=True)
class Bucket:
    """A bucket of the throwaway S3 server, and an administrator's client."""

    name: str
    client: "S3Client"


def in_memory() -> Path | None:
    """A file system in memory where there is a large one: a database for each test writes a thousand files."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 8 * 2**30 else None


@pytest.fixture(scope="session")
def stack_home() -> Iterator[Path]:
    """Where the session's servers live. Not pytest's tmp_path: that closes its parent folder to PostgreSQL's user."""
    home = Path(tempfile.mkdtemp(prefix="hoeder-tests-", dir=in_memory()))
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(stack_home: Path) -> Iterator[postgres_server.Postgres]:
    yield postgres_server.start(stack_home, secrets.token_urlsafe(16), throwaway=True)
    postgres_server.stop(stack_home)


@pytest.fixture(scope="session")
def s3(stack_home: Path) -> Iterator[s3_server.S3]:
    """Its identity `admin` may do everything that object lock allows."""
    yield s3_server.start(stack_home, [s3_server.S3Identity("admin", ("Admin",))])
    s3_server.stop(stack_home)


@contextmanager
def fresh_database(server: postgres_server.Postgres, template: str = "template1") -> Iterator[Database]:
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        yield Database(server.host, server.port, name, server.superuser, server.password)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database(postgres: postgres_server.Postgres) -> Iterator[Database]:
    """A fresh empty database for this test alone; roles, which belong to the whole server, are the test's to drop."""
    with fresh_database(postgres) as database:
        yield database


@pytest.fixture(scope="session")
def migrated(postgres: postgres_server.Postgres) -> Iterator[Database]:
    """A governance database that is only copied from: migrating one for every test would cost seconds each."""
    with fresh_database(postgres) as database:
        migrate.upgrade(connection_to(database))
        yield database


@pytest.fixture
def governance(postgres: postgres_server.Postgres, migrated: Database) -> Iterator[Database]:
    """A governance database of this test alone, on the current schema."""
    with fresh_database(postgres, template=migrated.dbname) as database:
        yield database


@pytest.fixture
def bucket(s3: s3_server.S3) -> Iterator[Bucket]:
    """A fresh bucket for this test alone, without versions; emptied and removed, so that the server keeps its space."""
    client = s3.client("admin")
    name = f"test-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=name)
    yield Bucket(name, client)
    for page in client.get_paginator("list_object_versions").paginate(Bucket=name):
        for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            client.delete_object(Bucket=name, Key=item["Key"], VersionId=item["VersionId"])
    client.delete_bucket(Bucket=name)


def connection_to(database: Database) -> Connection:
    """The database as the fields of an Airflow Connection."""
    return Connection(
        conn_type="postgres",
        host=database.host,
        port=database.port,
        login=database.user,
        password=database.password,
        schema=database.dbname,
    )
