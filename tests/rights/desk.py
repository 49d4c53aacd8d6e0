"""A desk for cases: a shop with customers, a vault, a governance database, and an officer who answers."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from cryptography.fernet import Fernet
from pydantic import TypeAdapter
from servers import Database, connection_to, fresh_database
from small_policy import made, store

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Run
from hoeder.governance.answer import Answer
from hoeder.policy import Policy
from hoeder.policy.organisation import Organisation
from hoeder.policy.processing import Client
from hoeder.policy.requests import Requests
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file, steps
from hoeder.rights.case import Channel, What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.questions import Text
from hoeder.rights.work import Work
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection
from hoeder.vault import open_vault

KEY = ReferenceKey(b"k" * 32)
TODAY = datetime.now(AMSTERDAM).date()
RUN = Run("a" * 64, "subject_request", "manual__2026-11-22T10:00:00+00:00", "confirm")

SCHEMA = """
    create table contact (id int primary key, name text, email text, phone text);
    insert into contact values
        (1, 'Jan de Vries',  'jan@example.nl',  '06-12345678'),
        (2, 'Piet de Vries', 'piet@example.nl', '0612345678'),     -- the same telephone: possible, not certain
        (3, 'Anna Bakker',   'anna@example.nl', '0687654321');
    create table note (id int primary key, contact_id int, body text);
    insert into note values (10, 1, 'a'), (11, 1, 'b'), (12, 2, 'c'), (13, 3, 'd');
    create table invoice (id int primary key, contact_id int, paid_on date);
    insert into invoice values (20, 1, '2025-03-01'), (21, 1, '2010-03-01'), (22, 3, '2025-03-01');
