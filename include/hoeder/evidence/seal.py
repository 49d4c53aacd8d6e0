"""Seal: sign the ledger as it stands. From then on no entry can change without the signature telling.

Tiles and checkpoint go to the bucket first and into the governance database last. A seal that was interrupted is
finished by the next one: what is in the bucket counts, and nothing there is ever written over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from hoeder.errors import EvidenceError
from hoeder.evidence import entry as leaves
from hoeder.evidence.bucket import Bucket
from hoeder.evidence.ledger import Connection, Entry
from hoeder.evidence.merkle import Compact, leaf_hash
from hoeder.evidence.note import Checkpoint, Key, Signer, open_note, sign, succession, trusted_keys
from hoeder.evidence.tiles import Tiles, grow

CHECKPOINTS = "checkpoint/"
KEYS = "keys/"


@dataclass(frozen=True)
class Sealed:
    """What the new checkpoint commits to, and how many entries it added."""

    checkpoint: Checkpoint
    added: int


def seal(db: Connection, bucket: Bucket, signer: Signer, *, anchor: Key, until: datetime) -> Sealed:
    """Sign everything that is committed.

    `anchor` is the ledger's first key, from which the signer's must follow.

    Raises EvidenceError, having signed nothing, where the bucket does not answer, where it does not hold what was
    sealed before, or where the key is not the one that may sign now. Commits.
    """
    chain = keys(bucket, anchor)
    if chain[-1] != signer.key:
        raise EvidenceError(
            f"key {signer.key.id.hex()} may not sign: the ledger's key is {chain[-1].id.hex()}. Nothing was sealed and "
            "no entry is lost; restore that key, or let this one follow it: hoeder ledger rotate-key"
        )
    before = last_checkpoint(bucket, chain)
    _compare(db, bucket, before)
    size = before.size if before else 0
    added = [leaf_hash(line) for line in lines(db, after=size)]
    if not added:
        raise EvidenceError(f"there is nothing to seal: checkpoint {size} covers the whole ledger")
    tree = _tree(bucket, before)
    tree.extend(added)
    checkpoint = Checkpoint(origin(db), tree.size, tree.root(), previous=size)
    for path, content in grow(bucket.read, size, added).items():
        bucket.write(path, content, until)
    note = sign(checkpoint, signer)
    bucket.write(f"{CHECKPOINTS}{checkpoint.size:012}", note, until)
    _remember(db, checkpoint, note)
    return Sealed(checkpoint, len(added))


def pending(db: Connection) -> bool:
    """Whether anything but earlier seals was added since the last checkpoint."""
    row = db.execute(
        """select exists (select from ledger where act <> 'seal'
                          and entry > (select coalesce(max(size), 0) from ledger_checkpoint))"""
    ).fetchone()
    db.commit()
    return bool(row and row[0])


def rotate(bucket: Bucket, old: Signer, new: Signer, *, anchor: Key, until: datetime) -> None:
    """Let a new key follow: both sign for it. From then on only the new key may seal."""
    if (latest := keys(bucket, anchor)[-1]) != old.key:
        raise EvidenceError(
            f"only the latest key, {latest.id.hex()}, can name a successor; this one is {old.key.id.hex()}"
        )
    bucket.write(f"{KEYS}{new.key.id.hex()}", succession(old, new), until)


def keys(bucket: Bucket, anchor: Key) -> list[Key]:
    """The anchor and its successors in the bucket, oldest first."""
    notes = [bucket.read(path) or b"" for path in bucket.paths(KEYS)]
    return trusted_keys(anchor.vkey, notes)


def last_checkpoint(bucket: Bucket, chain: Sequence[Key]) -> Checkpoint | None:
    """The newest checkpoint in the bucket, opened with the ledger's keys. Raises EvidenceError for any other's."""
    path = max(bucket.paths(CHECKPOINTS), default=None)
    if path is None:
        return None
    try:
        return open_note(bucket.read(path) or b"", chain)
    except EvidenceError as error:
        raise EvidenceError(
            f"{path} in bucket {bucket.name}: {error}; nothing was sealed and no entry is lost"
        ) from error


def lines(db: Connection, *, after: int, until: int | None = None) -> Iterator[bytes]:
    """The canonical bytes of entries in order, streamed. Raises EvidenceError at a number that is missing."""
    expected = after + 1
    query = "select * from ledger where entry > %s and entry <= %s order by entry"
    with db.transaction(), db.cursor(name="leaves", row_factory=class_row(Entry)) as cursor:
        cursor.itersize = 5_000
        for found in cursor.execute(query, [after, until or 2**62]):
            if found.entry != expected:
                raise EvidenceError(
                    f"entry {expected} is missing from the ledger: after {expected - 1} comes {found.entry}"
                )
            expected += 1
            yield leaf(found)


def leaf(found: Entry) -> bytes:
    """An entry as the bytes that are hashed and exported."""
    return leaves.Entry(
        entry=found.entry,
        time=found.recorded_at,
        phase=found.phase,
        activity=found.activity,
        object=found.object,
        actor=found.actor,
        policy=found.policy_digest,
        counts=found.counts,
        intent=found.intent,
        outcome=found.outcome,
        case=found.case_id,
        subject=found.subject_ref,
        digest=found.digest,
        dag=found.dag_id,
        run=found.run_id,
        task=found.task_id,
        trace=found.trace_id.hex() if found.trace_id else None,
        span=found.span_id.hex() if found.span_id else None,
    ).leaf()


def origin(db: Connection) -> str:
    """The ledger's name in its checkpoints and keys."""
    row = db.execute("select origin from ledger_origin").fetchone()
    if row is None:
        raise EvidenceError("the governance database has no ledger: run hoeder governance upgrade")
    return str(row[0])


def _tree(bucket: Bucket, before: Checkpoint | None) -> Compact:
    """The tree as it was signed last, from its tiles."""
    tree = Compact()
    if before is None:
        return tree
    tiles = Tiles(bucket.read, before.size)
    for level in reversed(range(before.size.bit_length())):
        if before.size >> level & 1:
            tree.extend([tiles.node(level, tree.size >> level)], level)
    if tree.root() != before.root:
        raise EvidenceError(
            f"the tiles in bucket {bucket.name} do not add up to checkpoint {before.size}; nothing was sealed"
        )
    return tree


def _compare(db: Connection, bucket: Bucket, before: Checkpoint | None) -> None:
    """The database's last checkpoint must be in the bucket; the bucket may be one ahead, after an interrupted seal."""
    row = db.execute("select size, root from ledger_checkpoint order by size desc limit 1").fetchone()
    if row and (before is None or before.size < row[0]):
        raise EvidenceError(f"checkpoint {row[0]} was signed and is not in bucket {bucket.name}; nothing was sealed")
    if row and before and before.size == row[0] and before.root != bytes(row[1]):
        raise EvidenceError(
            f"checkpoint {row[0]} in bucket {bucket.name} has another root than the one that was signed"
        )
    if before and (row is None or row[0] < before.size):
        _remember(db, before, bucket.read(f"{CHECKPOINTS}{before.size:012}") or b"")


def _remember(db: Connection, checkpoint: Checkpoint, note: bytes) -> None:
    db.execute(
        "insert into ledger_checkpoint (size, root, note) values (%s, %s, %s)",
        [checkpoint.size, checkpoint.root, note.decode()],
    )
    db.commit()
