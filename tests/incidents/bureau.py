"""A bureau for incidents: a governance database, policy, an officer who answers, and somebody who handles."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from pydantic import TypeAdapter
from servers import Database
from small_policy import made

from hoeder.evidence.ledger import Run
from hoeder.governance.answer import Answer
from hoeder.incidents import case, steps
from hoeder.incidents.case import Incident
from hoeder.incidents.decisions import Asks
from hoeder.incidents.facts import Facts
from hoeder.incidents.questions import Text
from hoeder.incidents.state import What
from hoeder.incidents.steps import Work
from hoeder.policy import Policy
from hoeder.policy.incidents import IncidentFile
from hoeder.policy.organisation import Organisation

RUN = Run("a" * 64, "incident", "manual__2026-11-22T10:00:00+00:00", "triage")
FILE: dict[str, Any] = {
    "notify_all": "undecided",
    "clients": {"tuinkamer": {"tell_within_hours": 48}, "zekerdak": {"tell_within_hours": 12}},
    "nis2": {"scope": "undecided", "because": "a test", "since": "2026-08-15"},
    "from_findings": [
        {"source": "inventory", "finding": "national-id", "kind": "misplaced", "aspects": ["confidentiality"],
         "categories": ["national-id"], "severity": "medium"},
        {"source": "erasure", "finding": "not-verified", "kind": "not-erased", "aspects": ["confidentiality"],
         "severity": "medium"},
        {"source": "ledger", "finding": "altered", "kind": "evidence-changed", "aspects": ["integrity"],
         "severity": "high"},
        {"source": "client_segregation", "finding": "named-in-note", "kind": "clients-mixed",
         "aspects": ["confidentiality"], "severity": "medium"},
        {"source": "access_review", "finding": "leaver", "kind": "access-not-ended", "aspects": ["confidentiality"],
         "severity": "medium"},
    ],
}  # fmt: skip


def policy(**changes: Any) -> Policy:
    found = made({}, {})
    officers = {
        "dpo": {"title": "DPO", "tasks": "t", "user": "dpo", "approves": ["incidents"]},
        "deputy": {"title": "Deputy", "tasks": "t", "user": "deputy", "approves": ["incidents"]},
        "clerk": {"title": "Clerk", "tasks": "t", "user": "clerk"},
    }
    said = found.organisation.model_dump() | {"officers": officers}
    organisation = TypeAdapter(Organisation).validate_python(said)
    incidents = IncidentFile.model_validate(FILE | changes)
    return found.model_copy(update={"organisation": organisation, "incidents": incidents})


def facts(**changes: Any) -> Facts:
    return Facts.model_validate({"kind": "sent-to-wrong-person", "aspects": ["confidentiality"]} | changes)


def ago(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


@dataclass
class Bureau:
    """What is done with incidents, as the tasks and the command line do it."""

    work: Work
    runs: int = field(default=0)

    @property
    def db(self) -> case.Db:
        return self.work.db

    def register(self, *, hours: float = 2, **known: Any) -> UUID:
        number = case.register(
            self.db, self.work.policy, self.work.run, facts=facts(**known), discovered_at=ago(hours), by="clerk"
        )
        self.db.commit()
        assert number
        return number

    def next_run(self) -> None:
        self.runs += 1
        self.work = replace(self.work, run=replace(RUN, run_id=f"manual__2026-11-22T10:00:00.{self.runs:06d}+00:00"))

    def answer(self, text: Text | None, choice: str, reason: str | None = "looked at it", **changes: Any) -> Answer:
        """What Airflow stores when the officer answers."""
        assert text is not None, "there is a question"
        given = Answer(
            dag_id="incident", run_id=str(self.work.run.run_id), received=True, chosen=(choice,), responder="dpo",
            answered_at=datetime.now(UTC), subject=text.subject, has_reason=bool(reason),
            reason_digest=hashlib.sha256(reason.encode()).hexdigest() if reason else None,
            fields=changes.pop("fields", {}),
        )  # fmt: skip
        return replace(given, **changes)

    def decide(self, number: UUID, asks: str, choice: str, **changes: Any) -> Incident:
        text = steps.to_ask(self.work, number, Asks(asks))
        return steps.decide(self.work, number, Asks(asks), self.answer(text, choice, **changes))

    def take(self, incident: UUID, what: str, /, by: str = "clerk", **detail: Any) -> Incident:
        found = case.take(self.db, self.work.policy, self.work.run, incident, What(what), by, detail)
        self.db.commit()
        return found

    def read(self, number: UUID) -> Incident:
        return case.read(self.db, number)

    def outcomes(self, number: UUID) -> list[tuple[str, str]]:
        rows = self.db.execute(
            "select activity, outcome from ledger where case_id = %s and phase = 'outcome' order by entry", [number]
        )
        return [(activity, outcome) for activity, outcome in rows.fetchall()]


@pytest.fixture
def bureau(governance: Database) -> Iterator[Bureau]:
    with psycopg.connect(governance.conninfo) as db:
        yield Bureau(Work(db, policy(), RUN))
