"""What the gate remembers is kept as long as ledger entries are, and no longer."""

from __future__ import annotations

from datetime import date

from hoeder.marketing_gate.hashed import Db
from hoeder.policy import Policy


def age_out(governance: Db, policy: Policy, today: date) -> int:
    """Let go of judged lists, looks at deliveries and data passed on of before the ledger's term; how many."""
    row = governance.execute("select marketing_age_out(%s)", [policy.organisation.ledger_begins(today)]).fetchone()
    governance.commit()
    return int(row[0]) if row else 0
