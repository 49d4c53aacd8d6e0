"""Ladders that are built from a column's own values: numbers, dates, postcodes, places, and other text."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from hoeder.anonymization.engine.columns import Column, Ints, as_text
from hoeder.anonymization.engine.ladder import ANY, UNKNOWN, Ladder, build
from hoeder.anonymization.engine.limits import Unfit
from hoeder.anonymization.engine.provinces import province

_POSTCODE = re.compile(r"(\d{4}) ?([A-Za-z]{2})?")
_MOST_LEVELS = 7
_FREQUENT = 10
_NAMED = 12  # a column with no more values than this needs no level for the frequent ones


def built(column: Column, weight: Ints) -> Ladder:
    """The ladder that suits a column; `weight` is how many rows each of its values has.

    Numbers: intervals of 5, 10, 50, 100 … units. Dates: day, week, month, quarter, year. Dutch postcodes: from the
    right. Dutch places: the province. Other text: the ten most frequent values and `other`, where there are more than
    twelve. Above all stands `*`.
    """
    if not column.values or column.values == (None,):
        return build(column, ["exact"], lambda _: [UNKNOWN] * len(column.values))
    if column.kind == "number":
        return _numbers(column)
    if column.kind == "date":
        return _dates(column)
    known = [value for value in column.values if value is not None]
    if all(_POSTCODE.fullmatch(value) for value in known):
        return _postcodes(column)
    if len(known) > 1 and sum(province(value) is not None for value in known) >= 0.8 * len(known):
        return build(column, ["exact", "province", ANY], lambda name: [_place(v, name) for v in column.values])
    return _other(column, weight)


def exact(value: Any) -> str:
    """A value as it stands, `unknown` for an empty cell."""
    return UNKNOWN if value is None else as_text(value)


def period(value: date | None, name: str) -> str:
    """The label of a day: `2026-11-22`, `2026-W47` (ISO 8601), `2026-11`, `2026-Q4`, `2026`."""
    if name == ANY:
        return ANY
    if value is None:
        return UNKNOWN
    match name:
        case "exact":
            return value.isoformat()
        case "day":
            return value.isoformat()[:10]
        case "week":
            year, week, _ = value.isocalendar()
            return f"{year:04}-W{week:02}"
        case "month":
            return value.isoformat()[:7]
        case "quarter":
            return f"{value.year:04}-Q{(value.month + 2) // 3}"
        case "year":
            return f"{value.year:04}"
    raise Unfit(f"there is no period {name}")


def _dates(column: Column) -> Ladder:
    names = ["exact"] if any(isinstance(value, datetime) for value in column.values) else []
    names += ["day", "week", "month", "quarter", "year", ANY]
    return build(column, names, lambda name: [period(value, name) for value in column.values])


def _numbers(column: Column) -> Ladder:
    positions = column.positions()
    span = float(np.ptp(positions))
    whole = all(float(p).is_integer() for p in positions)
    gap = float(np.diff(positions).min()) if len(positions) > 1 else 1.0
    unit = Decimal(1) if whole else Decimal(10) ** int(np.floor(np.log10(max(gap, span / 1e6))))
    widths: list[Decimal] = []
    width, five = unit, True
    while float(width) < span:
        width, five = width * (5 if five else 2), not five
        if float(width) >= 2 * gap:
            widths.append(width)
    widths = [w for w in widths if float(w) < span][-_MOST_LEVELS:]
    names = ["exact", *(format(w, "f") for w in widths), ANY]
    return build(column, names, lambda name: [interval(value, name, whole=whole) for value in column.values])


def interval(value: Any, name: str, *, whole: bool) -> str:
    """The label of a number at a width: `20-24` for whole numbers, `[0.5, 1.0)` for others."""
    if name == ANY:
        return ANY
    if value is None or name == "exact":
        return exact(value)
    width = Decimal(name)
    low = Decimal(str(value)) // width * width
    if low > Decimal(str(value)):
        low -= width  # Decimal rounds towards zero
    high = low + width
    if not whole:
        return f"[{low:f}, {high:f})"
    return f"{low:f}-{high - 1:f}" if low >= 0 else f"[{low:f}, {high - 1:f}]"


def _postcodes(column: Column) -> Ladder:
    def label(value: str | None, name: str) -> str:
        if name == ANY:
            return ANY
        found = _POSTCODE.fullmatch(value or "")
        if found is None:
            return UNKNOWN
        digits, letters = found[1], (found[2] or "").upper()
        if name == "exact":
            return digits + letters
        kept = int(name)
        return digits[:kept] + "*" * (4 - kept)

    return build(column, ["exact", "4", "3", "2", "1", ANY], lambda name: [label(v, name) for v in column.values])


def _place(value: str | None, name: str) -> str:
    if name == ANY:
        return ANY
    if value is None or name == "exact":
        return exact(value)
    return province(value) or "elsewhere"


def _other(column: Column, weight: Ints) -> Ladder:
    if len(column.values) <= _NAMED:
        return build(column, ["exact", ANY], lambda name: [ANY if name == ANY else exact(v) for v in column.values])
    ranked = sorted(range(len(column.values)), key=lambda n: (-int(weight[n]), n))
    frequent = set(ranked[:_FREQUENT])

    def labels(name: str) -> list[str]:
        if name == ANY:
            return [ANY] * len(column.values)
        return [exact(v) if name == "exact" or n in frequent else "other" for n, v in enumerate(column.values)]

    return build(column, ["exact", "frequent", ANY], labels)
