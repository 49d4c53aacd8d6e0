"""A small company that advertises: people, what they agreed to, who said no, lists and what was sent."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from pydantic import TypeAdapter
from small_policy import store

from hoeder.evidence.ledger import Run
from hoeder.marketing_gate.gate import Gated, gate_list
from hoeder.policy import Policy
from hoeder.policy.marketing_gate import MarketingGate
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Connection

KEY = ReferenceKey(b"k" * 32)
TODAY = date(2026, 11, 23)
RUN = Run("a" * 64, "marketing_gate", "manual__2026-11-23T05:00:00+00:00", "gate")
SOURCE = {"basis": "law", "certainty": "H", "owner": "o", "approved_on": "2026-01-01", "changed_by": "clerk"}


def rule(name: str, channel: str, basis: str, valid_from: str = "2020-01-01", valid_to: str | None = None) -> Any:
    return {"rule": name, "channel": channel, "basis": basis, "because": "b", "source": SOURCE,
            "valid_from": valid_from, "valid_to": valid_to}  # fmt: skip


def listed(name: str, **changes: Any) -> dict[str, Any]:
    return {"list": name, "nl": name, "en": name, "place": f"files:{name}/", "channels": ["email"],
            "columns": {"email": "mail"}} | changes  # fmt: skip


GATE = {
    "rules": [
        rule("call", "telephone", "consent"),
        rule("call-customer", "telephone", "customer", valid_to="2026-06-30"),
        rule("mail", "email", "consent"),
        rule("mail-customer", "email", "customer"),
        rule("text", "sms", "consent", valid_to="2026-10-31"),
        rule("letter", "post", "no-objection"),
    ],
    "persons": {"table": "shop.person", "kind": "contact", "email": "email", "phone": "phone"},
    "opt_outs": {"table": "shop.said_no", "person": "person", "email": "email", "scope": "scope", "since": "since",
                 "status": "status", "standing": "standing"},
    "consents": {"table": "shop.agreed", "person": "person", "text": "text", "given_on": "given_on", "how": "how",
                 "status": "status", "standing": "standing", "ended_on": "ended_on"},
    "customers": {"table": "shop.customer", "person": "person", "since": "since", "offered_since": "2023-01-01"},
    "deliveries": {"table": "shop.sent", "person": "person", "campaign": "campaign", "channel": "channel",
                   "email": "email", "phone": "phone", "sent_at": "sent_at"},
    "passed_on": {"table": "shop.passed", "person": "person", "company": "company", "day": "day"},
    "texts": {
        "mail-1": {"channels": ["email", "sms"]},
        "call-1": {"channels": ["telephone"]},
        "share-1": {"channels": ["email"], "companies": ["sister"]},
    },
    "companies": {"sister": {"nl": "z", "en": "s", "called": "Sister Ltd"},
                  "brother": {"nl": "b", "en": "b", "called": "Brother Ltd"}},
    "lists": [
        listed("mailing", own_similar=True, columns={"email": "mail", "contact": "nr"}, carry=["name"]),
        listed("strangers"),
        listed("calls", channels=["telephone", "sms"], columns={"phone": "tel", "email": "mail"}, own_similar=True),
        listed("letters", channels=["post"], columns={"post": ["postcode", "number"], "email": "mail"}),
        listed("sister", to="sister", columns={"email": "mail", "contact": "nr"}),
        listed("table", place="shop.call_list", channels=["telephone"], columns={"phone": "tel", "email": "mail"}),
    ],
    "allowed_into": "files:allowed/",
}  # fmt: skip

SCHEMA = """
    create table person (id int primary key, email text, phone text);
    create table said_no (person int, email text, scope text, since date, status text);
    create table agreed (person int, text text, given_on date, how text, status text, ended_on date);
    create table customer (person int, since date);
    create table sent (person int, campaign text, channel text, email text, phone text, sent_at timestamptz);
    create table passed (person int, company text, day date);
    create table call_list (tel text, mail text);
    create role shop_marketing_gate login password 'shop';
    grant select on all tables in schema public to shop_marketing_gate;
"""


def gate(**changes: Any) -> MarketingGate:
    return TypeAdapter(MarketingGate).validate_python(GATE | changes)


def policy(bucket: str, **changes: Any) -> Policy:
    return TypeAdapter(Policy).validate_python(
        {
            "organisation": {
                "name": "Shop", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
                "locked_years": 1, "ledger_kept_years": 7, "postal_address": ["p"], "officers": {}, "supervisors": [],
            },
            "stores": {"shop": store(), "files": store("s3", "files", bucket=bucket)},
            "datasets": {}, "retention": [], "releases": [], "digest": "a" * 64, "marketing_gate": GATE | changes,
        }
    )  # fmt: skip


@dataclass
class Market:
    """The company on real servers."""

    policy: Policy
    db: psycopg.Connection[tuple[Any, ...]]
    governance: psycopg.Connection[tuple[Any, ...]]
    owner: psycopg.Connection[tuple[Any, ...]]
    client: Any
    bucket: str
    connections: dict[str, Connection]

    def resolve(self, name: str) -> Connection:
        return self.connections[name]

    def person(self, number: int, **consent: Any) -> None:
        """Somebody with an address of each kind; with `text` they agreed to it."""
        self.db.execute(
            "insert into person values (%s, %s, %s)", [number, f"p{number}@shop.example", f"06-{10_000_000 + number}"]
        )
        if consent:
            self.agree(number, **consent)

    def agree(self, number: int, text: str | None, **changes: Any) -> None:
        said = {"given_on": "2025-01-01", "how": "form", "status": "standing", "ended_on": None} | changes
        self.db.execute(
            "insert into agreed values (%s, %s, %s, %s, %s, %s)",
            [number, text, said["given_on"], said["how"], said["status"], said["ended_on"]],
        )

    def say_no(
        self, email: str, person: int | None = None, scope: str = "marketing", since: str = "2026-11-01"
    ) -> None:
        self.db.execute("insert into said_no values (%s, %s, %s, %s, 'standing')", [person, email, scope, since])

    def put(self, name: str, content: bytes, ending: str = "csv") -> None:
        self.client.put_object(Bucket=self.bucket, Key=f"{name}/list.{ending}", Body=content)

    def allowed(self) -> dict[str, bytes]:
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix="allowed/").get("Contents", [])
        return {
            item["Key"]: self.client.get_object(Bucket=self.bucket, Key=item["Key"])["Body"].read() for item in found
        }


def gated(market: Market, name: str = "mailing", channel: str = "email", today: date = TODAY) -> Gated:
    return gate_list(market.policy, market.resolve, market.governance, KEY, name, channel, run=RUN, today=today)
