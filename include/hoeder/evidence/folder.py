"""What sealing left in object storage, mirrored to a folder: checkpoints, the tree's tiles, notes of new keys."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hoeder.errors import EvidenceError
from hoeder.evidence.note import Checkpoint, Key, open_text, read_checkpoint, trusted_keys
from hoeder.evidence.tiles import Tile

_CHECKPOINT = re.compile(r"checkpoint/(\d{12})")
_KEY = re.compile(r"keys/[0-9a-f]{8}")


def checkpoint_path(size: int) -> str:
    return f"checkpoint/{size:012}"


def key_path(key: Key) -> str:
    """Where the note stands by which `key` follows the one before."""
    return f"keys/{key.id.hex()}"


@dataclass(frozen=True)
class Folder:
    """The mirror: paths as they are in the bucket."""

    root: Path
    checkpoints: tuple[str, ...]
    keys: tuple[str, ...]
    tiles: tuple[Tile, ...]
    strange: tuple[str, ...]

    def read(self, path: str) -> bytes | None:
        try:
            return (self.root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise EvidenceError(f"{path} cannot be read: {error.strerror}") from None


def open_folder(root: Path) -> Folder:
    """List the mirror. Raises EvidenceError when it is not there or holds no checkpoint."""
    if not root.is_dir():
        raise EvidenceError(f"the folder with checkpoints, {root}, is not there")
    checkpoints, keys, tiles, strange = [], [], [], []
    for path in sorted(_files(root)):
        if _CHECKPOINT.fullmatch(path):
            checkpoints.append(path)
        elif _KEY.fullmatch(path):
            keys.append(path)
        else:
            try:
                tiles.append(Tile.parse(path))
            except EvidenceError:
                strange.append(path)
    if not checkpoints:
        raise EvidenceError(
            f"{root} holds no checkpoint (checkpoint/ and twelve digits): nothing vouches for any entry"
        )
    return Folder(root, tuple(checkpoints), tuple(keys), tuple(tiles), tuple(strange))


def _files(root: Path) -> Iterator[str]:
    for at, _, names in os.walk(root):  # several times as fast as rglob, and a ledger has thousands of tiles
        below = Path(at).relative_to(root).as_posix() + "/"
        yield from (below.removeprefix("./") + name for name in names)


def open_keys(folder: Folder, anchor_vkey: str) -> list[Key]:
    """The anchor and its successors, oldest first; raises EvidenceError for a note that does not follow from it."""
    try:
        return trusted_keys(anchor_vkey, [folder.read(path) or b"" for path in folder.keys])
    except EvidenceError as error:
        raise EvidenceError(f"keys: {error}") from None


def open_checkpoints(folder: Folder, keys: list[Key]) -> tuple[list[Checkpoint], list[str]]:
    """The checkpoints that hold as a row, by size, and what is wrong with the others or with the row."""
    found: list[Checkpoint] = []
    problems: list[str] = []
    newest = 0
    for path in folder.checkpoints:
        try:
            checkpoint, rank = _open(folder, path, keys)
            found.append(checkpoint)
            if rank < newest:
                problems.append(
                    f"{path} was rewritten: signed by key {keys[rank].id.hex()}, which had been replaced by then"
                )
            newest = max(newest, rank)
        except EvidenceError as error:
            problems.append(f"{path}: {error}")
    return found, [*problems, *_row(found, set(folder.checkpoints))]


def _open(folder: Folder, path: str, keys: list[Key]) -> tuple[Checkpoint, int]:
    text, signed = open_text(folder.read(path) or b"", keys)
    checkpoint = read_checkpoint(text)
    if checkpoint.origin != keys[0].name:
        raise EvidenceError(f"a checkpoint of another ledger, {checkpoint.origin}; this one is {keys[0].name}")
    if checkpoint_path(checkpoint.size) != path:
        raise EvidenceError(f"the checkpoint of size {checkpoint.size} under another's name: moved or copied over it")
    if not checkpoint.size:
        raise EvidenceError("a checkpoint of an empty ledger, which vouches for nothing")
    return checkpoint, max(keys.index(key) for key in signed)


def _row(checkpoints: list[Checkpoint], listed: set[str]) -> Iterator[str]:
    """Each checkpoint names the one before it: which is missing, and which is passed over."""
    before = 0
    for checkpoint in checkpoints:
        here = checkpoint_path(checkpoint.size)
        if checkpoint.previous > before:
            if checkpoint_path(checkpoint.previous) not in listed:
                yield f"{checkpoint_path(checkpoint.previous)} is missing: {here} follows it"
        elif checkpoint.previous < before:
            follows = checkpoint_path(checkpoint.previous) if checkpoint.previous else "none"
            yield f"{here} says that it follows {follows}, and {checkpoint_path(before)} stands between: two histories"
        before = checkpoint.size
