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
from hoeder.evidence.diagnose import SHOWN, Difference, named
from hoeder.evidence.entry import parse
from hoeder.evidence.export import Header, Piece, part
from hoeder.evidence.folder import Folder, checkpoint_path, open_checkpoints, open_folder, open_keys
from hoeder.evidence.merkle import Compact
from hoeder.evidence.note import Checkpoint
from hoeder.evidence.tiles import HASH, WIDTH, Tile, hashes, load, needed


class Tampered(EvidenceError):
    """The ledger does not verify; `problems` says each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("the ledger does not verify:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Verified:
    """What holds: entries `first` to `last` are the sealed ones. Of those before `first` only hashes are known."""

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
    last_time = parse(pieces[-1].last_line).time
    return Verified(header.origin, header.first, header.last, len(checkpoints), checkpoints[-1].root, last_time)


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


def _compare(
    mirror: Folder, exported: Path, header: Header, checkpoints: list[Checkpoint], levels: list[bytes]
) -> list[str]:
    """Hold the export's tree against every checkpoint and tile; where it differs, the tiles may say which entry."""
    sizes = [checkpoint.size for checkpoint in checkpoints]
    sealed, count = sizes[-1], len(levels[0]) // HASH
    ours = _agreeing(levels, checkpoints)
    if len(ours) == len(sizes):
        problems = _tiles(mirror, levels, sealed, sealed)
        if count > sealed:
            unsealed = [Difference("unsealed", at, at - header.first) for at in range(sealed + 1, count + 1)]
            problems += diagnose.explain(unsealed, exported, sizes)
        return problems
    leaves, _ = _leaf_tiles(mirror, sealed, sealed)
    stored = export.tree_levels(b"".join(leaves), header, [])
    theirs = _agreeing(stored, checkpoints)
    trusted, truth = max((max(ours, default=0), levels), (max(theirs, default=0), stored), key=lambda each: each[0])
    proven = max(max(ours, default=0), header.first - 1)  # up to here the entries are the sealed ones
    own = hashes(levels[0])
    found = [
        Difference(each.kind, each.entry, each.line + proven + 1 - header.first)
        for each in diagnose.differences(leaves[proven:], own[proven:], proven + 1)
        if each.kind != "unsealed" or len(leaves) == sealed  # past a missing tile nothing is known
    ]
    wrong = next(size for size in sizes if size not in ours)
    return [
        f"the export does not give the root that {checkpoint_path(wrong)} signs",  # whatever else is found or not
        *diagnose.explain(found, exported, sizes),
        *diagnose.rewritten(sizes, ours | theirs),
        *_tiles(mirror, truth, sealed, trusted),
    ]


def _agreeing(levels: list[bytes], checkpoints: list[Checkpoint]) -> set[int]:
    """Sizes of the checkpoints whose root these hashes give."""
    tree, sizes = Compact(), set()
    for checkpoint in checkpoints:
        if checkpoint.size * HASH > len(levels[0]):
            break
        full, rest = divmod(checkpoint.size, WIDTH)
        if full:
            tree.extend(hashes(levels[1][tree.size // WIDTH * HASH : full * HASH]), level=8)
        tip = tree.copy()
        tip.extend(hashes(part(levels[0], full, rest)))
        if tip.root() == checkpoint.root:
            sizes.add(checkpoint.size)
    return sizes


def _tiles(mirror: Folder, levels: list[bytes], sealed: int, trusted: int) -> list[str]:
    """Tiles that are missing, that say too much, or that differ from `levels`, right up to entry `trusted`."""
    listed = set(mirror.tiles)
    wanted = [tile for tile in needed(sealed) if not listed & {tile, Tile(tile.level, tile.index)}]
    problems = [f"{tile.path} is missing" for tile in wanted]
    for tile in mirror.tiles:
        if tile.end > sealed:
            problems.append(
                f"{tile.path} holds hashes up to entry {tile.end}, and the last checkpoint ends at {sealed}:"
                " a checkpoint was taken away, or sealing has not finished"
            )
        elif tile.end <= trusted and mirror.read(tile.path) != (
            right := part(levels[tile.level], tile.index, tile.width)
        ):
            problems.append(f"{tile.path} was altered{_where(mirror.read(tile.path) or b'', right, tile)}")
    return problems[:SHOWN] + ([f"and {len(problems) - SHOWN} more tiles"] if len(problems) > SHOWN else [])


def _where(content: bytes, right: bytes, tile: Tile) -> str:
    if len(content) != len(right):
        return f": it has {len(content)} bytes instead of {len(right)}"
    at = next(at for at, pair in enumerate(zip(hashes(content), hashes(right), strict=True)) if pair[0] != pair[1])
    first = ((tile.index * WIDTH + at) << 8 * tile.level) + 1
    return f": its hash of {named(first, first + (1 << 8 * tile.level) - 1)} is another"


def _regular(header: Header, pieces: list[Piece]) -> bool:
    number = header.first
    for piece in pieces:
        if not piece.regular or piece.first != number:
            return False
        number += len(piece.leaves) // HASH
    return True
