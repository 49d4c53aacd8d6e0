"""A policy with two registers, and scans that agree with it: each test makes one thing differ."""

from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter
from shop import rule

from hoeder.evidence.ledger import Connection, Run
from hoeder.policy import Policy

TODAY = date(2026, 11, 22)
RUN = Run("b" * 64, "audit_report", "scheduled__2026-11-22T00:00:00+00:00", "refresh")

Plain = dict[str, Any]


def table(purpose: str, columns: dict[str, str], **more: Any) -> Plain:
    subject = {"kind": "customer", "column": "id"}
    return {"description": "d", "purpose": purpose, "subject": subject, "columns": columns} | more


def plain() -> Plain:
    """The policy as files would say it; tests change what they are about."""
    return {
        "organisation": {
            "name": "Winkel", "statement": "s", "statement_date": "2020-03-01", "note": "n",
            "privacy_mailbox": "p@w.example", "locked_years": 1, "ledger_kept_years": 1,
            "postal_address": ["Straat 1"], "supervisors": [],
            "officers": {
                "dpo": {"title": "FG", "tasks": "t", "user": "dpo", "approves": ["retention"]},
                "clerk": {"title": "Clerk", "tasks": "t", "user": "clerk"},
            },
        },
        "stores": {
            "shop": {"kind": "postgresql", "connection": "shop", "role": "controller", "owner": "o",
                     "description": "d"},
            "files": {"kind": "s3", "connection": "files", "role": "controller", "owner": "o", "description": "d",
                      "bucket": "files"},
        },
        "datasets": {
            "shop": {"store": "shop", "tables": {
                "customer": table("sell", {"id": "user.unique_id", "email": "user.contact.email", "left_on": "system"}),
                "note": table("help", {"id": "user.unique_id", "client_id": "system", "body": "user.content.private",
                                       "made_on": "system"}, role="processor", client_column="client_id"),
            }},
            "files": {"store": "files", "prefixes": {
                "logs/": {"description": "d", "purpose": "p", "format": "jsonl.gz",
                          "columns": {"ip": "user.device.ip_address"}},
            }},
        },
        "retention": [
            rule("customer", "7 years after the calendar year of left_on", "shop.customer"),
            rule("note", "6 months after made_on", "shop.note", role="processor"),
            rule("log", "30 days after date", "files:logs/"),
        ],
        "releases": [],
        "processing": {
            "dpo": {"name": "FG", "contact": "fg@w.example"},
            "purposes": {
                "sell": {"nl": "verkopen", "en": "sell", "dpv": "CustomerCare", "fides": "essential.service"},
                "help": {"nl": "helpen", "en": "help", "dpv": "CommunicationForCustomerCare",
                         "fides": "essential.service"},
            },
            "subjects": {"customers": {"nl": "klanten", "en": "customers", "dpv": "Customer", "fides": "customer"}},
            "recipients": {
                "host": {"nl": "Rekencentrum", "en": "Data centre", "role": "processor", "country": "NL",
                         "agreement": "2024-01-01"},
                "office": {"nl": "Kantoor", "en": "Office", "role": "controller", "country": "DE"},
            },
            "clients": {
                "acme": {"name": "Acme", "contact": "p@acme.example", "is": 1, "agreement": "2024-01-01"},
                "bolt": {"name": "Bolt", "contact": "p@bolt.example", "is": 2, "agreement": "2024-01-01"},
            },
            "measures": {"roles": {"nl": "eigen rollen", "en": "own roles", "kind": "technical",
                                   "dpv": "AccessControlMethod"}},
            "processings": [
                {"processing": "sales", "nl": "Verkoop", "en": "Sales", "role": "controller", "owner": "sales",
                 "purposes": ["sell"], "subjects": ["customers"], "places": ["shop.customer", "files:logs/"],
                 "recipients": ["host"], "basis": {"article": "6(1)(b)"}},
                {"processing": "notes", "nl": "Notities", "en": "Notes", "role": "processor", "owner": "service",
                 "purposes": ["help"], "subjects": ["customers"], "places": ["shop.note"], "recipients": ["host"]},
            ],
        },
        "attestations": [],
        "digest": "b" * 64,
    }  # fmt: skip


def policy(changed: Plain | None = None) -> Policy:
    return TypeAdapter(Policy).validate_python(changed or plain())


COLUMNS = {
    ("shop", "customer"): {"id": "user.unique_id", "email": "user.contact.email"},
    ("shop", "note"): {"id": "user.unique_id", "body": "user.content.private"},
    ("files", "logs/"): {"ip": "user.device.ip_address"},
}


def scanned(
    db: Connection,
    *,
    leave_out: tuple[str, str] | None = None,
    columns: tuple[tuple[str, str, str, str | None, str | None, str], ...] = (),
    clients: dict[str, int] | None = None,
    stores: tuple[str, ...] = ("shop", "files"),
) -> None:
    """A finished scan of each store: what policy declares, with further columns, but for
    one object. Does not commit.
    """
    for store in stores:
        row = db.execute(
            "insert into scan (store, policy_digest, finished_at) values (%s, %s, %s) returning scan",
            [store, "b" * 64, datetime(2026, 11, 22, 3, tzinfo=UTC)],
        ).fetchone()
        assert row is not None
        scan = row[0]
        things = {thing for place, thing in COLUMNS if place == store} | {c[1] for c in columns if c[0] == store}
        for thing in sorted(things):
            if (store, thing) == leave_out:
                continue
            db.execute('insert into scanned_object (scan, object, "rows") values (%s, %s, 9)', [scan, thing])
            said: dict[str, tuple[str | None, str | None, str]] = {
                name: (category, None, "agreed") for name, category in COLUMNS.get((store, thing), {}).items()
            }
            said |= {c[2]: (c[3], c[4], c[5]) for c in columns if c[:2] == (store, thing)}
            for name, fields in said.items():
                db.execute(
                    """insert into scanned_column (scan, object, "column", declared, found, verdict)
                       values (%s, %s, %s, %s, %s, %s)""",
                    [scan, thing, name, *fields],
                )
        if store == "shop":
            for client, rows in (clients or {"1": 5, "2": 4}).items():
                db.execute(
                    "insert into scanned_client (scan, object, client, \"rows\") values (%s, 'note', %s, %s)",
                    [scan, client, rows],
                )
