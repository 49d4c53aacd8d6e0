"""A new version of an object, sent in parts as it is made, with everything about the old one that can be kept.

What the new version has in common with the old is moved by the server itself where it makes a part of its own: it is
neither fetched nor sent. At most four parts are under way, each of 8 MB or a little more.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.stores.ranged import RangedObject

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_PART = 8 * 1024 * 1024
_SMALLEST = 5 * 1024 * 1024  # of every part but the last one, by S3's rule
_LARGEST = 1024 * 1024 * 1024  # of a part that the server moves; S3 allows five times as much
_MOST_PARTS = 9_000  # of the 10,000 that S3 allows
_AT_ONCE = 4
_KEPT = (
    "ContentType", "ContentEncoding", "ContentLanguage", "ContentDisposition", "CacheControl", "Expires", "Metadata",
    "StorageClass", "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "WebsiteRedirectLocation",
)  # fmt: skip


class Upload(io.RawIOBase):
    """A file to write to, and to copy to from the version that it replaces. Nothing is visible until `complete`."""

    def __init__(
        self, client: S3Client, bucket: str, key: str, kept: Mapping[str, Any], old: RangedObject,
        source: Mapping[str, str],
    ) -> None:  # fmt: skip
        """`source` is what S3 calls the version that is replaced: `VersionId`, `ETag`."""
        super().__init__()
        self._client, self._bucket, self._key = client, bucket, key
        self._old, self._source = old, source
        self._least = max(_PART, old.size // _MOST_PARTS)
        # Moved parts and sent ones take turns at the worst.
        self._worth_moving = max(_SMALLEST, 2 * old.size // _MOST_PARTS)
        self._pending = bytearray()
        self._range: tuple[int, int] | None = None
        self._parts: list[Future[str]] = []
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="upload")
        self.size = 0
        self.upload = client.create_multipart_upload(Bucket=bucket, Key=key, **kept)["UploadId"]

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        self._settle()
        some = memoryview(data).cast("B")
        for at in range(0, len(some), self._least):
            self._pending += some[at : at + self._least]
            if len(self._pending) >= self._least:
                self._send()
        self.size += len(some)
        return len(some)

    def copy(self, start: int, stop: int) -> None:
        """Bytes of the version that is replaced."""
        if self._range is not None and self._range[1] == start:
            start = self._range[0]
            self.size -= self._range[1] - start
        else:
            self._settle()
        self._range = (start, stop)
        self.size += stop - start

    def tell(self) -> int:
        return self.size

    @property
    def etag(self) -> str:
        """What the server will call the content: MD5 over what it called the parts. Meaningful after `finish`.

        A server that keeps a moved part in pieces names it `<MD5>-<pieces>`.
        """
        named = [_md5_of(part.result()) for part in self._parts]
        return f"{hashlib.md5(b''.join(named), usedforsecurity=False).hexdigest()}-{len(named)}"

    def finish(self) -> None:
        """Send what is left, and wait until all of it is there; the object is as it was."""
        self._settle()
        if self._pending or not self._parts:
            self._send()
        for part in self._parts:
            part.result()

    def complete(self, replaces: str) -> tuple[str, str]:
        """Put it in the place of the version with ETag `replaces`; version id and ETag of the new one.

        Raises botocore's ClientError (PreconditionFailed) where another version came in between.
        """
        parts: list[CompletedPartTypeDef] = [
            {"ETag": part.result(), "PartNumber": number} for number, part in enumerate(self._parts, 1)
        ]
        done = self._client.complete_multipart_upload(
            Bucket=self._bucket, Key=self._key, UploadId=self.upload, MultipartUpload={"Parts": parts},
            IfMatch=f'"{replaces}"',
        )  # fmt: skip
        return done.get("VersionId", ""), done["ETag"].strip('"')

    def rest(self) -> None:
        """Wait for what is under way: nothing is sent any more."""
        self._pool.shutdown(cancel_futures=True)

    def abandon(self) -> None:
        """End it: what was sent is of no use. Where the server does not answer, the bucket's lifecycle ends it."""
        self.rest()
        with contextlib.suppress(ClientError, BotoCoreError):
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=self._key, UploadId=self.upload)

    def _settle(self) -> None:
        """Decide how a range gets there: whatever is too small for a part of its own is fetched and sent."""
        if self._range is None:
            return
        start, stop = self._range
        self._range = None
        short = max(0, _SMALLEST - len(self._pending)) if self._pending else 0  # until what waits is a part
        if stop - start - short >= self._worth_moving:
            self._fetch(start, start + short)
            if self._pending:
                self._send()
            self._move(start + short, stop)
        else:
            self._fetch(start, stop)

    def _fetch(self, start: int, stop: int) -> None:
        while start < stop:
            some = min(stop, start + self._least)
            self._pending += self._old.span(start, some)
            start = some
            if len(self._pending) >= self._least:
                self._send()

    def _move(self, start: int, stop: int) -> None:
        pieces = -(-(stop - start) // _LARGEST)
        edges = [start + (stop - start) * piece // pieces for piece in range(pieces + 1)]
        for one, two in pairwise(edges):
            number = len(self._parts) + 1
            self._parts.append(self._pool.submit(self._moved, number, f"bytes={one}-{two - 1}"))

    def _moved(self, number: int, these: str) -> str:
        done = self._client.upload_part_copy(
            Bucket=self._bucket, Key=self._key, UploadId=self.upload, PartNumber=number, CopySourceRange=these,
            CopySource={"Bucket": self._bucket, "Key": self._key, "VersionId": self._source["VersionId"]},
            CopySourceIfMatch=f'"{self._source["ETag"]}"',
        )  # fmt: skip
        return done["CopyPartResult"]["ETag"]

    def _send(self) -> None:
        body = bytes(self._pending)
        self._pending.clear()
        under_way = [part for part in self._parts if not part.done()]
        if len(under_way) >= _AT_ONCE:
            wait(under_way[:1])
        self._parts.append(self._pool.submit(self._sent, len(self._parts) + 1, body))

    def _sent(self, number: int, body: bytes) -> str:
        done = self._client.upload_part(
            Bucket=self._bucket, Key=self._key, UploadId=self.upload, PartNumber=number, Body=body
        )
        return done["ETag"]


def _md5_of(etag: str) -> bytes:
    text = etag.strip('"').partition("-")[0]
    try:
        return bytes.fromhex(text)
    except ValueError:  # a server with names of its own: what it calls the whole cannot be known
        return text.encode()


def kept_of(client: S3Client, bucket: str, key: str, version: str) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """What a new version of an object gets from this one, and the whole head. Access lists are not among it."""
    head: Mapping[str, Any] = client.head_object(Bucket=bucket, Key=key, VersionId=version)
    kept = {name: head[name] for name in _KEPT if head.get(name)}
    try:
        tags = client.get_object_tagging(Bucket=bucket, Key=key, VersionId=version)["TagSet"]
    except ClientError as error:
        if error.response["Error"].get("Code") not in ("NoSuchTagSet", "NotImplemented"):
            raise
        tags = []
    if tags:
        kept["Tagging"] = urlencode({tag["Key"]: tag["Value"] for tag in tags})
    return kept, head
