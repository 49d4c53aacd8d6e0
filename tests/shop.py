"""A small shop on real servers: a database, a bucket and a governance database, with rules and an officer."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from pydantic import TypeAdapter
from servers import Bucket, Database, connection_to

from hoeder import retention
from hoeder.errors import StoreError
from hoeder.evidence.ledger import Run
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.retention import Answer, Plan, question
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection

TODAY = date(2026, 11, 22)
RUN = Run("a" * 64, "retention", "run-1", "erase")

SCHEMA = """
    create table customer (id int primary key, left_on date, status text);
    create table message (
        id int primary key, customer_id int references customer, body text, closed_on date, status text
    );
    insert into customer values (1, '2015-05-01', 'left'), (2, null, 'active'), (3, '2026-01-01', 'left');
    insert into message values
        (10, 1, 'old',                '2026-08-21', 'closed'),
        (11, 1, 'due today',          '2026-08-22', 'closed'),
        (12, 2, 'due tomorrow',       '2026-08-23', 'closed'),
        (13, 2, 'no anchor, closed',  null,         'closed'),
        (14, 2, 'open',               null,         'open'),
        (15, 3, 'old, other person',  '2020-01-01', 'closed');
"""


def rule(name: str, keep: str, applies_to: str, pending: str | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "rule": name, "category": name, "purpose": "a test", "role": "controller", "keep": keep, "type": "OWN",
        "because": "a test", "applies_to": applies_to, "then": "erase",
        "pending": {"column": "status", "is": [pending]} if pending else None,
        "source": {"basis": "test", "certainty": "L", "owner": "test", "approved_on": "2026-01-01",
                   "changed_by": "clerk"},
        "valid_from": "2026-01-01", **changes,
    }  # fmt: skip


def shop_policy(bucket: str) -> Policy:
    subject = {"kind": "customer", "column": "customer_id"}
    return TypeAdapter(Policy).validate_python(
        {
            "organisation": {
                "name": "Shop", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
                "locked_years": 1,
                "ledger_kept_years": 1,
                "postal_address": ["a"], "supervisors": [],
                "officers": {
                    "dpo": {"title": "DPO", "tasks": "t", "user": "dpo", "approves": ["retention"]},
                    "clerk": {"title": "Clerk", "tasks": "t", "user": "clerk"},
                },
            },
            "stores": {
                "shop": {"kind": "postgresql", "connection": "shop", "role": "controller", "owner": "o",
                         "description": "d"},
                "files": {"kind": "s3", "connection": "files", "role": "controller", "owner": "o", "description": "d",
                          "bucket": bucket},
            },
            "datasets": {
                "shop": {"store": "shop", "tables": {
                    "customer": {"description": "d", "purpose": "p", "subject": {"kind": "customer", "column": "id"},
                                 "columns": {"id": "user.unique_id", "left_on": "system", "status": "system"}},
                    "message": {"description": "d", "purpose": "p", "subject": subject, "columns": {
                        "id": "system", "customer_id": "user.unique_id", "body": "user.content", "closed_on": "system",
                        "status": "system"}},
                }},
                "files": {"store": "files", "prefixes": {
                    "logs/": {"description": "d", "purpose": "p", "format": "jsonl.gz"},
                    "copies/": {"description": "d", "purpose": "p", "format": "document", "subject": subject,
                                "columns": {"left_on": "system", "status": "system"}},
                }},
            },
            "retention": [
                rule("customer", "7 years after the calendar year of left_on", "shop.customer", "active"),
                rule("message", "3 months after closed_on", "shop.message", "open"),
                rule("log", "30 days after date", "files:logs/"),
                rule("copy", "5 years after the calendar year of left_on", "files:copies/", "active"),
            ],
            "releases": [],
            "digest": "a" * 64,
        }
    )  # fmt: skip


@dataclass
class Shop:
    """The shop, and what a run of the retention DAG does with it."""

    policy: Policy
    connections: dict[str, Connection]
    db: psycopg.Connection[tuple[Any, ...]]
    governance: psycopg.Connection[tuple[Any, ...]]
    bucket: Bucket
    key: ReferenceKey
    answered_at: dict[UUID, datetime] = field(default_factory=dict)

    def resolve(self, name: str) -> Connection:
        if name not in self.connections:
            raise StoreError(f"no connection {name}")
        return self.connections[name]

    def plan(self) -> Plan:
        return retention.make_plan(self.policy, self.resolve, self.governance, self.key, run=RUN, as_of=TODAY)

    def answer(self, plan: Plan, **changes: Any) -> Answer:
        given = Answer(
            "retention", "run-1", True, ("Approve",), "dpo",
            self.answered_at.setdefault(plan.plan, datetime.now(UTC)),
            question.subject(plan), True,
        )  # fmt: skip
        return replace(given, **changes)

    def erase(self, plan: Plan, rule: str, answer: Answer | None = None) -> dict[str, int]:
        return retention.erase(
            plan.plan, rule, answer or self.answer(plan), self.policy, self.resolve, self.governance, self.key, run=RUN
        )

    def hold(self, kind: str, value: object) -> None:
        self.governance.execute(
            """with placed as (insert into hold (matter, ground, placed_by, placed_on, review_by)
                               values (%s, 'claim', 'test', '2026-11-01', '2027-01-31') returning hold)
               insert into hold_subject select hold, %s, %s from placed""",
            [f"matter-{secrets.token_hex(4)}", kind, self.key.subject(kind, value)],
        )
        self.governance.commit()

    def messages(self) -> set[int]:
        return {row[0] for row in self.db.execute("select id from message")}

    def outcomes(self) -> list[tuple[str, str]]:
        return self.governance.execute(
            "select object, outcome from ledger where act = 'erase' and phase = 'outcome' order by entry"
        ).fetchall()  # type: ignore[return-value]

    def put(self, key: str, **metadata: str) -> None:
        self.bucket.client.put_object(Bucket=self.bucket.name, Key=key, Body=b"x", Metadata=metadata)

    def objects(self) -> set[str]:
        listed = self.bucket.client.list_objects_v2(Bucket=self.bucket.name)
        return {item["Key"] for item in listed.get("Contents", [])}


@pytest.fixture
def shop(database: Database, governance: Database, bucket: Bucket, s3: S3) -> Iterator[Shop]:
    keys = s3.keys["admin"]
    with (
        psycopg.connect(database.conninfo, autocommit=True) as db,
        psycopg.connect(governance.conninfo) as governed,
    ):
        db.execute(SCHEMA)
        # The account of the DAG: it may look and delete, and not so much as update.
        db.execute("create role shop_retention login password 'shop'")
        db.execute("grant select, delete on customer, message to shop_retention")
        connections = {
            "shop_retention": connection_to(database).model_copy(
                update={"login": "shop_retention", "password": "shop"}
            ),
            "files_retention": Connection(
                conn_type="aws", login=keys.access, password=keys.secret, extra={"endpoint_url": s3.endpoint}
            ),
        }
        shop = Shop(shop_policy(bucket.name), connections, db, governed, bucket, ReferenceKey(b"k" * 32))
        shop.put("logs/date=2026-10-22/log.gz")
        shop.put("logs/date=2026-10-23/log.gz")  # due today
        shop.put("logs/date=2026-10-24/log.gz")
        shop.put("copies/1.png", customer_id="1", status="left", left_on="2021-01-01")
        shop.put("copies/2.png", customer_id="2", status="active")
        shop.put("copies/3.png", customer_id="3", status="left")
        yield shop
        db.execute("drop owned by shop_retention cascade")
        db.execute("drop role shop_retention")
