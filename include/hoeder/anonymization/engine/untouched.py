"""Columns that leave as they are must not say whose they are: a name in a note undoes every class."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from hoeder.anonymization.engine.columns import Column, as_text, column
from hoeder.anonymization.engine.limits import Roles, Unfit

_AT_ONCE = 5_000  # a column of notes is refused after its first texts, not after its last
_LONG = 10_000_000  # eight digits: shorter numbers count or measure something
_MOSTLY = 0.5


def refuse_personal(table: pa.Table, roles: Roles, rows: int) -> None:
    """Search sensitive and insensitive columns strictly; `rows` is how many rows the table stands for.

    Raises Unfit with the column and the kind of what was seen, never a value.
    """
    for name in (*roles.sensitive, *roles.insensitive):
        found = column(table, name)
        if seen := _texts(found) if found.kind == "text" else _numbers(found):
            raise Unfit(
                f"column {name} holds what looks like personal data ({seen}): leave it out, make it one of the "
                "quasi-identifiers, or turn it into categories first (`hoeder redact` shows what a text holds)"
            )
        if name in roles.insensitive and _is_key(found, rows):
            raise Unfit(
                f"column {name} is different in each of {rows} rows: whoever has the source finds every row by it; "
                "leave it out, or make it one of the quasi-identifiers"
            )


def _texts(found: Column) -> str:
    from hoeder.anonymization.personal import personal  # brings the detector, which many tables do not need

    for part in _parts(found.values):
        if seen := personal(part):
            return _said(seen)
    return ""


def _numbers(found: Column) -> str:
    """Long whole numbers, most of which look like somebody's: a few do by chance."""
    from hoeder.anonymization.personal import personal

    if not (pa.types.is_integer(found.type) or pa.types.is_floating(found.type)):
        return ""  # days and truth values
    long = [value for value in found.values if value is not None and abs(value) >= _LONG]
    for part in _parts([value for value in long if value == int(value)]):
        seen = {kind: count for kind, count in personal(part).items() if count > _MOSTLY * len(part)}
        if seen:
            return _said(seen)
    return ""


def _parts(values: Sequence[Any]) -> Iterator[list[str]]:
    known = [as_text(value) for value in values if value is not None]
    return (known[start : start + _AT_ONCE] for start in range(0, len(known), _AT_ONCE))


def _said(seen: dict[str, int]) -> str:
    return ", ".join(f"{kind} in {count} values" for kind, count in sorted(seen.items()))


def _is_key(found: Column, rows: int) -> bool:
    whole = found.kind == "text" or pa.types.is_integer(found.type)
    return whole and not found.has_empty and len(found.values) == rows
