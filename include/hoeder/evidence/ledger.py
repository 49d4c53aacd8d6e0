"""Write intents and outcomes, and read them back: the one interface that capabilities have to the ledger.

All functions work inside the caller's transaction. The ledger numbers entries without gaps, so it lets one writer at a
time through, from its first entry until it commits: append last, or commit soon.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
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
from hoeder.policy import Policy

Connection = psycopg.Connection[tuple[Any, ...]]

# What Airflow makes by itself. Whatever a person typed as the name of a run is kept as its hash only.
_RUN_ID = re.compile(
    r"(manual|scheduled|asset_triggered|backfill)__\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(\+\d\d:\d\d)?(_[A-Za-z0-9]{8})?"
)


class Activity(StrEnum):
    """What can be recorded, each with the version of its meaning. The governance database holds the same list."""

    INVENTORY_SCAN = "inventory.scan@1"
    INVENTORY_DECIDE = "inventory.decide@1"
    ANONYMIZATION_RELEASE = "anonymization.release@1"
    ANONYMIZATION_KEY = "anonymization.key@1"
    ANONYMIZATION_BUDGET = "anonymization.budget@1"
    RETENTION_PLAN = "retention.plan@1"
    RETENTION_ERASE = "retention.erase@1"
    RETENTION_HOLD = "retention.hold@1"
    RETENTION_VERIFY = "retention.verify@1"
    RETENTION_CERTIFICATE = "retention.certificate@1"
    RETENTION_REPLAY = "retention.replay@1"
    RETENTION_READY = "retention.ready@1"
    RETENTION_RETURN = "retention.return@1"
    RETENTION_RECEIPT = "retention.receipt@1"
    RETENTION_LIFECYCLE = "retention.lifecycle@1"
    RIGHTS_RECEIVE = "rights.receive@1"
    RIGHTS_FORWARD = "rights.forward@1"
    RIGHTS_IDENTIFY = "rights.identify@1"
    RIGHTS_FIND = "rights.find@1"
    RIGHTS_DECIDE = "rights.decide@1"
    RIGHTS_CARRY_OUT = "rights.carry_out@1"
    RIGHTS_NOTIFY = "rights.notify@1"
    RIGHTS_ANSWER = "rights.answer@1"
    RIGHTS_EXTEND = "rights.extend@1"
    RIGHTS_VERIFY = "rights.verify@1"
    RIGHTS_CLOSE = "rights.close@1"
    RIGHTS_LETTER = "rights.letter@1"
    RIGHTS_SEAL = "rights.seal@1"
    RIGHTS_MASK_COPY = "rights.mask_copy@1"
    RIGHTS_DESTROY_COPY = "rights.destroy_copy@1"
    RIGHTS_CLOCKS = "rights.clocks@1"
    RIGHTS_SEND = "rights.send@1"
    REGISTERS_VERSION = "registers.version@1"
    REGISTERS_CHECK = "registers.check@1"
    REGISTERS_ATTEST = "registers.attest@1"
    REGISTERS_WITHDRAW = "registers.withdraw@1"
    DISCLOSURES_RECEIVE = "disclosures.receive@1"
    DISCLOSURES_CHECK = "disclosures.check@1"
    DISCLOSURES_CLIENT = "disclosures.client@1"
    DISCLOSURES_MINIMISE = "disclosures.minimise@1"
    DISCLOSURES_RELEASE = "disclosures.release@1"
    DISCLOSURES_REPORT_CRIME = "disclosures.report_crime@1"
    DISCLOSURES_RECEIPT = "disclosures.receipt@1"
    DISCLOSURES_ERASE = "disclosures.erase@1"
    FRAUD_OPEN = "fraud_files.open@1"
    FRAUD_DECIDE = "fraud_files.decide@1"
    FRAUD_CHECK = "fraud_files.check@1"
    MARKETING_OPT_OUT = "marketing_gate.opt_out@1"
    MARKETING_GATE = "marketing_gate.gate@1"
    MARKETING_SHARE = "marketing_gate.share@1"
    MARKETING_CHECK = "marketing_gate.check@1"
    INCIDENTS_WATCH = "incidents.watch@1"
    INCIDENTS_REGISTER = "incidents.register@1"
    INCIDENTS_DESCRIBE = "incidents.describe@1"
    INCIDENTS_TRIAGE = "incidents.triage@1"
    INCIDENTS_DECIDE = "incidents.decide@1"
    INCIDENTS_NOTIFY = "incidents.notify@1"
    INCIDENTS_CLIENT = "incidents.client@1"
    INCIDENTS_CYBER = "incidents.cyber@1"
    INCIDENTS_TELL = "incidents.tell@1"
    INCIDENTS_CLOSE = "incidents.close@1"
    INCIDENTS_REMIND = "incidents.remind@1"
    QUESTIONS_ANSWER = "questions.answer@1"
    PROMISES_ASSESS = "promises.assess@1"
    AUDIT_REPORT = "audit_report.report@1"
    AUDIT_MAIL = "audit_report.mail@1"
    ACCESS_REVIEW = "access_review.review@1"
    ACCESS_USE = "access_review.use@1"
    ACCESS_EGRESS = "access_review.egress@1"
    ACCESS_CLIENT_SYSTEMS = "access_review.client_systems@1"
    ACCESS_SECRECY = "access_review.secrecy@1"
    ACCESS_DECIDE = "access_review.decide@1"
    ACCESS_WITHDRAW = "access_review.withdraw@1"
    CLIENT_SEGREGATION_CHECK = "client_segregation.check@1"
    EVIDENCE_SEAL = "evidence.seal@1"


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

    @property
    def trace_id(self) -> bytes:
        """16 bytes that all entries of one DAG run share."""
        return hashlib.sha256(f"{self.dag_id}\0{self.run_id}".encode()).digest()[:16]

    @property
    def recorded_run_id(self) -> str | None:
        """The run's id as Airflow made it, or the hash of one that a person typed."""
        if self.run_id is None or _RUN_ID.fullmatch(self.run_id):
            return self.run_id
        return f"sha256:{hashlib.sha256(self.run_id.encode()).hexdigest()}"


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""

    entry: int
    recorded_at: datetime
    phase: str
    activity: str
    capability: str
    act: str
    object: str
    intent: int | None
    outcome: str | None
    case_id: UUID | None
    policy_digest: str
    dag_id: str | None
    run_id: str | None
    task_id: str | None
    actor: str
    subject_ref: bytes | None = None
    trace_id: bytes | None = None
    span_id: bytes | None = None
    counts: dict[str, int] = field(default_factory=dict)
    digest: str | None = None


