"""The bucket under compliance lock that holds checkpoints, tiles and key successions, each written once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import EvidenceError
from hoeder.stores.connection import Connection, s3_client

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Bucket:
    """The evidence bucket of one ledger. Every method raises EvidenceError where the bucket does not do as asked."""

    def __init__(self, connection: Connection) -> None:
        self.name = str(connection.extra.get("bucket") or "evidence")
        self._client: S3Client = s3_client(connection)

    def read(self, path: str) -> bytes | None:
        """The first version of an object: a later one is not what was signed. None where there is nothing."""
        try:
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=path)
            own = [version for page in pages for version in page.get("Versions", []) if version["Key"] == path]
            if not own:
                return None
            first = own[-1]  # versions are listed newest first
            answer = self._client.get_object(Bucket=self.name, Key=path, VersionId=first["VersionId"])
            return answer["Body"].read()
        except (ClientError, BotoCoreError) as error:
            raise self._trouble("read", error) from error

    def write(self, path: str, content: bytes, until: datetime) -> None:
        """Store an object that nobody can change or delete before `until`. Writing the same again changes nothing."""
        known = self.read(path)
        if known == content:
            return
        if known is not None:
            raise EvidenceError(f"bucket {self.name}: {path} is there already with other content; it is left as it is")
        try:
            self._client.put_object(
                Bucket=self.name, Key=path, Body=content,
                ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until,
            )  # fmt: skip
            mode = self._client.head_object(Bucket=self.name, Key=path).get("ObjectLockMode")
        except (ClientError, BotoCoreError) as error:
            raise self._trouble("write", error) from error
        if mode != "COMPLIANCE":
            raise EvidenceError(f"bucket {self.name} took {path} without a compliance lock; create it with object lock")

    def paths(self, prefix: str = "") -> Iterator[str]:
        """Every object's path, in order."""
        try:
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
                for item in page.get("Contents", []):
                    yield item["Key"]
        except (ClientError, BotoCoreError) as error:
            raise self._trouble("list", error) from error

    def mirror(self, folder: Path) -> int:
        """Copy everything into a folder, for checking without the bucket; the number of files."""
        count = 0
        for path in self.paths():
            copy = folder / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(self.read(path) or b"")
            count += 1
        return count

    def _trouble(self, verb: str, error: Exception) -> EvidenceError:
        code = error.response["Error"].get("Code") if isinstance(error, ClientError) else type(error).__name__
        return EvidenceError(f"cannot {verb} in the evidence bucket {self.name}: {code}")
