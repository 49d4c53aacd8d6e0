"""Letters of a case: written from versioned templates in the person's language, kept encrypted in the vault.

The governance database knows which letter was written, from which version of its words, and a keyed reference of what
it says; who it is to stands in the letter alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Literal
from uuid import UUID

from psycopg import sql

from hoeder.deadlines import Profile, answer_due, petition_until
from hoeder.errors import Refused
from hoeder.governance.journal import last_backup
from hoeder.letter import Language, Letter, Sender, Templates
from hoeder.policy import Policy
from hoeder.policy.person_facing import place_name
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import went, withholding
from hoeder.rights.case import Case, Db, ExtensionGround, Right, What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.decide import Kept
from hoeder.rights.refusal import Refusal
from hoeder.rights.withholding import Withheld
from hoeder.vault import Vault

LETTERS = "letters/"
_LONGEST_NAME = 100
_COLUMNS = sql.SQL("letter, case_id, name, version, language, written_at, sent_at, sent_how")


@dataclass(frozen=True)
class Outcome:
    """What became of one right, for the answer: granted, granted in part (`kept`), or refused.

    `places` are those where something changed, `kept` what stays there by place, as `store.table`; `withheld` are the
    parts of a copy that the person does not get.
    """

    right: Right
    records: int = 0
    places: tuple[str, ...] = ()
    kept: tuple[tuple[str, Kept], ...] = ()
    refused: Refusal | None = None
    withheld: tuple[Withheld, ...] = ()


@dataclass(frozen=True)
class Written:
    """A letter that was written. Who it is to, and what it says, is in the vault."""

    number: int
    case_id: UUID
    name: str
    version: int
    language: str
    at: datetime
    sent_at: datetime | None = None
    sent_how: str | None = None
    """By `mail`, or taken out by an officer (`hand`)."""

    @property
    def place(self) -> str:
        """Where it lies in the vault, without its ending."""
        return f"{LETTERS}{self.case_id}/{self.number}-{self.name}"


@cache
def templates() -> Templates:
    """The letters that there are."""
    return Templates(files("hoeder.rights.templates"))


def make(db: Db, policy: Policy, found: Case, file: CaseFile, name: str, *, today: date, **values: object) -> Letter:
    """A letter of a case, kept nowhere yet.

    `values` are the fields that the case does not know: `question` (clarification), `ground` and `reason` (extension),
    `outcomes` (answer), `lifted` (lifting). Raises ReportError for one that is lacking.
    """
    language: Language = "en" if found.language == "en" else "nl"
    fields = _of_case(policy, found, file, today) | {"recipients": told(db, policy, found)} | values
    if "outcomes" in values:
        fields["outcomes"] = [_said(policy, each, language, today) for each in values["outcomes"]]  # type: ignore[attr-defined]
    if name == "extension":
        _check_extension(found, values)
    return templates().render(
        name, language, fields, sender=sender(policy), reference=reference(found.case_id), on=today
    )  # fmt: skip


def store(db: Db, key: ReferenceKey, vault: Vault, case_id: UUID, made: Letter) -> Written:
    """Keep a letter, once. Works inside the caller's transaction. Raises StoreError where the vault takes nothing."""
    says = key.row("cases", LETTERS, sha256(made.text.encode()).hexdigest())
    db.execute(
        """insert into subject_letter (case_id, name, version, template_digest, language, reference)
           values (%s, %s, %s, %s, %s, %s) on conflict do nothing""",
        [case_id, made.name, made.version, made.digest, made.language, says],
    )
    written = next(each for each in _letters(db, case_id, says) if each.name == made.name)
    vault.put(f"{written.place}.txt", made.text.encode(), term={"made_on": made.on})
    vault.put(f"{written.place}.pdf", made.pdf, term={"made_on": made.on})
    return written


def written(db: Db, case_id: UUID) -> list[Written]:
    """The letters of a case, oldest first."""
    return _letters(db, case_id, None)


def fetch(vault: Vault, letter: Written) -> tuple[bytes, str]:
    """A letter as PDF and as text, to be sent. Raises StoreError where it is gone."""
    return vault.get(f"{letter.place}.pdf"), vault.get(f"{letter.place}.txt").decode()


