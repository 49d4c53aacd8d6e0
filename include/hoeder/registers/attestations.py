"""Attestations: what a person states, with the digest of a document and until when it holds.

The document never comes in: its SHA-256 does, so that whoever holds the document can show that it is this one. Nothing
is overwritten: withdrawing is an entry of its own, and a newer attestation stands beside the older.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, get_args
from uuid import UUID, uuid4

from psycopg.rows import class_row

from hoeder.clock import add_months
from hoeder.errors import HoederError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Connection
from hoeder.policy import Policy
from hoeder.policy.attestations import AttestationKind
from hoeder.policy.suggest import did_you_mean

FILE = "include/policy/attestations.yaml"
Reason = Literal["mistake", "replaced", "revoked"]
_LOGIN = re.compile(r"[A-Za-z0-9_.@ -]{1,60}")
_TYPES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"PK\x03\x04": "application/zip",  # office documents are such archives
}


@dataclass(frozen=True)
class Document:
    """A document without its content."""

    digest: str
    bytes: int
    media_type: str


@dataclass(frozen=True)
class Attestation:
    """What was stated, and whether it was withdrawn."""

    attestation: UUID
    kind: str
    attested_by: str
    attested_at: datetime
    document: str
    bytes: int
    media_type: str
    scope: list[str]
    valid_from: date
    valid_until: date
    digest: str
    entry: int
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    reason: str | None

    def holds(self, day: date) -> bool:
        """Whether it stands on a day."""
        return self.withdrawn_at is None and self.valid_from <= day <= self.valid_until


def attestations(db: Connection, kind: str | None = None) -> list[Attestation]:
    """Every attestation there ever was, or those of one kind, oldest first."""
    with db.cursor(row_factory=class_row(Attestation)) as cursor:
        return cursor.execute(
            """select attestation, kind, attested_by, attested_at, document, bytes, media_type, scope, valid_from,
                      valid_until, digest, a.entry, w.withdrawn_at, w.withdrawn_by, w.reason
               from attestation a left join attestation_withdrawal w using (attestation)
               where %(kind)s::text is null or kind = %(kind)s order by a.entry""",
            {"kind": kind},
        ).fetchall()


def read_document(path: Path) -> Document:
    """Digest, size and type of a document. Raises HoederError for what is no file or holds nothing."""
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                head = head or part[:4096]
                digest.update(part)
                size += len(part)
    except OSError as error:
        raise HoederError(
            f"--document {path}: cannot be read ({error.strerror}); name the file you attest to"
        ) from None
    if not size:
        raise HoederError(f"--document {path}: is empty; an attestation needs the document that it is about")
    return Document(digest.hexdigest(), size, _type(head))


def _type(head: bytes) -> str:
    for signature, name in _TYPES.items():
        if head.startswith(signature):
            return name
    try:
        head[:-3].decode() if len(head) > 3 else head.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if b"\0" in head else "text/plain"


def attest(
    db: Connection,
    policy: Policy,
    run: ledger.Run,
    kind: str,
    document: Document,
    *,
    by: str,
    today: date,
    scope: Sequence[str] = (),
    valid_until: date | None = None,
) -> Attestation:
    """Take down what a person states, with its entries in the ledger; commits.

    `by` is an officer of organisation.yaml, by key or login. Raises HoederError, before anything is written, where
    policy knows no such kind, `by` may not state it, the scope is not what it has to be, the day is past or too far on,
    or the same document was attested to already.
    """
    said = _kind(policy, kind)
    _may(policy, said, by)
    names = _scope(policy, said, scope)
    until = _until(said, valid_until, today)
    for earlier in attestations(db, kind):
        if earlier.document == document.digest and earlier.valid_until == until and earlier.withdrawn_at is None:
            raise HoederError(
                f"{kind}: this document was attested to on {earlier.valid_from} already, until {until} "
                f"({earlier.attestation}); there is nothing to do"
            )
    identity = uuid4()
    values = [
        kind, by, document.digest, document.bytes, document.media_type, names, today.isoformat(), until.isoformat(),
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps([str(identity), *values]).encode()).hexdigest()
    ledger.register_names(db, run.policy_digest, [kind])
    with ledger.act(db, run, Activity.REGISTERS_ATTEST, kind, case_id=identity) as act:
        db.execute(
            """insert into attestation (attestation, kind, attested_by, document, bytes, media_type, scope, valid_from,
                                        valid_until, digest, policy_digest, entry)
               values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [identity, *values, digest, run.policy_digest, act.entry],
        )
        act.digest, act.counts = digest, {"days": (until - today).days}
    return next(one for one in attestations(db, kind) if one.attestation == identity)


