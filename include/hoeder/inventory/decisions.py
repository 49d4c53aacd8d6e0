"""What people decide about findings, and what is still to be decided.

A decision stands until its day is over, the finding comes back after it was gone, or what it was about changes: the
category that was found, or the rules and detector it was found by. Then the finding is asked again.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from psycopg.rows import class_row

from hoeder.clock import add_months
from hoeder.errors import HoederError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Connection
from hoeder.policy.models import Policy

_WHO = re.compile(r"[A-Za-z0-9_.@ -]{1,60}")
FALSE_ALARM_MONTHS = 12
"""How long a false alarm stays one where nobody says how long."""


class Decision(StrEnum):
    """What can be decided."""

    ACCEPT = "accept"  # it is what it seems, and may stay
    FIX = "fix"  # it is what it seems, and may not stay
    FALSE_ALARM = "false-alarm"  # it is not what it seems


REASONS: dict[Decision, tuple[str, ...]] = {
    Decision.ACCEPT: ("legal-duty", "contract", "consent", "public", "temporary", "known-risk"),
    Decision.FIX: ("declare", "set-term", "erase", "move", "redact"),
    Decision.FALSE_ALARM: ("not-personal", "organisation", "made-up", "other-number"),
}
"""Why, by decision: closed lists, so that no text about anybody gets in. The governance database holds the same."""

_COUNTED = {Decision.ACCEPT: "accepted", Decision.FIX: "to_fix", Decision.FALSE_ALARM: "false_alarm"}


@dataclass(frozen=True)
class Finding:
    """A finding and the last decision about it. `asked_because` is None where that decision stands."""

    finding: int
    case_id: UUID
    store: str
    object: str
    column: str
    kind: str
    owner: str
    declared: str | None
    found: str | None
    confidence: float
    evidence: str
    first_seen: datetime
    last_seen: datetime
    last_scan: int
    blocks: bool
    present: bool
    decision: str | None
    reason: str | None
    until: date | None
    decided_by: str | None
    decided_at: datetime | None
    asked_because: Literal["new", "came-back", "expired", "category-changed", "rules-changed"] | None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide."""
        return self.present and self.asked_because is not None

    @property
    def place(self) -> str:
        """`store.table.column`, or `store.table` for a finding about all of it."""
        return ".".join([self.store, self.object, *([] if self.column == "*" else [self.column])])


_NOW = """
    select finding, case_id, store, object, "column", kind, owner, declared, found, confidence, evidence, first_seen,
           last_seen, last_scan, blocks, present, decision, reason, until, decided_by, decided_at, asked_because
    from finding_now order by store, object, "column", kind
"""


def findings(db: Connection) -> list[Finding]:
    """Every finding that there ever was: the ones that keep the inventory red first, then the open ones."""
    with db.cursor(row_factory=class_row(Finding)) as cursor:
        found = cursor.execute(_NOW).fetchall()
    return sorted(found, key=lambda f: (not f.present, not (f.blocks and f.is_open), not f.is_open))


def decide(
    db: Connection,
    policy: Policy,
    numbers: Sequence[int],
    decision: Decision,
    reason: str,
    *,
    by: str,
    until: date | None,
    today: date,
) -> list[Finding]:
    """Decide about findings, each with its entries in the ledger; the findings as they are then. Commits each.

    `by` is the function or login of the person who decides. A false alarm without `until` is one for a year. Raises
    HoederError, before anything is written, where the reason is not one for this decision, a number is no finding
    that is there, or `until` is not in the future.
    """
    if reason not in REASONS[decision]:
        raise HoederError(f"{reason} is no reason to {decision}; there are: {', '.join(REASONS[decision])}")
    if _WHO.fullmatch(by) is None:
        raise HoederError("who decides is a function or login of at most 60 plain letters: --by dpo")
    if until is not None and until < today:
        raise HoederError(f"{until} is over: say a day to come, after which the finding is asked again")
    known = {finding.finding: finding for finding in findings(db)}
    wrong = [number for number in numbers if number not in known or not known[number].present]
    if wrong:
        shown = ", ".join(map(str, wrong))
        raise HoederError(f"no finding that is there now has number {shown}; hoeder findings lists them")
    if decision is Decision.FALSE_ALARM and until is None:
        until = add_months(today, FALSE_ALARM_MONTHS)
    run = ledger.Run(policy.digest)
    ledger.register_policy(db, policy)
    for number in numbers:
        _decide(db, run, known[number], decision, reason, by=by, until=until, today=today)
    return [finding for finding in findings(db) if finding.finding in set(numbers)]


def _decide(
    db: Connection,
    run: ledger.Run,
    finding: Finding,
    decision: Decision,
    reason: str,
    *,
    by: str,
    until: date | None,
    today: date,
) -> None:
    if finding.store not in _names(db, run):
        ledger.register_names(db, run.policy_digest, [finding.store])  # policy no longer speaks of this store
    with ledger.act(db, run, Activity.INVENTORY_DECIDE, finding.store, case_id=finding.case_id) as act:
        row = db.execute(
            """insert into finding_decision (finding, decision, reason, until, decided_by, found, basis)
               select finding, %s, %s, %s, %s, found, basis from finding where finding = %s
               returning basis, decided_at""",
            [decision, reason, until, by, finding.finding],
        ).fetchone()
        assert row is not None  # noqa: S101  # the finding was there a moment ago
        said = [finding.finding, decision, reason, str(until), by, finding.found, row[0], row[1].isoformat()]
        act.digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        act.counts = {"finding": finding.finding, _COUNTED[decision]: 1}
        if until is not None:
            act.counts["days"] = (until - today).days


def _names(db: Connection, run: ledger.Run) -> set[str]:
    rows = db.execute("select name from policy_name where policy_digest = %s", [run.policy_digest])
    return {name for (name,) in rows}
