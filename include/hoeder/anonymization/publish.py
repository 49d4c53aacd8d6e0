"""Publish a version: the data first, its description last. A version without `datapackage.json` does not exist."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.anonymization.gate import Measured
from hoeder.anonymization.search import Choice
from hoeder.anonymization.source import Source
from hoeder.anonymization.steps import ANY, OTHER, UNKNOWN
from hoeder.anonymization.table import Made
from hoeder.errors import StoreError
from hoeder.policy.models import Release
from hoeder.stores.connection import Connection, s3_client

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MEANS = {
    "exact": "as in the source",
    "day": "day, as 2026-11-22, on a Dutch clock",
    "week": "ISO 8601 week, as 2026-W47, on a Dutch clock",
    "month": "month, as 2026-11, on a Dutch clock",
    "quarter": "quarter, as 2026-Q4, on a Dutch clock",
    "year": "year, as 2026, on a Dutch clock",
    "top-10": f"the ten values that most persons have; the others are `{OTHER}`",
    "any": f"left out: always `{ANY}`",
}


def describe(
    release: Release, source: Source, choice: Choice, made: Made, measured: Measured, *, rows_in: int, version: str
) -> dict[str, Any]:
    """The Frictionless Data Package (v2) of a version: what is in it, what it is for and how it was made."""
    generalised = [
        {
            "name": generalisation.column,
            "type": "string",
            "description": f"{_MEANS[level.step]}; `{UNKNOWN}` where the source is empty"
            if level.step != "any"
            else _MEANS["any"],
            "step": level.step,
            "constraints": {"required": True},
        }
        for generalisation, level in zip(release.quasi_identifiers, choice.levels, strict=True)
    ]
    numbers = [
        {
            "name": name,
            "type": "integer",
            "description": f"rounded to multiples of {coarse.step}; outliers moved to {coarse.low} and {coarse.high}; "
            f"every value is shared by at least {release.k} persons",
            "constraints": {"minimum": coarse.low, "maximum": coarse.high},
        }
        for name, coarse in made.coarse.items()
    ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": release.release,
        "title": release.description,
        "description": release.question,
        "version": version,
        "sources": [{"title": source.name}],
        "sourcePurpose": source.purpose,
        "owner": release.owner,
        "anonymization": {
            "method": "k-anonymity by full-domain generalisation; k counts persons, not rows",
            "k": release.k,
            "smallestGroup": measured.k_reached,
            "groups": measured.groups,
            "suppressedRows": rows_in - measured.rows,
            "suppressedShare": round((rows_in - measured.rows) / rows_in, 6),
            "maxSuppressedShare": release.max_suppressed,
        },
        "resources": [
            {
                "name": "data",
                "path": "data.parquet",
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": len(made.data),
                "hash": f"sha256:{hashlib.sha256(made.data).hexdigest()}",
                "rows": measured.rows,
                "schema": {"fields": [*generalised, *numbers]},
            }
        ],
    }


def publish(connection: Connection, prefix: str, data: bytes, package: Mapping[str, Any]) -> None:
    """Write both objects under `prefix` and read the data back before the version is made to exist.

    The same version a second time: nothing is written if it is the same file, else StoreError. A run that dies on the
    way leaves data without a description: no version, and the next run overwrites it.
    """
    client, bucket = s3_client(connection), connection.extra.get("bucket")
    if not bucket:
        raise StoreError("the connection for releases names no bucket: put it in extra as `bucket`")
    text = json.dumps(package, indent=2, ensure_ascii=False).encode()
    where = f"bucket {bucket}, {prefix}"
    try:
        present = _read(client, bucket, f"{prefix}/datapackage.json")
        if present is not None:
            if present != text:
                raise StoreError(
                    f"{where}: this version was published before with other content; choose another version"
                )
            return
        client.put_object(Bucket=bucket, Key=f"{prefix}/data.parquet", Body=data)
        if _read(client, bucket, f"{prefix}/data.parquet") != data:
            raise StoreError(f"{where}: what was written is not what is read back; nothing was published")
        client.put_object(
            Bucket=bucket, Key=f"{prefix}/datapackage.json", Body=text, ContentType="application/json; charset=utf-8"
        )
    except BotoCoreError as error:
        raise StoreError(f"{where}: cannot be reached ({type(error).__name__}); nothing was published") from error
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        raise StoreError(f"{where}: the server answers {code}; nothing was published") from error


def _read(client: "S3Client", bucket: str, key: str) -> bytes | None:
    try:
        return client.get_object(Bucket=bucket, Key=key)["Body"].read()
    except client.exceptions.NoSuchKey:
        return None
