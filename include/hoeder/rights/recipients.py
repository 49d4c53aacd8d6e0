"""GDPR 19: whoever got the data is told that they were corrected, erased or restricted, unless that cannot be done.

Recipients come from the register: those of the processings whose places were changed; and related companies to which
this person's own data were passed on. An authority that asked in one inquiry is none (4(9)). A notice is a letter in
the vault; an officer sends it the way that was agreed with the recipient, and says so. Rows tell state and dates, never
whom it is about.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.persons.person import Identity
from hoeder.policy import Policy
from hoeder.policy.person_facing import as_declared, place_name
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file, letters, search, went
from hoeder.rights.case import Db, Right
from hoeder.rights.case_file import CaseFile
from hoeder.vault import Vault

TOLD_OF = frozenset({Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION})
SEND_WITHIN = timedelta(days=2)
ANSWER_WITHIN = timedelta(days=14)
"""As the letter asks."""
_KINDS = {
    "email": ("e-mailadres", "e-mail address"), "phone": ("telefoonnummer", "telephone number"),
    "bank_account": ("rekeningnummer", "bank account"), "customer": ("klantnummer", "customer number"),
    "employee": ("personeelsnummer", "staff number"),
}  # fmt: skip
"""Identities that a recipient knows somebody by; a citizen's number is sent to nobody."""


class Answer(StrEnum):
    """What a recipient did."""

    DONE = "done"
    KEPT_BY_LAW = "kept-by-law"
    HAS_NOTHING = "has-nothing"


class Ground(StrEnum):
    """Why a recipient is not told (GDPR 19)."""

    IMPOSSIBLE = "impossible"
    DISPROPORTIONATE = "disproportionate"


@dataclass(frozen=True)
class Notice:
    """How it stands with one recipient."""

    case_id: UUID
    right: Right
    recipient: str
    made_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    ground: str | None

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done or heard."""
        return self.answered_at is None and self.ground is None

    def overdue(self, today: date) -> bool:
        """Whether it should have been sent, or answered, before a day."""
        since, within = (self.sent_at, ANSWER_WITHIN) if self.sent_at else (self.made_at, SEND_WITHIN)
        return self.is_open and since.astimezone(AMSTERDAM).date() + within < today


def recipients_of(policy: Policy, places: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Who got what stands in some places, with the places that each got."""
    found: dict[str, list[str]] = {}
    places = {as_declared(place) for place in places}
    for each in policy.processing.processings:
        for name in each.recipients:
            found.setdefault(name, []).extend(place for place in each.places if place in places)
    return {name: tuple(sorted(set(those))) for name, those in sorted(found.items()) if those}


