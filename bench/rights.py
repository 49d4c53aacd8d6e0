"""What finding a person, and erasing many at once, costs against the look-ups and scans it needs: ratios in one run.

.venv/bin/python bench/rights.py [--quick] [find] [batch]
"""
# not a DAG: it may import what it measures

import gzip
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from cryptography.fernet import Fernet
from psycopg import sql
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from hoeder.evidence.ledger import Run
from hoeder.governance import migrate
from hoeder.governance.protection import Protections
from hoeder.persons.find import find
from hoeder.persons.indexes import lacking
from hoeder.persons.person import Found, Person, Scope
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import batch, case, case_file, decide, search
from hoeder.rights.case import Channel, What
from hoeder.rights.case_file import CaseFile
from hoeder.stack import postgres, s3
from hoeder.stores.connection import Connection, connect, s3_client
from hoeder.vault import Vault, open_vault

TODAY = date(2026, 11, 22)
RUN = Run("a" * 64, "subject_request", "run-1", "carry_out")
KEY = ReferenceKey(b"k" * 32)
TABLES = 20
REQUESTS = 1_000
ONE = UUID(int=1)


@dataclass(frozen=True)
class Ratio:
    """One measured figure and the most it may be."""

    what: str
    measured: float
    most: float
    detail: str


def policy() -> Policy:
    """Twenty tables, a prefix of documents and one of files with rows."""
    said = {"description": "d", "purpose": "p"}
    columns = {"email": "user.contact.email", "phone": "user.contact.phone_number"}
    tables: dict[str, Any] = {
        f"t{n:02}": said | {"subject": {"kind": "contact", "column": "contact_id"},
                            "columns": {"contact_id": "user.unique_id", "email": "user.contact.email"}}
        for n in range(1, TABLES)
    } | {"t00": said | {"subject": {"kind": "contact", "column": "id"},
                        "columns": {"id": "user.unique_id", "name": "user.name", **columns}}}  # fmt: skip
    subject = {"subject": {"kind": "contact", "column": "contact_id"}, "columns": {"contact_id": "user.unique_id"}}
    prefixes = {"docs/": said | subject | {"format": "document"}, "logs/": said | subject | {"format": "jsonl.gz"}}
    place = {"role": "controller", "owner": "o", "description": "d", "backups_kept_days": 30}
    return TypeAdapter(Policy).validate_python(
        {
            "organisation": {
                "name": "Bench", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
                "locked_years": 1, "ledger_kept_years": 1, "postal_address": ["a"], "supervisors": [], "officers": {},
            },
            "stores": {
                "shop": {"kind": "postgresql", "connection": "shop", **place},
                "files": {"kind": "s3", "connection": "files", "bucket": "files", **place},
                "cases": {"kind": "s3", "connection": "files", "bucket": "cases", **place},
            },
            "datasets": {
                "shop": {"store": "shop", "tables": tables}, "files": {"store": "files", "prefixes": prefixes},
            },
            "retention": [], "releases": [], "digest": "a" * 64,
        }
    )  # fmt: skip


@dataclass
class Site:
    """Servers with a store, a governance database and a vault."""

    policy: Policy
    connections: dict[str, Connection]
    db: psycopg.Connection[Any]
    governance: psycopg.Connection[Any]
    vault: Vault

    def resolve(self, name: str) -> Connection:
        return self.connections[name]

    def find(self, person: Person, *, objects: bool) -> Found:
        at = self.governance if objects else None
        return find(self.policy, self.resolve, KEY, {ONE: person}, Scope(), governance=at)[ONE]


