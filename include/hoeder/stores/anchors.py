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
from hoeder.policy.retention import Pending, RetentionRule
from hoeder.stores.changes import changed_value as changed_value
from hoeder.stores.changes import to_change
from hoeder.stores.erasable import Erasable

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


def due_condition(rule: RetentionRule, types: Mapping[str, str], today: date) -> sql.Composed:
    """SQL condition: the term of the row is over today, and its end action is not done yet.

    A pending row is not due, whatever an old anchor says; nor is a row of another client than the rule's, or one whose
    fields are as the end action leaves them. `types` by column, as PostgreSQL's `format_type` writes them. A `timestamp
    with time zone` falls on its day in Amsterdam; one without is taken as the time on a Dutch clock. An infinite anchor
    is never due; it counts as missing. Raises StoreError for a column that holds no date.
    """
    return _all(_mine(rule, missing_client=False), _over(rule, types, today), *_not_done(rule, types))


def free_condition(rule: RetentionRule, types: Mapping[str, str], today: date) -> sql.Composed:
    """SQL condition, never null: this rule does not keep the row (any more): its term is over, or it is no row of its.

    A row without an anchor is kept by it: nobody knows that its term is over.
    """
    over = sql.SQL("coalesce({}, false)").format(_over(rule, types, today))
    if rule.client is None:
        return over
    return sql.SQL("(not coalesce({}, true) or {})").format(_mine(rule, missing_client=True), over)


def missing_condition(rule: RetentionRule) -> sql.Composed:
    """SQL condition: the row should have an anchor and has none (or an infinite one): nobody knows when it is due.

    So is a row of no client where clients have rules of their own.
    """
    anchors = [sql.Identifier(name) for name in rule.keep.anchors]
    absent = _all(*(sql.SQL("{} is null").format(a) for a in anchors))
    infinite = sql.SQL(" or ").join(sql.SQL("not isfinite({})").format(a) for a in anchors)
    missing = sql.SQL("({} or {})").format(absent, infinite)
    if rule.pending is not None:
        # A row that says neither whether its term has begun nor has not, is not judged either.
        missing = sql.SQL("({pending} is null or {pending} is false and {missing})").format(
            pending=_pending(rule.pending), missing=missing
        )
    if rule.client is None:
        return missing
    nobodys = sql.SQL("{} is null").format(sql.Identifier(rule.client.column))
    whole = sql.SQL("({} or {})").format(nobodys, missing) if rule.client.others else missing
    return _all(_mine(rule, missing_client=rule.client.others), whole)


def scope_condition(rule: RetentionRule) -> sql.Composed:
    """SQL condition: the row is one of those that the rule is about."""
    return _mine(rule, missing_client=True)


def anchor_day(rule: RetentionRule, types: Mapping[str, str]) -> sql.Composed:
    """SQL expression: the anchor's day, as `due_condition` reads it; null where it is absent or infinite."""
    return sql.SQL("greatest({})").format(sql.SQL(", ").join(_day_of(name, types[name]) for name in rule.keep.anchors))


def _day_of(column: str, kind: str) -> sql.Composed:
    anchor = sql.Identifier(column)
    local = sql.SQL("{} at time zone {}").format(anchor, sql.Literal(AMSTERDAM.key))
    day = local if kind.endswith("with time zone") else sql.Composed([anchor])
    # Python has no days before the year 1.
    return sql.SQL("case when isfinite({}) then greatest(({})::date, {}) end").format(
        anchor, day, sql.Literal(date.min)
    )


def _over(rule: RetentionRule, types: Mapping[str, str], today: date) -> sql.Composed:
    """The term is over, and has begun."""
    anchors = [sql.Identifier(name) for name in rule.keep.anchors]
    ends = [_end(rule, name, types[name], today) for name in rule.keep.anchors]
    ended = [
        sql.SQL("({a} < {end} and isfinite({a}))").format(a=a, end=sql.Literal(end))
        for a, end in zip(anchors, ends, strict=True)
    ]
    if len(anchors) > 1:  # the latest of them: each is over or absent, and one is there
        over = _all(
            *(sql.SQL("({} is null or {})").format(a, one) for a, one in zip(anchors, ended, strict=True)),
            sql.SQL("coalesce({}) is not null").format(
                sql.SQL(", ").join(sql.SQL("{}::text").format(a) for a in anchors)
            ),
        )
    else:
        over = ended[0]
    return over if rule.pending is None else _all(over, sql.SQL("{} is false").format(_pending(rule.pending)))


def _end(rule: RetentionRule, column: str, kind: str, today: date) -> date | datetime:
    """The first moment at which a column's value is not due."""
    latest = latest_due_anchor(today, rule.keep, floor=rule.is_floor)
    match re.sub(r"\(\d+\)", "", kind):
        case "date":
            return latest + timedelta(days=1)
        case "timestamp with time zone":
            return end_of_day(latest)
        case "timestamp without time zone":
            return datetime.combine(latest + timedelta(days=1), time())  # the column has no zone either
        case _:
            raise StoreError(
                f"rule {rule.rule}: anchor {rule.applies_to}.{column} is of type {kind}; "
                "a term can only start at a date or timestamp column"
            )


def _mine(rule: RetentionRule, *, missing_client: bool) -> sql.Composed:
    if rule.client is None:
        return sql.SQL("true").format()
    column = sql.SQL("{}::text").format(sql.Identifier(rule.client.column))
    values = sql.Literal([str(value) for value in rule.client.values])
    if not rule.client.others:
        return sql.SQL("({} = any({}))").format(column, values)
    mine = sql.SQL("({} <> all({}))").format(column, values)
    return sql.SQL("({} is null or {})").format(column, mine) if missing_client else mine


def _not_done(rule: RetentionRule, types: Mapping[str, str]) -> list[sql.Composed]:
    """Whether one of the fields that the end action changes is not yet as it leaves it."""
    return [to_change(rule.then, Erasable(0, "", rule.target, dict(types)))] if rule.then.columns else []


def _all(*conditions: sql.Composable) -> sql.Composed:
    return sql.SQL("({})").format(sql.SQL(" and ").join(conditions))


def is_due(rule: RetentionRule, anchor: date, today: date) -> bool:
    """Whether the term that started at `anchor` is over today."""
    return anchor <= latest_due_anchor(today, rule.keep, floor=rule.is_floor)


def object_anchor(rule: RetentionRule, key: str, metadata: Mapping[str, str]) -> date | None:
    """The anchor of an object: `date=YYYY-MM-DD` in its key, or the user metadata entry of the anchor's name.

    The latest where the term has several. None where it is absent, one is not a date, or a key names two days.
    """
    found = [
        date_in_key(key) if name == "date" else _day(metadata.get(name, ""))
        for name in rule.keep.anchors
        if name == "date" or name in metadata or len(rule.keep.anchors) == 1
    ]
    days = [day for day in found if day is not None]
    return max(days) if days and len(days) == len(found) else None


def object_pending(rule: RetentionRule, metadata: Mapping[str, str]) -> bool:
    """Whether the object's term has not begun, by its user metadata: it is not due, and an absent anchor is right."""
    if rule.pending is None:
        return False
    return metadata.get(rule.pending.column, "").strip().lower() in {value.lower() for value in rule.pending.values}


def needs_metadata(rule: RetentionRule) -> bool:
    """Whether an object's key alone does not tell its anchor: then every object costs one request more."""
    return rule.keep.anchors != ("date",)


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


def _day(text: str) -> date | None:
    if _DAY.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
