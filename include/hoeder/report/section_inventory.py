"""The section on what the stores hold, and where that differs from policy."""

from hoeder.report import pictures, traces
from hoeder.report.cells import MOST_ROWS, count, day, more
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.inventory import Decided, Finding, MappedPlace, Recognition, StoreFigures
from hoeder.report.kpis.inventory import SCAN_DAYS
from hoeder.report.view import Cell, Column, Section, Table, Tone
from hoeder.report.words import Words

DELICATE = ("national-id", "health", "payment-card", "identity-document", "client-mixed", "no-retention")
"""Kinds of findings that matter wherever they stand; the others are told column by column."""


def inventory(figures: Figures, words: Words) -> Section:
    """What every store holds, and where that differs from policy."""
    say, stores, findings = words.say, figures.inventory.stores, figures.inventory.findings
    scans = [store.scan for store in stores if store.scan]
    columns = (
        Column(say("col.store"), "name", 26),
        Column(say("col.role"), "text", 16),
        Column(say("col.rows"), "number", 12),
        Column(say("col.personal"), "number", 9),
        Column(say("col.declared"), "number", 9),
        Column(say("col.open"), "number", 8),
        Column(say("col.scan"), "state", 22),
    )
    table = Table(say("table.stores"), columns, tuple(_store_row(store, words) for store in stores))
    if not scans:
        return Section("inventory", say("inventory"), (say("inventory.none"),), tables=(table,) if stores else ())
    intro = say(
        "inventory.intro",
        personal=sum(scan.personal for scan in scans),
        scanned=len(scans),
        declared=sum(scan.declared for scan in scans),
        n=len(findings),
    )
    personal = [finding for finding in findings if finding.verdict in {"undeclared", "misplaced"}]
    others = [finding for finding in findings if finding.verdict in {"unclassified", "not-found"}]
    tables = [table]
    delicate = [finding for finding in figures.inventory.decided if finding.kind in DELICATE]
    if delicate:
        tables.append(_decided_table(delicate, words))
    if personal:
        tables.append(_findings_table(personal, words))
    if others:
        tables.append(_groups_table(others, words))
    folded = []
    if figures.inventory.places:
        folded.append(_map_table(figures.inventory.places, figures.inventory.vanished, words))
    if figures.inventory.recognition:
        folded.append(_recognition_table(figures.inventory.recognition, words))
    paragraphs = [intro]
    if figures.inventory.decided:
        waiting = sum(finding.asked_because is not None for finding in figures.inventory.decided)
        paragraphs.append(say("inventory.decided", n=waiting, done=len(figures.inventory.decided) - waiting))
    return Section(
        "inventory",
        say("inventory"),
        tuple(paragraphs),
        chart=pictures.inventory(stores, words),
        tables=tuple(tables),
        folded=tuple(folded),
    )


def _decided_table(findings: list[Decided], words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(one.place, f"{words.policy(one.owner)} · {say('cell.finding', n=str(one.finding))}"),
            Cell(say(f"kind.{one.kind}"), day(one.first_seen, words), "bad" if one.asked_because else "quiet"),
            Cell(_trace(one.evidence, words)),
            _decision_cell(one, words),
        )
        for one in findings[:MOST_ROWS]
    )
    columns = (
        Column(say("col.place"), "name", 28),
        Column(say("col.verdict"), "state", 22),
        Column(say("col.evidence"), "text", 26),
        Column(say("col.decision"), "state", 24),
    )
    return Table(say("table.decided"), columns, rows, more(len(findings), words))


def _category(finding: Finding, words: Words) -> tuple[str, str]:
    """What was recognised, in words; its key, and what policy says the column holds."""
    declared = words.say("cell.declared", category=finding.declared) if finding.declared else ""
    if finding.found is None:
        return "–", declared
    said = words.category(finding.found)
    return said, " · ".join(filter(None, [finding.found if said != finding.found else "", declared]))


def _trace(noted: str, words: Words) -> str:
    return traces.in_dutch(noted) if words.language == "nl" else noted


def _decision_cell(one: Decided, words: Words) -> Cell:
    say = words.say
    if one.asked_because is not None:
        small = say("cell.red") if one.blocks else ""
        return Cell(say(f"asked.{one.asked_because}"), small, "bad" if one.blocks else "warn")
    until = say("cell.until", day=words.short_day(one.until)) if one.until else ""
    small = " · ".join(filter(None, [say(f"reason.{one.reason}"), words.policy(one.function), until]))
    return Cell(say(f"decision.{one.decision}"), small, "warn" if one.decision == "fix" else "good")


