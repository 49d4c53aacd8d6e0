"""Read real entitlements and HR's list, with accounts that may read catalogs and little else."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import psycopg

from hoeder.access_review import people, scheduler
from hoeder.access_review.judge import Seen
from hoeder.access_review.people import People
from hoeder.access_review.scheduler import Accounts
from hoeder.errors import StoreError
from hoeder.policy import Policy
from hoeder.policy.access_review import AccessReview
from hoeder.stores import entitlements, identities
from hoeder.stores.connection import Resolver, connect, s3_client
from hoeder.stores.entitlements import Entitled
from hoeder.stores.identities import Given
from hoeder.stores.postgres import read_only

Db = psycopg.Connection[tuple[Any, ...]]
log = logging.getLogger(__name__)
CAPABILITY = "access_review"


def gather(policy: Policy, access: AccessReview, resolve: Resolver, governance: Db) -> Seen:
    """Everything that can be read; what cannot is named in `unread`, and does not stop the rest."""
    staff: People | None = None
    databases: dict[str, Entitled] = {}
    unread: list[str] = []
    for name, store in policy.stores.items():
        if store.kind != "postgresql":
            continue
        try:
            databases[name] = read_database(policy, name, resolve)
        except StoreError as error:
            log.warning("%s: %s", name, error)
            unread.append(name)
    try:
        staff = read_people(policy, access, resolve)
    except StoreError as error:
        log.warning("HR's list: %s", error)
    objects, dumb = _objects(policy, resolve)
    accounts: Accounts | None = None
    if access.airflow is not None:
        try:
            accounts = scheduler.read(resolve(f"{scheduler.SYSTEM}_{CAPABILITY}"))
        except StoreError as error:
            log.warning("Airflow: %s", error)
            unread.append(scheduler.SYSTEM)
    return Seen(staff, databases, objects, tuple(unread + dumb), accounts, _attested(governance, access))


def read_database(policy: Policy, store: str, resolve: Resolver) -> Entitled:
    """Entitlements of one store, as its catalogs have them now. Raises StoreError."""
    told = policy.stores[store]
    with connect(resolve(f"{told.connection}_{CAPABILITY}")) as db:
        read_only(db)
        return entitlements.read(db, told.schemas)


def read_people(policy: Policy, access: AccessReview, resolve: Resolver) -> People:
    """HR's list as it is now. Raises StoreError."""
    told = policy.stores[access.staff.store]
    with connect(resolve(f"{told.connection}_{CAPABILITY}")) as db:
        read_only(db)
        return people.read(db, access.staff, schema=told.schemas[0])


def _objects(policy: Policy, resolve: Resolver) -> tuple[dict[str, tuple[Given, ...]], list[str]]:
    """By server, named by its first connection: identities belong to the server and not to one bucket."""
    found: dict[str, tuple[Given, ...]] = {}
    listed: dict[str, bool] = {}
    servers: dict[str, str] = {}
    unread: list[str] = []
    for store in policy.stores.values():
        if store.kind != "s3" or store.bucket is None:
            continue
        name = f"{store.connection}_{CAPABILITY}"
        try:
            account = resolve(name)
            server = servers.setdefault(str(account.extra.get("endpoint_url")), store.connection)
            given = identities.identities(account, name) if not listed.get(server) else None
            listed[server] = listed.get(server, False) or given is not None
            found[server] = (
                *found.get(server, ()), *(given or ()), *identities.of_bucket(s3_client(account), store.bucket)
            )  # fmt: skip
        except StoreError as error:
            log.warning("%s: %s", store.connection, error)
            unread.append(store.connection)
    for server in found:
        if not listed[server]:
            log.warning("%s: its connection does not say which identities there are", server)
            unread.append(server)
    return found, list(dict.fromkeys(unread))


def _attested(governance: Db, access: AccessReview) -> dict[str, date]:
    rows = governance.execute(
        """select kind, max(valid_until) from attestation a
           where kind = any(%s)
             and not exists (select from attestation_withdrawal w where w.attestation = a.attestation)
           group by kind""",
        [list(access.attestations)],
    ).fetchall()
    governance.commit()
    return dict(rows)
