"""Collect the report's figures: one consistent look at the governance database, which it only reads."""

import dataclasses
from datetime import datetime

from psycopg.pq import TransactionStatus

from hoeder.errors import ReportError
from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.attention import attention
from hoeder.report.facts import Figures
from hoeder.report.read_evidence import read_evidence, read_releases
from hoeder.report.read_inventory import read_inventory
from hoeder.report.read_retention import read_holds, read_retention
from hoeder.report.words import Language


def collect(db: Connection, policy: Policy, *, now: datetime, language: Language = "nl") -> Figures:
    """The figures as they stood at `now` (with a timezone): what was recorded later is counted, not used.

    What was erased is added up since the previous report in this language: its reader may read no other.

    Everything is read in one read-only snapshot, so that no figure contradicts another. `db` must not be inside a
    transaction. Raises ReportError.
    """
    if now.tzinfo is None:
        raise ReportError("the report's moment has no timezone: pass an aware datetime")
    if db.info.transaction_status is not TransactionStatus.IDLE:
        raise ReportError("the report needs a snapshot of its own: commit or roll back the open transaction first")
    with db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        figures = Figures(
            at=now,
            policy_digest=policy.digest,
            inventory=read_inventory(db, policy, now),
            retention=read_retention(db, policy, now, language),
            holds=read_holds(db, now),
            releases=read_releases(db, policy, now),
            evidence=read_evidence(db, now),
        )
    return dataclasses.replace(figures, attention=attention(figures))
