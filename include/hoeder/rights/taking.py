"""One message, wherever it came in: a case with its proposal and its file, or the case there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from hoeder.evidence import ledger, subjects
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.persons import marks
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file, quarantine
from hoeder.rights.case import Channel, What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.mail import Mail
from hoeder.rights.proposal import Proposal
from hoeder.vault import Vault

Db = psycopg.Connection[tuple[Any, ...]]
_AT = "intake"


@dataclass(frozen=True)
class Taken:
    """What the messages that nobody had looked at became."""

    cases: tuple[UUID, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Work:
    """What taking in a message needs. `clients` are names of opdrachtgevers."""

    policy: Policy
    db: Db
    key: ReferenceKey
    vault: Vault
    clients: Sequence[str]
    run: ledger.Run


def open_case(
    work: Work, reference: bytes, message: Mail, asked: Proposal, *, received: datetime, channel: Channel, place: str
) -> tuple[str, UUID]:
    """A case, its file first, so that no case is without one; what the message became, and the case.

    That the message was looked at is written with the case or not at all. Opt-outs are effective here, before anybody
    has looked (GDPR 21(3)).
    """
    db = work.db
    identities = (("email", message.sender),) if message.sender else ()
    who = work.key.subject(*identities[0]) if identities else None
    with db.transaction():
        number, is_new = case.open_case(
            db, received_at=received, channel=channel, language=asked.language, policy_digest=work.policy.digest,
            stores=sorted(work.policy.stores), message_digest=message.digest, subject_ref=who,
        )  # fmt: skip
        seen(db, reference, "case" if is_new else "duplicate", number)
        if is_new:
            names = (message.name,) if message.name else ()
            file = CaseFile(identities=identities, names=names, answer_to=message.sender, message=place)
            case_file.write(work.vault, number, file)
            others = case.others_of(db, who, but=number) if who else []
            copies = quarantine.note(db, work.key, number, message, others)
            detail = {
                "rights": {str(right): str(cue) for right, cue in asked.rights.items()},
                "clients": len(asked.clients),
                "doubts": list(message.doubts),
                "attachments": len(message.attachments),
                "identity_documents": copies,
                "same_person": [str(other) for other in others],
            }
            case.take(db, number, What.PROPOSED, _AT, detail)
            opted = marks.opt_out(db, work.key, asked.scopes, set(identities), number) if asked.scopes and who else 0
            entry = ledger.record_intent(
                db, work.run, Activity.RIGHTS_RECEIVE, "request", case_id=number,
                subject_ref=subjects.subject_ref(db, work.key, *identities[0]) if identities else None,
            )  # fmt: skip
            counts = {"requests": 1, "doubts": len(message.doubts), "duplicates": len(others), "opted_out": opted}
            ledger.record_outcome(db, work.run, entry, Outcome.DONE, counts=counts, digest=message.digest)
    db.commit()
    return ("case" if is_new else "duplicate"), number


def seen(db: Db, reference: bytes, became: str, number: UUID | None = None) -> None:
    """Put down that a message was looked at, and what it became."""
    db.execute(
        "insert into subject_message (reference, became, case_id) values (%s, %s, %s) on conflict do nothing",
        [reference, became, number],
    )
