"""The sections on retention and on legal holds."""

from collections.abc import Sequence

from hoeder.policy.base import Certainty
from hoeder.report import pictures
from hoeder.report.cells import count, outcome_cell
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.retention import Certified, Decision, Erasure, PreApproval, RuleFigures, Step
from hoeder.report.view import Cell, Column, Fact, Section, Table, Tone
from hoeder.report.words import Words


def retention(figures: Figures, words: Words) -> Section:
    """The plan, the decision and what was erased; then every rule with its basis."""
    say, plan, rules = words.say, figures.retention.plan, figures.retention.rules
    rules_table = Table(
        say("table.rules"),
        (
            Column(say("col.rule"), "name", 24),
            Column(say("col.term"), "text", 22),
            Column(say("col.basis"), "text", 30),
            Column(say("col.type"), "text", 14),
            Column(say("col.certainty"), "text", 10),
        ),
        tuple(_basis_row(rule, words) for rule in rules),
    )
    uncovered = figures.retention.uncovered
    notes = (say("uncovered", names=words.names(uncovered, show=12)),) if uncovered else ()
    erasures = _elsewhere(figures)
    history = (_erasures_table(erasures, figures, words),) if erasures else ()
    if certificates := figures.retention.certificates:
        history = (*history, _certificates_table(certificates, figures, words))
    if plan is None:
        return Section(
            "retention",
            say("retention"),
            (_unplanned(figures, words),),
            tables=history,
            folded=(rules_table,) if rules else (),
            notes=notes,
        )
    planned = [rule for rule in rules if rule.part]
    left_out = tuple(rule.rule for rule in rules if not rule.part)
    held = sum(rule.held or 0 for rule in planned)
    anchor = sum(rule.part.missing_anchor for rule in planned if rule.part)
    due = sum(rule.part.due for rule in planned if rule.part)
    stuck = tuple(
        (Cell(rule.rule, rule.applies_to), Cell(rule.part.problem))
        for rule in planned
        if rule.part and rule.part.problem
    )
    tables = [_execution_table(planned, left_out, words), *history]
    if stuck:
        columns = (Column(say("col.rule"), "name", 25), Column(say("col.problem"), "text", 75))
        tables.append(Table(say("problems"), columns, stuck))
    return Section(
        "retention",
        say("retention"),
        (say("retention.intro", due=due, held=held, anchor=anchor), _period(figures, words)),
        facts=(
            Fact(say("fact.plan"), say("fact.plan.value", made_at=plan.made_at, as_of=plan.as_of)),
            Fact(say("fact.decision"), _decision(plan.decision, words)),
            *(Fact(say("fact.preapproved"), _pre_approval(one, words)) for one in plan.pre_approvals),
            Fact(say("fact.plan.digest"), plan.digest, code=True),
        ),
        chart=pictures.retention(planned, words),
        tables=tuple(tables),
        folded=(rules_table,),
        notes=notes,
    )


def _elsewhere(figures: Figures) -> list[Erasure]:
    """Erasures of the period that the execution of the latest plan does not tell already."""
    told = {entry for rule in figures.retention.rules if rule.execution for entry in rule.execution.entries}
    return [each for each in figures.retention.erasures if not told.issuperset(each.entries)]


def _pre_approval(one: PreApproval, words: Words) -> str:
    return words.say(
        "preapproved", rule=one.rule, n=one.due, most=words.number(one.up_to), owner=words.policy(one.owner),
        on=words.short_day(one.approved_on),
    )  # fmt: skip


def _unplanned(figures: Figures, words: Words) -> str:
    seen = figures.retention.seen_due
    return words.say("retention.none") if seen is None else words.say("retention.none.seen", n=seen)


def _execution_table(planned: Sequence[RuleFigures], left_out: tuple[str, ...], words: Words) -> Table:
    say = words.say
    return Table(
        say("table.execution"),
        (
            Column(say("col.rule"), "name", 28),
            Column(say("col.due"), "number", 9),
            Column(say("col.held"), "number", 9),
            Column(say("col.anchor"), "number", 9),
            Column(say("col.erased"), "number", 9),
            Column(say("col.remaining"), "number", 9),
            Column(say("col.outcome"), "state", 20),
        ),
        tuple(_execution_row(rule, words) for rule in planned),
        note=say("notplanned", n=len(left_out), names=words.names(left_out, show=8)) if left_out else "",
    )


def _period(figures: Figures, words: Words) -> str:
    erased = [erasure.erased for erasure in figures.retention.erasures if erasure.erased is not None]
    since = figures.retention.since
    key = "retention.period" if erased else "retention.period.none"
    return words.say(key, n=sum(erased), since=since, at=figures.at)


