"""A small office on a real server: HR's list, clients' notes, people with logins, and a fault of each kind."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg import sql
from pydantic import TypeAdapter
from servers import Database, connection_to

from hoeder import access_review
from hoeder.access_review.decide import Choice, asked
from hoeder.access_review.findings import Decision
from hoeder.clock import AMSTERDAM
from hoeder.errors import StoreError
from hoeder.evidence.ledger import Run
from hoeder.governance.answer import Answer
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Connection
from hoeder.stores.withdraw import INSTALL

NOW = datetime(2026, 11, 22, 12, tzinfo=AMSTERDAM)
RUN = Run("a" * 64, "access_review", "manual__2026-11-22T00:00:00+00:00", "review")
CANARY = "zwaluwenborg"
"""In every login: where it turns up, somebody is named."""

SCHEMA = """
    create table worker (id int primary key, name text, status text, left_on date);
    create table wage (id int primary key, worker_id int, paid_on date);
    create table login (id int primary key, worker_id int, login text, active boolean, last_login_on date);
    create table given (id int primary key, login_id int, system text, role text);
    create table job (id int primary key, worker_id int, job text, started_on date);
    create table secrecy (id int primary key, worker_id int, text_version text, signed_on date);
    create table course (id int primary key, worker_id int, course text, followed_on date);
    create table note (id int primary key, client_id int not null, body text);
    create table form (id int primary key, body text);
    insert into worker select n, 'Zwaluwenborg', 'active', null from generate_series(1, 8) n;
    insert into wage values (1, 1, '2026-11-20');
    insert into login select n, n, 'zwaluwenborg' || n, true, '2026-11-21' from generate_series(1, 8) n;
    insert into given select n, n, 'crm', case when n % 2 = 0 then 'agent_blue' else 'agent_red' end
        from generate_series(1, 8) n;
    insert into job select n, n, 'agent', '2020-01-01' from generate_series(1, 8) n;
    insert into secrecy select n, n, 'v1', '2020-01-01' from generate_series(1, 8) n;
    insert into course select n, n, 'privacy', '2026-01-01' from generate_series(1, 8) n;
"""
_CATEGORIES = {"id": "system", "client_id": "system", "body": "user.content"}
_STAFF = {
    "worker": ("id", "name", "status", "left_on"), "wage": ("id", "worker_id", "paid_on"),
    "login": ("id", "worker_id", "login", "active", "last_login_on"), "given": ("id", "login_id", "system", "role"),
    "job": ("id", "worker_id", "job", "started_on"), "secrecy": ("id", "worker_id", "text_version", "signed_on"),
    "course": ("id", "worker_id", "course", "followed_on"),
}  # fmt: skip


def policy(prefix: str = "", **changes: Any) -> Policy:
    """The office's rules; `prefix` keeps its groups apart from those of another test on the same server."""
    tables: dict[str, Any] = {
        name: {"description": "d", "purpose": "p", "columns": dict.fromkeys(columns, "user.workplace")}
        for name, columns in _STAFF.items()
    }
    for name, columns in {"note": ("id", "client_id", "body"), "form": ("id", "body")}.items():
        tables[name] = {"description": "d", "purpose": "p", "columns": {c: _CATEGORIES[c] for c in columns}}
    tables["note"]["client_column"] = "client_id"
    group = prefix + "agent_{client}"
    access = {
        "owner": "chief",
        "staff": {
            "store": "office",
            "people": {"table": "worker", "status": "status", "works": ["active"], "left_on": "left_on"},
            "kept_up": {"table": "wage", "day": "paid_on", "days": 40},
            "accounts": {"table": "login", "person": "worker_id", "login": "login", "active": "active",
                         "last_used_on": "last_login_on"},
            "entitlements": {"table": "given", "account": "login_id", "system": "system", "role": "role"},
            "jobs": {"table": "job", "person": "worker_id", "job": "job", "since": "started_on"},
            "secrecy": {"table": "secrecy", "person": "worker_id", "text": "text_version", "signed_on": "signed_on",
                        "texts": {"v1": True, "v0": False}},
            "training": {"table": "course", "person": "worker_id", "course": "course", "followed_on": "followed_on",
                         "courses": {"privacy": 12}},
        },
        "functions": {"agent": {"systems": {"crm": ["agent_{client}"]}, "groups": [group]}},
        "groups": {group: {"store": "office", "may": ["select"], "tables": ["note"]}},
        "administrators": ["postgres"],
        "programs": {"access_review": {"may": ["select"]}, "access_withdraw": {}, "reporting": {"may": ["select"]}},
        "client_systems": {"blue": "portal-blue"},
        "uses": [{"place": "office.form", "programs": ["access_review"]}],
        "attestations": ["training"],
    }  # fmt: skip
    said = {
        "organisation": {
            "name": "Office", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
            "locked_years": 1, "ledger_kept_years": 1, "postal_address": ["a"], "supervisors": [],
            "officers": {
                "chief": {"title": "C", "tasks": "t", "user": "chief", "approves": ["access_review"]},
                "other": {"title": "O", "tasks": "t", "user": "other", "approves": ["access_review"]},
                "dpo": {"title": "D", "tasks": "t", "user": "dpo", "approves": ["retention"]},
            },
        },
        "stores": {"office": {"kind": "postgresql", "connection": f"{prefix}office", "role": "employer", "owner": "o",
                              "description": "d"}},
        "datasets": {"office": {"store": "office", "tables": tables}},
        "retention": [], "releases": [], "digest": "a" * 64, "access_review": access | changes,
        "processing": {"clients": {
            "red": {"name": "Red", "contact": "c", "is": 1}, "blue": {"name": "Blue", "contact": "c", "is": 2},
        }},
        "attestations": [{"kind": "training", "nl": "t", "en": "t", "because": "b", "attested_by": ["dpo"],
                          "months": 12}],
    }  # fmt: skip
    return TypeAdapter(Policy).validate_python(said)


