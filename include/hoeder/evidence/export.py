"""A ledger's export: a file of a header line and then one canonical entry to a line.

Hashing goes in pieces of whole lines, over the processor's cores when the file is large, without parsing any line.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from hoeder.errors import EvidenceError
from hoeder.evidence.entry import SCHEMA
from hoeder.evidence.merkle import parents, perfect
from hoeder.evidence.tiles import HASH, WIDTH, hashes

PIECE = 1_000_000  # bytes; what is split and hashed stays in the processor's cache
PARALLEL_FROM = 16_000_000  # below this, starting processes costs more than it saves
_NUMBER = re.compile(rb'"entry":(\d{1,15})[,}]')
_SCHEMA = b'"schema":%d,' % SCHEMA


@dataclass(frozen=True)
class Header:
    """Which ledger, and which of its entries: `first` is above 1 when older ones aged out."""

    origin: str
    first: int
    last: int

    def line(self) -> bytes:
        values = {
            "export": "hoeder-ledger",
            "origin": self.origin,
            "schema": SCHEMA,
            "first": self.first,
            "last": self.last,
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@dataclass(frozen=True)
class Piece:
    """The hashes of a run of lines. `regular`: they say schema 1 and the numbers `first`, first + 1 and so on.

    `tile_roots` are of the full tiles of 256 leaves among them, where leaf index is number - 1.
    """

    regular: bool
    first: int
    leaves: bytes
    tile_roots: bytes
    last_line: bytes
    ended: bool  # with a newline


def read_header(export: Path) -> tuple[Header, int]:
    """The header and the offset of the first entry. Raises EvidenceError when there is no file or no such header."""
    try:
        with export.open("rb") as file:
            line = file.readline(10_000)
    except OSError as error:
        raise EvidenceError(f"the export {export} cannot be read: {error.strerror}") from None
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or values.get("export") != "hoeder-ledger" or not line.endswith(b"\n"):
        raise EvidenceError(
            f"{export.name} is not an export of a Hoeder ledger: its first line is not the header of one"
        )
    if values.get("schema") != SCHEMA:
        raise EvidenceError(
            f"{export.name} is an export of another schema; this version of Hoeder reads schema {SCHEMA} only"
        )
    origin, first, last = (values.get(key) for key in ("origin", "first", "last"))
    if len(values) != 5 or not isinstance(origin, str) or type(first) is not int or type(last) is not int or first < 1:
        raise EvidenceError(
            f"the header of {export.name} is damaged: it says origin, first and last entry, and no more"
        )
    if last < first:
        raise EvidenceError(f"{export.name} is empty: an export without entries proves nothing")
    return Header(origin, first, last), len(line)


def hash_lines(export: Path, offset: int) -> list[Piece]:
    """Hash every line from `offset` on, in order."""
    size = export.stat().st_size
    pieces = list(_pieces(export, offset, size))
    paths, starts, ends = [export] * len(pieces), [p[0] for p in pieces], [p[1] for p in pieces]
    if size < PARALLEL_FROM or (os.cpu_count() or 1) < 2:
        return list(map(hash_piece, paths, starts, ends))
    with ProcessPoolExecutor() as pool:
        return list(pool.map(hash_piece, paths, starts, ends, chunksize=16))


def hash_piece(export: Path, start: int, end: int) -> Piece:
    with export.open("rb") as file:
        file.seek(start)
        data = file.read(end - start)
    lines = data.split(b"\n")
    ended = not lines[-1]
    if ended:
        lines.pop()
    leaves = [sha256(b"\x00" + line).digest() for line in lines]
    numbers = list(map(int, _NUMBER.findall(data)))
    first = numbers[0] if numbers else 0
    regular = numbers == list(range(first, first + len(lines))) and data.count(_SCHEMA) == len(lines)
    lead = (1 - first) % WIDTH
    level = leaves[lead : lead + max(0, len(leaves) - lead) // WIDTH * WIDTH]
    for _ in range(8):
        level = parents(level)
    return Piece(regular, first, b"".join(leaves), b"".join(level), lines[-1], ended)


def entry_lines(export: Path, wanted: Iterable[int]) -> dict[int, bytes]:
    """The lines at these positions after the header, counted from 0."""
    positions = set(wanted)
    with export.open("rb") as file:
        file.readline()
        return {at: line.rstrip(b"\n") for at, line in enumerate(file) if at in positions}


def _pieces(export: Path, start: int, size: int) -> Iterator[tuple[int, int]]:
    with export.open("rb") as file:
        while start < size:
            file.seek(min(start + PIECE, size) - 1)
            file.readline()
            yield start, file.tell()
            start = file.tell()


def tree_levels(base: bytes, header: Header, pieces: list[Piece]) -> list[bytes]:
    """The hashes on each level of tiles, over `base` (the leaf hashes before the export) and the pieces."""
    leaves = base + b"".join(piece.leaves for piece in pieces)
    known: dict[int, bytes] = {}
    number = header.first
    for piece in pieces:
        if piece.first == number:  # otherwise its tiles begin elsewhere
            at = -(-(number - 1) // WIDTH)
            for offset in range(0, len(piece.tile_roots), HASH):
                known[at + offset // HASH] = piece.tile_roots[offset : offset + HASH]
        number += len(piece.leaves) // HASH
    levels = [leaves]
    while len(levels[-1]) >= WIDTH * HASH:
        levels.append(_roots(levels[-1], known))
        known = {}
    return levels


def _roots(level: bytes, known: dict[int, bytes]) -> bytes:
    full = len(level) // (WIDTH * HASH)
    return b"".join(known.get(at) or perfect(hashes(part(level, at))) for at in range(full))


def part(level: bytes, tile: int, width: int = WIDTH) -> bytes:
    """A tile's content out of all hashes of its level."""
    return level[tile * WIDTH * HASH : (tile * WIDTH + width) * HASH]
