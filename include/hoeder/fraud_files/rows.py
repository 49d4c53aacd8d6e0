"""The rows of signals and files in the company's own store, through the capability's own account."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg import sql

from hoeder.clock import AMSTERDAM
from hoeder.errors import PolicyError, Refused, StoreError
from hoeder.policy import Policy
from hoeder.policy.fraud_files import FraudFile, FraudTable
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.postgres import said

Db = psycopg.Connection[tuple[Any, ...]]
CAPABILITY = "fraud_files"


@dataclass(frozen=True)
class Row:
    """A signal or file. The facts and whose they are stay in memory."""

    key: str
    subject: str | None
    open: bool
    ended_on: date | None
    suspicion: str | None
    facts: str
    author: str | None
    approver: str | None
    opened_on: date | None

    def __repr__(self) -> str:
        return f"Row(open={self.open})"


def fraud_of(policy: Policy) -> FraudFile:
    """What policy says of fraud files. Raises PolicyError where it says nothing."""
    if policy.fraud_files is None:
        raise PolicyError("policy keeps no fraud files: add fraud_files.yaml")
    return policy.fraud_files


@contextmanager
def opened(policy: Policy, resolve: Resolver) -> Iterator[Db]:
    """The store, which commits where the block ends well. Raises StoreError."""
    place = policy.stores[fraud_of(policy).signals.store]
    with connect(resolve(f"{place.connection}_{CAPABILITY}")) as db:
        yield db


@dataclass(frozen=True)
class Table:
    """One of the two tables as it is in the database."""

    db: Db
    means: FraudTable
    identifier: sql.Identifier
    key: str
    subject: str

    @classmethod
    def of(cls, db: Db, policy: Policy, means: FraudTable) -> "Table":
        """Raises StoreError for one that is absent or says not whose its rows are."""
        declared = policy.datasets[means.store].tables[means.name]
        schemas = list(policy.stores[means.store].schemas)
        with said(f"store {means.store}: reading the catalog"):
            row = db.execute(
                """select n.nspname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where c.relname = %s and n.nspname = any(%s) and c.relkind in ('r', 'p')
                    order by array_position(%s, n.nspname::text) limit 1""",
                [means.name, schemas, schemas],
            ).fetchone()
        if row is None:
            raise StoreError(f"store {means.store}: table {means.name} does not exist (policy: fraud_files.yaml)")
        if declared.subject is None:
            raise StoreError(
                f"{means.table} says not whose its rows are (policy: datasets/{means.store}.yaml, subject)"
            )
        return cls(db, means, sql.Identifier(row[0], means.name), declared.key, declared.subject.column)

    def rows(self) -> list[Row]:
        """Every row."""
        m = self.means
        columns = (
            self.key,
            self.subject,
            m.status,
            m.ended_on,
            m.suspicion,
            m.facts,
            m.author,
            m.approver,
            m.opened_on,
        )
        query = sql.SQL("select {}::text, {}::text, {}::text, {}, {}::text, {}::text, {}::text, {}::text, {} from {}")
        with said(f"store {m.store}: reading {m.name}"):
            found = self.db.execute(query.format(*map(sql.Identifier, columns), self.identifier)).fetchall()
        return [
            Row(key, subject, status == m.open, _day(ended), suspicion, facts or "", author, approver, _day(opened_on))
            for key, subject, status, ended, suspicion, facts, author, approver, opened_on in found
        ]

    def one(self, key: str) -> Row:
        """The row with this key. Raises Refused where there is none, or it is decided."""
        found = [row for row in self.rows() if row.key == key.strip()]
        if not found or not found[0].open:
            state = "there is none" if not found else "somebody decided about it already"
            raise Refused(f"{self.means.table}: {state} with this number. Nothing was changed.")
        return found[0]

    def meant(self, secret: ReferenceKey, reference: bytes) -> Row:
        """The row behind a keyed reference, open or not. Raises Refused where it is gone."""
        for row in self.rows():
            if secret.row(self.means.store, self.means.name, row.key) == reference:
                return row
        raise Refused(f"{self.means.table}: the row of this case is gone. Nothing was changed.")

    def change(self, key: str, values: Mapping[str, object]) -> None:
        """Set columns of an open row. Raises Refused where it is not open any more."""
        query = sql.SQL("update {} set {} where {}::text = %s and {}::text = %s").format(
            self.identifier,
            sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(column)) for column in values),
            sql.Identifier(self.key), sql.Identifier(self.means.status),
        )  # fmt: skip
        with said(f"store {self.means.store}: changing {self.means.name}"):
            done = self.db.execute(query, [*values.values(), key, self.means.open]).rowcount
        if done != 1:
            raise Refused(f"{self.means.table}: the row is not open any more. Nothing was changed.")

    def add(self, subject: str, values: Mapping[str, object]) -> str:
        """A new row about the same person; its key."""
        columns = {self.subject: subject, **values}
        query = sql.SQL("insert into {} ({}) values ({}) returning {}::text").format(
            self.identifier, sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join([sql.Placeholder()] * len(columns)), sql.Identifier(self.key),
        )  # fmt: skip
        with said(f"store {self.means.store}: adding to {self.means.name}"):
            row = self.db.execute(query, list(columns.values())).fetchone()
        if row is None:
            raise StoreError(f"{self.means.table} took no new row")
        return str(row[0])


def _day(value: date | datetime | None) -> date | None:
    if isinstance(value, datetime):
        return (value.astimezone(AMSTERDAM) if value.tzinfo else value).date()
    return value
