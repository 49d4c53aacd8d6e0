"""The section on what the stores hold, and where that differs from policy."""

from hoeder.report import pictures
from hoeder.report.attention import SCAN_DAYS
from hoeder.report.cells import MOST_ROWS, count, day, more
from hoeder.report.facts import Figures, Finding, StoreFigures
from hoeder.report.view import Cell, Column, Section, Table, Tone
from hoeder.report.words import Words


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
    if personal:
        tables.append(_findings_table(personal, words))
    if others:
        tables.append(_groups_table(others, words))
    return Section(
        "inventory", say("inventory"), (intro,), chart=pictures.inventory(stores, words), tables=tuple(tables)
    )


def _store_row(store: StoreFigures, words: Words) -> tuple[Cell, ...]:
    say, scan = words.say, store.scan
    name, role = Cell(store.store, store.description), Cell(say(f"role.{store.role}"))
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
                finding.found or "–",
                say("cell.declared", category=finding.declared) if finding.declared else "",
            ),
            Cell(finding.evidence or "–"),
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
