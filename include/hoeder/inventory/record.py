"""Scans and findings in the governance database: counts, categories and verdicts, never a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from hoeder.evidence.ledger import Connection, Outcome, Run
from hoeder.inventory import lasting, openlineage
from hoeder.inventory.findings import WHOLE, Verdict
from hoeder.inventory.parts import Part
from hoeder.inventory.result import ObjectResult, PartResult
from hoeder.policy.models import Policy


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
    unchanged: int
    """Tables and prefixes that were not read again."""
    findings: int
    new_findings: int


@dataclass(frozen=True)
class Progress:
    """How far a scan's parts have come: their results, or why there is none."""

    results: tuple[PartResult, ...]
    parts: int
    failed: int
    outcomes: tuple[Outcome, ...]

    @property
    def whole(self) -> bool:
        return self.parts > 0 and len(self.results) == self.parts

    @property
    def objects(self) -> tuple[ObjectResult, ...]:
        return tuple(thing for result in self.results for thing in result.objects)


def begin(db: Connection, store: str, run: Run, intent: int) -> int:
    """A new scan, unfinished: one that never finishes counts for nothing. Returns its number; the caller commits."""
    row = db.execute(
        "insert into scan (store, run_id, policy_digest, intent) values (%s, %s, %s, %s) returning scan",
        [store, run.run_id, run.policy_digest, intent],
    ).fetchone()
    assert row is not None  # noqa: S101  # an insert with returning gives its row
    return int(row[0])


def add_parts(db: Connection, store: str, scan: int, parts: Sequence[list[str] | None]) -> list[Part]:
    """The parts that a scan will be read in."""
    with db.cursor() as cursor:
        cursor.executemany(
            "insert into scan_part (scan, part, objects) values (%s, %s, %s)",
            [(scan, number, names) for number, names in enumerate(parts, start=1)],
        )
    return [Part(store, scan, number) for number in range(1, len(parts) + 1)]


def names_of(db: Connection, part: Part) -> list[str] | None:
    """Tables and prefixes of a part; None where it is the whole store."""
    row = db.execute("select objects from scan_part where (scan, part) = (%s, %s)", [part.scan, part.part]).fetchone()
    return row[0] if row else None


def part_read(db: Connection, part: Part, result: PartResult, *, failed: int) -> None:
    """Keep what a part came to; a second attempt takes the place of the first."""
    db.execute(
        """update scan_part set result = %s, failed = %s, outcome = null, ended_at = clock_timestamp()
           where (scan, part) = (%s, %s)""",
        [Jsonb(result.plain()), failed, part.scan, part.part],
    )


def part_failed(db: Connection, part: Part, outcome: Outcome) -> None:
    """Keep that nothing of a part could be read."""
    db.execute(
        """update scan_part set result = null, failed = 1, outcome = %s, ended_at = clock_timestamp()
           where (scan, part) = (%s, %s)""",
        [outcome, part.scan, part.part],
    )


def progress(db: Connection, scan: int) -> Progress:
    """How far a scan has come."""
    rows = db.execute("select result, failed, outcome from scan_part where scan = %s order by part", [scan]).fetchall()
    return Progress(
        results=tuple(PartResult.load(result) for result, _, _ in rows if result is not None),
        parts=len(rows),
        failed=sum(failed for _, failed, _ in rows),
        outcomes=tuple(Outcome(outcome) for _, _, outcome in rows if outcome is not None),
    )


def clock(db: Connection) -> datetime:
    """Now, by the one clock that all workers share."""
    row = db.execute("select clock_timestamp()").fetchone()
    assert row is not None  # noqa: S101  # a select without from has one row
    moment: datetime = row[0]
    return moment


def finish(db: Connection, scan: int, store: str, policy: Policy, progress: Progress) -> Summary:
    """Write everything that was found, bring the findings up to date and finish the scan; the caller commits."""
    before, now = _last_scan(db, store), clock(db)
    _write(db, scan, progress)
    _events(db, scan, store, policy, progress.objects, now)
    fresh = lasting.merge(db, scan, before, store, policy, progress.objects, now)
    db.execute("update scan set finished_at = %s where scan = %s", [now, scan])
    return summarise(progress, started=_started(db, scan), fresh=fresh)


def summarise(progress: Progress, *, started: datetime, fresh: int) -> Summary:
    """Count a scan."""
    objects = progress.objects
    columns = [column for thing in objects for column in thing.columns]
    verdicts = [column.verdict for column in columns]
    there = [c for c in columns if c.column != WHOLE and c.verdict is not Verdict.NOT_FOUND]
    counted = [thing.rows for thing in objects if thing.rows is not None]
    return Summary(
        objects=len(counted),
        rows=sum(counted),
        columns=len(there),
        personal=sum(column.personal for column in there),
        undeclared=verdicts.count(Verdict.UNDECLARED),
        not_found=verdicts.count(Verdict.NOT_FOUND),
        unclassified=verdicts.count(Verdict.UNCLASSIFIED),
        misplaced=verdicts.count(Verdict.MISPLACED),
        failed=progress.failed,
        unchanged=sum(thing.read_at < started for thing in objects),
        findings=sum(len(thing.observed) for thing in objects),
        new_findings=fresh,
    )


def _last_scan(db: Connection, store: str) -> int | None:
    row = db.execute(
        """select scan from scan where store = %s and finished_at is not null
           order by finished_at desc, scan desc limit 1""",
        [store],
    ).fetchone()
    return row[0] if row else None


def _started(db: Connection, scan: int) -> datetime:
    row = db.execute("select started_at from scan where scan = %s", [scan]).fetchone()
    assert row is not None  # noqa: S101  # it was begun
    moment: datetime = row[0]
    return moment


def _write(db: Connection, scan: int, progress: Progress) -> None:
    with db.cursor() as cursor:
        cursor.executemany(
            """insert into scanned_object (scan, object, "rows", bytes, fingerprint, read_at)
               values (%s, %s, %s, %s, %s, %s)""",
            [
                (scan, thing.object, thing.rows, thing.bytes, thing.fingerprint, thing.read_at)
                for thing in progress.objects
                if thing.rows is not None
            ],
        )
        cursor.executemany(
            """insert into scanned_column (scan, object, "column", declared, found, confidence, evidence, verdict)
               values (%s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                (scan, c.object, c.column, c.declared, c.category, c.confidence, c.evidence, c.verdict.value)
                for thing in progress.objects
                for c in thing.columns
            ],
        )
        cursor.executemany(
            'insert into scanned_client (scan, object, client, "rows") values (%s, %s, %s, %s)',
            [(scan, thing.object, c.client, c.rows) for thing in progress.objects for c in thing.clients],
        )
        cursor.executemany(
            """insert into scanned_rule (scan, rule, "rows", due, missing_anchor, oldest)
               values (%s, %s, %s, %s, %s, %s)""",
            [
                (scan, rule.rule, rule.rows, rule.due, rule.missing_anchor, rule.oldest)
                for result in progress.results
                for rule in result.rules
            ],
        )


def _events(
    db: Connection, scan: int, store: str, policy: Policy, objects: Iterable[ObjectResult], now: datetime
) -> None:
    with db.cursor() as cursor:
        cursor.executemany(
            "insert into lineage_event (scan, object, event) values (%s, %s, %s)",
            [
                (scan, thing.object, Jsonb(openlineage.event(thing, store, policy, now)))
                for thing in objects
                if thing.rows is not None
            ],
        )
