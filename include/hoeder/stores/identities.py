"""Who may do what in an object store, as far as it tells.

SeaweedFS keeps its identities in a file of the server: what it was started with, without the secrets, comes with the
connection (extra `identities`). Of AWS the policies of buckets are asked; what IAM grants is not, and that is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import StoreError
from hoeder.stores.connection import Connection
from hoeder.stores.contents import reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ANYBODY = "*"
"""Without a key at all, or with any key of anybody."""
_WORDS = {"s3:GetObject": "Read", "s3:ListBucket": "List", "s3:PutObject": "Write", "s3:*": "Admin", "*": "Admin"}
_NONE = {"NoSuchBucketPolicy", "NotImplemented"}


@dataclass(frozen=True)
class Given:
    """One right of one identity. `place` is `bucket/` or `bucket/prefix/`; empty where it is about every bucket."""

    identity: str
    action: str
    place: str


def identities(connection: Connection, connection_id: str) -> tuple[Given, ...] | None:
    """What the server's own file gives; None where the connection does not say. Raises StoreError for a broken one."""
    listed = connection.extra.get("identities")
    if listed is None:
        return None
    try:
        return tuple(
            _given(str(identity["name"]), str(action)) for identity in listed for action in identity["actions"]
        )
    except (TypeError, KeyError) as error:
        raise StoreError(
            f"connection {connection_id}: extra.identities is no list of {{name, actions}} "
            f"({type(error).__name__}); write it anew from the server's file, without credentials"
        ) from None


def _given(identity: str, action: str) -> Given:
    word, _, where = action.partition(":")
    place = where.removesuffix("*")
    return Given(identity, word, f"{place}/" if place and "/" not in place else place)


def of_bucket(client: S3Client, bucket: str) -> tuple[Given, ...]:
    """What the bucket's own policy gives. Raises StoreError where it cannot be asked or read."""
    try:
        text = client.get_bucket_policy(Bucket=bucket)["Policy"]
    except ClientError as error:
        if error.response["Error"].get("Code") in _NONE:
            return ()
        raise StoreError(f"the policy of bucket {bucket} cannot be read: {reason(error)}") from error
    except BotoCoreError as error:
        raise StoreError(f"the policy of bucket {bucket} cannot be read: {reason(error)}") from error
    try:
        statements = json.loads(text)["Statement"]
        return tuple(
            given
            for statement in (statements if isinstance(statements, list) else [statements])
            if statement["Effect"] == "Allow"
            for given in _stated(statement, bucket)
        )
    except (ValueError, KeyError, TypeError):
        raise StoreError(f"the policy of bucket {bucket} is not one that can be understood") from None


def _stated(statement: Mapping[str, Any], bucket: str) -> Iterator[Given]:
    if not {"Principal", "Action", "Resource"} <= set(statement):
        raise ValueError("NotPrincipal, NotAction and NotResource grant what nobody can list")
    principal = statement["Principal"]
    who = [ANYBODY] if principal == ANYBODY else _many(principal.get("AWS", ANYBODY))
    for identity in who:
        for action in _many(statement["Action"]):
            for resource in _many(statement["Resource"]):
                _, _, path = str(resource).rpartition(":::")
                place = path.removeprefix(bucket).lstrip("/").removesuffix("*")
                yield Given(identity.rpartition("/")[2], _WORDS.get(action, action.removeprefix("s3:")),
                            f"{bucket}/{place}")  # fmt: skip


def _many(value: object) -> Sequence[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
