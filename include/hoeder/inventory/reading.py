"""What is known of a store while a part of it is read, and the judgement on all of that at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hoeder.errors import StoreError
from hoeder.inventory import basis, rules, signals, unchanged
from hoeder.inventory.clients import ClientRows
from hoeder.inventory.findings import ColumnFinding, compare, only
from hoeder.inventory.observed import Observed, of_signals, of_verdicts, without_rule
from hoeder.inventory.result import ObjectResult, PartResult
from hoeder.inventory.rules import RuleCount
from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.retention import RetentionRule
from hoeder.stores import samples
from hoeder.stores.samples import SampledObject


@dataclass(frozen=True)
class Met:
    """A table or prefix as it was read, before anything is judged; `thing` is None where it is declared and absent."""

    name: str
    thing: SampledObject | None
    missing: Sequence[tuple[RetentionRule, str]]
    """Rules whose table or anchor is not there, and how that is said."""
    fingerprint: str | None
    place: tuple[str, str]
    more: Sequence[Observed] = ()
    counts: tuple[ClientRows, ...] = ()


@dataclass
class Reading:
    """What is known while a part is read. `problems` tells what could not be."""

    name: str
    store: Store
    dataset: Dataset | None
    in_force: tuple[RetentionRule, ...]
    before: Mapping[str, ObjectResult]
    now: datetime
    kept: list[ObjectResult] = field(default_factory=list)
    met: list[Met] = field(default_factory=list)
    counted: list[RuleCount] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def keep(self, name: str, fingerprint: str | None) -> bool:
        """Whether the earlier result stands; then it is kept and the object need not be read."""
        result = unchanged.still(self.before.get(name), fingerprint, self.basis(name), self.now)
        if result is not None:
            self.kept.append(result)
        return result is not None

    @property
    def pace(self) -> samples.Reading:
        """How fast, and how much of it, the store is read."""
        return samples.Reading(bytes_per_second=self.store.read_mb_per_second * 1_000_000)

    def basis(self, name: str) -> str:
        return basis.digest(self.store, self.dataset, name, self.in_force)

    def rules(self, name: str) -> list[RetentionRule]:
        return [rule for rule in self.in_force if rule.target == name]

    def judged(self) -> PartResult:
        """Verdicts and findings on everything that was read, side by side: one table can tell what another holds."""
        things = [met.thing for met in self.met if met.thing]
        columns: dict[str, list[ColumnFinding]] = {}
        for column in compare(self.name, things, only(self.dataset, {met.name for met in self.met})):
            columns.setdefault(column.object, []).append(column)
        results = [self._result(met, columns.get(met.name, [])) for met in self.met]
        return PartResult((*self.kept, *results), tuple(self.counted))

    def _result(self, met: Met, columns: list[ColumnFinding]) -> ObjectResult:
        thing, declared = met.thing, basis.place(self.dataset, met.name)
        columns = unchanged.with_earlier_company(columns, self.before.get(met.name), self.basis(met.name))
        for rule, why in met.missing:
            columns = rules.with_missing_anchor(columns, rule, why)
        unread = {column.name for column in thing.columns if column.problem} if thing else set()
        observed = [*of_verdicts(column for column in columns if column.column not in unread), *met.more]
        for column in thing.columns if thing else ():
            observed += of_signals(met.name, column.name, signals.look(column.values), declared)
        if not self.rules(met.name):
            observed += without_rule(met.name, columns)
        if thing and thing.problem:
            self.problems.append(f"{thing.name}: {thing.problem}")
        return ObjectResult(
            object=met.name,
            rows=thing.rows if thing else None,
            bytes=thing.bytes if thing else None,
            fingerprint=met.fingerprint,
            basis=self.basis(met.name),
            read_at=self.now,
            columns=tuple(columns),
            observed=tuple({(o.column, o.kind): o for o in observed}.values()),
            clients=met.counts,
            unread=bool(unread or (thing and thing.problem)),
            types={column.name: column.type for column in thing.columns} if thing else {},
            place=met.place,
        )

    def count(self, name: str, count: Callable[[RetentionRule], RuleCount]) -> list[tuple[RetentionRule, str]]:
        """Count the rules about a table or prefix; those whose table or anchor is not there come back."""
        missing = []
        for rule in self.rules(name):
            try:
                self.counted.append(count(rule))
            except rules.AnchorMissing as error:
                missing.append((rule, str(error)))
            except StoreError as error:
                self.problems.append(f"rule {rule.rule}: {error}")
        return missing
