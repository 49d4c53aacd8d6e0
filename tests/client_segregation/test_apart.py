"""Each client's data, looked at from the outside: what is apart, and every way in which it is not."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import office
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from pydantic import TypeAdapter
from servers import Bucket, Database, connection_to, fresh_database

from hoeder import client_segregation
from hoeder.client_segregation import Checked, Kind
from hoeder.client_segregation.named import Known
from hoeder.clock import AMSTERDAM
from hoeder.errors import PolicyError, StoreError
from hoeder.evidence.ledger import Run
from hoeder.policy import Policy
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection

RUN = Run("a" * 64, "client_segregation", "manual__2026-11-22T00:00:00+00:00", "check")
CANARY = "Roggeveldhuis"
SCHEMA = """
    create table customer (id int primary key, client_id int, number text, email text, phone text);
    create table note (id int primary key, client_id int, customer_id int references customer, body text);
    insert into customer values (1, 1, 'K100001', 'red@post.example', '06 00 123456'), (2, 2, 'K200002',
        'blue@post.example', '0600654321'), (3, 2, 'K200003', 'red@post.example', null), (4, 1, '7', null, null);
    insert into note values (1, 1, 1, 'Belt over K100001'), (2, 2, 2, 'Mail naar blue@post.example'),
        (3, 2, 3, 'Roggeveldhuis, red@post.example'), (4, 1, 4, 'Kwam 7 keer langs op 06-11-2026, ordernr 200002');
