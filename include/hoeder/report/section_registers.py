"""The section on the registers of processing, and on what persons have to state."""

from itertools import groupby

from hoeder.report.cells import count
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.registers import Attested
from hoeder.report.view import Cell, Column, Section, Table, Tone
from hoeder.report.words import Words

_TONES: dict[str, Tone] = {"expired": "bad", "missing": "warn", "short": "warn", "expiring": "warn", "valid": "good"}


def registers(figures: Figures, words: Words) -> Section:
    """Each register's version, where register and inventory differ, and every attestation that policy asks for."""
    say, known = words.say, figures.registers
    tables = []
    if known.versions:
        columns = (
            Column(say("col.register"), "name", 28), Column(say("col.version"), "number", 12),
            Column(say("col.valid"), "text", 20), Column(say("col.registerdigest"), "name", 40),
        )  # fmt: skip
        rows = tuple(
            (
                Cell(register_name(each.register, words)),
                Cell(str(each.version)),
                Cell(words.short_day(each.valid_from), words.ledger((each.entry,))),
                Cell(each.digest),
            )
            for each in known.versions
        )
        tables.append(Table(say("table.registers"), columns, rows))
    if known.findings:
        tables.append(_findings(figures, words))
    if known.attested:
        tables.append(_attested(known.attested, words))
    intro = say("registers.none") if known.checked_at is None else say(
        "registers.intro", registers=len(known.versions), n=len(known.findings), at=known.checked_at
    )  # fmt: skip
    return Section("registers", say("registers"), (intro,), tables=tuple(tables))


def _findings(figures: Figures, words: Words) -> Table:
    say = words.say
    rows = []
    for kind, some in groupby(figures.registers.findings, key=lambda each: each.kind):
        places = tuple(dict.fromkeys(each.place or each.subject or each.register for each in some))
        rows.append((Cell(say(f"difference.{kind}")), count(len(places), words), Cell(words.names(places, show=8))))
    columns = (
        Column(say("col.difference"), "text", 38),
        Column(say("col.number"), "number", 10),
        Column(say("col.places"), "name", 52),
    )
    return Table(say("table.differences"), columns, tuple(rows))


def _attested(attested: tuple[Attested, ...], words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(each.nl if words.language == "nl" else each.en, each.kind),
            Cell(say(f"attested.{each.state}"), tone=_TONES[each.state]),
            Cell(
                words.short_day(each.valid_until) if each.valid_until else "–",
                words.ledger((each.entry,)) if each.entry else "",
            ),
        )
        for each in attested
    )
    columns = (
        Column(say("col.attestation"), "text", 56),
        Column(say("col.state"), "state", 22),
        Column(say("col.until"), "text", 22),
    )
    return Table(say("table.attested"), columns, rows)


def register_name(register: str, words: Words) -> str:
    """A client's register is called by the client."""
    return words.say("register.controller") if register == "controller" else register
