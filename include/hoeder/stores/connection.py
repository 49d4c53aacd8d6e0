"""How to reach a store: the fields of an Airflow Connection, wherever they come from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from hoeder.errors import StoreError

if TYPE_CHECKING:
    import psycopg
    from mypy_boto3_s3 import S3Client


class Connection(BaseModel):
    """One account on one server. Its printed form leaves the password out."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    conn_type: str
    host: str | None = None
    port: int | None = None
    login: str | None = None
    password: str | None = Field(default=None, repr=False)
    database: str | None = Field(default=None, alias="schema")
    extra: dict[str, Any] = Field(default_factory=dict, repr=False)


Resolver = Callable[[str], Connection]
"""Finds a connection by its id; raises StoreError where there is none."""


def from_file(path: Path) -> Resolver:
    """Connections from a JSON file of Airflow's local filesystem backend."""

    def resolve(connection_id: str) -> Connection:
        try:
            found = json.loads(path.read_text()).get(connection_id)
        except OSError as error:
            raise StoreError(f"cannot read connections from {path}: {error.strerror}") from error
        if found is None:
            raise StoreError(f"connection {connection_id} is not in {path}: add it there")
        return Connection.model_validate(found)

    return resolve


def connect(connection: Connection, *, autocommit: bool = False) -> psycopg.Connection[tuple[Any, ...]]:
    """Open a PostgreSQL connection. Raises StoreError with the server's reason, without the password."""
    import psycopg

    try:
        return psycopg.connect(
            host=connection.host,
            port=connection.port,
            user=connection.login,
            password=connection.password,
            dbname=connection.database,
            connect_timeout=10,
            autocommit=autocommit,
        )
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()
        fatal = [line for line in said if "FATAL:" in line]
        reason = fatal[-1].partition("FATAL:")[2].strip() if fatal else said[-1].strip()
        where = f"{connection.host}:{connection.port}/{connection.database} as {connection.login}"
        raise StoreError(f"cannot connect to PostgreSQL at {where}: {reason}") from error


def s3_client(connection: Connection) -> S3Client:
    """An S3 client for the connection's key; `extra.endpoint_url` points it at a server other than AWS."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=connection.extra.get("endpoint_url"),
        region_name=connection.extra.get("region_name", "us-east-1"),
        aws_access_key_id=connection.login,
        aws_secret_access_key=connection.password,
        config=Config(
            s3={"addressing_style": "path"},
            retries={"max_attempts": 3, "mode": "standard"},
            connect_timeout=5,
            read_timeout=60,
        ),
    )
