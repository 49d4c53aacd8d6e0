"""Tables in which a person can be found: what identifies somebody there, and how a column is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from hoeder.errors import StoreError
from hoeder.persons import normal
from hoeder.persons.person import Scope
from hoeder.policy import Policy
from hoeder.policy.base import Role
from hoeder.policy.dataset import Store, Table
from hoeder.stores.postgres import said

Db = psycopg.Connection[tuple[Any, ...]]

_TYPES = """
select distinct on (c.relname) c.relname::text, n.nspname::text,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              order by a.attnum),
       array(select format_type(a.atttypid, null) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relname = any(%(tables)s) and n.nspname = any(%(schemas)s) and c.relkind in ('r', 'p', 'v', 'm', 'f')
 order by c.relname, array_position(%(schemas)s, n.nspname::text)
"""
_FILLED = """
select from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = any(%s) and c.relkind in ('r', 'p', 'v', 'm', 'f') limit 1
"""
_NAMES = ("user.name", "user.name.first", "user.name.last", "user.name.middle")
_BORN = "user.demographic.date_of_birth"
_POSTCODE = "user.contact.address.postal_code"
_EXACT = frozenset({"smallint", "integer", "bigint", "uuid", "date"})


@dataclass(frozen=True)
class Asked:
    """A column and its type as `format_type` writes it; `exact` ones are compared as they are, others as text."""

    column: str
    kind: str
    type: str

    @property
    def exact(self) -> bool:
        return self.type in _EXACT

    @property
    def expression(self) -> sql.Composed:
        """What an index must hold so that the column can be asked quickly."""
        column = sql.Identifier(self.column)
        if self.exact:
            return sql.Composed([column])
        as_text = sql.SQL("{}::text").format(column) if self.type not in ("text", "character varying") else column
        return normal.form(self.kind).text.format(as_text)

    def values(self, known: Iterable[str]) -> list[object]:
        """Values in the form in which the column is compared."""
        values = list(known)
        return normal.typed(self.kind, self.type, values) if self.exact else list(values)


@dataclass(frozen=True)
class Searched:
    """A declared table that is there, with the columns that identify and those that speak for or against a match."""

    store: str
    name: str
    identifier: sql.Identifier
    key: str
    identifying: tuple[Asked, ...]
    names: tuple[str, ...]
    born: Asked | None
    postcode: Asked | None
    client: Asked | None
    subject: str | None = None
    """The kind of the subject's own column: each such value is one person's."""

    @property
    def columns(self) -> list[str]:
        """All that is read of a row."""
        asked = [self.key, *(each.column for each in self.identifying), *self.names]
        asked += [each.column for each in (self.born, self.postcode, self.client) if each]
        return list(dict.fromkeys(asked))


def in_scope(policy: Policy, scope: Scope) -> dict[str, dict[str, Table]]:
    """Declared tables that a search of this scope may look into, by store: never a client's and our own together."""
    found: dict[str, dict[str, Table]] = {}
    for store, dataset in policy.datasets.items():
        tables = {
            name: table
            for name, table in dataset.tables.items()
            if (table.identifying or _by_birth(table))
            and (
                _of_clients(policy.stores[store], table)
                if scope.client
                else not _of_clients(policy.stores[store], table)
            )
        }
        if tables:
            found[store] = tables
    return found


def _of_clients(store: Store, table: Table) -> bool:
    return (table.role or store.role) is Role.PROCESSOR


def _by_birth(table: Table) -> bool:
    categories = set(table.columns.values())
    return _BORN in categories and not categories.isdisjoint(_NAMES)


def resolve_tables(db: Db, store: str, declared: Store, tables: Mapping[str, Table]) -> list[Searched]:
    """The declared tables as they are in the database; none where it has no table at all, and so holds nobody.

    Raises StoreError for one that is absent beside others, or lacks its key.
    """
    with said(f"store {store}: reading the catalog"):
        rows = db.execute(_TYPES, {"tables": list(tables), "schemas": list(declared.schemas)}).fetchall()
        filled = rows or db.execute(_FILLED, [list(declared.schemas)]).fetchall()
    if not filled:
        return []
    there = {name: (schema, dict(zip(columns, types, strict=True))) for name, schema, columns, types in rows}
    if missing := sorted(set(tables) - set(there)):
        raise StoreError(
            f"store {store}: table {', '.join(missing)} does not exist, so nobody can be looked for in it; declare "
            f"what there is (policy: datasets/{store}.yaml)"
        )
    return [_searched(store, name, tables[name], *there[name]) for name in sorted(tables)]


def _searched(store: str, name: str, table: Table, schema: str, types: Mapping[str, str]) -> Searched:
    if table.key not in types:
        raise StoreError(f"store {store}: table {name} has no column {table.key} (policy: datasets/{store}.yaml, key)")

    def of(category: str) -> Asked | None:
        columns = [column for column, each in table.columns.items() if each == category and column in types]
        return Asked(columns[0], category, types[columns[0]]) if columns else None

    born, postcode = of(_BORN), of(_POSTCODE)
    identifying = [Asked(column, kind, types[column]) for column, kind in table.identifying.items() if column in types]
    names = [column for column, each in table.columns.items() if each in _NAMES and column in types]
    client = table.client_column
    return Searched(
        store=store,
        name=name,
        identifier=sql.Identifier(schema, name),
        key=table.key,
        identifying=tuple(identifying),
        names=tuple(sorted(names, key=lambda column: _NAMES.index(table.columns[column]))),
        born=Asked(born.column, "birth_date", born.type) if born else None,
        postcode=Asked(postcode.column, "postcode", postcode.type) if postcode else None,
        client=Asked(client, "client", types[client]) if client and client in types else None,
        subject=table.subject.kind if table.subject else None,
    )


def conditions(
    table: Searched, values: Mapping[str, Sequence[str]], births: Sequence[str]
) -> tuple[list[sql.Composed], list[object]]:
    """`where` terms and parameters for identities by kind, and for birth dates where a name stands beside them."""
    terms: list[sql.Composed] = []
    parameters: list[object] = []
    for asked in table.identifying:
        wanted = asked.values(values.get(asked.kind, ()))
        if wanted:
            terms.append(_any(asked))
            parameters.append(wanted)
    if table.born and table.names and births:
        wanted = table.born.values(births)
        if wanted:
            terms.append(_any(table.born))
            parameters.append(wanted)
    return terms, parameters


def _any(asked: Asked) -> sql.Composed:
    cast = sql.SQL(asked.type if asked.exact else "text")
    return sql.SQL("{} = any(%s::{}[])").format(asked.expression, cast)
