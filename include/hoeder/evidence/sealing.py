"""The capability behind DAG `evidence_seal`: seal the ledger with the configured key, and say so in the ledger."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hoeder.clock import add_months
from hoeder.errors import EvidenceError
from hoeder.evidence import ledger
from hoeder.evidence.bucket import Bucket
from hoeder.evidence.export import Header
from hoeder.evidence.note import Key, Signer
from hoeder.evidence.seal import lines, origin, pending, rotate, seal
from hoeder.policy import Policy
from hoeder.stores.connection import Connection, Resolver


def run(
    db: ledger.Connection, policy: Policy, resolve: Resolver, *, run: ledger.Run, now: datetime
) -> Mapping[str, int]:
    """Sign what was added since the last checkpoint; its size and the number of entries, or nothing if there are none.

    Raises EvidenceError where the key is missing or wrong or the bucket does not answer: nothing is sealed then, the
    failure is in the ledger, and the next run seals everything.
    """
    if not pending(db):
        return {}
    with ledger.act(db, run, ledger.Activity.EVIDENCE_SEAL, "ledger") as act:
        signer, anchor = signing_key(resolve("ledger_key"), origin(db))
        until = locked_until(now, policy)
        sealed = seal(db, Bucket(resolve("evidence_evidence_seal")), signer, anchor=anchor, until=until)
        act.counts = {"size": sealed.checkpoint.size, "entries": sealed.added}
        act.digest = sealed.checkpoint.root.hex()
    return act.counts


@dataclass(frozen=True)
class HandedOver:
    """What an export holds: entries up to the last checkpoint, and how many came after it."""

    entries: int
    size: int
    unsealed: int


def hand_over(db: ledger.Connection, resolve: Resolver, folder: Path) -> HandedOver:
    """Write the sealed entries to `ledger.jsonl` in a new or empty folder, and what the bucket holds to `evidence/`.

    Raises EvidenceError where the folder is not empty or nothing was sealed yet.
    """
    if folder.exists() and any(folder.iterdir()):
        raise EvidenceError(f"{folder} is not empty: choose a new folder for the export")
    row = db.execute(
        """select (select coalesce(max(size), 0) from ledger_checkpoint), min(entry), max(entry) from ledger"""
    ).fetchone()
    size, first, last = row or (0, None, None)
    db.commit()
    if not size or first is None or first > size:
        raise EvidenceError("nothing is sealed yet: run DAG evidence_seal first")
    folder.mkdir(parents=True, exist_ok=True)
    Bucket(resolve("evidence_evidence_seal")).mirror(folder / "evidence")
    draft = folder / "ledger.jsonl.part"
    with draft.open("wb") as file:
        file.write(Header(origin(db), first, size).line())
        db.commit()
        for line in lines(db, after=first - 1, until=size):
            file.write(line + b"\n")
    draft.rename(folder / "ledger.jsonl")
    return HandedOver(entries=size - first + 1, size=size, unsealed=last - size)


def rotate_key(db: ledger.Connection, policy: Policy, resolve: Resolver, now: datetime) -> tuple[str, str]:
    """Make a key that follows the present one; the new connection password and the anchor's public key."""
    name = origin(db)
    signer, anchor = signing_key(resolve("ledger_key"), name)
    seed = secrets.token_bytes(32)
    bucket = Bucket(resolve("evidence_evidence_seal"))
    rotate(bucket, signer, Signer(name, seed), anchor=anchor, until=locked_until(now, policy))
    return base64.b64encode(seed).decode(), anchor.vkey


def signing_key(connection: Connection, name: str) -> tuple[Signer, Key]:
    """The key that signs now, and the ledger's first one: extra `anchor`, or the same key where it was never changed.

    Raises EvidenceError where the connection's password is not the base64 of 32 bytes.
    """
    try:
        seed = base64.b64decode(connection.password or "", validate=True)
    except binascii.Error:
        seed = b""
    if len(seed) != 32:
        raise EvidenceError(
            "connection ledger_key: the password must be the base64 of 32 random bytes; nothing was sealed"
        )
    signer = Signer(name, seed)
    anchor = connection.extra.get("anchor")
    return signer, Key.parse(str(anchor)) if anchor else signer.key


def locked_until(now: datetime, policy: Policy) -> datetime:
    """Until when what is written now cannot be deleted."""
    end = add_months(now.date(), 12 * policy.organisation.locked_years)
    return now.replace(year=end.year, month=end.month, day=end.day)
