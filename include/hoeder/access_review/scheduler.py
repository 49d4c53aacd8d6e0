"""Airflow: who has an account, in which role, and connections that no part of policy speaks of.

Read over its REST API with an account that may read users, roles and the names of connections, and nothing of a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hoeder.access_review.findings import Finding, Kind
from hoeder.access_review.needs import OTHER, Needs
from hoeder.access_review.people import People, hours_since
from hoeder.access_review.staff import plain
from hoeder.airflow_client import Client
from hoeder.errors import StackError, StoreError
from hoeder.stores.connection import Connection

SYSTEM = "airflow"
_ADMIN = "Admin"
_PAGE = 100


@dataclass(frozen=True)
class User:
    login: str = field(repr=False)
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Accounts:
    """Accounts that are not switched off, and the ids of connections that Airflow itself keeps."""

    users: tuple[User, ...]
    connections: tuple[str, ...] = field(repr=False)


def read(connection: Connection) -> Accounts:
    """Raises StoreError where Airflow does not answer, or does not let this account look."""
    if not connection.host or not connection.port:
        raise StoreError(f"connection {SYSTEM}_access_review names no host and port: add them")
    client = Client(f"{connection.extra.get('scheme', 'http')}://{connection.host}:{connection.port}")
    try:
        client.login(connection.login or "", connection.password or "")
        users = tuple(
            User(str(user["username"]), tuple(str(role["name"]) for role in user["roles"] or ()))
            for user in _all(client, "/auth/fab/v1/users", "users")
            if user["active"] is not False
        )
        connections = tuple(str(c["connection_id"]) for c in _all(client, "/api/v2/connections", "connections"))
    except StackError as error:
        raise StoreError(f"Airflow's accounts cannot be read: {error}") from error
    except (KeyError, TypeError) as error:
        raise StoreError(f"Airflow's answer is not understood ({type(error).__name__})") from None
    return Accounts(users, connections)


def _all(client: Client, path: str, key: str) -> Iterator[dict[str, Any]]:
    """Every entry of a list that comes in pages."""
    offset = 0
    while True:
        page = client.call("GET", f"{path}?limit={_PAGE}&offset={offset}")[key]
        yield from page
        offset += len(page)
        if len(page) < _PAGE:
            return


def judge(accounts: Accounts, people: People | None, needs: Needs, *, now: datetime) -> list[Finding]:
    """Accounts that are nobody's or a leaver's, roles beyond what policy gives, and unknown connections."""
    return [*_users(accounts, people, needs, now), *_connections(accounts, needs)]


def _users(accounts: Accounts, people: People | None, needs: Needs, now: datetime) -> Iterator[Finding]:
    told = needs.access.airflow
    for user in accounts.users:
        allowed = told.accounts.get(user.login, ()) if told else ()
        named = bool(told and user.login in told.accounts)
        person = ""
        if not named:
            if people is None:
                continue
            own = [login for login in people.logins if plain(login.login) == plain(user.login)]
            worker = people.workers.get(own[0].person) if own else None
            if worker is None:
                yield Finding(Kind.ORPHAN, SYSTEM, "", "login", account=user.login)
                continue
            person = own[0].person
            if not worker.works:
                hours = hours_since(worker.left_on, now)
                yield Finding(Kind.LEAVER, SYSTEM, "", "login", account=user.login, person=person, hours=hours)
                continue
            function = needs.access.functions.get(worker.job or "")
            allowed = function.airflow if function else ()
        for role in user.roles:
            if role not in allowed:
                kind = Kind.SUPERUSER if role == _ADMIN else Kind.BEYOND_NEED
                word = role if role == _ADMIN or role in _words(needs) else OTHER
                yield Finding(kind, SYSTEM, "", word, account=user.login, person=person, named=named)


def _words(needs: Needs) -> set[str]:
    """Roles that policy speaks of."""
    told = needs.access.airflow
    found = {role for roles in told.accounts.values() for role in roles} if told else set()
    return found | {role for function in needs.access.functions.values() for role in function.airflow}


def _connections(accounts: Accounts, needs: Needs) -> Iterator[Finding]:
    """A connection leads somewhere: one that is for no program of policy is a way out that nobody answers for."""
    told = needs.access.airflow
    known = set(told.connections) if told else set()
    known |= {
        f"{store.connection}_{program}"
        for store in needs.policy.stores.values()
        for program in {*needs.access.programs, *needs.access.identities}
    }
    strange = [one for one in accounts.connections if one not in known and not one.startswith("governance_")]
    if strange:
        yield Finding(Kind.EGRESS, SYSTEM, "connection", "leaves", count=len(strange))
