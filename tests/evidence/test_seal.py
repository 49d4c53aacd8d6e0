"""Sealing with a real bucket under object lock, and what a stranger finds out from the export."""

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from botocore.exceptions import ClientError
from servers import Database

from hoeder.errors import EvidenceError
from hoeder.evidence import ledger, sealing, subjects
from hoeder.evidence.bucket import Bucket
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.evidence.merkle import leaf_hash, verify_inclusion
from hoeder.evidence.note import open_note
from hoeder.evidence.seal import keys, lines, origin, pending
from hoeder.evidence.verify import verify
from hoeder.policy import load
from hoeder.pseudonym import ReferenceKey
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection

POLICY = load()
RUN = Run(POLICY.digest, "evidence_seal", None, "seal")
KEY = ReferenceKey(b"k" * 32)


def new_seed() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@dataclass
class Sealing:
    """A ledger, its bucket and its key, as the DAG has them."""

    db: ledger.Connection
    connections: dict[str, Connection]
    folder: Path
    client: object = field(repr=False)

    def resolve(self, name: str) -> Connection:
        return self.connections[name]

    def write(self, count: int = 3) -> None:
        for _ in range(count):
            with ledger.act(self.db, RUN, Activity.INVENTORY_SCAN, "crm") as act:
                act.counts = {"objects": 3}

    def seal(self) -> dict[str, int]:
        return dict(sealing.run(self.db, POLICY, self.resolve, run=RUN, now=datetime.now(UTC)))

    def export(self, name: str) -> Path:
        sealing.hand_over(self.db, self.resolve, self.folder / name)
        return self.folder / name

    @property
    def anchor(self) -> str:
        return sealing.signing_key(self.connections["ledger_key"], origin(self.db))[1].vkey

    def bucket(self) -> Bucket:
        return Bucket(self.connections["evidence_evidence_seal"])

    def verify(self, export: Path) -> int:
        return verify(export / "ledger.jsonl", export / "evidence", self.anchor).entries


@pytest.fixture
def sealed(governance: Database, s3: S3, tmp_path: Path) -> Iterator[Sealing]:
    client = s3.client("admin")
    name = f"evidence-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    access = s3.keys["admin"]
    connections = {
        "evidence_evidence_seal": Connection(
            conn_type="aws", login=access.access, password=access.secret,
            extra={"endpoint_url": s3.endpoint, "bucket": name},
        ),
        "ledger_key": Connection(conn_type="generic", password=new_seed()),
    }  # fmt: skip
    with psycopg.connect(governance.conninfo) as db:
        ledger.register_policy(db, POLICY)
        db.commit()
        yield Sealing(db, connections, tmp_path, client)


def test_what_was_sealed_can_be_verified_by_a_stranger(sealed: Sealing) -> None:
    sealed.write()
    assert sealed.seal() == {"size": 7, "entries": 7}  # six entries, and the seal's own intent
    sealed.write(200)
    sealed.seal()
    export = sealed.export("first")
    assert sealed.verify(export) == 6 + 2 + 400 + 1
    assert len(list((export / "evidence" / "checkpoint").iterdir())) == 2


def test_nothing_new_is_not_sealed_and_leaves_no_entry(sealed: Sealing) -> None:
    sealed.write()
    sealed.seal()
    assert not pending(sealed.db)
    before = len(ledger.entries(sealed.db))
    assert sealed.seal() == {}
    assert len(ledger.entries(sealed.db)) == before


def test_an_entry_that_somebody_changed_in_the_database_is_named(sealed: Sealing) -> None:
    sealed.write()
    sealed.seal()
    sealed.db.execute("set session_replication_role = replica")  # as a superuser, past the triggers
    sealed.db.execute("""update ledger set counts = '{"objects": 4}' where entry = 4""")
    sealed.db.commit()
    with pytest.raises(EvidenceError, match="entry 4 was altered"):
        sealed.verify(sealed.export("tampered"))


def test_an_entry_that_somebody_removed_is_missed_when_sealing_and_when_exporting(sealed: Sealing) -> None:
    sealed.write()
    sealed.db.execute("set session_replication_role = replica")
    sealed.db.execute("delete from ledger where entry = 3")
    sealed.db.execute("set session_replication_role = origin")
    sealed.db.commit()
    with pytest.raises(EvidenceError, match="entry 3 is missing"):
        sealed.seal()
    assert ledger.entries(sealed.db)[-1].outcome == "failed"


def test_no_administrator_deletes_a_checkpoint(sealed: Sealing) -> None:
    sealed.write()
    sealed.seal()
    client, name = sealed.client, sealed.bucket().name
    for version in client.list_object_versions(Bucket=name)["Versions"]:  # type: ignore[attr-defined]
        with pytest.raises(ClientError):
            client.delete_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])  # type: ignore[attr-defined]


def test_a_checkpoint_written_over_is_not_believed(sealed: Sealing) -> None:
    sealed.write()
    size = sealed.seal()["size"]
    sealed.client.put_object(Bucket=sealed.bucket().name, Key=f"checkpoint/{size:012}", Body=b"forged")  # type: ignore[attr-defined]
    sealed.write()
    sealed.seal()
    assert sealed.verify(sealed.export("all")) > size


