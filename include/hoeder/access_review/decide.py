"""Decide: the data's owner keeps, reduces or removes, bound to exactly the list that was shown.

Nobody decides about their own access, and nobody but the owner decides. Two ways lead here, and both end in the same
guard: the answer to the required action of a run, and `hoeder access decide`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from hoeder.access_review.findings import Decision
from hoeder.access_review.review import OBJECT, said
from hoeder.access_review.staff import plain
from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.answer import Answer, Question, objections
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey

Db = psycopg.Connection[tuple[Any, ...]]
REASONS: Mapping[Decision, Collection[str]] = {
    Decision.KEEP: ("needed", "break-glass", "temporary", "known-risk"),
    Decision.REDUCE: ("as-proposed", "no-need", "mistake"),
    Decision.REMOVE: ("as-proposed", "left", "shared", "no-need", "mistake"),
}


@dataclass(frozen=True)
class Asked:
    """A review as it was stored, and how its questions are held against answers."""

    review: int
    case: UUID
    digest: str
    policy_digest: str
    dag_id: str | None
    run_id: str | None
    made_at: datetime
    now: datetime


@dataclass(frozen=True)
class Listed:
    """One finding of the list, as stored."""

    finding: int
    item: str
    system: str
    owner: str
    proposed: Decision | None
    account_ref: bytes | None
    person_ref: bytes | None
    settled: bool
    decided: bool
    """Whether somebody decided about it in this list."""


@dataclass(frozen=True)
class Choice:
    """What somebody chose for some findings, and why; for `keep` until when."""

    findings: tuple[int, ...]
    decision: Decision
    reason: str
    until: date | None = None


def asked(governance: Db, review: int | None = None) -> Asked:
    """The last review, or a certain one. Raises Refused where there is none."""
    row = governance.execute(
        """select review, case_id, digest, policy_digest, dag_id, run_id, made_at, clock_timestamp()
           from access_review where %(review)s::bigint is null or review = %(review)s order by review desc limit 1""",
        {"review": review},
    ).fetchone()
    if row is None:
        raise Refused("there was no review yet: run DAG access_review, or hoeder access review")
    return Asked(*row)


def listed(governance: Db, review: int) -> dict[int, Listed]:
    """Findings of the last review by their number. Raises Refused where `review` is not the last."""
    rows = governance.execute(
        """select finding, item, system, owner, proposed, account_ref, person_ref, settled,
                  exists (select from access_decision d where d.finding = f.finding), review
           from access_finding_now f order by finding"""
    ).fetchall()
    if any(row[9] != review for row in rows) or (not rows and asked(governance).review != review):
        raise Refused(f"review {review} is not the last one: look at the last list and decide about that")
    return {
        row[0]: Listed(
            row[0], row[1], row[2], row[3], Decision(row[4]) if row[4] else None, row[5], row[6], row[7], row[8]
        )
        for row in rows
    }


def as_proposed(
    governance: Db, policy: Policy, review: int, responder: str, keep: Collection[int], today: date
) -> list[Choice]:
    """What an approval of the whole list means: the proposals, of what the responder answers for, but what is kept."""
    access = said(policy)
    here = [
        each
        for each in listed(governance, review).values()
        if not each.settled
        and not each.decided
        and each.proposed
        and responder in policy.organisation.logins(each.owner)
    ]
    chosen = [
        Choice(tuple(e.finding for e in here if e.proposed is word and e.finding not in keep), word, "as-proposed")
        for word in (Decision.REDUCE, Decision.REMOVE)
    ]
    until = today + timedelta(days=access.keep_days)
    chosen.append(Choice(tuple(sorted(keep)), Decision.KEEP, "needed", until))
    return [choice for choice in chosen if choice.findings]


def decide(
    governance: Db,
    policy: Policy,
    key: ReferenceKey,
    answer: Answer,
    choices: Sequence[Choice],
    *,
    review: int,
    run: ledger.Run,
) -> dict[str, int]:
    """Take down choices about one list; how many of each. All of it, or nothing.

    Raises Refused, with every reason at once: another list, another owner, oneself, a word that does not belong.
    """
    access, question = said(policy), asked(governance, review)
    found = objections(
        answer,
        Question(question.dag_id or "", question.run_id or "", question.digest, question.made_at, options=_OPTIONS),
        policy.organisation,
        may="access_review",
        now=question.now,
    )
    if question.policy_digest != policy.digest:
        found.append("the policy changed after the review was made")
    known = listed(governance, review)
    responder = answer.responder or ""
    today = question.now.astimezone(AMSTERDAM).date()
    own = _own(governance, review, responder, policy, key)
    seen: set[int] = set()
    for choice in choices:
        for number in choice.findings:
            found += _against(known.get(number), number, responder, policy, own)
            if number in seen:
                found.append(f"finding {number} is decided about twice")
            seen.add(number)
        found += _wrong(choice, today, access.keep_days)
        if choice.decision is not Decision.KEEP and any(
            number in known and known[number].proposed is None for number in choice.findings
        ):
            found.append("some of these are no access that can be taken away: mend them, or keep them for a while")
    governance.commit()
    if found:
        reasons = "; ".join(dict.fromkeys(found))
        with ledger.act(governance, run, Activity.ACCESS_DECIDE, OBJECT, case_id=question.case) as act:
            act.outcome = Outcome.REFUSED
        raise Refused(f"nothing was decided about review {review}: {reasons}")
    counts = {{"keep": "kept", "reduce": "to_reduce", "remove": "to_remove"}[choice.decision]: 0 for choice in choices}
    with ledger.act(governance, run, Activity.ACCESS_DECIDE, OBJECT, case_id=question.case) as act:
        for choice in choices:
            for number in choice.findings:
                governance.execute(
                    """insert into access_decision (finding, item, decision, reason, until, decided_by, answered_at,
                           reason_digest, list_digest, entry)
                       values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
                    [number, known[number].item, choice.decision, choice.reason, choice.until, responder,
                     answer.answered_at, answer.reason_digest, question.digest, act.entry],
                )  # fmt: skip
                counts[{"keep": "kept", "reduce": "to_reduce", "remove": "to_remove"}[choice.decision]] += 1
        act.counts, act.digest = counts, question.digest
    return counts


