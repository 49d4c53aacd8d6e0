"""A case: one request of an authority, or one own report, as steps that are only added. Its state follows from them.

Nothing of the persons is kept here: who they are lies in the vault, and afterwards as keyed references.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg

from hoeder.errors import Refused
from hoeder.policy import Policy
from hoeder.policy.disclosures import Power

Db = psycopg.Connection[tuple[Any, ...]]


class Verified(StrEnum):
    """How it was made sure that the official is one."""

    CALLED_BACK = "called-back"  # on a number that we looked up ourselves
    PORTAL = "portal"  # it came through the authority's own secured channel
    IN_PERSON = "in-person"  # with an identity card
    NOT_VERIFIED = "not-verified"


class What(StrEnum):
    """A step of a case."""

    TAKEN_IN = "taken-in"
    SUBJECTS = "subjects"
    CHECKED = "checked"
    REFUSED = "refused"
    CLIENT_TOLD = "client-told"
    FORWARDED = "forwarded"
    PREPARED = "prepared"
    RELEASED = "released"
    RECEIVED = "received"
    ERASED = "erased"
    CLOSED = "closed"


MAY_FOLLOW: Mapping[What, frozenset[What | None]] = {
    What.TAKEN_IN: frozenset({None}),
    What.SUBJECTS: frozenset({What.TAKEN_IN}),
    What.CHECKED: frozenset({What.SUBJECTS}),
    What.CLIENT_TOLD: frozenset({What.CHECKED}),
    What.FORWARDED: frozenset({What.CHECKED}),
    What.PREPARED: frozenset({What.CHECKED, What.CLIENT_TOLD, What.PREPARED}),
    What.RELEASED: frozenset({What.PREPARED}),
    What.RECEIVED: frozenset({What.RELEASED}),
    What.REFUSED: frozenset({What.TAKEN_IN, What.SUBJECTS, What.CHECKED, What.CLIENT_TOLD, What.PREPARED}),
    What.ERASED: frozenset({What.RECEIVED, What.REFUSED}),
    What.CLOSED: frozenset({What.REFUSED, What.FORWARDED, What.ERASED}),
}
"""After which steps a step may come."""


@dataclass(frozen=True)
class Step:
    """One step: who took it, the digest of what it was about, and its detail in words of closed lists and counts."""

    what: What
    at: datetime
    by: str
    digest: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A case and its steps, oldest first. `document` is the SHA-256 of the order, or of the facts that we report."""

    case_id: UUID
    authority: str
    power: str
    own_report: bool
    compelled: bool
    document: str
    received_on: date
    verified: Verified
    secret_until: date | None
    client: str | None
    asked: tuple[str, ...]
    fraud_case: UUID | None
    policy_digest: str
    taken_in_at: datetime
    steps: tuple[Step, ...] = ()

    @property
    def last(self) -> What | None:
        """Where the case stands."""
        return self.steps[-1].what if self.steps else None

    def latest(self, what: What) -> Step | None:
        """The latest step of a kind."""
        return next((step for step in reversed(self.steps) if step.what is what), None)

    def objection(self, what: What) -> str | None:
        """Why a step may not come now; None where it may."""
        if self.last not in MAY_FOLLOW[what]:
            return f"{what} cannot follow {self.last or 'nothing'}"
        if what is What.PREPARED and self.client and not self.latest(What.CLIENT_TOLD):
            return f"the data are client {self.client}'s, and the client comes first"
        return None

    def power_of(self, policy: Policy) -> Power:
        """The power that is claimed, as policy has it now. Raises Refused where it was not in force at receipt."""
        power = policy.disclosures.power(self.authority, self.power)
        if power is None or not power.valid_on(self.received_on):
            raise Refused(
                f"case {self.case_id}: power {self.power} of {self.authority} was not in force on {self.received_on} "
                "(policy: disclosures.yaml). Nothing was given."
            )
        return power


def read(db: Db, case_id: UUID) -> Case:
    """A case with its steps. Raises Refused where there is none."""
    found = [case for case in cases(db) if case.case_id == case_id]
    if not found:
        raise Refused(f"there is no case {case_id}: hoeder disclosures list names those there are")
    return found[0]


def cases(db: Db) -> tuple[Case, ...]:
    """Every case, the latest first."""
    steps: dict[UUID, list[Step]] = {}
    for case_id, what, at, by, digest, detail in db.execute(
        "select case_id, what, at, by_whom, digest, detail from disclosure_step order by step"
    ):
        steps.setdefault(case_id, []).append(Step(What(what), at, by, digest, detail))
    rows = db.execute(
        """select case_id, authority, power, own_report, compelled, document, received_on, verified, secret_until,
                  client, asked, fraud_case, policy_digest, taken_in_at
             from disclosure order by taken_in_at desc, case_id"""
    ).fetchall()
    return tuple(_case(row, tuple(steps.get(row[0], ()))) for row in rows)


def _case(row: tuple[Any, ...], steps: tuple[Step, ...]) -> Case:
    case_id, authority, power, own_report, compelled, document, received_on, verified, secret_until, *rest = row
    client, asked, fraud_case, policy_digest, taken_in_at = rest
    return Case(
        case_id, authority, power, own_report, compelled, document, received_on, Verified(verified), secret_until,
        client, tuple(asked), fraud_case, policy_digest, taken_in_at, steps,
    )  # fmt: skip


def add(
    db: Db, case: Case, what: What, *, by: str, digest: str | None = None, detail: Mapping[str, Any] | None = None
) -> Case:
    """Take a step, inside the caller's transaction; the case with it. Raises Refused where it may not come now."""
    now = read(db, case.case_id)
    if reason := now.objection(what):
        raise Refused(f"case {case.case_id}: {reason}. Nothing was given.")
    try:
        db.execute(
            "insert into disclosure_step (case_id, what, by_whom, digest, detail) values (%s, %s, %s, %s, %s)",
            [case.case_id, what, by, digest, json.dumps(dict(detail or {}))],
        )
    except psycopg.errors.CheckViolation as error:
        raise Refused(f"case {case.case_id}: {error.diag.message_primary}. Nothing was given.") from None
    return read(db, case.case_id)
