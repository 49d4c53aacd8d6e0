"""A small company: its policy, its page views, and where its releases go."""

import io
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from servers import Bucket

from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.load import default_folder
from hoeder.policy.models import Policy
from hoeder.policy.organisation import Organisation
from hoeder.policy.release import Release
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Connection

REFERENCES = ReferenceKey(b"r" * 32)

VIEWS = Release.model_validate(
    {
        "release": "web-usage",
        "max_risk": 1.0,  # a few dozen persons: attacks have tests of their own
        "description": "Visits",
        "question": "What is visited?",
        "source": "web:page-views/",
        "subject": "visitor_id",
        "quasi_identifiers": [
            {"column": "visited_at", "steps": ["day", "month", "year"]},
            {"column": "section", "steps": ["exact", "top-10"]},
            {"column": "logged_in", "steps": ["exact", "any"]},
        ],
        "measures": ["seconds"],
        "k": 10,
        "max_suppressed": 0.05,
        "owner": "compliance officer",
        "approved_on": date(2026, 11, 1),
    }
)
NOTES = Release.model_validate(
    {
        "release": "contact-reasons",
        "max_risk": 1.0,
        "description": "Contacts",
        "question": "Why do people call?",
        "source": "crm.call_note",
        "subject": "contact_id",
        "quasi_identifiers": [
            {"column": "noted_on", "steps": ["day", "month", "year"]},
            {"column": "reason", "steps": ["exact", "top-10"]},
        ],
        "measures": ["duration_s"],
        "k": 10,
        "max_suppressed": 0.05,
        "owner": "compliance officer",
        "approved_on": date(2026, 11, 1),
    }
)
DATASETS: dict[str, Any] = {
    "web": {
        "store": "web",
        "prefixes": {
            "page-views/": {
                "description": "Page views",
                "purpose": "A website that works",
                "format": "parquet",
                "subject": {"kind": "visitor", "column": "visitor_id"},
                "columns": {
                    "visited_at": "user.behavior.browsing_history",
                    "visitor_id": "user.unique_id",
                    "ip": "user.device.ip_address",
                    "section": "user.behavior.browsing_history",
                    "seconds": "user.behavior",
                    "logged_in": "user.behavior",
                },
            }
        },
    },
    "crm": {
        "store": "crm",
        "tables": {
            "call_note": {
                "description": "Call notes",
                "purpose": "Answering the next call",
                "subject": {"kind": "contact", "column": "contact_id"},
                "columns": {
                    "id": "system.operations",
                    "contact_id": "user.unique_id",
                    "reason": "user.behavior",
                    "duration_s": "user.behavior",
                    "body": "user.content",
                    "noted_on": "user.behavior",
                },
            }
        },
    },
}
RUN = ledger.Run(policy_digest="0" * 64)
VERSION = "2026-11-22T060000"


def policy(*releases: Release, web_bucket: str = "web", datasets: dict[str, Any] | None = None) -> Policy:
    common = {"role": "controller", "owner": "marketing", "description": "x"}
    stores = {
        "web": Store.model_validate({"kind": "s3", "connection": "web", "bucket": web_bucket, **common}),
        "crm": Store.model_validate({"kind": "postgresql", "connection": "crm", **common}),
    }
    organisation = yaml.safe_load((default_folder() / "organisation.yaml").read_text(encoding="utf-8"))
    return Policy(
        organisation=Organisation.model_validate(organisation),
        stores=stores,
        datasets={name: Dataset.model_validate(each) for name, each in (datasets or DATASETS).items()},
        retention=(),
        releases=releases or (VIEWS, NOTES),
        digest="0" * 64,
    )


def changed(release: Release, **fields: Any) -> Release:
    return Release.model_validate(release.model_dump() | fields)


def views(day: date, *, people: int = 40, each: int = 3) -> pa.Table:
    """A day of page views: every person sees `each` pages; the address in `ip` must never be read."""
    rows = people * each
    start = datetime.combine(day, datetime.min.time())
    return pa.table(
        {
            "visited_at": pa.array([start + timedelta(minutes=n) for n in range(rows)], pa.timestamp("us")),
            "visitor_id": [f"visitor-{n % people}" for n in range(rows)],
            "ip": ["203.0.113.7"] * rows,
            "section": [("home", "jobs")[n % 2] for n in range(rows)],
            "seconds": pa.array([n % 60 for n in range(rows)], pa.int64()),
            "logged_in": [n % 4 == 0 for n in range(rows)],
        }
    )


def parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


@dataclass(frozen=True)
class World:
    """Connections by id, the governance database, and where releases go."""

    connections: dict[str, Connection]
    governance: psycopg.Connection[Any] = field(repr=False)
    bucket: Bucket

    def resolve(self, connection_id: str) -> Connection:
        try:
            return self.connections[connection_id]
        except KeyError:
            raise StoreError(f"no connection {connection_id}") from None

    def policy(self, *releases: Release, datasets: dict[str, Any] | None = None) -> Policy:
        return policy(*releases, web_bucket=self.bucket.name, datasets=datasets)

    def with_connection(self, name: str, **fields: Any) -> "World":
        return replace(self, connections=self.connections | {name: self.connections[name].model_copy(update=fields)})

    def put(self, key: str, data: bytes | pa.Table) -> None:
        body = data if isinstance(data, bytes) else parquet(data)
        self.bucket.client.put_object(Bucket=self.bucket.name, Key=key, Body=body)

    def published(self) -> dict[str, bytes]:
        """Everything under the releases' prefixes, by key."""
        client, name = self.bucket.client, self.bucket.name
        keys = [o["Key"] for o in client.list_objects_v2(Bucket=name).get("Contents", [])]
        return {key: client.get_object(Bucket=name, Key=key)["Body"].read() for key in keys if "/version=" in key}

    def outcome(self) -> ledger.Entry:
        self.governance.rollback()
        return ledger.entries(self.governance, last=1)[0]
