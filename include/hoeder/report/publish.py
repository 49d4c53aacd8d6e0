"""Build the report and store it where nobody can change or delete it."""

import hashlib
from datetime import datetime
from typing import Any, Literal, cast

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import ReportError
from hoeder.evidence import ledger
from hoeder.evidence.sealing import locked_until
from hoeder.policy import Policy
from hoeder.report.build import Report, build
from hoeder.report.figures import collect
from hoeder.stores.connection import Connection, Resolver, s3_client

Language = Literal["nl", "en"]


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
        figures = collect(db, policy, now=now)
        report = build(figures, policy, language=cast(Language, language))
        until = locked_until(now, policy)
        folder = f"{now:%Y-%m-%dT%H%M%S}-{language}"
        addresses = _store(
            resolve("reports_audit_report"),
            folder,
            report,
            now.replace(year=until.year, month=until.month, day=until.day),
        )
        act.counts = {"files": len(addresses)}
        act.digest = hashlib.sha256(report.pdf).hexdigest()
    return addresses


def _store(connection: Connection, folder: str, report: Report, until: datetime) -> dict[str, str]:
    client = s3_client(connection)
    bucket = str(connection.extra.get("bucket") or "reports")
    files = {
        "report.html": (report.html.encode(), "text/html; charset=utf-8"),
        "report.pdf": (report.pdf, "application/pdf"),
        "report.json": (report.figures_json.encode(), "application/json"),
    }
    for name, (content, kind) in files.items():
        key = f"{folder}/{name}"
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
    return {name: f"s3://{bucket}/{folder}/{name}" for name in files}