def _map_table(places: tuple[MappedPlace, ...], vanished: tuple[str, ...], words: Words) -> Table:
    """One row for each table or prefix with personal data; clients are counted, not named."""
    say = words.say
    rows = tuple(
        (
            Cell(f"{place.store}.{place.object}", words.policy(place.purpose) or say("cell.nopurpose")),
            Cell(
                words.policy(place.subject_kind) or "–", say("cell.clients", n=place.clients) if place.clients else ""
            ),
            Cell(words.names(_receivers(place, words)) or "–"),
            count(place.rows, words, _change(place, words)),
            Cell(
                words.short_day(place.oldest) if place.oldest else "–",
                ", ".join(place.rules) or say("cell.norule"),
                "" if place.rules else "warn",
            ),
        )
        for place in places[:MOST_ROWS]
    )
    columns = (
        Column(say("col.place"), "name", 32),
        Column(say("col.subject"), "name", 14),
        Column(say("col.recipients"), "text", 20),
        Column(say("col.rows"), "number", 14),
        Column(say("col.oldest"), "name", 20),
    )
    notes = [more(len(places), words), say("map.vanished", names=vanished) if vanished else ""]
    return Table(say("table.map"), columns, rows, " ".join(filter(None, notes)))


def _subjects(place: MappedPlace, words: Words) -> Cell:
    clients = words.say("cell.clients", n=place.clients) if place.clients else ""
    return Cell(words.policy(place.subject_kind) or "–", clients)


def _receivers(place: MappedPlace, words: Words) -> list[str]:
    analysts = [words.say("cell.analysts", releases=place.releases)] if place.releases else []
    return [*map(words.policy, place.recipients), *analysts]


def _change(place: MappedPlace, words: Words) -> str:
    if place.change == "same":
        return ""
    return words.say(f"change.{place.change}", before=words.number(place.before or 0))


def _recognition_table(found: tuple[Recognition, ...], words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(say("recognition.all")) if one.category == "all" else Cell(words.category(one.category), one.category),
            count(one.right, words),
            count(one.wrong, words),
            count(one.missed, words),
            Cell(words.share(one.right, one.right + one.wrong) if one.right + one.wrong else "–"),
            Cell(words.share(one.right, one.right + one.missed) if one.right + one.missed else "–"),
            count(one.decided, words),
        )
        for one in found[:MOST_ROWS]
    )
    columns = (
        Column(say("col.category"), "name", 34),
        *(
            Column(say(f"col.{key}"), "number", 11)
            for key in ("right", "wrong", "missed", "precision", "recall", "labels")
        ),
    )
    return Table(say("table.recognition"), columns, rows, say("recognition.note"))


def _store_row(store: StoreFigures, words: Words) -> tuple[Cell, ...]:
    say, scan = words.say, store.scan
    name, role = Cell(store.store, words.policy(store.description)), Cell(say(f"role.{store.role}"))
    attempt = ""
    if (store.failed or store.partial) and store.attempt and store.attempt.outcome:
        attempt = say("cell.failed", outcome=say(f"outcome.{store.attempt.outcome}"))
    elif store.attempt and store.attempt.outcome is None:
        attempt = say("cell.running")
    if attempt and store.attempt:
        attempt = f"{attempt} · {words.ledger(store.attempt.entries)}"
    if scan is None:
        return (name, role, *[Cell("–")] * 4, Cell(say("cell.never"), attempt, "bad"))
    age = say("cell.age", n=scan.age_days) if scan.age_days else say("cell.today")
    tone: Tone = "bad" if store.failed else "warn" if store.partial or scan.age_days > SCAN_DAYS else "good"
    return (
        name,
        role,
        count(scan.rows, words),
        count(scan.personal, words),
        count(scan.declared, words),
        count(scan.undeclared + scan.not_found + scan.unclassified + scan.misplaced, words),
        Cell(age, attempt or f"{day(scan.finished_at, words)} · {say('cell.scan', scan=str(scan.scan))}", tone),
    )


def _findings_table(findings: list[Finding], words: Words) -> Table:
    say = words.say
    rows = tuple(
        (
            Cell(f"{finding.object}.{finding.column}", f"{finding.store} · {say('cell.scan', scan=str(finding.scan))}"),
            Cell(say(f"verdict.{finding.verdict}"), tone="bad" if finding.verdict == "misplaced" else "warn"),
            Cell(
                *_category(finding, words),
            ),
            Cell(_trace(finding.evidence or "–", words)),
        )
        for finding in findings[:MOST_ROWS]
    )
    columns = (
        Column(say("col.column"), "name", 28),
        Column(say("col.verdict"), "state", 20),
        Column(say("col.category"), "name", 24),
        Column(say("col.evidence"), "text", 28),
    )
    return Table(say("table.findings"), columns, rows, more(len(findings), words))


def _groups_table(findings: list[Finding], words: Words) -> Table:
    say = words.say
    groups: dict[tuple[str, str, str, int], list[str]] = {}
    for finding in findings:
        groups.setdefault((finding.verdict, finding.store, finding.object, finding.scan), []).append(finding.column)
    rows = tuple(
        (
            Cell(table, f"{store} · {say('cell.scan', scan=str(scan))}"),
            Cell(say(f"verdict.{verdict}"), tone="warn" if verdict == "unclassified" else "quiet"),
            Cell(", ".join(say("whole") if column == "*" else column for column in columns)),
        )
        for (verdict, store, table, scan), columns in list(groups.items())[:MOST_ROWS]
    )
    headings = (
        Column(say("col.table"), "name", 28),
        Column(say("col.verdict"), "state", 24),
        Column(say("col.columns"), "name", 48),
    )
    return Table(say("table.groups"), headings, rows, more(len(groups), words))
