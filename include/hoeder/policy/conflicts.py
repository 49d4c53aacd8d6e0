"""Whether rules about the same records can be carried out together.

Several rules may speak of one record, for several purposes: the latest end wins, a statutory maximum cuts through all
but a statutory minimum, and a part of a record that one rule alone covers can go sooner. What no order of ends can
satisfy is a problem of both rules.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from hoeder import clock
from hoeder.policy.parsed import Parsed
from hoeder.policy.retention import RetentionRule
from hoeder.policy.source import Problem

_SAMPLE = [date(2023, 1, 1) + timedelta(days=n) for n in range(1462)]  # every kind of year


def conflicts(retention: Parsed[tuple[RetentionRule, ...]]) -> Iterator[Problem]:
    """Pairs of rules in force together that contradict each other, each named at the second of them."""
    for (_, a), (second, b) in combinations(enumerate(retention.value), 2):
        if a.valid_from <= (b.valid_to or date.max) and b.valid_from <= (a.valid_to or date.max):
            for key, message in _between(a, b):
                yield retention.source.problem((second, key), message)


def _between(a: RetentionRule, b: RetentionRule) -> Iterator[tuple[str, str]]:
    if a.rule == b.rule:
        yield "rule", f"rule {b.rule} is in force twice at once; close the first with valid_to"
    if a.applies_to != b.applies_to:
        return
    both = f"rules {a.rule} and {b.rule}"
    if (a.category, a.purpose, a.role, a.then.columns) == (b.category, b.purpose, b.role, b.then.columns):
        yield (
            "purpose",
            f"{both} are both in force for {b.applies_to} with the same category, purpose and role; one purpose has "
            "one term",
        )
        return
    for floor, ceiling in ((a, b), (b, a)):
        if _keeps_beyond(floor, ceiling):
            yield (
                "keep",
                f"{both}: {ceiling.rule} ({ceiling.type}, {ceiling.keep}) must be gone while {floor.rule} "
                f"({floor.type}, {floor.keep}) must still be kept",
            )
    for part, whole in ((a, b), (b, a)):
        if part.then.columns and not whole.then.columns and _always_later(whole, part):
            yield (
                "covers",
                f"{both}: {part.rule} never acts, as {whole.rule} keeps {', '.join(part.then.columns)} longer; say "
                f"with `covers` which columns {whole.rule} needs",
            )


def _keeps_beyond(floor: RetentionRule, ceiling: RetentionRule) -> bool:
    """Whether the law demands to keep, and forbids to keep, the same record on some day. Decided for one anchor."""
    if not floor.is_floor or not ceiling.is_ceiling or not floor.keeps_from(ceiling):
        return False
    if floor.keep.anchors != ceiling.keep.anchors:
        return False  # which is later differs from record to record: such a record is kept, and the plan counts it
    return any(
        clock.due_date(day, floor.keep, floor=True) > clock.due_date(day, ceiling.keep, floor=ceiling.is_floor)
        for day in _SAMPLE
    )


def _always_later(whole: RetentionRule, part: RetentionRule) -> bool:
    if not whole.keeps_from(part) or whole.keep.anchors != part.keep.anchors:
        return False
    return all(
        clock.due_date(day, whole.keep, floor=whole.is_floor) >= clock.due_date(day, part.keep, floor=part.is_floor)
        for day in _SAMPLE
    )
