"""A desk: a store with our own contacts and two clients' customers, a vault, and two officers."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import yaml
from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from servers import Bucket, Database, connection_to, fresh_database
from shop import rule
from small_policy import made, store

from hoeder.disclosures import decide, export, intake, question
from hoeder.disclosures.case import Case, read
from hoeder.evidence.ledger import Run
from hoeder.governance import disclosed
from hoeder.governance.answer import Answer
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection
from hoeder.vault import Vault, open_vault

TODAY = date(2026, 11, 23)
RUN = Run("a" * 64, "disclosures", "manual__2026-11-23T09:00:00+00:00", "take_check")
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
POLICY = Path(__file__).parents[1] / "include" / "policy"

SCHEMA = """
    create table contact (id int primary key, name text, email text, phone text, city text, illness text);
    insert into contact values
        (1, 'Jan de Vries', 'jan@example.nl',  '0612345678', 'Leek',  'migraine'),
        (2, 'Piet Bakker',  'piet@example.nl', '0687654321', 'Bedum', null),
        (3, 'A. Ander',     'jan@example.nl',  null,         'Ulrum', null);   -- another who shares the mailbox
    create table note (id int primary key, contact_id int, body text);
    insert into note values (10, 1, 'belde over zijn rekening'), (11, 1, 'belde weer'), (12, 2, 'iets anders');
    create table customer (id int primary key, client_id int, name text, email text);
    insert into customer values (100, 1, 'Jan de Vries', 'jan@example.nl'), (200, 2, 'Jan de Vries', 'jan@example.nl');
