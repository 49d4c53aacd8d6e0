"""What a version says of itself: a Frictionless Data Package (v2), checked with the frictionless library."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hoeder.anonymization.engine.ladder import ANY, UNKNOWN
from hoeder.anonymization.engine.sources import OTHER
from hoeder.anonymization.gate import Measured
from hoeder.anonymization.source import Source
from hoeder.errors import GateFailed
from hoeder.policy.release import Release

STEPS = {
    "exact": "as in the source",
    "day": "day, as 2026-11-22, on a Dutch clock",
    "week": "ISO 8601 week, as 2026-W47, on a Dutch clock",
    "month": "month, as 2026-11, on a Dutch clock",
    "quarter": "quarter, as 2026-Q4, on a Dutch clock",
    "year": "year, as 2026, on a Dutch clock",
    "top-10": f"the ten values that most persons have; the others are `{OTHER}`",
    "any": f"left out: always `{ANY}`",
}
RECODING = {
    "whole": "one step per column, for all rows and in every version",
    "local": "every group takes steps of its own; made once",
}
METHODS = {
    "rows": "k-anonymity; k counts persons, not rows",
    "counts": "counts; cells of fewer than k persons and dominated sums suppressed, and others so that none follows",
    "noisy-counts": "counts of persons with discrete Laplace noise; contributions bounded first; "
    "differentially private",
}


@dataclass(frozen=True)
class Said:
    """A column as the reader meets it."""

    name: str
    type: str
    role: str
    description: str
    steps: tuple[str, ...] = ()
    means: str = ""
    constraints: Mapping[str, Any] = field(default_factory=dict)
    in_dutch: str = ""
    """What the description says, for the datasheet; a column of labels is told by its steps."""


@dataclass(frozen=True)
class Version:
    """Everything that is told of a version beside its data."""

    release: Release
    source: Source
    version: str
    expires_on: date
    columns: tuple[Said, ...]
    measured: Measured
    rows_in: int
    rows_out: int
    figures: Mapping[str, Any] = field(default_factory=dict)
    """What only one way of publishing has: suppressed cells, epsilon, scale."""


def label(name: str, steps: tuple[str, ...], means: str | None, role: str) -> Said:
    """A column of labels, at one step or, where recoding is local, at one of several."""
    said = "; or ".join(STEPS[step] for step in steps)
    if steps != ("any",):
        said += f"; `{UNKNOWN}` where the source is empty"
    return Said(name, "string", role, said, steps, means or "", {"required": True})


def number(name: str, description: str, in_dutch: str, **constraints: Any) -> Said:
    """A column of whole numbers."""
    return Said(name, "integer", "number", description, constraints=constraints, in_dutch=in_dutch)


def describe(version: Version, data: bytes) -> dict[str, Any]:
    """The descriptor. Raises GateFailed where it is no valid Data Package."""
    release, measured = version.release, version.measured
    left_out = version.rows_in - version.rows_out if release.publish == "rows" else None
    facts: dict[str, Any] = {"method": METHODS[release.publish], "k": release.k, "reader": release.reader}
    if release.publish == "rows":
        facts |= {
            "recoding": RECODING[release.recoding],
            "smallestGroup": measured.k_reached,
            "groups": measured.groups,
            "suppressedRows": left_out,
            "suppressedShare": round((left_out or 0) / version.rows_in, 6),
            "maxSuppressedShare": release.max_suppressed,
            "carriedRows": measured.carried,
        }
    facts |= version.figures
    facts["attacks"] = [
        {"attack": r.attack, "column": r.column, "attempts": r.attempts, "riskAboveControl": round(r.risk, 4),
         "upperBound95": round(r.high, 4)}
        for r in measured.risks
    ]  # fmt: skip
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": release.release,
        "title": release.description,
        "description": release.question,
        "version": version.version,
        "sources": [{"title": version.source.name}],
        "sourcePurpose": version.source.purpose,
        "owner": release.owner,
        "verdict": {
            "reader": release.reader if release.reader != "client" else next(iter(release.clients)),
            "level": "anonymous",
            "until": version.expires_on.isoformat(),
        },
        "anonymization": facts,
        "resources": [
            {
                "name": "data",
                "path": "data.parquet",
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": len(data),
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                "rows": version.rows_out,
                "schema": {"fields": [_field(column) for column in version.columns]},
            }
        ],
    }
    _check(release, descriptor)
    return descriptor


def _field(column: Said) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "description": column.description}
    if column.means:
        field["title"] = column.means
    if column.steps:
        field["steps"] = list(column.steps)
    return field | ({"constraints": dict(column.constraints)} if column.constraints else {})


def _check(release: Release, descriptor: Mapping[str, Any]) -> None:
    from frictionless import Package

    report = Package.validate_descriptor(dict(descriptor))
    if not report.valid:
        notes: Sequence[str] = [error.note for error in report.errors] + [
            e.note for t in report.tasks for e in t.errors
        ]
        raise GateFailed(f"release {release.release}: its description is no valid Data Package: {'; '.join(notes)}")
