"""What the ledger's proofs cost: verifying an export against only hashing it, and proving each appended entry.

.venv/bin/python bench/ledger.py [entries]
"""
# not a DAG: it may import what it measures

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from hoeder.evidence.entry import Entry
from hoeder.evidence.export import Header
from hoeder.evidence.folder import checkpoint_path
from hoeder.evidence.ledger import Activity, Run, record_intent, register_names
from hoeder.evidence.merkle import Compact, inclusion_proof, leaf_hash, verify_inclusion
from hoeder.evidence.note import Checkpoint, Signer, sign
from hoeder.evidence.seal import lines
from hoeder.evidence.tiles import Tiles, grow
from hoeder.evidence.verify import verify
from hoeder.governance import migrate
from hoeder.stack import postgres
from hoeder.stores.connection import Connection, connect

KEY = Signer("bench.example/ledger", bytes(range(32)))
SEALS = 100  # checkpoints in the verified ledger
BATCH = 1000  # entries to a checkpoint where entries are appended
ROUNDS = 3  # the best of


@dataclass(frozen=True)
class Measured:
    """Seconds for `entries` of so many bytes together: hashing alone, and verifying."""

    entries: int
    bytes: int
    hashing: float
    verifying: float


def entry(number: int) -> Entry:
    return Entry(
        entry=number,
        time=datetime(2026, 11, 22, tzinfo=UTC) + timedelta(milliseconds=number),
        phase="outcome",
        activity="retention.erase@1",
        object="crm.contact_message",
        actor="hoeder_retention",
        policy="5e" * 32,
        counts={"planned": 120, "erased": 117, "held": 3},
        intent=max(1, number - 1),
        outcome="done",
        dag="retention",
        run="scheduled__2026-11-22T00:00:00+00:00",
        task="erase",
        trace="ab" * 16,
        span="cd" * 8,
    )


def write_ledger(at: Path, entries: int) -> tuple[Path, Path]:
    """A sealed ledger of that many entries: its export and its folder."""
    exported, folder = at / "export.jsonl", at / "mirror"
    leaves = []
    with exported.open("wb") as file:
        file.write(Header(KEY.key.name, 1, entries).line())
        for number in range(1, entries + 1):
            leaf = entry(number).leaf()
            file.write(leaf + b"\n")
            leaves.append(leaf_hash(leaf))
    for path, content in grow(lambda _: None, 0, leaves).items():
        put(folder / path, content)
    tree = Compact()
    for seal in range(1, SEALS + 1):
        before = tree.size
        tree.extend(leaves[before : entries * seal // SEALS])
        head = Checkpoint(KEY.key.name, tree.size, tree.root(), before)
        put(folder / checkpoint_path(tree.size), sign(head, KEY))
    return exported, folder


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def hash_only(exported: Path) -> None:
    with exported.open("rb") as file:
        file.readline()
        for line in file:
            sha256(b"\x00" + line[:-1]).digest()


def verification(entries: int) -> Measured:
    """Verify a ledger of that many entries, and hash its lines in one plain loop; the best of a few rounds each."""
    with tempfile.TemporaryDirectory() as at:
        exported, folder = write_ledger(Path(at), entries)
        hashing, verifying = [], []
        for _ in range(ROUNDS):
            start = perf_counter()
            hash_only(exported)
            middle = perf_counter()
            verified = verify(exported, folder, KEY.vkey)
            verifying.append(perf_counter() - middle)
            hashing.append(middle - start)
            assert verified.entries == entries  # noqa: S101
        return Measured(entries, exported.stat().st_size, min(hashing), min(verifying))


def prove(files: dict[str, bytes], tree: Compact, leaves: Sequence[bytes]) -> int:
    """Append leaf hashes to a tree and its tiles, sign the head, prove every one in it; returns hashes proven."""
    before = tree.size
    files |= grow(files.get, before, leaves)
    tree.extend(leaves)
    sign(Checkpoint(KEY.key.name, tree.size, tree.root(), before), KEY)
    node, root = Tiles(files.get, tree.size).node, tree.root()
    for index, leaf in enumerate(leaves, before):
        proof = inclusion_proof(node, index, tree.size)
        if index == before and not verify_inclusion(leaf, index, tree.size, proof, root):
            raise AssertionError("a proof does not hold")
    return len(leaves)


def proof_rate(entries: int) -> float:
    """Entries a second, without a database: canonical bytes, tiles, checkpoints, and an inclusion proof of each."""
    files: dict[str, bytes] = {}
    tree = Compact()
    written = [entry(number) for number in range(1, entries + 1)]
    start = perf_counter()
    for at in range(0, entries, BATCH):
        prove(files, tree, [leaf_hash(one.leaf()) for one in written[at : at + BATCH]])
    return entries / (perf_counter() - start)


def append_rate(entries: int) -> float:
    """Entries a second into PostgreSQL, each sealed and proven: insert, read back, hash, tiles, signature, proof."""
    home = Path(tempfile.mkdtemp(prefix="hoeder-bench-"))
    try:
        server = postgres.start(home, "bench")
        owner = Connection(
            conn_type="postgres", host=server.host, port=server.port, login=server.superuser, password=server.password,
            schema="postgres",
        )  # fmt: skip
        migrate.upgrade(owner)
        run = Run("0" * 64, "retention", None, "erase")
        files: dict[str, bytes] = {}
        tree = Compact()
        with connect(owner) as db:
            register_names(db, run.policy_digest, ["complaint"])
            db.commit()
            start = perf_counter()
            for at in range(0, entries, BATCH):
                for one in range(BATCH):
                    reference = sha256(str(at + one).encode()).digest()[:16]
                    record_intent(db, run, Activity.RETENTION_ERASE, "complaint", subject_ref=reference)
                db.commit()
                prove(files, tree, [leaf_hash(line) for line in lines(db, after=tree.size)])
            return tree.size / (perf_counter() - start)
    finally:
        postgres.stop(home)
        shutil.rmtree(home, ignore_errors=True)


def main(entries: int) -> None:
    measured = verification(entries)
    table = Table(title=f"Ledger of {entries:,} entries ({measured.bytes / 1e6:.0f} MB), {os.cpu_count()} cores")
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_row("hash every line, one plain loop", f"{measured.hashing:.2f} s")
    table.add_row(f"verify against {SEALS} checkpoints and all tiles", f"{measured.verifying:.2f} s")
    table.add_row("verify ÷ hash", f"{measured.verifying / measured.hashing:.2f}")
    table.add_row(
        f"append with proofs, no database, sealed each {BATCH:,}", f"{proof_rate(min(entries, 50_000)):,.0f} entries/s"
    )
    table.add_row(
        f"append with proofs in PostgreSQL, sealed each {BATCH:,}",
        f"{append_rate(min(entries, 50_000)):,.0f} entries/s",
    )
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
