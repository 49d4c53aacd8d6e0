"""A case: one request from its receipt to its closing, as steps that are only added. Its state follows from them.

Nothing of the person is kept here. Who asks is a keyed reference; the message lies where it came in; what is decided is
a word of a closed list.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg

from hoeder.clock import AMSTERDAM
from hoeder.deadlines import Due, Profile, answer_due
from hoeder.errors import Refused

Db = psycopg.Connection[tuple[Any, ...]]


class Right(StrEnum):
    """What a person can ask, with its article of the GDPR."""

    ACCESS = "access"  # 15
    RECTIFICATION = "rectification"  # 16
    ERASURE = "erasure"  # 17
    RESTRICTION = "restriction"  # 18
    PORTABILITY = "portability"  # 20
    OBJECTION = "objection"  # 21
    WITHDRAWAL = "withdrawal"  # 7(3)


class Channel(StrEnum):
    """How a request came in."""

    MAIL = "mail"
    LETTER = "letter"
    CONTACT_FORM = "contact-form"
    TELEPHONE = "telephone"
    DESK = "desk"


class What(StrEnum):
    """A step of a case."""

    PROPOSED = "proposed"
    DUPLICATE = "duplicate"
    NO_REQUEST = "no-request"
    CONFIRMED = "confirmed"
    FORWARDED = "forwarded"
    IDENTITY_ASKED = "identity-asked"
    IDENTIFIED = "identified"
    NOT_IDENTIFIED = "not-identified"
    CLARIFICATION_ASKED = "clarification-asked"
    CLARIFIED = "clarified"
    EXTENDED = "extended"
    SEARCHED = "searched"
    JUDGED = "judged"
    DECIDED = "decided"
    CARRIED_OUT = "carried-out"
    NOTIFIED = "notified"
    ANSWERED = "answered"
    VERIFIED = "verified"
    CLOSED = "closed"
    REOPENED = "reopened"


class ExtensionGround(StrEnum):
    """Why two further months may be taken (GDPR 12(3)); being busy is none."""

    COMPLEXITY = "complexity"
    NUMBER = "number"


_START = None
_MAY_FOLLOW: Mapping[What, frozenset[What | None]] = {
    What.PROPOSED: frozenset({_START}),
    What.DUPLICATE: frozenset({_START, What.PROPOSED}),
    What.NO_REQUEST: frozenset({What.PROPOSED, What.REOPENED}),
    What.CONFIRMED: frozenset({What.PROPOSED, What.CONFIRMED, What.REOPENED}),
    What.FORWARDED: frozenset({What.CONFIRMED}),
    What.IDENTITY_ASKED: frozenset({What.CONFIRMED, What.IDENTITY_ASKED, What.CLARIFIED}),
    What.IDENTIFIED: frozenset({What.CONFIRMED, What.IDENTITY_ASKED, What.CLARIFIED}),
    What.NOT_IDENTIFIED: frozenset({What.CONFIRMED, What.IDENTITY_ASKED}),
    What.CLARIFICATION_ASKED: frozenset({What.CONFIRMED, What.IDENTITY_ASKED, What.IDENTIFIED}),
    What.CLARIFIED: frozenset({What.CLARIFICATION_ASKED}),
    # again where what was decided is not what stands there now, until everything asked was carried out
    What.SEARCHED: frozenset(
        {What.IDENTIFIED, What.SEARCHED, What.JUDGED, What.CLARIFIED, What.DECIDED, What.CARRIED_OUT}
    ),
    What.JUDGED: frozenset({What.SEARCHED, What.JUDGED}),
    What.DECIDED: frozenset({What.SEARCHED, What.JUDGED, What.NOT_IDENTIFIED}),
    What.CARRIED_OUT: frozenset({What.DECIDED, What.CARRIED_OUT}),
    What.NOTIFIED: frozenset({What.CARRIED_OUT, What.NOTIFIED}),
    What.VERIFIED: frozenset({What.CARRIED_OUT, What.NOTIFIED, What.VERIFIED}),
    What.ANSWERED: frozenset({What.DECIDED, What.CARRIED_OUT, What.NOTIFIED, What.VERIFIED, What.NOT_IDENTIFIED}),
    What.CLOSED: frozenset({What.ANSWERED, What.FORWARDED, What.DUPLICATE, What.NO_REQUEST}),
    What.REOPENED: frozenset({What.CLOSED}),
}
"""After which steps a step may come. An extension may come at any time before the answer."""


@dataclass(frozen=True)
class Step:
    """One step: who took it, and its detail in words of closed lists, counts and digests."""

    what: What
    at: datetime
    by: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A case and its steps, oldest first."""

    case_id: UUID
    received_at: datetime
    channel: Channel
    language: str
    policy_digest: str
    stores: tuple[str, ...]
    steps: tuple[Step, ...] = ()

    @property
    def last(self) -> What | None:
        """Where the case stands; an extension is not a place."""
        return next((step.what for step in reversed(self.steps) if step.what is not What.EXTENDED), None)

    def latest(self, what: What) -> Step | None:
        """The latest step of a kind."""
        return next((step for step in reversed(self.steps) if step.what is what), None)

    @property
    def received_on(self) -> date:
        """The day of receipt in Dutch time, which is not counted."""
        return self.received_at.astimezone(AMSTERDAM).date()

    @property
    def rights(self) -> frozenset[Right]:
        """What is asked, as a person confirmed it."""
        step = self.latest(What.CONFIRMED)
        return frozenset(Right(right) for right in step.detail["rights"]) if step else frozenset()

    @property
    def client(self) -> str | None:
        """Whose customer asks; None where it is about our own data."""
        step = self.latest(What.CONFIRMED)
        return str(step.detail["client"]) if step and step.detail.get("client") else None

    @property
    def extended(self) -> bool:
        """Whether the person was told in time that it takes longer."""
        return self.latest(What.EXTENDED) is not None

    @property
    def waited(self) -> int:
        """Days between our questions and the answers to them: of the lenient date alone."""
        days, asked = 0, None
        for step in self.steps:
            if step.what in (What.IDENTITY_ASKED, What.CLARIFICATION_ASKED):
                asked = asked or step.at
            elif step.what in (What.IDENTIFIED, What.NOT_IDENTIFIED, What.CLARIFIED) and asked:
                days += max(0, (step.at.astimezone(AMSTERDAM).date() - asked.astimezone(AMSTERDAM).date()).days)
                asked = None
        return days

    @property
    def due(self) -> Due:
        """What is steered on: no day that we waited, and the earlier holidays."""
        return answer_due(self.received_on, Profile.KERN, extended=self.extended)

    @property
    def lenient(self) -> Due:
        """The latest date that the EDPB would accept."""
        return answer_due(self.received_on, Profile.ATW, extended=self.extended, waited=self.waited)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.last is not What.CLOSED


