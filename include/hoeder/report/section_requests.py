"""The section on requests of data subjects."""

from hoeder.report.cells import count
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.requests import Requests
from hoeder.report.view import Cell, Column, Section, Table
from hoeder.report.words import Words


def requests(figures: Figures, words: Words) -> Section:
    """How many asked what, how long it took, what was refused on which ground, and what came of identity documents."""
    say, known = words.say, figures.requests
    came = say("requests.intro", n=known.received, answered=known.answered, on_time=known.on_time)
    open_now = say("requests.open", open=known.open, overdue=known.overdue, week=known.within_a_week)
    came = came if known.received or known.answered else say("requests.nothing")
    paragraphs = [f"{came} {open_now}" if known.open else came]
    if known.median_days is not None:
        paragraphs.append(say("requests.days", median=known.median_days, p90=known.p90_days, forwarded=known.forwarded,
                              extended=known.extended))  # fmt: skip
    if known.opted_out:
        paragraphs.append(say("requests.opted_out", n=known.opted_out))
    copies = [
        say("requests.copies", n=known.copies_found, gone=known.copies_not_kept) if known.copies_found else "",
        say("requests.held", n=known.copies_held, over=known.copies_overstaying) if known.copies_held else "",
        say("requests.asked", n=known.copies_asked) if known.copies_asked else "",
    ]
    if any(copies):
        paragraphs.append(" ".join(filter(None, copies)))
    if known.recipients_due:
        paragraphs.append(say("requests.recipients", n=known.recipients_due, told=known.recipients_told))
    if known.lacking:
        paragraphs.append(say("requests.lacking", n=len(known.lacking), columns=words.names(known.lacking, show=5)))
    tables = [table for table in (_rights(known, words), _grounds(known, words)) if table.rows]
    return Section("requests", say("requests"), tuple(paragraphs), tables=tuple(tables))


def _rights(known: Requests, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(say(f"right.{each.right}")),
            _few(each.received, words),
            _few(each.answered, words),
            _few(each.refused, words),
        )
        for each in known.lines
    )
    columns = (
        Column(say("requests.col.right"), "text", 46), Column(say("requests.col.received"), "number", 18),
        Column(say("requests.col.answered"), "number", 18), Column(say("requests.col.refused"), "number", 18),
    )  # fmt: skip
    return Table(say("table.requests"), columns, rows)


def _grounds(known: Requests, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(say(f"requests.{each.kind}")),
            Cell(say(f"ground.{each.ground}") if words.knows(f"ground.{each.ground}") else each.ground or "–"),
            _few(each.number, words),
        )
        for each in known.grounds
    )
    columns = (
        Column(say("requests.col.what"), "text", 26), Column(say("requests.col.ground"), "text", 58),
        Column(say("col.number"), "number", 16),
    )  # fmt: skip
    return Table(say("table.grounds"), columns, rows)


def _few(number: int | None, words: Words) -> Cell:
    """A number, or that there are so few that it is not said how many."""
    return Cell(words.say("requests.few")) if number is None else count(number, words)
