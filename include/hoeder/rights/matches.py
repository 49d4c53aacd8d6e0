"""What stands in possible matches, for the eyes of the officer who judges them: never stored, logged or sent on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from psycopg import sql

from hoeder.persons.person import Match
from hoeder.persons.tables import resolve_tables
from hoeder.policy import Policy
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.postgres import said


def values(policy: Policy, resolve: Resolver, matches: Sequence[Match]) -> dict[bytes, Mapping[str, str | None]]:
    """What speaks for and against each match, by its reference: key, identities, names, birth date, postcode.

    A match that is no row of a table has its key alone. Raises StoreError where a store does not answer.
    """
    found: dict[bytes, Mapping[str, str | None]] = {match.reference: {"key": match.key} for match in matches}
    by_table: dict[str, dict[str, list[Match]]] = defaultdict(lambda: defaultdict(list))
    for match in matches:
        if match.target in policy.datasets[match.store].tables:
            by_table[match.store][match.target].append(match)
    for store, tables in by_table.items():
        place = policy.stores[store]
        declared = {name: policy.datasets[store].tables[name] for name in tables}
        with connect(resolve(f"{place.connection}_rights"), autocommit=True) as db:
            for table in resolve_tables(db, store, place, declared):
                query = sql.SQL("select {} from {} where {}::text = any(%s)").format(
                    sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in table.columns),
                    table.identifier, sql.Identifier(table.key),
                )  # fmt: skip
                with said(f"store {store}: reading {table.name}"):
                    rows = db.execute(query, [[match.key for match in tables[table.name]]]).fetchall()
                by_key = {str(row[0]): dict(zip(table.columns, row, strict=True)) for row in rows}
                found |= {m.reference: by_key[m.key] for m in tables[table.name] if m.key in by_key}
    return found
