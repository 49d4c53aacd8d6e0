"""Keep how the promises stood, with the ledger position that it was computed from, and read it back."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from hoeder.errors import EvidenceError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Connection, Run
from hoeder.promises.status import Assessment, Evidence, Status, Why


def record(governance: Connection, run: Run, assessments: Sequence[Assessment], up_to: int, *, at: datetime) -> UUID:
    """Store how every promise stood at a moment; returns the number under which the ledger keeps it.

    With the account of connection `governance_promises`. The ledger gets the counts per status and the digest of
    everything that was stored. All of it is stored or nothing. Commits. Raises EvidenceError where there is nothing to
    store or the ledger refuses.
    """
    if not assessments:
        raise EvidenceError("there is no promise to record: policy has none (include/policy/promises)")
    case = uuid4()
    digest = digest_of(assessments, up_to, at)
    with ledger.act(governance, run, Activity.PROMISES_ASSESS, "promises", case_id=case) as act:
        governance.execute(
            """insert into promise_assessment (assessment, entry, up_to, as_of, policy_digest, dag_id, run_id, digest)
               values (%s, %s, %s, %s, %s, %s, %s, %s)""",
            [case, act.entry, up_to, at, run.policy_digest, run.dag_id, run.recorded_run_id, digest],
        )
        with governance.cursor() as cursor:
            cursor.executemany(
                """insert into promise_status (assessment, position, promise, status, why, evidence)
                   values (%s, %s, %s, %s, %s, %s)""",
                [
                    (case, position, one.promise, one.status, Jsonb(asdict(one.why)),
                     Jsonb([asdict(each) for each in one.evidence]))
                    for position, one in enumerate(assessments)
                ],
            )  # fmt: skip
        counted = Counter(one.status for one in assessments)
        act.counts = {status.value: counted[status] for status in Status}
        act.counts |= {"promises": len(assessments), "up_to": up_to}
        act.digest = digest
    return case


def digest_of(assessments: Sequence[Assessment], up_to: int, at: datetime) -> str:
    """SHA-256 in hex over everything that is stored of an assessment."""
    said = [up_to, at.timestamp(), [asdict(one) for one in assessments]]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read(governance: Connection, *, at: datetime) -> tuple[Assessment, ...]:
    """The last assessment about this moment or an earlier one, as it was stored; nothing where there is none."""
    row = governance.execute(
        """select assessment from promise_assessment p where as_of <= %s
             and exists (select from ledger l where l.intent = p.entry and l.outcome = 'done')
           order by as_of desc, recorded_at desc limit 1""",
        [at],
    ).fetchone()
    return () if row is None else read_one(governance, row[0])


def read_one(governance: Connection, assessment: UUID) -> tuple[Assessment, ...]:
    """One assessment as it was stored."""
    rows = governance.execute(
        "select promise, status, why, evidence from promise_status where assessment = %s order by position",
        [assessment],
    ).fetchall()
    return tuple(_assessment(*row) for row in rows)


def _assessment(promise: str, status: str, why: Any, evidence: Any) -> Assessment:
    return Assessment(
        promise,
        Status(status),
        Why(why["key"], tuple((name, value) for name, value in why["figures"])),
        tuple(Evidence(**each) for each in evidence),
    )
