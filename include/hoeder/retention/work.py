"""What one rule's part of a plan needs while it is executed, and what came of it so far."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from hoeder.evidence import ledger
from hoeder.governance import journal
from hoeder.policy import Policy, RetentionRule
from hoeder.pseudonym import ReferenceKey
from hoeder.retention.plan import Plan, PlanPart
from hoeder.stores.erase import Erased, Journal
from hoeder.stores.references import References

Db = psycopg.Connection[tuple[Any, ...]]
log = logging.getLogger(__name__)


@dataclass
class Work:
    """One part of one approved plan. `planned` holds the references of its records."""

    plan: Plan
    part: PlanPart
    policy: Policy
    governance: Db
    key: ReferenceKey
    planned: References
    act: ledger.Act
    result: Erased = field(default_factory=Erased)

    def add(self, some: Erased) -> None:
        """Count what one batch came to; the counts are in the ledger's outcome even where a later batch fails."""
        self.result += some
        self.act.counts |= {"erased": self.result.erased, "held": self.result.held}
        if some.erased:
            log.info("%s: %d of %d", self.part.rule, self.result.erased, self.part.due)

    def count(self, name: str, some: int = 1) -> None:
        """Add to a count of the outcome."""
        self.act.counts[name] = self.act.counts.get(name, 0) + some

    def step(self, unit: str, state: str, **detail: Any) -> None:
        """Write a step down and commit it."""
        self.governance.execute(
            """insert into erase_step (plan, rule, store, target, unit, state, detail)
               values (%s, %s, %s, %s, %s, %s, %s)""",
            [self.plan.plan, self.part.rule, self.part.store, self.part.target, unit, state, Jsonb(detail)],
        )
        self.governance.commit()

    def unfinished(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Units of this store and target whose last step is not their end: unit, state and first detail."""
        return self.governance.execute(
            """select unit, (array_agg(state order by step desc))[1], (array_agg(detail order by step))[1]
                 from erase_step where store = %s and target = %s
                group by unit
               having (array_agg(state order by step desc))[1] not in ('dropped', 'attached', 'purged', 'abandoned')
                order by max(step)""",
            [self.part.store, self.part.target],
        ).fetchall()

    def journal(self, rule: RetentionRule) -> Journal:
        """The journal of this part."""
        entry: int | None = None

        def intend(references: Collection[bytes]) -> None:
            nonlocal entry
            entry = journal.record(
                self.governance, self.policy, rule.store, rule.target, rule.rule, references, plan=self.plan.plan,
                then=rule.then,
            )  # fmt: skip

        def withdraw() -> None:
            nonlocal entry
            journal.withdraw(self.governance, entry)
            entry = None

        return Journal(intend, lambda: journal.confirm(self.governance, entry), withdraw)
