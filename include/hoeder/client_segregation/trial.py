"""Take on each client's role, in a transaction that cannot write, and count what it sees of whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from psycopg import sql

from hoeder.client_segregation.found import Kind, Separation, Trial
from hoeder.errors import StoreError
from hoeder.policy.dataset import Table
from hoeder.stores.postgres import Relation, said

Connection = psycopg.Connection[tuple[Any, ...]]
APART, NO_ACCESS = "apart", "no-access"


def trials(
    db: Connection, store: str, tables: Mapping[str, tuple[Relation, Table]], roles: Mapping[str, str],
    values: Mapping[str, str],
) -> list[Trial]:  # fmt: skip
    """One for every client (its role, its value in the client column) and table with a client column."""
    return [
        _trial(db, store, relation, table, client, role, values[client])
        for relation, table in tables.values()
        for client, role in roles.items()
    ]


def findings(tried: list[Trial]) -> Iterator[Separation]:
    """What speaks against the clients being apart; a role that is not there, or not to be looked through, once."""
    told: set[tuple[str, str, str]] = set()
    for trial in tried:
        if trial.outcome in (APART, NO_ACCESS):
            continue
        kind = Kind(trial.outcome)
        if kind in (Kind.ROLE_MISSING, Kind.ROLE_UNREADABLE):
            if (kind, trial.store, trial.client) not in told:
                told.add((kind, trial.store, trial.client))
                yield Separation(kind, trial.store, "", trial.client)
        else:
            rows = trial.others if kind is Kind.SEES_OTHERS else 1
            yield Separation(kind, trial.store, trial.place, trial.client, rows or 1)


def _trial(db: Connection, store: str, relation: Relation, table: Table, client: str, role: str, value: str) -> Trial:
    def came_to(outcome: str, own: int | None = None, others: int | None = None) -> Trial:
        return Trial(store, relation.name, client, outcome, own, others)

    try:
        with said("taking on a client's role"), db.transaction():
            db.execute("set transaction isolation level repeatable read, read only")
            db.execute("select set_config('row_security', 'on', true)")
            known = db.execute("select pg_has_role(oid, 'member') from pg_roles where rolname = %s", [role]).fetchone()
            if known is None:
                return came_to(Kind.ROLE_MISSING)
            if not known[0]:
                return came_to(Kind.ROLE_UNREADABLE)
            column = sql.Identifier(table.client_column or "")
            counted = sql.SQL("select {}::text, count(*) from {} group by 1").format(column, relation.identifier)
            whole: dict[str, int] = dict(db.execute(counted).fetchall())
            db.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
            may = db.execute(
                "select has_column_privilege(%s, %s, 'select')", [relation.oid, table.client_column]
            ).fetchone()
            if may is None or not may[0]:
                return came_to(NO_ACCESS)
            seen: dict[str, int] = dict(db.execute(counted).fetchall())
    except StoreError:
        return came_to(Kind.ROLE_UNREADABLE)
    own, others = seen.get(value, 0), sum(rows for whose, rows in seen.items() if whose != value)
    if others:
        return came_to(Kind.SEES_OTHERS, own, others)
    return came_to(Kind.SEES_LESS if own < whole.get(value, 0) else APART, own, 0)
