"""Releases: what analysts get, from which rows, and how coarse."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from hoeder.policy.base import Name, Slug, Strict, Text

Words = Annotated[tuple[Annotated[str, StringConstraints(pattern=r"^\w[\w' -]*\*?$")], ...], Field(min_length=1)]
"""Words or phrases, capitals or not; `verhui*` stands for every word that begins so."""

Step = Literal["exact", "day", "week", "month", "quarter", "year", "top-10", "any"]


class Topic(Strict):
    """What free text is about if it holds one of these words."""

    topic: Slug
    words: Words


class Generalisation(Strict):
    """How one quasi-identifier becomes coarser, from fine to coarse."""

    column: Name
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0
    """How much its detail matters to the analyst, beside the other columns."""
    means: Text | None = None
    """What the column says, in words for the analyst."""
    topics: tuple[Topic, ...] = ()
    """Of free text: what leaves instead of it, the first topic of which it holds a word."""


class Sensitive(Strict):
    """What nobody may learn of a person. Never part of a group: groups are formed without it, and then judged by it."""

    column: Name
    least: Annotated[int, Field(ge=2)] = 3
    """Different values that every group must hold (distinct l-diversity)."""
    most_alike: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """Largest share of a group's persons that may have the same value."""
    means: Text | None = None
    """What the column says, in words for the analyst."""
    topics: tuple[Topic, ...] = ()
    """Of free text: what leaves instead of it, the first topic of which it holds a word."""
    lasting: bool = False
    """Whether it belongs to the person rather than to an event: then versions together must not narrow it down
    either.
    """


class Noise(Strict):
    """Differential privacy for a table of counts: what one version costs, and what all versions together may cost."""

    epsilon: Annotated[float, Field(gt=0, le=10)]
    budget: Annotated[float, Field(gt=0, le=100)]
    """Epsilon that all versions of the release may spend together."""
    most_cells: Annotated[int, Field(ge=1, le=100)]
    """In how many cells one person counts at most; the rest of their rows is left out before anything is counted."""


class Only(Strict):
    """The rows that are read: those whose column holds one of these values."""

    column: Name
    values: Annotated[tuple[Text, ...], Field(min_length=1, alias="is")]


_K = 10
_ROLES = ("identifier", "quasi", "sensitive", "insensitive", "drop")


def _by_role(data: Any) -> Any:
    """Turn `columns: {name: {role: …}}` into the fields that the roles stand for."""
    if not isinstance(data, dict) or not isinstance(data.get("columns"), dict):
        return data
    columns = data["columns"]
    rest = {key: value for key, value in data.items() if key != "columns"}
    found: dict[str, list[Any]] = {role: [] for role in _ROLES}
    for name, spec in columns.items():
        role, said = (
            (spec, {}) if isinstance(spec, str) else (spec.get("role"), {k: v for k, v in spec.items() if k != "role"})
        )
        if role not in _ROLES:
            raise ValueError(f"column {name} has role {role!r}; expected one of {', '.join(_ROLES)}")
        if said and role not in ("quasi", "sensitive"):
            raise ValueError(f"column {name}: a column with role {role} takes no {', '.join(sorted(said))}")
        found[role].append({"column": name, **said} if role in ("quasi", "sensitive") else name)
    if len(found["identifier"]) != 1:
        raise ValueError("exactly one column has role identifier: the one that tells persons apart")
    return rest | {
        "subject": found["identifier"][0],
        "quasi_identifiers": found["quasi"],
        "sensitive": found["sensitive"],
        "measures": found["insensitive"],
        "dropped": found["drop"],
    }