def told(db: Db, policy: Policy, found: Case) -> list[str]:
    """Who gets, or got, word of what was changed (GDPR 19), by name."""
    rows = db.execute(
        "select distinct recipient from recipient_notice where case_id = %s and ground is null order by recipient",
        [found.case_id],
    ).fetchall()
    return [went.named(policy, name, found.language) for (name,) in rows]


def sender(policy: Policy) -> Sender:
    """Whose letters they are."""
    us = policy.organisation
    return Sender(us.name, us.postal_address, us.privacy_mailbox, us.note)


def reference(case_id: UUID) -> str:
    """How a letter calls a case: enough of its number to find it."""
    return str(case_id)[:8]


def _of_case(policy: Policy, found: Case, file: CaseFile, today: date) -> dict[str, object]:
    """What every letter can say of a case."""
    steps = [step for step in found.steps if step.what in (What.IDENTITY_ASKED, What.NOT_IDENTIFIED)]
    last: Mapping[str, Any] = steps[-1].detail if steps else {}
    client = policy.processing.clients.get(found.client) if found.client else None
    return {
        "name": name_of(file),
        "received": found.received_on,
        "due": found.due.due,
        "extended": answer_due(found.received_on, Profile.KERN, extended=True).due,
        "petition": petition_until(today),
        "mailbox": policy.organisation.privacy_mailbox,
        "dpo": policy.processing.dpo,
        "rights": sorted(found.rights),
        "method": last.get("method"),
        "doubt": last.get("doubt"),
        **({"client": client} if client else {}),
    }


def name_of(file: CaseFile) -> str | None:
    """How a person is addressed: as they signed, on one line."""
    return " ".join(file.names[0].split())[:_LONGEST_NAME] if file.names else None


def _said(policy: Policy, outcome: Outcome, language: Language, today: date) -> dict[str, object]:
    """An outcome as the template takes it."""
    stores = {place.split(".", 1)[0] for place in outcome.places} if outcome.right is Right.ERASURE else set()
    until = [last_backup(policy, each, today) for each in stores & set(policy.stores)]
    return {
        "right": outcome.right,
        "records": outcome.records,
        "refused": outcome.refused,
        "article": outcome.refused.article if outcome.refused else None,
        "kept": [
            {
                "what": place_name(policy, place, language), "records": kept.records, "ground": kept.ground,
                "basis": kept.basis, "until": kept.until,
            }
            for place, kept in outcome.kept
        ],
        "withheld": withholding.lines(policy, outcome.withheld, language),
        "backups": max((day for day in until if day), default=None),
    }  # fmt: skip


def _check_extension(found: Case, values: Mapping[str, object]) -> None:
    if values.get("ground") not in tuple(ExtensionGround) or not str(values.get("reason") or "").strip():
        raise Refused(
            f"case {found.case_id}: the letter about an extension says why, in words of this case, and its ground: "
            f"{' or '.join(ExtensionGround)} (GDPR 12(3))"
        )


def unsent(db: Db, names: Collection[str], within: timedelta) -> list[Written]:
    """Letters of these names that were written within some time and that nobody sent, oldest first."""
    query = sql.SQL(
        """select {} from subject_letter where sent_at is null and name = any(%s) and written_at > now() - %s
            order by letter"""
    ).format(_COLUMNS)
    return [Written(*row) for row in db.execute(query, [sorted(names), within]).fetchall()]


def sent(db: Db, letter: Written, how: Literal["mail", "hand"]) -> None:
    """Put down that a letter went. Works inside the caller's transaction; the first time counts."""
    db.execute(
        "update subject_letter set sent_at = clock_timestamp(), sent_how = %s where letter = %s and sent_at is null",
        [how, letter.number],
    )


def _letters(db: Db, case_id: UUID, says: bytes | None) -> list[Written]:
    rows = db.execute(
        sql.SQL(
            """select {} from subject_letter where case_id = %s and (%s::bytea is null or reference = %s)
                order by letter"""
        ).format(_COLUMNS),
        [case_id, says, says],
    ).fetchall()
    return [Written(*row) for row in rows]
