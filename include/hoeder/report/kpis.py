"""The indicators: what each one counts, what is aimed at, and how it is counted again.

An indicator is a function of the governance database, the policy and a time. So the same functions give the figure, the
trend of earlier periods, and the check of a report that somebody hands over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Activity, Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.promises import Status
from hoeder.report import read_incidents as incidents
from hoeder.report import read_marketing as marketing
from hoeder.report import read_requests as requests
from hoeder.report.attempts import attempts
from hoeder.report.facts import Earlier, KpiFigure, Unit
from hoeder.report.grounds import Ground, Row, entries_ground, table_ground
from hoeder.report.period import Period
from hoeder.report.read_access import GONE, findings, read_access
from hoeder.report.read_disclosures import asked, read_fraud_files
from hoeder.report.read_promises import assess
from hoeder.report.read_registers import read_registers
from hoeder.report.read_retention import certificates, covering, read_holds, read_rules
from hoeder.rights.case import Case

SCAN_DAYS = 7
"""A scan older than this no longer says what a store holds."""
RESTORE_DAYS = 90
UNFINISHED = timedelta(hours=1)
"""An intent this old without an outcome was broken off rather than being at work."""
TREND = 5
"""How many earlier periods a figure is set beside."""


@dataclass(frozen=True)
class Span:
    """From `start`, as it stood at `at`."""

    start: datetime
    at: datetime


@dataclass(frozen=True)
class Measured:
    """`part` is None where nobody can say. `entries` and `rows` (by table) are what it was counted from."""

    part: int | None
    whole: int | None = None
    aim: int | None = None
    """Where it is not the same for every company."""
    entries: tuple[int, ...] = ()
    rows: dict[str, list[Row]] = field(default_factory=dict)
    by_policy: bool = False


@dataclass(frozen=True)
class Kpi:
    """`at_most` and `at_least` are what is aimed at; for a share `at_least` is the whole. Without one it is shown only.

    Name and formula in words are the texts `kpi.<key>` and `kpi.<key>.formula`.
    """

    key: str
    unit: Unit
    measure: Callable[[Connection, Policy, Span], Measured]
    at_most: int | None = None
    all_of_it: bool = False
    at_least: int | None = None


def promises_proved(db: Connection, policy: Policy, span: Span) -> Measured:
    judged = assess(db, policy, span.at)
    rows: list[Row] = [[each.promise, each.status.value] for each in judged]
    known = sum(1 for each in judged if each.status is not Status.UNKNOWN)
    return Measured(known if judged else None, len(judged) or None, rows={"promise": rows}, by_policy=True)


def stores_scanned(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = [row for row in _last_scans(db, span.at) if row[0] in policy.stores]
    fresh = sum(1 for row in rows if span.at - row[2] <= timedelta(days=SCAN_DAYS))
    return Measured(fresh, len(policy.stores), rows={"scan": list(rows)}, by_policy=True)


def _last_scans(db: Connection, at: datetime) -> list[tuple[str, int, datetime]]:
    return db.execute(
        """select distinct on (store) store, scan, finished_at from scan where finished_at <= %s
           order by store, finished_at desc, scan desc""",
        [at],
    ).fetchall()


def drift(db: Connection, policy: Policy, span: Span) -> Measured:
    scans = [scan for store, scan, _ in _last_scans(db, span.at) if store in policy.stores]
    rows = db.execute(
        """select scan, object, "column", verdict from scanned_column
           where scan = any(%s) and verdict in ('undeclared', 'misplaced', 'unclassified')
           order by scan, object, "column" """,
        [scans],
    ).fetchall()
    return Measured(len(rows) if scans else None, rows={"scanned_column": list(rows)})


def register_drift(db: Connection, policy: Policy, span: Span) -> Measured:
    known = read_registers(db, policy, span.at)
    rows: list[Row] = [[each.kind, each.register, each.subject, each.place, each.detail] for each in known.findings]
    return Measured(
        None if known.check_entry is None else len(rows),
        entries=() if known.check_entry is None else (known.check_entry,),
        rows={"register_finding": rows},
    )


def attested(db: Connection, policy: Policy, span: Span) -> Measured:
    known = read_registers(db, policy, span.at).attested
    rows: list[Row] = [[each.kind, each.state, each.valid_until] for each in known]
    good = sum(1 for each in known if each.state in {"valid", "expiring"})
    return Measured(good if known else None, len(known) or None, rows={"attestation": rows}, by_policy=True)


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


def releases_passed(db: Connection, policy: Policy, span: Span) -> Measured:
    tried = _released(db, span)
    ended = [(entry, outcome) for entry, outcome, _ in tried]
    done = sum(1 for _, outcome in ended if outcome == Outcome.DONE)
    return Measured(done if ended else None, len(ended) if ended else None, entries=tuple(e for e, _ in ended))


def smallest_group(db: Connection, policy: Policy, span: Span) -> Measured:
    reached = [
        (entry, counts["k_reached"], counts["k_required"])
        for entry, outcome, counts in _released(db, span)
        if outcome == Outcome.DONE and {"k_reached", "k_required"} <= counts.keys()
    ]
    if not reached:
        return Measured(None)
    _, k, required = min(reached, key=lambda each: each[1] - each[2])
    return Measured(k, aim=required, entries=tuple(entry for entry, *_ in reached))


def _released(db: Connection, span: Span) -> list[tuple[int, str, dict[str, int]]]:
    return db.execute(
        """select entry, outcome, counts from ledger where activity = %s and phase = 'outcome'
             and recorded_at >= %s and recorded_at < %s order by entry""",
        [Activity.ANONYMIZATION_RELEASE, span.start, span.at],
    ).fetchall()


def access_open(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = findings(db, span.at)
    known = read_access(db, span.at, small_below=policy.organisation.small_below)
    still = sum(not kept and outcome not in GONE for *_, kept, outcome in rows)
    return Measured(
        None if known.entry is None else still,
        entries=() if known.entry is None else (known.entry,),
        rows={"access_finding": list(rows)},
    )


def leaver_days(db: Connection, policy: Policy, span: Span) -> Measured:
    rows: list[Row] = [[row[0], row[3]] for row in findings(db, span.at) if row[1] in ("leaver", "client-system")]
    known = read_access(db, span.at, small_below=policy.organisation.small_below)
    if known.entry is None or known.staff_state != "usable":
        return Measured(None)
    return Measured(max((_days(row[1]) for row in rows), default=0), entries=(known.entry,),
                    rows={"access_finding": rows})  # fmt: skip


def _days(hours: object) -> int:
    return -(-hours // 24) if isinstance(hours, int) else 0


def clients_apart(db: Connection, policy: Policy, span: Span) -> Measured:
    known = read_access(db, span.at, small_below=policy.organisation.small_below)
    if known.look_entry is None:
        return Measured(None)
    return Measured(known.apart, known.trials or None, entries=(known.look_entry,))


def _requests(db: Connection, span: Span) -> list[Case]:
    return [one for one in requests.cases(db, span.at) if (at := requests.answered_at(one)) and at >= span.start]


def _case_rows(found: list[Case]) -> dict[str, list[Row]]:
    """By number of the case: nobody's name."""
    return {"subject_case": [[one.case_id, one.received_on, len(one.steps)] for one in found]}