def withdraw(
    db: Connection, policy: Policy, run: ledger.Run, attestation: UUID, reason: str, *, by: str
) -> Attestation:
    """Withdraw an attestation: a row and entries of their own; commits.

    Raises HoederError where there is none or it was withdrawn before, for another reason than those there are, and for
    somebody who may not state this kind.
    """
    if reason not in get_args(Reason):
        raise HoederError(f"{reason} is no reason to withdraw; there are: {', '.join(get_args(Reason))}")
    known = next((one for one in attestations(db) if one.attestation == attestation), None)
    if known is None:
        raise HoederError(f"there is no attestation {attestation}; hoeder attestations lists them")
    if known.withdrawn_at is not None:
        raise HoederError(f"attestation {attestation} was withdrawn by {known.withdrawn_by} already")
    said = next((one for one in policy.attestations if one.kind == known.kind), None)
    if said is not None:
        _may(policy, said, by)
    elif by not in {login for officer in policy.organisation.officers for login in policy.organisation.logins(officer)}:
        raise HoederError(f"{by} is no officer of include/policy/organisation.yaml, and so withdraws nothing")
    ledger.register_names(db, run.policy_digest, [known.kind])
    with ledger.act(db, run, Activity.REGISTERS_WITHDRAW, known.kind, case_id=attestation) as act:
        db.execute(
            "insert into attestation_withdrawal (attestation, reason, withdrawn_by, entry) values (%s, %s, %s, %s)",
            [attestation, reason, by, act.entry],
        )
        act.digest = hashlib.sha256(json.dumps([str(attestation), reason, by]).encode()).hexdigest()
    return next(one for one in attestations(db, known.kind) if one.attestation == attestation)


# --- checks ---------------------------------------------------------------------------------------------------------


def _kind(policy: Policy, kind: str) -> AttestationKind:
    kinds = {one.kind: one for one in policy.attestations}
    if kind not in kinds:
        raise HoederError(
            f"{FILE} knows no kind {kind}; there are: {', '.join(kinds) or 'none'}{did_you_mean(kind, kinds)}"
        )
    return kinds[kind]


def _may(policy: Policy, said: AttestationKind, by: str) -> None:
    may = {login for officer in said.attested_by for login in policy.organisation.logins(officer)}
    if _LOGIN.fullmatch(by) is None or by not in may:
        shown = by if _LOGIN.fullmatch(by) else "whoever was named"
        raise HoederError(
            f"{FILE}: {said.kind}: attested_by: {shown} may not state this; {' or '.join(sorted(may))} may: --by"
        )


def _scope(policy: Policy, said: AttestationKind, scope: Sequence[str]) -> list[str]:
    if said.covers is None:
        if scope:
            raise HoederError(f"{FILE}: {said.kind}: covers nothing, so it takes no --scope")
        return []
    told = policy.processing
    known = {
        "stores": list(policy.stores),
        "processings": [one.processing for one in told.processings],
        "recipients": list(told.recipients),
    }[said.covers]
    if not scope:
        raise HoederError(f"{FILE}: {said.kind}: covers {said.covers}: say which, --scope {known[0]} --scope …")
    for name in scope:
        if name not in known:
            raise HoederError(
                f"--scope {name}: policy has no such name among its {said.covers}; there are: {', '.join(known)}"
                f"{did_you_mean(name, known)}"
            )
    return sorted(set(scope))


def _until(said: AttestationKind, given: date | None, today: date) -> date:
    latest = add_months(today, said.months)
    if given is None:
        if said.own_day:
            raise HoederError(f"{FILE}: {said.kind}: own_day: the document says until when; give it: --valid-until")
        return latest
    if given < today:
        raise HoederError(
            f"--valid-until {given}: the document has expired already, so there is nothing to state; get a new one"
        )
    if given > latest:
        raise HoederError(
            f"--valid-until {given}: {FILE}: {said.kind}: months: holds {said.months} months at most, until {latest}"
        )
    return given
