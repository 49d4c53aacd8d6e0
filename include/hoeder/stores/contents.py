"""Columns and values of one object: Parquet, JSON lines, the fields of a mail, or a document's metadata."""

from __future__ import annotations

import email
import email.policy
import gzip
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.detection import may_be_shown
from hoeder.errors import StoreError
from hoeder.stores import files, gather
from hoeder.stores.anchors import StoredObject, read_metadata
from hoeder.stores.files import Columns
from hoeder.stores.limits import NotRead
from hoeder.stores.ranged import RangedObject
from hoeder.stores.samples import Format

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROWS = 2_000
"""Records read of one object."""
_MAIL_BYTES = 256 * 1024


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
    with _told(where, format):
        metadata = _metadata(client, bucket, stored, paths)
        match format:
            case "parquet":
                return _with(files.parquet(RangedObject(client, bucket, stored), ROWS), metadata)
            case "jsonl.gz":
                body = client.get_object(Bucket=bucket, Key=stored.key)["Body"]
                with gzip.GzipFile(fileobj=body) as lines:
                    found, _ = files.json_lines(lines, ROWS, lambda record: _flat(record, paths))  # type: ignore[arg-type]
                return _with(found, metadata)
            case "eml":
                return _with(_mail(client, bucket, stored), metadata)
            case "document":
                return metadata


def read_any(client: S3Client, bucket: str, stored: StoredObject, most: int | None = ROWS) -> tuple[Columns, list[str]]:
    """Read an object of whatever format, and tell what of it was left out. Raises StoreError, which names no key."""
    kind = files.kind_of(stored.key)
    with _told(f"an object of {bucket}", kind or "readable"):
        metadata = _metadata(client, bucket, stored, ())
        found, notes = (
            (_mail(client, bucket, stored), []) if kind == "eml" else files.read(client, bucket, stored, most)
        )
        return _with(found, metadata), notes


def _metadata(client: S3Client, bucket: str, stored: StoredObject, paths: Collection[str]) -> Columns:
    metadata: Columns = {}
    for name, value in read_metadata(client, bucket, stored.key).items():
        metadata.setdefault(_shown("", name, paths), ("string", []))[1].append(value)
    return metadata


_BROKEN = (
    ValueError, EOFError, OSError, NotImplementedError, RecursionError, MemoryError, zlib.error, struct.error,
    zipfile.BadZipFile,
)  # fmt: skip
"""What parsers raise on content that is not what it should be."""


@contextmanager
def _told(where: str, format: str) -> Iterator[None]:
    """Say why an object was not read, without a word of its content."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreError(f"cannot fetch {where}: {reason(error)}") from error
    except NotRead as error:
        raise StoreError(f"{where} was not read: {error}") from None
    except _BROKEN as error:
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


def _flat(record: dict[str, Any], paths: Collection[str], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """`{"a": {"b": 1}}` as `a.b`; elements of a list share its path."""
    for name, value in record.items():
        path = _shown(prefix, name, paths)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _flat(inner, paths, f"{path}.")
            elif inner is None:
                yield path, "string", ""
            else:
                yield path, gather.type_of(inner), files.text_of(inner)


def _shown(prefix: str, name: str, paths: Collection[str]) -> str:
    """A key as a column's name: some use a person's address or number for one."""
    path = f"{prefix}{name}"
    return path if path in paths or may_be_shown(name) else f"{prefix}{gather.OTHER}"


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
        found["date"] = ("string", [files.text_of(str(message["date"]))])
    found["subject"] = ("string", [files.text_of(str(message.get("subject", "")))])
    found["body"] = ("string", [_body(message)])
    for part in message.iter_attachments():
        found.setdefault("attachment", ("string", []))[1].append(part.get_content_type())
        if part.get_filename():
            found.setdefault("attachment.name", ("string", []))[1].append(files.text_of(part.get_filename()))
    return found


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    try:
        return files.text_of(part.get_content()) if part else ""
    except (LookupError, ValueError):  # an unknown character set
        return ""
