"""What must be known of persons while a case is open, encrypted, in a bucket of its own with terms of its own.

The governance database and Airflow know a case by its number. Who it is about lies here, under the prefix of whoever
needs it, with a retention rule for each. Everything is encrypted with a key that the bucket does not have (connection
`cases_<capability>`, extra `encryption_key`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.fernet import Fernet, InvalidToken

from hoeder.errors import StoreError
from hoeder.policy import Policy
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

STORE = "cases"


@dataclass(frozen=True)
class Vault:
    """The bucket of cases."""

    client: S3Client
    bucket: str
    key: Fernet = field(repr=False)

    def put(self, name: str, content: bytes, *, term: Mapping[str, str | date] | None = None) -> None:
        """Store something encrypted, instead of what was there. Raises StoreError.

        `term` stands beside it in the open: the anchors that its retention rule asks for, such as `made_on`.
        """
        said = {key: value.isoformat() if isinstance(value, date) else value for key, value in (term or {}).items()}
        try:
            self.client.put_object(Bucket=self.bucket, Key=name, Body=self.key.encrypt(content), Metadata=said)
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"bucket {self.bucket} took nothing: {reason(error)}") from error

    def get(self, name: str) -> bytes:
        """Fetch and decrypt something. Raises StoreError."""
        try:
            return self.key.decrypt(self.client.get_object(Bucket=self.bucket, Key=name)["Body"].read())
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"{self.bucket}/{name} cannot be fetched: {reason(error)}") from error
        except InvalidToken:
            raise StoreError(
                f"{self.bucket}/{name} was encrypted with another key, or changed: see encryption_key of the connection"
            ) from None

    def term(self, name: str) -> dict[str, str]:
        """What stands beside something in the open. Raises StoreError."""
        try:
            return self.client.head_object(Bucket=self.bucket, Key=name)["Metadata"]
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"{self.bucket}/{name} cannot be asked for its term: {reason(error)}") from error

    def names(self, prefix: str) -> Iterator[str]:
        """What lies under a prefix. Raises StoreError."""
        try:
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
                yield from (item["Key"] for item in page.get("Contents", ()))
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"bucket {self.bucket} cannot be listed: {reason(error)}") from error


def open_vault(policy: Policy, resolve: Resolver, capability: str) -> Vault:
    """The vault that policy declares as store `cases`, through a capability's own account.

    Raises StoreError where it, or its key, is not set up.
    """
    store = policy.stores.get(STORE)
    if store is None or store.bucket is None:
        raise StoreError(f"policy has no store {STORE}: add a bucket for the files of cases (policy: stores.yaml)")
    name = f"{store.connection}_{capability}"
    connection = resolve(name)
    try:
        key = Fernet(connection.extra.get("encryption_key", ""))
    except (ValueError, TypeError):
        raise StoreError(
            f"connection {name} has no encryption_key in its extra: 32 bytes in URL-safe base64, as "
            "`Fernet.generate_key()` of Python's cryptography makes them"
        ) from None
    return Vault(s3_client(connection), store.bucket, key)
