"""What a judgement may look at: the ledger up to one entry, and every other table as it stood then.

Nothing here looks at anything later, so that the same question gets the same answer for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from hoeder.clock import AMSTERDAM
from hoeder.errors import EvidenceError
from hoeder.evidence.ledger import Connection
from hoeder.policy import Policy
from hoeder.policy.base import place_of

WHOLE = "*"
"""In place of a column's name: what is said is about the table or prefix itself."""


@dataclass(frozen=True)
class Column:
    """A column as a scan saw it."""

    name: str
    category: str | None
    declared: str | None
    verdict: str

    @property
    def is_there(self) -> bool:
        return self.name != WHOLE and self.verdict != "not-found"


@dataclass(frozen=True)
class Thing:
    """A table or prefix as a scan saw it. `rows` is None where it was not there, or could not be counted."""

    name: str
    rows: int | None
    unread: bool
    columns: tuple[Column, ...]

    @property
    def is_there(self) -> bool:
        return not any(column.name == WHOLE and column.verdict == "not-found" for column in self.columns)


@dataclass(frozen=True)
class Observed:
    """A finding that a scan met, and what had been decided about it by then."""

    store: str
    object: str
    column: str
    kind: str
    number: int | None
    accepted: bool
    """Whether a decision stands that it may stay, or that it is none."""

    @property
    def place(self) -> str:
        """`store.table` or `store:prefix/`, as policy names it."""
        return place_of(self.store, self.object)


@dataclass(frozen=True)
class Scan:
    """The last scan of a store that was finished, and how the last attempt ended."""

    store: str
    scan: int
    entry: int
    finished_at: datetime
    outcome: str
    last_outcome: str
    things: Mapping[str, Thing]
    observed: tuple[Observed, ...]


@dataclass(frozen=True)
class Attempt:
    """One intent and, where there is one, its outcome."""

    entry: int
    begun_at: datetime
    object: str
    outcome_entry: int | None
    outcome: str | None
    ended_at: datetime | None
    counts: Mapping[str, int]
    digest: str | None
    case: str | None


class Sight:
    """The evidence as it stood. Raises EvidenceError where the ledger does not reach that far, or is asked ahead."""

    def __init__(self, db: Connection, policy: Policy, *, at: datetime, up_to: int) -> None:
        if at.tzinfo is None:
            raise EvidenceError("a moment without a time zone cannot be judged: give it one")
        last = db.execute("select coalesce(max(entry), 0) from ledger").fetchone()
        if up_to < 0 or last is None or up_to > last[0]:
            raise EvidenceError(
                f"the ledger ends at entry {last[0] if last else 0}; promises cannot be judged up to {up_to}"
            )
        row = db.execute(
            "select recorded_at from ledger where entry <= %s order by entry desc limit 1", [up_to]
        ).fetchone()
        self.db, self.policy, self.at, self.up_to = db, policy, at, up_to
        self._attempts: dict[str, list[Attempt]] = {}
        self.moment: datetime = min(at, row[0]) if row else datetime.min.replace(tzinfo=UTC)
        """When the last entry that counts was written: a state that is younger does not count."""

    @property
    def day(self) -> date:
        """The day that is asked about, in Amsterdam."""
        return self.at.astimezone(AMSTERDAM).date()

    def since(self, days: int) -> datetime:
        """The beginning of a period that ends at the moment that is asked about."""
        return self.at - timedelta(days=days)

    @cached_property
    def scans(self) -> Mapping[str, Scan]:
        """By store of policy the last scan that was finished, where there is one."""
        rows = self.db.execute(_LAST_SCANS, self._bounds()).fetchall()
        return {
            store: Scan(store, scan, entry, finished_at, outcome, last, *self._seen(store, scan))
            for store, scan, entry, finished_at, outcome, last in rows
            if store in self.policy.stores
        }

    def _seen(self, store: str, scan: int) -> tuple[dict[str, Thing], tuple[Observed, ...]]:
        objects = [
            thing
            for (result,) in self.db.execute(
                "select result -> 'objects' from scan_part where scan = %s and result is not null order by part", [scan]
            ).fetchall()
            for thing in result or ()
        ]
        things = {
            thing["object"]: Thing(
                thing["object"],
                thing["rows"],
                bool(thing["unread"]),
                tuple(Column(c["column"], c["category"], c["declared"], c["verdict"]) for c in thing["columns"]),
            )
            for thing in objects
        }
        decided = self._decisions(store)
        observed = tuple(
            _observed(store, thing, seen, decided.get((thing["object"], seen["column"], seen["kind"])), self.day)
            for thing in objects
            for seen in thing["observed"]
        )
        return things, observed

    def _decisions(self, store: str) -> dict[tuple[str, str, str], Any]:
        rows = self.db.execute(_DECISIONS, {"store": store, **self._bounds()}).fetchall()
        return {(row[0], row[1], row[2]): row[3:] for row in rows}

    def attempts(self, activity: str, *, since: datetime | None = None) -> list[Attempt]:
        """Every intent of an activity that counts, oldest first, with its outcome where that counts too."""
        if activity not in self._attempts:
            rows = self.db.execute(_ATTEMPTS, {"activity": activity, **self._bounds()}).fetchall()
            self._attempts[activity] = [Attempt(*row) for row in rows]
        return [a for a in self._attempts[activity] if since is None or a.begun_at >= since]

    def knows(self, activity: str) -> bool:
        """Whether any part of Hoeder can record this activity at all."""
        return self.db.execute("select from activity where activity = %s", [activity]).fetchone() is not None

    def _bounds(self) -> dict[str, object]:
        return {"moment": self.moment, "up_to": self.up_to}