"""


def policy(bucket: str) -> Policy:
    subject = {"kind": "contact", "column": "contact_id"}
    tables: dict[str, Any] = {
        "contact": {"subject": {"kind": "contact", "column": "id"}, "columns": {
            "id": "user.unique_id", "name": "user.name", "email": "user.contact.email",
            "phone": "user.contact.phone_number"}},
        "note": {"subject": subject, "columns": {"contact_id": "user.unique_id", "body": "user.content.private"}},
        "invoice": {"subject": subject, "columns": {"contact_id": "user.unique_id", "paid_on": "system"}},
    }  # fmt: skip
    seven_years = {
        "rule": "invoice", "category": "invoice", "purpose": "a test", "role": "controller",
        "keep": "7 years after the calendar year of paid_on", "type": "FIXED", "because": "a test",
        "applies_to": "shop.invoice", "then": "erase",
        "source": {"basis": "AWR 52(4)", "certainty": "H", "owner": "finance", "approved_on": "2026-01-01",
                   "changed_by": "clerk"}, "valid_from": "2026-01-01",
    }  # fmt: skip
    declared = {name: {"description": name, "purpose": "a test", **each} for name, each in tables.items()}
    found = made({"shop": store(), "cases": store("s3", "cases", bucket=bucket)}, {"shop": declared}, [seven_years])
    officers = {
        "dpo": {"title": "DPO", "tasks": "t", "user": "dpo", "approves": ["rights"]},
        "clerk": {"title": "Clerk", "tasks": "t", "user": "clerk"},
    }
    organisation = TypeAdapter(Organisation).validate_python(found.organisation.model_dump() | {"officers": officers})
    client = Client.model_validate({"name": "Postorder Noord", "contact": "p@noord.example", "is": 1})
    processing = found.processing.model_copy(update={"clients": {"noord": client}})
    requests = Requests.model_validate({"corrections": {"shop.contact": {"facts": ["name", "email"]}}})
    return found.model_copy(update={"organisation": organisation, "processing": processing, "requests": requests})


@dataclass
class Desk:
    """What the tasks of a case work with, and an officer."""

    work: Work
    shop: Database
    connections: dict[str, Connection] = field(default_factory=dict)

    @property
    def db(self) -> case.Db:
        return self.work.db

    def open(
        self, *rights: str, file: CaseFile | None = None, received_at: datetime | None = None, **proposed: Any
    ) -> UUID:
        """A case as intake leaves it."""
        number, _ = case.open_case(
            self.db, received_at=received_at or datetime.now(UTC), channel=Channel.MAIL, language="nl",
            policy_digest="a" * 64, stores=["shop"],
        )  # fmt: skip
        said = CaseFile(identities=(("email", "jan@example.nl"),), names=("Jan de Vries",), answer_to="jan@example.nl")
        case_file.write(self.work.vault, number, file or said)
        detail = {"rights": dict.fromkeys(rights, "named"), **proposed}
        case.take(self.db, number, What.PROPOSED, "intake", detail)
        self.db.commit()
        return number

    def answer(self, text: Text | None, choice: str, reason: str | None = "read it", **changes: Any) -> Answer:
        """What Airflow stores when the officer answers."""
        assert text is not None, "there is a question"
        given = Answer(
            dag_id="subject_request", run_id=str(RUN.run_id), received=True, chosen=(choice,), responder="dpo",
            answered_at=datetime.now(UTC), subject=text.subject, has_reason=bool(reason),
            reason_digest=hashlib.sha256(reason.encode()).hexdigest() if reason else None,
            fields=changes.pop("fields", {}),
        )  # fmt: skip
        return replace(given, **changes)

    def confirmed(self, *rights: str, **opened: Any) -> UUID:
        number = self.open(*rights, **opened)
        steps.confirm(self.work, number, self.answer(steps.to_confirm(self.work, number), "As proposed"))
        return number

    def identified(self, *rights: str, **opened: Any) -> UUID:
        number = self.confirmed(*rights, **opened)
        steps.identify(self.work, number, self.answer(steps.to_identify(self.work, number), "Identified"))
        return number

    def searched(self, *rights: str, **opened: Any) -> UUID:
        """A case up to the question whether its rights are granted, the possible match being somebody else's."""
        number = self.identified(*rights, **opened)
        steps.find(self.work, number)
        if asked := steps.to_judge(self.work, number):
            steps.judge(self.work, number, self.answer(asked, "None is theirs"))
        return number

    def rows(self, query: Any) -> list[Any]:
        with psycopg.connect(self.shop.conninfo) as shop:
            return shop.execute(query).fetchall()

    def change(self, statement: Any) -> None:
        with psycopg.connect(self.shop.conninfo, autocommit=True) as shop:
            shop.execute(statement)


@pytest.fixture(scope="module")
def place(postgres: Postgres, s3: S3) -> Iterator[tuple[Database, dict[str, Connection], str]]:
    """A database and a bucket for all tests of a file, their connections, and the bucket's name."""
    vault = Connection(
        conn_type="aws", login=s3.keys["admin"].access, password=s3.keys["admin"].secret,
        extra={"endpoint_url": s3.endpoint, "encryption_key": Fernet.generate_key().decode()},
    )  # fmt: skip
    client, name = s3.client("admin"), f"cases-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=name)
    with fresh_database(postgres) as shop:
        yield shop, {"shop_rights": connection_to(shop), "cases_rights": vault}, name
    for each in client.list_objects_v2(Bucket=name).get("Contents", ()):
        client.delete_object(Bucket=name, Key=each["Key"])
    client.delete_bucket(Bucket=name)


@pytest.fixture
def desk(place: tuple[Database, dict[str, Connection], str], governance: Database) -> Iterator[Desk]:
    shop, known, bucket = place
    connections, made = dict(known), policy(bucket)
    with psycopg.connect(shop.conninfo, autocommit=True) as making:
        making.execute("drop schema public cascade; create schema public")
        making.execute(SCHEMA)
    with psycopg.connect(governance.conninfo) as db:
        vault = open_vault(made, connections.__getitem__, "rights")
        yield Desk(Work(db, made, connections.__getitem__, KEY, vault, RUN, TODAY), shop, connections)


def ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
