"""Take in: every message of the privacy mailbox becomes a case, once, or is counted as what else it is.

Who writes that they want no advertising is suppressed at once, before anybody has looked (GDPR 21(3)): too much costs a
newsletter, too little breaks the law. Everything else that a message seems to ask is a proposal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.clock import AMSTERDAM
from hoeder.errors import StoreError
from hoeder.evidence import ledger, subjects
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.persons import marks
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file, mail, proposal
from hoeder.rights.case import Channel, What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.mail import Mail
from hoeder.stores.anchors import StoredObject, iter_objects
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason
from hoeder.vault import Vault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]

OLDEST = timedelta(days=90)
"""Mail that was older when Hoeder first saw it was answered before Hoeder was there."""
_AT = "intake"


@dataclass(frozen=True)
class Taken:
    """What the messages that nobody had looked at became."""

    cases: tuple[UUID, ...] = ()
    counts: Counter[str] | None = None


@dataclass(frozen=True)
class _Work:
    """What taking in a message needs."""

    policy: Policy
    db: Db
    key: ReferenceKey
    vault: Vault
    clients: Sequence[str]
    run: ledger.Run


def take_in(
    policy: Policy,
    resolve: Resolver,
    db: Db,
    key: ReferenceKey,
    vault: Vault,
    *,
    store: str,
    prefix: str,
    clients: Sequence[str],
    run: ledger.Run,
    today: date,
) -> Taken:
    """Look at every message under a prefix that was not looked at before. `clients` are names of opdrachtgevers.

    A message that fails does not stop the next one. Raises StoreError at the end where some could not be fetched.
    """
    place = policy.stores[store]
    client, bucket = s3_client(resolve(f"{place.connection}_rights")), str(place.bucket)
    work = _Work(policy, db, key, vault, clients, run)
    seen = {bytes(row[0]) for row in db.execute("select reference from subject_message")}
    db.commit()
    cases: list[UUID] = []
    counts: Counter[str] = Counter()
    try:
        new = [each for each in iter_objects(client, bucket, prefix) if key.row(store, prefix, each.key) not in seen]
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"mailbox {bucket}/{prefix} cannot be listed: {reason(error)}") from error
    for message in new:
        try:
            became, number = _take(work, client, bucket, message, key.row(store, prefix, message.key), store, today)
        except (ClientError, BotoCoreError):
            db.rollback()
            counts["unreachable"] += 1
            continue
        counts[became] += 1
        if number and became == "case":
            cases.append(number)
    if counts["unreachable"]:
        raise StoreError(
            f"{counts['unreachable']} of {len(new)} messages could not be fetched; {len(cases)} cases were opened, the "
            "rest is taken in by the next run"
        )
    return Taken(tuple(cases), counts)


def _take(
    work: _Work, client: S3Client, bucket: str, stored: StoredObject, reference: bytes, store: str, today: date
) -> tuple[str, UUID | None]:
    received = _received(stored)
    if received.astimezone(AMSTERDAM).date() < today - OLDEST:
        return _seen(work.db, reference, "too-old", None)
    raw = client.get_object(Bucket=bucket, Key=stored.key)["Body"].read(mail.MOST_BYTES + 1)
    message = mail.read(raw)
    if message.automatic:
        return _seen(work.db, reference, "automatic", None)
    asked = proposal.propose(message.subject, message.own_words, work.clients)
    number, is_new = _open(work, message, asked, received, f"{store}:{stored.key}")
    return _seen(work.db, reference, "case" if is_new else "duplicate", number)


def _open(work: _Work, message: Mail, asked: proposal.Proposal, received: datetime, place: str) -> tuple[UUID, bool]:
    """A case with its proposal, its file first, so that no case is without one; or the case there is, and False."""
    db, identities = work.db, _identities(message)
    who = work.key.subject(*identities[0]) if identities else None
    with db.transaction():
        number, is_new = case.open_case(
            db, received_at=received, channel=Channel.MAIL, language=asked.language, policy_digest=work.policy.digest,
            stores=sorted(work.policy.stores), message_digest=message.digest, subject_ref=who,
        )  # fmt: skip
        if not is_new:
            return number, False
        entry = ledger.record_intent(
            db, work.run, Activity.RIGHTS_RECEIVE, "request", case_id=number,
            subject_ref=subjects.subject_ref(db, work.key, *identities[0]) if identities else None,
        )  # fmt: skip
        case_file.write(
            work.vault,
            number,
            CaseFile(
                identities=identities, names=(message.name,) if message.name else (), answer_to=message.sender,
                message=place,
            ),
        )  # fmt: skip
        others = case.others_of(db, who, but=number) if who else []
        detail = {
            "rights": {str(right): str(cue) for right, cue in asked.rights.items()},
            "clients": len(asked.clients),
            "doubts": list(message.doubts),
            "attachments": len(message.attachments),
            "identity_documents": sum(attached.is_image for attached in message.attachments),
            "same_person": [str(other) for other in others],
        }
        case.take(db, number, What.PROPOSED, _AT, detail)
        opted = 0
        if asked.opt_out and identities:
            opted = marks.opt_out(db, work.key, [marks.OptOut.MARKETING], set(identities), number)
        counts = {"requests": 1, "doubts": len(message.doubts), "duplicates": len(others), "opted_out": opted}
        ledger.record_outcome(db, work.run, entry, Outcome.DONE, counts=counts, digest=message.digest)
    db.commit()
    return number, True


def _identities(message: Mail) -> tuple[tuple[str, str], ...]:
    return (("email", message.sender),) if message.sender else ()


def _received(stored: StoredObject) -> datetime:
    """When it reached the mailbox: the day in its key, else when the store got it. Never what the sender says."""
    day = stored.date
    if day is not None:
        return datetime.combine(day, time(), AMSTERDAM)
    return stored.modified.astimezone(UTC)


def _seen(db: Db, reference: bytes, became: str, number: UUID | None) -> tuple[str, UUID | None]:
    with db.transaction():
        db.execute(
            "insert into subject_message (reference, became, case_id) values (%s, %s, %s) on conflict do nothing",
            [reference, became, number],
        )
    db.commit()
    return became, number
