"""What was planted for the inventory is found by it, kind by kind, with the accounts that the company gives it."""

from datetime import datetime

import psycopg
import pytest
from servers import Database, connection_to
from small_company import Company

from hoeder import inventory
from hoeder.clock import AMSTERDAM
from hoeder.evidence import ledger
from hoeder.inventory import decisions
from hoeder.policy import load


@pytest.mark.parametrize("store", ["crm", "hr", "documents"])
def test_every_planted_finding_is_found_and_nothing_delicate_beside_it(
    company: Company, governance: Database, store: str
) -> None:
    policy = load()
    connections = company.built.connections | {"governance_inventory": connection_to(governance)}
    run = ledger.Run(policy.digest, "inventory", "run-1", "scan")
    inventory.run(store, policy, connections.__getitem__, run=run, today=datetime.now(AMSTERDAM).date())
    with psycopg.connect(governance.conninfo) as db:
        found = {(f.kind, f.store, f.object, f.column) for f in decisions.findings(db)}
    planted = {tuple(finding) for finding in company.truth["findings"] if finding[1] == store}
    assert planted
    assert planted <= found
    rare = {"payment-card", "identity-document", "client-mixed", "national-id"}
    assert {finding for finding in found if finding[0] in rare} <= planted
