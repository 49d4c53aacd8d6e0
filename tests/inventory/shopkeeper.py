"""A shop under inventory, for tests of what lasts from scan to scan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg
from pydantic import TypeAdapter

from hoeder import inventory
from hoeder.clock import AMSTERDAM
from hoeder.evidence import ledger
from hoeder.inventory import decisions
from hoeder.inventory.decisions import Decision, Finding
from hoeder.policy.models import Policy
from hoeder.stores.connection import Connection

TODAY = datetime.now(AMSTERDAM).date()

SCHEMA = """
    create table customer (id int primary key, client int, full_name text, email text);
    create table note (id int primary key, client int, customer int, body text, noted_on date);
    insert into customer select n, 1 + n % 2, 'Anna Jansen', n || '@a.example' from generate_series(1, 30) n;
    insert into note select n, 1 + n % 2, n, 'waar blijft mijn bestelling toch nummer ' || n, '2026-10-01'
        from generate_series(1, 30) n;
"""


def policy(**changes: Any) -> Policy:
    """One store with two tables of two clients; `changes` replace parts of what is declared of table note."""
    about = {"description": "d", "purpose": "p", "client_column": "client"}
    note = {
        **about, "subject": {"kind": "customer", "column": "customer"},
        "columns": {"id": "system", "client": "system", "customer": "user.unique_id", "body": "user.content.private",
                    "noted_on": "system"},
    }  # fmt: skip
    return TypeAdapter(Policy).validate_python({
        "organisation": {
            "name": "Shop", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
            "locked_years": 1, "ledger_kept_years": 1, "postal_address": ["a"], "supervisors": [],
            "officers": {"dpo": {"title": "DPO", "tasks": "t", "user": "dpo", "approves": ["retention"]}},
        },
        "stores": {"shop": {"kind": "postgresql", "connection": "shop", "role": "processor", "owner": "shopkeeper",
                            "description": "d"}},
        "datasets": {"shop": {"store": "shop", "tables": {
            "customer": {**about, "subject": {"kind": "customer", "column": "id"}, "recipients": ["the client"],
                         "columns": {"id": "user.unique_id", "client": "system", "full_name": "user.name",
                                     "email": "user.contact.email"}},
            "note": note | changes,
        }}},
        "retention": [{
            "rule": "notes", "category": "note", "purpose": "a test", "role": "processor",
            "keep": "6 months after noted_on", "type": "OWN",
            "because": "a test", "applies_to": "shop.note", "then": "erase", "valid_from": "2020-01-01",
            "source": {"basis": "test", "certainty": "L", "owner": "test", "approved_on": "2020-01-01",
                       "changed_by": "clerk"},
        }],
        "releases": [], "digest": "c" * 64,
    })  # fmt: skip


@dataclass
class Shop:
    """A store, the governance database, and the policy that is in force; `today` is the day on which is decided."""

    policy: Policy
    connections: dict[str, Connection]
    store: psycopg.Connection[tuple[Any, ...]]
    governance: psycopg.Connection[tuple[Any, ...]]
    runs: int = 0

    def run(self) -> ledger.Run:
        self.runs += 1
        return ledger.Run(self.policy.digest, "inventory", f"run-{self.runs}", "scan")

    def scan(self) -> inventory.Summary:
        self.store.execute("select pg_stat_force_next_flush()")
        return inventory.run("shop", self.policy, self.connections.__getitem__, run=self.run(), today=TODAY)

    def findings(self) -> dict[str, Finding]:
        """Those that are there now, as `table.column kind`."""
        found = decisions.findings(self.governance)
        return {f"{f.object}.{f.column} {f.kind}": f for f in found if f.present}

    def open(self) -> set[str]:
        return {name for name, finding in self.findings().items() if finding.is_open}

    def decide(
        self, name: str, decision: Decision, reason: str, *, until: date | None = None, by: str = "dpo"
    ) -> Finding:
        number = self.findings()[name].finding
        return self.decide_numbers([number], decision, reason, until=until, by=by)[0]

    def decide_numbers(
        self, numbers: Iterable[int], decision: Decision, reason: str, *, until: date | None = None, by: str = "dpo"
    ) -> list[Finding]:
        with psycopg.connect(self.governance.info.dsn, password=self.governance.info.password) as db:
            return decisions.decide(db, self.policy, list(numbers), decision, reason, by=by, until=until, today=TODAY)

    def red(self) -> None:
        """Raises what the run's last task would."""
        row = self.governance.execute("select max(scan) from scan").fetchone()
        inventory.check([row[0] if row else 0], self.connections.__getitem__)
