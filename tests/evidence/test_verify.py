"""An untouched ledger verifies; whatever is done to its export, checkpoints, tiles or keys is found and named."""

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoeder.errors import EvidenceError
from hoeder.evidence import export
from hoeder.evidence.entry import Entry
from hoeder.evidence.export import Header
from hoeder.evidence.folder import checkpoint_path, key_path
from hoeder.evidence.merkle import leaf_hash, root
from hoeder.evidence.note import Checkpoint, Signer, sign, succession
from hoeder.evidence.tiles import grow
from hoeder.evidence.verify import Tampered, Verified, verify

ORIGIN = "keeper.example/ledger"
KEY, NEXT, ATTACKER = (Signer(ORIGIN, bytes([at]) * 32) for at in (1, 2, 3))
START = datetime(2026, 11, 22, 16, tzinfo=UTC)
SIZES = [100, 256, 700, 1000]


def leaf(number: int, **other: object) -> bytes:
    entry = Entry(number, START + timedelta(seconds=number), "intent", "retention.erase@1", "crm.note", "dba", "a" * 64)
    return replace(entry, **other).leaf()  # type: ignore[arg-type]


def another(number: int) -> bytes:
    """An entry of another ledger."""
    return leaf(number, object="erp.invoice")


@dataclass
class Ledger:
    """An export and a mirror on disk, and what stands in them."""

    at: Path
    leaves: list[bytes]
    first: int = 1

    @property
    def exported(self) -> Path:
        return self.at / "export.jsonl"

    @property
    def folder(self) -> Path:
        return self.at / "mirror"

    def write(self, header: Header | None = None) -> None:
        header = header or Header(ORIGIN, self.first, self.first + len(self.leaves) - 1)
        self.exported.write_bytes(header.line() + b"".join(line + b"\n" for line in self.leaves))

    def put(self, path: str, content: bytes) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)

    def read(self, path: str) -> bytes | None:
        return (self.folder / path).read_bytes() if (self.folder / path).exists() else None

    def seal(self, sizes: list[int], *signers: Signer, before: int = 0) -> None:
        hashes = [leaf_hash(line) for line in self.leaves]
        for size in sizes:
            for path, content in grow(self.read, before, hashes[before:size]).items():
                self.put(path, content)
            self.put(
                checkpoint_path(size), sign(Checkpoint(ORIGIN, size, root(hashes[:size]), before), *signers or [KEY])
            )
            before = size

    def verify(self) -> Verified:
        return verify(self.exported, self.folder, KEY.vkey)

    def problems(self) -> str:
        with pytest.raises(EvidenceError) as caught:
            self.verify()
        return str(caught.value)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = Ledger(tmp_path_factory.mktemp("sealed"), [leaf(number) for number in range(1, SIZES[-1] + 1)])
    ledger.write()
    ledger.seal(SIZES)
    return ledger.at


@pytest.fixture
def ledger(sealed: Path, tmp_path: Path) -> Ledger:
    return fresh(sealed, tmp_path / "ledger")


def fresh(sealed: Path, at: Path) -> Ledger:
    shutil.copytree(sealed, at)
    return Ledger(at, [leaf(number) for number in range(1, SIZES[-1] + 1)])


def test_an_untouched_ledger_verifies(ledger: Ledger) -> None:
    expected = Verified(
        ORIGIN, 1, 1000, 4, root([leaf_hash(line) for line in ledger.leaves]), START + timedelta(seconds=1000)
    )
    assert ledger.verify() == expected
    assert expected.entries == 1000