def _erasures_table(erasures: Sequence[Erasure], figures: Figures, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(erasure.rule, "" if erasure.executed else say("cell.before", since=figures.retention.since)),
            count(erasure.erased, words),
            outcome_cell(erasure.last, erasure.entries, words),
        )
        for erasure in erasures
    )
    columns = (
        Column(say("col.rule"), "name", 50),
        Column(say("col.erased"), "number", 15),
        Column(say("col.lastoutcome"), "state", 35),
    )
    return Table(say("table.erasures", since=figures.retention.since), columns, rows)


def _certificates_table(certificates: Sequence[Certified], figures: Figures, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(each.plan, words.short_day(each.as_of)),
            Cell(each.digest or "–"),
            Cell(say("certificate.stored"), tone="good")
            if each.stored
            else Cell(say("certificate.waiting"), tone="warn")
            if each.digest
            else Cell(say("certificate.none"), tone="bad"),
        )
        for each in certificates
    )
    columns = (
        Column(say("col.plan"), "name", 35),
        Column(say("col.certificate"), "name", 45),
        Column(say("col.state"), "state", 20),
    )
    return Table(say("table.certificates", since=figures.retention.since), columns, rows)


def _execution_row(rule: RuleFigures, words: Words) -> tuple[Cell, ...]:
    part, execution, say = rule.part, rule.execution, words.say
    assert part is not None  # noqa: S101  # the table has planned rules only
    name = Cell(rule.rule, rule.applies_to)
    if part.problem:
        counts = [Cell("–")] * 5
    else:
        if part.oldest and part.due:
            name = Cell(rule.rule, f"{rule.applies_to} · {say('cell.oldest', day=words.short_day(part.oldest))}")
        since = say("cell.since", n=execution.held) if execution and execution.held else ""
        gone = say("cell.gone", n=execution.gone) if execution and execution.gone else ""
        counts = [
            count(part.due, words),
            count(rule.held, words, since),
            count(part.missing_anchor, words),
            count(rule.erased, words, gone),
            count(rule.remaining, words, tone="bad" if rule.remaining and execution else ""),
        ]
    return (name, *counts, _state(rule, words))


def _state(rule: RuleFigures, words: Words) -> Cell:
    if rule.execution is None or rule.execution.outcome is None:
        tone: Tone = "bad" if rule.step in {Step.PROBLEM, Step.UNFINISHED} else "warn"
        if rule.step is Step.NOTHING:
            tone = "quiet"
        entries = rule.execution.entries if rule.execution else ()
        return Cell(words.say(f"step.{rule.step}"), words.ledger(entries), tone)
    return outcome_cell(rule.execution.outcome, rule.execution.entries, words)


def _basis_row(rule: RuleFigures, words: Words) -> tuple[Cell, ...]:
    return (
        Cell(rule.rule, rule.applies_to),
        Cell(words.term(rule.keep) or "–"),
        Cell(words.policy(rule.basis) or "–"),
        Cell(words.say(f"type.{rule.type}") if rule.type else "–"),
        Cell(
            words.say(f"certainty.{rule.certainty}") if rule.certainty else "–",
            tone="warn" if rule.certainty is Certainty.LOW else "",
        ),
    )


def _decision(decision: Decision | None, words: Words) -> str:
    if decision is None:
        return words.say("decision.none")
    function = words.policy(decision.function) or words.say("decision.unknown")
    return words.say(f"decision.{decision.decision}", function=function, at=decision.answered_at)


def holds(figures: Figures, words: Words) -> Section:
    """What may not be erased, and whether that is still being looked after."""
    say = words.say
    if not figures.holds:
        return Section("holds", say("holds"), (say("holds.none"),))
    columns = (
        Column(say("col.matter"), "name", 28),
        Column(say("col.ground"), "text", 22),
        Column(say("col.subjects"), "number", 10),
        Column(say("col.placed"), "text", 14),
        Column(say("col.review"), "text", 14),
        Column(say("col.state"), "state", 18),
    )
    rows = tuple(
        (
            Cell(hold.matter),
            Cell(say(f"ground.{hold.ground}")),
            Cell(say("few") if hold.subjects is None else words.number(hold.subjects)),
            Cell(words.short_day(hold.placed_on)),
            Cell(words.short_day(hold.review_by)),
            Cell(say("hold.overdue", n=hold.overdue_days), tone="bad")
            if hold.overdue_days
            else Cell(say("hold.ok"), tone="good"),
        )
        for hold in figures.holds
    )
    return Section("holds", say("holds"), (say("holds.intro"),), tables=(Table(say("table.holds"), columns, rows),))
