"""A review: read everything, judge it, and write down what came of it without naming anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg

from hoeder.access_review.findings import Finding, Kind, Right, list_digest
from hoeder.access_review.gather import gather
from hoeder.access_review.judge import Judged, judge
from hoeder.access_review.people import State
from hoeder.clock import AMSTERDAM
from hoeder.errors import EvidenceError, PolicyError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.policy import Policy
from hoeder.policy.access_review import AccessReview
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver

Db = psycopg.Connection[tuple[Any, ...]]
OBJECT = "access"
_ASPECTS = {
    Activity.ACCESS_USE: (Kind.USE,),
    Activity.ACCESS_EGRESS: (Kind.EGRESS, Kind.OTHER_CLIENT),
    Activity.ACCESS_CLIENT_SYSTEMS: (Kind.CLIENT_SYSTEM,),
    Activity.ACCESS_SECRECY: (Kind.NO_SECRECY,),
}
"""What the statement promises by itself, told of by itself."""
_NEED_STAFF = (Activity.ACCESS_CLIENT_SYSTEMS, Activity.ACCESS_SECRECY)


@dataclass(frozen=True)
class Review:
    """What a review came to; counts only."""

    review: int
    case: UUID
    digest: str
    state: State
    working: int
    rights: int
    by_kind: dict[str, int]

    @property
    def whole(self) -> bool:
        """Whether everything could be read and HR's list relied on."""
        return self.state is State.USABLE and not self.by_kind.get(Kind.UNREADABLE)


def said(policy: Policy) -> AccessReview:
    """The access part of policy. Raises PolicyError where there is none."""
    if policy.access_review is None:
        raise PolicyError("policy has no access_review.yaml: say there who needs what")
    return policy.access_review


def run(
    policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, *, run: ledger.Run, now: datetime
) -> Review:
    """Read, judge and record. What could not be read is a finding, and the ledger says `partial`.

    Where HR's list is empty, old or misses many people, nothing is found that follows from it, and nobody loses access.
    """
    access = said(policy)
    ledger.register_policy(governance, policy)
    governance.commit()
    with ledger.act(governance, run, Activity.ACCESS_REVIEW, OBJECT) as act:
        seen = gather(policy, access, resolve, governance)
        judged = judge(seen, policy, access, now=now, before=_before(governance))
        review = _record(governance, policy, access, judged, key, run, act.entry, now)
        act.counts, act.digest = _counts(judged), review.digest
        act.outcome = Outcome.DONE if review.whole else Outcome.PARTIAL
    for activity, kinds in _ASPECTS.items():
        with ledger.act(governance, run, activity, OBJECT, case_id=review.case) as act:
            act.counts = {"findings": sum(review.by_kind.get(kind, 0) for kind in kinds)}
            if (activity in _NEED_STAFF and judged.state is not State.USABLE) or (
                activity not in _NEED_STAFF and review.by_kind.get(Kind.UNREADABLE)
            ):
                act.outcome = Outcome.PARTIAL
    return review


def age_out(governance: Db, policy: Policy, today: date) -> int:
    """Let go of reviews as old as ledger entries may get, with all that was decided in them; how many."""
    row = governance.execute("select access_age_out(%s)", [policy.organisation.ledger_begins(today)]).fetchone()
    governance.commit()
    return int(row[0]) if row else 0


def _before(governance: Db) -> int | None:
    """How many worked here at the last review whose list could be relied on."""
    row = governance.execute(
        "select working from access_review where staff_state = 'usable' order by review desc limit 1"
    ).fetchone()
    governance.commit()
    return int(row[0]) if row else None


def _counts(judged: Judged) -> dict[str, int]:
    kinds = Counter(finding.kind for finding in judged.findings)
    hours = max((finding.hours or 0 for finding in judged.findings), default=0)
    return {kind.replace("-", "_"): count for kind, count in kinds.items()} | {
        "findings": len(judged.findings), "rights": len(judged.register), "working": judged.working,
        "hours_most": hours,
    }  # fmt: skip


def _record(
    governance: Db,
    policy: Policy,
    access: AccessReview,
    judged: Judged,
    key: ReferenceKey,
    run: ledger.Run,
    entry: int,
    now: datetime,
) -> Review:
    items = {finding.item(key): finding for finding in judged.findings}
    digest = list_digest(items)
    row = governance.execute(
        """insert into access_review (on_day, policy_digest, staff_state, working, digest, dag_id, run_id, entry)
           values (%s, %s, %s, %s, %s, %s, %s, %s) returning review, case_id""",
        [now.astimezone(AMSTERDAM).date(), policy.digest, judged.state, judged.working, digest, run.dag_id,
         run.run_id, entry],
    ).fetchone()  # fmt: skip
    if row is None:
        raise EvidenceError("the governance database took no review")
    review, case = row
    with governance.cursor() as cursor:
        cursor.executemany(
            """insert into access_finding (review, item, kind, system, place, "right", "column", client, account,
                   account_ref, person_ref, number, hours, owner, proposed, by_machine)
               values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [_row(review, item, finding, access, key) for item, finding in items.items()],
        )
        cursor.executemany(
            """insert into access_right (review, system, account_ref, person_ref, status, function, place, "right",
                   client, needed, special, last_used_on)
               values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            list(_lines(review, judged.register, key)),
        )
    governance.commit()
    kinds = Counter(str(finding.kind) for finding in judged.findings)
    return Review(review, case, digest, judged.state, judged.working, len(judged.register), dict(kinds))


def _row(review: int, item: str, finding: Finding, access: AccessReview, key: ReferenceKey) -> tuple[object, ...]:
    proposed = finding.proposed()
    return (
        review, item, finding.kind, finding.system, finding.place, finding.right, finding.column, finding.client,
        finding.account if finding.named else None, finding.account_ref(key), finding.person_ref(key), finding.count,
        finding.hours, access.owner_of(finding.system), proposed,
        proposed is not None and finding.withdrawal(proposed) is not None,
    )  # fmt: skip


def _lines(review: int, register: Iterable[Right], key: ReferenceKey) -> Iterable[tuple[object, ...]]:
    for line in register:
        yield (
            review, line.system, key.row(line.system, "account", line.account),
            key.subject("employee", line.person) if line.person else None, line.status, line.function, line.place,
            line.right, line.client, line.needed, line.special, line.last_used_on,
        )  # fmt: skip
