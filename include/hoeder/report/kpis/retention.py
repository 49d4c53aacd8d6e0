"""Terms and erasure."""

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Activity, Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.report.attempts import attempts
from hoeder.report.facts.indicators import Unit
from hoeder.report.grounds import Row
from hoeder.report.kpis.kpi import Kpi, Measured, Span
from hoeder.report.read_retention import certificates, covering, read_holds, read_rules

RESTORE_DAYS = 90


def terms_covered(db: Connection, policy: Policy, span: Span) -> Measured:
    personal, uncovered = covering(policy, span.at)
    return Measured(len(personal) - len(uncovered), len(personal), by_policy=True)


def past_due(db: Connection, policy: Policy, span: Span) -> Measured:
    plan, rules = read_rules(db, policy, span.at)
    if plan is None:
        return Measured(None)
    planned = [rule for rule in rules if rule.part]
    left = sum(rule.uncounted if rule.remaining is None else rule.remaining for rule in planned)
    return Measured(
        left,
        entries=tuple(entry for rule in planned if rule.execution for entry in rule.execution.entries),
        rows={"plan_part": [[plan.plan, rule.rule, rule.part.due, rule.part.digest] for rule in planned if rule.part]},
    )


def erased(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        """select entry, (counts ->> 'erased')::bigint from ledger
           where activity = %s and phase = 'outcome' and counts ? 'erased'
             and recorded_at >= %s and recorded_at < %s order by entry""",
        [Activity.RETENTION_ERASE, span.start, span.at],
    ).fetchall()
    return Measured(sum(n for _, n in rows) if rows else None, entries=tuple(entry for entry, _ in rows))


def decision_days(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        """select p.plan, p.made_at, a.answered_at, a.decision
           from plan p left join approval a on a.plan = p.plan and a.answered_at < %(at)s
           where p.made_at >= %(start)s and p.made_at < %(at)s
             and exists (select from plan_part t where t.plan = p.plan and t.due > 0)
             and (a.plan is not null or not exists
                    (select from plan later where later.made_at > p.made_at and later.made_at < %(at)s))
           order by p.made_at, p.plan""",
        {"at": span.at, "start": span.start},
    ).fetchall()
    longest = max((((answered or span.at) - made).days for _, made, answered, _ in rows), default=None)
    return Measured(longest, aim=policy.organisation.decided_within_days, rows={"approval": list(rows)})


def certified(db: Connection, policy: Policy, span: Span) -> Measured:
    found = certificates(db, span.start, span.at)
    rows: list[Row] = [[each.plan, each.as_of, each.digest, each.stored] for each in found]
    stored = sum(1 for each in found if each.stored)
    return Measured(stored if found else None, len(found) if found else None, rows={"certificate": rows})


def holds_overdue(db: Connection, policy: Policy, span: Span) -> Measured:
    rows: list[Row] = [[h.hold, h.placed_on, h.review_by] for h in read_holds(db, policy, span.at)]
    day = span.at.astimezone(AMSTERDAM).date()
    return Measured(sum(1 for row in rows if str(row[2]) < day.isoformat()), rows={"hold": rows})


def restore_days(db: Connection, policy: Policy, span: Span) -> Measured:
    tried = attempts(db, Activity.RETENTION_REPLAY, span.at)
    good = [a for each in tried.values() for a in each if a.outcome is Outcome.DONE and a.ended_at is not None]
    last = max(good, key=lambda attempt: attempt.intent, default=None)
    if last is None or last.ended_at is None:
        return Measured(None)
    return Measured((span.at - last.ended_at).days, entries=last.entries)


KPIS = (
    Kpi("terms_covered", Unit.SHARE, terms_covered, all_of_it=True),
    Kpi("past_due", Unit.RECORDS, past_due, at_most=0),
    Kpi("erased", Unit.RECORDS, erased),
    Kpi("decision_days", Unit.DAYS, decision_days, at_most=0),
    Kpi("certified", Unit.SHARE, certified, all_of_it=True),
    Kpi("holds_overdue", Unit.HOLDS, holds_overdue, at_most=0),
    Kpi("restore_days", Unit.DAYS, restore_days, at_most=RESTORE_DAYS),
)
