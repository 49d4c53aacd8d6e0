"""An indicator: a function of the governance database, the policy and a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.indicators import Unit
from hoeder.report.grounds import Row


@dataclass(frozen=True)
class Span:
    """From `start`, as it stood at `at`."""

    start: datetime
    at: datetime


@dataclass(frozen=True)
class Measured:
    """`part` is None where nobody can say. `entries` and `rows` (by table) are what it was counted from."""

    part: int | None
    whole: int | None = None
    aim: int | None = None
    """Where it is not the same for every company."""
    entries: tuple[int, ...] = ()
    rows: dict[str, list[Row]] = field(default_factory=dict)
    by_policy: bool = False


@dataclass(frozen=True)
class Kpi:
    """`at_most` and `at_least` are what is aimed at; for a share `at_least` is the whole. Without one it is shown only.

    Name and formula in words are the texts `kpi.<key>` and `kpi.<key>.formula`.
    """

    key: str
    unit: Unit
    measure: Callable[[Connection, Policy, Span], Measured]
    at_most: int | None = None
    all_of_it: bool = False
    at_least: int | None = None
