"""Take in: every message of the privacy mailbox becomes a case, once, or is counted as what else it is.

Who writes that they want no advertising, or not to be passed on, is suppressed at once, before anybody has looked
(GDPR 21(3)): too much costs a newsletter, too little breaks the law. Everything else that a message seems to ask is a
proposal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.clock import AMSTERDAM
from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import mail, proposal, taking
from hoeder.rights.case import Channel
from hoeder.rights.taking import Taken, Work
from hoeder.stores.anchors import StoredObject, iter_objects
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason
from hoeder.vault import Vault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]


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
    work = Work(policy, db, key, vault, clients, run)
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
    work: Work, client: S3Client, bucket: str, stored: StoredObject, reference: bytes, store: str, today: date
) -> tuple[str, UUID | None]:
    received = _received(stored)
    if received.astimezone(AMSTERDAM).date() < today - timedelta(days=work.policy.requests.mailbox_goes_back_days):
        return _seen(work.db, reference, "too-old")
    raw = client.get_object(Bucket=bucket, Key=stored.key)["Body"].read(mail.MOST_BYTES + 1)
    message = mail.read(raw)
    if message.automatic:
        return _seen(work.db, reference, "automatic")
    asked = proposal.propose(message.subject, message.own_words, work.clients)
    place = f"{store}:{stored.key}"
    return taking.open_case(work, reference, message, asked, received=received, channel=Channel.MAIL, place=place)


def _received(stored: StoredObject) -> datetime:
    """When it reached the mailbox: the day in its key, else when the store got it. Never what the sender says."""
    day = stored.date
    if day is not None:
        return datetime.combine(day, time(), AMSTERDAM)
    return stored.modified.astimezone(UTC)


def _seen(db: Db, reference: bytes, became: str) -> tuple[str, None]:
    taking.seen(db, reference, became)
    db.commit()
    return became, None
