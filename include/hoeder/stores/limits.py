"""Bounds on reading what somebody else wrote: bytes, lines and seconds, each with its own reason."""

from __future__ import annotations

import gzip
import io
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LINE = 1024 * 1024
UNPACKED = 64 * 1024 * 1024
_BUFFER = 256 * 1024


class NotRead(ValueError):
    """Why content was not read, in words that quote none of it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise NotRead where parsing takes longer. Only the main thread can be interrupted; other bounds hold in all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise NotRead(f"took longer than {seconds:g} s to read")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def unpacked(file: io.RawIOBase, head: bytes) -> IO[bytes]:
    """The content of a file that may be compressed with gzip or Zstandard."""
    buffered = io.BufferedReader(file, _BUFFER)
    if head.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=buffered))
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        import pyarrow as pa

        # Unlike others it says so where the end is missing.
        stream = pa.CompressedInputStream(pa.PythonFile(buffered, mode="r"), "zstd")
        return io.BufferedReader(_Readable(stream), _BUFFER)
    return buffered


class _Readable(io.RawIOBase):
    """An Arrow stream as Python's own classes want one."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        part = self._stream.read(len(target))
        target[: len(part)] = part
        return len(part)


class Lines:
    """The first lines of a file, within bounds; a small file can unpack into more than there is memory for."""

    def __init__(self, file: IO[bytes], most: int | None, unpacked: int = UNPACKED) -> None:
        self._file, self._most, self._unpacked = file, most, unpacked
        self.too_long = 0
        """Lines left out because they are longer than a line may be."""
        self.cut = False
        """Whether there was more than was read."""

    def __iter__(self) -> Iterator[bytes]:
        taken = count = 0
        while self._most is None or count < self._most:
            line = self._file.readline(LINE + 1)
            if not line:
                return
            long = len(line) > LINE
            while long and line and not line.endswith(b"\n") and taken <= self._unpacked:
                taken += len(line)
                line = self._file.readline(LINE)
            taken += len(line)
            if taken > self._unpacked:
                self.too_long += long
                break
            if long:
                self.too_long += 1
                continue
            count += 1
            yield line
        self.cut = True

    @property
    def note(self) -> str | None:
        """What was left out."""
        if self.too_long:
            return f"{self.too_long} lines longer than {LINE:,} bytes left out"
        return None
