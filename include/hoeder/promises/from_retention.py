"""Whether nothing is kept past its term: what was planned, what came of it, and what the second look found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hoeder.policy.control import TermsKept
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Attempt, Sight
from hoeder.promises.status import Evidence, Status


@dataclass(frozen=True)
class _Part:
    rule: str
    due: int
    kept: int
    """Due, and kept for a lawful reason: a hold, a restriction, another rule, rows that refer to it."""
    missing_anchor: int
    problem: bool


@dataclass(frozen=True)
class _Plan:
    plan: str
    entry: int
    made_at: datetime
    parts: Mapping[str, _Part]
    erased: Mapping[str, Attempt]
    """By rule the last execution that has ended."""
    looked: Attempt | None
    """The second look, where it began after the last execution ended."""

    @property
    def due(self) -> int:
        return sum(part.due for part in self.parts.values())

    @property
    def rejected(self) -> int:
        """Records that are due and that the officer did not let go."""
        return sum(part.due for rule, part in self.parts.items() if part.due and self._outcome(rule) == "rejected")

    @property
    def settled(self) -> bool:
        """Whether nothing was due, or all that was is gone and was looked for."""
        if not self.due:
            return True
        executed = all(self._outcome(rule) in ("done", "nothing") for rule, part in self.parts.items() if part.due)
        return executed and self.looked is not None and self.looked.outcome == "done"

    def remaining(self, whole: bool) -> int:
        """Records that were still there: by the second look where this is the whole plan, else by each rule's own."""
        by_rule = sum(self.erased[rule].counts.get("remaining", 0) for rule in self.parts if rule in self.erased)
        return max(by_rule, self.looked.counts.get("remaining", 0) if whole and self.looked else 0)

    def _outcome(self, rule: str) -> str | None:
        return self.erased[rule].outcome if rule in self.erased else None


def terms_kept(control: TermsKept, sight: Sight) -> Answer:
    """Nothing past its term, by the latest plan that came to its end."""
    rules = _rules(control, sight)
    if not rules:
        return answer(Status.UNKNOWN, "no-rules")
    plans = _plans(sight, rules)
    if not plans:
        return answer(Status.UNKNOWN, "never-planned", rules=len(rules))
    newest = plans[-1]
    if overdue := _overdue(newest, sight, control, rules):
        return overdue
    if newest.due and newest.looked and newest.looked.outcome != "done":
        return answer(Status.UNKNOWN, "look-partial", _evidence(newest), due=newest.due)
    basis = next((plan for plan in reversed(plans) if plan.settled), None)
    waiting = newest.due if basis is not newest else 0
    if basis is None:
        return answer(Status.UNKNOWN, "plan-open", _evidence(newest), due=newest.due)
    if basis.made_at < sight.since(control.days):
        age = (sight.at - basis.made_at).days
        return answer(Status.UNKNOWN, "old-plan", _evidence(basis), days=age, most=control.days)
    unplanned = [name for name in rules if name not in newest.parts or newest.parts[name].problem]
    if unplanned:
        return answer(Status.UNKNOWN, "not-planned", _evidence(newest), rules=len(unplanned), rule=unplanned[0])
    missing = sum(part.missing_anchor for part in newest.parts.values())
    if missing:
        return answer(Status.UNKNOWN, "no-anchor", _evidence(newest), records=missing)
    kept = sum(part.kept for part in newest.parts.values())
    return answer(
        Status.KEPT, "terms-kept", _evidence(basis), rules=len(rules), erased=basis.due, kept=kept, waiting=waiting
    )


def _overdue(plan: _Plan, sight: Sight, control: TermsKept, rules: list[str]) -> Answer | None:
    """Why the newest plan shows records that should be gone."""
    remaining = plan.remaining(whole=not control.rules)
    if remaining:
        return answer(Status.BROKEN, "records-remain", _evidence(plan, remaining), records=remaining)
    if plan.rejected:
        return answer(Status.BROKEN, "plan-rejected", _evidence(plan, plan.rejected), records=plan.rejected)
    if not plan.settled and plan.made_at < sight.since(control.grace_days):
        age = (sight.at - plan.made_at).days
        return answer(Status.BROKEN, "records-overdue", _evidence(plan, plan.due), records=plan.due, days=age)
    return None


def _evidence(plan: _Plan, overdue: int = 0) -> Evidence:
    entries = [plan.entry, *(a.outcome_entry for a in plan.erased.values() if a.outcome_entry)]
    if plan.looked and plan.looked.outcome_entry:
        entries.append(plan.looked.outcome_entry)
    return Evidence(
        "ledger",
        f"ledger {min(entries)}-{max(entries)}; plan {plan.plan}",
        f"{overdue:,} of {plan.due:,} due records overdue, {len(plan.parts)} rules",
    )


def _rules(control: TermsKept, sight: Sight) -> list[str]:
    """Names of the rules in force, one for each client, that the control asks about."""
    names = []
    for rule in sight.policy.rules_on(sight.day):
        general = rule.rule
        if rule.client and not rule.client.others:
            general = rule.rule.removesuffix(f"-{rule.client.name}")
        if not control.rules or general in control.rules:
            names.append(rule.rule)
    return names


def _plans(sight: Sight, rules: list[str]) -> list[_Plan]:
    """The plans, oldest first, as far as they are about these rules."""
    made = {a.case: a for a in sight.attempts("retention.plan@1") if a.outcome in ("done", "partial")}
    rows = sight.db.execute(
        """select plan::text, made_at from plan where plan::text = any(%s) and made_at <= %s order by made_at, plan""",
        [list(made), sight.moment],
    ).fetchall()
    erased: dict[str, list[Attempt]] = {}
    for attempt in sight.attempts("retention.erase@1"):
        if attempt.case in made and attempt.outcome_entry:
            erased.setdefault(attempt.case or "", []).append(attempt)
    looks: dict[str, Attempt] = {}
    for attempt in sight.attempts("retention.verify@1"):
        if attempt.case in made and attempt.outcome_entry:
            looks[attempt.case or ""] = attempt
    parts = _parts(sight, [plan for plan, _ in rows[-_RECENT:]], rules)
    found = []
    for plan, made_at in rows[-_RECENT:]:
        ended = erased.get(plan, [])
        look = looks.get(plan)
        if look and any((a.outcome_entry or 0) > look.entry for a in ended):
            look = None  # something was executed after it: it tells nothing of that
        last = _last_by_rule(ended)
        found.append(_Plan(plan, made[plan].outcome_entry or 0, made_at, parts.get(plan, {}), last, look))
    return found


_RECENT = 100
"""Plans that are looked back over: with one a day, far more than any term of a control."""


def _last_by_rule(ended: list[Attempt]) -> dict[str, Attempt]:
    """By rule how its execution ended: what was finished stays so, whoever is refused after it."""
    last: dict[str, Attempt] = {}
    for attempt in sorted(ended, key=lambda a: (a.outcome in ("done", "nothing"), a.outcome_entry or 0)):
        last[attempt.object] = attempt
    return last


def _parts(sight: Sight, plans: list[str], rules: list[str]) -> dict[str, dict[str, _Part]]:
    rows: list[Any] = sight.db.execute(
        """select plan::text, rule, due, held + restricted + longer + needed, missing_anchor, problem is not null
           from plan_part where plan::text = any(%s) and rule = any(%s) order by plan, position, rule""",
        [plans, rules],
    ).fetchall()
    found: dict[str, dict[str, _Part]] = {}
    for plan, *values in rows:
        found.setdefault(plan, {})[values[0]] = _Part(*values)
    return found
