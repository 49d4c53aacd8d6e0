"""Signed notes and checkpoints: C2SP signed-note and tlog-checkpoint, with Ed25519 (signature type 0x01)."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hoeder.errors import EvidenceError

ED25519 = b"\x01"
LARGEST = 100_000  # characters; a checkpoint with a hundred witnesses is smaller
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,11}")
_PREVIOUS = re.compile(r"previous ([1-9][0-9]{0,11})")


@dataclass(frozen=True)
class Key:
    """Who may sign: a name and an Ed25519 public key of 32 bytes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> "Key":
        """`<name>+<key id>+<base64>`; raises EvidenceError for anything else, a wrong key id included."""
        parts = vkey.strip().split("+", 2)
        raw = _base64(parts[2]) if len(parts) == 3 else b""
        if len(raw) != 33 or raw[:1] != ED25519 or not _NAME.fullmatch(parts[0]):
            raise EvidenceError(
                "not an Ed25519 verifier key: it reads <name>+<8 hexadecimal digits>+<base64 of 33 bytes>"
            )
        key = cls(parts[0], raw[1:])
        if parts[1] != key.id.hex():
            raise EvidenceError(f"the verifier key of {key.name} has key id {parts[1]}, its key says {key.id.hex()}")
        return key


class Signer:
    """A key that can sign: `seed` is the 32 secret bytes of RFC 8032. The name is the ledger's origin."""

    def __init__(self, name: str, seed: bytes) -> None:
        if not _NAME.fullmatch(name):
            raise EvidenceError("a key's name has no spaces and no plus sign, and is not empty")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = Key(name, self._private.public_key().public_bytes_raw())
        self.vkey = self.key.vkey

    def line(self, text: bytes) -> bytes:
        signature = base64.b64encode(self.key.id + self._private.sign(text))
        return b"\xe2\x80\x94 " + self.key.name.encode() + b" " + signature + b"\n"


@dataclass(frozen=True)
class Checkpoint:
    """The tree's head at a size. `previous` is the size of the checkpoint before it, 0 for the first.

    It stands in an extension line, `previous 990`, so that a checkpoint that is taken away is missed.
    """

    origin: str
    size: int
    root: bytes
    previous: int = 0

    def text(self) -> str:
        before = f"previous {self.previous}\n" if self.previous else ""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{before}"


def sign_text(text: str, *signers: Signer) -> bytes:
    """A signed note over `text`, which ends in a newline."""
    if not signers or not text.endswith("\n") or _control(text):
        raise EvidenceError("a note needs a signer, and text of whole lines without control characters")
    return text.encode() + b"\n" + b"".join(signer.line(text.encode()) for signer in signers)


def sign(checkpoint: Checkpoint, *signers: Signer) -> bytes:
    return sign_text(checkpoint.text(), *signers)


def open_text(note: bytes, keys: Iterable[Key]) -> tuple[str, list[Key]]:
    """A note's text and which of `keys` signed it, in their order.

    Signatures of other keys are ignored. Raises EvidenceError when no known key signed, when a known key's signature
    is wrong, or when the note is malformed.
    """
    text, signatures = _parse(note)
    known = {(key.name, key.id): key for key in keys}
    signed = set()
    for name, raw in signatures:
        key = known.get((name, raw[:4]))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], text.encode())
        except InvalidSignature:
            raise EvidenceError(f"the signature of {name}+{raw[:4].hex()} is wrong: the text was changed") from None
        signed.add(key)
    if not signed:
        by = ", ".join(sorted({f"{name}+{raw[:4].hex()}" for name, raw in signatures})[:5])
        raise EvidenceError(f"no trusted key signed it; it is signed by {by}")
    return text, [key for key in known.values() if key in signed]


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint's text, after its signature was checked. Other extension lines than `previous` are passed over."""
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or "" in lines or not _SIZE.fullmatch(lines[1]) or len(raw := _base64(lines[2])) != 32:
        raise EvidenceError(
            "not a checkpoint, which has an origin, a size and the base64 of a 32-byte root on three lines"
        )
    size = int(lines[1])
    previous = [int(match[1]) for line in lines[3:] if (match := _PREVIOUS.fullmatch(line))]
    if len(previous) > 1 or any(before >= size for before in previous):
        raise EvidenceError("not a checkpoint: it can name one checkpoint before it, of a smaller size")
    return Checkpoint(lines[0], size, raw, previous[0] if previous else 0)


def open_note(note: bytes, keys: Iterable[Key]) -> Checkpoint:
    """The checkpoint in a note that one of `keys` signed; EvidenceError otherwise."""
    return read_checkpoint(open_text(note, keys)[0])


def succession(old: Signer, new: Signer) -> bytes:
    """The note by which `new` follows `old`; both sign. Raises EvidenceError when the names differ."""
    if old.key.name != new.key.name:
        raise EvidenceError(f"key {new.key.name} cannot follow key {old.key.name}: both carry the ledger's name")
    return sign_text(f"{old.key.name}/keys\n{new.vkey}\n", old, new)


def trusted_keys(anchor_vkey: str, succession_notes: Iterable[bytes]) -> list[Key]:
    """The anchor and the keys that follow it, each signed for by the one before and by itself; oldest first.

    Raises EvidenceError for a note without a place in that row: another ledger's, half signed, or a second successor.
    """
    keys = [Key.parse(anchor_vkey)]
    pending = [(_successor(note, keys[0].name), note) for note in succession_notes]
    while pending:
        following = [each for each in pending if each[0] not in keys and _both_signed(each[1], keys[-1], each[0])]
        if not following:
            named = ", ".join(sorted(key.id.hex() for key, _ in pending))
            raise EvidenceError(
                f"new key {named}: not signed by both the new key and the trusted one, {keys[-1].id.hex()}"
            )
        if len(following) > 1:
            raise EvidenceError(f"key {keys[-1].id.hex()} names {len(following)} successors, and can have one")
        keys.append(following[0][0])
        pending.remove(following[0])
    return keys


def _successor(note: bytes, name: str) -> Key:
    lines = _parse(note)[0].split("\n")
    if len(lines) != 3 or lines[0] != f"{name}/keys":
        raise EvidenceError(f"not a note of {name}/keys, which names that and one new key on two lines")
    new = Key.parse(lines[1])
    if new.name != name:
        raise EvidenceError(f"key {new.id.hex()} is of {new.name}, not of {name}")
    return new


def _both_signed(note: bytes, old: Key, new: Key) -> bool:
    try:
        return len(open_text(note, [old, new])[1]) == 2
    except EvidenceError:
        return False


def _parse(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """A note's text and its signatures (name, key id + signature), none of them checked."""
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise EvidenceError("not a signed note: not UTF-8") from None
    text, blank, below = whole.rpartition("\n\n")
    if not blank or not text or not below.endswith("\n") or len(whole) > LARGEST or _control(whole):
        raise EvidenceError(
            "not a signed note, which has text, an empty line and signatures, each line ending in a newline"
        )
    matches = [_SIGNATURE.fullmatch(line) for line in below[:-1].split("\n")]
    signatures = [(match[1], _base64(match[2])) for match in matches if match]
    if len(signatures) != len(matches) or any(len(raw) < 5 for _, raw in signatures):
        raise EvidenceError("not a signed note: a signature line reads — <name> <base64 of key id and signature>")
    return text + "\n", signatures


def _control(text: str) -> bool:
    return any(character < " " and character != "\n" for character in text)


def _base64(text: str) -> bytes:
    """Canonical standard base64; empty when it is not."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if base64.b64encode(raw).decode() == text else b""
