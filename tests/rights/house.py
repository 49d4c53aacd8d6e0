"""A company with one person in every kind of place, and twenty others of whom nothing may change."""

import gzip
import hashlib
import io
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography.fernet import Fernet
from psycopg import sql
from pydantic import TypeAdapter
from servers import Bucket, Database, connection_to, fresh_database

from hoeder.evidence.ledger import Run
from hoeder.governance.protection import Protections
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import carry_out, case, case_file, granting, rectify, search, verify
from hoeder.rights.case import Channel, Right, What
from hoeder.rights.case_file import CaseFile, Correction
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection
from hoeder.vault import Vault, open_vault

KEY = ReferenceKey(b"k" * 32)
TODAY = date(2026, 11, 22)
RUN = Run("a" * 64, "subject_request", "manual__2026-11-22T10:00:00+00:00", "carry_out")
CANARY = 7
EMAIL = "canary.vink@zzcanary.example"
OTHERS = [number for number in range(1, 22) if number != CANARY]

SCHEMA = """
    create table contact (id int primary key, name text, email varchar(40), phone text, old_email text);
    create table note (id int primary key, contact_id int not null references contact, body text, statement text);
    create table account (login text primary key, contact_id int not null references contact);
    create table invoice (id int primary key, contact_id int not null references contact, paid_on date);
    create table consent (id int primary key, contact_id int references contact, status text, ended_on date);
    create table message (id int primary key, email text, body text);
    create table customer (id int primary key, client_id int, email text);
    insert into contact
        select n, 'Piet Persoon' || n, 'p' || n || '@example.nl', '06100000' || n from generate_series(1, 21) n;
    update contact set name = 'Canary Vink', email = 'Canary.Vink@zzcanary.example', phone = '0612345678' where id = 7;
    insert into note select n, 1 + n % 21, 'note ' || n from generate_series(0, 62) n;
    insert into account select 'login' || n, n from generate_series(1, 21) n;
    insert into consent select n, n, 'standing' from generate_series(1, 21) n;
    insert into message select n, 'p' || n || '@example.nl', 'body' from generate_series(1, 21) n;
    update message set email = 'CANARY.VINK@zzcanary.example ' where id = 7;
    insert into customer values (1, 1, 'canary.vink@zzcanary.example');   -- a client's: theirs to answer
"""
TABLES = ("contact", "note", "account", "invoice", "consent", "message", "customer")


def _rule(applies_to: str, keep: str, **more: Any) -> dict[str, Any]:
    name = applies_to.partition(".")[2] or applies_to.partition(":")[2].strip("/")
    return {
        "rule": name, "category": name, "purpose": "a test", "role": "controller", "keep": keep, "type": "OWN",
        "because": "a test", "applies_to": applies_to, "then": "erase",
        "source": {"basis": "AWR 52(4)", "certainty": "H", "owner": "finance", "approved_on": "2026-01-01",
                   "changed_by": "clerk"}, "valid_from": "2026-01-01",
    } | more  # fmt: skip


def policy(bucket: str, cases: str) -> Policy:
    whose = {"kind": "contact", "column": "contact_id"}
    tables: dict[str, Any] = {
        "contact": {"subject": {"kind": "contact", "column": "id"}, "columns": {
            "id": "user.unique_id", "name": "user.name", "email": "user.contact.email",
            "phone": "user.contact.phone_number"}},
        "note": {"subject": whose, "columns": {"contact_id": "user.unique_id", "body": "user.content.private"}},
        "account": {"subject": whose, "key": "login", "columns": {"contact_id": "user.unique_id"}},
        "invoice": {"subject": whose, "columns": {"contact_id": "user.unique_id", "paid_on": "system"}},
        "consent": {"subject": whose, "columns": {"contact_id": "user.unique_id", "status": "system"}},
        "message": {"columns": {"email": "user.contact.email", "body": "user.content.private"}},
        "customer": {"role": "processor", "client_column": "client_id", "columns": {"email": "user.contact.email"}},
    }  # fmt: skip
    inside = {"contact_id": "user.unique_id", "email": "user.contact.email"}
    prefixes: dict[str, Any] = {
        "docs/": {"format": "document", "subject": whose, "columns": {"contact_id": "user.unique_id"}},
        "calls/": {"format": "document", "columns": {"phone": "user.contact.phone_number"}},
        "events/": {"format": "parquet", "subject": whose, "columns": inside},
        "logs/": {"format": "jsonl.gz", "subject": whose, "columns": inside},
        "inbox/": {"format": "eml", "columns": {"from": "user.contact.email"}},
    }
    said = {"description": "d", "purpose": "a test"}
    place = {"role": "controller", "owner": "o", "description": "d", "backups_kept_days": 30}
    return TypeAdapter(Policy).validate_python(
        {
            "organisation": {
                "name": "House", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
                "locked_years": 1, "ledger_kept_years": 7, "postal_address": ["p"], "officers": {}, "supervisors": [],
            },
            "stores": {
                "shop": {"kind": "postgresql", "connection": "shop", **place},
                "files": {"kind": "s3", "connection": "files", "bucket": bucket, **place},
                "cases": {"kind": "s3", "connection": "cases", "bucket": cases, **place},
            },
            "datasets": {
                "shop": {"store": "shop", "tables": {name: said | each for name, each in tables.items()}},
                "files": {"store": "files", "prefixes": {name: said | each for name, each in prefixes.items()}},
            },
            "retention": [
                _rule("shop.invoice", "7 years after the calendar year of paid_on", type="FIXED"),
                *(_rule(f"files:{name}", "5 years after made_on") for name in prefixes),
            ],
            "requests": {
                "corrections": {"shop.contact": {"facts": ["name", "email"], "before": {"email": "old_email"}},
                                "shop.note": {"opinions": {"body": "statement"}}},
                "consents": [{"table": "shop.consent", "status": "status", "standing": "standing", "ended": "ended",
                              "ended_on": "ended_on"}],
            },
            "releases": [],
            "digest": "a" * 64,
        }
    )  # fmt: skip


