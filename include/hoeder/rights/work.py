"""What the steps of a case work with, and where a case can stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.answer import Answer
from hoeder.persons.person import Found
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case_file, decisions, letters, search
from hoeder.rights.case import Case, Db, Right, What
from hoeder.rights.decisions import Decision
from hoeder.rights.granting import ORDER
from hoeder.rights.questions import Text
from hoeder.stores.connection import Resolver
from hoeder.vault import Vault

UNCONFIRMED = (What.PROPOSED, What.REOPENED)
UNIDENTIFIED = (What.CONFIRMED, What.IDENTITY_ASKED, What.CLARIFIED)
TO_DECIDE = (What.SEARCHED, What.JUDGED)
WAITING = (What.IDENTITY_ASKED, What.CLARIFICATION_ASKED)
"""Until the person answers, nothing more can be done."""


@dataclass(frozen=True)
class Work:
    """What every step works with: the governance database, policy, the stores, the vault, and on whose behalf."""

    db: Db
    policy: Policy
    resolve: Resolver = field(repr=False)
    key: ReferenceKey = field(repr=False)
    vault: Vault = field(repr=False)
    run: ledger.Run
    today: date

    @property
    def task(self) -> str:
        """Who takes a step that needs no person."""
        return self.run.task_id or "requests"

    def subject(self, found: Case) -> bytes | None:
        """By which reference the ledger names the person of a case."""
        return search.subject_of(self.db, self.key, found, case_file.read(self.vault, found.case_id))

    def look(self, case_id: UUID) -> Found:
        """What stands in the stores now of the person of a case."""
        return search.look(self.db, self.policy, self.resolve, self.key, self.vault, case_id)

    def letter(self, found: Case, name: str, **values: object) -> letters.Written:
        """Write a letter in the caller's transaction: no step without its letter, and none without its step."""
        file = case_file.read(self.vault, found.case_id)
        entry = ledger.record_intent(
            self.db, self.run, Activity.RIGHTS_LETTER, "request", case_id=found.case_id, subject_ref=self.subject(found)
        )
        made = letters.make(self.db, self.policy, found, file, name, today=self.today, **values)
        written = letters.store(self.db, self.key, self.vault, found.case_id, made)
        ledger.record_outcome(self.db, self.run, entry, Outcome.DONE, counts={"letters": 1}, digest=made.digest)
        return written

    def asked(self, found: Case, text: Text) -> Text:
        """Write a question down before it is shown."""
        decisions.ask(self.db, found.case_id, text.asks, text.digest, run=self.run, about=text.about)
        self.db.commit()
        return text

    def admit(self, found: Case, text: Text, answer: Answer | None, fields: Mapping[str, Any]) -> Decision:
        """An answer as a decision about what a question asks now. Raises Refused."""
        return decisions.admit(
            self.db, self.policy, found.case_id, text.asks, answer, digest=text.digest, run=self.run, about=text.about,
            fields=fields,
        )  # fmt: skip


def chosen(answer: Answer | None) -> str | None:
    """The one option that was chosen."""
    return answer.chosen[0] if answer and len(answer.chosen) == 1 else None


def open_rights(found: Case) -> tuple[Right, ...]:
    """Rights that were asked and neither carried out nor refused yet, in the order in which they are carried out.

    A request that was passed on to a client has none: they are the client's to grant.
    """
    if found.last is What.FORWARDED:
        return ()
    settled = search.carried_out(found) | frozenset(refused(found))
    return tuple(right for right in ORDER if right in found.rights and right not in settled)


def refused(found: Case) -> dict[Right, str]:
    """Rights that were refused, with the ground."""
    return {
        Right(right): str(ground)
        for step in found.steps
        if step.what is What.DECIDED
        for right, ground in (step.detail.get("refused") or {}).items()
    }


def granted(found: Case) -> dict[Right, str]:
    """Rights that were granted and are not carried out yet, with the digest of exactly what was granted, in order."""
    step = found.latest(What.DECIDED)
    said = step.detail.get("granted") or {} if step else {}
    done = search.carried_out(found)
    return {right: str(said[right]) for right in ORDER if right in said and right not in done}
