"""Look through Hoeder's own findings: each that policy calls an incident opens a suspected one, once.

What is registered is the kind, names of places and counts. A finding that somebody accepted or called a false alarm
opens nothing; one that came back after it was gone is a new one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hoeder.clock import AMSTERDAM, add_months
from hoeder.errors import EvidenceError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Run
from hoeder.evidence.merkle import Compact, leaf_hash
from hoeder.evidence.seal import lines
from hoeder.incidents import case
from hoeder.incidents.case import Db, settings
from hoeder.incidents.decisions import Asks
from hoeder.incidents.facts import Facts
from hoeder.incidents.steps import is_due
from hoeder.policy import Policy
from hoeder.policy.base import place_of
from hoeder.policy.incidents import FindingSource, FromFinding

BY = "watch"


@dataclass(frozen=True)
class Seen:
    """A finding as another capability left it: where, when, how many, and whose data."""

    source: FindingSource
    finding: str
    item: str
    """What makes it this finding and no other."""
    at: datetime
    places: tuple[str, ...]
    client: str | None = None
    records: int | None = None

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.source}\0{self.finding}\0{self.item}".encode()).hexdigest()


def watch(db: Db, policy: Policy, *, run: Run) -> Mapping[str, int]:
    """Open what is new, and count how all incidents stand. Commits. Incidents whose years are over go."""
    with ledger.act(db, run, Activity.INCIDENTS_WATCH, "findings") as act:
        act.counts = open_new(db, policy, run=run) | matters(db, policy)
        db.execute("select incidents_age_out(%s)", [_kept_from(db, policy)])
    return act.counts


def open_new(db: Db, policy: Policy, *, run: Run) -> dict[str, int]:
    """A suspected incident for each finding that has none. Works inside the caller's transaction."""
    known = {row[0] for row in db.execute("select source_key from incident where source_key is not null").fetchall()}
    rules = {(each.source, each.finding): each for each in settings(policy).from_findings}
    found = [each for each in seen(db) if (each.source, each.finding) in rules]
    opened = 0
    for each in {each.key: each for each in found if each.key not in known}.values():
        facts = _facts(each, rules[each.source, each.finding], policy)
        opened += case.register(
            db, policy, run, facts=facts, discovered_at=each.at, by=BY, source=each.source, source_key=each.key
        ) is not None  # fmt: skip
    return {"findings": len(found), "opened": opened}


def _facts(each: Seen, rule: FromFinding, policy: Policy) -> Facts:
    client = each.client if each.client in settings(policy).clients else None
    return Facts(
        kind=rule.kind, aspects=rule.aspects, categories=rule.categories, severity=rule.severity, method="judgement",
        own=client is None, clients=(client,) if client else (), goes_on=True, records=each.records or None,
        places=tuple(_place(place) for place in each.places),
    )  # fmt: skip


def _place(name: str) -> str:
    """A place as the register takes it: whatever else somebody called a table is left out."""
    return re.sub(r"[^A-Za-z0-9_.:()/=-]", "_", name)[:120]


def seen(db: Db) -> Iterator[Seen]:
    """Every finding that stands, whatever policy makes of it."""
    yield from _inventory(db)
    yield from _access(db)
    yield from _separation(db)
    yield from _erasures(db)
    yield from _ledger(db)


def _inventory(db: Db) -> Iterator[Seen]:
    rows = db.execute(
        """select kind, finding, since, store, object from finding_now
            where present and (asked_because is not null or decision = 'fix')"""
    ).fetchall()
    for kind, number, since, store, target in rows:
        yield Seen("inventory", kind, f"{number} {since.isoformat()}", since, (place_of(store, target),))


def _access(db: Db) -> Iterator[Seen]:
    """One for each right of an account: which account and person it is, the review knows."""
    rows = db.execute(
        """select f.kind, f.item, r.made_at, f.system, f.place, f.client
             from access_finding_now f join access_review r using (review) where not f.settled"""
    ).fetchall()
    for kind, item, at, system, place, client in rows:
        yield Seen("access_review", kind, item, at, (f"{system}:{place}",), client)