def _observed(store: str, thing: Any, seen: Any, decided: Any, day: date) -> Observed:
    number, decision, until, found, basis, came_back = decided or (None, None, None, None, None, False)
    stands = (
        decision in ("accept", "false-alarm")
        and (until is None or until >= day)
        and found == seen["found"]
        and basis == thing["basis"]
        and not came_back
    )
    return Observed(store, thing["object"], seen["column"], seen["kind"], number, stands)


_LAST_SCANS = """
    with ended as (
        select s.store, s.scan, o.entry, s.finished_at, o.outcome, o.recorded_at
        from scan s join ledger o on o.intent = s.intent and o.phase = 'outcome'
        where o.entry <= %(up_to)s and o.recorded_at <= %(moment)s
    ), whole as (
        select distinct on (store) * from ended where finished_at is not null and finished_at <= %(moment)s
        order by store, finished_at desc, scan desc
    )
    select w.store, w.scan, w.entry, w.finished_at, w.outcome,
           (select e.outcome from ended e where e.store = w.store order by e.entry desc limit 1)
    from whole w
"""

# The last decision about each finding of a store, and whether the finding was gone for a scan since then. What the
# finding itself says of that may be younger than the moment; only then are the scans gone through.
_DECISIONS = """
    select f.object, f."column", f.kind, f.finding, d.decision, d.until, d.found, d.basis,
        case when f.since <= %(moment)s then d.decided_at < f.since else
            exists (select from scan s where s.store = f.store and s.finished_at > d.decided_at
                      and s.finished_at <= %(moment)s and not exists (
                          select from scan_part p, jsonb_array_elements(p.result -> 'objects') o
                          left join jsonb_array_elements(o -> 'observed') v
                              on v ->> 'column' = f."column" and v ->> 'kind' = f.kind
                          where p.scan = s.scan and o ->> 'object' = f.object
                            and (v is not null or (o ->> 'unread')::bool))) end
    from finding f left join lateral (
        select * from finding_decision d where d.finding = f.finding and d.decided_at <= %(moment)s
        order by d.decision_id desc limit 1) d on true
    where f.store = %(store)s and f.first_seen <= %(moment)s
"""

_ATTEMPTS = """
    select i.entry, i.recorded_at, i.object, o.entry, o.outcome, o.recorded_at, coalesce(o.counts, '{}'), o.digest,
           i.case_id::text
    from ledger i left join ledger o
        on o.intent = i.entry and o.phase = 'outcome' and o.entry <= %(up_to)s and o.recorded_at <= %(moment)s
    where i.phase = 'intent' and i.activity = %(activity)s and i.entry <= %(up_to)s and i.recorded_at <= %(moment)s
    order by i.entry
"""