def open_case(
    db: Db,
    *,
    received_at: datetime,
    channel: Channel,
    language: str,
    policy_digest: str,
    stores: Sequence[str],
    message_digest: str | None = None,
    subject_ref: bytes | None = None,
) -> tuple[UUID, bool]:
    """A new case with the stores that it will be searched in; the case there is, and False, for a message seen before.

    Works inside the caller's transaction. Raises Refused for a receipt in the future.
    """
    if received_at.tzinfo is None or received_at > datetime.now(UTC):
        raise Refused("a request cannot have been received in the future, and its moment needs a time zone")
    row = db.execute(
        """insert into subject_case (received_at, channel, message_digest, subject_ref, language, policy_digest, stores)
           values (%s, %s, %s, %s, %s, %s, %s) on conflict (message_digest) do nothing returning case_id""",
        [received_at, channel, message_digest, subject_ref, language, policy_digest, list(stores)],
    ).fetchone()
    if row:
        return row[0], True
    known = db.execute("select case_id from subject_case where message_digest = %s", [message_digest]).fetchone()
    if known is None:
        raise Refused("the case was not opened: another process is opening it; try again")
    return known[0], False


def others_of(db: Db, subject_ref: bytes, *, but: UUID) -> list[UUID]:
    """Open cases of the same person: a request that is asked twice is answered once."""
    rows = db.execute(
        "select case_id from subject_case where subject_ref = %s and case_id <> %s order by taken_in_at",
        [subject_ref, but],
    ).fetchall()
    return [case for (case,) in rows if read(db, case).is_open]


