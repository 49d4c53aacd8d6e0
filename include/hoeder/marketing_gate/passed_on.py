"""What our own list says of passing on is taken over person by person, so that answers and notices know it."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.governance import shared
from hoeder.marketing_gate import addresses, facts, opt_outs
from hoeder.marketing_gate.gate import CAPABILITY, declared, register
from hoeder.marketing_gate.hashed import Db, references
from hoeder.marketing_gate.opt_outs import TakenOver
from hoeder.policy import Policy
from hoeder.policy.marketing_gate import MarketingGate
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect


def take_over(
    policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, run: Run, *, today: date
) -> TakenOver:  # fmt: skip
    """Take over who said no, and to whom whose data were passed on. Safe to run again. Raises StoreError."""
    gate = declared(policy)
    register(governance, policy, gate)
    governance.commit()
    home = policy.stores[gate.persons.store]
    with connect(resolve(f"{home.connection}_{CAPABILITY}"), autocommit=True) as db:
        done = opt_outs.take_over(db, governance, gate, key, run, today=today)
        with ledger.act(governance, run, Activity.MARKETING_SHARE, gate.passed_on.store) as doing:
            new = _passed_on(db, governance, gate, key)
            doing.counts = {"passed_on": new}
            doing.outcome = Outcome.DONE if new else Outcome.NOTHING
    return done


def _passed_on(db: Db, governance: Db, gate: MarketingGate, key: ReferenceKey) -> int:
    """Every row with a day and a company that policy knows; of others the check says how many there are."""
    said = gate.passed_on
    found = facts.table(db, said, {"person": said.person, "company": said.company, "day": said.day})
    persons = addresses.read(gate.persons.kind, [found["person"]]).strict
    companies = {company.called: name for name, company in gate.companies.items()}
    rows = zip(
        references(key, gate.persons.kind, persons), persons.to_pylist(),
        found["company"].cast(pa.string()).to_pylist(), facts.days(found["day"]).to_pylist(), strict=True,
    )  # fmt: skip
    passed = [
        (reference.tobytes(), companies[company], day)
        for reference, person, company, day in rows
        if person is not None and company in companies and day is not None
    ]
    return shared.note(governance, gate.persons.kind, passed)