def event(number: int, contact: int | None) -> dict[str, Any]:
    email = EMAIL if contact == CANARY else f"p{contact}@example.nl"
    return {"at": number, "contact_id": contact, "email": None if number % 2 else email}


def of_canary(row: dict[str, Any]) -> bool:
    return row["contact_id"] == CANARY or row["email"] == EMAIL


@dataclass
class House:
    """The company, and what a case does with it."""

    policy: Policy
    connections: dict[str, Connection]
    shop: psycopg.Connection[Any]
    governance: psycopg.Connection[Any]
    bucket: Bucket
    vault: Vault
    database: Database = field(repr=False)

    def resolve(self, name: str) -> Connection:
        return self.connections[name]

    @property
    def all(self) -> tuple[Any, ...]:
        return (self.governance, self.policy, self.resolve, KEY, self.vault)

    def open(self, *rights: Right, identity: tuple[str, str] = ("email", EMAIL), **file: Any) -> UUID:
        """A case up to the decision, whoever took it."""
        number, _ = case.open_case(
            self.governance, received_at=datetime.now(UTC), channel=Channel.MAIL, language="nl", policy_digest="a" * 64,
            stores=["shop", "files"],
        )  # fmt: skip
        case_file.write(self.vault, number, CaseFile(identities=(identity,), **file))
        asked = [str(right) for right in rights]
        for what in (What.PROPOSED, What.CONFIRMED, What.IDENTIFIED, What.SEARCHED, What.DECIDED):
            case.take(self.governance, number, what, "test", {"rights": asked} if what is What.CONFIRMED else {})
        self.governance.commit()
        return number

    def granted(self, number: UUID, right: Right) -> str:
        """The digest of what granting a right would do now."""
        found = search.look(*self.all, number)
        corrections = case_file.read(self.vault, number).corrections
        protections = Protections.read(self.governance, KEY)
        return granting.propose(
            self.policy, self.resolve, KEY, protections, found, right, TODAY, corrections=corrections
        ).digest

    def do(self, number: UUID, right: Right, digest: str | None = None) -> dict[str, int]:
        """Carry a right out as it stands, and take its step."""
        given: dict[str, Any] = {"digest": digest or self.granted(number, right), "run": RUN, "today": TODAY}
        if right is Right.ERASURE:
            counts = carry_out.erase(*self.all, number, **given)
        elif right is Right.RECTIFICATION:
            counts = rectify.apply(*self.all, number, **given)
        else:
            counts = carry_out.mark(*self.all, number, right=right, **given)
        case.take(self.governance, number, What.CARRIED_OUT, "test", {"right": right})
        self.governance.commit()
        return dict(counts)

    def verify(self, number: UUID) -> dict[str, int]:
        return dict(verify.look_again(*self.all, number, run=RUN, today=TODAY))

    def correct(self, number: UUID, *corrections: Correction) -> None:
        case_file.correct(self.vault, number, corrections)

    def rows(self, query: Any) -> list[Any]:
        return self.shop.execute(query).fetchall()

    def put(self, key: str, body: bytes = b"x", **metadata: str) -> None:
        self.bucket.client.put_object(Bucket=self.bucket.name, Key=key, Body=body, Metadata=metadata)

    def versions(self) -> dict[str, list[bytes]]:
        """Every version's content, by object."""
        found: dict[str, list[bytes]] = {}
        listed = self.bucket.client.list_object_versions(Bucket=self.bucket.name)
        for each in listed.get("Versions", []):
            got = self.bucket.client.get_object(Bucket=self.bucket.name, Key=each["Key"], VersionId=each["VersionId"])
            found.setdefault(each["Key"], []).append(got["Body"].read())
        return found

    def events(self) -> list[dict[str, Any]]:
        """All rows of every version."""
        rows: list[dict[str, Any]] = []
        for key, contents in self.versions().items():
            for content in contents:
                if key.startswith("events/"):
                    rows += pq.read_table(io.BytesIO(content)).to_pylist()
                elif key.startswith("logs/"):
                    rows += [json.loads(line) for line in gzip.decompress(content).splitlines()]
        return rows

    def others(self) -> str:
        """A checksum over everything that is not the person's."""
        state = hashlib.sha256()
        for table in TABLES:
            for row in self.rows(sql.SQL("select t::text from {} t order by 1").format(sql.Identifier(table))):
                if not self._of_canary(table, row[0]):
                    state.update(row[0].encode())
        theirs = {json.dumps(row, sort_keys=True) for row in self.events() if not of_canary(row)}
        state.update("".join(sorted(theirs)).encode())
        for key, contents in self.versions().items():
            if not key.startswith(("events/", "logs/")) and "7" not in key:
                state.update(key.encode() + b"".join(contents))
        return state.hexdigest()

    def _of_canary(self, table: str, row: str) -> bool:
        fields = row.strip("()").split(",")
        own = {"contact": 0, "message": 0}.get(table, 1)
        return table != "customer" and fields[own] == str(CANARY)

    def canary_rows(self) -> dict[str, int]:
        """How many rows each table has of the person."""
        whose = {"contact": "id", "message": "id"}
        found = {}
        for table in TABLES[:-1]:
            query = sql.SQL("select count(*) from {} where {} = 7").format(
                sql.Identifier(table), sql.Identifier(whose.get(table, "contact_id"))
            )
            found[table] = self.rows(query)[0][0]
        return found

    def machinery(self) -> str:
        """All that the governance database says."""
        names = self.governance.execute(
            "select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
        ).fetchall()
        said = []
        for (name,) in names:
            said += self.governance.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(name))).fetchall()
        self.governance.commit()
        return str(said)


