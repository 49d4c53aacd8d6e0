"""How much each retention rule is about: records, how many are due, how many lack the date that would tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hoeder.clock import AMSTERDAM
from hoeder.errors import StoreError
from hoeder.inventory.findings import WHOLE, ColumnFinding, absent
from hoeder.policy.retention import RetentionRule
from hoeder.stores import anchors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from hoeder.stores.postgres import Connection


class AnchorMissing(StoreError):
    """The rule speaks of a table or column that the store does not have: a finding, and nothing to count."""


@dataclass(frozen=True)
class RuleCount:
    """One rule in one store on one day; `oldest` is the oldest anchor."""

    rule: str
    rows: int
    due: int
    missing_anchor: int
    oldest: date | None


def count_rows(db: Connection, schemas: Sequence[str], rule: RetentionRule, today: date) -> RuleCount:
    """Count a rule's rows in the database. Raises AnchorMissing, or StoreError where they cannot be read."""
    from hoeder.stores import postgres

    relation = next((r for r in postgres.relations(db, schemas) if r.name == rule.target), None)
    if relation is None:
        raise AnchorMissing(f"rule {rule.rule} applies to it, and it does not exist")
    types = {column.name: column.type for column in relation.columns}
    needed = [*rule.keep.anchors, *([rule.pending.column] if rule.pending else []), *rule.then.columns]
    gone = [column for column in needed if column not in types]
    if gone:
        raise AnchorMissing(f"rule {rule.rule} needs it, and {rule.applies_to} has no such column: {', '.join(gone)}")
    rows, due, missing, oldest = postgres.tally(
        db,
        relation,
        due=anchors.due_condition(rule, types, today),
        missing=anchors.missing_condition(rule),
        day=anchors.anchor_day(rule, types),
        of=anchors.scope_condition(rule),
    )
    return RuleCount(rule.rule, rows, due, missing, oldest)


def count_objects(client: S3Client, bucket: str, rule: RetentionRule, today: date) -> RuleCount:
    """Count a rule's objects; one request more for each where the key does not tell its anchor. Raises StoreError."""
    from botocore.exceptions import BotoCoreError, ClientError

    from hoeder.stores.contents import reason

    rows = due = missing = 0
    oldest: date | None = None
    try:
        for stored in anchors.iter_objects(client, bucket, rule.target):
            rows += 1
            look = rule.enforce == "hoeder" and (anchors.needs_metadata(rule) or rule.pending is not None)
            metadata = anchors.read_metadata(client, bucket, stored.key) if look else {}
            if anchors.object_pending(rule, metadata):
                continue
            if rule.enforce == "store":  # by the bucket's own clock
                anchor: date | None = stored.modified.astimezone(AMSTERDAM).date()
            else:
                anchor = anchors.object_anchor(rule, stored.key, metadata)
            if anchor is None:
                missing += 1
                continue
            due += anchors.is_due(rule, anchor, today)
            oldest = min(oldest or anchor, anchor)
    except (BotoCoreError, ClientError) as error:
        raise StoreError(f"cannot read the objects of {rule.applies_to}: {reason(error)}") from error
    return RuleCount(rule.rule, rows, due, missing, oldest)


def with_missing_anchor(findings: list[ColumnFinding], rule: RetentionRule, why: str) -> list[ColumnFinding]:
    """Findings and one more: a rule without its table or anchor. The declared column's own finding stays."""
    known = {(finding.object, finding.column) for finding in findings}
    exists = any(finding.object == rule.target and finding.column != WHOLE for finding in findings)
    columns = [*rule.keep.anchors, *([rule.pending.column] if rule.pending else [])] if exists else [WHOLE]
    store = rule.store
    gone = [column for column in columns if (rule.target, column) not in known]
    return [*findings, *(absent(store, rule.target, column, None, why) for column in gone)]
