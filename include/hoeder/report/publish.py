"""Build the report and store it where nobody can change or delete it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import ReportError
from hoeder.evidence import ledger
from hoeder.evidence.sealing import locked_until
from hoeder.policy import Policy
from hoeder.report.build import Report, build
from hoeder.report.figures import collect
from hoeder.report.read_retention import microseconds
from hoeder.report.words import Language
from hoeder.stores.connection import Connection, Resolver, s3_client

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def run(
    db: psycopg.Connection[tuple[Any, ...]],
    policy: Policy,
    resolve: Resolver,
    *,
    run: ledger.Run,
    now: datetime,
    language: str,
) -> dict[str, str]:
    """Make the report of `now` in one language; the address of each file.

    The files are written only when all are made; `report.json` last, so that a report without it is not one. Raises
    ReportError, which leaves nothing that counts.
    """
    if language not in ("nl", "en"):
        raise ReportError(f"there is no report in language {language!r}: choose nl or en")
    ledger.register_policy(db, policy)
    with ledger.act(db, run, ledger.Activity.AUDIT_REPORT, language) as act:
        chosen = cast(Language, language)
        figures = collect(db, policy, now=now, language=chosen)
        report = build(figures, policy, language=chosen)
        folder = f"{now:%Y-%m-%dT%H%M%S}-{language}"
        addresses = _store(
            resolve("reports_audit_report"),
            folder,
            report,
            locked_until(now, policy),
        )
        act.counts = {"files": len(addresses), "as_of_us": microseconds(now)}  # where the next report begins
        act.digest = hashlib.sha256(report.pdf).hexdigest()
    return addresses


def fetch(connection: Connection, folder: Path) -> list[Path]:
    """Copy every stored report into a folder; the files, oldest first. Raises ReportError."""
    client = s3_client(connection)
    bucket = str(connection.extra.get("bucket") or "reports")
    folder.mkdir(parents=True, exist_ok=True)
    copies = []
    try:
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for item in page.get("Contents", []):
                copies.append(folder / item["Key"].replace("/", "-"))
                client.download_file(bucket, item["Key"], str(copies[-1]))
    except (ClientError, BotoCoreError) as error:
        raise ReportError(f"cannot read reports from bucket {bucket}: {type(error).__name__}") from error
    return copies


def _store(connection: Connection, folder: str, report: Report, until: datetime) -> dict[str, str]:
    client = s3_client(connection)
    bucket = str(connection.extra.get("bucket") or "reports")
    files = {
        "report.html": (report.html.encode(), "text/html; charset=utf-8"),
        "report.pdf": (report.pdf, "application/pdf"),
        "report.json": (report.figures_json.encode(), "application/json"),
    }
    for name, (content, kind) in files.items():
        put(client, bucket, f"{folder}/{name}", content, kind, until)
    return {name: f"s3://{bucket}/{folder}/{name}" for name in files}


def put(client: S3Client, bucket: str, key: str, content: bytes, kind: str, until: datetime) -> None:
    """Store one file that nobody can change or delete before `until`. Raises ReportError."""
    name = key.rpartition("/")[2]
    try:
        client.put_object(
            Bucket=bucket, Key=key, Body=content, ContentType=kind,
            ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until,
        )  # fmt: skip
        locked = client.head_object(Bucket=bucket, Key=key).get("ObjectLockMode")
    except ClientError as error:
        code = error.response["Error"].get("Code")
        raise ReportError(
            f"bucket {bucket} did not take {name}: {code}; the bucket must have object lock, and the account the "
            "rights to write, to read and to set retention"
        ) from error
    except BotoCoreError as error:
        raise ReportError(f"the S3 server of bucket {bucket} does not answer ({type(error).__name__})") from error
    if locked != "COMPLIANCE":
        raise ReportError(f"bucket {bucket} took {name} without a compliance lock; create it with object lock")
