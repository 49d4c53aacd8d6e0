import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import class_row
from pydantic import TypeAdapter
from servers import Bucket, Database, connection_to

from hoeder import inventory
from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.policy.models import Policy
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection

TODAY = date(2026, 11, 22)
RUN = ledger.Run("c" * 64, "inventory", "run-1", "scan")

SCHEMA = """
    create table customer (id int primary key, full_name text, email text, bsn text, score int, reply_to text);
    create table message (id int primary key, body text, closed_on date, status text);
    create table settings (key text, value text);
    create table nothing (email text);
    insert into customer select n, 'Anna Jansen', n || '@a.example', '111222333', n, n || '@b.example'
        from generate_series(1, 20) n;
    insert into message values
        (1, 'mijn bsn is 111222333 graag aanpassen', '2020-01-01', 'closed'),
        (2, 'waar blijft mijn bestelling toch', '2026-11-01', 'closed'),
        (3, 'hallo ik heb nog een vraag', null, 'open'), (4, 'hallo ik heb een klacht', null, 'closed');
    insert into settings values ('colour', 'blue');
"""


def rule(name: str, keep: str, applies_to: str, pending: str | None) -> dict[str, Any]:
    return {
        "rule": name, "category": name, "purpose": "a test", "role": "controller", "keep": keep,
        "type": "OWN", "because": "a test",
        "applies_to": applies_to, "then": "erase",
        "pending": {"column": "status", "is": [pending]} if pending else None, "valid_from": "2026-01-01",
        "source": {"basis": "test", "certainty": "L", "owner": "test", "approved_on": "2026-01-01",
                   "changed_by": "clerk"},
    }  # fmt: skip


def policy_for(bucket: str) -> Policy:
    store = {"role": "controller", "owner": "o", "description": "d"}
    about = {"description": "d", "purpose": "p"}
    return TypeAdapter(Policy).validate_python({
        "organisation": {
            "name": "Shop", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
            "locked_years": 1, "ledger_kept_years": 1, "postal_address": ["a"], "supervisors": [],
            "officers": {"dpo": {"title": "DPO", "tasks": "t", "user": "dpo", "approves": ["retention"]}},
        },
        "stores": {
            "shop": {**store, "kind": "postgresql", "connection": "shop"},
            "files": {**store, "kind": "s3", "connection": "files", "bucket": bucket},
        },
        "datasets": {
            "shop": {"store": "shop", "tables": {
                "customer": {**about, "may_hold": ["national-id"], "columns": {
                    "id": "user.unique_id", "full_name": "user.name", "email": "user.contact.email",
                    "bsn": "user.government_id.national_identification_number", "score": "system.operations",
                    "reply_to": "system.operations", "fax": "user.contact.fax_number"}},
                "message": {**about, "columns": {
                    "id": "system", "body": "user.content.private", "closed_on": "system", "status": "system"}},
                "archive": {**about, "columns": {"id": "system"}},
            }},
            "files": {"store": "files", "prefixes": {
                "logs/": {**about, "format": "jsonl.gz",
                          "columns": {"ip": "user.device.ip_address", "agent": "user.device"}},
                "copies/": {**about, "format": "document", "columns": {"left_on": "system", "status": "system"}},
                "gone/": {**about, "format": "document"},
            }},
        },
        "retention": [
            rule("messages", "3 months after closed_on", "shop.message", "open"),
            rule("archive", "1 year after made_on", "shop.archive", None),
            rule("customers", "1 year after left_on", "shop.customer", None),
            rule("logs", "30 days after date", "files:logs/", None),
            rule("copies", "5 years after the calendar year of left_on", "files:copies/", "active"),
        ],
        "releases": [], "digest": "c" * 64,
    })  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """Two stores, a policy about them, and the governance database."""

    policy: Policy
    connections: dict[str, Connection]
    store: psycopg.Connection[tuple[Any, ...]]
    governance: psycopg.Connection[tuple[Any, ...]]
    bucket: Bucket

    def scan(self, store: str) -> inventory.Summary:
        return inventory.run(store, self.policy, self.connections.__getitem__, run=RUN, today=TODAY)

    def verdicts(self) -> dict[str, str]:
        rows = self.governance.execute("select object || ':' || \"column\", verdict from scanned_column").fetchall()
        return {str(name): str(verdict) for name, verdict in rows}

    def rules(self) -> dict[str, tuple[Any, ...]]:
        query = 'select rule, "rows", due, missing_anchor, oldest from scanned_rule'
        return {name: counts for name, *counts in map(list, self.governance.execute(query).fetchall())}  # type: ignore[misc]

    def outcomes(self) -> list[str | None]:
        with self.governance.cursor(row_factory=class_row(ledger.Entry)) as cursor:
            query = "select * from ledger where phase = 'outcome' order by entry"
            return [entry.outcome for entry in cursor.execute(query).fetchall()]


