"""The retention figures: every rule, what the latest plan made of it, and what the ledger says was erased."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Activity, Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.policy.retention import RetentionRule
from hoeder.report.attempts import attempts
from hoeder.report.facts.attempt import Attempt
from hoeder.report.facts.retention import (
    Certified,
    Decision,
    Erasure,
    Execution,
    Hold,
    Part,
    Plan,
    PreApproval,
    Retention,
    RuleFigures,
    Step,
)


def read_retention(db: Connection, policy: Policy, since: datetime, until: datetime) -> Retention:
    """The latest plan as it stood at `until`, over every rule in force and every rule that the plan has.

    Plans come faster than reports: what was erased since `since` is told of all plans.
    """
    plan, figures = read_rules(db, policy, until)
    seen = _seen(db, until)
    return Retention(
        plan,
        figures,
        since,
        _erasures(attempts(db, Activity.RETENTION_ERASE, until), since),
        covering(policy, until)[1],
        sum(due for _, due in seen.values()) if seen else None,
        certificates(db, since, until),
    )


def read_rules(db: Connection, policy: Policy, until: datetime) -> tuple[Plan | None, tuple[RuleFigures, ...]]:
    """The latest plan, and every rule in force or in that plan."""
    day = until.astimezone(AMSTERDAM).date()
    plan = _latest_plan(db, policy, until)
    parts: dict[str, tuple[str, Part]] = {}
    tried: dict[str, list[Attempt]] = {}
    if plan is not None:
        parts = _parts(db, plan)
        tried = attempts(db, Activity.RETENTION_ERASE, until, case_id=UUID(plan.plan))
    seen = _seen(db, until)
    rules = {rule.rule: rule for rule in policy.rules_on(day)}
    known = {rule.rule: rule for rule in policy.retention} | rules
    figures = tuple(
        _rule(name, known.get(name), seen.get(name, (None, 0))[0], plan, parts.get(name), tried.get(name, []))
        for name in dict.fromkeys([*rules, *parts])
    )
    return plan, figures


def read_holds(db: Connection, policy: Policy, until: datetime) -> tuple[Hold, ...]:
    """The holds in force, the one that should be reviewed first on top. Subjects are counted, nothing more.

    A review moves the day of the next one; the day that stood at `until` is told.
    """
    day = until.astimezone(AMSTERDAM).date()
    rows = db.execute(
        """with standing as (
               select hold, matter, ground, placed_on,
                      coalesce((select w.review_by from hold_review_was w
                                where w.hold = hold.hold and w.changed_at > %(until)s
                                order by w.changed_at limit 1), review_by) as review_by,
                      (select count(*) from hold_subject s where s.hold = hold.hold) as subjects
               from hold where placed_on <= %(day)s and (lifted_on is null or lifted_on > %(day)s))
           select * from standing order by review_by, hold""",
        {"day": day, "until": until},
    ).fetchall()
    small = policy.organisation.small_below
    return tuple(
        Hold(hold, matter, ground, placed_on, review_by, None if 0 < subjects < small else subjects,
             max(0, (day - review_by).days))
        for hold, matter, ground, placed_on, review_by, subjects in rows
    )  # fmt: skip


def certificates(db: Connection, since: datetime, until: datetime) -> tuple[Certified, ...]:
    """Plans under which something was erased in this time, oldest first, with their certificates."""
    rows = db.execute(
        """select p.plan::text, p.as_of, c.digest, coalesce(c.stored_at <= %(until)s, false)
           from plan p left join certificate c on c.plan = p.plan and c.made_at <= %(until)s
           where exists (select from ledger l where l.case_id = p.plan and l.act = 'erase' and l.phase = 'outcome'
                            and l.recorded_at >= %(since)s and l.recorded_at < %(until)s
                            and (l.counts ->> 'erased')::bigint > 0)
           order by p.made_at""",
        {"since": since, "until": until},
    ).fetchall()
    return tuple(Certified(*row) for row in rows)


def _erasures(tried: Mapping[str, list[Attempt]], since: datetime) -> tuple[Erasure, ...]:
    """Executions that ended after `since`, by rule, and failures from before that nothing made good."""
    found = []
    for rule, each in sorted(tried.items()):
        # A plan that the officer rejected was not executed: it leaves an earlier failure as it was.
        ended = [a for a in each if a.ended_at is not None and a.outcome not in (None, Outcome.REJECTED)]
        recent = [a for a in ended if a.ended_at is not None and a.ended_at >= since]
        counted = [a.counts["erased"] for a in recent if "erased" in a.counts]
        last = ended[-1] if ended else None
        if last is None or last.outcome is None or last.ended_at is None:
            continue
        told = recent or [last]
        erasure = Erasure(
            rule=rule,
            erased=sum(counted) if counted else None,
            last=last.outcome,
            last_at=last.ended_at,
            entries=tuple(sorted(entry for attempt in told for entry in attempt.entries)),
            executed=bool(recent),
        )
        if recent or erasure.failed:
            found.append(erasure)
    return tuple(found)


def _latest_plan(db: Connection, policy: Policy, until: datetime) -> Plan | None:
    row = db.execute(
        """select p.plan::text, p.digest, p.made_at, p.as_of, p.policy_digest,
                  a.decision, a.responder, a.answered_at, a.digest = p.digest
           from plan p left join approval a on a.plan = p.plan and a.answered_at <= %(until)s
           where p.made_at <= %(until)s order by p.made_at desc, p.plan limit 1""",
        {"until": until},
    ).fetchone()
    if row is None:
        return None
    plan, digest, made_at, as_of, policy_digest, decision, responder, answered_at, same_digest = row
    answer = None if decision is None else Decision(decision, _function(policy, responder), answered_at, same_digest)
    return Plan(plan, digest, made_at, as_of, policy_digest, answer, _pre_approvals(db, plan, until))


def _pre_approvals(db: Connection, plan: str, until: datetime) -> tuple[PreApproval, ...]:
    rows = db.execute(
        """select rule, due, up_to, owner, approved_on from pre_approval
            where plan = %s and admitted_at <= %s order by rule""",
        [plan, until],
    ).fetchall()
    return tuple(PreApproval(*row) for row in rows)


def _function(policy: Policy, login: str) -> str | None:
    """The title of the officer who may approve under this login: reports name functions, not accounts."""
    officers = policy.organisation.officers.values()
    return next((o.title for o in officers if o.user == login and "retention" in o.approves), None)


def _parts(db: Connection, plan: Plan) -> dict[str, tuple[str, Part]]:
    """By rule: what it applies to, and what is planned; in the order of execution."""
    rows = db.execute(
        """select rule, store || case when target like '%%/' then ':' else '.' end || target,
                  due, held, missing_anchor, oldest, anchor_until, digest, problem
           from plan_part where plan = %s order by position, rule""",
        [plan.plan],
    ).fetchall()
    return {rule: (applies_to, Part(*part)) for rule, applies_to, *part in rows}


def _seen(db: Connection, until: datetime) -> dict[str, tuple[int, int]]:
    """Records per rule, and how many of them are past their term, from the last finished scan of each store."""
    rows = db.execute(
        """select rule, sum("rows")::bigint, sum(due)::bigint from scanned_rule where scan in (
               select distinct on (store) scan from scan where finished_at <= %s
               order by store, finished_at desc, scan desc)
           group by rule""",
        [until],
    ).fetchall()
    return {rule: (records, due) for rule, records, due in rows}


def _rule(
    name: str,
    rule: RetentionRule | None,
    records: int | None,
    plan: Plan | None,
    planned: tuple[str, Part] | None,
    tried: list[Attempt],
) -> RuleFigures:
    part = planned[1] if planned else None
    execution = _execution(tried) if tried else None
    return RuleFigures(
        rule=name,
        applies_to=rule.applies_to if rule else planned[0] if planned else "",
        keep=str(rule.keep) if rule else "",
        type=rule.type if rule else None,
        basis=rule.source.basis if rule else "",
        certainty=rule.source.certainty if rule else None,
        records=records,
        step=_step(plan, part, execution),
        part=part,
        execution=execution,
    )


def _step(plan: Plan | None, part: Part | None, execution: Execution | None) -> Step:
    if execution is not None:
        return Step.UNFINISHED if execution.outcome is None else Step.EXECUTED
    if plan is None or part is None:
        return Step.UNPLANNED
    if part.problem is not None:
        return Step.PROBLEM
    if part.due == 0:
        return Step.NOTHING
    if plan.decision is None:
        return Step.AWAITING
    return Step.APPROVED if plan.decision.decision == "approved" else Step.REJECTED


def _execution(tried: list[Attempt]) -> Execution:
    """Attempts at one rule as one. What the last one found gone is less what earlier ones erased."""
    last = tried[-1]
    erased = [attempt.counts["erased"] for attempt in tried if "erased" in attempt.counts]
    gone = last.counts.get("gone")
    earlier = sum(attempt.counts.get("erased", 0) for attempt in tried[:-1])
    return Execution(
        outcome=last.outcome,
        entries=tuple(sorted(entry for attempt in tried for entry in attempt.entries)),
        erased=sum(erased) if erased else None,
        held=last.counts.get("held"),
        gone=None if gone is None else max(0, gone - earlier),
        remaining=last.counts.get("remaining"),
    )


def covering(policy: Policy, until: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Declared tables and prefixes with personal data, and those of them without a rule in force."""
    covered = {rule.applies_to for rule in policy.rules_on(until.astimezone(AMSTERDAM).date())}
    personal = tuple(
        f"{dataset.store}{separator}{name}"
        for dataset in policy.datasets.values()
        for separator, declared in ((".", dataset.tables), (":", dataset.prefixes))
        for name, item in declared.items()
        if any(category.split(".")[0] == "user" for category in item.columns.values())
    )
    return personal, tuple(name for name in personal if name not in covered)