_OPTIONS = ("Approve", "Reject")


def _own(governance: Db, review: int, responder: str, policy: Policy, key: ReferenceKey) -> frozenset[bytes]:
    """References of the responder: their accounts, and by these the person that HR's list knows."""
    rows = governance.execute("select distinct system, account_ref, person_ref from access_right where review = %s",
                              [review]).fetchall()  # fmt: skip
    logins = {responder, plain(responder)}
    mine = {key.row(system, "account", login) for system, *_ in rows for login in logins}
    mine |= {key.row(system, "account", login) for system in policy.stores for login in logins}
    return frozenset(mine | {person for _, account, person in rows if person and account in mine})


def _against(each: Listed | None, number: int, responder: str, policy: Policy, own: Collection[bytes]) -> list[str]:
    if each is None:
        return [f"finding {number} is not in this list"]
    found = []
    if responder not in policy.organisation.logins(each.owner):
        found.append(
            f"finding {number} is for the owner of {each.system} to decide (policy: access_review.yaml, owners)"
        )
    if each.account_ref in own or each.person_ref in own:
        found.append(f"finding {number} is about whoever answers: another must decide")
    return found


def _wrong(choice: Choice, today: date, longest: int) -> list[str]:
    allowed = REASONS[choice.decision]
    found = []
    if choice.reason not in allowed:
        found.append(f"{choice.reason} is no reason to {choice.decision}; there are: {', '.join(allowed)}")
    if (choice.decision is Decision.KEEP) != (choice.until is not None):
        found.append("a decision to keep has a last day, and only such a one")
    if choice.until and not today <= choice.until <= today + timedelta(days=longest):
        found.append(f"what is kept is kept for {longest} days at most (policy: access_review.yaml, keep_days)")
    return found
