"""Publish a version: data and datasheet first, its description last. Without `datapackage.json` there is no version.

Each reader has a shelf of their own: `versions/company/…`, `versions/public/…`, `versions/client-<name>/…`. Every
object carries the day on which it expires; retention deletes it then. What the gate refused goes to quarantine.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import StoreError
from hoeder.policy.release import Release
from hoeder.stores.connection import Connection, s3_client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

VERSIONS = "versions/"


def prefix(release: Release, version: str) -> str:
    """Where a version lies."""
    return f"{VERSIONS}{release.shelf}/{release.release}/version={version}"


class Shelf:
    """The releases' bucket, as the one account that writes to it sees it."""

    def __init__(self, connection: Connection) -> None:
        bucket = connection.extra.get("bucket")
        if not bucket:
            raise StoreError("the connection for releases names no bucket: put it in extra as `bucket`")
        self._client, self._bucket = s3_client(connection), str(bucket)
        self._quarantine: str | None = connection.extra.get("quarantine")

    def data(self, release: Release, version: str) -> bytes | None:
        """The file of an earlier version; None where it is not there any more."""
        with self._said(prefix(release, version)):
            return _read(self._client, self._bucket, f"{prefix(release, version)}/data.parquet")

    def description(self, release: Release, version: str) -> bytes | None:
        """The description of a version that stands."""
        with self._said(prefix(release, version)):
            return _read(self._client, self._bucket, f"{prefix(release, version)}/datapackage.json")

    def is_new(self, release: Release, version: str, package: Mapping[str, Any]) -> bool:
        """Whether the version is not there yet. Raises StoreError where it is, with other content."""
        present = self.description(release, version)
        if present is not None and json.loads(present)["resources"] != json.loads(as_json(package))["resources"]:
            raise StoreError(
                f"bucket {self._bucket}, {prefix(release, version)}: this version was published before with "
                "other content; "
                "choose another version"
            )
        return present is None

    def publish(
        self, release: Release, version: str, data: bytes, package: Mapping[str, Any], datasheet: str, expires_on: date
    ) -> None:
        """Write a version and read the data back before it is made to exist.

        A run that dies on the way leaves data without a description: no version, and the next run overwrites it.
        """
        where, until = prefix(release, version), {"expires_on": expires_on.isoformat()}
        with self._said(where):
            self._put(f"{where}/data.parquet", data, "application/vnd.apache.parquet", until)
            if _read(self._client, self._bucket, f"{where}/data.parquet") != data:
                raise StoreError(
                    f"bucket {self._bucket}, {where}: what was written is not what is read back; nothing was published"
                )
            self._put(f"{where}/datasheet.html", datasheet.encode(), "text/html; charset=utf-8", until)
            self._put(f"{where}/datapackage.json", as_json(package), "application/json; charset=utf-8", until)

    def quarantine(self, release: Release, version: str, data: bytes, reasons: Sequence[str]) -> bool:
        """Keep what the gate refused where only the officer reads; False where there is no such place."""
        if self._quarantine is None:
            return False
        where = f"{release.release}/version={version}"
        with self._said(f"quarantine {where}"):
            for name, body in (("data.parquet", data), ("reasons.txt", "\n".join(reasons).encode())):
                self._client.put_object(Bucket=self._quarantine, Key=f"{where}/{name}", Body=body)
        return True

    def standing(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """All versions that stand, per shelf: where each lies, and its description."""
        found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        with self._said(VERSIONS):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=VERSIONS):
                for item in page.get("Contents", []):
                    key = item["Key"]
                    body = _read(self._client, self._bucket, key) if key.endswith("/datapackage.json") else None
                    if body is not None:
                        shelf = key.removeprefix(VERSIONS).split("/", 1)[0]
                        found.setdefault(shelf, []).append((key.rpartition("/")[0], json.loads(body)))
        return found

    def put_catalog(self, shelf: str, page: str, listing: Mapping[str, Any]) -> None:
        """The list of what a reader may read."""
        with self._said(f"catalog/{shelf}"):
            self._put(f"catalog/{shelf}/catalog.json", as_json(listing), "application/json; charset=utf-8", {})
            self._put(f"catalog/{shelf}/index.html", page.encode(), "text/html; charset=utf-8", {})

    def _put(self, key: str, body: bytes, kind: str, metadata: Mapping[str, str]) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=kind, Metadata=metadata)

    @contextmanager
    def _said(self, what: str) -> "Iterator[None]":
        where = f"bucket {self._bucket}, {what}"
        try:
            yield
        except BotoCoreError as error:
            raise StoreError(f"{where}: cannot be reached ({type(error).__name__}); nothing was published") from error
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "unknown")
            raise StoreError(f"{where}: the server answers {code}; nothing was published") from error


def as_json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, indent=2, ensure_ascii=False).encode()


def _read(client: "S3Client", bucket: str, key: str) -> bytes | None:
    try:
        return client.get_object(Bucket=bucket, Key=key)["Body"].read()
    except client.exceptions.NoSuchKey:
        return None