"""


def certificate(days: int = 400) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Recherche (verzonnen)")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, RSA.public_key(), 1, begin, begin + timedelta(days=days))
    return made.sign(RSA, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def desk_policy(bucket: str) -> Policy:
    """Our own data, two clients' customers, the vault, and the company's own table of powers."""
    base = made(
        {"crm": store(connection="crm"), "cases": store("s3", "cases", bucket=bucket)},
        {
            "crm": {
                "contact": {"description": "d", "purpose": "p", "subject": {"kind": "contact", "column": "id"},
                            "columns": {"id": "user.unique_id", "name": "user.name", "email": "user.contact.email",
                                        "phone": "user.contact.phone_number", "city": "user.contact.address.city",
                                        "illness": "user.health_and_medical"}},
                "note": {"description": "d", "purpose": "p", "subject": {"kind": "contact", "column": "contact_id"},
                         "columns": {"contact_id": "user.unique_id", "body": "user.content.private"}},
                "customer": {"description": "d", "purpose": "p", "subject": {"kind": "customer", "column": "id"},
                             "role": "processor", "client_column": "client_id",
                             "columns": {"id": "user.unique_id", "client_id": "system.operations",
                                         "name": "user.name", "email": "user.contact.email"}},
            },
        },
        [rule("package", "4 weeks after made_on", "cases:disclosures/packages/")],
    )  # fmt: skip
    officers = {
        name: {"title": name, "tasks": "t", "user": name, "approves": ["disclosures"]} for name in ("dpo", "deputy")
    } | {"compliance_officer": {"title": "c", "tasks": "t", "user": "compliance", "approves": ["disclosures"]}}
    plain = base.model_dump(mode="json", by_alias=True)
    plain["organisation"]["officers"] = officers
    plain["datasets"]["cases"] = {
        "store": "cases",
        "prefixes": {"disclosures/packages/": {"description": "d", "purpose": "p", "format": "document",
                                               "columns": {"made_on": "system.operations"}}},
    }  # fmt: skip
    plain["processing"] = {"clients": {"acme": {"name": "Acme", "contact": "c", "is": 1},
                                       "other": {"name": "Other", "contact": "c", "is": 2}}}  # fmt: skip
    plain["disclosures"] = yaml.safe_load((POLICY / "disclosures.yaml").read_text())
    return Policy.model_validate(plain)


def written(folder: Path, certificate_pem: str | None = None, **changes: Any) -> Path:
    """A request as a person writes it; `None` leaves a key out."""
    (folder / "order.pdf").write_bytes(b"%PDF-1.7 vordering")
    (folder / "official.pem").write_text(certificate_pem or certificate())
    said: dict[str, Any] = {
        "authority": "police", "power": "sv-126nc", "article": "Sv 126nc", "document": "order.pdf",
        "received_on": date(2026, 11, 20), "verified": "called-back", "compelled": True,
        "asked": ["user.name", "user.contact"],
        "official": {"name": "J. Rechercheur", "unit": "Noord", "reached_at": "088", "certificate": "official.pem"},
        "subjects": [{"identities": {"email": "jan@example.nl"}, "names": ["Jan de Vries"]}],
    } | changes  # fmt: skip
    path = folder / f"request-{secrets.token_hex(4)}.yaml"
    path.write_text(yaml.safe_dump({name: value for name, value in said.items() if value is not None}))
    return path


@dataclass
class Desk:
    """The desk, and what the tasks of a run do at it."""

    policy: Policy
    db: psycopg.Connection[tuple[Any, ...]]
    connections: dict[str, Connection]
    vault: Vault
    bucket: Bucket
    folder: Path
    server: Database
    key: ReferenceKey = field(default_factory=lambda: ReferenceKey(b"k" * 32))
    before: frozenset[str] = frozenset()
    since: int = 0
    earlier: frozenset[UUID] = frozenset()
    """What other tests left: objects, ledger entries, cases."""

    def resolve(self, name: str) -> Connection:
        return self.connections[name]

    def new(self, **changes: Any) -> Case:
        request, file = intake.from_file(written(self.folder, **changes))
        return intake.take_in(
            self.db, self.policy, self.vault, request, file, by="clerk", run=Run(self.policy.digest), today=TODAY
        )

    def answer(self, subject: str, chosen: str, by: str, **fields: Any) -> Answer:
        return Answer(
            "disclosures", str(RUN.run_id), True, (chosen,), by, datetime.now(UTC), subject, True, "b" * 64, fields
        )

    def checked(self, case: Case, by: str = "dpo", chosen: str = "Covered", **fields: Any) -> decide.Check:
        case = read(self.db, case.case_id)
        given = {"seen": list(case.power_of(self.policy).requires)} | fields
        answer = self.answer(question.check(case, self.policy).subject, chosen, by, **given)
        return decide.check(self.db, self.policy, case.case_id, answer, run=RUN)

    def prepared(self, case: Case) -> export.Prepared:
        return export.prepare(
            self.db, self.policy, self.resolve, self.key, self.vault, case.case_id, run=RUN, today=TODAY
        )

    def release_answer(self, case: Case, by: str = "deputy", chosen: str = "Release", **fields: Any) -> Answer:
        made = export.prepared_of(self.db, case.case_id)
        subject = question.release(read(self.db, case.case_id), made).subject
        return self.answer(subject, chosen, by, **({"withheld_confirmed": True} | fields))

    def released(self, case: Case, **changes: Any) -> decide.Second:
        answer = self.release_answer(case, **changes)
        return decide.release(self.db, self.policy, case.case_id, answer, run=RUN)

    def outcomes(self, act: str) -> list[tuple[str, str]]:
        return self.db.execute(
            """select object, outcome from ledger where act = %s and phase = 'outcome' and entry > %s order by entry""",
            [act, self.since],
        ).fetchall()  # type: ignore[return-value]

    def told(self, kind: str, value: str) -> set[UUID]:
        """Cases that a person is told of, as the rights capability sees them with its own account."""
        with psycopg.connect(self.server.conninfo) as owner:
            owner.execute("set role hoeder_rights")
            return {each.case_id for each in disclosed.told(owner, self.key, [(kind, value)])} - self.earlier

    def kept(self, prefix: str) -> list[str]:
        """What this test left in the vault."""
        return sorted(set(self.vault.names(prefix)) - self.before)

    def cases(self) -> set[UUID]:
        return {case_id for (case_id,) in self.db.execute("select case_id from disclosure")} - self.earlier


@pytest.fixture(scope="module")
def crm(postgres: Postgres) -> Iterator[Database]:
    """Only read, so one for all tests of a file."""
    with fresh_database(postgres) as database:
        with psycopg.connect(database.conninfo, autocommit=True) as db:
            db.execute(SCHEMA)
        yield database


@pytest.fixture(scope="module")
def shelf(postgres: Postgres, migrated: Database, s3: S3) -> Iterator[tuple[Database, str, Bucket]]:
    """A governance database with the desk's own account, and a bucket: one for all tests of a file."""
    client, name, role = s3.client("admin"), f"test-{secrets.token_hex(6)}", f"clerk_{secrets.token_hex(4)}"
    client.create_bucket(Bucket=name)
    with (
        fresh_database(postgres, template=migrated.dbname) as governed,
        psycopg.connect(governed.conninfo, autocommit=True) as owner,
    ):
        owner.execute(f"create role {role} login password 'x' in role hoeder_disclosures")
        yield governed, role, Bucket(name, client)
        owner.execute(f"drop role {role}")
    for each in client.list_objects_v2(Bucket=name).get("Contents", ()):
        client.delete_object(Bucket=name, Key=each["Key"])
    client.delete_bucket(Bucket=name)


@pytest.fixture
def desk(crm: Database, shelf: tuple[Database, str, Bucket], s3: S3, tmp_path: Path) -> Iterator[Desk]:
    governed, role, bucket = shelf
    cases = Connection(
        conn_type="aws", login=s3.keys["admin"].access, password=s3.keys["admin"].secret,
        extra={"endpoint_url": s3.endpoint, "encryption_key": Fernet.generate_key().decode()},
    )  # fmt: skip
    policy = desk_policy(bucket.name)
    connections = {"crm_disclosures": connection_to(crm), "cases_disclosures": cases}
    vault = open_vault(policy, connections.__getitem__, "disclosures")
    with psycopg.connect(governed.conninfo, user=role, password="x") as db:
        desk = Desk(policy, db, connections, vault, bucket, tmp_path, governed)
        desk.before = frozenset(vault.names(""))
        row = db.execute("select coalesce(max(entry), 0), array(select case_id from disclosure) from ledger").fetchone()
        desk.since, earlier = row if row else (0, [])
        desk.earlier = frozenset(earlier)
        yield desk
