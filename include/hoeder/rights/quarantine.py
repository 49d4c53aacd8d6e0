"""Copies of identity documents: out of the message at once, and gone as soon as it is clear who asks.

A copy that nobody asked for is not kept at all: it may not be asked as a rule (Raad van State 2025, DPG Media), and no
number on it is then with us. What was asked for on a recorded doubt is kept with the strip of the citizen service
number blackened, and a picture that may be something else as it is: both encrypted, under `quarantine/` of their case,
until identification or closing, four weeks at the most by their retention rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file, mail
from hoeder.rights.case import What
from hoeder.rights.identity_copy import Look, look, masked, without
from hoeder.rights.mail import Mail
from hoeder.stores.anchors import date_in_key
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason
from hoeder.stores.erase import erase_own, open_door, replace_object
from hoeder.vault import Vault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]
PREFIX = "quarantine/"
_OBJECT = "identity_copy"


class Why(StrEnum):
    """Why a copy was destroyed."""

    NOT_ASKED = "not-asked"
    NOT_MASKED = "not-masked"  # no picture of which the number could be blackened
    IDENTIFIED = "identified"
    NOT_IDENTIFIED = "not-identified"
    CLOSED = "closed"
    TERM = "term"


@dataclass(frozen=True)
class Kept:
    """A copy in the vault; `name` says nothing of a person."""

    case_id: UUID
    name: str


def note(db: Db, key: ReferenceKey, case_id: UUID, message: Mail, others: list[UUID]) -> int:
    """Put down which attachments of a new case look like copies of identity documents; how many.

    `others` are open cases of the same person: one of them may have asked for it. Works inside the caller's
    transaction.
    """
    asked_by = next((other for other in others if _asked(db, other)), None)
    found = 0
    for attachment in message.attachments:
        seen = look(attachment)
        if seen is Look.NOT:
            continue
        found += db.execute(
            """insert into identity_copy (found_in, reference, case_id, asked_for, kept) values (%s, %s, %s, %s, %s)
               on conflict do nothing""",
            [case_id, _reference(key, case_id, attachment.digest), asked_by or case_id, asked_by is not None,
             asked_by is not None or seen is Look.LIKELY],
        ).rowcount  # fmt: skip
    return found


def take_out(
    db: Db, policy: Policy, resolve: Resolver, key: ReferenceKey, vault: Vault, *, run: ledger.Run, today: date
) -> int:
    """Take every noted copy out of its message: into the vault or nowhere; how many messages still wait.

    A message under a legal hold waits. A killed run is finished by the next. Raises StoreError at the end where a
    message could not be reached.
    """
    waiting = db.execute(
        "select found_in, min(case_id::text)::uuid from identity_copy where taken_out_at is null group by 1"
    ).fetchall()
    db.commit()
    left, unreachable = 0, 0
    for found_in, case_id in waiting:
        try:
            left += not _take_out(db, policy, resolve, key, vault, found_in, case_id, run, today)
        except (ClientError, BotoCoreError, StoreError):
            unreachable += 1
    if unreachable:
        raise StoreError(
            f"{unreachable} messages with a copy of an identity document could not be reached, so the copy is still in "
            "them; the next run tries again"
        )
    return left


def _take_out(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    found_in: UUID,
    case_id: UUID,
    run: ledger.Run,
    today: date,
) -> bool:
    file = case_file.read(vault, found_in)
    store, _, object_key = (file.message or "").partition(":")
    client, bucket = _mailbox(policy, resolve, store)
    wanted = {bytes(ref): (kept, asked) for ref, kept, asked in db.execute(
        "select reference, kept, asked_for from identity_copy where found_in = %s and taken_out_at is null", [found_in]
    )}  # fmt: skip
    with ledger.act(db, run, Activity.RIGHTS_MASK_COPY, _OBJECT, case_id=case_id) as doing:
        stored = client.get_object(Bucket=bucket, Key=object_key)
        raw = stored["Body"].read(mail.MOST_BYTES + 1)
        those = {each.digest: (_reference(key, found_in, each.digest), each) for each in mail.read(raw).attachments}
        there = {digest: one for digest, one in those.items() if one[0] in wanted}
        lost = []
        for ref, attached in there.values():
            keep, asked_for = wanted[ref]
            content = masked(attached) if asked_for else attached.content
            if keep and content is not None:
                vault.put(f"{PREFIX}{case_id}/{ref.hex()}", content, term={"taken_on": today})
            elif keep:
                lost.append(ref)
        prefix = next((name for name in policy.datasets[store].prefixes if object_key.startswith(name)), "")
        with open_door(db, key) as protections:
            came = replace_object(
                client, db, protections, store=store, target=prefix, bucket=bucket, object_key=object_key,
                etag=stored["ETag"], body=without(raw, set(there)), day=date_in_key(object_key),
                whose=[("email", file.answer_to)] if file.answer_to else [],
            )  # fmt: skip
        kept = sum(keep for keep, _ in wanted.values()) - len(lost)
        doing.counts = {"copies": len(wanted), "kept": kept, "discarded": len(wanted) - kept, "held": came.held}
        if came.held:
            doing.outcome = Outcome.REFUSED
            return False
        db.execute(
            """update identity_copy set taken_out_at = now(),
                      destroyed_at = case when kept and reference <> all(%(lost)s::bytea[]) then null else now() end,
                      why = case when reference = any(%(lost)s::bytea[]) then 'not-masked'
                                 when kept then null else 'not-asked' end
               where found_in = %(case)s and taken_out_at is null""",
            {"case": found_in, "lost": lost},
        )
    return True


def held(vault: Vault, case_id: UUID) -> int:
    """How many copies the vault has of a case."""
    return sum(1 for _ in vault.names(f"{PREFIX}{case_id}/"))


def copies(vault: Vault, case_id: UUID) -> Iterator[bytes]:
    """The copies of a case, for the screen of the officer who identifies: nothing else may take them."""
    for name in vault.names(f"{PREFIX}{case_id}/"):
        yield vault.get(name)


def destroy(db: Db, vault: Vault, case_id: UUID, *, why: Why, run: ledger.Run) -> int:
    """Destroy every copy that the vault has of a case, and look again; how many there were.

    The outcome in the ledger is the certificate of it. Where there is none nothing is written. Raises StoreError where
    one stays, or the bucket does not answer.
    """
    names = list(vault.names(f"{PREFIX}{case_id}/"))
    if not names:
        return 0
    with ledger.act(db, run, Activity.RIGHTS_DESTROY_COPY, _OBJECT, case_id=case_id) as doing:
        try:
            gone = erase_own(vault.client, vault.bucket, names)
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"case {case_id}: its copies could not be destroyed: {reason(error)}") from error
        doing.counts = {"destroyed": gone, "left": held(vault, case_id)}
        if doing.counts["left"]:
            raise StoreError(f"case {case_id}: {doing.counts['left']} copies of identity documents are still there")
        db.execute(
            """update identity_copy set destroyed_at = now(), why = %s
               where case_id = %s and kept and taken_out_at is not null and destroyed_at is null""",
            [why, case_id],
        )
    return gone


def overstaying(db: Db, vault: Vault) -> list[UUID]:
    """Cases that are closed, identified, or unknown, and of which the vault still has a copy: there should be none."""
    found = {_case_of(name) for name in vault.names(PREFIX)} - {None}
    return sorted(number for number in found if number is not None and not _may_have(db, number))


def settle(db: Db, vault: Vault) -> int:
    """Put down of copies that are gone from the vault, by the end of their term, that they are; how many."""
    rows = db.execute(
        """select distinct case_id from identity_copy
           where kept and taken_out_at is not null and destroyed_at is null"""
    ).fetchall()
    gone = [number for (number,) in rows if held(vault, number) == 0]
    done = db.execute(
        """update identity_copy set destroyed_at = now(), why = 'term'
           where case_id = any(%s) and kept and taken_out_at is not null and destroyed_at is null""",
        [gone],
    ).rowcount
    db.commit()
    return done


def _may_have(db: Db, number: UUID) -> bool:
    row = db.execute("select 1 from subject_case where case_id = %s", [number]).fetchone()
    if row is None:
        return False
    found = case.read(db, number)
    asked = next((step for step in reversed(found.steps) if step.what in _SETTLED), None)
    return found.is_open and (asked is None or asked.what is What.IDENTITY_ASKED)


_SETTLED = (What.IDENTITY_ASKED, What.IDENTIFIED, What.NOT_IDENTIFIED)


def _asked(db: Db, number: UUID) -> bool:
    """Whether a case asked its person for a shielded copy and waits for it."""
    found = case.read(db, number)
    step = found.latest(What.IDENTITY_ASKED)
    return found.last is What.IDENTITY_ASKED and step is not None and step.detail.get("method") == "shielded-copy"


def _mailbox(policy: Policy, resolve: Resolver, store: str) -> tuple[S3Client, str]:
    place = policy.stores.get(store)
    if place is None or place.bucket is None:
        raise StoreError("a case came from a mailbox that policy does not declare any more (policy: stores.yaml)")
    return s3_client(resolve(f"{place.connection}_rights")), place.bucket


def _reference(key: ReferenceKey, found_in: UUID, digest: str) -> bytes:
    return key.row("identity-copy", str(found_in), digest)


def _case_of(name: str) -> UUID | None:
    try:
        return UUID(name.removeprefix(PREFIX).partition("/")[0])
    except ValueError:
        return None