def test_a_large_ledger_is_hashed_in_pieces_to_the_same_end(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ledger.verify()
    monkeypatch.setattr(export, "PIECE", 10_000)
    assert ledger.verify() == whole
    monkeypatch.setattr(export, "PARALLEL_FROM", 0)
    assert ledger.verify() == whole
    ledger.leaves[811] = leaf(812, actor="root")
    ledger.write()
    assert "entry 812 was altered" in ledger.problems()


@pytest.mark.parametrize("first", [2, 256, 257, 258, 701, 1000])
def test_entries_that_aged_out_are_known_by_their_hashes(ledger: Ledger, first: int) -> None:
    ledger.leaves, ledger.first = ledger.leaves[first - 1 :], first
    ledger.write()
    assert (ledger.verify().first, ledger.verify().entries) == (first, 1001 - first)
    ledger.leaves[-1] = another(1000)
    ledger.write()
    assert "entry 1000 was altered: not what was sealed under checkpoint 1000" in ledger.problems()
    (ledger.folder / "tile/0/000").unlink()
    assert "tile/0/000" in ledger.problems()


def test_keys_are_rotated_and_the_first_one_still_vouches(ledger: Ledger) -> None:
    ledger.leaves += [leaf(number) for number in range(1001, 1301)]
    ledger.write()
    ledger.seal([1200, 1300], NEXT, before=1000)
    assert "checkpoint/000000001200: no trusted key signed it" in ledger.problems()
    ledger.put(key_path(NEXT.key), succession(KEY, NEXT))
    assert ledger.verify().checkpoints == 6
    with pytest.raises(EvidenceError, match="keys: new key"):
        verify(ledger.exported, ledger.folder, NEXT.vkey)
    before = Checkpoint(ORIGIN, 1300, ledger.verify().root, 1200)
    ledger.put(checkpoint_path(1300), sign(before, KEY))
    assert (
        f"checkpoint/000000001300 was rewritten: signed by key {KEY.key.id.hex()}, which had been" in ledger.problems()
    )


# Each takes a ledger and an entry's number between 2 and 999, changes something, and says what must be found.
Tampering = Callable[[Ledger, int], str]


def alter(ledger: Ledger, number: int) -> str:
    ledger.leaves[number - 1] = leaf(number, counts={"erased": 1})
    ledger.write()
    return f"entry {number} was altered: not what was sealed under checkpoint {min(s for s in SIZES if s >= number)}\n"


def alter_outside_json(ledger: Ledger, number: int) -> str:
    ledger.leaves[number - 1] += b" "
    ledger.write()
    return rf"entry {number} was altered: .* \(entry {number} is not written canonically"


def alter_and_renumber(ledger: Ledger, number: int) -> str:
    del ledger.leaves[number - 1]
    ledger.leaves[number - 1 :] = [leaf(at + 1, entry=at) for at in range(number, 1000)]
    ledger.write()
    what = "entry 999 was" if number == 999 else f"entries {number}–999 were"
    return f"{what} altered: .*(.|\n)*entry 1000 was cut off"


def delete(ledger: Ledger, number: int) -> str:
    del ledger.leaves[number - 1]
    ledger.write(Header(ORIGIN, 1, 1000))
    return f"has 999 of 1000 entries: truncated\n(.|\n)*entry {number} was deleted"


def delete_and_fix_header(ledger: Ledger, number: int) -> str:
    del ledger.leaves[number - 1]
    ledger.write()
    return f"entry {number} was deleted: sealed under checkpoint"


def insert(ledger: Ledger, number: int) -> str:
    ledger.leaves.insert(number, another(number + 1))
    ledger.write()
    return rf"line {number + 2}, after entry {number}, was inserted \(its own number is {number + 1}: from another"


def repeat(ledger: Ledger, number: int) -> str:
    ledger.leaves.insert(number, ledger.leaves[number - 1])
    ledger.write()
    return f"line {number + 2}, after entry {number}, was inserted"


def swap(ledger: Ledger, number: int) -> str:
    pair = slice(number - 1, number + 1)
    ledger.leaves[pair] = ledger.leaves[pair][::-1]
    ledger.write()
    return f"entries {number}–{number + 1} were reordered: .*its own number is {number + 1}"


def cut_tail(ledger: Ledger, number: int) -> str:
    del ledger.leaves[number - 1 :]
    ledger.write(Header(ORIGIN, 1, 1000))
    return f"has {number - 1} of 1000 entries: truncated(.|\n)*entries {number}–1000 were cut off from the end"


def cut_tail_and_fix_header(ledger: Ledger, number: int) -> str:
    del ledger.leaves[number - 1 :]
    ledger.write()
    return f"entries {number}–1000 were cut off from the end: sealed under checkpoint"


def cut_inside_the_last_line(ledger: Ledger, number: int) -> str:
    ledger.exported.write_bytes(ledger.exported.read_bytes()[: -number % 200 - 201])
    return "is not complete: truncated"


def cut_the_last_newline(ledger: Ledger, number: int) -> str:
    ledger.exported.write_bytes(ledger.exported.read_bytes()[:-1])
    return "last line, 1001, is not complete: truncated"


def raise_the_header(ledger: Ledger, number: int) -> str:
    ledger.write(Header(ORIGIN, number, 1000 + number))
    rest = f"truncated\n(.|\n)*line(s 2–{number})?( 2)?, after entry {number - 1}, (was|were) inserted"
    return f"has 1000 of 1001 entries: {rest}"


def lower_the_header(ledger: Ledger, number: int) -> str:
    ledger.write(Header(ORIGIN, 1, number))
    return f"says it ends at {number} and has {1000 - number} entries more"


def add_unsealed(ledger: Ledger, number: int) -> str:
    ledger.leaves += [leaf(1000 + at) for at in range(1, number)]
    ledger.write()
    return "entry 1001 is not covered by any" if number == 2 else f"entries 1001–{999 + number} are not covered by any"


def merge(ledger: Ledger, number: int) -> str:
    ledger.leaves += [another(at) for at in range(1, number + 1)]
    ledger.write()
    return rf"entries 1001–{1000 + number} are not covered by any checkpoint \(its own number is 1: from another"


def interleave(ledger: Ledger, number: int) -> str:
    ledger.leaves[number:number] = [another(at) for at in range(1, 4)]
    ledger.write()
    lines = f"lines {number + 2}–{number + 4}, after entry {number}, were inserted"
    return rf"{lines} \(its own number is 1: from another place or another ledger\)"


def rewrite_with_another_key(ledger: Ledger, number: int) -> str:
    size = SIZES[number % 4]
    ledger.put(checkpoint_path(size), sign(Checkpoint(ORIGIN, size, bytes(32)), ATTACKER))
    return f"checkpoint/{size:012}: no trusted key signed it; it is signed by {ORIGIN}.{ATTACKER.key.id.hex()}"


def rewrite_everything_with_another_key(ledger: Ledger, number: int) -> str:
    shutil.rmtree(ledger.folder)
    alter(ledger, number)
    ledger.seal(SIZES, ATTACKER)
    return "checkpoint/000000000100: no trusted key signed it(.|\n)*no checkpoint is left"


def rewrite_a_checkpoint_with_the_key(ledger: Ledger, number: int) -> str:
    at = number % 3
    before = [0, *SIZES][at]
    ledger.put(checkpoint_path(SIZES[at]), sign(Checkpoint(ORIGIN, SIZES[at], bytes(32), before), KEY))
    return f"checkpoint/{SIZES[at]:012} was rewritten: two roots for size {SIZES[at]}, .*checkpoint {SIZES[at + 1]}\n"


def rewrite_the_last_checkpoint_with_the_key(ledger: Ledger, number: int) -> str:
    ledger.put(checkpoint_path(1000), sign(Checkpoint(ORIGIN, 1000, bytes(32), 700), KEY))
    return "checkpoint/000000001000 does not hold: .* rewritten, or entries 701–1000 were altered"


def alter_and_rewrite_tiles(ledger: Ledger, number: int) -> str:
    alter(ledger, number)
    tiles = grow(lambda _: None, 0, [leaf_hash(line) for line in ledger.leaves])
    for path, content in tiles.items():
        ledger.put(path, content)
    at = next(at for at, size in enumerate(SIZES) if size >= number)
    return f"checkpoint/{SIZES[at]:012} does not hold: .* or entries {[0, *SIZES][at] + 1}–{SIZES[at]} were"


def remove_a_checkpoint(ledger: Ledger, number: int) -> str:
    at = number % 3
    (ledger.folder / checkpoint_path(SIZES[at])).unlink()
    return f"checkpoint/{SIZES[at]:012} is missing: checkpoint/{SIZES[at + 1]:012} follows it"


def remove_the_last_checkpoint(ledger: Ledger, number: int) -> str:
    (ledger.folder / checkpoint_path(1000)).unlink()
    return "entries 701–1000 are not covered by any"


def remove_the_last_checkpoint_and_its_entries(ledger: Ledger, number: int) -> str:
    (ledger.folder / checkpoint_path(1000)).unlink()
    del ledger.leaves[700:]
    ledger.write()
    return r"tile/0/003.p/232 holds hashes up to entry 1000, and the last checkpoint ends at 700"


def remove_all_checkpoints(ledger: Ledger, number: int) -> str:
    shutil.rmtree(ledger.folder / "checkpoint")
    return "holds no checkpoint"


def rename_a_checkpoint(ledger: Ledger, number: int) -> str:
    (ledger.folder / checkpoint_path(700)).rename(ledger.folder / checkpoint_path(700 + number % 299 + 1))
    return "the checkpoint of size 700 under another's name"


def fork_the_row(ledger: Ledger, number: int) -> str:
    size = 700 + number % 299 + 1
    ledger.put(
        checkpoint_path(size),
        sign(Checkpoint(ORIGIN, size, root(list(map(leaf_hash, ledger.leaves[:size]))), 700), KEY),
    )
    return f"1000 says that it follows checkpoint/000000000700, and checkpoint/{size:012} stands between: two histories"


def add_another_ledgers_checkpoint(ledger: Ledger, number: int) -> str:
    other = Signer("other.example/ledger", bytes(32))
    ledger.put(checkpoint_path(number), sign(Checkpoint("other.example/ledger", number, bytes(32)), other, KEY))
    return f"checkpoint/{number:012}: a checkpoint of another ledger, other.example/ledger"


def remove_a_tile(ledger: Ledger, number: int) -> str:
    path = ["tile/0/000", "tile/0/002", "tile/0/003.p/232", "tile/1/000.p/3"][number % 4]
    (ledger.folder / path).unlink()
    return f"{path} is missing"


def alter_a_tile(ledger: Ledger, number: int) -> str:
    path = "tile/0/003.p/232" if number > 768 else f"tile/0/{(number - 1) // 256:03}"
    content = bytearray((ledger.folder / path).read_bytes())
    content[(number - 1) % 256 * 32] ^= 1
    ledger.put(path, bytes(content))
    return f"{path} was altered: its hash of entry {number} is another"


def alter_an_upper_tile(ledger: Ledger, number: int) -> str:
    ledger.put("tile/1/000.p/3", bytes(96))
    return "tile/1/000.p/3 was altered: its hash of entries 1–256 is another"


def shorten_a_tile(ledger: Ledger, number: int) -> str:
    ledger.put("tile/0/001", bytes(number))
    return f"tile/0/001 was altered: it has {number} bytes instead of 8192"


def alter_an_entry_and_another_tile(ledger: Ledger, number: int) -> str:
    ledger.leaves[999] = another(1000)
    ledger.write()
    number = min(number, 256)
    return alter_a_tile(ledger, number) + "|does not hold"


def add_a_strange_file(ledger: Ledger, number: int) -> str:
    ledger.put(f"tile/0/{number}", b"")
    return f"tile/0/{number} is not a file of a ledger" if number < 100 else "tile/0/"


def seal_a_future_schema(ledger: Ledger, number: int) -> str:
    ledger.leaves[number - 1] = ledger.leaves[number - 1].replace(b'"schema":1', b'"schema":2')
    return reseal(ledger, rf"entry {number} is sealed, but .*\(entry {number} has schema 2; this version")


def seal_wrong_numbers(ledger: Ledger, number: int) -> str:
    ledger.leaves[number - 1] = leaf(number, entry=number + 1)
    return reseal(ledger, rf"entry {number} is sealed, but .*\(its own number is {number + 1}: ")


def reseal(ledger: Ledger, found: str) -> str:
    ledger.write()
    shutil.rmtree(ledger.folder)
    ledger.seal(SIZES)
    return found


def future_schema_in_the_export(ledger: Ledger, number: int) -> str:
    ledger.leaves[number - 1] = ledger.leaves[number - 1].replace(b'"schema":1', b'"schema":7')
    ledger.write()
    return rf"entry {number} was altered: .* \(entry {number} has schema 7; this version of Hoeder reads schema 1"


TAMPERINGS: list[Tampering] = [
    alter, alter_outside_json, alter_and_renumber, delete, delete_and_fix_header, insert, repeat, swap, cut_tail,
    cut_tail_and_fix_header, cut_inside_the_last_line, cut_the_last_newline, raise_the_header, lower_the_header,
    add_unsealed, merge, interleave, rewrite_with_another_key, rewrite_everything_with_another_key,
    rewrite_a_checkpoint_with_the_key, rewrite_the_last_checkpoint_with_the_key, alter_and_rewrite_tiles,
    remove_a_checkpoint, remove_the_last_checkpoint, remove_the_last_checkpoint_and_its_entries, remove_all_checkpoints,
    rename_a_checkpoint, fork_the_row, add_another_ledgers_checkpoint, remove_a_tile, alter_a_tile, alter_an_upper_tile,
    shorten_a_tile, alter_an_entry_and_another_tile, add_a_strange_file, seal_a_future_schema, seal_wrong_numbers,
    future_schema_in_the_export,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(2, 999))
def test_tampering_is_found_and_named(sealed: Path, tmp_path: Path, tamper: Tampering, number: int) -> None:
    ledger = fresh(sealed, tmp_path / f"{number}-{random.random()}")
    try:
        expected = tamper(ledger, number)
        assert re.search(expected, ledger.problems() + "\n"), ledger.problems()
    finally:
        shutil.rmtree(ledger.at)


def test_a_first_entry_with_another_number_is_named(ledger: Ledger) -> None:
    found = seal_wrong_numbers(ledger, 1)
    assert re.search(f"verify:\n  {found}", ledger.problems()), ledger.problems()


def test_a_copied_entry_is_told_from_a_moved_one(ledger: Ledger) -> None:
    ledger.leaves[4] = another(5)
    ledger.leaves.insert(600, ledger.leaves[299])
    ledger.write()
    assert "line 602, after entry 600, was inserted (its own number is 300" in ledger.problems()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bit_of_the_export_can_be_turned(sealed: Path, tmp_path: Path, data: st.DataObject) -> None:
    ledger = Ledger(sealed, [])
    content = bytearray(ledger.exported.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    changed = tmp_path / "export.jsonl"
    changed.write_bytes(content)
    with pytest.raises(EvidenceError):
        verify(changed, ledger.folder, KEY.vkey)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"", "not an export"), (b"\n", "not an export"), (b"[1]\n", "not an export"),
        (leaf(1) + b"\n", "not an export"), (b"[" * 9000 + b"\n", "not an export"),
        (Header(ORIGIN, 1, 0).line(), "is empty"), (Header(ORIGIN, 5, 4).line(), "is empty"),
        (Header(ORIGIN, 1, 1000).line(), "has 0 of 1000 entries: truncated"),
        (Header(ORIGIN, 0, 1000).line(), "damaged"), (Header(ORIGIN, True, 1000).line(), "damaged"),
        (Header(ORIGIN, 5000, 5000).line(), "at entry 5000, and the last checkpoint ends at 1000"),
        (Header("other.example", 1, 1000).line(), "is of ledger other.example, the key of keeper.example/ledger"),
        (Header(ORIGIN, 1, 1000).line().replace(b'schema":1', b'schema":2'), "an export of another schema"),
        (Header(ORIGIN, 1, 1000).line()[:-1], "not an export"),
    ],
)  # fmt: skip
def test_an_export_that_is_none_is_refused(ledger: Ledger, content: bytes, wrong: str) -> None:
    ledger.exported.write_bytes(content)
    assert re.search(wrong, ledger.problems())


def test_what_is_not_there_is_never_valid(ledger: Ledger) -> None:
    with pytest.raises(EvidenceError, match="cannot be read"):
        verify(ledger.at / "nothing", ledger.folder, KEY.vkey)
    with pytest.raises(EvidenceError, match="is not there"):
        verify(ledger.exported, ledger.at / "nothing", KEY.vkey)
    (ledger.at / "empty").mkdir()
    with pytest.raises(EvidenceError, match="nothing vouches"):
        verify(ledger.exported, ledger.at / "empty", KEY.vkey)


def test_a_key_that_does_not_match_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Tampered, match=f"no trusted key signed it; it is signed by .*{KEY.key.id.hex()}"):
        verify(ledger.exported, ledger.folder, ATTACKER.vkey)
    with pytest.raises(EvidenceError, match="not an Ed25519 verifier key"):
        verify(ledger.exported, ledger.folder, "")
