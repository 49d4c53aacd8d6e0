"""How to reach a store: the fields of an Airflow Connection, wherever they come from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hoeder.errors import StoreError
from hoeder.stores.listing import read_fast

if TYPE_CHECKING:
    import psycopg
    from mypy_boto3_s3 import S3Client


class Connection(BaseModel):
    """One account on one server. Its printed form leaves the password out."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, hide_input_in_errors=True)

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
    """Connections from a JSON file of Airflow's local filesystem backend.

    Resolving raises StoreError for a file that cannot be read and a connection that is absent or incomplete.
    """

    def resolve(connection_id: str) -> Connection:
        try:
            connections = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise StoreError(f"cannot read connections from {path}: {error.strerror}") from error
        except ValueError as error:  # from None: it carries the whole text, passwords included
            line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            raise StoreError(f"cannot read connections from {path}{line}: it is not JSON") from None
        if not isinstance(connections, dict):
            raise StoreError(f"cannot read connections from {path}: it is not a JSON object of connections by id")
        if connection_id not in connections:
            raise StoreError(f"connection {connection_id} is not in {path}: add it there")
        try:
            return Connection.model_validate(connections[connection_id])
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'it'}: {e['msg']}" for e in error.errors())
            raise StoreError(f"connection {connection_id} in {path} is not complete: {wrong}") from None

    return resolve


def connect(connection: Connection, *, autocommit: bool = False) -> psycopg.Connection[tuple[Any, ...]]:
    """Open a PostgreSQL connection, with the TLS settings (`sslmode`, `sslrootcert`, …) in its `extra`.

    Raises StoreError with the server's reason, without the password.
    """
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
            **{name: value for name, value in connection.extra.items() if name.startswith("ssl")},
        )
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        fatal = [line for line in said if "FATAL:" in line]
        reason = fatal[-1].partition("FATAL:")[2].strip() if fatal else said[-1].strip()
        where = f"{connection.host}:{connection.port}/{connection.database} as {connection.login}"
        raise StoreError(f"cannot connect to PostgreSQL at {where}: {reason}") from error


def s3_client(connection: Connection) -> S3Client:
    """An S3 client for the connection's key; `extra.endpoint_url` points it at a server other than AWS."""
    import boto3
    from botocore.config import Config

    endpoint = connection.extra.get("endpoint_url")
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=connection.extra.get("region_name", "us-east-1"),
        aws_access_key_id=connection.login,
        aws_secret_access_key=connection.password,
        config=Config(
            s3={"addressing_style": "path"},
            retries={"max_attempts": 3, "mode": "standard"},
            connect_timeout=5,
            read_timeout=60,
            # A proxy for the outside world must not see the keys of a server on this machine.
            proxies={} if urlsplit(str(endpoint or "")).hostname in {"127.0.0.1", "localhost", "::1"} else None,
        ),
    )
    return read_fast(client)