@dataclass
class Office:
    """The office, and what a run of the DAG does with it."""

    policy: Policy
    prefix: str
    db: psycopg.Connection[tuple[Any, ...]]
    governance: psycopg.Connection[tuple[Any, ...]]
    connections: dict[str, Connection]
    key: ReferenceKey = field(default_factory=lambda: ReferenceKey(b"k" * 32))
    now: datetime = NOW

    def resolve(self, name: str) -> Connection:
        if name not in self.connections:
            raise StoreError(f"no connection {name}")
        return self.connections[name]

    def login(self, name: str, *groups: str) -> str:
        """A login of the database, by its name in HR's list."""
        self.run("create role {} login", name)
        self.run("grant connect on database {} to {}", self.db.info.dbname, name)
        for group in groups:
            self.run("grant {} to {}", self.prefix + group, name)
        return name

    def run(self, statement: str, *names: str) -> None:
        self.db.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def review(self) -> access_review.Review:
        return access_review.run(self.policy, self.resolve, self.governance, self.key, run=RUN, now=self.now)

    def found(self) -> set[tuple[str, str, str]]:
        rows = self.governance.execute('select kind, place, "right" from access_finding_now').fetchall()
        self.governance.commit()
        return set(rows)

    def number(self, kind: str) -> int:
        row = self.governance.execute("select finding from access_finding_now where kind = %s", [kind]).fetchone()
        self.governance.commit()
        assert row is not None
        return int(row[0])

    def answer(self, **changes: Any) -> Answer:
        question = asked(self.governance)
        fields: dict[str, Any] = {
            "dag_id": question.dag_id, "run_id": question.run_id, "received": True, "chosen": ("Approve",),
            "responder": "chief", "answered_at": datetime.now(UTC), "subject": question.digest, "has_reason": True,
        }  # fmt: skip
        return Answer(**(fields | changes))

    def decide(self, *choices: Choice, **changes: Any) -> dict[str, int]:
        return access_review.decide(
            self.governance, self.policy, self.key, self.answer(**changes), choices,
            review=asked(self.governance).review, run=RUN,
        )  # fmt: skip

    def remove(self, *kinds: str, word: Decision = Decision.REMOVE) -> dict[str, int]:
        return self.decide(Choice(tuple(map(self.number, kinds)), word, "no-need"))

    def execute(self) -> dict[str, int]:
        return access_review.execute(self.policy, self.resolve, self.governance, self.key, run=RUN, now=self.now)

    def can_log_in(self, name: str) -> bool:
        row = self.db.execute("select rolcanlogin from pg_roles where rolname = %s", [name]).fetchone()
        return bool(row and row[0])


@contextmanager
def opened(database: Database, governance: Database) -> Iterator[Office]:
    """An office in an empty database. Its roles, which belong to the whole server, are gone afterwards."""
    prefix = f"t{secrets.token_hex(3)}_"
    told = policy(prefix)
    with (
        psycopg.connect(database.conninfo, autocommit=True) as db,
        psycopg.connect(governance.conninfo) as governed,
    ):
        before = {name for (name,) in db.execute("select rolname from pg_roles")}
        try:
            db.execute(SCHEMA)
            office = Office(told, prefix, db, governed, {})
            office.run("revoke all on database {} from public", database.dbname)
            for client in ("red", "blue"):
                office.run("create role {}", f"{prefix}agent_{client}")
                office.run("grant select on note to {}", f"{prefix}agent_{client}")
            for program in ("access_review", "access_withdraw"):
                name = f"{prefix}office_{program}"
                office.run("create role {} login password 'office'", name)
                office.run("grant connect on database {} to {}", database.dbname, name)
                office.connections[name] = connection_to(database).model_copy(
                    update={"login": name, "password": "office"}
                )
            for table in _STAFF:
                office.run("grant select on {} to {}", table, f"{prefix}office_access_review")
            db.execute(INSTALL.read_bytes())
            office.run("grant usage on schema hoeder_access to {}", f"{prefix}office_access_withdraw")
            office.run(
                "grant execute on all functions in schema hoeder_access to {}", f"{prefix}office_access_withdraw"
            )
            yield office
        finally:
            new = {name for (name,) in db.execute("select rolname from pg_roles")} - before
            for name in new:
                db.execute(sql.SQL("drop owned by {} cascade").format(sql.Identifier(name)))
            for name in new:
                db.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def day(text: str) -> date:
    return date.fromisoformat(text)
