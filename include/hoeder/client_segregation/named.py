"""Texts kept for one client that name a customer of another.

Compared by keyed hashes under a secret that is made here and forgotten: what a text says and who a customer is meet
nowhere else, and only a count leaves. Names are not compared, since many people share one: addresses of mail and
numbers of telephones, accounts and customers are.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from hoeder.client_segregation.found import Kind, Separation
from hoeder.errors import StoreError
from hoeder.persons.normal import form
from hoeder.policy.dataset import Table
from hoeder.stores.postgres import Relation, said

Connection = psycopg.Connection[tuple[Any, ...]]
MOST = 20_000_000
"""Identities that are compared, about 3 GB; with more the table is told of as not read."""
_ENOUGH = 6
"""Characters that a customer's number has at least: a shorter one stands in texts by chance."""

_IN_TEXT = {
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "phone": re.compile(r"(?<![\w.])\+?\d[\d ()./-]{7,16}\d(?!\w)"),
    "bank_account": re.compile(r"\b[A-Za-z]{2} ?\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b"),
    "number": re.compile(r"\b(?=\w*\d)[A-Za-z0-9-]{6,24}\b"),
}


@dataclass
class Known:
    """Whose each identity is: a bit for each client, under a keyed hash."""

    clients: tuple[str, ...]
    owners: dict[bytes, int] = field(default_factory=dict, repr=False)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def learn(self, kind: str, value: str, client: str) -> None:
        """Raises StoreError where there are too many."""
        plain = form(kind).of(value)
        if client not in self.clients or len(plain) < _ENOUGH:
            return
        if len(self.owners) >= MOST:
            raise StoreError(f"notes were not searched: there are more than {MOST:,} identities of customers")
        hashed = self._hashed(kind, plain)
        self.owners[hashed] = self.owners.get(hashed, 0) | 1 << self.clients.index(client)

    def names_another(self, text: str, client: str) -> bool:
        """Whether a text names a customer of another client who is none of this client's."""
        own = 1 << self.clients.index(client)
        for kind, pattern in _IN_TEXT.items():
            for match in pattern.findall(text):
                owners = self.owners.get(self._hashed(kind, form(kind).of(match)), 0)
                if owners and not owners & own:
                    return True
        return False

    def _hashed(self, kind: str, plain: str) -> bytes:
        return hashlib.blake2b(f"{kind}\0{plain}".encode(), key=self.secret, digest_size=10).digest()


def identities(table: Table) -> dict[str, str]:
    """Columns by which a customer is known, with the kind of each: what the company itself numbers, aside."""
    found = {column: kind for column, kind in table.identifying.items() if kind in _IN_TEXT}
    own = {table.key, table.client_column, table.subject.column if table.subject else None}
    found |= {c: "number" for c, said in table.columns.items() if said == "user.unique_id" and c not in own}
    return found


def texts(table: Table) -> list[str]:
    """Columns in which somebody writes what they like."""
    return [column for column, category in table.columns.items() if category.startswith("user.content")]


def named(
    db: Connection, store: str, tables: Mapping[str, tuple[Relation, Table]], values: Mapping[str, str]
) -> tuple[list[Separation], int]:
    """Texts that name another client's customer, by table and client; and how many texts were read.

    `values` is each client's value in the client columns. Raises StoreError.
    """
    clients = {value: client for client, value in values.items()}
    known = Known(tuple(values))
    for relation, table in tables.values():
        columns = identities(table)
        for row in _rows(db, relation, table, list(columns)) if columns else ():
            for kind, value in zip(columns.values(), row[1:], strict=True):
                if value is not None and row[0] in clients:
                    known.learn(kind, value, clients[row[0]])
    found: Counter[tuple[str, str]] = Counter()
    read = 0
    for relation, table in tables.values():
        columns_of_text = texts(table)
        for row in _rows(db, relation, table, columns_of_text) if columns_of_text else ():
            read += 1
            client = clients.get(row[0] or "")
            if client and any(text and known.names_another(text, client) for text in row[1:]):
                found[relation.name, client] += 1
    return [
        Separation(Kind.NAMED_IN_NOTE, store, place, client, number)
        for (place, client), number in sorted(found.items())
    ], read


def _rows(db: Connection, relation: Relation, table: Table, columns: list[str]) -> Iterator[tuple[str | None, ...]]:
    """The client and these columns of every row, as text, streamed."""
    chosen = sql.SQL(", ").join(
        sql.SQL("{}::text").format(sql.Identifier(c)) for c in (table.client_column or "", *columns)
    )
    with said("reading texts"), db.transaction():
        db.execute("select set_config('row_security', 'on', true)")
        with db.cursor(name="texts") as cursor:
            cursor.itersize = 5_000
            cursor.execute(sql.SQL("select {} from {}").format(chosen, relation.identifier))
            yield from cursor