@pytest.fixture
def shop(database: Database, governance: Database, bucket: Bucket, s3: S3) -> Iterator[Shop]:
    keys = s3.keys["admin"]
    connections = {
        "shop_inventory": connection_to(database),
        "governance_inventory": connection_to(governance),
        "files_inventory": Connection(
            conn_type="aws", login=keys.access, password=keys.secret, extra={"endpoint_url": s3.endpoint}
        ),
    }
    with (
        psycopg.connect(database.conninfo, autocommit=True) as store,
        psycopg.connect(governance.conninfo, autocommit=True) as ours,
    ):
        yield Shop(policy_for(bucket.name), connections, store, ours, bucket)


def test_declared_and_seen_are_compared_column_by_column(shop: Shop) -> None:
    shop.store.execute(SCHEMA)
    summary = shop.scan("shop")
    verdicts = shop.verdicts()
    assert {name for name, verdict in verdicts.items() if verdict == "agreed"} == {
        "customer:id", "customer:full_name", "customer:email", "customer:bsn", "customer:score",
        "message:id", "message:closed_on", "message:status",
    }  # fmt: skip
    assert verdicts["customer:reply_to"] == "undeclared", "declared as system, and full of addresses"
    assert verdicts["nothing:email"] == "undeclared", "nobody spoke of it, empty or not"
    assert verdicts["settings:value"] == "unclassified"
    assert verdicts["message:body"] == "misplaced", "a BSN in running text"
    assert verdicts["customer:fax"] == verdicts["archive:*"] == verdicts["customer:left_on"] == "not-found"
    assert (summary.objects, summary.rows, summary.misplaced, summary.failed) == (4, 25, 1, 0)
    assert (summary.columns, summary.personal) == (13, 7), "what is declared and not there is no column"
    assert shop.outcomes() == ["done"]


def test_rules_are_counted_as_they_will_be_planned(shop: Shop) -> None:
    shop.store.execute(SCHEMA)
    shop.scan("shop")
    assert shop.rules() == {"messages": [4, 1, 1, date(2020, 1, 1)]}, "a rule without its anchor is not counted as zero"


def test_a_bucket_is_scanned_by_prefix(shop: Shop) -> None:
    put = shop.bucket.client.put_object
    body = gzip.compress(json.dumps({"ip": "10.1.2.3", "who": "x@y.example"}).encode())
    for day in ("2026-10-01", "2026-11-20", "nonsense"):
        put(Bucket=shop.bucket.name, Key=f"logs/date={day}/a.jsonl.gz", Body=body)
    put(Bucket=shop.bucket.name, Key="copies/1.pdf", Body=b"x", Metadata={"left_on": "2015-03-01", "status": "left"})
    put(Bucket=shop.bucket.name, Key="copies/2.pdf", Body=b"x", Metadata={"status": "active"})
    put(Bucket=shop.bucket.name, Key="copies/3.pdf", Body=b"x", Metadata={"status": "left"})
    put(Bucket=shop.bucket.name, Key="export/all.csv", Body=b"x")
    summary = shop.scan("files")
    assert shop.verdicts() == {
        "logs/:ip": "agreed", "logs/:who": "undeclared", "logs/:agent": "not-found", "copies/:left_on": "agreed",
        "copies/:status": "agreed", "gone/:*": "not-found", "export/:*": "undeclared",
        "export/:column_1": "unclassified",
    }  # fmt: skip
    assert shop.rules() == {"logs": [3, 1, 1, date(2026, 10, 1)], "copies": [3, 1, 1, date(2015, 3, 1)]}
    assert (summary.objects, summary.rows) == (4, 7)


def test_what_folders_and_keys_say_of_persons_reaches_neither_record_nor_message(shop: Shop) -> None:
    for name in ("jan.jansen@example.nl", "piet.puk@example.nl"):
        body = gzip.compress(json.dumps({"by": {name: 3}}).encode())
        shop.bucket.client.put_object(Bucket=shop.bucket.name, Key=f"{name}/{name}.jsonl.gz", Body=body)
        shop.bucket.client.put_object(Bucket=shop.bucket.name, Key=f"{name}/{name}.2.jsonl.gz", Body=b"nonsense")
    with pytest.raises(StoreError, match="1 parts could not be read") as told:
        shop.scan("files")
    recorded = "".join(
        str(shop.governance.execute(f"select * from {table}").fetchall())  # type: ignore[arg-type]
        for table in ("ledger", "scan", "scanned_object", "scanned_column")
    )
    assert "example.nl" not in recorded + str(told.value)
    assert shop.verdicts()["/:by.(other)"] == "unclassified"


def test_an_unreadable_file_turns_the_scan_red_and_the_rest_is_recorded(shop: Shop) -> None:
    put = shop.bucket.client.put_object
    put(Bucket=shop.bucket.name, Key="logs/date=2026-11-19/a.jsonl.gz", Body=b"not gzip")
    put(Bucket=shop.bucket.name, Key="logs/date=2026-11-20/a.jsonl.gz", Body=gzip.compress(b'{"ip": "10.1.2.3"}'))
    with pytest.raises(StoreError, match=rf"{shop.bucket.name}/logs/date=2026-11-19/a.jsonl.gz is not jsonl.gz"):
        shop.scan("files")
    assert shop.verdicts()["logs/:*"] == "unclassified"
    assert shop.verdicts()["logs/:ip"] == "agreed"
    assert shop.outcomes() == ["partial"]