"""


def policy(prefix: str, bucket: str) -> Policy:
    def table(client: str, **columns: str) -> dict[str, Any]:
        return {"description": "d", "purpose": "p", "client_column": "client_id", "columns": columns,
                "subject": {"kind": "customer", "column": client}}  # fmt: skip

    access = office.policy().access_review
    assert access is not None
    group = {"store": "shop", "may": ["select"], "tables": ["note"]}
    stores: dict[str, Any] = {
        "shop": {"kind": "postgresql", "connection": f"{prefix}shop", "role": "processor", "owner": "o",
                 "description": "d"},
        "returns": {"kind": "s3", "connection": "objects", "bucket": bucket, "role": "processor", "owner": "o",
                    "description": "d"},
        "releases": {"kind": "s3", "connection": "objects", "bucket": bucket, "role": "processor", "owner": "o",
                     "description": "d"},
    }  # fmt: skip
    return TypeAdapter(Policy).validate_python({
        "organisation": {
            "name": "Shop", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
            "locked_years": 1, "ledger_kept_years": 1, "postal_address": ["a"], "supervisors": [], "officers": {},
        },
        "stores": stores, "retention": [], "releases": [], "digest": "a" * 64,
        "datasets": {"shop": {"store": "shop", "tables": {
            "customer": table("id", id="user.unique_id", client_id="system", number="user.unique_id",
                              email="user.contact.email", phone="user.contact.phone_number"),
            "note": table("customer_id", id="system", client_id="system", customer_id="user.unique_id",
                          body="user.content"),
        }}},
        "access_review": access.model_dump(by_alias=True) | {
            "groups": {prefix + "agent_{client}": group}, "functions": {"x": {}},
        },
        "processing": {"clients": {
            "red": {"name": "Red", "contact": "c", "is": 1}, "blue": {"name": "Blue", "contact": "c", "is": 2},
        }},
    })  # fmt: skip


@dataclass
class Shop:
    policy: Policy
    prefix: str
    db: psycopg.Connection[tuple[Any, ...]]
    governance: psycopg.Connection[tuple[Any, ...]]
    connections: dict[str, Connection]
    bucket: Bucket

    def run(self, statement: str, *names: str) -> None:
        self.db.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def resolve(self, name: str) -> Connection:
        if name not in self.connections:
            raise StoreError(f"no connection {name}")
        return self.connections[name]

    def check(self) -> Checked:
        now = datetime(2026, 11, 22, 5, tzinfo=AMSTERDAM)
        return client_segregation.run(self.policy, self.resolve, self.governance, run=RUN, now=now)

    def found(self) -> set[tuple[str, str, str, int]]:
        return {(f.kind.value, f.place, f.client, f.number) for f in self.check().findings}


@pytest.fixture
def shop(postgres: Postgres, governance: Database, bucket: Bucket, s3: S3) -> Iterator[Shop]:
    prefix = f"t{secrets.token_hex(3)}_"
    with (
        fresh_database(postgres) as database,
        psycopg.connect(database.conninfo, autocommit=True) as db,
        psycopg.connect(governance.conninfo) as governed,
    ):
        account, keys = f"{prefix}shop_client_segregation", s3.keys["admin"]
        shop = Shop(policy(prefix, bucket.name), prefix, db, governed, {
            account: connection_to(database).model_copy(update={"login": account, "password": "shop"}),
            "objects_client_segregation": Connection(
                conn_type="aws", login=keys.access, password=keys.secret, extra={"endpoint_url": s3.endpoint}
            ),
        }, bucket)  # fmt: skip
        db.execute(SCHEMA)
        try:
            shop.run("create role {} login password 'shop'", account)
            shop.run("grant select on customer, note to {}", account)
            db.execute("alter table note enable row level security")
            shop.run("create policy look on note for select to {} using (true)", account)
            for client, number in (("red", 1), ("blue", 2)):
                role = f"{prefix}agent_{client}"
                shop.run("create role {}", role)
                shop.run("grant select on note to {}", role)
                shop.run("grant {} to {} with inherit false, set true", role, account)
                db.execute(sql.SQL("create policy {} on note for select to {} using (client_id = {})").format(
                    sql.Identifier(role), sql.Identifier(role), sql.Literal(number)))  # fmt: skip
            yield shop
        finally:
            for role in (account, f"{prefix}agent_red", f"{prefix}agent_blue", f"{prefix}agent_gone"):
                if db.execute("select from pg_roles where rolname = %s", [role]).fetchone() is not None:
                    shop.run("drop owned by {} cascade", role)
                    shop.run("drop role {}", role)


def test_clients_whose_roles_see_their_own_alone_are_apart(shop: Shop) -> None:
    checked = shop.check()
    assert (checked.findings, checked.trials, checked.apart, checked.notes, checked.whole) == ((), 4, 4, 4, True)
    rows = shop.governance.execute(
        "select place, client, outcome, own, others from separation_trial order by place, client"
    ).fetchall()
    assert rows == [
        ("customer", "blue", "no-access", None, None), ("customer", "red", "no-access", None, None),
        ("note", "blue", "apart", 2, 0), ("note", "red", "apart", 2, 0),
    ]  # fmt: skip


def test_without_row_level_security_a_role_sees_others(shop: Shop) -> None:
    shop.db.execute("alter table note disable row level security")
    assert shop.found() == {("sees-others", "note", "red", 2), ("sees-others", "note", "blue", 2)}


def test_a_grant_on_another_table_of_clients_is_seen_too(shop: Shop) -> None:
    shop.run("grant select (client_id) on customer to {}", f"{shop.prefix}agent_red")
    assert shop.found() == {("sees-others", "customer", "red", 2)}


def test_a_role_that_does_not_see_all_of_its_own_is_told_of(shop: Shop) -> None:
    shop.run("drop policy {} on note", f"{shop.prefix}agent_blue")
    assert shop.found() == {("sees-less", "note", "blue", 1)}


def test_a_role_that_is_missing_or_not_to_be_taken_on_is_never_fine(shop: Shop) -> None:
    shop.run("alter role {} rename to {}", f"{shop.prefix}agent_red", f"{shop.prefix}agent_gone")
    shop.run("revoke {} from {}", f"{shop.prefix}agent_blue", f"{shop.prefix}shop_client_segregation")
    checked = shop.check()
    assert {(f.kind, f.client) for f in checked.findings} == {
        (Kind.ROLE_MISSING, "red"), (Kind.ROLE_UNREADABLE, "blue"),
    }  # fmt: skip
    assert not checked.whole
    assert shop.governance.execute("select outcome from ledger where phase = 'outcome'").fetchall() == [("partial",)]


def test_a_store_that_cannot_be_read_is_told_of_and_the_rest_is_looked_at(shop: Shop) -> None:
    del shop.connections[f"{shop.prefix}shop_client_segregation"]
    assert shop.found() == {("role-unreadable", "", "", 1)}


def test_a_view_that_shows_what_row_level_security_would_not(shop: Shop) -> None:
    shop.db.execute("create view week as select client_id, body from note")
    assert shop.found() == set()  # nobody reads it
    shop.run("grant select on week to {}", f"{shop.prefix}agent_red")
    assert shop.found() == {("view-around", "week", "", 1)}
    shop.db.execute("alter view week set (security_invoker = true)")
    assert shop.found() == set()


def test_a_row_that_refers_to_another_clients_row(shop: Shop) -> None:
    shop.db.execute("update note set customer_id = 2, body = '' where id = 1")
    assert shop.found() == {("rows-crossed", "note", "", 1)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("zie K200002", True), ("mail BLUE@post.example even", True), ("bel +31 600 654 321.", True),
        ("red@post.example", False),  # a customer of both
        ("K100001", False), ("nummer 7", False), ("K2000021", False), ("", False),
    ],
)  # fmt: skip
def test_a_note_that_names_another_clients_customer(shop: Shop, text: str, names: bool) -> None:
    shop.db.execute("update note set body = %s where id = 1", [text])
    assert shop.found() == ({("named-in-note", "note", "red", 1)} if names else set())


def test_an_object_that_is_another_clients(shop: Shop) -> None:
    def put(key: str, body: bytes = b"x") -> None:
        shop.bucket.client.put_object(Bucket=shop.bucket.name, Key=key, Body=body)

    def manifest(client: str) -> bytes:
        return json.dumps({"client": client, "files": [{"name": "rows"}]}).encode()

    put("client-red/rule/2026/manifest.json", manifest("red"))
    put("client-red/rule/2026/rows")
    assert shop.found() == set()
    put("client-red/rule/2026/more")  # which the manifest does not name
    put("client-blue/rule/2026/manifest.json", manifest("red"))
    put("client-blue/rule/2026/rows")
    put("client-blue/broken/manifest.json", b"{")
    put("versions/client-red/unknown/version=1/data.parquet")
    assert shop.found() == {("stray-object", "", "red", 1), ("stray-object", "", "blue", 3),
                            ("stray-object", "versions/", "red", 1)}  # fmt: skip


def test_nothing_that_was_read_is_kept_or_said(
    shop: Shop, governance: Database, caplog: pytest.LogCaptureFixture
) -> None:
    shop.db.execute("update note set body = body || ' K200002' where id = 1")
    checked = shop.check()
    with psycopg.connect(governance.conninfo) as db:
        dump = " ".join(
            str(db.execute(sql.SQL("select coalesce(string_agg(t::text, ' '), '') from {} t").format(
                sql.Identifier(table))).fetchone())
            for table in ("separation_check", "separation_trial", "separation_finding", "ledger")
        )  # fmt: skip
    assert checked.findings
    assert not [word for word in (CANARY, "K200002", "blue@") if word in dump + caplog.text + repr(checked)]


def test_a_policy_without_clients_is_an_error_in_words(shop: Shop) -> None:
    shop.policy = shop.policy.model_copy(update={"access_review": None})
    with pytest.raises(PolicyError, match=r"access_review\.yaml"):
        shop.check()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(10**6, 10**6 + 20)), max_size=30), st.sampled_from("abc"),
       st.integers(10**6, 10**6 + 20))  # fmt: skip
def test_only_who_is_another_clients_and_not_the_own_is_named(
    owned: list[tuple[str, int]], own: str, named: int
) -> None:
    known = Known(("a", "b", "c"))
    for client, number in owned:
        known.learn("number", f"K{number}", client)
    owners = {client for client, number in owned if number == named}
    assert known.names_another(f"Belt over K{named}, morgen", own) == bool(owners and own not in owners)
