"""Which rows of a table meet a condition: their keys, packed by the server, and whose they are, some pages at a time.

A million rows come as a few long values and not as a million rows, and their keyed references are computed in one go.
Keys of a type whose printed form the server and Python could write differently are read one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg import sql

from hoeder.governance.protection import Protection, Protections
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.erasable import Erasable
from hoeder.stores.references import FEW, Numbers, Rows

Db = psycopg.Connection[tuple[Any, ...]]
Mask = npt.NDArray[np.bool_]

_HEADER = 20  # of an array of one dimension, as PostgreSQL sends it
MOST_PAGES = 8_192
"""Pages of 8 kB that are read at a time: of narrow rows a million and a half, which stay in memory for a moment."""


class Kind(Enum):
    """How a key is packed."""

    NUMBER = "int8"
    UUID = "uuid"
    TEXT = "text"
    OTHER = ""


@dataclass(frozen=True)
class Question:
    """A table, the condition its rows must meet, and what each is judged by.

    `identifying` gives the kind of identity that a column holds, `day` the expression of the row's anchor.
    """

    store: str
    table: Erasable
    key_column: str
    identifying: Mapping[str, str]
    day: sql.Composable
    condition: sql.Composable

    def protection(self, protections: Protections, row: Sequence[Any]) -> Protection | None:
        """What protects a row: its identities in their order, and its day."""
        identities = list(zip(self.identifying.values(), row, strict=False))
        return protections.of(self.store, self.table.name, identities, row[len(identities)])


@dataclass(frozen=True)
class Keys:
    """Keys of rows. They can name a person, and have no printed form."""

    kind: Kind
    values: Any
    """Numbers or UUIDs (16 bytes a row) as an array; others as a list, as Python has them."""

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"Keys({len(self)})"

    def where(self, mask: Mask) -> list[Any]:
        """Some of them, as psycopg gives and takes them."""
        if self.kind is Kind.UUID:
            return [UUID(bytes=raw.tobytes()) for raw in self.values[mask]]
        if self.kind is Kind.NUMBER:
            return list(self.values[mask].tolist())
        return [value for value, wanted in zip(self.values, mask.tolist(), strict=True) if wanted]

    def references(self, key: ReferenceKey, store: str, target: str) -> Rows:
        """Each one's `ReferenceKey.row`."""
        if self.kind is Kind.OTHER or len(self) <= FEW:  # the compiled loops take a moment to load
            each = self.where(np.ones(len(self), bool))
            raw = b"".join(key.row(store, target, one) for one in each)
            return np.frombuffer(raw, np.uint8).reshape(-1, 16)
        text, ends = self._printed()
        return key.rows(store, target, text, ends)

    def _printed(self) -> tuple[Rows, Numbers]:
        from hoeder.sha256 import digits_of_each, hex_of_each  # numba takes a moment to load

        if self.kind is Kind.NUMBER:
            return digits_of_each(self.values)
        if self.kind is Kind.UUID:
            return hex_of_each(self.values)
        encoded = [value.encode() for value in self.values]
        ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
        return np.frombuffer(b"".join(encoded), np.uint8), ends


@dataclass(frozen=True)
class Found:
    """Rows that meet a question: keys, and for each what it is judged by, several rows to one where it is the same."""

    keys: Keys
    judged: Sequence[tuple[Any, ...]]
    """Values of the identities, and the (earliest) day."""
    sizes: Sequence[int]

    def __len__(self) -> int:
        return len(self.keys)

    def protected(
        self, question: Question, protections: Protections
    ) -> tuple[Mask, list[tuple[int, Protection, date]]]:
        """Which rows something protects; and by what, how many each time, with the earliest day."""
        if not protections.any:
            return np.zeros(len(self), bool), []
        verdicts = [question.protection(protections, row) for row in self.judged]
        mask = np.repeat(np.array([each is not None for each in verdicts], bool), self.sizes)
        which = zip(self.sizes, verdicts, self.judged, strict=True)
        return mask, [(size, verdict, row[-1]) for size, verdict, row in which if verdict is not None]


def pages(db: Db, table: Erasable) -> int:
    """Pages of a table, or of its largest partition."""
    row = db.execute(
        """select coalesce(max(pg_relation_size(relid)), 0) / current_setting('block_size')::int
             from (select relid from pg_partition_tree(%(oid)s) where isleaf union select %(oid)s::oid) family""",
        {"oid": table.oid},
    ).fetchone()
    return int(row[0]) if row else 0


