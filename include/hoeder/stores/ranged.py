"""An object of a bucket as a file of which only the parts asked for are fetched."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from hoeder.stores.anchors import StoredObject

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from mypy_boto3_s3 import S3Client


class RangedObject(io.RawIOBase):
    """Seekable and read-only. All parts come from the version that was listed; if that is gone, a read fails."""

    def __init__(self, client: S3Client, bucket: str, stored: StoredObject, version: str | None = None) -> None:
        super().__init__()
        self._client, self._bucket, self._stored = client, bucket, stored
        self._version: dict[str, str] = {} if version is None else {"VersionId": version}
        self._position = 0
        self.taken = 0
        """Bytes fetched so far."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origins = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._stored.size}
        self._position = origins[whence] + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        wanted = min(len(target), self._stored.size - self._position)
        if wanted <= 0:
            return 0
        part = self._client.get_object(
            Bucket=self._bucket,
            Key=self._stored.key,
            Range=f"bytes={self._position}-{self._position + wanted - 1}",
            IfMatch=f'"{self._stored.etag}"',
            **self._version,  # type: ignore[arg-type]
        )["Body"].read()
        target[: len(part)] = part
        self._position += len(part)
        self.taken += len(part)
        return len(part)