def requests_on_time(db: Connection, policy: Policy, span: Span) -> Measured:
    found = _requests(db, span)
    good = sum(requests.on_time(one, policy) for one in found)
    return Measured(good if found else None, len(found) or None, rows=_case_rows(found))


def requests_overdue(db: Connection, policy: Policy, span: Span) -> Measured:
    today = span.at.astimezone(AMSTERDAM).date()
    waiting = [one for one in requests.cases(db, span.at) if requests.answered_at(one) is None]
    return Measured(sum(one.due.due < today for one in waiting), rows=_case_rows(waiting))


def requests_median(db: Connection, policy: Policy, span: Span) -> Measured:
    found = _requests(db, span)
    return Measured(requests.at_share(sorted(map(requests.days_to_answer, found)), 50), rows=_case_rows(found))


def requests_p90(db: Connection, policy: Policy, span: Span) -> Measured:
    found = _requests(db, span)
    return Measured(requests.at_share(sorted(map(requests.days_to_answer, found)), 90), rows=_case_rows(found))


def requests_extended(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in requests.cases(db, span.at) if span.start <= one.received_at]
    return Measured(sum(one.extended for one in found) if found else None, len(found) or None, rows=_case_rows(found))


def copies_asked(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in requests.cases(db, span.at) if span.start <= one.received_at]
    asked = sum(map(requests.asked_for_a_copy, found))
    return Measured(asked if found else None, len(found) or None, rows=_case_rows(found))


