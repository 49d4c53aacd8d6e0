"""What must be known of a person while their case is open, encrypted, in a bucket of its own with its own terms.

The governance database and Airflow know a case by its number. Who asks lies here, in `files/`, while the case needs it.
Everything is encrypted with a key that the bucket does not have (connection `cases_rights`, extra `encryption_key`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.fernet import Fernet, InvalidToken
from pydantic import BaseModel, ConfigDict, ValidationError

from hoeder.errors import StoreError
from hoeder.policy import Policy
from hoeder.rights.person import Person
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

STORE = "cases"
FILES = "files/"


class CaseFile(BaseModel):
    """What a case needs of its person."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    identities: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    born_on: date | None = None
    postcode: str | None = None
    answer_to: str | None = None
    """The address at which the person asked."""
    message: str | None = None
    """Where the message lies: `store:key`."""

    def person(self) -> Person:
        """Whom to look for."""
        return Person(frozenset(self.identities), self.names, self.born_on, self.postcode)

    def __repr__(self) -> str:
        return f"CaseFile({len(self.identities)} identities)"


@dataclass(frozen=True)
class Vault:
    """The bucket of cases."""

    client: S3Client
    bucket: str
    key: Fernet = field(repr=False)

    def write(self, case_id: UUID, file: CaseFile) -> None:
        """Keep what a case needs to know, instead of what was kept before."""
        self.put(f"{FILES}{case_id}", file.model_dump_json().encode())

    def read(self, case_id: UUID) -> CaseFile:
        """What a case needs to know. Raises StoreError where there is nothing, or it cannot be decrypted."""
        try:
            return CaseFile.model_validate_json(self.get(f"{FILES}{case_id}"))
        except ValidationError:
            raise StoreError(f"the file of case {case_id} was written by another version and cannot be read") from None

    def put(self, name: str, content: bytes) -> None:
        """Store something encrypted."""
        try:
            self.client.put_object(Bucket=self.bucket, Key=name, Body=self.key.encrypt(content))
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"bucket {self.bucket} took nothing: {reason(error)}") from error

    def get(self, name: str) -> bytes:
        """Fetch and decrypt something."""
        try:
            return self.key.decrypt(self.client.get_object(Bucket=self.bucket, Key=name)["Body"].read())
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"{self.bucket}/{name} cannot be fetched: {reason(error)}") from error
        except InvalidToken:
            raise StoreError(
                f"{self.bucket}/{name} was encrypted with another key, or changed: see encryption_key of connection "
                "cases_rights"
            ) from None


def open_vault(policy: Policy, resolve: Resolver) -> Vault:
    """The vault that policy declares as store `cases`. Raises StoreError where it, or its key, is not set up."""
    store = policy.stores.get(STORE)
    if store is None or store.bucket is None:
        raise StoreError(f"policy has no store {STORE}: add a bucket for the files of cases (policy: stores.yaml)")
    connection = resolve(f"{STORE}_rights")
    try:
        key = Fernet(connection.extra.get("encryption_key", ""))
    except (ValueError, TypeError):
        raise StoreError(
            f"connection {STORE}_rights has no encryption_key in its extra: 32 bytes in URL-safe base64, as "
            "`Fernet.generate_key()` of Python's cryptography makes them"
        ) from None
    return Vault(s3_client(connection), store.bucket, key)