def test_an_unreachable_bucket_fails_loudly_and_loses_nothing(sealed: Sealing) -> None:
    sealed.write()
    good = sealed.connections["evidence_evidence_seal"]
    sealed.connections["evidence_evidence_seal"] = good.model_copy(
        update={"extra": good.extra | {"endpoint_url": "http://127.0.0.1:9"}}
    )
    with pytest.raises(EvidenceError, match="cannot list in the evidence bucket"):
        sealed.seal()
    assert ledger.entries(sealed.db)[-1].outcome == Outcome.FAILED
    sealed.connections["evidence_evidence_seal"] = good
    assert sealed.seal()["size"] == 9
    assert sealed.verify(sealed.export("later")) == 9


@pytest.mark.parametrize("password", [None, "", "not base64!", base64.b64encode(b"short").decode()])
def test_a_lost_key_fails_loudly(sealed: Sealing, password: str | None) -> None:
    sealed.write()
    sealed.connections["ledger_key"] = Connection(conn_type="generic", password=password)
    with pytest.raises(EvidenceError, match="base64 of 32 random bytes"):
        sealed.seal()


def test_another_key_may_not_go_on(sealed: Sealing) -> None:
    sealed.write()
    sealed.seal()
    sealed.write()
    sealed.connections["ledger_key"] = Connection(conn_type="generic", password=new_seed())
    with pytest.raises(EvidenceError, match="no trusted key signed it"):
        sealed.seal()


def test_a_key_that_both_signed_for_goes_on_and_the_first_key_still_verifies_all(sealed: Sealing) -> None:
    sealed.write()
    sealed.seal()
    anchor = sealed.anchor
    password, first = sealing.rotate_key(sealed.db, POLICY, sealed.resolve, datetime.now(UTC))
    assert first == anchor
    sealed.write()
    with pytest.raises(EvidenceError, match="may not sign"):
        sealed.seal()  # with the old key
    sealed.connections["ledger_key"] = Connection(conn_type="generic", password=password, extra={"anchor": anchor})
    sealed.seal()
    assert sealed.anchor == anchor
    assert (
        sealed.verify(sealed.export("rotated"))
        == sealed.db.execute("select max(size) from ledger_checkpoint").fetchone()[0]
    )  # type: ignore[index]


def test_a_seal_that_was_killed_before_its_last_step_is_finished_by_the_next(sealed: Sealing) -> None:
    sealed.write()
    sealed.seal()
    sealed.db.execute("set session_replication_role = replica")
    sealed.db.execute("delete from ledger_checkpoint")  # as if killed between bucket and database
    sealed.db.execute("set session_replication_role = origin")
    sealed.db.commit()
    sealed.write()
    sealed.seal()
    assert sealed.db.execute("select count(*) from ledger_checkpoint").fetchone() == (2,)
    sealed.verify(sealed.export("finished"))


def test_entries_age_out_behind_a_checkpoint_only_and_the_rest_still_verifies(sealed: Sealing) -> None:
    sealed.write()
    assert sealed.db.execute("select ledger_age_out(now())").fetchone() == (0,)  # nothing is sealed
    sealed.db.rollback()
    sealed.seal()
    sealed.write(2)
    later = datetime.now(UTC) + timedelta(days=1)
    assert sealed.db.execute("select ledger_age_out(%s)", [later]).fetchone() == (7,)
    sealed.db.commit()
    assert ledger.entries(sealed.db)[0].entry == 8
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        sealed.db.execute("delete from ledger where entry = 9")
    sealed.db.rollback()
    sealed.seal()
    assert sealed.verify(sealed.export("aged")) == 13 - 7


def test_an_entry_is_proven_to_stand_in_the_ledger(sealed: Sealing) -> None:
    from hoeder.evidence.merkle import inclusion_proof
    from hoeder.evidence.tiles import Tiles

    sealed.write(10)
    size = sealed.seal()["size"]
    bucket = sealed.bucket()
    note = bucket.read(f"checkpoint/{size:012}")
    assert note is not None
    checkpoint = open_note(
        note, keys(bucket, sealing.signing_key(sealed.connections["ledger_key"], origin(sealed.db))[1])
    )
    line = list(lines(sealed.db, after=0, until=size))[4]
    proof = inclusion_proof(Tiles(bucket.read, size).node, 4, size)
    assert verify_inclusion(leaf_hash(line), 4, size, proof, checkpoint.root)
    assert not verify_inclusion(leaf_hash(line + b" "), 4, size, proof, checkpoint.root)


def test_a_person_whose_key_is_destroyed_cannot_be_found_and_the_tree_still_verifies(sealed: Sealing) -> None:
    reference = subjects.subject_ref(sealed.db, KEY, "customer", 7)
    assert subjects.subject_ref(sealed.db, KEY, "customer", "7 ") == reference
    assert subjects.subject_ref(sealed.db, KEY, "customer", 8) != reference
    intent = ledger.record_intent(sealed.db, RUN, Activity.RETENTION_ERASE, "complaint", subject_ref=reference)
    ledger.record_outcome(sealed.db, RUN, intent, Outcome.DONE)
    sealed.db.commit()
    sealed.seal()
    assert subjects.destroy_subject(sealed.db, KEY, "customer", 7)
    assert not subjects.destroy_subject(sealed.db, KEY, "customer", 7)
    assert subjects.subject_ref(sealed.db, KEY, "customer", 7) != reference
    sealed.db.commit()
    assert {e.subject_ref for e in ledger.entries(sealed.db)} == {reference, None}
    assert sealed.verify(sealed.export("erased")) == 3