def copies_overstaying(db: Connection, policy: Policy, span: Span) -> Measured:
    counted = requests.copies(db, span.start, span.at)
    return Measured(counted[3], rows={"identity_copy": [list(counted)]})


def recipients_told(db: Connection, policy: Policy, span: Span) -> Measured:
    due, told = requests.recipients(db, span.at)
    return Measured(told if due else None, due or None, rows={"recipient_notice": [[due, told]]})


def acts_failed(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        """select entry, outcome in ('failed', 'unreachable', 'missing', 'partial') from ledger
           where phase = 'outcome' and capability <> 'audit_report' and recorded_at >= %s and recorded_at < %s""",
        [span.start, span.at],
    ).fetchall()
    bad = tuple(entry for entry, failed in rows if failed)
    return Measured(len(bad) if rows else None, entries=tuple(entry for entry, _ in rows))


def acts_unended(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        """select entry from ledger i where phase = 'intent' and capability <> 'audit_report' and recorded_at < %(old)s
             and not exists (select from ledger o where o.intent = i.entry and o.recorded_at < %(at)s)
           order by entry""",
        {"at": span.at, "old": span.at - UNFINISHED},
    ).fetchall()
    return Measured(len(rows), entries=tuple(entry for (entry,) in rows))


def seal_days(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        "select size, encode(root, 'hex') from ledger_checkpoint where signed_at < %s order by size desc limit 1",
        [span.at],
    ).fetchall()
    first = db.execute(
        "select min(recorded_at) from ledger where entry > %s and act <> 'seal' and capability <> 'audit_report'",
        [rows[0][0] if rows else 0],
    ).fetchone()
    waiting = first[0] if first and first[0] and first[0] < span.at else None
    nothing = waiting is None and not rows
    days = None if nothing else 0 if waiting is None else (span.at - waiting).days
    return Measured(days, rows={"ledger_checkpoint": list(rows)})


def restore_days(db: Connection, policy: Policy, span: Span) -> Measured:
    tried = attempts(db, Activity.RETENTION_REPLAY, span.at)
    good = [a for each in tried.values() for a in each if a.outcome is Outcome.DONE and a.ended_at is not None]
    last = max(good, key=lambda attempt: attempt.intent, default=None)
    if last is None or last.ended_at is None:
        return Measured(None)
    return Measured((span.at - last.ended_at).days, entries=last.entries)


def incidents_notified(db: Connection, policy: Policy, span: Span) -> Measured:
    return _in_time(db, policy, span, "supervisor")


def clients_told(db: Connection, policy: Policy, span: Span) -> Measured:
    return _in_time(db, policy, span, "client")


def _in_time(db: Connection, policy: Policy, span: Span, clock: str) -> Measured:
    good, ended = incidents.in_time(db, policy, span.start, span.at, clock)
    return Measured(good if ended else None, ended or None, rows=_incident_rows(db, span), by_policy=True)


def incidents_detection(db: Connection, policy: Policy, span: Span) -> Measured:
    return Measured(incidents.days_to_detection(db, span.start, span.at), rows=_incident_rows(db, span))


