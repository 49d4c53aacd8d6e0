"""The register of incidents (GDPR 33(5)): an incident is its steps, which are only added, each in the ledger too.

Nothing personal is here: facts are closed words, counts and moments. Each step is taken by one process at a time, after
the state it finds was held against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

import psycopg

from hoeder.errors import PolicyError, Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.incidents.clocks import Clock, clocks
from hoeder.incidents.facts import Facts, known_clients
from hoeder.incidents.state import Phase, State, Step, What, after, outstanding, why_not
from hoeder.policy import Policy
from hoeder.policy.incidents import FindingSource, IncidentFile

Db = psycopg.Connection[tuple[Any, ...]]
Source = Literal["person"] | FindingSource
OBJECT = "incident"
_SKEW = timedelta(minutes=5)

ACTIVITY: Mapping[What, Activity] = {
    What.REGISTERED: Activity.INCIDENTS_REGISTER,
    What.DESCRIBED: Activity.INCIDENTS_DESCRIBE, What.CHECKED: Activity.INCIDENTS_DESCRIBE,
    What.MEASURES: Activity.INCIDENTS_DESCRIBE,
    What.CONFIRMED: Activity.INCIDENTS_TRIAGE, What.NEAR_MISS: Activity.INCIDENTS_TRIAGE,
    What.NONE: Activity.INCIDENTS_TRIAGE, What.REOPENED: Activity.INCIDENTS_TRIAGE,
    What.TO_NOTIFY: Activity.INCIDENTS_DECIDE, What.NOT_TO_NOTIFY: Activity.INCIDENTS_DECIDE,
    What.TO_TELL: Activity.INCIDENTS_DECIDE, What.NOT_TO_TELL: Activity.INCIDENTS_DECIDE,
    What.ORDERED: Activity.INCIDENTS_DECIDE,
    What.NOTIFIED: Activity.INCIDENTS_NOTIFY, What.FOLLOWED_UP: Activity.INCIDENTS_NOTIFY,
    What.TAKEN_BACK: Activity.INCIDENTS_NOTIFY,
    What.WARNED: Activity.INCIDENTS_CYBER, What.NIS2_NOTIFIED: Activity.INCIDENTS_CYBER,
    What.NIS2_REPORTED: Activity.INCIDENTS_CYBER,
    What.CLIENT_TOLD: Activity.INCIDENTS_CLIENT, What.TOLD: Activity.INCIDENTS_TELL,
    What.CLOSED: Activity.INCIDENTS_CLOSE,
}  # fmt: skip
_MOMENTS = frozenset({
    What.NOTIFIED, What.FOLLOWED_UP, What.TAKEN_BACK, What.CLIENT_TOLD, What.TOLD, What.WARNED, What.NIS2_NOTIFIED,
    What.NIS2_REPORTED,
})  # fmt: skip
"""Steps that happened at a moment of their own, which is in their detail as `at`."""


@dataclass(frozen=True)
class Incident:
    """An incident and its steps, oldest first."""

    incident_id: UUID
    number: int
    source: str
    discovered_at: datetime
    registered_at: datetime
    steps: tuple[Step, ...]

    @cached_property
    def state(self) -> State:
        return after(self.steps)

    @property
    def phase(self) -> Phase:
        return self.state.phase or Phase.SUSPECTED

    @property
    def facts(self) -> Facts:
        """What is known. Raises Refused for one that was never described."""
        if self.state.facts is None:
            raise Refused(f"incident {self.number} has no facts; describe it first")
        return self.state.facts

    @property
    def is_open(self) -> bool:
        return self.phase not in (Phase.CLOSED, Phase.NONE)

    @property
    def outstanding(self) -> tuple[str, ...]:
        return outstanding(self.state)

    def clocks(self, policy: Policy) -> tuple[Clock, ...]:
        return clocks(self.state, settings(policy), discovered_at=self.discovered_at)


def settings(policy: Policy) -> IncidentFile:
    """What policy says about incidents. Raises PolicyError where it says nothing."""
    if policy.incidents is None:
        raise PolicyError("policy has no incidents.yaml: clocks of incidents and hours of clients are not known")
    return policy.incidents


def register(
    db: Db,
    policy: Policy,
    run: Run,
    *,
    facts: Facts,
    discovered_at: datetime,
    by: str,
    source: Source = "person",
    source_key: str | None = None,
) -> UUID | None:
    """A new suspected incident with what is known of it; None where this finding opened one before.

    Works inside the caller's transaction. Raises Refused for a moment in the future and for a client without hours.
    """
    known_clients(facts, settings(policy).clients)
    now = _now(db)
    _past("discovered_at", discovered_at, now)
    _past("started_at", facts.started_at, now)
    if facts.started_at and facts.started_at > discovered_at:
        raise Refused("it was discovered before it started: change discovered_at or started_at")
    row = db.execute(
        """insert into incident (discovered_at, source, source_key) values (%s, %s, %s)
           on conflict (source_key) do nothing returning incident_id""",
        [discovered_at, source, source_key],
    ).fetchone()
    if row is None:
        return None
    incident_id: UUID = row[0]
    _add(db, run, incident_id, What.REGISTERED, by, {})
    _add(db, run, incident_id, What.DESCRIBED, by, {"facts": facts.model_dump(mode="json")})
    return incident_id


def take(
    db: Db, policy: Policy, run: Run, incident_id: UUID, what: What, by: str, detail: Mapping[str, Any] | None = None
) -> Incident:
    """Add a step, one process at a time for an incident, and its entry in the ledger.

    Works inside the caller's transaction. Raises Refused for a step that cannot come now, with the reason, and for
    moments that cannot be.
    """
    db.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"incident {incident_id}"])
    found, said = read(db, incident_id), dict(detail or {})
    if against := why_not(found.state, what, said):
        raise Refused(f"incident {found.number} cannot be {what} now: {against}. Nothing was done.")
    _possible(found, policy, what, said, _now(db))
    _add(db, run, incident_id, what, by, said)
    return read(db, incident_id)


def _possible(found: Incident, policy: Policy, what: What, detail: Mapping[str, Any], now: datetime) -> None:
    """Whether the moments and words of a step can be."""
    if what is What.DESCRIBED:
        facts = Facts.model_validate(detail["facts"])
        known_clients(facts, settings(policy).clients)
        _past("started_at", facts.started_at, now)
        if facts.started_at and found.state.aware_at and found.state.aware_at < facts.started_at:
            raise Refused(f"incident {found.number}: by these facts it started after we were aware of it")
        if lost := set(found.state.clients_told) - set(facts.clients):
            raise Refused(f"incident {found.number}: client {min(lost)} was told, so its data were concerned")
    if what is What.CONFIRMED:
        _aware(found, datetime.fromisoformat(detail["aware_at"]), now)
    if what in _MOMENTS:
        at = datetime.fromisoformat(detail["at"])
        _past("at", at, now)
        if at < found.discovered_at - _SKEW:
            raise Refused(f"incident {found.number} was discovered after the moment that is given")
        if what is What.NOTIFIED:
            _late_has_reason(found, policy, at, detail)


def _aware(found: Incident, aware: datetime, now: datetime) -> None:
    _past("aware_at", aware, now)
    if found.facts.started_at and aware < found.facts.started_at:
        raise Refused(f"incident {found.number}: aware before it started; change aware_at or started_at")
    if aware < found.discovered_at - _SKEW:
        raise Refused(f"incident {found.number}: aware before it was discovered; change aware_at")
    if aware > found.discovered_at + _SKEW and not found.state.checked:
        raise Refused(
            f"incident {found.number}: between discovery and awareness lies a first check that nobody wrote down: "
            f"`hoeder incidents check {found.number} …`"
        )


def _late_has_reason(found: Incident, policy: Policy, at: datetime, detail: Mapping[str, Any]) -> None:
    clock = next((each for each in found.clocks(policy) if each.what == "supervisor"), None)
    if clock and at > clock.due and not detail.get("late"):
        raise Refused(
            f"incident {found.number}: the notice came after {clock.due:%d-%m-%Y %H:%M}; a late one needs its reason "
            "(GDPR 33(1)): --late"
        )


def _past(name: str, moment: datetime | None, now: datetime) -> None:
    if moment is not None and moment > now + _SKEW:
        raise Refused(f"{name} lies in the future")


def _add(db: Db, run: Run, incident_id: UUID, what: What, by: str, detail: Mapping[str, Any]) -> None:
    entry = ledger.record_intent(db, run, ACTIVITY[what], OBJECT, case_id=incident_id)
    db.execute(
        "insert into incident_step (incident_id, what, by_whom, detail, entry) values (%s, %s, %s, %s, %s)",
        [incident_id, what, by, json.dumps(dict(detail)), entry],
    )
    declined = what in (What.NONE, What.NOT_TO_NOTIFY, What.NOT_TO_TELL)
    counts = {"persons": detail["persons"]} if isinstance(detail.get("persons"), int) else {}
    ledger.record_outcome(db, run, entry, Outcome.NOTHING if declined else Outcome.DONE, counts=counts)


def read(db: Db, incident_id: UUID) -> Incident:
    """One incident. Raises Refused for one that does not exist."""
    rows = db.execute("select * from incident_now where incident_id = %s order by step", [incident_id]).fetchall()
    if not rows:
        raise Refused(f"there is no incident {incident_id}; `hoeder incidents` lists them")
    return _grouped(rows)[0]


def by_number(db: Db, number: int) -> Incident:
    """The incident with this number in the register. Raises Refused for one that does not exist."""
    rows = db.execute("select * from incident_now where number = %s order by step", [number]).fetchall()
    if not rows:
        raise Refused(f"there is no incident {number}; `hoeder incidents` lists them")
    return _grouped(rows)[0]


def all_of_them(db: Db, *, up_to: int | None = None, before: datetime | None = None) -> list[Incident]:
    """The whole register, oldest first; as it stood up to an entry of the ledger or before a moment, where given."""
    rows = db.execute(
        """select * from incident_now where entry <= coalesce(%s, entry) and at < coalesce(%s::timestamptz, 'infinity')
           order by number, step""",
        [up_to, before],
    ).fetchall()
    return _grouped(rows)


def _grouped(rows: Iterable[tuple[Any, ...]]) -> list[Incident]:
    found: dict[UUID, Incident] = {}
    for incident_id, number, source, discovered, registered, _, what, at, by, detail, entry in rows:
        known = found.get(incident_id) or Incident(incident_id, number, source, discovered, registered, ())
        found[incident_id] = replace(known, steps=(*known.steps, Step(What(what), at, by, detail, entry)))
    return list(found.values())


def _now(db: Db) -> datetime:
    row = db.execute("select clock_timestamp()").fetchone()
    return row[0] if row else datetime.now(UTC)
