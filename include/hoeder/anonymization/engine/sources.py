"""Where a column's ladder comes from when it is not built from the values."""

from dataclasses import dataclass
from pathlib import Path

from hoeder.anonymization.engine.columns import Column
from hoeder.anonymization.engine.hierarchies import exact, period
from hoeder.anonymization.engine.ladder import ANY, UNKNOWN, Ladder, build, given
from hoeder.anonymization.engine.limits import Unfit

OTHER = "other"
PERIODS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Steps:
    """Levels by name, from fine to coarse: `exact`, `day`, `week`, `month`, `quarter`, `year`, `top-10`, `any`."""

    names: tuple[str, ...]
    top: frozenset[str] = frozenset()
    """The values that `top-10` leaves as they are; the others are `other`."""


Hierarchy = Path | Steps


def ladder_of(column: Column, hierarchy: Hierarchy) -> Ladder:
    """A ladder from a file, or from named levels."""
    return given(column, hierarchy) if isinstance(hierarchy, Path) else _steps(column, hierarchy)


def _steps(column: Column, steps: Steps) -> Ladder:
    names = steps.names
    strange = [name for name in names if name not in {"exact", "top-10", "any", *PERIODS}]
    if strange or not names:
        known = ", ".join(("exact", *PERIODS, "top-10", "any"))
        raise Unfit(f"column {column.name}: levels are {known}; not {', '.join(strange)}")
    if column.kind != "date" and (wrong := [name for name in names if name in PERIODS]):
        raise Unfit(f"column {column.name} does not hold dates, so it has no {wrong[0]}")

    def labels(name: str) -> list[str]:
        if name == "any":
            return [ANY] * len(column.values)
        each = [period(v, name) if name in PERIODS else exact(v) for v in column.values]
        if name == "top-10":
            return [text if text in steps.top or text == UNKNOWN else OTHER for text in each]
        return each

    return build(column, names, labels)