def incidents_overdue(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [each for each in incidents.register(db, span.at) if each.is_open]
    return Measured(
        len(incidents.overdue(found, policy, span.at)), rows=_incident_rows(db, span), by_policy=True
    )  # fmt: skip


def _incident_rows(db: Connection, span: Span) -> dict[str, list[Row]]:
    return {
        "incident_step": [
            [each.number, step.what.value, step.at, step.entry]
            for each in incidents.register(db, span.at)
            for step in each.steps
        ]
    }


def questions_late(db: Connection, policy: Policy, span: Span) -> Measured:
    known = incidents.read_questions(db, span.at)
    return Measured(
        sum(each.late_open for each in known) if known else None,
        entries=tuple(each.entry for each in known),
        rows={"question_count": [[each.source, each.asked, each.answered, each.late_open] for each in known]},
    )


def disclosures_checked(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in asked(db, span.at) if one.taken_in_at >= span.start and not one.own_report]
    rows: list[Row] = [[one.case_id, one.received_on, one.judged_on] for one in found]
    today = span.at.astimezone(AMSTERDAM).date()
    due = [one for one in found if one.judged_on or one.is_late(policy, today)]
    good = sum(not one.is_late(policy, today) for one in due)
    return Measured(good if due else None, len(due) or None, rows={"disclosure": rows}, by_policy=True)


def disclosures_minimised(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in asked(db, span.at) if one.released_on and one.taken_in_at >= span.start]
    rows: list[Row] = [[one.case_id, one.fields_asked, one.fields_given] for one in found]
    whole = sum(one.fields_asked for one in found)
    given = sum(one.fields_given for one in found)
    return Measured(given if whole else None, whole or None, rows={"disclosure_line": rows})


def disclosures_unconfirmed(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in asked(db, span.at) if one.is_unconfirmed(policy, span.at)]
    rows: list[Row] = [[one.case_id, one.released_on] for one in found]
    return Measured(len(found), rows={"disclosure_step": rows}, by_policy=True)


def fraud_findings(db: Connection, policy: Policy, span: Span) -> Measured:
    known = read_fraud_files(db, span.at)
    rows: list[Row] = [[each.kind, each.place, each.subject, each.number] for each in known.lines]
    if known.entry is None:
        return Measured(None)
    return Measured(sum(each.number for each in known.lines), entries=(known.entry,), rows={"fraud_finding": rows})


def marketing_after_opt_out(db: Connection, policy: Policy, span: Span) -> Measured:
    return _marketing(db, span, ("after-opt-out", "shared-after-opt-out"))


def marketing_without_ground(db: Connection, policy: Policy, span: Span) -> Measured:
    return _marketing(
        db, span, ("no-consent", "no-proof", "unknown-channel", "shared-without-consent", "unknown-recipient")
    )  # fmt: skip


def _marketing(db: Connection, span: Span, kinds: Sequence[str]) -> Measured:
    last = db.execute(marketing.LOOK, [span.at]).fetchone()
    rows = [row for row in db.execute(marketing.FOUND, [last[0]]) if row[0] in kinds] if last else []
    return Measured(
        sum(row[3] for row in rows) if last else None,
        entries=(last[5],) if last else (),
        rows={"marketing_finding": list(rows)},
    )


def opt_outs_late(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = db.execute(
        """select entry, coalesce((counts ->> 'late')::bigint, 0) from ledger
           where activity = %s and phase = 'outcome' and recorded_at >= %s and recorded_at < %s order by entry""",
        [Activity.MARKETING_OPT_OUT, span.start, span.at],
    ).fetchall()
    return Measured(sum(late for _, late in rows) if rows else None, entries=tuple(entry for entry, _ in rows))


KPIS = (
    Kpi("promises_proved", Unit.SHARE, promises_proved, all_of_it=True),
    Kpi("stores_scanned", Unit.SHARE, stores_scanned, all_of_it=True),
    Kpi("drift", Unit.COLUMNS, drift, at_most=0),
    Kpi("register_drift", Unit.POINTS, register_drift, at_most=0),
    Kpi("attested", Unit.SHARE, attested, all_of_it=True),
    Kpi("terms_covered", Unit.SHARE, terms_covered, all_of_it=True),
    Kpi("past_due", Unit.RECORDS, past_due, at_most=0),
    Kpi("erased", Unit.RECORDS, erased),
    Kpi("decision_days", Unit.DAYS, decision_days, at_most=0),
    Kpi("certified", Unit.SHARE, certified, all_of_it=True),
    Kpi("holds_overdue", Unit.HOLDS, holds_overdue, at_most=0),
    Kpi("releases_passed", Unit.SHARE, releases_passed),
    Kpi("smallest_group", Unit.PERSONS, smallest_group, at_least=0),
    Kpi("access_open", Unit.POINTS, access_open, at_most=0),
    Kpi("leaver_days", Unit.DAYS, leaver_days, at_most=1),
    Kpi("clients_apart", Unit.SHARE, clients_apart, all_of_it=True),
    Kpi("marketing_after_opt_out", Unit.ACTS, marketing_after_opt_out, at_most=0),
    Kpi("marketing_without_ground", Unit.ACTS, marketing_without_ground, at_most=0),
    Kpi("opt_outs_late", Unit.REQUESTS, opt_outs_late, at_most=0),
    Kpi("requests_on_time", Unit.SHARE, requests_on_time, all_of_it=True),
    Kpi("requests_overdue", Unit.REQUESTS, requests_overdue, at_most=0),
    Kpi("requests_median", Unit.DAYS, requests_median, at_most=14),
    Kpi("requests_p90", Unit.DAYS, requests_p90, at_most=25),
    Kpi("requests_extended", Unit.SHARE, requests_extended),
    Kpi("copies_asked", Unit.SHARE, copies_asked),
    Kpi("copies_overstaying", Unit.DOCUMENTS, copies_overstaying, at_most=0),
    Kpi("recipients_told", Unit.SHARE, recipients_told, all_of_it=True),
    Kpi("incidents_notified", Unit.SHARE, incidents_notified, all_of_it=True),
    Kpi("clients_told", Unit.SHARE, clients_told, all_of_it=True),
    Kpi("incidents_detection", Unit.DAYS, incidents_detection),
    Kpi("incidents_overdue", Unit.POINTS, incidents_overdue, at_most=0),
    Kpi("questions_late", Unit.POINTS, questions_late, at_most=0),
    Kpi("disclosures_checked", Unit.SHARE, disclosures_checked, all_of_it=True),
    Kpi("disclosures_minimised", Unit.SHARE, disclosures_minimised),
    Kpi("disclosures_unconfirmed", Unit.POINTS, disclosures_unconfirmed, at_most=0),
    Kpi("fraud_findings", Unit.POINTS, fraud_findings, at_most=0),
    Kpi("acts_failed", Unit.ACTS, acts_failed, at_most=0),
    Kpi("acts_unended", Unit.ACTS, acts_unended, at_most=0),
    Kpi("seal_days", Unit.DAYS, seal_days, at_most=1),
    Kpi("restore_days", Unit.DAYS, restore_days, at_most=RESTORE_DAYS),
)


def figure(db: Connection, policy: Policy, kpi: Kpi, period: Period, at: datetime) -> KpiFigure:
    """One indicator over a period as it stood at `at`, with the periods before it."""
    now = kpi.measure(db, policy, Span(period.start, at))
    at_most = None if kpi.at_most is None else now.aim if now.aim is not None else kpi.at_most
    at_least = (now.whole or 0) if kpi.all_of_it else None if kpi.at_least is None else now.aim
    met: bool | None = None
    if now.part is not None and (at_most is not None or at_least is not None):
        met = (at_most is None or now.part <= at_most) and (at_least is None or now.part >= at_least)
    ledger = entries_ground(db, now.entries)
    grounds = [*([ledger] if ledger else []), *(table_ground(name, rows) for name, rows in now.rows.items())]
    if now.by_policy:
        grounds.append(Ground("policy", 1, policy.digest))
    return KpiFigure(
        kpi.key, kpi.unit, now.part, now.whole, at_most, at_least, met, tuple(grounds),
        tuple(_earlier(db, policy, kpi, period)),
    )  # fmt: skip


def _earlier(db: Connection, policy: Policy, kpi: Kpi, period: Period) -> list[Earlier]:
    """Oldest first, from the first period in which anything was recorded."""
    began = db.execute("select min(recorded_at) from ledger").fetchone()
    found: list[Earlier] = []
    for _ in range(TREND):
        period = period.before()
        if began is None or began[0] is None or period.end <= began[0]:
            break
        then = kpi.measure(db, policy, Span(period.start, period.end))
        found.append(Earlier(str(period), then.part, then.whole))
    return found[::-1]