def _separation(db: Db) -> Iterator[Seen]:
    rows = db.execute(
        """select f.kind, f.store, f.place, f.client, f.number, c.made_at
             from separation_finding f join separation_check c using ("check")
            where f."check" = (select max("check") from separation_check)"""
    ).fetchall()
    for kind, store, place, client, number, at in rows:
        yield Seen(
            "client_segregation", kind, f"{store} {place} {client}", at, (f"{store}.{place}",), client or None, number
        )


def _erasures(db: Db) -> Iterator[Seen]:
    """What should have been gone and was found again, unless a later look at the same case found nothing."""
    rows = db.execute(
        """select distinct on (capability, case_id) capability, case_id, recorded_at, outcome,
                  coalesce((counts ->> 'remaining')::bigint, 0), object
             from ledger where phase = 'outcome' and activity = any(%s) and case_id is not null
            order by capability, case_id, entry desc""",
        [[Activity.RETENTION_VERIFY, Activity.RIGHTS_VERIFY]],
    ).fetchall()
    for capability, number, at, outcome, remaining, target in rows:
        if outcome == "partial":
            yield Seen("erasure", "not-verified", f"{capability} {number}", at, (target,), records=remaining)


def _ledger(db: Db) -> Iterator[Seen]:
    """The first signature below which the entries are not what was signed: altered, removed or put in between."""
    rows = db.execute("select size, root, clock_timestamp() from ledger_checkpoint order by size").fetchall()
    aged = db.execute("select coalesce(max(entry), 0) from ledger_horizon").fetchone()
    horizon = aged[0] if aged else 0
    tree, before = Compact(), 0
    for size, signed, now in rows:
        if horizon:  # what aged out cannot be hashed any more: `hoeder ledger verify` does it from the bucket's tiles
            whole = size <= horizon or _count(db, horizon, size) == size - horizon
        else:
            whole = _grown(db, tree, before, size) == bytes(signed)
        if not whole:
            yield Seen("ledger", "altered", f"checkpoint {size}", now, ("hoeder.ledger",))
            return
        before = size


def _grown(db: Db, tree: Compact, after: int, until: int) -> bytes | None:
    try:
        tree.extend([leaf_hash(line) for line in lines(db, after=after, until=until)])
    except EvidenceError:
        return None
    return tree.root() if tree.size == until else None


def _count(db: Db, after: int, until: int) -> int:
    row = db.execute("select count(*) from ledger where entry > %s and entry <= %s", [after, until]).fetchone()
    return int(row[0]) if row else 0


def matters(db: Db, policy: Policy) -> dict[str, int]:
    """How all incidents stand against their clocks, in counts."""
    row = db.execute("select clock_timestamp()").fetchone()
    found, now = case.all_of_them(db), row[0] if row else datetime.now(AMSTERDAM)
    running = [clock for each in found if each.is_open for clock in each.clocks(policy) if clock.running]
    return {
        "incidents": len(found),
        "open": sum(each.is_open for each in found),
        "overdue": sum(clock.late(now) for clock in running),
        "soon": sum(0 <= clock.hours_left(now) < 24 for clock in running),
    }


def _kept_from(db: Db, policy: Policy) -> date:
    row: Any = db.execute("select (clock_timestamp() at time zone 'Europe/Amsterdam')::date").fetchone()
    return add_months(row[0], -12 * settings(policy).kept_years)


def starting(db: Db, active: set[str]) -> list[tuple[UUID, int]]:
    """Open incidents on which an officer has something to decide and no run goes on, with their number of steps."""
    return [
        (each.incident_id, len(each.steps))
        for each in case.all_of_them(db)
        if each.is_open and str(each.incident_id) not in active and any(is_due(each, asks) for asks in Asks)
    ]
