"""Look through a store that no policy speaks of: what would have to be declared?"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from hoeder.detection import processes
from hoeder.errors import StoreError
from hoeder.inventory.findings import ColumnFinding, compare
from hoeder.inventory.scan import read_bucket, read_database
from hoeder.stores.samples import Reading, SampledObject

READING = Reading()
_MANY = 200_000
"""Cells from which more processes are worth their start."""


def scan_uri(
    uri: str, reading: Reading = READING, *, schema: str | None = None, endpoint_url: str | None = None
) -> list[ColumnFinding]:
    """Findings on `postgresql://…` or `s3://bucket/prefix`, with nothing declared.

    S3 keys come from where boto3 looks for them; `endpoint_url` is for a server other than AWS. Raises StoreError,
    which never repeats the address: it can hold a password.
    """
    scheme = uri.partition("://")[0]
    if scheme in ("postgresql", "postgres"):
        return _database(uri, reading, schema)
    if scheme == "s3":
        return _bucket(uri, reading, endpoint_url)
    raise StoreError("can only look through postgresql://… and s3://bucket/prefix")


def _database(uri: str, reading: Reading, schema: str | None) -> list[ColumnFinding]:
    import psycopg

    try:
        db = psycopg.connect(uri, connect_timeout=10)
    except psycopg.ProgrammingError as error:
        raise StoreError("this is no valid postgresql:// address") from error
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise StoreError(f"cannot connect to PostgreSQL: {reason}") from error
    with db:
        name, seen = db.info.dbname, read_database(db, reading, schema)
    return _compare(name, seen)


def _bucket(uri: str, reading: Reading, endpoint_url: str | None) -> list[ColumnFinding]:
    import boto3
    from botocore.config import Config

    parts = urlsplit(uri)
    if not parts.netloc:
        raise StoreError("the bucket's name is missing: s3://bucket/prefix")
    config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 3}, connect_timeout=5)
    client = boto3.client("s3", endpoint_url=endpoint_url, config=config)
    return _compare(parts.netloc, read_bucket(client, parts.netloc, parts.path.lstrip("/"), reading))


def _compare(store: str, seen: Sequence[SampledObject]) -> list[ColumnFinding]:
    cells = sum(len(column.seen.values) for thing in seen for column in thing.columns)
    return compare(store, seen, None, processes=processes.available() if cells >= _MANY else 1)
