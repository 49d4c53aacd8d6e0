"""The tree as files: C2SP tlog-tiles, 256 hashes of 32 bytes to a tile. Nothing here touches a disk.

A tile of level L holds the roots over 256**L leaves each: level 0 is the leaf hashes, and each full tile is one hash of
the level above it. The last tile of a level is partial; its path says how wide: `tile/0/x001/003.p/232`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hoeder.errors import EvidenceError
from hoeder.evidence.merkle import parents, perfect

WIDTH = 256
HASH = 32

Read = Callable[[str], bytes | None]
"""The content at a path, None where there is nothing."""

_PATH = re.compile(r"tile/(0|[1-5]?\d|6[0-3])/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")


@dataclass(frozen=True, order=True)
class Tile:
    """One tile; `width` hashes, 256 when it is full."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        rest, last = divmod(self.index, 1000)
        parts = [f"{last:03}"]
        while rest:
            rest, part = divmod(rest, 1000)
            parts.insert(0, f"x{part:03}")
        return f"tile/{self.level}/{'/'.join(parts)}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @classmethod
    def parse(cls, path: str) -> "Tile":
        """The tile of a path; raises EvidenceError for a path no tile has."""
        if match := _PATH.fullmatch(path):
            tile = cls(int(match[1]), int(re.sub(r"[x/]", "", match[2])), int(match[3] or WIDTH))
            if tile.path == path:
                return tile
        raise EvidenceError(f"{path} is not the path of a tile")

    @property
    def end(self) -> int:
        """The size of the tree whose last leaf this tile still covers."""
        return (self.index * WIDTH + self.width) << 8 * self.level


def needed(size: int) -> Iterator[Tile]:
    """The tiles of a tree of `size` leaves, lowest level first."""
    level = 0
    while hashes := size >> 8 * level:
        full, rest = divmod(hashes, WIDTH)
        yield from (Tile(level, index) for index in range(full))
        if rest:
            yield Tile(level, full, rest)
        level += 1


def grow(read: Read, size: int, leaf_hashes: Sequence[bytes]) -> dict[str, bytes]:
    """The tiles to write (path → content) when `leaf_hashes` are appended to a tree of `size` leaves.

    Tiles that stay as they are, are not among them. Raises EvidenceError when a partial tile that must be continued is
    missing or has another length.
    """
    files: dict[str, bytes] = {}
    level, new = 0, list(leaf_hashes)
    while new:
        index, kept = divmod(size >> 8 * level, WIDTH)
        if kept:
            new = [*hashes(load(read, Tile(level, index, kept))), *new]
        roots = []
        for at in range(0, len(new), WIDTH):
            part = new[at : at + WIDTH]
            files[Tile(level, index + at // WIDTH, len(part)).path] = b"".join(part)
            if len(part) == WIDTH:
                roots.append(perfect(part))
        level, new = level + 1, roots
    return files


def hashes(content: bytes) -> list[bytes]:
    return [content[at : at + HASH] for at in range(0, len(content), HASH)]


def load(read: Read, tile: Tile) -> bytes:
    """A tile's content; the full tile stands in for a partial one that was cleaned up.

    Raises EvidenceError when there is neither, or when the length is not the width's.
    """
    for candidate in (tile, Tile(tile.level, tile.index)):
        content = read(candidate.path)
        if content is None:
            continue
        if len(content) != candidate.width * HASH:
            raise EvidenceError(f"{candidate.path} has {len(content)} bytes, its path says {candidate.width * HASH}")
        return content[: tile.width * HASH]
    raise EvidenceError(f"{tile.path} is missing")


class Tiles:
    """The nodes of a tree of `size` leaves, read from its tiles: what a proof needs. Each tile is read once."""

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        self._size = size
        self._trees: dict[tuple[int, int], list[list[bytes]]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash over 2**level leaves from index * 2**level on. Raises EvidenceError when a tile is missing."""
        tile_level, height = divmod(level, 8)
        at, offset = divmod(index << height, WIDTH)
        return self._tree(tile_level, at)[height][offset >> height]

    def _tree(self, level: int, index: int) -> list[list[bytes]]:
        """A tile and the seven levels between it and the next tile."""
        tree = self._trees.get((level, index))
        if tree is None:
            width = min(WIDTH, (self._size >> 8 * level) - index * WIDTH)
            tree = [hashes(load(self._read, Tile(level, index, width)))]
            while len(tree) < 8:
                tree.append(parents(tree[-1][: len(tree[-1]) & ~1]))
            self._trees[level, index] = tree
        return tree
