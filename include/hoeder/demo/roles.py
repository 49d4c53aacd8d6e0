"""Who may do what in the demonstration's stores: a login for each store and capability, with no more than it needs."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from hoeder.demo.names import CLIENTS
from hoeder.demo.terms import TERMS
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import S3Identity

_INVENTORY_TIMEOUT = "5min"


@dataclass(frozen=True)
class Login:
    """One role: it reads all tables, or reads and deletes from what it `erases`, or reads some `columns` of a table."""

    database: str
    capability: str
    all_tables: bool = False
    erases: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] | None = None

    @property
    def name(self) -> str:
        return f"{self.database}_{self.capability}"


def _ruled(database: str) -> tuple[str, ...]:
    """The tables of a database whose rows have a term."""
    return tuple(target.partition(".")[2] for target in TERMS if target.startswith(f"{database}."))


LOGINS = (
    *(Login(database, "inventory", all_tables=True) for database in ("crm", "hr", "partners", "legacy")),
    Login("crm", "retention", erases=_ruled("crm")),
    Login("hr", "retention", erases=_ruled("hr")),
    Login("partners", "retention", erases=_ruled("partners")),
    Login(
        "crm",
        "anonymization",
        columns={
            "call_note": ("id", "contact_id", "reason", "channel", "duration_s", "noted_on"),
            "complaint": ("id", "contact_id", "cause", "received_on"),
            "client_note": ("id", "client_id", "customer_id", "reason", "cause", "noted_on"),
        },
    ),
    Login("hr", "anonymization", columns={"contract": ("id", "employee_id", "job", "hours_per_week", "status")}),
)

# Tables with row level security, and who must see every client's rows there: by policy, not by BYPASSRLS.
_BY_CLIENT = ("client_note",)


def create_logins(server: Postgres, database: str) -> dict[str, str]:
    """Create the roles of one database and grant them what they need: nobody else can enter it.

    Returns their new passwords by role name.
    """
    passwords = {}
    with psycopg.connect(server.conninfo(database)) as connection:
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
        for login in LOGINS:
            if login.database == database:
                passwords[login.name] = secrets.token_urlsafe(24)
                for statement in (*_account(login, passwords[login.name]), *_grants(login)):
                    connection.execute(statement)
        if database == "crm":
            for statement in _client_separation():
                connection.execute(statement)
    return passwords


def agent(client: str) -> str:
    """The role of those who answer the telephone for a client."""
    return f"agent_{client}"


def _account(login: Login, password: str) -> Iterator[sql.Composed]:
    role = sql.Identifier(login.name)
    yield sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password))
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(login.database), role)
    if login.capability == "inventory":
        yield sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(role)
        yield sql.SQL("ALTER ROLE {} SET statement_timeout = {}").format(role, sql.Literal(_INVENTORY_TIMEOUT))


def _grants(login: Login) -> Iterator[sql.Composed]:
    role = sql.Identifier(login.name)
    if login.all_tables:
        yield sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(role)
        # Tables that appear later must be seen too: what nobody declared is what the inventory looks for.
        yield sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {}").format(role)
    for table in login.erases:
        yield sql.SQL("GRANT SELECT, DELETE ON {} TO {}").format(sql.Identifier(table), role)
    for table, columns in (login.columns or {}).items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        yield sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(names, sql.Identifier(table), role)


def _client_separation() -> Iterator[sql.Composed]:
    for table in map(sql.Identifier, _BY_CLIENT):
        yield sql.SQL(
            "CREATE POLICY look ON {} FOR SELECT TO crm_inventory, crm_retention, crm_anonymization USING (true)"
        ).format(table)
        yield sql.SQL("CREATE POLICY erase ON {} FOR DELETE TO crm_retention USING (true)").format(table)
        for number, (slug, _) in enumerate(CLIENTS, start=1):
            role = sql.Identifier(agent(slug))
            yield sql.SQL("CREATE ROLE {} NOLOGIN").format(role)
            yield sql.SQL("GRANT SELECT ON {} TO {}").format(table, role)
            yield sql.SQL("CREATE POLICY {} ON {} FOR SELECT TO {} USING (client_id = {})").format(
                role, table, role, sql.Literal(number)
            )


BUILDER = "builder"
"""The identity that makes the buckets and fills them."""


def s3_identities() -> tuple[S3Identity, ...]:
    """Who may use which buckets, by capability."""

    def may(actions: str, *buckets: str) -> tuple[str, ...]:
        return tuple(f"{action}:{bucket}" for bucket in buckets for action in actions.split())

    def shelf(name: str) -> tuple[str, ...]:
        """To read the releases of one reader, and their catalog."""
        folders = [f"releases/versions/{name}/*", f"releases/catalog/{name}/*"]
        if name.startswith("client-"):
            folders.append(f"returns/{name}/*")  # what went back to this client
        return tuple(f"{action}:{folder}" for folder in folders for action in ("Read", "List"))

    return (
        S3Identity("inventory", may("Read List", "web", "documents", "mailbox", "recordings", "releases", "returns")),
        S3Identity(
            "retention", may("Read List Write", "web", "documents", "mailbox", "recordings", "releases", "returns")
        ),
        S3Identity(
            "anonymization",
            (*may("Read List", "web"), *may("Read List Write", "releases"), *may("Write", "quarantine")),
        ),
        S3Identity("officer", may("Read List", "quarantine")),
        S3Identity("audit_report", may("Read List Write PutObjectRetention", "reports")),
        S3Identity("evidence_seal", may("Read List Write PutObjectRetention", "evidence")),
        S3Identity("analyst", (*shelf("company"), *shelf("public"))),
        *(S3Identity(f"client_{slug}", (*shelf(f"client-{slug}"), *shelf("public"))) for slug, _ in CLIENTS),
        S3Identity(BUILDER, ("Admin",)),
    )
