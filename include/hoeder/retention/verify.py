"""Verify: a plan is finished when every part has an outcome, and well when every outcome is a good one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from hoeder.evidence.ledger import Outcome
from hoeder.retention.plan import read_plan

Db = psycopg.Connection[tuple[Any, ...]]

GOOD = frozenset({Outcome.DONE, Outcome.NOTHING, Outcome.REJECTED})


@dataclass(frozen=True)
class Conclusion:
    """How a plan ended: the last outcome of each rule that had anything to do, None where there is none, and what all
    its attempts erased.
    """

    outcomes: dict[str, Outcome | None]
    erased: dict[str, int]

    @property
    def bad(self) -> dict[str, str]:
        """Rules whose records may still be there, with what the ledger says of them."""
        return {rule: str(outcome or "no outcome") for rule, outcome in self.outcomes.items() if outcome not in GOOD}


def conclude(governance: Db, plan_id: UUID) -> Conclusion:
    """Read from the ledger how each part of a plan ended."""
    plan, *_ = read_plan(governance, plan_id)
    rows = governance.execute(
        """select object, (array_agg(outcome order by entry desc))[1], sum((counts ->> 'erased')::bigint) from ledger
           where case_id = %s and act = 'erase' and phase = 'outcome' group by object""",
        [plan_id],
    ).fetchall()
    last = {rule: (Outcome(outcome), int(erased or 0)) for rule, outcome, erased in rows}
    return Conclusion(
        {
            part.rule: last[part.rule][0] if part.rule in last else None
            for part in plan.parts
            if part.due or part.problem or part.rule in last
        },
        {rule: erased for rule, (_, erased) in last.items()},
    )
