"""The demonstration company as an installation of Hoeder: built once, governed, and reached through connections."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from hoeder.demo import company, incidents, waiting
from hoeder.demo.load import existing_databases
from hoeder.demo.roles import VAULT_USERS, s3_identities
from hoeder.demo.truth import Hold, Truth
from hoeder.demo.world import World
from hoeder.errors import StackError
from hoeder.governance import holds, migrate
from hoeder.policy import load
from hoeder.pseudonym import ReferenceKey
from hoeder.stack.airflow import account_password
from hoeder.stack.home import read_json, secret, write_private
from hoeder.stack.manager import Servers, Spec
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import REGION
from hoeder.stores.connection import Connection
from hoeder.vault import open_vault

SEED = 20_200_301
GOVERNANCE = "hoeder"  # the governance database, and its owner's role


@dataclass(frozen=True)
class Site:
    """Where the company is built, how large, and on which day it lives."""

    home: Path
    persons: int
    today: date

    @property
    def ground_truth(self) -> Path:
        """What was planted. Only tests read it."""
        return self.home / "ground_truth.json"

    def spec(
        self, project: Path, say: Callable[[str], None], *, port: int | None = None, disposable: bool = False
    ) -> Spec:
        """What the stack needs to run this company; `disposable` lets the next demonstration remove it."""
        return Spec(
            project=project,
            identities=s3_identities(),
            prepare=lambda servers: self.prepare(servers, say),
            airflow_port=port,
            unpaused=True,
            disposable=disposable,
        )

    def prepare(self, servers: Servers, say: Callable[[str], None]) -> Mapping[str, Connection]:
        """Build the company where there is none; the connections of all capabilities, on today's ports."""
        kept = self.home / "company.json"
        if not kept.exists():
            self._refuse_a_half_built_one(servers)
            built = company.build(
                servers.postgres,
                servers.s3,
                persons=self.persons,
                seed=SEED,
                today=self.today,
                ground_truth=self.ground_truth,
                say=say,
            )
            connections = built.connections | self._govern(servers, built.holds)
            plain = {name: connection.model_dump(by_alias=True) for name, connection in connections.items()}
            write_private(kept, json.dumps(plain, indent=2))
            say("governance database ready, legal holds placed")
        stored = {name: Connection.model_validate(fields) for name, fields in read_json(kept).items()}
        return {name: _moved(connection, servers) for name, connection in stored.items()} | self._outputs(servers)

    def _refuse_a_half_built_one(self, servers: Servers) -> None:
        if existing_databases(servers.postgres) & {*company.DATABASES}:
            raise StackError(
                f"an earlier start was interrupted while it built the company in {self.home}: "
                "stop the servers (make down), remove that folder, and start again"
            )

    def _govern(self, servers: Servers, to_hold: tuple[Hold, ...]) -> dict[str, Connection]:
        policy, server = load(), servers.postgres
        key = ReferenceKey(base64.b64decode(secret(self.home, "reference-key", _new_key)))
        owner = self._account(server, f"{GOVERNANCE}_owner")
        accounts = {"governance_owner": owner} | {
            f"governance_{capability}": self._account(server, f"governance_{capability}")
            for capability in migrate.CAPABILITIES
        }
        with psycopg.connect(server.conninfo(GOVERNANCE), autocommit=True) as db:
            role = sql.Identifier(owner.login or "")
            db.execute(sql.SQL("alter role {} createrole").format(role))
            db.execute(sql.SQL("alter database {} owner to {}").format(sql.Identifier(GOVERNANCE), role))
            db.execute(sql.SQL("alter schema public owner to {}").format(role))
            migrate.upgrade(owner)
            for capability in migrate.CAPABILITIES:
                group = sql.Identifier(f"hoeder_{capability}")
                member = sql.Identifier(f"governance_{capability}")
                db.execute(sql.SQL("grant {} to {}").format(group, member))
                connect = sql.SQL("grant connect on database {} to {}")
                db.execute(connect.format(sql.Identifier(GOVERNANCE), member))
            for hold in to_hold:
                holds.place(
                    db,
                    key,
                    policy,
                    matter=hold.matter,
                    ground=holds.Ground(hold.ground),
                    persons=((hold.subject_kind, hold.subject_value),),
                    placed_by="dpo",
                    placed_on=self.today - timedelta(days=20),
                    review_by=self.today + timedelta(days=60),
                )
        world = World(SEED, self.today, self.persons, Truth(self.today))
        vault = open_vault(policy, self._outputs(servers).__getitem__, "rights")
        with psycopg.connect(server.conninfo(GOVERNANCE)) as db:
            waiting.plant(db, vault, policy, world)
            incidents.report(db, policy)
        reference_key = Connection(conn_type="generic", password=base64.b64encode(key.secret).decode())
        return accounts | {"reference_key": reference_key}

    def _account(self, server: Postgres, name: str) -> Connection:
        password = secret(self.home, f"account-{name}")
        with psycopg.connect(server.conninfo(), autocommit=True) as db:
            create = sql.SQL("create role {} login password {}")
            db.execute(create.format(sql.Identifier(name), sql.Literal(password)))
        return Connection(
            conn_type="postgres", host=server.host, port=server.port, login=name, password=password, schema=GOVERNANCE
        )

    def _certificate(self) -> str:
        """The client's own, as it would send it; its key stays with the secrets of this machine."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
        from cryptography.x509.oid import NameOID

        key = serialization.load_pem_private_key(secret(self.home, "client-key", _new_client_key).encode(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise StackError(f"client-key among the secrets of {self.home} is no RSA key")
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tuinkamer Webwinkel (verzonnen)")])
        begin = datetime(self.today.year - 1, 1, 1, tzinfo=UTC)
        made = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=4 * 365))
        return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()

    def _vault_key(self, user: str) -> str:
        """What a capability encrypts its cases with; the bucket does not have it."""
        return secret(self.home, f"cases-{user}", _new_vault_key)

    def _outputs(self, servers: Servers) -> dict[str, Connection]:
        """The analysts' bucket, the reports' bucket, and Airflow's own API for reading the DPO's answer."""

        def bucket(identity: str, name: str, **more: str) -> Connection:
            keys = servers.s3.keys[identity]
            extra = {"endpoint_url": servers.s3.endpoint, "region_name": REGION, "bucket": name, **more}
            return Connection(conn_type="aws", login=keys.access, password=keys.secret, extra=extra)

        host, _, port = servers.airflow_url.removeprefix("http://").partition(":")
        return {
            "releases_anonymization": bucket("anonymization", "releases", quarantine="quarantine"),
            "quarantine_officer": bucket("officer", "quarantine"),
            "releases_analyst": bucket("analyst", "releases"),
            "reports_audit_report": bucket("audit_report", "reports"),
            "evidence_evidence_seal": bucket("evidence_seal", "evidence"),
            "ledger_key": Connection(conn_type="generic", password=secret(self.home, "ledger-key", _new_key)),
            "returns_retention": bucket("retention", "returns"),
            "cases_inventory": bucket("inventory", "cases"),
            "cases_retention": bucket("retention", "cases"),
            "cases_access_review": bucket("access_review", "cases"),
            **{f"cases_{user}": bucket(user, "cases", encryption_key=self._vault_key(user)) for user in VAULT_USERS},
            "client_tuinkamer": Connection(conn_type="generic", extra={"certificate": self._certificate()}),
            "airflow_access_review": Connection(
                conn_type="http",
                host=host,
                port=int(port),
                login="access_review",
                password=account_password(self.home, "access_review"),
            ),
            "airflow_api": Connection(
                conn_type="http", host=host, port=int(port), login="hoeder", password=servers.service_password
            ),
        }


def _moved(connection: Connection, servers: Servers) -> Connection:
    """The same account on the port that the server has today."""
    if connection.conn_type == "postgres":
        return connection.model_copy(update={"host": servers.postgres.host, "port": servers.postgres.port})
    if connection.conn_type == "aws":
        return connection.model_copy(update={"extra": connection.extra | {"endpoint_url": servers.s3.endpoint}})
    return connection


def _new_client_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def _new_vault_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
