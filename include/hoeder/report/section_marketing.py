"""The section on marketing: what each list was judged to be, and whether anything went out that should not have."""

from hoeder.report.cells import count, day
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.marketing import Marketing
from hoeder.report.view import Cell, Column, Section, Table
from hoeder.report.words import Words

MAY = ("consent", "customer", "no-objection")
"""Reasons for which a line may be used."""


def marketing(figures: Figures, words: Words) -> Section:
    """Lines let through and kept back by reason, and findings of the last look."""
    say, known = words.say, figures.marketing
    if not known.gatings and known.checked_at is None:
        return Section("marketing", say("marketing"), (say("marketing.none"),))
    paragraphs = []
    if known.gatings:
        listed, allowed = (sum(getattr(each, name) for each in known.gatings) for name in ("listed", "allowed"))
        paragraphs.append(say("marketing.gated", n=len(known.gatings), listed=listed, allowed=allowed))
    if known.checked_at is not None:
        wrong = sum(each.number for each in known.findings)
        paragraphs.append(
            say("marketing.checked", at=known.checked_at, since=known.from_day, deliveries=known.deliveries,
                passed=known.passed_on, n=wrong)
        )  # fmt: skip
    tables = [table for table in (_lists(known, words), _reasons(known, words), _findings(known, words)) if table.rows]
    return Section("marketing", say("marketing"), tuple(paragraphs), tables=tuple(tables))


def _lists(known: Marketing, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(each.list, say(f"channel.{each.channel}")),
            Cell(each.recipient or say("marketing.ourselves")),
            Cell(day(each.gated_at, words), words.ledger((each.entry,))),
            count(each.listed, words),
            count(each.allowed, words, tone="quiet" if not each.allowed else ""),
        )
        for each in known.gatings
    )
    columns = (
        Column(say("marketing.col.list"), "name", 30), Column(say("marketing.col.for"), "name", 22),
        Column(say("marketing.col.judged"), "text", 20), Column(say("marketing.col.listed"), "number", 14),
        Column(say("marketing.col.allowed"), "number", 14),
    )  # fmt: skip
    return Table(say("table.marketing_lists"), columns, rows)


def _reasons(known: Marketing, words: Words) -> Table:
    """Over all lists; a number that is said of no list by itself is not said of all either."""
    say = words.say
    numbers: dict[str, list[int | None]] = {}
    for gating in known.gatings:
        for each in gating.reasons:
            numbers.setdefault(each.reason, []).append(each.number)
    totals = {
        reason: None if any(n is None for n in those) else sum(n or 0 for n in those)
        for reason, those in numbers.items()
    }
    order = sorted(totals, key=lambda reason: (reason not in MAY, -(totals[reason] or 0), reason))
    rows = tuple(
        (
            Cell(say(f"marketing.reason.{reason}"), tone="good" if reason in MAY else ""),
            Cell(say("marketing.few")) if totals[reason] is None else count(totals[reason], words),
        )
        for reason in order
    )
    columns = (Column(say("marketing.col.reason"), "text", 76), Column(say("marketing.col.lines"), "number", 24))
    return Table(say("table.marketing_reasons"), columns, rows)


def _findings(known: Marketing, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(say(f"marketing.finding.{each.kind}"), tone="bad"),
            Cell(say("marketing.other") if each.what == "other" else each.what),
            Cell("–" if each.channel == "none" else say(f"channel.{each.channel}")),
            count(each.number, words),
        )
        for each in known.findings
    )
    columns = (
        Column(say("marketing.col.finding"), "text", 46), Column(say("marketing.col.what"), "name", 22),
        Column(say("marketing.col.channel"), "text", 16), Column(say("marketing.col.number"), "number", 16),
    )  # fmt: skip
    return Table(say("table.marketing_findings"), columns, rows)
