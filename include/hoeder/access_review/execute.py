"""Execute: take away exactly what was decided, having read everything again, and read it once more afterwards.

No name of an account is stored: what was decided is known by its keyed reference, and the account that it is about is
found again among what is read now. What is no longer so is left alone.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime
from typing import Any

import psycopg

from hoeder.access_review.decide import Asked, asked
from hoeder.access_review.findings import Decision, Finding
from hoeder.access_review.gather import gather
from hoeder.access_review.judge import Judged, judge
from hoeder.access_review.people import State
from hoeder.access_review.review import OBJECT, said
from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.withdraw import Withdrawal, withdraw

Db = psycopg.Connection[tuple[Any, ...]]
log = logging.getLogger(__name__)
_WORDS = {"gone": "withdrawn", "still-there": "still_there", "no-longer": "no_longer", "by-hand": "by_hand",
          "not-allowed": "not_allowed"}  # fmt: skip


def execute(
    policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, *, run: ledger.Run, now: datetime
) -> dict[str, int]:
    """What came of every decision to reduce or remove that was not carried out yet, by outcome.

    Raises Refused where the policy changed since, and where HR's list cannot be relied on now: then nobody loses
    access. A task that dies goes on where it was: what is gone is found gone.
    """
    question = asked(governance)
    waiting = _waiting(governance, question)
    governance.commit()
    if not waiting:
        return {}
    with ledger.act(governance, run, Activity.ACCESS_WITHDRAW, OBJECT, case_id=question.case) as act:
        if question.policy_digest != policy.digest:
            act.outcome = Outcome.REFUSED
            raise Refused("the policy changed after the review was made: review again. Nobody lost access.")
        before = _look(policy, resolve, governance, now)
        if before.state is not State.USABLE:
            act.outcome = Outcome.REFUSED
            raise Refused(f"HR's list cannot be relied on now ({before.state}). Nobody lost access.")
        there = {finding.item(key): finding for finding in before.findings}
        done = {number: _carry_out(there.get(item), decision, policy, resolve) for number, item, decision in waiting}
        left = {finding.item(key) for finding in _look(policy, resolve, governance, now).findings}
        counts: dict[str, int] = defaultdict(int)
        for number, item, _ in waiting:
            outcome = done[number]
            if outcome == "gone" and item in left:
                outcome = "still-there"
            governance.execute(
                "insert into access_withdrawal (decision_id, outcome, entry) values (%s, %s, %s)",
                [number, outcome, act.entry],
            )
            counts[_WORDS[outcome]] += 1
        governance.commit()
        act.counts = dict(counts)
        if counts.get("still_there") or counts.get("not_allowed"):
            act.outcome = Outcome.PARTIAL
    return dict(counts)


def _waiting(governance: Db, question: Asked) -> list[tuple[int, str, Decision]]:
    """The last decision about each finding of the last review, where it takes away and nothing came of it yet."""
    rows = governance.execute(
        """select d.decision_id, d.item, d.decision from access_finding f
           join lateral (select * from access_decision d where d.finding = f.finding
                         order by decision_id desc limit 1) d on true
           where f.review = %s and d.decision <> 'keep' and d.list_digest = %s
             and not exists (select from access_withdrawal w where w.decision_id = d.decision_id
                               and w.outcome in ('gone', 'no-longer', 'by-hand'))
           order by d.decision_id""",
        [question.review, question.digest],
    ).fetchall()
    return [(number, item, Decision(decision)) for number, item, decision in rows]


def _look(policy: Policy, resolve: Resolver, governance: Db, now: datetime) -> Judged:
    access = said(policy)
    before = governance.execute(
        "select working from access_review where staff_state = 'usable' order by review desc limit 1"
    ).fetchone()
    governance.commit()
    return judge(
        gather(policy, access, resolve, governance), policy, access, now=now, before=before[0] if before else None
    )


def _carry_out(finding: Finding | None, decision: Decision, policy: Policy, resolve: Resolver) -> str:
    """One decision: `gone`, or why not. What only the system's administrator can do is `by-hand`."""
    if finding is None:
        return "no-longer"
    what = finding.withdrawal(decision)
    if what is None or finding.system not in policy.stores:
        return "by-hand"
    try:
        _withdraw(finding.system, what, policy, resolve)
    except Refused as error:
        log.warning("%s: %s", finding.system, error)
        return "not-allowed"
    except StoreError as error:
        log.warning("%s: %s", finding.system, error)
        return "still-there"
    return "gone"


def _withdraw(store: str, what: Withdrawal, policy: Policy, resolve: Resolver) -> None:
    access, told = said(policy), policy.stores[store]
    programs = {f"{each.connection}_{program}" for each in policy.stores.values() for program in access.programs}
    own = {f"{each.connection}_access_withdraw" for each in policy.stores.values()}
    officers = {officer.user for officer in policy.organisation.officers.values() if officer.user}
    never = programs | own | set(access.administrators) | officers
    with connect(resolve(f"{told.connection}_access_withdraw"), autocommit=True) as db:
        withdraw(db, what, schema=told.schemas[0], never=never)
