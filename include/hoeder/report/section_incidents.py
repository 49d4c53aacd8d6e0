"""The section on incidents, and on questions and complaints."""

from hoeder.policy.incident_words import said
from hoeder.report.cells import count, day, when
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.incidents import Incidents
from hoeder.report.view import Cell, Column, Section, Table
from hoeder.report.words import Words


def incidents(figures: Figures, words: Words) -> Section:
    """What was registered, judged and reported; every open incident with its next clock; how questions stand."""
    say, known = words.say, figures.incidents
    paragraphs = [_registered(known, words)]
    if known.notified or known.not_notified or known.told:
        paragraphs.append(
            say("incidents.reported", notified=known.notified, declined=known.not_notified, told=known.told)
        )  # fmt: skip
    if known.clients_told:
        paragraphs.append(say("incidents.clients", clients=known.clients_told))
    if known.open:
        paragraphs.append(say("incidents.open", n=known.open, overdue=known.overdue))
    if known.not_notified and known.notify_all != "no":
        paragraphs.append(say(f"incidents.difference.{known.notify_all or 'undecided'}", n=known.not_notified))
    paragraphs.append(say("questions.intro") if figures.questions else say("questions.none"))
    tables = [table for table in (_open(figures, words), _questions(figures, words)) if table.rows]
    return Section("incidents", say("incidents"), tuple(paragraphs), tables=tuple(tables))


def _registered(known: Incidents, words: Words) -> str:
    say = words.say
    if not known.registered:
        return say("incidents.nothing")
    judged = known.confirmed or known.near_misses or known.none
    then = (
        say("incidents.judged", confirmed=known.confirmed, near=known.near_misses, none=known.none)
        if judged
        else say("incidents.unjudged")
    )
    return f"{say('incidents.intro', n=known.registered, itself=known.by_itself)} {then}"


def _open(figures: Figures, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(str(each.number), say(f"incidents.source.{each.source}")),
            Cell(said("kinds", each.kind, words.language)),
            Cell(say(f"incidents.phase.{each.phase}")),
            Cell(*when(each.discovered_at, words)),
            Cell(say(f"incidents.clock.{each.clock}") if each.clock else "–", each.client),
            Cell(*(when(each.due, words) if each.due else ("–", "")), tone="bad" if each.late else ""),
        )
        for each in figures.incidents.lines
    )
    columns = (
        Column(say("incidents.col.number"), "name", 14), Column(say("incidents.col.kind"), "text", 26),
        Column(say("incidents.col.phase"), "text", 14), Column(say("incidents.col.discovered"), "text", 15),
        Column(say("incidents.col.clock"), "text", 16), Column(say("incidents.col.due"), "text", 15),
    )  # fmt: skip
    return Table(say("table.incidents"), columns, rows)


def _questions(figures: Figures, words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(each.source, say(f"questions.kind.{each.kind}")),
            count(each.asked, words),
            count(each.answered, words),
            count(each.late, words),
            count(each.late_open, words, tone="bad" if each.late_open else ""),
            count(each.oldest_days, words),
            Cell(day(each.counted_at, words), words.ledger((each.entry,))),
        )
        for each in figures.questions
    )
    columns = (
        Column(say("questions.col.source"), "name", 22), Column(say("questions.col.asked"), "number", 11),
        Column(say("questions.col.answered"), "number", 13), Column(say("questions.col.late"), "number", 13),
        Column(say("questions.col.late_open"), "number", 13), Column(say("questions.col.oldest"), "number", 13),
        Column(say("questions.col.looked"), "text", 15),
    )  # fmt: skip
    return Table(say("table.questions_asked"), columns, rows)
