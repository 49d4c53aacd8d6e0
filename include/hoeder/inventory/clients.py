"""Whose data a table holds: rows per client, and rows that stand under another client than their subject does."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from hoeder.errors import StoreError
from hoeder.inventory.observed import Kind, Observed
from hoeder.policy.dataset import Dataset, Table
from hoeder.stores.postgres import said

if TYPE_CHECKING:
    from hoeder.stores.postgres import Connection, Relation

_SHOWN = re.compile(r"[A-Za-z0-9_-]{1,40}")
_OTHER = "(other)"
_MOST_CLIENTS = 200
MOST_SUBJECTS = 5_000_000
"""Subjects that are compared; about 1 GB. A table with more is told of as not compared."""


@dataclass(frozen=True)
class ClientRows:
    client: str
    rows: int


def home_of(dataset: Dataset, table: Table) -> str | None:
    """The table that says whose each subject is: the one whose key the subject's column is."""
    if table.subject is None or table.client_column is None:
        return None
    for name, other in dataset.tables.items():
        if (
            other is not table
            and other.client_column
            and other.subject == table.subject.model_copy(update={"column": other.key})
        ):
            return name
    return None


def rows_per_client(db: Connection, relation: Relation, column: str) -> tuple[ClientRows, ...]:
    """Rows by the client that `column` names, most first; those beyond 200 clients, and odd keys, together."""
    query = sql.SQL("select {column}::text, count(*) from {table} group by 1 order by 2 desc").format(
        column=sql.Identifier(column), table=relation.identifier
    )
    counted: dict[str, int] = {}
    with _reading(db, relation):
        for client, rows in db.execute(query):
            plain = client is not None and _SHOWN.fullmatch(client) and len(counted) < _MOST_CLIENTS
            name = client if plain else _OTHER
            counted[name] = counted.get(name, 0) + rows
    return tuple(ClientRows(client, rows) for client, rows in counted.items())


def mixed(db: Connection, home: tuple[Relation, Table], other: tuple[Relation, Table]) -> Observed | None:
    """Rows of `other` that stand under another client than their subject does in `home`.

    Subjects and clients are compared by keyed hashes under a secret that is made here and forgotten.
    """
    secret = secrets.token_bytes(32)

    def hashed(value: str) -> bytes:
        return hashlib.blake2b(value.encode(), key=secret, digest_size=8).digest()

    owner: dict[bytes, bytes] = {}
    for subject, client in _pairs(db, *home):
        if len(owner) == MOST_SUBJECTS:
            raise StoreError(f"clients not compared: {home[0].name} has more than {MOST_SUBJECTS:,} subjects")
        owner[hashed(subject)] = hashed(client)
    compared = stray = 0
    for subject, client in _pairs(db, *other):
        if (known := owner.get(hashed(subject))) is not None:
            compared += 1
            stray += known != hashed(client)
    if not stray:
        return None
    relation, table = other
    evidence = f"{stray} of {compared} rows stand under another client than their subject in {home[0].name}"
    column = table.client_column or ""
    return Observed(relation.name, column, Kind.CLIENT_MIXED, table.columns.get(column), None, 1.0, evidence)


def _pairs(db: Connection, relation: Relation, table: Table) -> Iterator[tuple[str, str]]:
    """Subject and client of every row that has both, streamed."""
    query = sql.SQL(
        "select {subject}::text, {client}::text from {table} where {subject} is not null and {client} is not null"
    )
    columns = {"subject": table.subject.column if table.subject else table.key, "client": table.client_column or ""}
    with _reading(db, relation), db.cursor(name="pairs") as cursor:
        cursor.itersize = 20_000
        cursor.execute(query.format(
            table=relation.identifier, **{name: sql.Identifier(column) for name, column in columns.items()}
        ))  # fmt: skip
        yield from cursor


@contextmanager
def _reading(db: Connection, relation: Relation) -> Iterator[None]:
    """A transaction of its own, which sees every row where policy lets this role see them."""
    try:
        with said("reading"):
            if relation.shows_all:
                db.execute("set local row_security = on")
            yield
    finally:
        if not db.broken:
            db.rollback()
