"""Signed notes as golang.org/x/mod/sumdb/note and C2SP write them; checkpoints; keys that follow one another."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.errors import EvidenceError
from hoeder.evidence.note import (
    Checkpoint,
    Key,
    Signer,
    open_note,
    open_text,
    sign,
    sign_text,
    succession,
    trusted_keys,
)

# golang.org/x/mod, sumdb/note/note_test.go
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
NOTE = f"{TEXT}\n{LINE}".encode()
PUBLISHED = [
    PETER,
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",  # C2SP signed-note
]

ORIGIN = "keeper.example/ledger"
OLD, NEW, NEXT = (Signer(ORIGIN, bytes([at]) * 32) for at in (1, 2, 3))
STRANGER = Signer("witness.example", bytes([9]) * 32)
HEAD = Checkpoint(ORIGIN, 1000, bytes(range(32)), previous=990)


def test_the_published_note_is_opened_and_signed_to_the_same_bytes() -> None:
    assert open_text(NOTE, [Key.parse(PETER)]) == (TEXT, [Key.parse(PETER)])
    assert sign_text(TEXT, Signer("PeterNeumann", PETERS_SEED)) == NOTE
    assert Signer("PeterNeumann", PETERS_SEED).vkey == PETER


@pytest.mark.parametrize("vkey", PUBLISHED)
def test_published_keys_are_read_and_written_alike(vkey: str) -> None:
    assert Key.parse(vkey).vkey == vkey


@pytest.mark.parametrize(
    "vkey",
    ["", "PeterNeumann", PETER[:-4], PETER.replace("c74f20a3", "c74f20a4"), PETER.replace("Peter", "Petra"),
     PETER.replace("PeterNeumann", "Peter Neumann"), PETER.replace("+ARpc", "+AhpC")],
)  # fmt: skip
def test_a_damaged_key_is_refused(vkey: str) -> None:
    with pytest.raises(EvidenceError, match="key"):
        Key.parse(vkey)


def test_a_checkpoint_comes_back_as_it_was_signed() -> None:
    note = sign(HEAD, OLD)
    assert note.decode().startswith(f"{ORIGIN}\n1000\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nprevious 990\n\n— ")
    assert open_note(note, [OLD.key]) == HEAD
    assert open_note(sign(replace(HEAD, previous=0), OLD), [OLD.key]) == replace(HEAD, previous=0)


def test_unknown_signatures_are_passed_over_and_one_known_is_needed() -> None:
    note = sign(HEAD, STRANGER, OLD, NEW)
    assert open_text(note, [NEW.key, OLD.key])[1] == [NEW.key, OLD.key]
    assert open_note(note, [NEW.key]) == HEAD
    with pytest.raises(EvidenceError, match=f"no trusted key signed it; it is signed by .*{OLD.key.id.hex()}"):
        open_note(note, [NEXT.key])


def test_a_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    good, bad = sign(HEAD, OLD), sign(replace(HEAD, size=1001), NEW)
    mixed = good + bad.rpartition(b"\n\n")[2]
    with pytest.raises(EvidenceError, match="is wrong"):
        open_note(mixed, [OLD.key, NEW.key])
    assert open_note(mixed, [OLD.key]) == HEAD


@settings(deadline=None)
@given(st.data())
def test_no_bit_of_a_note_can_be_turned(data: st.DataObject) -> None:
    note = bytearray(sign(HEAD, OLD))
    note[data.draw(st.integers(0, len(note) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(EvidenceError):
        open_note(bytes(note), [OLD.key])


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"{text}\n\n{LINE}".encode(errors="replace")))
def test_any_bytes_are_opened_or_refused_in_words(note: bytes) -> None:
    with pytest.raises(EvidenceError):
        open_note(note, [OLD.key])


@pytest.mark.parametrize(
    "note",
    [
        NOTE[:-1], NOTE.replace(b"\n\n", b"\n"), NOTE.replace(b"\n\n", b"\r\n\r\n"), TEXT.encode(), LINE.encode(),
        NOTE.replace("—".encode(), b"-"), NOTE.replace(b"JnAM=", b"JnAN="), NOTE + b"and more\n", b"\xff" + NOTE,
        NOTE * 999,
    ],
)  # fmt: skip
def test_a_malformed_note_is_refused(note: bytes) -> None:
    with pytest.raises(EvidenceError, match="not a signed note"):
        open_text(note, [Key.parse(PETER)])


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n1000\n", f"{ORIGIN}\n01000\n{'A' * 43}=\n", f"{ORIGIN}\n-1\n{'A' * 43}=\n",
        f"\n1000\n{'A' * 43}=\n",
        f"{ORIGIN}\n1000\n{'A' * 42}==\n", f"{ORIGIN}\n1000\n{'A' * 43}=\nprevious 1000\n",
        f"{ORIGIN}\n1000\n{'A' * 43}=\nprevious 5\nprevious 6\n", f"{ORIGIN}/keys\n{NEW.vkey}\n",
    ],
)  # fmt: skip
def test_what_is_signed_but_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(EvidenceError, match="not a checkpoint"):
        open_note(sign_text(text, OLD), [OLD.key])


def test_keys_follow_one_another_from_the_anchor_in_any_order_of_notes() -> None:
    notes = [succession(NEW, NEXT), succession(OLD, NEW)]
    assert trusted_keys(OLD.vkey, notes) == [OLD.key, NEW.key, NEXT.key]
    assert trusted_keys(OLD.vkey, iter(notes)) == [OLD.key, NEW.key, NEXT.key]
    assert trusted_keys(NEW.vkey, notes[:1]) == [NEW.key, NEXT.key]


@pytest.mark.parametrize(
    ("notes", "wrong"),
    [
        ([succession(NEW, NEXT)], "not signed by both"),
        ([sign_text(f"{ORIGIN}/keys\n{NEW.vkey}\n", OLD)], "not signed by both"),  # the new key did not agree
        ([sign_text(f"{ORIGIN}/keys\n{NEW.vkey}\n", NEW)], "not signed by both"),  # the old key did not
        ([succession(OLD, NEW), succession(OLD, NEXT)], "2 successors"),
        ([succession(OLD, NEW), succession(NEW, OLD)], "not signed by both"),
        ([succession(OLD, OLD)], "not signed by both"),
        ([sign_text(f"other.example/keys\n{NEW.vkey}\n", OLD, NEW)], "not a note of"),
        ([sign_text(f"{ORIGIN}/keys\n{STRANGER.vkey}\n", OLD, STRANGER)], "is of witness.example"),
        ([sign(HEAD, OLD, NEW)], "not a note of"),
        ([b""], "not a signed note"),
    ],
)
def test_a_key_without_its_place_in_the_row_is_refused(notes: list[bytes], wrong: str) -> None:
    with pytest.raises(EvidenceError, match=wrong):
        trusted_keys(OLD.vkey, notes)


def test_a_key_of_another_name_cannot_follow() -> None:
    with pytest.raises(EvidenceError, match="cannot follow"):
        succession(OLD, STRANGER)