def register_policy(db: Connection, policy: Policy) -> None:
    """Make the names that a policy speaks of known to the ledger; they are the only names it takes as objects."""
    register_names(
        db,
        policy.digest,
        [*policy.stores, *(rule.rule for rule in policy.retention), *(release.release for release in policy.releases)],
    )


def register_names(db: Connection, policy_digest: str, names: Sequence[str]) -> None:
    """The same for a list of names; those that are known already stay."""
    db.execute(
        "insert into policy_name select %s, name from unnest(%s::text[]) as name on conflict do nothing",
        [policy_digest, list(names)],
    )


def record_intent(
    db: Connection,
    run: Run,
    activity: Activity,
    target: str,
    *,
    case_id: UUID | None = None,
    subject_ref: bytes | None = None,
) -> int:
    """Write down what is about to happen; returns the entry's number. The caller commits before acting."""
    with refusals():
        row = db.execute(
            """insert into ledger (phase, activity, object, case_id, policy_digest, dag_id, run_id, task_id,
                                   subject_ref, trace_id, span_id, counts)
               values ('intent', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '{}') returning entry""",
            [activity, target, case_id, run.policy_digest, run.dag_id, run.recorded_run_id, run.task_id, subject_ref,
             run.trace_id, secrets.token_bytes(8)],
        ).fetchone()  # fmt: skip
    if row is None:
        raise EvidenceError("the ledger took no intent")
    return int(row[0])


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
    wrong = [name for name, value in (counts or {}).items() if not isinstance(value, int)]
    if wrong:
        raise EvidenceError(f"the ledger takes whole-number counts only; refused: {', '.join(wrong)}")
    with refusals():
        row = db.execute(
            """insert into ledger (phase, activity, object, intent, outcome, case_id, policy_digest, dag_id, run_id,
                                   task_id, subject_ref, trace_id, span_id, counts, digest)
               select 'outcome', activity, object, entry, %s, case_id, %s, %s, %s, %s, subject_ref, %s, span_id, %s, %s
               from ledger where entry = %s and phase = 'intent' returning entry""",
            [outcome, run.policy_digest, run.dag_id, run.recorded_run_id, run.task_id, run.trace_id,
             json.dumps(dict(counts or {})), digest, intent],
        ).fetchone()  # fmt: skip
    if row is None:
        raise EvidenceError(f"ledger entry {intent} is no intent, so it cannot have an outcome")
    return int(row[0])


@contextmanager
def refusals() -> Iterator[None]:
    """The database's refusals as Hoeder's; their detail, which quotes the entry, stays out."""
    try:
        yield
    except psycopg.errors.UniqueViolation:
        raise EvidenceError("the ledger refused an entry: this intent already has an outcome") from None
    except (psycopg.errors.IntegrityError, psycopg.errors.DataError) as error:
        raise EvidenceError(f"the ledger refused an entry: {error.diag.message_primary}") from None


class Act:
    """What is being done under an intent; the body says how it ended before it leaves."""

    def __init__(self, entry: int) -> None:
        self.entry = entry
        self.outcome = Outcome.DONE
        self.counts: dict[str, int] = {}
        self.digest: str | None = None


@contextmanager
def act(
    db: Connection,
    run: Run,
    activity: Activity,
    target: str,
    *,
    case_id: UUID | None = None,
    subject_ref: bytes | None = None,
) -> Iterator[Act]:
    """Intent before, outcome after, each committed. An exception is recorded as `failed`, or as the outcome that the
    body had set, and goes on; a crash leaves no outcome.
    """
    doing = Act(record_intent(db, run, activity, target, case_id=case_id, subject_ref=subject_ref))
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


def entries(
    db: Connection, *, dag_id: str | None = None, case_id: UUID | None = None, last: int | None = None
) -> list[Entry]:
    """Entries, oldest first: all of them or the last few, optionally of one DAG or one case."""
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


def unfinished(db: Connection, activity: Activity | None = None) -> list[Entry]:
    """Intents without an outcome: what a crash left, or what is running now. A resumed run starts from these."""
    query = """select * from ledger i where phase = 'intent' and (%(activity)s::text is null or activity = %(activity)s)
               and not exists (select from ledger o where o.intent = i.entry) order by entry"""
    with db.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(query, {"activity": activity}).fetchall()
