"""An object of a bucket as a file of which only the parts asked for are fetched."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from hoeder.stores.anchors import StoredObject

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from mypy_boto3_s3 import S3Client

TAIL = 64 * 1024
"""Bytes at the end of an object that are fetched at once: a Parquet file begins to be read there."""


class Tails:
    """The ends of versions that were read lately, so that several looks at one fetch it once: at most 16 MB."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, which: tuple[str, str, str]) -> bytes | None:
        with self._lock:
            found = self._kept.get(which)
            if found is not None:
                self._kept.move_to_end(which)
            return found

    def put(self, which: tuple[str, str, str], tail: bytes) -> None:
        with self._lock:
            self._kept[which] = tail
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


class RangedObject(io.RawIOBase):
    """Seekable and read-only. All parts come from the version that was listed; if that is gone, a read fails.

    With `tails` the end of a version is taken from there, or put there once it was fetched.
    """

    def __init__(
        self, client: S3Client, bucket: str, stored: StoredObject, version: str | None = None,
        tails: Tails | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._client, self._bucket, self._stored = client, bucket, stored
        self._version: dict[str, str] = {} if version is None else {"VersionId": version}
        self._tails, self._which = tails, (stored.key, version or "", stored.etag)
        self._position = 0
        self._ahead: dict[int, bytes] = {}
        self.size = stored.size
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
        part = self.span(self._position, self._position + wanted)
        target[: len(part)] = part
        self._position += len(part)
        return len(part)

    def tail(self) -> bytes:
        """The end of the object, which is kept: what lies in it is not fetched again."""
        start = max(0, self._stored.size - TAIL)
        if start not in self._ahead:
            known = self._tails.get(self._which) if self._tails else None
            self._ahead[start] = known if known is not None else self._fetch(start, self._stored.size)
            if self._tails and known is None:
                self._tails.put(self._which, self._ahead[start])
        return self._ahead[start]

    def keep(self, start: int, stop: int) -> None:
        """Fetch a part in one request, and keep it until `let_go`."""
        if stop > start and self._found(start, stop) is None:
            self._ahead[start] = self._fetch(start, stop)

    def let_go(self, start: int) -> None:
        """A part that was kept is not needed any more."""
        self._ahead.pop(start, None)

    def span(self, start: int, stop: int) -> bytes | memoryview:
        """The bytes from a place up to another."""
        found = self._found(start, stop)
        return self._fetch(start, stop) if found is None else found

    def _found(self, start: int, stop: int) -> memoryview | None:
        for at, part in self._ahead.items():
            if at <= start and stop <= at + len(part):
                return memoryview(part)[start - at : stop - at]
        return None

    def _fetch(self, start: int, stop: int) -> bytes:
        if stop <= start:
            return b""
        part = self._client.get_object(
            Bucket=self._bucket,
            Key=self._stored.key,
            Range=f"bytes={start}-{stop - 1}",
            IfMatch=f'"{self._stored.etag}"',
            **self._version,  # type: ignore[arg-type]
        )["Body"].read()
        self.taken += len(part)
        return part
