"""Columns and values of one object: Parquet, JSON lines, the fields of a mail, or a document's metadata."""

from __future__ import annotations

import email
import email.policy
import gzip
import json
import zlib
from collections.abc import Collection, Iterator
from email.message import EmailMessage
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.detection import may_be_shown
from hoeder.errors import StoreError
from hoeder.stores.anchors import StoredObject, read_metadata
from hoeder.stores.ranged import RangedObject
from hoeder.stores.samples import Format

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Columns = dict[str, tuple[str, list[str]]]
"""Column name to type and values as text."""

ROWS = 2_000
"""Records read of one object."""
_LONGEST = 4_000
_MAIL_BYTES = 256 * 1024
_BUFFER = 256 * 1024
_LINE = 1024 * 1024
_UNPACKED = 64 * 1024 * 1024
_MOST_COLUMNS = 200
OTHER = "(other)"
"""In place of the name of a key that may be a person's, and of all keys beyond the first 200 of an object."""


def read(
    client: S3Client, bucket: str, stored: StoredObject, format: Format, declared: Collection[str] | None = None
) -> Columns:
    """Read the beginning of an object, and its user metadata as columns of their own.

    `declared` are the columns that policy names, None outside every declared prefix. Raises StoreError where the object
    is not what `format` says, or cannot be fetched. The message names the key of a data file under a declared prefix;
    any other key can name a person and is left out.
    """
    named = declared is not None and format in ("parquet", "jsonl.gz")
    where = f"{bucket}/{stored.key}" if named else f"an object of {bucket}"
    paths = {path for column in declared or () for path in accumulate(column.split("."), "{}.{}".format)}
    try:
        metadata: Columns = {}
        for name, value in read_metadata(client, bucket, stored.key).items():
            metadata.setdefault(_shown("", name, paths), ("string", []))[1].append(value)
        match format:
            case "parquet":
                return _with(_parquet(client, bucket, stored), metadata)
            case "jsonl.gz":
                return _with(_json_lines(client, bucket, stored, paths), metadata)
            case "eml":
                return _with(_mail(client, bucket, stored), metadata)
            case "document":
                return metadata
    except (BotoCoreError, ClientError) as error:
        raise StoreError(f"cannot fetch {where}: {reason(error)}") from error
    except (ValueError, EOFError, zlib.error, OSError, NotImplementedError, RecursionError) as error:
        # The parsers' own words can quote the content.
        raise StoreError(f"{where} is not {format} ({type(error).__name__}); write it again or take it away") from None


def _with(columns: Columns, metadata: Columns) -> Columns:
    for name, (type, values) in metadata.items():
        columns.setdefault(name, (type, []))[1].extend(values)
    return columns


def reason(error: BotoCoreError | ClientError) -> str:
    """What S3 or the way to it said, without the request's details."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown error"))
    return type(error).__name__


def _parquet(client: S3Client, bucket: str, stored: StoredObject) -> Columns:
    import pyarrow as pa
    import pyarrow.parquet as pq

    # With a buffer size, columns are streamed a page at a time; without, a whole row group would be fetched.
    file = pq.ParquetFile(RangedObject(client, bucket, stored), buffer_size=_BUFFER, pre_buffer=False)
    found: Columns = {field.name: (str(field.type), []) for field in file.schema_arrow}
    batch = next(file.iter_batches(batch_size=ROWS), None)
    if batch is None:
        return found
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if not pa.types.is_binary(field.type) and not pa.types.is_large_binary(field.type):
            # One by one: a day that Python cannot hold makes one value unreadable, not the column.
            found[field.name][1].extend(_texts(column.dictionary_decode() if hasattr(column, "dictionary") else column))
    return found


def _texts(column: Any) -> Iterator[str]:
    for value in column:
        try:
            plain = value.as_py()
        except (ValueError, OverflowError):
            plain = str(value)
        if plain is not None:
            yield _text(plain)


def _json_lines(client: S3Client, bucket: str, stored: StoredObject, paths: Collection[str]) -> Columns:
    body = client.get_object(Bucket=bucket, Key=stored.key)["Body"]
    found: Columns = {}
    with gzip.GzipFile(fileobj=body) as lines:
        for line in _lines(lines):
            if not line.strip():
                continue
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("not an object")
            for name, value in _flat(record, paths):
                column = name if name in found or len(found) < _MOST_COLUMNS else OTHER
                known = found.setdefault(column, (_json_type(value), []))
                if value is not None:
                    known[1].append(_text(value))
    return found


def _lines(file: gzip.GzipFile) -> Iterator[bytes]:
    """The first lines; a small object can unpack into more than there is memory for."""
    unpacked = 0
    for _ in range(ROWS):
        line = file.readline(_LINE + 1)
        unpacked += len(line)
        if len(line) > _LINE:
            raise ValueError("a line too long")
        if not line or unpacked > _UNPACKED:
            return
        yield line


def _flat(record: dict[str, Any], paths: Collection[str], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """`{"a": {"b": 1}}` as `a.b`."""
    for name, value in record.items():
        path = _shown(prefix, name, paths)
        if isinstance(value, dict):
            yield from _flat(value, paths, f"{path}.")
        else:
            yield path, value


def _shown(prefix: str, name: str, paths: Collection[str]) -> str:
    """A key as a column's name: some use a person's address or number for one."""
    path = f"{prefix}{name}"
    return path if path in paths or may_be_shown(name) else f"{prefix}{OTHER}"


def _json_type(value: object) -> str:
    return {bool: "bool", int: "bigint", float: "double"}.get(type(value), "string")


def _text(value: object) -> str:
    text = (
        value
        if isinstance(value, str)
        else json.dumps(value, default=str)
        if isinstance(value, list | dict)
        else str(value)
    )
    return text[:_LONGEST]


def _mail(client: S3Client, bucket: str, stored: StoredObject) -> Columns:
    if stored.size == 0:
        raise ValueError("empty")
    raw = client.get_object(Bucket=bucket, Key=stored.key, Range=f"bytes=0-{_MAIL_BYTES - 1}")["Body"].read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    found: Columns = {}
    for header in ("from", "to", "cc", "reply-to"):
        for field in message.get_all(header, []):
            for person in getattr(field, "addresses", ()):
                found.setdefault(header, ("string", []))[1].append(person.addr_spec)
                if person.display_name:
                    found.setdefault(f"{header}.name", ("string", []))[1].append(person.display_name)
    if not found and "subject" not in message:
        raise ValueError("no headers")
    if "date" in message:
        found["date"] = ("string", [_text(str(message["date"]))])
    found["subject"] = ("string", [_text(str(message.get("subject", "")))])
    found["body"] = ("string", [_body(message)])
    return found


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    try:
        return _text(part.get_content()) if part else ""
    except (LookupError, ValueError):  # an unknown character set
        return ""