def companies_of(
    db: Db, policy: Policy, key: ReferenceKey, identities: Collection[Identity], places: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Related companies that got a person's data, where those were changed in the table that they came from."""
    gate = policy.marketing_gate
    if gate is None or gate.persons.table not in {as_declared(place) for place in places}:
        return {}
    return {each.recipient: (gate.persons.table,) for each in went.companies(db, key, identities)}


def notify(
    db: Db,
    policy: Policy,
    key: ReferenceKey,
    vault: Vault,
    case_id: UUID,
    *,
    right: Right,
    places: Collection[str],
    run: ledger.Run,
    today: date,
) -> dict[str, int]:
    """Write the notices for what was changed in `places` (`store.table`), once for each recipient and right.

    How many recipients there are, and how many notices wait to be sent. Raises StoreError where the vault takes
    nothing; then there is no notice.
    """
    if right not in TOLD_OF:
        return {"recipients": 0, "to_send": 0}
    found, file = case.read(db, case_id), case_file.read(vault, case_id)
    told = recipients_of(policy, places)
    for name, those in companies_of(db, policy, key, file.identities, places).items():
        told[name] = tuple(sorted({*told.get(name, ()), *those}))
    subject = search.subject_of(db, key, found, file)
    with ledger.act(db, run, Activity.RIGHTS_LETTER, right, case_id=case_id, subject_ref=subject) as act:
        known = {notice.recipient for notice in notices(db, case_id) if notice.right is right}
        for name, those in told.items():
            if name in known:
                continue
            made = letters.make(
                db, policy, found, file, "notice", today=today, right=right,
                recipient=went.named(policy, name, found.language),
                identities=_identities(file, found.language),
                places=[place_name(policy, place, found.language) for place in those],
            )  # fmt: skip
            letter = letters.store(db, key, vault, case_id, made)
            db.execute(
                "insert into recipient_notice (case_id, asked, recipient, letter) values (%s, %s, %s, %s)",
                [case_id, right, name, letter.number],
            )
            act.digest = made.digest
        to_send = [each for each in notices(db, case_id) if each.right is right and each.is_open and not each.sent_at]
        act.counts = {"recipients": len(told), "to_send": len(to_send)}
        act.outcome = Outcome.DONE if told else Outcome.NOTHING
    return act.counts


def sent(db: Db, case_id: UUID, right: Right, recipient: str, *, by: str, run: ledger.Run) -> Notice:
    """Put down that a recipient was told. Raises Refused where there is no such notice, or it was settled."""
    return _settle(db, case_id, right, recipient, by, run, {"sent_at": "now"}, counted="sent")


def answered(
    db: Db, case_id: UUID, right: Right, recipient: str, answer: Answer, *, by: str, run: ledger.Run
) -> Notice:
    """Put down what a recipient did. Raises Refused before the notice was sent."""
    return _settle(db, case_id, right, recipient, by, run, {"answered_at": "now", "answer": answer}, counted="answered")


def impossible(
    db: Db, case_id: UUID, right: Right, recipient: str, ground: Ground, *, by: str, run: ledger.Run
) -> Notice:
    """Put down why a recipient is not told. Raises Refused after the notice was sent."""
    return _settle(db, case_id, right, recipient, by, run, {"ground": ground}, counted="impossible")


def notices(db: Db, case_id: UUID | None = None) -> list[Notice]:
    """The notices of a case, or of all."""
    rows = db.execute(
        """select case_id, asked, recipient, made_at, sent_at, answered_at, answer, ground from recipient_notice
            where %s::uuid is null or case_id = %s order by made_at, asked, recipient""",
        [case_id, case_id],
    ).fetchall()
    return [Notice(row[0], Right(row[1]), *row[2:]) for row in rows]


def overdue(db: Db, today: date) -> dict[str, int]:
    """How many notices should have been sent, or answered, by now."""
    late = [notice for notice in notices(db) if notice.overdue(today)]
    return {
        "to_send": sum(notice.sent_at is None for notice in late),
        "reminded": sum(notice.sent_at is not None for notice in late),
    }


def _settle(
    db: Db,
    case_id: UUID,
    right: Right,
    recipient: str,
    by: str,
    run: ledger.Run,
    change: Mapping[str, str],
    *,
    counted: str,
) -> Notice:
    with ledger.act(db, run, Activity.RIGHTS_NOTIFY, right, case_id=case_id) as act:
        act.outcome = Outcome.REFUSED
        db.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"case {case_id}"])
        before = _one(db, case_id, right, recipient)
        if (before.sent_at is None) == ("answer" in change) or not before.is_open:
            state = before.ground or before.answer or ("sent" if before.sent_at else "to be sent")
            raise Refused(
                f"case {case_id}: the notice to {recipient} about {right} is {state}; it cannot be {counted} now"
            )
        db.execute(
            """update recipient_notice set by_whom = %(by)s, ground = coalesce(%(ground)s, ground),
                      answer = coalesce(%(answer)s, answer),
                      sent_at = case when %(sent)s then clock_timestamp() else sent_at end,
                      answered_at = case when %(answered)s then clock_timestamp() else answered_at end
                where case_id = %(case)s and asked = %(right)s and recipient = %(recipient)s""",
            {
                "by": by, "ground": change.get("ground"), "answer": change.get("answer"), "case": case_id,
                "right": right, "recipient": recipient, "sent": "sent_at" in change,
                "answered": "answered_at" in change,
            },
        )  # fmt: skip
        act.counts, act.outcome = {counted: 1}, Outcome.DONE
        return _one(db, case_id, right, recipient)


def _one(db: Db, case_id: UUID, right: Right, recipient: str) -> Notice:
    there = {each.recipient: each for each in notices(db, case_id) if each.right is right}
    if recipient not in there:
        names = ", ".join(there) or "none"
        raise Refused(f"case {case_id} has no notice to {recipient} about {right}; there are: {names}")
    return there[recipient]


def _identities(file: CaseFile, language: str) -> list[str]:
    """By what a recipient knows the person: nothing more than they need to find them."""
    at = 0 if language == "nl" else 1
    return [f"{_KINDS[kind][at]}: {value}" for kind, value in file.identities if kind in _KINDS]