def most_pages(db: Db, question: Question) -> int:
    """How many pages to read at a time: the same range of pages is read of every partition."""
    row = db.execute("select count(*) from pg_partition_tree(%s) where isleaf", [question.table.oid]).fetchone()
    share = MOST_PAGES // max(1, int(row[0]) if row else 1)
    return max(1, share // 16 if _kind(db, question) is Kind.OTHER else share)


def count(db: Db, question: Question) -> tuple[int, range]:
    """How many rows meet the question, and the pages they lie on; one pass, in which the server may use every core."""
    query = sql.SQL("select count(*), min(ctid)::text, max(ctid)::text from {} where {}").format(
        question.table.identifier, question.condition
    )
    row = db.execute(query).fetchone()
    number, first, last = row or (0, None, None)
    return number, span(first, last)


def span(first: str | None, last: str | None) -> range:
    """The pages between two places `(page,line)`, both included; none where there is no place."""
    return range(0) if first is None or last is None else range(_page(first), _page(last) + 1)


def _page(place: str) -> int:
    return int(place.strip("()").partition(",")[0])


def within(some: range) -> sql.Composed:
    """SQL condition: the row lies on these pages."""
    return sql.SQL("ctid >= {} and ctid < {}").format(sql.Literal(f"({some.start},0)"), sql.Literal(f"({some.stop},0)"))


def read_all(db: Db, question: Question, where: range, protections: Protections | None) -> Iterator[Found]:
    """All rows that meet the question on certain pages, some at a time."""
    step = most_pages(db, question)
    for start in range(where.start, where.stop, step):
        some = read(db, question, range(start, min(start + step, where.stop)), protections)
        if len(some):
            yield some


def read(db: Db, question: Question, where: range, protections: Protections | None) -> Found:
    """The rows on certain pages; with what each is judged by only where `protections` holds anything."""
    kind = _kind(db, question)
    judge = protections is not None and protections.any
    columns = [sql.Identifier(column) for column in question.identifying] if judge else []
    arrays = any(question.table.types[column].endswith("]") for column in question.identifying)
    condition = sql.SQL("{} and {}").format(within(where), question.condition)
    if kind is Kind.OTHER or (judge and arrays):
        return _one_by_one(db, question, columns, condition)
    packed = sql.SQL("array_send(array_agg({}::{}))").format(sql.Identifier(question.key_column), sql.SQL(kind.value))
    if not judge:
        query = sql.SQL("select {} from {} where {}").format(packed, question.table.identifier, condition)
        row = db.execute(query, binary=True).fetchone()
        body = bytes(row[0])[_HEADER:] if row and row[0] is not None else b""
        keys = _unpack(kind, body)
        return Found(keys, [()], [len(keys)])
    by = [*columns, question.day] if _has_periods(protections) else columns
    query = sql.SQL(
        "select {packed}, {values} min({day}), count(*) from {table} where {condition} group by {by}"
    ).format(
        packed=packed,
        values=sql.SQL("").join(sql.SQL("(array_agg({}))[1], ").format(column) for column in columns),
        day=question.day,
        table=question.table.identifier,
        condition=condition,
        by=sql.SQL("row({})::text").format(sql.SQL(", ").join(by)) if by else sql.SQL("true"),
    )
    rows = db.execute(query).fetchall()
    keys = _unpack(kind, b"".join(bytes(row[0])[_HEADER:] for row in rows))
    return Found(keys, [tuple(row[1:-1]) for row in rows], [row[-1] for row in rows])


def _one_by_one(db: Db, question: Question, columns: Sequence[sql.Composable], condition: sql.Composable) -> Found:
    query = sql.SQL("select {} from {} where {}").format(
        sql.SQL(", ").join([sql.Identifier(question.key_column), *columns, question.day]),
        question.table.identifier,
        condition,
    )
    rows = db.execute(query).fetchall()
    return Found(Keys(Kind.OTHER, [row[0] for row in rows]), [row[1:] for row in rows], [1] * len(rows))


def _has_periods(protections: Protections | None) -> bool:
    holds = protections.holds if protections else ()
    return any(scope.first or scope.last for hold in holds for scope in hold.scopes)


def _kind(db: Db, question: Question) -> Kind:
    match question.table.types[question.key_column]:
        case "smallint" | "integer" | "bigint":
            return Kind.NUMBER
        case "uuid":
            return Kind.UUID
        case kind if (kind == "text" or kind.startswith("character varying")) and db.info.encoding == "utf-8":
            return Kind.TEXT
        case _:
            return Kind.OTHER


def _unpack(kind: Kind, body: bytes) -> Keys:
    """Elements as PostgreSQL sends them: four bytes of length and the value, each."""
    if kind is Kind.NUMBER:
        numbers = np.frombuffer(body, np.dtype([("length", ">i4"), ("value", ">i8")]))["value"]
        return Keys(kind, numbers.astype(np.int64))
    if kind is Kind.UUID:
        raw = np.frombuffer(body, np.uint8).reshape(-1, 20)[:, 4:]
        return Keys(kind, np.ascontiguousarray(raw))
    return Keys(kind, list(_texts(body)))


def _texts(body: bytes) -> Iterator[str]:
    at = 0
    while at < len(body):
        end = at + 4 + int.from_bytes(body[at : at + 4], "big")
        yield body[at + 4 : end].decode()
        at = end
