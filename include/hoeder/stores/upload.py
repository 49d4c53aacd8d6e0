"""A new version of an object, sent in parts as it is made, with everything about the old one that can be kept."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_PART = 8 * 1024 * 1024
_MOST_PARTS = 9_000
_KEPT = (
    "ContentType", "ContentEncoding", "ContentLanguage", "ContentDisposition", "CacheControl", "Expires", "Metadata",
    "StorageClass", "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "WebsiteRedirectLocation",
)  # fmt: skip


class Upload(io.RawIOBase):
    """A file to write to: parts of 8 MB and more, one at a time in memory. Nothing is visible until `complete`."""

    def __init__(self, client: S3Client, bucket: str, key: str, kept: Mapping[str, Any], size: int) -> None:
        super().__init__()
        self._client, self._bucket, self._key = client, bucket, key
        self._least = max(_PART, size // _MOST_PARTS)
        self._pending = bytearray()
        self._etags: list[str] = []
        self._digests: list[bytes] = []
        self.size = 0
        self.upload = client.create_multipart_upload(Bucket=bucket, Key=key, **kept)["UploadId"]

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        some = memoryview(data).cast("B")
        self._pending += some
        self.size += len(some)
        if len(self._pending) >= self._least:
            self._send()
        return len(some)

    def tell(self) -> int:
        return self.size

    @property
    def etag(self) -> str:
        """What the server will call the content: MD5 over the MD5s of the parts. Meaningful after `finish`."""
        return f"{hashlib.md5(b''.join(self._digests), usedforsecurity=False).hexdigest()}-{len(self._digests)}"

    def finish(self) -> None:
        """Send what is left; the object is as it was."""
        if self._pending or not self._etags:
            self._send()

    def complete(self, replaces: str) -> tuple[str, str]:
        """Put it in the place of the version with ETag `replaces`; version id and ETag of the new one.

        Raises botocore's ClientError (PreconditionFailed) where another version came in between.
        """
        parts: list[CompletedPartTypeDef] = [
            {"ETag": etag, "PartNumber": number} for number, etag in enumerate(self._etags, 1)
        ]
        done = self._client.complete_multipart_upload(
            Bucket=self._bucket, Key=self._key, UploadId=self.upload, MultipartUpload={"Parts": parts},
            IfMatch=f'"{replaces}"',
        )  # fmt: skip
        return done.get("VersionId", ""), done["ETag"].strip('"')

    def _send(self) -> None:
        body = bytes(self._pending)
        self._digests.append(hashlib.md5(body, usedforsecurity=False).digest())
        sent = self._client.upload_part(
            Bucket=self._bucket, Key=self._key, UploadId=self.upload, PartNumber=len(self._etags) + 1, Body=body
        )
        self._etags.append(sent["ETag"])
        self._pending.clear()


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
