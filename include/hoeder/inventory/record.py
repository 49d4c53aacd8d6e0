"""Scans in the governance database: counts, categories and verdicts, never a value."""

from dataclasses import dataclass

from hoeder.evidence.ledger import Connection, Run
from hoeder.inventory.findings import WHOLE, Verdict
from hoeder.inventory.scan import Scan


@dataclass(frozen=True)
class Summary:
    """A scan in numbers. `columns` and `personal` are columns that are there; `failed` is what could not be read."""

    objects: int
    rows: int
    columns: int
    personal: int
    undeclared: int
    not_found: int
    unclassified: int
    misplaced: int
    failed: int


def summarise(scan: Scan) -> Summary:
    """Count a scan's findings."""
    verdicts = [finding.verdict for finding in scan.findings]
    there = [f for f in scan.findings if f.column != WHOLE and f.verdict is not Verdict.NOT_FOUND]
    return Summary(
        objects=len(scan.objects),
        rows=sum(thing.rows for thing in scan.objects),
        columns=len(there),
        personal=sum(finding.personal for finding in there),
        undeclared=verdicts.count(Verdict.UNDECLARED),
        not_found=verdicts.count(Verdict.NOT_FOUND),
        unclassified=verdicts.count(Verdict.UNCLASSIFIED),
        misplaced=verdicts.count(Verdict.MISPLACED),
        failed=len(scan.problems),
    )


def begin(db: Connection, store: str, run: Run) -> int:
    """A new scan, unfinished: one that never finishes counts for nothing. Returns its number; the caller commits."""
    row = db.execute(
        "insert into scan (store, run_id, policy_digest) values (%s, %s, %s) returning scan",
        [store, run.run_id, run.policy_digest],
    ).fetchone()
    assert row is not None  # noqa: S101  # an insert with returning gives its row
    return int(row[0])


def finish(db: Connection, number: int, scan: Scan) -> None:
    """Write everything that was found and finish the scan; the caller commits, together with the ledger's outcome."""
    with db.cursor() as cursor:
        cursor.executemany(
            'insert into scanned_object (scan, object, "rows", bytes) values (%s, %s, %s, %s)',
            [(number, thing.object, thing.rows, thing.bytes) for thing in scan.objects],
        )
        cursor.executemany(
            """insert into scanned_column (scan, object, "column", declared, found, confidence, evidence, verdict)
               values (%s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                (number, f.object, f.column, f.declared, f.category, f.confidence, f.evidence, f.verdict.value)
                for f in scan.findings
            ],
        )
        cursor.executemany(
            """insert into scanned_rule (scan, rule, "rows", due, missing_anchor, oldest)
               values (%s, %s, %s, %s, %s, %s)""",
            [(number, rule.rule, rule.rows, rule.due, rule.missing_anchor, rule.oldest) for rule in scan.rules],
        )
    db.execute("update scan set finished_at = clock_timestamp() where scan = %s", [number])
