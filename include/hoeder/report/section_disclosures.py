"""The section on what authorities asked and got, and on fraud files."""

from hoeder.report.cells import count, day
from hoeder.report.facts.figures import Figures
from hoeder.report.view import Cell, Column, Section, Table
from hoeder.report.words import Words


def disclosures(figures: Figures, words: Words) -> Section:
    """Requests of authorities, how much of what they asked they got, and what is wrong with fraud files."""
    say, known, fraud = words.say, figures.disclosures, figures.fraud_files
    paragraphs = [
        say("disclosures.intro", n=known.received, checked=known.checked, own=known.own_reports,
            door=known.refused_at_door)
    ]  # fmt: skip
    if not (known.received or known.own_reports or known.refused_at_door):
        paragraphs = [say("disclosures.nothing")]
    if known.forwarded:
        paragraphs.append(say("disclosures.forwarded", n=known.forwarded))
    if known.waiting or known.unconfirmed:
        paragraphs.append(
            say("disclosures.waiting", n=known.waiting, late=known.late, unconfirmed=known.unconfirmed)
        )  # fmt: skip
    if known.secret:
        paragraphs.append(say("disclosures.secret", n=known.secret))
    if fraud.looked_at is None:
        paragraphs.append(say("fraud.none"))
    else:
        findings = sum(each.number for each in fraud.lines)
        paragraphs.append(say("fraud.intro", at=day(fraud.looked_at, words), n=fraud.rows, findings=findings))
    tables = [table for table in (_authorities(figures, words), _fraud(figures, words)) if table.rows]
    return Section("disclosures", say("disclosures"), tuple(paragraphs), tables=tuple(tables))


def _authorities(figures: Figures, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(each.nl if words.language == "nl" else each.en, each.authority),
            count(each.received, words),
            count(each.refused, words),
            count(each.released, words),
            _few(each.persons, words),
            _few(each.records, words),
            Cell(say("disclosures.ratio", given=each.fields_given, asked=each.fields_asked) if each.released else "–"),
        )
        for each in figures.disclosures.lines
    )
    columns = (
        Column(say("disclosures.col.authority"), "text", 34), Column(say("disclosures.col.received"), "number", 12),
        Column(say("disclosures.col.refused"), "number", 12), Column(say("disclosures.col.released"), "number", 12),
        Column(say("disclosures.col.persons"), "number", 12), Column(say("disclosures.col.records"), "number", 12),
        Column(say("disclosures.col.fields"), "text", 18),
    )  # fmt: skip
    return Table(say("table.disclosures"), columns, rows)


def _fraud(figures: Figures, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(say(f"fraud.kind.{each.kind}")),
            Cell(each.place, each.subject),
            count(each.number, words, tone="bad"),
        )
        for each in figures.fraud_files.lines
    )
    columns = (
        Column(say("fraud.col.finding"), "text", 54), Column(say("col.places"), "name", 36),
        Column(say("col.number"), "number", 10),
    )  # fmt: skip
    return Table(say("table.fraud"), columns, rows)


def _few(value: int | None, words: Words) -> Cell:
    """A number, or that it is too small to be counted out."""
    return Cell(words.say("few")) if value is None else count(value, words)
