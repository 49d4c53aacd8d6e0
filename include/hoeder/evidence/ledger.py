"""Write intents and outcomes, and read them back."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from hoeder.errors import EvidenceError

Connection = psycopg.Connection[tuple[Any, ...]]


class Outcome(StrEnum):
    """How an intent ended. `nothing` and `missing` are outcomes of their own, never `done`."""

    DONE = "done"
    NOTHING = "nothing"  # there was nothing to do
    PARTIAL = "partial"  # some of it; the counts say how much
    FAILED = "failed"
    REFUSED = "refused"  # a guard said no
    REJECTED = "rejected"  # the DPO said no
    UNREACHABLE = "unreachable"
    MISSING = "missing"  # the table, bucket or object was not there


@dataclass(frozen=True)
class Run:
    """On whose behalf an entry is written: the policy it ran under and the Airflow task, if any."""

    policy_digest: str
    dag_id: str | None = None
    run_id: str | None = None
    task_id: str | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""

    entry: int
    recorded_at: datetime
    phase: str
    capability: str
    activity: str
    object: str
    intent: int | None
    outcome: str | None
    case_id: UUID | None
    policy_digest: str
    dag_id: str | None
    run_id: str | None
    task_id: str | None
    actor: str
    counts: dict[str, int] = field(default_factory=dict)
    digest: str | None = None


def record_intent(
    db: Connection, run: Run, capability: str, activity: str, target: str, *, case_id: UUID | None = None
) -> int:
    """Write down what is about to happen; returns the entry's number. The caller commits before acting."""
    return _append(db, run, "intent", capability, activity, target, None, None, case_id, {}, None)


def record_outcome(
    db: Connection,
    run: Run,
    intent: int,
    outcome: Outcome,
    *,
    counts: Mapping[str, int] | None = None,
    digest: str | None = None,
) -> int:
    """Write down how an intent ended. Raises EvidenceError where it already has an outcome or does not exist."""
    row = db.execute("select capability, activity, object, case_id from ledger where entry = %s", [intent]).fetchone()
    if row is None:
        raise EvidenceError(f"ledger entry {intent} does not exist, so it cannot have an outcome")
    capability, activity, target, case_id = row
    try:
        return _append(db, run, "outcome", capability, activity, target, intent, outcome, case_id, counts or {}, digest)
    except psycopg.errors.UniqueViolation as error:
        raise EvidenceError(f"ledger entry {intent} already has an outcome") from error


class Act:
    """What is being done under an intent; the body says how it ended before it leaves."""

    def __init__(self, entry: int) -> None:
        self.entry = entry
        self.outcome = Outcome.DONE
        self.counts: dict[str, int] = {}
        self.digest: str | None = None


@contextmanager
def act(
    db: Connection, run: Run, capability: str, activity: str, target: str, *, case_id: UUID | None = None
) -> Iterator[Act]:
    """Intent before, outcome after. An exception is recorded as `failed` and goes on; a crash leaves no outcome."""
    doing = Act(record_intent(db, run, capability, activity, target, case_id=case_id))
    db.commit()
    try:
        yield doing
    except Exception:
        db.rollback()
        failed = doing.outcome if doing.outcome is not Outcome.DONE else Outcome.FAILED
        record_outcome(db, run, doing.entry, failed, counts=doing.counts)
        db.commit()
        raise
    record_outcome(db, run, doing.entry, doing.outcome, counts=doing.counts, digest=doing.digest)
    db.commit()


def entries(db: Connection, *, dag_id: str | None = None, case_id: UUID | None = None, last: int = 50) -> list[Entry]:
    """The last entries, oldest first, optionally of one DAG or one case."""
    conditions = [sql.SQL("true")]
    values: list[object] = []
    if dag_id is not None:
        conditions.append(sql.SQL("dag_id = %s"))
        values.append(dag_id)
    if case_id is not None:
        conditions.append(sql.SQL("case_id = %s"))
        values.append(case_id)
    query = sql.SQL("select * from ledger where {} order by entry desc limit %s").format(
        sql.SQL(" and ").join(conditions)
    )
    with db.cursor(row_factory=class_row(Entry)) as cursor:
        return list(reversed(cursor.execute(query, [*values, last]).fetchall()))


def unfinished(db: Connection) -> list[Entry]:
    """Intents without an outcome: what a crash left, or what is running now."""
    query = """select * from ledger i where phase = 'intent'
               and not exists (select from ledger o where o.intent = i.entry) order by entry"""
    with db.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(query).fetchall()


def _append(
    db: Connection,
    run: Run,
    phase: str,
    capability: str,
    activity: str,
    target: str,
    intent: int | None,
    outcome: Outcome | None,
    case_id: UUID | None,
    counts: Mapping[str, int],
    digest: str | None,
) -> int:
    wrong = [name for name, value in counts.items() if not isinstance(value, int) or not name.isidentifier()]
    if wrong:
        raise EvidenceError(f"the ledger takes whole-number counts only; refused: {', '.join(wrong)}")
    row = db.execute(
        """insert into ledger (phase, capability, activity, object, intent, outcome, case_id, policy_digest,
                               dag_id, run_id, task_id, counts, digest)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning entry""",
        [
            phase, capability, activity, target, intent, outcome, case_id, run.policy_digest,
            run.dag_id, run.run_id, run.task_id, json.dumps(dict(counts)), digest,
        ],
    ).fetchone()  # fmt: skip
    assert row is not None  # noqa: S101  # an insert with returning gives its row
    return int(row[0])
