"""Under which other names the stores know a person: from one identity to those that stand in the same rows."""

from collections.abc import Iterable

from psycopg import sql

from hoeder.errors import HoederError, StoreError
from hoeder.policy import Policy
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.erasable import find_columns
from hoeder.stores.postgres import said

MOST = 200
"""More identities than this are not one person's: something is shared by many, such as a company's telephone."""
_ROUNDS = 3
_ROWS = 1_000

Identity = tuple[str, str]


def of(policy: Policy, resolve: Resolver, persons: Iterable[Identity]) -> frozenset[Identity]:
    """The identities given and those found beside them in any declared table, and beside those, three steps far.

    Reads with the inventory's accounts. Values stay in memory. Raises StoreError where a store does not answer: a hold
    that knows half of a person's names protects half of their records.
    """
    known = {(kind, plain(value)) for kind, value in persons}
    fresh = set(known)
    for _ in range(_ROUNDS):
        found = _beside(policy, resolve, fresh) - known if fresh else set()
        known |= found
        fresh = found
        if len(known) > MOST:
            raise HoederError(
                f"more than {MOST} identities hang together, so they are not one person's: one of them is shared by "
                "many. Place the hold with --no-aliases, and name each identity"
            )
    return frozenset(known)


def plain(value: object) -> str:
    """As references compare them: without space around it, in lower case."""
    return str(value).strip().casefold()


def _beside(policy: Policy, resolve: Resolver, identities: set[Identity]) -> set[Identity]:
    found: set[Identity] = set()
    for name, dataset in policy.datasets.items():
        store = policy.stores[name]
        tables = {table: held.identifying for table, held in dataset.tables.items() if len(held.identifying) > 1}
        if not tables:
            continue
        with connect(resolve(f"{store.connection}_inventory"), autocommit=True) as db, said(f"store {name}"):
            for table, identifying in tables.items():
                place = find_columns(db, store.schemas, table)
                if place is None:
                    raise StoreError(
                        f"store {name}: table {table} does not exist, so nobody can look for aliases in it"
                    )
                identifier, columns = place
                there = {column: kind for column, kind in identifying.items() if column in columns}
                for column, kind in there.items():
                    values = [value for of_kind, value in identities if of_kind == kind]
                    if values:
                        query = sql.SQL(
                            "select distinct {all} from {table} where {column} = any(%s) limit {most}"
                        ).format(
                            all=sql.SQL(", ").join(_plain(each) for each in there),
                            table=identifier, column=_plain(column), most=sql.Literal(_ROWS),
                        )  # fmt: skip
                        for row in db.execute(query, [values]):
                            found |= {(k, v) for k, v in zip(there.values(), row, strict=True) if v}
    return found


def _plain(column: str) -> sql.Composed:
    return sql.SQL("lower(btrim({}::text))").format(sql.Identifier(column))
