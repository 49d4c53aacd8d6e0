"""The date that starts a record's retention term: where it is found, whether it is due, when its absence is a finding.

Counting what is due and planning to erase it use these same conditions, so that the two can never disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from psycopg import sql

from hoeder.clock import AMSTERDAM, end_of_day, latest_due_anchor
from hoeder.errors import StoreError
from hoeder.policy.models import Pending, RetentionRule, RuleType

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_DAY_IN_KEY = re.compile(r"(?:^|/)date=([^/]*)(?=/|$)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class StoredObject:
    """One object of a bucket as a listing shows it. Its key can name a person: it belongs in no log or message."""

    key: str
    size: int
    etag: str
    modified: datetime
    date: date | None
    """From `date=YYYY-MM-DD` in the key."""

    def __repr__(self) -> str:
        return f"StoredObject({self.size} bytes)"


def due_condition(rule: RetentionRule, anchor_type: str, today: date) -> sql.Composed:
    """SQL condition: the term of the row is over today. A pending row is not due, whatever an old anchor says.

    `anchor_type` as PostgreSQL's `format_type` writes it. A `timestamp with time zone` falls on its day in Amsterdam;
    one without is taken as the time on a Dutch clock. An infinite anchor is never due; it counts as missing. Raises
    StoreError for a column that holds no date.
    """
    latest = latest_due_anchor(today, rule.keep, floor=_is_floor(rule))
    kind = re.sub(r"\(\d+\)", "", anchor_type)
    match kind:
        case "date":
            end: date = latest + timedelta(days=1)
        case "timestamp with time zone":
            end = end_of_day(latest)
        case "timestamp without time zone":
            end = datetime.combine(latest + timedelta(days=1), time())  # the column has no zone either
        case _:
            raise StoreError(
                f"rule {rule.rule}: anchor {rule.applies_to}.{rule.keep.anchor} is of type {anchor_type}; "
                "a term can only start at a date or timestamp column"
            )
    anchor = sql.Identifier(rule.keep.anchor)
    over = sql.SQL("({a} < {end} and isfinite({a}))").format(a=anchor, end=sql.Literal(end))
    return over if rule.pending is None else sql.SQL("({} and {} is false)").format(over, _pending(rule.pending))


def missing_condition(rule: RetentionRule) -> sql.Composed:
    """SQL condition: the row should have an anchor and has none (or an infinite one): nobody knows when it is due."""
    anchor = sql.Identifier(rule.keep.anchor)
    if rule.pending is None:
        return sql.SQL("({a} is null or not isfinite({a}))").format(a=anchor)
    # A row that says neither whether its term has begun nor has not, is not judged either.
    return sql.SQL("({pending} is null or {pending} is false and ({a} is null or not isfinite({a})))").format(
        a=anchor, pending=_pending(rule.pending)
    )


def anchor_day(rule: RetentionRule, anchor_type: str) -> sql.Composed:
    """SQL expression: the anchor's day, as `due_condition` reads it; null where it is absent or infinite."""
    anchor = sql.Identifier(rule.keep.anchor)
    local = sql.SQL("{} at time zone {}").format(anchor, sql.Literal(AMSTERDAM.key))
    day = local if anchor_type.endswith("with time zone") else sql.Composed([anchor])
    # Python has no days before the year 1.
    return sql.SQL("case when isfinite({}) then greatest(({})::date, {}) end").format(
        anchor, day, sql.Literal(date.min)
    )


def is_due(rule: RetentionRule, anchor: date, today: date) -> bool:
    """Whether the term that started at `anchor` is over today."""
    return anchor <= latest_due_anchor(today, rule.keep, floor=_is_floor(rule))


def object_anchor(rule: RetentionRule, key: str, metadata: Mapping[str, str]) -> date | None:
    """The anchor of an object: `date=YYYY-MM-DD` in its key, or the user metadata entry of the anchor's name.

    None where it is absent, not a date, or where a key names two different days.
    """
    return date_in_key(key) if rule.keep.anchor == "date" else _day(metadata.get(rule.keep.anchor, ""))


def object_pending(rule: RetentionRule, metadata: Mapping[str, str]) -> bool:
    """Whether the object's term has not begun, by its user metadata: it is not due, and an absent anchor is right."""
    if rule.pending is None:
        return False
    return metadata.get(rule.pending.column, "").strip().lower() in {value.lower() for value in rule.pending.values}


def needs_metadata(rule: RetentionRule) -> bool:
    """Whether an object's key alone does not tell its anchor: then every object costs one request more."""
    return rule.keep.anchor != "date"


def date_in_key(key: str) -> date | None:
    """The day in `…/date=YYYY-MM-DD/…`; None where there is none or two that differ."""
    days = set(_DAY_IN_KEY.findall(key))
    return _day(days.pop()) if len(days) == 1 else None


def iter_objects(client: S3Client, bucket: str, prefix: str = "") -> Iterator[StoredObject]:
    """Every current object under a prefix, in key order, a page of 1,000 at a time."""
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            key = item["Key"]
            yield StoredObject(key, item["Size"], item["ETag"].strip('"'), item["LastModified"], date_in_key(key))


def read_metadata(client: S3Client, bucket: str, key: str) -> dict[str, str]:
    """An object's user metadata; names in lower case, as S3 keeps them."""
    return {name.lower(): value for name, value in client.head_object(Bucket=bucket, Key=key)["Metadata"].items()}


def _pending(pending: Pending) -> sql.Composed:
    """Whether the row is pending; null where its column is empty. `Open` is `open`."""
    return sql.SQL("(lower(trim({}::text)) = any({}))").format(
        sql.Identifier(pending.column), sql.Literal([value.lower() for value in pending.values])
    )


def _is_floor(rule: RetentionRule) -> bool:
    return rule.type in (RuleType.FLOOR, RuleType.FIXED)


def _day(text: str) -> date | None:
    if _DAY.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
