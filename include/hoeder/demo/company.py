"""Build the demonstration company: databases, buckets, people, faults, roles."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hoeder.demo import (
    access,
    campaigns,
    canaries,
    crm,
    disclosures,
    documents,
    hr,
    incidents,
    mailbox,
    partners,
    places,
    recordings,
    releases,
    requests,
    returns,
    web,
)
from hoeder.demo.load import create_database, existing_databases, fill, load_northwind, northwind
from hoeder.demo.objects import create_bucket, existing_buckets, upload
from hoeder.demo.roles import BUILDER, LOGINS, create_logins, s3_identities
from hoeder.demo.staff import employees
from hoeder.demo.truth import Hold, Truth
from hoeder.demo.world import World
from hoeder.errors import StackError
from hoeder.governance.holds import Ground
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import REGION, S3
from hoeder.stores.connection import Connection

DATABASES = ("crm", "hr", "partners", "legacy", "hoeder")
BUCKETS = (
    "web", "documents", "mailbox", "recordings", "releases", "returns", "cases", "campaigns", "quarantine", "reports",
    "evidence",
)  # fmt: skip
LOCKED = frozenset({"reports", "evidence"})
"""Under object lock: what is in them cannot be removed, and a company may find them there."""

_HOLDS = (
    Hold("geschil-eindafrekening", Ground.CLAIM, "customer", str(places.HELD_CUSTOMER)),
    Hold("aangifte-fraude", Ground.INVESTIGATION, "contact", str(places.HELD_CONTACT)),
    Hold("arbeidszaak", Ground.EMPLOYMENT_CONFLICT, "employee", str(places.HELD_EMPLOYEE)),
)


@dataclass(frozen=True)
class Built:
    """How to reach the company, and the legal holds that must stand before anything is erased."""

    connections: dict[str, Connection]
    holds: tuple[Hold, ...]


def build(
    server: Postgres,
    s3: S3,
    *,
    persons: int,
    seed: int,
    today: date,
    ground_truth: Path,
    say: Callable[[str], None],
) -> Built:
    """Make the company of about `persons` people. The same seed, day and number give the same company.

    `s3` must know the identities of `s3_identities()`. What was planted is written to `ground_truth`. Raises
    StackError, before anything is made, if there is a company already.
    """
    client = s3.client(BUILDER)
    _refuse_if_there(existing_databases(server), DATABASES, "database")
    _refuse_if_there(existing_buckets(client) - LOCKED, BUCKETS, "bucket")

    truth = Truth(today)
    world = World(seed, today, persons, truth)
    staff = employees(world)
    passwords: dict[str, str] = {}
    started = time.monotonic()
    for name in DATABASES:
        create_database(server, name)
    for name, streams in (
        ("crm", crm.streams(world)),
        ("hr", hr.streams(world, staff)),
        ("partners", partners.streams(world)),
    ):
        truth.rows |= fill(server, name, streams)
    _legacy(server, say)
    for name in ("crm", "hr", "partners", "legacy"):
        passwords |= create_logins(server, name)
    faults = access.Faults(staff, today)
    faults.people_in(server)
    faults.tell(truth)
    say(f"{sum(truth.rows.values()):,} rows in {len(DATABASES)} databases, {time.monotonic() - started:.1f} s")

    started = time.monotonic()
    for name in BUCKETS:
        if name not in existing_buckets(client):
            create_bucket(client, name, versions=name == "documents", lock=name in LOCKED)
    objects = sum(
        upload(client, things)
        for things in (
            web.things(world),
            documents.things(world, staff),
            mailbox.things(world),
            recordings.things(world),
            releases.things(world),
            returns.things(world),
            requests.things(world),
            incidents.things(world),
            disclosures.things(world),
            campaigns.things(world),
        )
    )
    say(f"{objects:,} objects in {len(BUCKETS)} buckets, {time.monotonic() - started:.1f} s")

    truth.write(ground_truth, canaries=canaries.values(), holds=_HOLDS)
    return Built(_connections(server, s3, passwords), _HOLDS)


def _refuse_if_there(present: frozenset[str], names: tuple[str, ...], kind: str) -> None:
    if taken := [name for name in names if name in present]:
        raise StackError(
            f"there is a company here already ({kind} {', '.join(taken)}): "
            "stop the stack and remove its folder to start afresh"
        )


def _legacy(server: Postgres, say: Callable[[str], None]) -> None:
    file = northwind()
    if file is None:
        say("legacy stays empty: no Northwind file (set HOEDER_NORTHWIND to northwind.sql to load it)")
    else:
        load_northwind(server, "legacy", file)


def _connections(server: Postgres, s3: S3, passwords: dict[str, str]) -> dict[str, Connection]:
    relational = {
        login.name: Connection(
            conn_type="postgres", host=server.host, port=server.port, login=login.name,
            password=passwords[login.name], schema=login.database,
        )
        for login in LOGINS
    }  # fmt: skip
    objects = {
        f"objects_{identity.name}": Connection(
            conn_type="aws", login=s3.keys[identity.name].access, password=s3.keys[identity.name].secret,
            extra={"endpoint_url": s3.endpoint, "region_name": REGION} | _listed(identity.name),
        )
        for identity in s3_identities()
        if identity.name != BUILDER
    }  # fmt: skip
    return relational | objects


def _listed(identity: str) -> dict[str, object]:
    """For the review of access: what the server was started with, without keys."""
    if identity != "access_review":
        return {}
    return {"identities": [{"name": each.name, "actions": list(each.actions)} for each in s3_identities()]}
