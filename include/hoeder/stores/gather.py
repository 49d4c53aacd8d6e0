"""Values of one column as batches bring them: distinct ones to judge by, and what is in the texts of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hoeder.detection import may_be_shown, text
from hoeder.detection.text import TextHits

MOST_VALUES = 20_000
"""Distinct values kept of a column."""
MOST_PATHS = 200
"""Paths told apart in one column of JSON, or keys in one object."""
OTHER = "(other)"
"""In place of the name of a key that may be a person's, and of all keys beyond the most that are told apart."""
_DEPTH = 20
_WORDY = 3
_TELLING = r"@|[0-9][0-9 ()./-]{5,}[0-9]"


@dataclass
class Gathered:
    """A column under way."""

    values: dict[str, None] = field(default_factory=dict, repr=False)
    hits: TextHits | None = None
    wordy: bool | None = None

    def add(self, values: Sequence[str]) -> None:
        """Keep distinct values, up to the most that are kept."""
        if len(self.values) < MOST_VALUES:
            self.values.update(dict.fromkeys(values[: MOST_VALUES - len(self.values)]))

    def look_through(self, column: Any) -> None:
        """Search all texts of an Arrow column of strings, once its values turn out to be texts of several words."""
        import pyarrow.compute as pc

        if self.wordy is None and len(self.values) >= 1:
            some = list(self.values)[:200]
            self.wordy = sum(value.count(" ") + 1 >= _WORDY for value in some) > len(some) / 2
        if not self.wordy:
            return
        present = column.drop_null()
        telling = present.filter(pc.match_substring_regex(present, _TELLING)).unique().to_pylist()
        found = text.search(telling)
        named = text.search(present.slice(0, text.ENOUGH_FOR_NAMES).to_pylist()) if self.hits is None else None
        found = found.of(len(present), named.names if named else 0)
        self.hits = found if self.hits is None else self.hits + found


def paths(value: object, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str, str]]:
    """Path, type and text of every value inside parsed JSON; elements of a list share their list's path."""
    if isinstance(value, dict) and depth < _DEPTH:
        for name, inner in value.items():
            shown = name if may_be_shown(name) else OTHER
            yield from paths(inner, f"{prefix}.{shown}" if prefix else shown, depth + 1)
    elif isinstance(value, list) and depth < _DEPTH:
        for inner in value:
            yield from paths(inner, prefix, depth + 1)
    elif value is not None:
        yield prefix, type_of(value), value if isinstance(value, str) else _plain(value)


def _plain(value: object) -> str:
    return json.dumps(value, default=str) if isinstance(value, list | dict | bool) else str(value)


def type_of(value: object) -> str:
    """The name of a JSON value's type."""
    return {bool: "bool", int: "bigint", float: "double"}.get(type(value), "string")


# What binary content begins with, in hexadecimal.
_MAGIC = (
    ("ffd8ff", "image/jpeg"),
    ("674141414141", "application/x-fernet"),  # what Hoeder encrypts: base64 of version 0x80 and a moment
    ("89504e470d0a1a0a", "image/png"),
    ("47494638", "image/gif"),
    ("424d", "image/bmp"),
    ("49492a00", "image/tiff"),
    ("4d4d002a", "image/tiff"),
    ("25504446", "application/pdf"),
    ("504b0304", "application/zip"),
    ("504b0506", "application/zip"),
    ("1f8b", "application/gzip"),
    ("28b52ffd", "application/zstd"),
    ("d0cf11e0", "application/msoffice"),
    ("494433", "audio/mpeg"),
    ("fffb", "audio/mpeg"),
    ("4f676753", "audio/ogg"),
    ("50415231", "application/parquet"),
    ("7b5c727466", "application/rtf"),
)


def magic(head: str) -> str:
    """The kind of binary content by its first bytes, given in hexadecimal."""
    if head.startswith("52494646"):
        return {"57454250": "image/webp", "57415645": "audio/wav"}.get(head[16:24], "application/octet-stream")
    if head[8:16] == "66747970":
        return "image/heic" if head[16:24] in ("68656963", "6d696631", "61766966") else "video/mp4"
    return next((kind for start, kind in _MAGIC if head.startswith(start)), "application/octet-stream")
