"""Check a ledger without the ledger's own system: an export, the mirrored checkpoints and tiles, and one trusted key.

Every line is hashed as it stands; the roots over those hashes must be the signed ones and the tiles must agree. Lines
are parsed only to explain a difference.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from hoeder.errors import EvidenceError
from hoeder.evidence import diagnose, export
from hoeder.evidence.diagnose import SHOWN
from hoeder.evidence.entry import parse
from hoeder.evidence.export import Header, Piece
from hoeder.evidence.folder import Folder, open_checkpoints, open_folder, open_keys
from hoeder.evidence.tiles import HASH, WIDTH, hashes, load, needed


class Tampered(EvidenceError):
    """The ledger does not verify; `problems` says each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("the ledger does not verify:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Verified:
    """What holds: entries `first` to `last` are the ones sealed. Of entries before `first` only their hashes are known."""

    origin: str
    first: int
    last: int
    checkpoints: int
    root: bytes
    last_time: datetime  # of the last entry; a checkpoint itself has no time

    @property
    def entries(self) -> int:
        return self.last - self.first + 1


def verify(exported: Path, folder: Path, anchor_vkey: str) -> Verified:
    """Check the export against the folder, trusting the anchor key and those that follow from it.

    Raises EvidenceError, mostly Tampered with everything that is wrong. Nothing is ever valid by being absent.
    """
    mirror = open_folder(folder)
    keys = open_keys(mirror, anchor_vkey)
    header, offset = export.read_header(exported)
    if header.origin != keys[0].name:
        raise EvidenceError(
            f"the export is of ledger {header.origin}, the key of {keys[0].name}: they do not belong together"
        )
    checkpoints, problems = open_checkpoints(mirror, keys)
    problems += [f"{path} is not a file of a ledger" for path in mirror.strange]
    if not checkpoints:
        raise Tampered([*problems, "no checkpoint is left to check against"])
    base, missing = _base(mirror, header, checkpoints[-1].size)
    if missing:
        raise Tampered(problems + missing)
    pieces = export.hash_lines(exported, offset)
    levels = export.tree_levels(base, header, pieces)
    problems += _length(header, pieces, levels)
    problems += _compare(mirror, exported, header, checkpoints, levels)
    if not problems and not _regular(header, pieces):
        problems += islice(diagnose.irregular(exported, header.first), SHOWN)
        problems = problems or ["a line holds a second schema or entry number inside"]
    if problems:
        raise Tampered(problems)
    last = parse(export.entry_lines(exported, [header.last - header.first])[header.last - header.first])
    return Verified(header.origin, header.first, header.last, len(checkpoints), checkpoints[-1].root, last.time)


def _base(mirror: Folder, header: Header, sealed: int) -> tuple[bytes, list[str]]:
    """The leaf hashes of entries that aged out, from the tiles."""
    before = header.first - 1
    if before >= sealed:
        return b"", [f"the export begins at entry {header.first}, and the last checkpoint ends at {sealed}"]
    leaves, missing = _leaf_tiles(mirror, sealed, before)
    return b"".join(leaves), missing


def _leaf_tiles(mirror: Folder, sealed: int, upto: int) -> tuple[list[bytes], list[str]]:
    """Leaf hashes 0 to `upto` as the tiles have them; stops at the first that is missing."""
    leaves: list[bytes] = []
    for tile in needed(sealed):
        if tile.level or tile.index * WIDTH >= upto:
            break
        try:
            leaves += hashes(load(mirror.read, tile))
        except EvidenceError as error:
            return leaves[:upto], [str(error)]
    return leaves[:upto], []


def _length(header: Header, pieces: list[Piece], levels: list[bytes]) -> list[str]:
    count = len(levels[0]) // HASH - (header.first - 1)
    wanted = header.last - header.first + 1
    problems = []
    if count < wanted:
        problems.append(f"the export says it ends at {header.last} and has {count} of {wanted} entries: truncated")
    if count > wanted:
        problems.append(f"the export says it ends at {header.last} and has {count - wanted} entries more")
    if pieces and not pieces[-1].ended:
        problems.append(f"the export's last line, {count + 1}, is not complete: truncated")
    return problems


def _regular(header: Header, pieces: list[Piece]) -> bool:
    number = header.first
    for piece in pieces:
        if not piece.regular or piece.first != number:
            return False
        number += len(piece.leaves) // HASH
    return True