class Release(Strict):
    """An anonymized dataset for analysts."""

    release: Slug
    description: Text
    question: Text
    """What analysts want to know: the purpose of the release."""
    source: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*[.:][A-Za-z0-9_./-]+$")]
    only: Only | None = None
    """Where only part of the source is read."""
    publish: Literal["rows", "counts", "noisy-counts"] = "rows"
    """Rows in groups of at least k persons; counts, with small cells suppressed; or counts with noise."""
    reader: Literal["company", "client", "public"] = "company"
    """Who may read it. The gate's verdict is for this reader alone."""
    clients: dict[Slug, int | str] = Field(default_factory=dict)
    """Per client (opdrachtgever) the value in the table's client column; each gets a release of their own."""
    subject: Name
    """The column that tells persons apart; it counts towards k and never leaves."""
    quasi_identifiers: tuple[Generalisation, ...] = Field(min_length=1)
    sensitive: tuple[Sensitive, ...] = ()
    measures: tuple[Name, ...] = ()
    """Numbers that analysts may calculate with: extremes are moved inwards and all are rounded. Never personal."""
    dropped: tuple[Name, ...] = ()
    """Columns that were looked at and are left out; like any column not named here, they are never read."""
    k: Annotated[int, Field(ge=2)] = _K
    """Persons in the smallest group; for staff data at least 20."""
    max_suppressed: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Largest share of rows that may be left out to reach k; above it the gate fails."""
    max_risk: Annotated[float, Field(gt=0, le=1)] = 0.1
    """Upper 95 % bound of every attack's risk above control."""
    noise: Noise | None = None
    recoding: Literal["whole", "local"] = "whole"
    """Rows: one step per column, the same in every version; or, made once, steps for every group by itself."""
    engine: Literal["embedded", "spark"] = "embedded"
    """What groups the source's rows: this process, or Spark, for rows of Parquet files. The result is the same."""
    refresh: Literal["always", "daily", "weekly", "monthly", "once"] = "always"
    expires_after: Annotated[int, Field(ge=1, le=36)] = 12
    """Months until a version, and the verdict on it, end; retention deletes it then."""
    remembers: Annotated[int, Field(ge=1, le=36)] = 12
    """Earlier versions that a new one is held against."""
    owner: Text
    approved_on: date

    @model_validator(mode="before")
    @classmethod
    def _columns_by_role(cls, data: Any) -> Any:
        return _by_role(data)

    @model_validator(mode="after")
    def _fits_together(self) -> "Release":
        if (self.publish == "noisy-counts") != (self.noise is not None):
            raise ValueError("noise goes with publish: noisy-counts, and only with it")
        if (self.reader == "client") != bool(self.clients):
            raise ValueError("clients goes with reader: client, and only with it")
        if self.recoding == "local" and (self.publish != "rows" or self.refresh != "once"):
            raise ValueError("recoding: local is for publish: rows with refresh: once: labels must stay as they are")
        if self.engine == "spark" and (self.publish != "rows" or ":" not in self.source):
            raise ValueError("engine: spark is for publish: rows from Parquet files (source: store:prefix)")
        if self.engine == "spark" and self.topics:
            raise ValueError("topics are read by this process: engine: spark knows none")
        if wrong := [q.column for q in self.quasi_identifiers if q.topics and not {*q.steps} <= {"exact", "any"}]:
            raise ValueError(f"column {', '.join(wrong)}: topics have the steps exact and any alone")
        if self.publish != "rows" and self.sensitive:
            raise ValueError(
                "counts have no sensitive column: make it a quasi-identifier, so that its cells are judged"
            )
        if self.publish == "noisy-counts" and self.measures:
            raise ValueError("noisy counts have no measures: their sums would need bounds of their own")
        if self.publish != "rows" and any(len(q.steps) > 1 for q in self.quasi_identifiers):
            raise ValueError("counts name one step per column: the table's shape must not depend on who is in it")
        return self

    @property
    def topics(self) -> dict[str, tuple[Topic, ...]]:
        """Columns of free text, and the topics that take their place."""
        coarse = {each.column: each.topics for each in self.quasi_identifiers if each.topics}
        return coarse | {each.column: each.topics for each in self.sensitive if each.topics}

    @property
    def shelf(self) -> str:
        """Where in the bucket its reader looks: `company`, `public`, or `client-<name>`."""
        return f"client-{next(iter(self.clients))}" if self.reader == "client" else self.reader

    def for_each_client(self) -> "tuple[Release, ...]":
        """One release for every client named, or itself."""
        if self.reader != "client":
            return (self,)
        return tuple(
            self.model_copy(update={"release": f"{self.release}-{name}", "clients": {name: value}})
            for name, value in self.clients.items()
        )
