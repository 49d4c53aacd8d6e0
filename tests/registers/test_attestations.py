"""Attestations: who may state what, until when, on which document; nothing overwritten, and what ends is seen."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seeded import RUN, TODAY, plain, policy, scanned

from hoeder.errors import HoederError
from hoeder.evidence.ledger import Connection
from hoeder.policy import Policy
from hoeder.registers import Finding, Kind, refresh
from hoeder.registers.alarms import alarms
from hoeder.registers.attestations import (
    Attestation,
    Document,
    attest,
    attestations,
    read_document,
    withdraw,
)
from hoeder.registers.content import registers

PAPER = Document("d" * 64, 1200, "application/pdf")
OTHER = Document("e" * 64, 1, "text/plain")


def kind(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": name, "nl": name, "en": name, "because": "b", "attested_by": ["clerk"], "months": 12,
            "warn_days": 30} | more  # fmt: skip


def with_kinds(*kinds: dict[str, Any]) -> Policy:
    return policy(plain() | {"attestations": list(kinds)})


TRAINING = with_kinds(kind("training"))
CERTIFICATE = with_kinds(kind("iso", own_day=True, covers="stores", months=36))


@pytest.fixture
def db(db: Connection) -> Connection:
    """Nothing of what earlier tests stated stands."""
    for said in (TRAINING, CERTIFICATE):
        for one in attestations(db, said.attestations[0].kind):
            if one.withdrawn_at is None:
                withdraw(db, said, RUN, one.attestation, "mistake", by="clerk")
    return db


@pytest.fixture
def untouched(seen: Connection) -> Iterator[Connection]:
    """For tests in which nothing may be written."""
    yield seen
    assert seen.execute("select count(*) from attestation").fetchone() == (0,)
    assert seen.execute("select count(*) from ledger").fetchone() == (0,)


def state(db: Connection, said: Policy, name: str = "training", paper: Document = PAPER, **more: Any) -> Attestation:
    given: dict[str, Any] = {"by": "clerk", "today": TODAY} | more
    return attest(db, said, RUN, name, paper, **given)


# --- the document ---------------------------------------------------------------------------------------------------


@given(st.binary(min_size=1, max_size=3000))
def test_a_document_is_known_by_its_digest_alone(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "Jan Jansen.pdf"
        file.write_bytes(content)
        read = read_document(file)
    assert read.digest == hashlib.sha256(content).hexdigest()
    assert read.bytes == len(content)
    assert read.media_type in {"application/pdf", "application/octet-stream", "text/plain", "image/png", "image/jpeg",
                               "application/zip"}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n", "image/png"),
        (b"PK\x03\x04word", "application/zip"),
        ("Geheimhouding geldt óók daarna.".encode(), "text/plain"),
        (b"\x00\x01\x02\xff", "application/octet-stream"),
    ],
)
def test_the_type_comes_from_the_content_not_the_name(tmp_path: Path, content: bytes, media_type: str) -> None:
    file = tmp_path / "file.exe"
    file.write_bytes(content)
    assert read_document(file).media_type == media_type


def test_without_a_document_there_is_no_attestation(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    with pytest.raises(HoederError, match="is empty"):
        read_document(empty)
    with pytest.raises(HoederError, match=r"--document .*missing.pdf: cannot be read"):
        read_document(tmp_path / "missing.pdf")
    with pytest.raises(HoederError, match="cannot be read"):
        read_document(tmp_path)


# --- stating --------------------------------------------------------------------------------------------------------


def test_what_is_stated_stands_in_the_database_and_by_its_digest_in_the_ledger(db: Connection) -> None:
    given = state(db, TRAINING)
    assert (given.kind, given.attested_by, given.document) == ("training", "clerk", "d" * 64)
    assert (given.valid_from, given.valid_until) == (TODAY, date(2027, 11, 22))
    row = db.execute(
        "select object, outcome, case_id, digest, counts from ledger where case_id = %s and phase = 'outcome'",
        [given.attestation],
    ).fetchone()
    assert row == ("training", "done", given.attestation, given.digest, {"days": 365})


def test_an_officer_may_speak_under_their_login(db: Connection) -> None:
    said = with_kinds(kind("budget", attested_by=["dpo"]))
    assert state(db, said, "budget", by="dpo").attested_by == "dpo"


@pytest.mark.parametrize(
    ("said", "name", "more", "message"),
    [
        (TRAINING, "trainin", {}, "knows no kind trainin; there are: training; did you mean training"),
        (TRAINING, "training", {"by": "dpo"}, "training: attested_by: dpo may not state this; clerk may"),
        (TRAINING, "training", {"by": "Wubbegien <w@x>"}, "whoever was named may not state this"),
        (TRAINING, "training", {"scope": ["shop"]}, "covers nothing, so it takes no --scope"),
        (TRAINING, "training", {"valid_until": date(2026, 11, 21)}, "has expired already"),
        (TRAINING, "training", {"valid_until": date(2027, 11, 23)}, "12 months at most, until 2027-11-22"),
        (CERTIFICATE, "iso", {"scope": ["shop"]}, "own_day: the document says until when"),
        (CERTIFICATE, "iso", {"valid_until": date(2028, 1, 1)}, "covers stores: say which, --scope shop"),
        (
            CERTIFICATE,
            "iso",
            {"valid_until": date(2028, 1, 1), "scope": ["shpo"]},
            "--scope shpo: policy has no such name among its stores; there are: shop, files; did you mean shop",
        ),
    ],
)
def test_what_may_not_be_stated_is_refused_before_anything_is_written(
    untouched: Connection, said: Policy, name: str, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(HoederError, match=message):
        state(untouched, said, name, **more)


def test_the_same_document_is_not_stated_twice(db: Connection) -> None:
    first = state(db, TRAINING)
    with pytest.raises(HoederError, match=f"attested to on 2026-11-22 already, until 2027-11-22 .{first.attestation}"):
        state(db, TRAINING)
    state(db, TRAINING, valid_until=TODAY + timedelta(days=9))
    assert sum(one.holds(TODAY) for one in attestations(db, "training")) == 2


# --- withdrawing ----------------------------------------------------------------------------------------------------


def test_withdrawing_adds_an_entry_and_changes_none(db: Connection) -> None:
    given = state(db, TRAINING)
    gone = withdraw(db, TRAINING, RUN, given.attestation, "mistake", by="clerk")
    assert (gone.digest, gone.reason, gone.withdrawn_by) == (given.digest, "mistake", "clerk")
    assert not gone.holds(TODAY)
    told = db.execute(
        "select activity from ledger where case_id = %s and phase = 'outcome' order by entry", [given.attestation]
    ).fetchall()
    assert told == [("registers.attest@1",), ("registers.withdraw@1",)]
    with pytest.raises(HoederError, match="was withdrawn by clerk already"):
        withdraw(db, TRAINING, RUN, given.attestation, "mistake", by="clerk")


def test_not_everybody_withdraws_and_not_for_any_reason(db: Connection) -> None:
    given = state(db, TRAINING)
    with pytest.raises(HoederError, match="dpo may not state this"):
        withdraw(db, TRAINING, RUN, given.attestation, "mistake", by="dpo")
    with pytest.raises(HoederError, match="boredom is no reason to withdraw; there are: mistake, replaced, revoked"):
        withdraw(db, TRAINING, RUN, given.attestation, "boredom", by="clerk")
    with pytest.raises(HoederError, match="is no officer"):
        withdraw(db, policy(), RUN, given.attestation, "revoked", by="stranger")
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        db.execute("update attestation set valid_until = '2099-01-01'")


# --- alarms ---------------------------------------------------------------------------------------------------------


def heard(db: Connection, said: Policy, day: date = TODAY) -> list[Finding]:
    return list(alarms(said, registers(said, day), attestations(db), day))


def test_an_attestation_is_missing_then_holds_then_ends_soon_then_has_ended(db: Connection) -> None:
    assert heard(db, TRAINING) == [Finding(Kind.ATTESTATION_MISSING, subject="training")]
    state(db, TRAINING)
    assert heard(db, TRAINING) == []
    last = date(2027, 11, 22)
    assert heard(db, TRAINING, last - timedelta(days=30)) == []
    soon = [Finding(Kind.ATTESTATION_EXPIRING, subject="training", detail="2027-11-22")]
    assert heard(db, TRAINING, last - timedelta(days=29)) == soon
    assert heard(db, TRAINING, last) == soon
    assert heard(db, TRAINING, last + timedelta(days=1)) == [
        Finding(Kind.ATTESTATION_EXPIRED, subject="training", detail="2027-11-22")
    ]


def test_what_was_withdrawn_counts_for_nothing(db: Connection) -> None:
    given = state(db, TRAINING)
    withdraw(db, TRAINING, RUN, given.attestation, "revoked", by="clerk")
    assert heard(db, TRAINING) == [Finding(Kind.ATTESTATION_MISSING, subject="training")]


def test_a_newer_attestation_takes_the_place_of_one_that_ends(db: Connection) -> None:
    state(db, TRAINING, valid_until=TODAY + timedelta(days=5))
    state(db, TRAINING, paper=OTHER)
    assert heard(db, TRAINING) == []


def test_a_certificate_has_to_cover_every_store_of_the_registers(db: Connection) -> None:
    state(db, CERTIFICATE, "iso", scope=["shop"], valid_until=date(2028, 1, 1))
    assert heard(db, CERTIFICATE) == [Finding(Kind.ATTESTATION_SHORT, subject="iso", place="files")]
    state(db, CERTIFICATE, "iso", paper=OTHER, scope=["files"], valid_until=date(2028, 1, 1))
    assert heard(db, CERTIFICATE) == []


def test_a_transfer_assessment_is_asked_only_where_something_is_transferred(db: Connection) -> None:
    said = plain() | {"attestations": [kind("transfer", covers="recipients"), kind("dpia", covers="processings")]}
    assert heard(db, policy(said)) == []
    said["processing"]["recipients"]["office"]["country"] = "US"
    said["processing"]["processings"][0] |= {"recipients": ["office"], "dpia": True}
    assert heard(db, policy(said)) == [
        Finding(Kind.ATTESTATION_MISSING, subject="transfer"), Finding(Kind.ATTESTATION_MISSING, subject="dpia"),
    ]  # fmt: skip


def test_an_alarm_is_a_finding_of_the_registers(db: Connection) -> None:
    scanned(db)
    assert refresh(db, TRAINING, RUN, today=TODAY).findings == (Finding(Kind.ATTESTATION_MISSING, subject="training"),)
