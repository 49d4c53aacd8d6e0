"""The section on who can see what, and whether each client's data are apart."""

from hoeder.report.cells import count
from hoeder.report.facts.access import Access
from hoeder.report.facts.figures import Figures
from hoeder.report.view import Cell, Column, Section, Table
from hoeder.report.words import Words


def access(figures: Figures, words: Words) -> Section:
    """Findings of the last review by kind and system, and what each client's agents see of others."""
    say, known = words.say, figures.access
    paragraphs = []
    if known.reviewed_at is None:
        paragraphs.append(say("access.none"))
    else:
        paragraphs.append(
            say("access.intro", at=known.reviewed_at, working=known.working, n=known.rights, unneeded=known.unneeded,
                special=known.special)
        )  # fmt: skip
        paragraphs.append(say("access.decided", n=known.kept, withdrawn=known.withdrawn, hand=known.by_hand))
        if known.staff_state != "usable":
            paragraphs.append(say(f"access.staff.{known.staff_state}"))
    if known.looked_at is None:
        paragraphs.append(say("apart.none"))
    else:
        paragraphs.append(
            say("apart.intro", at=known.looked_at, n=known.trials, apart=known.apart, texts=known.texts,
                objects=known.objects)
        )  # fmt: skip
    tables = [table for table in (_findings(known, words), _apart(known, words)) if table.rows]
    return Section("access", say("access"), tuple(paragraphs), tables=tuple(tables))


def _findings(known: Access, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(say(f"access.kind.{each.kind}")),
            Cell(each.system),
            count(each.found, words),
            count(each.open, words, tone="good" if each.open == 0 else "bad"),
            count(each.hours, words),
        )
        for each in known.lines
    )
    columns = (
        Column(say("access.col.access"), "text", 46), Column(say("access.col.system"), "name", 20),
        Column(say("col.number"), "number", 10), Column(say("access.col.open"), "number", 10),
        Column(say("access.col.hours"), "number", 14),
    )  # fmt: skip
    return Table(say("table.access"), columns, rows)


def _apart(known: Access, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(say(f"apart.kind.{each.kind}")),
            Cell(each.place),
            Cell(each.client or "–"),
            count(each.number, words, tone="bad"),
        )
        for each in known.apart_lines
    )
    columns = (
        Column(say("access.col.access"), "text", 50), Column(say("access.col.system"), "name", 25),
        Column(say("access.col.client"), "name", 15), Column(say("col.number"), "number", 10),
    )  # fmt: skip
    return Table(say("table.apart"), columns, rows)
