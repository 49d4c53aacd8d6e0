"""What needs a decision or is overdue, worked out from the figures alone."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Outcome
from hoeder.policy.base import Certainty
from hoeder.policy.retention import RuleType
from hoeder.report.facts.attempt import FAILURES
from hoeder.report.facts.attention import Attention, Severity
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.inventory import Finding, StoreFigures
from hoeder.report.facts.retention import Hold, RuleFigures, Step
from hoeder.report.kpis.evidence import UNFINISHED
from hoeder.report.kpis.inventory import SCAN_DAYS
from hoeder.report.words import Words

HOLD_DAYS = 14
"""How long before its review a hold is mentioned."""

_DELICATE = {"health", "payment-card", "identity-document", "client-mixed"}

_DUTCH, _ENGLISH = Words("nl"), Words("en")


def attention(figures: Figures, within_days: int) -> tuple[Attention, ...]:
    """Every point, the urgent ones first; in the order of the report's sections within one severity.

    What should have happened is due on the day it arose, a decision `within_days` later.
    """
    checks: tuple[Callable[[Figures], Iterator[Attention]], ...] = (
        _plan, _erasure, _requests, _incidents, _rules, _holds, _scans, _findings,
    )  # fmt: skip
    found = [point for check in (*checks, _delicate, _registers, _releases, _unfinished) for point in check(figures)]
    later = timedelta(days=within_days)
    dated = [
        dataclasses.replace(point, due=point.since + later)
        if point.severity is Severity.DECIDE and point.due == point.since
        else point
        for point in found
    ]
    return tuple(sorted(dated, key=lambda point: list(Severity).index(point.severity)))


def _point(
    code: str,
    severity: Severity,
    since: date,
    *,
    by: date | None = None,
    ledger: tuple[int, ...] = (),
    scans: tuple[int, ...] = (),
    holds: tuple[int, ...] = (),
    plan: str | None = None,
    policy: str | None = None,
    **values: object,
) -> Attention:
    key = f"at.{code}"
    return Attention(
        code,
        severity,
        _DUTCH.say(key, **values),
        _ENGLISH.say(key, **values),
        since,
        by or since,
        ledger,
        scans,
        holds,
        plan,
        policy,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()


def _plan(figures: Figures) -> Iterator[Attention]:
    plan, rules = figures.retention.plan, figures.retention.rules
    if plan is None:
        if rules:
            seen = figures.retention.seen_due
            if seen is None:
                yield _point("no_plan", Severity.DECIDE, _day(figures.at), policy=figures.policy_digest)
            else:
                scans = tuple(store.scan.scan for store in figures.inventory.stores if store.scan)
                yield _point("no_plan_due", Severity.DECIDE, _day(figures.at), scans=scans, n=seen)
        return
    planned = [rule.part for rule in rules if rule.part]
    due, day = sum(part.due for part in planned), plan.made_at.astimezone(AMSTERDAM).date()
    if plan.decision is None:
        if due:
            rows = sum(1 for part in planned if part.due)
            yield _point("awaiting", Severity.DECIDE, day, plan=plan.digest, day=day, due=due, rules=rows)
    else:
        answered = _day(plan.decision.answered_at)
        if plan.decision.function is None:
            yield _point("unauthorised", Severity.URGENT, answered, plan=plan.digest)
        if not plan.decision.same_digest:
            yield _point("other_digest", Severity.URGENT, answered, plan=plan.digest)
        if plan.decision.decision == "rejected" and due:
            yield _point("rejected", Severity.DECIDE, answered, plan=plan.digest, day=day, due=due)
    if plan.policy_digest != figures.policy_digest:
        yield _point("policy_changed", Severity.WATCH, day, plan=plan.digest, day=day)


def _erasure(figures: Figures) -> Iterator[Attention]:
    plan, rules = figures.retention.plan, figures.retention.rules
    failed = [erasure for erasure in figures.retention.erasures if erasure.failed]
    if failed:
        entries = tuple(entry for erasure in failed for entry in erasure.entries)
        names = tuple(erasure.rule for erasure in failed)
        yield _point(
            "erase_failed",
            Severity.URGENT,
            min(_day(each.last_at) for each in failed),
            ledger=entries,
            n=len(failed),
            names=names,
        )
    if plan is None:
        return
    waiting = [rule for rule in rules if rule.step is Step.APPROVED and rule.part and rule.part.due]
    if waiting:
        since = _day(plan.decision.answered_at if plan.decision else plan.made_at)
        due = sum(rule.part.due for rule in waiting if rule.part)
        yield _point(
            "not_executed", Severity.URGENT, since, plan=plan.digest, n=len(waiting), due=due, names=_names(waiting)
        )
    stuck = [rule for rule in rules if rule.part and rule.part.problem]
    if stuck:
        yield _point(
            "problem", Severity.URGENT, _day(plan.made_at), plan=plan.digest, n=len(stuck), names=_names(stuck)
        )
    left = [r for r in rules if r.execution and r.execution.remaining]
    if left:
        n = sum(r.execution.remaining or 0 for r in left if r.execution)
        yield _point("remaining", Severity.URGENT, _day(plan.made_at), ledger=_entries(left), n=n, names=_names(left))


def _rules(figures: Figures) -> Iterator[Attention]:
    rules, plan = figures.retention.rules, figures.retention.plan
    loose = [rule for rule in rules if rule.part and rule.part.missing_anchor]
    if loose and plan:
        n = sum(rule.part.missing_anchor for rule in loose if rule.part)
        yield _point("anchor", Severity.DECIDE, _day(plan.made_at), plan=plan.digest, n=n, names=_names(loose))
    uncovered = figures.retention.uncovered
    if uncovered:
        yield _point(
            "uncovered",
            Severity.DECIDE,
            _day(figures.at),
            policy=figures.policy_digest,
            n=len(uncovered),
            names=uncovered,
        )
    unsure = [rule for rule in rules if rule.certainty is Certainty.LOW or rule.type is RuleType.OWN]
    if unsure:
        yield _point(
            "uncertain",
            Severity.WATCH,
            _day(figures.at),
            policy=figures.policy_digest,
            n=len(unsure),
            names=_names(unsure),
        )


def _requests(figures: Figures) -> Iterator[Attention]:
    known, day = figures.requests, _day(figures.at)
    if known.overdue:
        yield _point("requests_overdue", Severity.URGENT, day, n=known.overdue)
    if known.copies_overstaying:
        yield _point("copies_overstaying", Severity.URGENT, day, n=known.copies_overstaying)
    if known.within_a_week:
        yield _point("requests_soon", Severity.WATCH, day, n=known.within_a_week)


def _incidents(figures: Figures) -> Iterator[Attention]:
    known, day = figures.incidents, _day(figures.at)
    if known.overdue:
        late = [each for each in known.lines if each.late]
        since = min((_day(each.due) for each in late if each.due), default=day)
        ledger = tuple(each.entry for each in late)
        yield _point("incidents_overdue", Severity.URGENT, since, ledger=ledger, n=known.overdue)
    if known.not_notified and known.notify_all == "undecided":
        yield _point("incidents_difference", Severity.WATCH, day, n=known.not_notified)
    if waiting := [each for each in figures.questions if each.late_open]:
        yield _point(
            "questions_late", Severity.WATCH, day, ledger=tuple(each.entry for each in waiting),
            n=sum(each.late_open for each in waiting), names=tuple(each.source for each in waiting),
        )  # fmt: skip


def _holds(figures: Figures) -> Iterator[Attention]:
    day = figures.at.astimezone(AMSTERDAM).date()
    late = [hold for hold in figures.holds if hold.overdue_days]
    if late:
        yield _point(
            "hold_overdue",
            Severity.URGENT,
            min(hold.review_by for hold in late),
            holds=_numbers(late),
            n=len(late),
            names=_matters(late),
        )
    limit = day + timedelta(days=HOLD_DAYS)
    soon = [hold for hold in figures.holds if not hold.overdue_days and hold.review_by <= limit]
    if soon:
        holds, names = _numbers(soon), _matters(soon)
        yield _point(
            "hold_soon",
            Severity.WATCH,
            min(hold.review_by for hold in soon),
            holds=holds,
            n=len(soon),
            days=HOLD_DAYS,
            names=names,
        )


def _scans(figures: Figures) -> Iterator[Attention]:
    stores = figures.inventory.stores
    never = [store for store in stores if store.scan is None]
    failed = [store for store in stores if store.failed and store.scan]
    partial = [store for store in stores if store.partial]
    old = [store for store in stores if store.scan and store.scan.age_days > SCAN_DAYS]
    for code, severity, some in (
        ("never_scanned", Severity.URGENT, never),
        ("scan_failed", Severity.URGENT, failed),
        ("scan_partial", Severity.URGENT, partial),
        ("scan_old", Severity.WATCH, old),
    ):
        if some:
            tried = tuple(e for store in some if store.attempt and code != "scan_old" for e in store.attempt.entries)
            scans = tuple(store.scan.scan for store in some if store.scan)
            names = tuple(store.store for store in some)
            yield _point(
                code,
                severity,
                _scan_day(some[0], code, figures),
                ledger=tried,
                scans=scans,
                n=len(some),
                days=SCAN_DAYS,
                names=names,
            )


def _scan_day(store: StoreFigures, code: str, figures: Figures) -> date:
    if code == "scan_old" and store.scan:
        return _day(store.scan.finished_at) + timedelta(days=SCAN_DAYS)
    return _day(store.attempt.begun_at if store.attempt else figures.at)


def _findings(figures: Figures) -> Iterator[Attention]:
    for verdict, code, severity in (
        ("undeclared", "undeclared", Severity.DECIDE),
        ("misplaced", "misplaced", Severity.URGENT),
        ("unclassified", "unclassified", Severity.DECIDE),
        ("not-found", "not_found", Severity.WATCH),
    ):
        some = [finding for finding in figures.inventory.findings if finding.verdict == verdict]
        if some:
            scans = tuple(sorted({finding.scan for finding in some}))
            yield _point(code, severity, _seen(verdict, scans, figures), scans=scans, n=len(some), names=_places(some))


def _seen(verdict: str, scans: tuple[int, ...], figures: Figures) -> date:
    """When the first of these was found that nobody has decided about."""
    first = [f.first_seen for f in figures.inventory.decided if f.kind == verdict and f.asked_because]
    scanned = [store.scan.finished_at for store in figures.inventory.stores if store.scan and store.scan.scan in scans]
    return _day(min(first or scanned, default=figures.at))


def _delicate(figures: Figures) -> Iterator[Attention]:
    """What may stand nowhere unless somebody said so; citizen service numbers are among the findings by column."""
    waiting = [finding for finding in figures.inventory.decided if finding.asked_because is not None]
    for code, some in (
        ("red", [finding for finding in waiting if finding.blocks]),
        ("delicate", [finding for finding in waiting if finding.kind in _DELICATE]),
    ):
        if some:
            names = tuple(dict.fromkeys(finding.place for finding in some))
            scans = tuple(sorted({finding.scan for finding in some}))
            since = min(_day(finding.first_seen) for finding in some)
            yield _point(code, Severity.URGENT, since, scans=scans, n=len(some), names=names)


def _registers(figures: Figures) -> Iterator[Attention]:
    known, day = figures.registers, _day(figures.at)
    if known.findings and known.checked_at and known.check_entry:
        names = tuple(dict.fromkeys(each.place or each.subject or each.register for each in known.findings))
        yield _point(
            "register_differs", Severity.DECIDE, _day(known.checked_at), ledger=(known.check_entry,),
            n=len(known.findings), names=names,
        )  # fmt: skip
    for state, severity in (
        ("expired", Severity.URGENT), ("expiring", Severity.DECIDE), ("missing", Severity.DECIDE),
        ("short", Severity.DECIDE),
    ):  # fmt: skip
        some = [each for each in known.attested if each.state == state]
        if some:
            end = min((each.valid_until for each in some if each.valid_until), default=None)
            since = end if end and state == "expired" else day
            yield _point(
                f"attestation_{state}", severity, since, by=end if state == "expiring" else None,
                ledger=tuple(each.entry for each in some if each.entry),
                policy=figures.policy_digest if state == "missing" else None,
                n=len(some), names=tuple(each.kind for each in some),
            )  # fmt: skip


def _releases(figures: Figures) -> Iterator[Attention]:
    for code, severity, outcomes in (
        ("release_refused", Severity.DECIDE, {Outcome.REFUSED}),
        ("release_failed", Severity.URGENT, FAILURES - {Outcome.REFUSED} | {Outcome.PARTIAL}),
    ):
        some = [r for r in figures.releases if r.attempt and r.attempt.outcome in outcomes]
        if some:
            ledger = tuple(entry for r in some if r.attempt for entry in r.attempt.entries)
            since = min(_day(r.attempt.begun_at) for r in some if r.attempt)
            yield _point(code, severity, since, ledger=ledger, n=len(some), names=tuple(r.release for r in some))
    never = tuple(release.release for release in figures.releases if release.attempt is None)
    if never:
        yield _point(
            "never_released", Severity.WATCH, _day(figures.at), policy=figures.policy_digest, n=len(never), names=never
        )


def _unfinished(figures: Figures) -> Iterator[Attention]:
    stale = [act for act in figures.evidence.unfinished if figures.at - act.begun_at > UNFINISHED]
    if stale:
        names = tuple(dict.fromkeys(act.object for act in stale))
        hours = int(UNFINISHED / timedelta(hours=1))
        ledger = tuple(act.entry for act in stale)
        yield _point(
            "unfinished",
            Severity.URGENT,
            _day(stale[0].begun_at),
            ledger=ledger,
            n=len(stale),
            hours=hours,
            names=names,
        )


def _numbers(holds: list[Hold]) -> tuple[int, ...]:
    return tuple(hold.hold for hold in holds)


def _matters(holds: list[Hold]) -> tuple[str, ...]:
    return tuple(hold.matter for hold in holds)


def _names(rules: list[RuleFigures]) -> tuple[str, ...]:
    return tuple(rule.rule for rule in rules)


def _entries(rules: list[RuleFigures]) -> tuple[int, ...]:
    return tuple(entry for rule in rules if rule.execution for entry in rule.execution.entries)


def _places(findings: list[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{finding.store}.{finding.object}" for finding in findings))
