"""What a scan keeps of one table or prefix, and of one part of a store; it travels to the last task as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hoeder.inventory.clients import ClientRows
from hoeder.inventory.findings import ColumnFinding
from hoeder.inventory.observed import Observed
from hoeder.inventory.rules import RuleCount


@dataclass(frozen=True)
class ObjectResult:
    """A table or prefix: counts, verdicts and findings. `rows` is None where it was not counted or is not there."""

    object: str
    rows: int | None
    bytes: int | None
    fingerprint: str | None
    basis: str
    read_at: datetime
    columns: tuple[ColumnFinding, ...]
    observed: tuple[Observed, ...]
    clients: tuple[ClientRows, ...]
    unread: bool
    """Whether some of it could not be read."""
    types: dict[str, str]
    """Column names to types, as the store calls them."""
    place: tuple[str, str]
    """Namespace and name by which OpenLineage knows the dataset."""

    @classmethod
    def load(cls, plain: Any) -> ObjectResult | None:
        """From JSON; None where an earlier version wrote something else."""
        try:
            return _OBJECT.validate_python(plain, strict=False)
        except ValidationError:
            return None


@dataclass(frozen=True)
class PartResult:
    """One part of a store as it was read today."""

    objects: tuple[ObjectResult, ...]
    rules: tuple[RuleCount, ...]

    def plain(self) -> Any:
        return _PART.dump_python(self, mode="json")

    @classmethod
    def load(cls, plain: Any) -> PartResult:
        return _PART.validate_python(plain, strict=False)


_OBJECT = TypeAdapter(ObjectResult)
_PART = TypeAdapter(PartResult)