def read(db: Db, case_id: UUID) -> Case:
    """A case with its steps. Raises Refused for one that does not exist."""
    row = db.execute(
        "select received_at, channel, language, policy_digest, stores from subject_case where case_id = %s", [case_id]
    ).fetchone()
    if row is None:
        raise Refused(f"there is no case {case_id}; `hoeder requests` lists them")
    steps = db.execute(
        "select what, at, by_whom, detail from subject_step where case_id = %s order by step", [case_id]
    ).fetchall()
    return Case(
        case_id, row[0], Channel(row[1]), row[2], row[3], tuple(row[4]),
        tuple(Step(What(what), at, by, detail) for what, at, by, detail in steps),
    )  # fmt: skip


def open_cases(db: Db) -> list[Case]:
    """All that are not closed, the most urgent first."""
    rows = db.execute("select case_id from subject_case order by received_at").fetchall()
    found = [read(db, case) for (case,) in rows]
    return sorted((case for case in found if case.is_open), key=lambda case: case.due.due)


def take(db: Db, case_id: UUID, what: What, by: str, detail: Mapping[str, Any] | None = None) -> Case:
    """Add a step, one process at a time for a case. Raises Refused for one that cannot come now, with what may.

    Works inside the caller's transaction, which then holds the case until it ends.
    """
    db.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"case {case_id}"])
    case = read(db, case_id)
    if not may_follow(case.last, what):
        can = sorted(each for each in What if may_follow(case.last, each))
        raise Refused(
            f"case {case_id} is {case.last or 'new'}, so it cannot be {what} now; "
            f"it can be {', '.join(can) or 'nothing'}"
        )
    if what is What.EXTENDED:
        _may_extend(case, detail or {})
    db.execute(
        "insert into subject_step (case_id, what, by_whom, detail) values (%s, %s, %s, %s)",
        [case_id, what, by, json.dumps(dict(detail or {}))],
    )
    return read(db, case_id)


def may_follow(last: What | None, what: What) -> bool:
    """Whether a step may come after another."""
    if what is What.EXTENDED:
        return last not in (None, What.ANSWERED, What.CLOSED, What.FORWARDED, What.DUPLICATE)
    return last in _MAY_FOLLOW[what]


def _may_extend(case: Case, detail: Mapping[str, Any]) -> None:
    """Once, for one of two grounds, told within the first month (GDPR 12(3))."""
    if case.extended:
        raise Refused(f"case {case.case_id} was extended before; it can be once")
    if detail.get("ground") not in tuple(ExtensionGround):
        raise Refused(f"an extension needs a ground: {' or '.join(ExtensionGround)}; being busy is none")
    today = datetime.now(AMSTERDAM).date()
    if today > case.due.notice:
        raise Refused(
            f"case {case.case_id} could be extended until {case.due.notice}, within the first month; that has passed: "
            "answer now what can be answered"
        )


def matters(cases: Collection[Case], today: date) -> dict[str, int]:
    """How open cases stand against their clocks, in counts."""
    left = [(case.due.due - today).days for case in cases]
    return {
        "requests": len(left),
        "overdue": sum(days < 0 for days in left),
        "within_a_week": sum(0 <= days <= 7 for days in left),
    }
