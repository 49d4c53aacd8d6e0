"""Inventory: what is really in the stores, against what policy says is in them.

A scan is divided into parts, each part is read (by a worker of its own), and one last step brings the findings up to
date. What a person decides about a finding stays with it from scan to scan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date

from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.inventory import lasting, outcome, parts, read, record, unchanged
from hoeder.inventory.findings import ColumnFinding, Verdict
from hoeder.inventory.parts import Part
from hoeder.inventory.record import Progress, Summary
from hoeder.inventory.uri import scan_uri
from hoeder.policy.models import Policy
from hoeder.stores.connection import Resolver, connect

__all__ = ["ColumnFinding", "Part", "Summary", "Verdict", "check", "divide", "run", "scan", "scan_uri", "settle"]

_LARGEST = 100_000_000
"""The ledger's counts stay below this, so that none can be a person's number."""


def run(store: str, policy: Policy, resolve: Resolver, *, run: ledger.Run, today: date) -> Summary:
    """Scan one store from beginning to end, one part after another.

    Raises StoreError where it cannot be read at all, and also where a part could not be read: what was found in the
    rest is recorded by then, and so is the outcome.
    """
    shares = divide([store], policy, resolve, run=run)
    problem: StoreError | None = None
    for share in shares:
        try:
            scan(share, policy, resolve, today=today)
        except StoreError as error:
            problem = problem or error
    try:
        summary = settle([share.scan for share in shares], policy, resolve, run=run)[store]
    except StoreError as error:
        raise problem or error from None
    return summary


def divide(stores: Iterable[str], policy: Policy, resolve: Resolver, *, run: ledger.Run) -> list[Part]:
    """Begin a scan of each store and divide it into parts.

    A store that cannot be listed is one part: reading that tells why.
    """
    divided: list[Part] = []
    with connect(resolve("governance_inventory")) as db:
        ledger.register_policy(db, policy)
        for name in stores:
            store = policy.stores[name]
            dataset = next((dataset for dataset in policy.datasets.values() if dataset.store == name), None)
            intent = ledger.record_intent(db, run, Activity.INVENTORY_SCAN, name)
            number = record.begin(db, name, run, intent)
            db.commit()  # the ledger takes the next writer, while this store is listed
            try:
                sizes = parts.sizes(store, dataset, resolve(f"{store.connection}_inventory"))
                shares: Sequence[list[str] | None] = parts.divide(sizes) or [[]]
            except StoreError:
                shares = [None]
            divided += record.add_parts(db, name, number, shares)
            db.commit()
    return divided


def scan(part: Part, policy: Policy, resolve: Resolver, *, today: date) -> dict[str, int]:
    """Read one part and keep what it came to; counts. Raises StoreError where some of it could not be read."""
    with connect(resolve("governance_inventory")) as db:
        names, now = record.names_of(db, part), record.clock(db)
        before = unchanged.remembered(db, part.store, names)
        db.commit()
        try:
            connection = resolve(f"{policy.stores[part.store].connection}_inventory")
            result, problems = read.part(part.store, policy, connection, names, before, today=today, now=now)
        except StoreError as error:
            record.part_failed(db, part, outcome.of(error))
            db.commit()
            raise
        record.part_read(db, part, result, failed=len(problems))
        db.commit()
    if problems:
        shown = "\n  ".join(problems[:10])
        raise StoreError(f"store {part.store}: {len(problems)} parts could not be read\n  {shown}")
    return {"objects": len(result.objects), "findings": sum(len(thing.observed) for thing in result.objects)}


def settle(scans: Iterable[int], policy: Policy, resolve: Resolver, *, run: ledger.Run) -> dict[str, Summary]:
    """Finish scans: verdicts, findings, the ledger's outcome; a summary by store.

    Raises StoreError, after all of them, where a store was not read or not all of it was.
    """
    done: dict[str, Summary] = {}
    problems: list[str] = []
    with connect(resolve("governance_inventory")) as db:
        for number in sorted(set(scans)):
            store, intent, ended = _begun(db, number)
            progress = record.progress(db, number)
            result = _outcome(progress)
            if ended is None:
                counts = {"parts": progress.parts, "failed": max(progress.failed, int(not progress.whole))}
                if progress.whole:
                    done[store] = record.finish(db, number, store, policy, progress)
                    counts |= _countable(done[store])
                ledger.record_outcome(db, run, intent, result, counts=counts)
                db.commit()
            if result not in (Outcome.DONE, Outcome.NOTHING):
                problems.append(f"store {store}: {result}, {max(progress.failed, 1)} parts could not be read")
    if problems:
        raise StoreError("\n".join(problems))
    return done


def check(scans: Iterable[int], resolve: Resolver) -> None:
    """Raises Refused while a table that is new has an identifying column, no retention rule, and nobody's decision."""
    with connect(resolve("governance_inventory")) as db:
        waiting = lasting.red(db, scans)
    if waiting:
        raise Refused(
            f"{len(waiting)} new tables or prefixes identify persons and have no retention rule:\n  "
            + "\n  ".join(waiting)
            + "\nGive each a rule in include/policy/retention.yaml, or decide: hoeder findings decide NUMBER …"
        )


def _begun(db: ledger.Connection, scan: int) -> tuple[str, int, str | None]:
    row = db.execute(
        """select s.store, s.intent, o.outcome from scan s
           left join ledger o on o.intent = s.intent and o.phase = 'outcome' where s.scan = %s""",
        [scan],
    ).fetchone()
    if row is None:
        raise StoreError(f"there is no scan {scan}: run the inventory again from its first task")
    return row[0], row[1], row[2]


def _outcome(progress: Progress) -> Outcome:
    if not progress.whole:
        return progress.outcomes[0] if progress.outcomes and not progress.results else Outcome.FAILED
    if progress.failed:
        return Outcome.PARTIAL
    return Outcome.DONE if any(thing.columns for thing in progress.objects) else Outcome.NOTHING


def _countable(summary: Summary) -> dict[str, int]:
    counts = asdict(summary)
    if summary.rows >= _LARGEST:
        counts["rows_millions"] = counts.pop("rows") // 1_000_000
    return counts
