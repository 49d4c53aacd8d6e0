"""Who may do what in the demonstration's stores: a login for each store and capability, with no more than it needs."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from hoeder.demo import access
from hoeder.demo.names import CLIENTS
from hoeder.demo.terms import TERMS
from hoeder.policy import load
from hoeder.policy.base import Role
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import S3Identity

_INVENTORY_TIMEOUT = "5min"
_READERS = ("inventory", "access_review", "client_segregation", "disclosures")


@dataclass(frozen=True)
class Login:
    """One role: it reads all tables, or reads and deletes from what it `erases`, or reads some `columns` of a table.

    Some it only `reads`, to some it `adds`; of some it `changes` the columns in which something can be wrong.
    """

    database: str
    capability: str
    all_tables: bool = False
    erases: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] | None = None
    reads: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()
    changes: Mapping[str, tuple[str, ...]] | None = None

    @property
    def name(self) -> str:
        return f"{self.database}_{self.capability}"


def _ruled(database: str) -> tuple[str, ...]:
    """The tables of a database whose rows have a term."""
    return tuple(target.partition(".")[2] for target in TERMS if target.startswith(f"{database}."))


_REACH = ("name", "email", "phone")
_CLIENTS_OWN = ("client_note",)
"""Held for clients: their customers ask them."""


def _own(database: str) -> tuple[str, ...]:
    """The tables that policy declares and that are not held for clients: where a person of our own is looked for."""
    policy = load()
    store, tables = policy.stores[database], policy.datasets[database].tables
    return tuple(name for name, table in tables.items() if (table.role or store.role) is not Role.PROCESSOR)


LOGINS = (
    *(Login(database, "inventory", all_tables=True) for database in ("crm", "hr", "partners", "legacy")),
    Login("crm", "retention", erases=_ruled("crm")),
    Login("hr", "retention", erases=_ruled("hr")),
    Login("partners", "retention", erases=_ruled("partners")),
    Login(
        "crm",
        "anonymization",
        columns={
            "call_note": ("id", "contact_id", "reason", "channel", "duration_s", "body", "noted_on"),
            "complaint": ("id", "contact_id", "cause", "received_on"),
            "client_note": ("id", "client_id", "customer_id", "reason", "cause", "noted_on"),
        },
    ),
    Login(
        "crm",
        "marketing_gate",
        columns={
            "contact": ("id", "email", "phone"),
            "marketing_opt_out": ("contact_id", "email", "scope", "opted_out_on", "status"),
            "consent_record": ("contact_id", "text_version", "given_on", "given_how", "status", "ended_on"),
            "portal_account": ("contact_id", "created_on"),
            "delivery": ("contact_id", "campaign", "channel", "email", "phone", "sent_at"),
            "passed_on": ("contact_id", "company", "passed_on"),
            "bellijst_najaar": ("naam", "mobiel", "mail"),
        },
    ),
    *(Login(database, "access_review") for database in ("crm", "partners", "legacy")),
    *(Login(database, "access_withdraw") for database in ("crm", "hr", "partners", "legacy")),
    Login(
        "hr",
        "access_review",
        columns={
            "employee": ("id", "status", "left_on"),
            "payslip": ("paid_on",),
            "account": ("id", "employee_id", "login", "active", "last_login_on"),
            "entitlement": ("account_id", "system", "role"),
            "contract": ("employee_id", "job", "started_on"),
            "nda": ("employee_id", "text_version", "signed_on"),
            "training": ("employee_id", "course", "followed_on"),
        },
    ),
    Login(
        "crm",
        "client_segregation",
        columns={
            "customer": ("id", "client_id", "customer_number", "email", "phone", "iban"),
            "client_note": ("id", "client_id", "customer_id", "body"),
        },
    ),
    Login(
        "crm",
        "questions",
        columns={
            "contact_message": ("received_on", "status"),
            "complaint": ("received_on", "status", "closed_on"),
        },
    ),
    Login("hr", "anonymization", columns={"contract": ("id", "employee_id", "job", "hours_per_week", "status")}),
    Login(
        "crm",
        "rights",
        reads=_own("crm"),
        erases=("contact", *(table for table in _ruled("crm") if table not in _CLIENTS_OWN)),
        changes={
            "contact": (*_REACH, "city"),
            "contact_message": ("name", "email"),
            "portal_account": ("login", "email"),
            "newsletter_reader": ("email",),
            "client_contact": _REACH,
            "consent_record": ("status", "ended_on"),
        },
    ),
    Login(
        "hr",
        "rights",
        reads=_own("hr"),
        erases=("account", *_ruled("hr")),
        changes={
            "employee": (
                "given_name", "name_prefix", "family_name", "born_on", "iban", "email", "phone", "street",
                "house_number", "postcode", "city",
            ),
            "applicant": _REACH,
            "talent_pool": _REACH,
            "guest": ("name", "email"),
        },
    ),
    Login(
        "partners",
        "rights",
        reads=_own("partners"),
        erases=("supplier", *_ruled("partners")),
        changes={"supplier": ("name", "street", "house_number", "postcode", "city"), "contact_person": _REACH},
    ),
    Login("legacy", "rights", all_tables=True),
    *(Login(database, "disclosures", all_tables=True) for database in ("crm", "hr", "partners", "legacy")),
    Login(
        "crm",
        "fraud_files",
        reads=("fraud_signal", "fraud_file"),
        adds=("fraud_file",),
        changes={
            "fraud_signal": ("suspicion", "summary", "author", "approver", "opened_on", "status", "decided_on"),
            "fraud_file": ("status", "closed_on"),
        },
    ),
)  # fmt: skip

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
    access.install(server, database)
    return passwords


def agent(client: str) -> str:
    """The role of those who answer the telephone for a client."""
    return f"agent_{client}"


def _account(login: Login, password: str) -> Iterator[sql.Composed]:
    role = sql.Identifier(login.name)
    yield sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(password))
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(login.database), role)
    if login.capability in _READERS:
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
    for table in login.reads:
        yield sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(table), role)
    for table in login.adds:
        yield sql.SQL("GRANT INSERT ON {} TO {}").format(sql.Identifier(table), role)
    for table, columns in (login.changes or {}).items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        yield sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(names, sql.Identifier(table), role)
    for table, columns in (login.columns or {}).items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        yield sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(names, sql.Identifier(table), role)


def _client_separation() -> Iterator[sql.Composed]:
    for table in map(sql.Identifier, _BY_CLIENT):
        yield sql.SQL(
            "CREATE POLICY look ON {} FOR SELECT TO crm_inventory, crm_retention, crm_anonymization, "
            "crm_client_segregation, crm_disclosures USING (true)"
        ).format(table)
        yield sql.SQL("CREATE POLICY erase ON {} FOR DELETE TO crm_retention USING (true)").format(table)
        for number, (slug, _) in enumerate(CLIENTS, start=1):
            role = sql.Identifier(agent(slug))
            yield sql.SQL("CREATE ROLE {} NOLOGIN").format(role)
            yield sql.SQL("GRANT SELECT ON {} TO {}").format(table, role)
            yield sql.SQL("GRANT {} TO crm_client_segregation WITH INHERIT FALSE, SET TRUE").format(role)
            yield sql.SQL("CREATE POLICY {} ON {} FOR SELECT TO {} USING (client_id = {})").format(
                role, table, role, sql.Literal(number)
            )


BUILDER = "builder"
"""The identity that makes the buckets and fills them."""

VAULT_USERS = ("rights", "disclosures", "incidents")
"""Capabilities that keep what they know of persons in bucket `cases`, each under its own prefixes with its own key."""
_DECLARED = ("web", "documents", "mailbox", "recordings", "releases", "returns", "cases", "campaigns")


def s3_identities() -> tuple[S3Identity, ...]:
    """Who may use which buckets, by capability."""

    def may(actions: str, *buckets: str) -> tuple[str, ...]:
        return tuple(f"{action}:{bucket}" for bucket in buckets for action in actions.split())

    def drawer(*folders: str) -> tuple[str, ...]:
        """What a capability keeps of its cases, and nobody else's."""
        return tuple(f"{action}:cases/{folder}/*" for folder in folders for action in ("Read", "List", "Write"))

    def shelf(name: str) -> tuple[str, ...]:
        """To read the releases of one reader, and their catalog."""
        folders = [f"releases/versions/{name}/*", f"releases/catalog/{name}/*"]
        if name.startswith("client-"):
            folders.append(f"returns/{name}/*")  # what went back to this client
        return tuple(f"{action}:{folder}" for folder in folders for action in ("Read", "List"))

    return (
        S3Identity("inventory", may("Read List", *_DECLARED)),
        S3Identity("retention", may("Read List Write", *_DECLARED)),
        S3Identity(
            "rights",
            (
                *may("Read List Write", "web", "documents", "mailbox", "recordings", "campaigns"),
                *drawer("files", "quarantine", "packages", "letters"),
            ),
        ),
        S3Identity("marketing_gate", (*may("Read List", "campaigns"), "Write:campaigns/allowed/*")),
        S3Identity("disclosures", drawer("disclosures")),
        S3Identity("incidents", drawer("incidents")),
        S3Identity("questions", may("Read List", "mailbox")),
        S3Identity(
            "anonymization",
            (*may("Read List", "web"), *may("Read List Write", "releases"), *may("Write", "quarantine")),
        ),
        S3Identity("access_review", tuple(f"Read:{bucket[:-1]}?" for bucket in _DECLARED)),  # the bucket, no object
        S3Identity("client_segregation", may("Read List", "releases", "returns")),
        S3Identity(access.UNKNOWN_KEY, shelf("client-zekerdak")),
        S3Identity("officer", may("Read List", "quarantine")),
        S3Identity("audit_report", may("Read List Write PutObjectRetention", "reports")),
        S3Identity("evidence_seal", may("Read List Write PutObjectRetention", "evidence")),
        S3Identity("analyst", (*shelf("company"), *shelf("public"))),
        *(S3Identity(f"client_{slug}", (*shelf(f"client-{slug}"), *shelf("public"))) for slug, _ in CLIENTS),
        S3Identity(BUILDER, ("Admin",)),
    )
