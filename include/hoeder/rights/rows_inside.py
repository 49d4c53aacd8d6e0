"""A person's rows inside objects, such as a day of page views: read whole, and only theirs kept."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import StoreError
from hoeder.persons import normal
from hoeder.persons.objects import ROWS
from hoeder.persons.person import Identity, Match
from hoeder.policy.dataset import Prefix, Store
from hoeder.rights.gathered import Value
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_BYTES = 256 * 1024 * 1024
"""Of one object; one that is larger must be looked into by hand."""


def has_rows(prefix: Prefix) -> bool:
    """Whether its objects hold a row for each event, rather than being about one person each."""
    return prefix.format in ROWS


def rows_of(
    resolve: Resolver, place: Store, prefix: Prefix, matches: Sequence[Match], identities: Collection[Identity],
    *, capability: str,
) -> list[dict[str, Value]]:  # fmt: skip
    """The person's rows in the objects that a search found, in declared columns; what two versions share, once.

    Raises StoreError for an object that is gone, too large, or cannot be read, and for one without a row of theirs.
    """
    client, bucket = s3_client(resolve(f"{place.connection}_{capability}")), str(place.bucket)
    made: dict[str, dict[str, Value]] = {}
    for match in sorted(matches, key=lambda match: match.key):
        key, _, version = match.key.partition("\0")
        theirs = [row for row in _rows(client, bucket, key, version, prefix) if _is_theirs(row, prefix, identities)]
        if not theirs:
            raise StoreError(
                f"bucket {bucket}: an object under {match.target} changed since it was looked into; search again"
            )
        made |= {f"{key}\0{json.dumps(row, sort_keys=True)}": row for row in theirs}
    return list(made.values())


def _rows(client: S3Client, bucket: str, key: str, version: str, prefix: Prefix) -> Iterator[dict[str, Value]]:
    where = f"bucket {bucket}: an object of format {prefix.format}"
    try:
        asked = (
            client.get_object(Bucket=bucket, Key=key, VersionId=version)
            if version
            else client.get_object(Bucket=bucket, Key=key)
        )
        if asked["ContentLength"] > MOST_BYTES:
            raise StoreError(f"{where} is larger than {MOST_BYTES // 1024**2} MB; copy the person's rows by hand")
        content = asked["Body"].read()
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"{where} cannot be fetched: {reason(error)}; search again") from error
    try:
        yield from _parquet(content, prefix) if prefix.format == "parquet" else _lines(content, prefix)
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise StoreError(f"{where} cannot be read ({type(error).__name__})") from None


def _parquet(content: bytes, prefix: Prefix) -> Iterator[dict[str, Value]]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(content))
    columns = [name for name in file.schema_arrow.names if name in prefix.columns]
    for batch in file.iter_batches(columns=columns):
        for row in batch.to_pylist():
            yield {name: _plain(value) for name, value in row.items()}


def _lines(content: bytes, prefix: Prefix) -> Iterator[dict[str, Value]]:
    with gzip.open(io.BytesIO(content), "rt", encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            read = json.loads(line)
            if not isinstance(read, dict):
                raise ValueError("a line is no record")
            yield {name: _plain(read.get(name)) for name in prefix.columns}


def _plain(value: Any) -> Value:
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _is_theirs(row: Mapping[str, Value], prefix: Prefix, identities: Collection[Identity]) -> bool:
    return any(
        (kind, normal.form(kind).of(str(row[column]))) in identities
        for column, kind in prefix.identifying.items()
        if row.get(column) not in (None, "")
    )