@pytest.fixture(scope="module")
def ground(postgres: Postgres, s3: S3) -> Iterator[tuple[Database, dict[str, Connection], str]]:
    keys = s3.keys["admin"]
    cases = Connection(
        conn_type="aws", login=keys.access, password=keys.secret,
        extra={"endpoint_url": s3.endpoint, "encryption_key": Fernet.generate_key().decode()},
    )  # fmt: skip
    client, name = s3.client("admin"), f"cases-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=name)
    with fresh_database(postgres) as shop:
        yield shop, {"shop_rights": connection_to(shop), "files_rights": cases, "cases_rights": cases}, name
    for each in client.list_objects_v2(Bucket=name).get("Contents", ()):
        client.delete_object(Bucket=name, Key=each["Key"])
    client.delete_bucket(Bucket=name)


@pytest.fixture
def house(ground: tuple[Database, dict[str, Connection], str], governance: Database, bucket: Bucket) -> Iterator[House]:
    shop, connections, cases = ground
    made = policy(bucket.name, cases)
    bucket.client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    with (
        psycopg.connect(shop.conninfo, autocommit=True) as db,
        psycopg.connect(governance.conninfo) as governed,
    ):
        db.execute("drop schema public cascade; create schema public")
        db.execute(SCHEMA)
        vault = open_vault(made, connections.__getitem__, "rights")
        built = House(made, dict(connections), db, governed, bucket, vault, shop)
        for number in (1, CANARY):
            built.put(f"docs/{number}.pdf", contact_id=str(number))
            built.put(f"calls/{number}.wav", phone="+31 6 1234 5678" if number == CANARY else "0610000001")
            sender = EMAIL if number == CANARY else "p1@example.nl"
            built.put(f"inbox/{number}.eml", f"From: Somebody <{sender}>\nSubject: hello\n\nbody".encode())
        rows = [event(number, 1 + number % 21) for number in range(42)]
        table = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows), table)
        built.put("events/a.parquet", table.getvalue())
        lines = gzip.compress("".join(f"{json.dumps(row)}\n" for row in rows).encode())
        built.put("logs/a.jsonl.gz", lines)
        yield built
