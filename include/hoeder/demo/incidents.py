"""Incidents that somebody reported in the demonstration company, and what the vault has of incidents from before."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hoeder.demo.objects import Thing
from hoeder.demo.requests import case_of, days
from hoeder.demo.terms import Fate
from hoeder.demo.world import World
from hoeder.evidence.ledger import Run
from hoeder.incidents import case
from hoeder.incidents.facts import Facts
from hoeder.incidents.state import What
from hoeder.policy import Policy

BUCKET, PREFIX = "cases", "incidents/"
BY = "servicedesk"


@dataclass(frozen=True)
class Reported:
    """An incident as it was reported: so many hours ago, with what is known of it, and what was done since."""

    hours: int
    facts: dict[str, Any]
    since: tuple[tuple[What, dict[str, Any]], ...] = ()
    overdue: frozenset[str] = field(default_factory=frozenset)
    """Clocks that have run out."""


REPORTED = (
    Reported(
        20,
        {"kind": "device-lost", "categories": ["name", "email"], "groups": ["staff"], "persons_least": 1,
         "persons_most": 1, "protection": "encrypted", "protection_complete": True, "severity": "low"},
        since=((What.CHECKED, {"check": "asked-reporter"}),),
    ),
    Reported(
        90,
        {"kind": "sent-to-wrong-person", "categories": ["name", "address", "financial"], "groups": ["customers"],
         "persons_least": 40, "persons_most": 60, "protection": "none", "consequences": ["phishing"],
         "severity": "medium"},
        overdue=frozenset({"first-check", "supervisor"}),
    ),
    Reported(
        50,
        {"kind": "shown-to-wrong-person", "own": False, "clients": ["tuinkamer", "kabelaar"],
         "groups": ["clients-customers"],
         "categories": ["name", "call-notes"], "persons_least": 3, "persons_most": 3, "severity": "medium"},
        since=((What.CLIENT_TOLD, {"client": "kabelaar", "hours": 10}),),
        overdue=frozenset({"first-check", "client"}),
    ),
    Reported(3, {"kind": "phishing", "categories": ["access-data"], "groups": ["staff"], "severity": "medium"}),
)  # fmt: skip
"""An encrypted laptop, a mailing that nobody judged in time, two clients of whom one was told, and a fresh scare."""


def report(db: case.Db, policy: Policy, *, now: datetime | None = None) -> None:
    """Register what was reported. Commits."""
    run, at = Run(policy.digest), now or datetime.now(UTC)
    for each in REPORTED:
        discovered = at - timedelta(hours=each.hours)
        facts = Facts.model_validate({"aspects": ["confidentiality"], **each.facts})
        number = case.register(db, policy, run, facts=facts, discovered_at=discovered, by=BY)
        for what, detail in each.since:
            said = {key: value for key, value in detail.items() if key != "hours"}
            if "hours" in detail:
                said["at"] = (discovered + timedelta(hours=detail["hours"])).isoformat()
            if number:
                case.take(db, policy, run, number, what, BY, said)
    db.commit()


def things(world: World) -> Iterator[Thing]:
    """What was written about incidents that were closed: both sides of the term. Noise: their key is gone."""
    for number, day in enumerate(days(world, PREFIX), start=1):
        name = f"{PREFIX}{case_of(world, PREFIX, number)}/texts"
        world.truth.see(f"{BUCKET}:{PREFIX}", name, Fate(day))
        said = {"status": "closed", "closed_on": day.isoformat()}
        yield Thing(BUCKET, name, world.random(name).randbytes(400), said)
