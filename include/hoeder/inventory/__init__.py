"""Inventory: what is really in the stores, against what policy says is in them."""

from dataclasses import asdict
from datetime import date

from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.inventory import outcome, record
from hoeder.inventory.findings import ColumnFinding, Verdict
from hoeder.inventory.record import Summary
from hoeder.inventory.scan import Scan, scan_store
from hoeder.inventory.uri import scan_uri
from hoeder.policy.models import Policy
from hoeder.stores.connection import Resolver, connect

__all__ = ["ColumnFinding", "Summary", "Verdict", "run", "scan_uri"]


def run(store: str, policy: Policy, resolve: Resolver, *, run: ledger.Run, today: date) -> Summary:
    """Scan one store and record what was found.

    Raises StoreError where it cannot be read at all, and also where a part could not be read: what was found in the
    rest is recorded by then, and so is the outcome.
    """
    with connect(resolve("governance_inventory")) as db:
        ledger.register_policy(db, policy)
        with ledger.act(db, run, ledger.Activity.INVENTORY_SCAN, store) as act:
            try:
                connection = resolve(f"{policy.stores[store].connection}_inventory")
                number = record.begin(db, store, run)
                db.commit()
                scan = scan_store(store, policy, connection, today)
            except StoreError as error:
                act.outcome = outcome.of(error)
                raise
            summary = record.summarise(scan)
            record.finish(db, number, scan)
            act.counts = asdict(summary)
            act.outcome = _outcome(scan)
        db.commit()
    if scan.problems:
        shown = "\n  ".join(scan.problems[:10])
        raise StoreError(f"store {store}: {len(scan.problems)} parts could not be read\n  {shown}")
    return summary


def _outcome(scan: Scan) -> ledger.Outcome:
    if scan.problems:
        return ledger.Outcome.PARTIAL
    return ledger.Outcome.DONE if scan.findings else ledger.Outcome.NOTHING
