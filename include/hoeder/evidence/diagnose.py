"""What happened to an export whose hashes are not the ones that were sealed: entry by entry, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from hoeder.errors import EvidenceError
from hoeder.evidence.entry import Entry, parse
from hoeder.evidence.export import entry_lines
from hoeder.evidence.folder import checkpoint_path

SHOWN = 20  # findings of an export; the rest are counted


@dataclass(frozen=True)
class Difference:
    """`entry` is the sealed entry's number, or the one after which a line was inserted; `line` counts from 0."""

    kind: str  # altered, deleted, inserted, reordered, cut, unsealed
    entry: int
    line: int


def differences(sealed: list[bytes], found: list[bytes], first: int) -> Iterator[Difference]:
    """Align the export's leaf hashes with the sealed ones, of which the first belongs to entry `first`."""
    same = 0
    for before, after in zip(sealed, found, strict=False):
        if before != after:
            break
        same += 1
    sealed_after, found_after = set(sealed[same:]), set(found[same:])
    seen = set(found[:same])
    i = j = same
    while i < len(sealed) and j < len(found):
        here, there = sealed[i], found[j]
        entry = first + i
        if here == there:
            i, j = i + 1, j + 1
        elif there in seen:  # a line that stood here before: copied
            yield Difference("inserted", entry - 1, j)
            j += 1
        elif here not in found_after and there not in sealed_after:
            yield Difference("altered", entry, j)
            i, j = i + 1, j + 1
        elif here not in found_after:
            yield Difference("deleted", entry, j)
            i += 1
        elif there not in sealed_after:
            yield Difference("inserted", entry - 1, j)
            j += 1
        else:
            yield Difference("reordered", entry, j)
            i, j = i + 1, j + 1
        seen.add(there)
    yield from (Difference("cut", first + at, j) for at in range(i, len(sealed)))
    yield from (Difference("unsealed", first + i + at - j, at) for at in range(j, len(found)))


def explain(found: list[Difference], export: Path, sizes: list[int]) -> list[str]:
    """The differences in words, runs of them together. `sizes` are the checkpoints', ascending."""
    runs = [list(run) for _, run in groupby(found, key=_Runs())]
    lines = entry_lines(export, {each.line for run in runs[:SHOWN] for each in (run[0], run[-1])})
    told = [_tell(run, lines, sizes) for run in runs[:SHOWN]]
    return told + ([f"and {len(runs) - SHOWN} more places in the export"] if len(runs) > SHOWN else [])


class _Runs:
    """Tells apart runs of the same kind on consecutive entries or lines."""

    def __init__(self) -> None:
        self._last: Difference | None = None
        self._run = 0

    def __call__(self, each: Difference) -> int:
        last = self._last
        follows = (
            last is not None
            and last.kind == each.kind
            and (each.line == last.line + 1 or (each.line == last.line and each.entry == last.entry + 1))
        )
        self._run += not follows
        self._last = each
        return self._run


def _tell(run: list[Difference], lines: dict[int, bytes], sizes: list[int]) -> str:
    kind, entry, line = run[0].kind, run[0].entry, lines.get(run[0].line, b"")
    what = named(entry, run[-1].entry)
    under = next((f"checkpoint {size}" for size in sizes if size >= run[-1].entry), "any checkpoint")
    if kind == "altered":
        return f"{what} {were(run)} altered: not what was sealed under {under}{_oddity(line, entry)}"
    if kind == "deleted":
        return f"{what} {were(run)} deleted: sealed under {under}, not in the export"
    if kind == "reordered":
        return f"{what} {were(run)} reordered: sealed under {under} in another place{_oddity(line, entry)}"
    if kind == "cut":
        return f"{what} {were(run)} cut off from the end: sealed under {under}"
    if kind == "unsealed":
        return f"{what} {'are' if len(run) > 1 else 'is'} not covered by any checkpoint{_oddity(line, entry)}"
    where = f"line {run[0].line + 2}" if len(run) == 1 else f"lines {run[0].line + 2}–{run[-1].line + 2}"
    return f"{where}, after entry {entry}, {were(run)} inserted{_oddity(line, entry)}"


def named(first: int, last: int) -> str:
    return f"entry {first}" if first == last else f"entries {first}–{last}"


def were(run: list[Difference]) -> str:
    return "was" if len(run) == 1 else "were"


def _oddity(line: bytes, number: int) -> str:
    """What the line itself gives away: not a valid entry, or another entry's number."""
    try:
        entry: Entry = parse(line)
    except EvidenceError as error:
        return f" ({error})"
    return "" if entry.entry == number else f" (its own number is {entry.entry}: from another place or another ledger)"


def rewritten(sizes: list[int], agreed: set[int]) -> list[str]:
    """The checkpoints whose root neither the export nor the tiles give; `agreed` are those that one of them gives."""
    problems = []
    for size in sizes:
        later = [other for other in sizes if other > size and other in agreed]
        here = checkpoint_path(size)
        if later and size not in agreed:
            problems.append(
                f"{here} was rewritten: two roots for size {size}, its own and the one under checkpoint {later[0]}"
            )
        elif size not in agreed:
            since = max((other for other in agreed if other < size), default=0) + 1
            problems.append(
                f"{here} does not hold: neither the export nor the tiles give its root; it was rewritten, or"
                f" {named(since, size)} were altered and their tiles with them"
            )
    return problems


def irregular(export: Path, first: int) -> Iterator[str]:
    """Entries that hash as sealed and still cannot be what they should be: another number, another schema version."""
    with export.open("rb") as file:
        file.readline()
        for number, line in enumerate(file, first):
            if oddity := _oddity(line.rstrip(b"\n"), number):
                yield f"entry {number} is sealed, but not an entry to believe{oddity}"
