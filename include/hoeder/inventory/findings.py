"""What was declared against what was seen, column by column."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hoeder.detection import Verdict as Judged
from hoeder.detection import context
from hoeder.policy.dataset import Dataset
from hoeder.stores.samples import SampledColumn, SampledObject

WHOLE = "*"
"""In place of a column's name: the finding is about the table or prefix itself."""

_CONTRADICTS = 0.6
"""Confidence from which a classifier's finding outweighs a declaration that a column is not personal."""


class Verdict(StrEnum):
    """How a declaration and what was seen go together."""

    AGREED = "agreed"
    UNDECLARED = "undeclared"  # personal, and policy does not say so
    NOT_FOUND = "not-found"  # declared, and not there
    UNCLASSIFIED = "unclassified"  # not declared, and nothing recognised or not readable: nobody knows
    MISPLACED = "misplaced"  # citizen service numbers where none belong


@dataclass(frozen=True)
class ColumnFinding:
    """One column, as declared and as seen; no value of it."""

    store: str
    object: str
    column: str
    category: str | None
    """Fideslang category by content or name; None where nothing personal was recognised."""
    confidence: float
    evidence: str
    declared: str | None
    verdict: Verdict

    @property
    def personal(self) -> bool:
        """Declared or recognised as personal."""
        return is_personal(self.declared) or self.category is not None


def is_personal(category: str | None) -> bool:
    return category is not None and category.split(".")[0] == "user"


def compare(
    store: str, seen: Iterable[SampledObject], dataset: Dataset | None, *, processes: int = 1
) -> list[ColumnFinding]:
    """Findings on everything that was seen, and on everything declared that was not."""
    declared = _declared(dataset)
    findings: list[ColumnFinding] = []
    present = set()
    things = list(seen)
    judged = context.judge(
        [(thing.name, [column.seen for column in thing.columns]) for thing in things], processes=processes
    )
    for thing, verdicts in zip(things, judged, strict=True):
        present.add(thing.name)
        columns = declared.get(thing.name)
        compartment = may_hold_national_ids(dataset, thing.name)
        findings += [
            _judge(store, thing.name, column, verdict, _declared_of(column.name, columns or {}), compartment)
            for column, verdict in zip(thing.columns, verdicts, strict=True)
        ]
        findings += _about_the_whole(store, thing, declared=columns is not None)
        findings += _not_seen(store, thing, columns or {})
    for name in declared.keys() - present:
        findings.append(absent(store, name, WHOLE, None, "declared, and not there"))
    return sorted(findings, key=lambda f: (f.object, f.column))


def absent(store: str, thing: str, column: str, declared: str | None, why: str) -> ColumnFinding:
    """Something that policy speaks of and the store does not have."""
    return ColumnFinding(store, thing, column, None, 1.0, why, declared, Verdict.NOT_FOUND)


def judge(declared: str | None, category: str | None, confidence: float, *, misplaced: bool) -> Verdict:
    """The verdict on a column that was read; `misplaced`: it has citizen service numbers, and policy none there."""
    if misplaced:
        return Verdict.MISPLACED
    if declared is None:
        return Verdict.UNCLASSIFIED if category is None else Verdict.UNDECLARED
    if not is_personal(declared) and category is not None and confidence >= _CONTRADICTS:
        return Verdict.UNDECLARED
    return Verdict.AGREED


def may_hold_national_ids(dataset: Dataset | None, name: str) -> bool:
    """Whether policy has citizen service numbers in a table or prefix: the payroll compartment (UAVG 46)."""
    place = None if dataset is None else dataset.tables.get(name) or dataset.prefixes.get(name)
    return place is not None and "national-id" in place.may_hold


def only(dataset: Dataset | None, names: Collection[str]) -> Dataset | None:
    """What is declared of some tables and prefixes."""
    if dataset is None:
        return None
    tables = {name: table for name, table in dataset.tables.items() if name in names}
    prefixes = {name: prefix for name, prefix in dataset.prefixes.items() if name in names}
    return dataset.model_copy(update={"tables": tables, "prefixes": prefixes})


def _declared_of(name: str, columns: Mapping[str, str]) -> str | None:
    """What is declared of a column; of a path inside of one, what is declared of the nearest column around it."""
    while name and name not in columns:
        name = name.rpartition(".")[0]
    return columns.get(name)


def _judge(
    store: str, thing: str, column: SampledColumn, seen: Judged, declared: str | None, compartment: bool
) -> ColumnFinding:
    if column.problem is not None:
        return ColumnFinding(store, thing, column.name, None, 0.0, column.problem, declared, Verdict.UNCLASSIFIED)
    # In a table each column is declared, and a number in a remark is not where policy has it; objects are taken whole.
    expected = compartment and (declared is None or _is_number(declared) or thing.endswith("/"))
    verdict = judge(declared, seen.category, seen.confidence, misplaced=seen.national_id and not expected)
    return ColumnFinding(store, thing, column.name, seen.category, seen.confidence, seen.evidence, declared, verdict)


def _is_number(category: str) -> bool:
    return f"{category}.".startswith("user.government_id.")


def _not_seen(store: str, thing: SampledObject, columns: Mapping[str, str]) -> Iterator[ColumnFinding]:
    """Declared columns that the table or the objects read do not have; of what was not read, nothing is said."""
    if not thing.columns:
        return
    for name, category in columns.items():
        if any(column.name == name or column.name.startswith(f"{name}.") for column in thing.columns):
            continue
        if thing.loose:
            why = "in none of the objects read; it may be in others"
            yield ColumnFinding(store, thing.name, name, None, 0.0, why, category, Verdict.AGREED)
        else:
            yield absent(store, thing.name, name, category, "declared, and not there")


def _about_the_whole(store: str, thing: SampledObject, *, declared: bool) -> Iterator[ColumnFinding]:
    """Findings that no column carries: an unknown prefix, an empty declared one, objects that could not be read."""
    if not thing.declared:
        why = f"{thing.rows} objects outside every declared prefix"
        yield ColumnFinding(store, thing.name, WHOLE, None, 1.0, why, None, Verdict.UNDECLARED)
    elif thing.is_prefix and thing.rows == 0:
        yield absent(store, thing.name, WHOLE, None, "no object under the declared prefix")
    elif thing.problem is not None and thing.is_prefix:
        yield ColumnFinding(store, thing.name, WHOLE, None, 0.0, thing.problem, None, Verdict.UNCLASSIFIED)
    elif not thing.columns and not declared:
        yield ColumnFinding(store, thing.name, WHOLE, None, 0.0, "no columns", None, Verdict.UNCLASSIFIED)


def _declared(dataset: Dataset | None) -> Mapping[str, Mapping[str, str]]:
    if dataset is None:
        return {}
    tables = {name: table.columns for name, table in dataset.tables.items()}
    return tables | {name: prefix.columns for name, prefix in dataset.prefixes.items()}