def test_a_table_that_may_not_be_read_is_never_nothing_personal(shop: Shop, database: Database) -> None:
    shop.store.execute(SCHEMA)
    shop.store.execute(f"create role low_{database.dbname} login password 'low'")  # type: ignore[arg-type]
    try:
        low = shop.connections["shop_inventory"].model_copy(
            update={"login": f"low_{database.dbname}", "password": "low"}
        )
        shop.connections["shop_inventory"] = low
        with pytest.raises(StoreError, match="customer: permission denied"):
            shop.scan("shop")
    finally:
        shop.store.execute(f"drop role low_{database.dbname}")  # type: ignore[arg-type]
    assert shop.verdicts()["customer:email"] == "unclassified"
    assert shop.governance.execute("select count(*) from scanned_object").fetchone() == (0,)
    assert shop.outcomes() == ["partial"]


@pytest.mark.parametrize(
    ("store", "change", "outcome"),
    [
        ("shop", {"port": 9}, "unreachable"),
        ("shop", {"database": "no_such_database"}, "missing"),
        ("shop", {"password": "wrong"}, "failed"),
        ("files", {"extra": {"endpoint_url": "http://127.0.0.1:9"}}, "unreachable"),
        ("files", {"password": "wrong"}, "failed"),
    ],
)
def test_a_store_that_cannot_be_read_has_an_outcome_of_its_own(
    shop: Shop, store: str, change: dict[str, object], outcome: str
) -> None:
    broken = shop.connections[f"{store}_inventory"].model_copy(update=change)
    shop.connections[f"{store}_inventory"] = broken
    with pytest.raises(StoreError) as told:
        shop.scan(store)
    assert shop.outcomes() == [outcome]
    assert "wrong" not in str(told.value)
    assert shop.governance.execute("select count(*) from scan where finished_at is not null").fetchone() == (0,)


def test_a_bucket_that_does_not_exist_is_missing(shop: Shop) -> None:
    stores = {
        **shop.policy.stores,
        "files": shop.policy.stores["files"].model_copy(update={"bucket": "no-such-bucket"}),
    }
    policy = shop.policy.model_copy(update={"stores": stores})
    with pytest.raises(StoreError, match="no-such-bucket"):
        inventory.run("files", policy, shop.connections.__getitem__, run=RUN, today=TODAY)
    assert shop.outcomes() == ["missing"]


def test_an_empty_store_is_an_outcome_and_its_declarations_are_not_found(shop: Shop) -> None:
    summary = shop.scan("shop")
    assert (summary.objects, summary.columns, summary.personal) == (0, 0, 0)
    assert shop.outcomes() == ["done"]
    assert set(shop.verdicts().values()) == {"not-found"}


def test_nothing_that_is_recorded_holds_a_value(shop: Shop) -> None:
    shop.store.execute(SCHEMA)
    shop.scan("shop")
    tables = ("ledger", "scan", "scanned_object", "scanned_column", "scanned_rule")
    recorded = "".join(str(shop.governance.execute(f"select * from {table}").fetchall()) for table in tables)  # type: ignore[arg-type]
    assert not any(value in recorded for value in ("Anna", "@a.example", "111222333", "blue"))


def test_the_inventory_role_is_enough_to_record_a_scan(shop: Shop, governance: Database) -> None:
    name = f"inv_{governance.dbname}"
    shop.governance.execute(f"create role {name} login password 'p' in role hoeder_inventory")  # type: ignore[arg-type]
    try:
        ours = shop.connections["governance_inventory"].model_copy(update={"login": name, "password": "p"})
        shop.connections["governance_inventory"] = ours
        shop.scan("shop")
    finally:
        shop.governance.execute(f"drop role {name}")  # type: ignore[arg-type]


def _uri(database: Database) -> str:
    return f"postgresql://{database.user}:{database.password}@{database.host}:{database.port}/{database.dbname}"


def test_an_address_is_enough_to_look_through_a_database(database: Database) -> None:
    source = random.Random(3)
    with psycopg.connect(database.conninfo) as db:
        db.execute("create table klant (mob text, bedrag numeric)")
        for _ in range(20):
            db.execute("insert into klant values (%s, 1)", [f"061{source.randrange(10**7):07d}"])
    findings = {finding.column: finding for finding in inventory.scan_uri(_uri(database))}
    assert findings["mob"].category == "user.contact.phone_number"
    assert findings["bedrag"].category is None
    assert findings["mob"].store == database.dbname


@pytest.mark.parametrize(
    "uri", ["mysql://u:secret@h/d", "postgresql://u:secret@127.0.0.1:9/d", "s3:///x", "postgresql://%zz"]
)
def test_an_address_that_leads_nowhere_is_not_repeated(uri: str) -> None:
    with pytest.raises(StoreError) as told:
        inventory.scan_uri(uri)
    assert "secret" not in str(told.value)