@contextmanager
def site(made: Policy) -> Iterator[Site]:
    home = Path(tempfile.mkdtemp(prefix="hoeder-bench-"))
    try:
        server = postgres.start(home, "bench", throwaway=True)
        objects = s3.start(home, [s3.S3Identity("admin", ("Admin",))])
        with psycopg.connect(server.conninfo(), autocommit=True) as first:
            for name in ("shop", "governance"):
                first.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        shop, governed = (
            Connection(
                conn_type="postgres", host=server.host, port=server.port, login=server.superuser,
                password=server.password, schema=name,
            )
            for name in ("shop", "governance")
        )  # fmt: skip
        migrate.upgrade(governed)
        keys = objects.keys["admin"]
        files = Connection(
            conn_type="aws", login=keys.access, password=keys.secret,
            extra={"endpoint_url": objects.endpoint, "encryption_key": Fernet.generate_key().decode()},
        )  # fmt: skip
        client = objects.client("admin")
        for name in ("files", "cases"):
            client.create_bucket(Bucket=name)
        client.put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
        with (
            psycopg.connect(server.conninfo("shop"), autocommit=True) as db,
            psycopg.connect(server.conninfo("governance")) as governance,
        ):
            connections = {"shop_rights": shop, "files_rights": files}
            vault = open_vault(made, connections.__getitem__, "rights")
            yield Site(made, connections, db, governance, vault)
    finally:
        s3.stop(home)
        postgres.stop(home)
        shutil.rmtree(home, ignore_errors=True)


def fill(db: psycopg.Connection[Any], persons: int) -> None:
    """A row of about 120 bytes of every person in each of the tables; the numbers of rows are not those of persons."""
    for n in range(TABLES):
        name = sql.Identifier(f"t{n:02}")
        if n == 0:
            made = sql.SQL(
                "create table {} as select n id, 'Piet Persoon' || n name, 'p' || n || '@example.nl' email, "
                "'06' || lpad(n::text, 8, '0') phone, repeat(md5(n::text), 2) body from generate_series(1, {}) n"
            ).format(name, sql.Literal(persons))
        else:
            made = sql.SQL(
                "create table {} as select n::bigint id, 1 + (n * 7) % {} contact_id, "
                "'q' || n || '@example.nl' email, repeat(md5(n::text), 2) body from generate_series(1, {}) n"
            ).format(name, sql.Literal(persons), sql.Literal(persons))
        db.execute(made)  # `create table … as` takes no parameters
        db.execute(sql.SQL("alter table {} add primary key (id)").format(name))
        db.execute(sql.SQL("vacuum (analyze) {}").format(name))
    db.execute("checkpoint")


def upload(at: Site, objects: int, persons: int) -> None:
    """Half of them documents that say whose they are, half files with a hundred rows."""
    client = s3_client(at.resolve("files_rights"))

    def put(n: int) -> None:
        if n % 2:
            whose = {"contact_id": str(1 + n * 7 % persons)}
            client.put_object(Bucket="files", Key=f"docs/{n:05}.pdf", Body=b"x", Metadata=whose)
        else:
            rows = "".join(json.dumps({"contact_id": 1 + (n * 100 + k) % persons}) + "\n" for k in range(100))
            client.put_object(Bucket="files", Key=f"logs/{n:05}.jsonl.gz", Body=gzip.compress(rows.encode(), 1))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(put, range(objects)))


