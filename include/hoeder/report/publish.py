"""Make the report of a period, sign it, and store it where nobody can change or delete it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import EvidenceError, ReportError
from hoeder.evidence import ledger, seal
from hoeder.evidence.bucket import Bucket
from hoeder.evidence.note import Key, Signer
from hoeder.evidence.sealing import locked_until, signing_key
from hoeder.policy import Policy
from hoeder.report.build import build
from hoeder.report.document import sign
from hoeder.report.figures import collect
from hoeder.report.mail import Summary, summary
from hoeder.report.period import Period
from hoeder.report.words import Language
from hoeder.stores.connection import Connection, Resolver, s3_client

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KINDS = {
    "report.html": "text/html; charset=utf-8",
    "report.pdf": "application/pdf",
    "report.json": "application/json",
    "report.sig": "text/plain; charset=utf-8",
}
"""Media types, in the order of writing: the signature last, for without it there is no report."""


@dataclass(frozen=True)
class Published:
    """Where each file lies, and what a mail says of the report."""

    addresses: dict[str, str]
    summary: Summary


def run(
    db: psycopg.Connection[tuple[Any, ...]],
    policy: Policy,
    resolve: Resolver,
    *,
    run: ledger.Run,
    period: Period,
    now: datetime,
    language: str,
) -> Published:
    """Make the report of a period in one language, as it stands at its end or at `now` while it lasts.

    The files are written only when all are made and signed. Raises ReportError, which leaves nothing that counts.
    """
    if language not in ("nl", "en"):
        raise ReportError(f"there is no report in language {language!r}: choose nl or en")
    chosen = cast(Language, language)
    ledger.register_policy(db, policy)
    with ledger.act(db, run, ledger.Activity.AUDIT_REPORT, language) as act:
        figures = collect(db, policy, period, now=now)
        report = build(figures, policy, language=chosen)
        files = report.files()
        files["report.sig"] = sign(current_key(db, resolve), period, language, files)
        folder = f"{period}/{now:%Y-%m-%dT%H%M%S}-{language}"
        addresses = _store(resolve("reports_audit_report"), folder, files, locked_until(now, policy))
        act.counts = {
            "files": len(addresses),
            "first_day": int(f"{period.first:%Y%m%d}"),
            "last_day": int(f"{period.last:%Y%m%d}"),
        }
        act.digest = hashlib.sha256(report.json).hexdigest()
    return Published(addresses, summary(figures, policy, chosen, addresses))


def current_key(db: ledger.Connection, resolve: Resolver) -> Signer:
    """The key that signs now. Raises ReportError where it is not the latest of the ledger's keys."""
    signer, _ = signing_key(resolve("ledger_key"), seal.origin(db))
    db.commit()
    latest = keys(db, resolve)[-1]
    if latest != signer.key:
        raise ReportError(f"key {signer.key.id.hex()} may not sign the report: the ledger's key is {latest.id.hex()}")
    return signer


def keys(db: ledger.Connection, resolve: Resolver, anchor: str | None = None) -> list[Key]:
    """The ledger's keys from its first one, oldest first; the connection's where no `anchor` is given."""
    try:
        first = Key.parse(anchor) if anchor else signing_key(resolve("ledger_key"), seal.origin(db))[1]
        return seal.keys(Bucket(resolve("evidence_evidence_seal")), first)
    except EvidenceError as error:
        raise ReportError(f"the ledger's keys cannot be read, so nothing can be signed or checked: {error}") from error
    finally:
        db.rollback()


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


def read(resolve: Resolver, addresses: dict[str, str]) -> dict[str, bytes]:
    """The files of one report. Raises ReportError."""
    client = s3_client(resolve("reports_audit_report"))
    try:
        return {
            name: client.get_object(Bucket=bucket, Key=key)["Body"].read()
            for name, address in addresses.items()
            for bucket, _, key in [address.removeprefix("s3://").partition("/")]
        }
    except (ClientError, BotoCoreError) as error:
        raise ReportError(f"the stored report cannot be read back: {type(error).__name__}") from error


def _store(connection: Connection, folder: str, files: dict[str, bytes], until: datetime) -> dict[str, str]:
    client = s3_client(connection)
    bucket = str(connection.extra.get("bucket") or "reports")
    for name, kind in KINDS.items():
        put(client, bucket, f"{folder}/{name}", files[name], kind, until)
    return {name: f"s3://{bucket}/{folder}/{name}" for name in KINDS}


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
