"""How one value becomes coarser: the steps that policy names, and the label that each gives."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hoeder.anonymization.encode import Column, Ints, Value
from hoeder.anonymization.groups import persons_per_group
from hoeder.errors import PolicyError
from hoeder.policy.models import Generalisation

ANY = "*"
UNKNOWN = "unknown"
OTHER = "other"

_PERIODS = frozenset({"day", "week", "month", "quarter", "year"})


@dataclass(frozen=True)
class Level:
    """One step of one column. `labels` are sorted; `of` gives the label's number for each distinct source value."""

    step: str
    labels: tuple[str, ...]
    of: Ints


def levels(column: Column, generalisation: Generalisation, persons: Ints) -> tuple[Level, ...]:
    """Every step of a column, in policy order. Raises PolicyError where a period is asked of something not a date."""
    return tuple(_level(column, step, generalisation.column, persons) for step in generalisation.steps)


def label(value: Value, step: str) -> str:
    """The label of one value: `2026-11-22`, `2026-W47` (ISO 8601), `2026-11`, `2026-Q4`, `2026`, or the value."""
    if step == "any":
        return ANY
    if value is None or value == "":
        return UNKNOWN
    if step in _PERIODS:
        assert isinstance(value, date)  # noqa: S101  # levels() refuses other columns
        return _period(value, step)
    return value if isinstance(value, str) else value.isoformat()


def _period(day: date, step: str) -> str:
    match step:
        case "day":
            return day.isoformat()[:10]
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}"
        case "month":
            return day.isoformat()[:7]
        case "quarter":
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case _:
            return f"{day.year:04}"


def _level(column: Column, step: str, name: str, persons: Ints) -> Level:
    if step in _PERIODS and any(value is not None and not isinstance(value, date) for value in column.values):
        raise PolicyError(f"column {name} does not hold dates, so it has no {step}; use exact, top-10 or any")
    each = [label(value, step) for value in column.values]
    if step == "top-10":
        keep = _top(column, each, persons)
        each = [text if text in keep else OTHER for text in each]
    labels = sorted(set(each))
    number = {text: n for n, text in enumerate(labels)}
    return Level(step, tuple(labels), np.array([number[text] for text in each], dtype=np.int64))


def _top(column: Column, each: list[str], persons: Ints) -> frozenset[str]:
    """The ten labels that most persons have, ties in alphabetical order; `unknown` stays beside them."""
    labels = sorted(set(each))
    number = {text: n for n, text in enumerate(labels)}
    of = np.array([number[text] for text in each], dtype=np.int64)
    counts = persons_per_group(of[column.codes], len(labels), persons)
    ranked = sorted((text for text in labels if text != UNKNOWN), key=lambda text: (-int(counts[number[text]]), text))
    return frozenset(ranked[:10]) | {UNKNOWN}