def timed(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def look_ups(at: Site, found: Found) -> None:
    """What it takes at the least, for whoever knows every name of the person: each index once, and the objects."""
    known: dict[str, list[str]] = {}
    for kind, value in found.identities:
        known.setdefault(kind, []).append(value)
    with connect(at.resolve("shop_rights"), autocommit=True) as db:
        for n in range(TABLES):
            own, name = "id" if n == 0 else "contact_id", sql.Identifier(f"t{n:02}")
            by_number = sql.SQL("select * from {} where {} = any(%s::int[])").format(name, sql.Identifier(own))
            db.execute(by_number, [[int(value) for value in known["contact"]]]).fetchall()
            by_mail = sql.SQL("select * from {} where lower(btrim(email)) = any(%s)").format(name)
            db.execute(by_mail, [known["email"]]).fetchall()
    client = s3_client(at.resolve("files_rights"))
    for page in client.get_paginator("list_object_versions").paginate(Bucket="files"):
        page.get("Versions", [])
    for match in found.matches:
        if match.store == "files":
            key, _, version = match.key.partition("\0")
            if version:
                gzip.decompress(client.get_object(Bucket="files", Key=key, VersionId=version)["Body"].read())
            else:
                client.head_object(Bucket="files", Key=key)


def one_person(quick: bool) -> list[Ratio]:
    """One person among millions of rows in twenty tables, and thousands of objects, with indexes."""
    persons, objects = (50_000, 1_000) if quick else (500_000, 10_000)
    with site(policy()) as at:
        fill(at.db, persons)
        upload(at, objects, persons)
        for each in lacking(at.policy, at.resolve, Scope()):
            at.db.execute(each.statement)
        at.db.execute("analyze")
        person = Person(frozenset({("email", f"P{persons // 2 + 1}@example.nl")}), (f"Piet Persoon{persons // 2 + 1}",))
        first = timed(lambda: at.find(person, objects=True))
        found = at.find(person, objects=True)
        if len({match.target for match in found.matches}) < TABLES or not found.complete:
            raise SystemExit(f"found in {len({match.target for match in found.matches})} places only")
        ours = min(timed(lambda: at.find(person, objects=True)) for _ in range(5))
        plain = min(timed(lambda: look_ups(at, found)) for _ in range(5))
    scale = f"{persons * TABLES:,} rows, {objects:,} objects"
    return [
        Ratio(f"One person in {scale}: seconds", ours, 2, f"the first time, objects unread: {first:.1f} s"),
        Ratio("the same: seconds ÷ plain indexed look-ups", ours / plain, 1.5, f"{ours:.2f} s against {plain:.2f} s"),
    ]


def many_requests(quick: bool) -> list[Ratio]:
    """A thousand erasures in one batch, from tables without indexes: searched, decided, erased."""
    persons, requests = (50_000, REQUESTS // 10) if quick else (500_000, REQUESTS)
    with site(policy()) as at:
        fill(at.db, persons)
        person = Person(frozenset({("email", "p77@example.nl")}))
        one = min(timed(lambda: at.find(person, objects=False)) for _ in range(2))
        cases = [open_case(at, f"p{100 + n * 13}@example.nl") for n in range(requests)]
        found = search.look_many(at.governance, at.policy, at.resolve, KEY, at.vault, cases)
        decided = decide.propose_many(at.policy, at.resolve, Protections.read(at.governance, KEY), found, TODAY)
        granted = {number: decide.digest_of(each) for number, each in decided.items()}
        at.governance.commit()
        done: dict[UUID, batch.Done] = {}
        many = timed(
            lambda: done.update(
                batch.erase(
                    at.governance, at.policy, at.resolve, KEY, at.vault, granted, run=RUN, today=TODAY
                )
            )
        )  # fmt: skip
        erased = sum(each.counts["erased"] for each in done.values())
        left = at.db.execute("select count(*) from t00").fetchone()
        if any(each.problem for each in done.values()) or left != (persons - requests,):
            raise SystemExit(f"{erased} erased, {left} persons left")
    return [
        Ratio(
            f"{requests:,} erasures in {persons * TABLES:,} rows without indexes ÷ one person's search", many / one, 5,
            f"{many:.1f} s for {erased:,} records, against {one:.1f} s",
        )
    ]  # fmt: skip


def open_case(at: Site, email: str) -> UUID:
    """A case up to its decision."""
    number, _ = case.open_case(
        at.governance, received_at=datetime.now(UTC), channel=Channel.MAIL, language="nl", policy_digest="a" * 64,
        stores=["shop"],
    )  # fmt: skip
    case_file.write(at.vault, number, CaseFile(identities=(("email", email),)))
    for what in (What.PROPOSED, What.CONFIRMED, What.IDENTIFIED, What.SEARCHED, What.DECIDED):
        case.take(at.governance, number, what, "bench", {"rights": ["erasure"]} if what is What.CONFIRMED else {})
    at.governance.commit()
    return number


SCENES: dict[str, Callable[[bool], list[Ratio]]] = {"find": one_person, "batch": many_requests}


def main(arguments: list[str]) -> None:
    quick = "--quick" in arguments
    table = Table(title=f"Requests{' (quick)' if quick else ''}, {os.cpu_count()} cores")
    for heading in ("what", "measured", "at most", "", "detail"):
        table.add_column(heading, justify="right" if heading in ("measured", "at most") else "left", overflow="fold")
    for scene in [name for name in arguments if name in SCENES] or list(SCENES):
        for each in SCENES[scene](quick):
            met = "met" if each.measured <= each.most else "[red]missed[/red]"
            table.add_row(each.what, f"{each.measured:,.2f}", f"{each.most:g}", met, each.detail)
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
