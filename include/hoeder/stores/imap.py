"""A mailbox on an IMAP server, moved message by message into a bucket.

A copy that stays behind on the server would outlive every term. So a message is taken off it once the bucket has it,
read back and the same; killed between the two, the next run finds it stored and takes it off.
"""

from __future__ import annotations

import hashlib
import imaplib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.clock import AMSTERDAM
from hoeder.errors import StoreError
from hoeder.stores.contents import reason

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_VALIDITY = re.compile(rb"\d+")
_NOT_FOUND = ("404", "NoSuchKey", "NotFound")


def move(server: imaplib.IMAP4, client: S3Client, bucket: str, prefix: str, folder: str = "INBOX") -> int:
    """Move every message of a folder; how many. `server` is logged in.

    The key is the day on which the server received it and its number there, never what the sender says. Raises
    StoreError at the first message that either side refuses; those before it are moved.
    """
    moved = 0
    with _told(folder):
        said, _ = server.select(_quoted(folder))
        if said != "OK":
            raise StoreError(f"the mail server opens no folder {folder}")
        _, answer = server.response("UIDVALIDITY")
        validity = _number(answer)
        for uid in _numbers(server):
            received, raw = _fetch(server, uid)
            key = f"{prefix}date={received.astimezone(AMSTERDAM).date()}/imap-{validity}-{uid}.eml"
            _store(client, bucket, key, raw)
            _ok(server.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)"))
            moved += 1
        if moved:
            _ok(server.expunge())
        server.close()
    return moved


def _numbers(server: imaplib.IMAP4) -> list[int]:
    found = _ok(server.uid("SEARCH", "UNDELETED"))
    return sorted(int(one) for one in found[0].split()) if found and found[0] else []


def _fetch(server: imaplib.IMAP4, uid: int) -> tuple[datetime, bytes]:
    """When the server received a message, and all of it, without marking it as read."""
    for part in _ok(server.uid("FETCH", str(uid), "(INTERNALDATE BODY.PEEK[])")):
        if isinstance(part, tuple):
            when = imaplib.Internaldate2tuple(part[0])
            moment = datetime.fromtimestamp(time.mktime(when), UTC) if when else datetime.now(UTC)
            return moment, part[1]
    raise StoreError(f"the mail server gave nothing for message {uid}")


def _store(client: S3Client, bucket: str, key: str, raw: bytes) -> None:
    """Store a message that is not there, and read it back."""
    try:
        client.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if reason(error) not in _NOT_FOUND:
            raise
    else:
        return
    client.put_object(Bucket=bucket, Key=key, Body=raw, ContentType="message/rfc822")
    there = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    if hashlib.sha256(there).digest() != hashlib.sha256(raw).digest():
        raise StoreError(f"bucket {bucket} gave back another message than it was given; it stays on the server")


def _ok(answer: tuple[str, list[bytes]]) -> list[bytes]:
    """What the server answered. Raises StoreError without its words, which may quote a message."""
    said, data = answer
    if said != "OK":
        raise StoreError(f"the mail server answered {said}")
    return data


def _number(answer: list[bytes] | None) -> int:
    found = _VALIDITY.search(answer[0]) if answer and answer[0] else None
    if found is None:
        raise StoreError("the mail server does not number its folder (UIDVALIDITY), so messages cannot be told apart")
    return int(found[0])


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", r"\\").replace('"', r"\"") + '"'


@contextmanager
def _told(folder: str) -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreError(f"mailbox: the bucket refused a message: {reason(error)}") from None
    except (imaplib.IMAP4.error, OSError) as error:
        raise StoreError(f"mailbox: folder {folder} cannot be read ({type(error).__name__})") from None
