"""Lists as they are handed in, and what may be used of them as it is handed out."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused, StoreError
from hoeder.marketing_gate import addresses
from hoeder.marketing_gate.addresses import Addresses
from hoeder.marketing_gate.facts import copied, parsed
from hoeder.policy.marketing_gate import MailingList
from hoeder.stores.anchors import StoredObject, iter_objects
from hoeder.stores.contents import reason
from hoeder.stores.postgres import said

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LARGEST = 2 * 1024 * 1024 * 1024
"""Bytes of a list; a campaign has fewer."""
LONGEST_LINE = 4 * 1024 * 1024
_ENDINGS = (".parquet", ".csv", ".csv.gz")


@dataclass(frozen=True)
class Listed:
    """A list as it was read: only the columns that policy names, and the SHA-256 of what was handed in."""

    rows: pa.Table
    digest: str

    def identities(self, listed: MailingList) -> dict[str, Addresses]:
        """By kind of identity its addresses."""
        return {
            kind: addresses.read(kind, [self.rows[name] for name in columns])
            for kind, columns in listed.columns.items()
        }


def wanted(listed: MailingList) -> list[str]:
    """Columns that are read, each once."""
    return list(dict.fromkeys([*(name for names in listed.columns.values() for name in names), *listed.carry]))


def from_table(db: psycopg.Connection[tuple[Any, ...]], listed: MailingList) -> Listed:
    """A list that is a table, in one statement. Raises StoreError where a column is not there."""
    names = wanted(listed)
    chosen = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names)
    order = sql.SQL(", ").join(sql.Literal(number) for number in range(1, len(names) + 1))
    query = sql.SQL("copy (select {} from {} order by {}) to stdout (format csv)")
    with said(f"list {listed.list}, table {listed.target}"):
        content = copied(db, query.format(chosen, sql.Identifier(listed.target), order))
    return Listed(parsed(content, names), hashlib.sha256(content).hexdigest())


def newest(client: S3Client, bucket: str, listed: MailingList) -> StoredObject:
    """What was handed in last, by the day in its key (`date=2026-11-23`) where it has one.

    Raises StoreError where there is nothing; names no key.
    """
    try:
        found = [each for each in iter_objects(client, bucket, listed.target) if each.key.endswith(_ENDINGS)]
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"list {listed.list}: bucket {bucket} cannot be listed: {reason(error)}") from error
    if not found:
        raise StoreError(
            f"list {listed.list}: there is no list under {listed.place}; put one there ({', '.join(_ENDINGS)})"
        )
    return max(found, key=lambda each: (each.date or each.modified.astimezone(AMSTERDAM).date(), each.modified))


def from_object(client: S3Client, bucket: str, listed: MailingList) -> Listed:
    """The newest object of a list, read once: what is judged is what the digest is of. Raises StoreError, Refused."""
    chosen = newest(client, bucket, listed)
    try:
        answer = client.get_object(Bucket=bucket, Key=chosen.key)
        if answer["ContentLength"] > LARGEST:
            raise Refused(f"list {listed.list}: more than {LARGEST:,} bytes; split it")
        content = answer["Body"].read()
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"list {listed.list}: it cannot be fetched: {reason(error)}") from error
    return from_bytes(content, chosen.key, listed)


def from_bytes(content: bytes, name: str, listed: MailingList) -> Listed:
    """A list from a file's content, by the ending of its name. Raises Refused where it cannot be read as a whole."""
    where = f"list {listed.list}"
    digest = hashlib.sha256(content).hexdigest()
    if not content:
        raise Refused(f"{where}: the file is empty, without so much as names of columns; nothing was let through")
    try:
        if name.endswith(".gz"):
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                content = packed.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise Refused(f"{where}: more than {LARGEST:,} bytes; split it")
        rows = _parquet(content, listed) if name.endswith(".parquet") else _csv(content, listed)
    except (pa.ArrowException, OSError, EOFError, ValueError, csv.Error) as error:
        # The parsers' own words can quote a line.
        raise Refused(
            f"{where}: it cannot be read ({type(error).__name__}): lines have as many fields as the first and at most "
            f"{LONGEST_LINE:,} bytes; write it again. Nothing was let through"
        ) from None
    return Listed(rows, digest)


def _lacking(there: list[str], listed: MailingList) -> None:
    for name in wanted(listed):
        if there.count(name) != 1:
            how = "no" if name not in there else f"{there.count(name)} times the"
            raise Refused(
                f"list {listed.list}: it has {how} column {name} (policy: marketing_gate.yaml, lists). "
                "Nothing was let through"
            )


def _parquet(content: bytes, listed: MailingList) -> pa.Table:
    file = pq.ParquetFile(io.BytesIO(content))
    _lacking(list(file.schema_arrow.names), listed)
    rows = file.read(columns=wanted(listed))
    return pa.table({name: _plain(rows[name]) for name in wanted(listed)})


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """As bytes: numbers as they are written."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column if pa.types.is_binary(column.type) else column.cast(pa.string()).cast(pa.binary())


def _csv(content: bytes, listed: MailingList) -> pa.Table:
    content = content.removeprefix(b"\xef\xbb\xbf")
    head = content[: content.find(b"\n") + 1 or len(content)][:LONGEST_LINE].decode("utf-8", "replace")
    delimiter = max(",;\t|", key=head.count)
    there = next(csv.reader([head], delimiter=delimiter), [])
    _lacking(there, listed)
    names = wanted(listed)
    return pv.read_csv(
        io.BytesIO(content),
        read_options=pv.ReadOptions(block_size=LONGEST_LINE),
        parse_options=pv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pv.ConvertOptions(
            include_columns=names, column_types={name: pa.binary() for name in names}, check_utf8=False,
            strings_can_be_null=False,
        ),
    )  # fmt: skip


def handed_out(rows: pa.Table, columns: Iterable[str] = ()) -> bytes:
    """The allowed lines as a Parquet file. Text that is none in UTF-8 in a carried column is replaced.

    `columns` are those that every such file has, so that a person can be looked for in all of them; empty where the
    list has no such column.
    """
    there, nothing = set(rows.column_names), pa.nulls(len(rows), pa.string())
    names = dict.fromkeys([*columns, *rows.column_names])
    texts = {name: _text(rows[name]) if name in there else nothing for name in names}
    sink = io.BytesIO()
    pq.write_table(pa.table(texts), sink, compression="zstd")
    return sink.getvalue()


def _text(column: pa.ChunkedArray) -> pa.Array:
    try:
        return column.cast(pa.string()).combine_chunks()
    except pa.ArrowInvalid:
        return pa.array([None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string())


def put(client: S3Client, bucket: str, key: str, content: bytes, day: date) -> None:
    """Store what may be used, and read it back. Raises StoreError; names no key."""
    try:
        client.put_object(Bucket=bucket, Key=key, Body=content, Metadata={"gated_on": day.isoformat()})
        back = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"bucket {bucket} took no list: {reason(error)}") from error
    if hashlib.sha256(back).digest() != hashlib.sha256(content).digest():
        raise StoreError(f"bucket {bucket} gives back something else than was put there; use nothing of it")
