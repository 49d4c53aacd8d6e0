"""What we know of people, read from our own store in one look: addresses, consents, customers."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
from psycopg import sql

from hoeder.errors import StoreError
from hoeder.marketing_gate import addresses
from hoeder.policy.marketing_gate import ADDRESS, Channel, Consents, MarketingGate, Placed
from hoeder.stores.postgres import said

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Facts:
    """Tables: `persons` (person, and an address of each kind), `consents`, `customers`."""

    persons: pa.Table
    consents: pa.Table
    customers: pa.Table

    def of_channel(self, gate: MarketingGate, channel: Channel, company: str | None) -> Facts:
        """Persons with their address for a channel, and consents that are about it: to us, or to one company.

        A text that policy does not know may have been about anything, so it stays; it proves nothing.
        """
        kind = ADDRESS[channel]
        address = self.persons[kind] if kind in self.persons.column_names else pa.nulls(len(self.persons), pa.string())
        texts = gate.texts.items()
        about = [t for t, said in texts if channel in said.channels and _for(said.companies, company)]
        is_about = pc.is_in(self.consents["text"], pa.array(about, pa.string()))
        unknown = pc.invert(pc.is_in(self.consents["text"], pa.array(list(gate.texts), pa.string())))
        proven = pc.and_(is_about, self.consents["told_how"])
        consents = self.consents.append_column("proven", proven).filter(pc.or_(is_about, unknown))
        return Facts(pa.table({"person": self.persons["person"], "address": address}), consents, self.customers)


def _for(companies: Sequence[str], company: str | None) -> bool:
    return company in companies if company is not None else not companies


def read(db: Db, gate: MarketingGate) -> Facts:
    """Everything the gate has to know, in one snapshot of the store. `db` must not be inside a transaction.

    Raises StoreError where the account may not read it, or a column is absent.
    """
    with db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        persons = _persons(db, gate)
        consents = _consents(db, gate.consents)
        customers = pa.table({"person": pa.array([], pa.string()), "since": pa.array([], pa.date32()),
                              "offered": pa.array([], pa.bool_())})  # fmt: skip
        if gate.customers is not None:
            columns = {"person": gate.customers.person, "since": gate.customers.since}
            found = table(db, gate.customers, columns)
            since = days(found["since"])
            offered = pc.fill_null(pc.greater_equal(since, pa.scalar(gate.customers.offered_since)), False)
            customers = pa.table({"person": _key(found["person"]), "since": since, "offered": offered})
        return Facts(persons, consents, customers)


def _persons(db: Db, gate: MarketingGate) -> pa.Table:
    kinds = {kind: column for kind in ("email", "phone") if (column := getattr(gate.persons, kind))}
    found = table(db, gate.persons, {"person": gate.persons.key} | kinds)
    forms = {kind: addresses.read(kind, [found[kind]]).strict for kind in kinds}
    return pa.table({"person": _key(found["person"])} | forms)


def _consents(db: Db, consents: Consents) -> pa.Table:
    columns = {name: getattr(consents, name) for name in ("person", "text", "given_on", "how", "status", "ended_on")}
    found = table(db, consents, columns)
    text = found["text"].cast(pa.string())
    told = pc.and_(pc.is_valid(found["given_on"]), pc.is_valid(found["how"]))
    stands = pc.fill_null(pc.equal(found["status"].cast(pa.string()), consents.standing), False)
    return pa.table(
        {"person": _key(found["person"]), "text": text, "given_on": days(found["given_on"]),
         "ended_on": days(found["ended_on"]), "stands": stands, "told_how": told}
    )  # fmt: skip


def table(db: Db, placed: Placed, columns: Mapping[str, str], since: tuple[str, date] | None = None) -> pa.Table:
    """Columns of one of our tables under other names, as bytes; null for what is null or blank.

    `since` is a column and the first day, in Amsterdam, that is asked for.
    """
    chosen = sql.SQL(", ").join(
        sql.SQL("nullif(btrim({}::text), '')").format(sql.Identifier(column)) for column in columns.values()
    )
    where: sql.Composable = sql.SQL("true")
    if since is not None:
        where = sql.SQL("{} >= {}").format(sql.Identifier(since[0]), sql.Literal(since[1]))
    query = sql.SQL("copy (select {} from {} where {}) to stdout (format csv)")
    with said(f"table {placed.table}"):
        return parsed(copied(db, query.format(chosen, sql.Identifier(placed.name), where)), list(columns))


def copied(db: Db, query: sql.Composed) -> bytes:
    """What a `copy … to stdout (format csv)` brings."""
    with db.cursor() as cursor, cursor.copy(query) as copy:
        return b"".join(bytes(block) for block in copy)


def parsed(content: bytes, names: list[str]) -> pa.Table:
    """PostgreSQL's CSV as bytes: null for an empty field."""
    if not content:
        return pa.table({name: pa.array([], pa.binary()) for name in names})
    return pv.read_csv(
        io.BytesIO(content),
        read_options=pv.ReadOptions(column_names=names, block_size=max(1 << 20, min(len(content), 1 << 24))),
        parse_options=pv.ParseOptions(newlines_in_values=True),
        convert_options=pv.ConvertOptions(
            column_types={name: pa.binary() for name in names}, null_values=[""], strings_can_be_null=True,
            quoted_strings_can_be_null=True, check_utf8=False,
        ),
    )  # fmt: skip


def _key(column: pa.ChunkedArray) -> pa.Array:
    return addresses.read("person", [column]).strict


def days(column: pa.ChunkedArray) -> pa.Array:
    """Dates as PostgreSQL prints them; null where there is none."""
    try:
        return column.cast(pa.string()).cast(pa.date32()).combine_chunks()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise StoreError("a column of days has something else than days; infinity is none either") from None
