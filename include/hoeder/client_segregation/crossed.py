"""Ways from one client's rows to another's: foreign keys that cross, and views that go around row level security."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from hoeder.client_segregation.found import Kind, Separation
from hoeder.policy.dataset import Table
from hoeder.stores.postgres import Relation, said

Connection = psycopg.Connection[tuple[Any, ...]]

_KEYS = """
    select c.conrelid::bigint, c.confrelid::bigint,
           array(select a.attname::text from unnest(c.conkey) with ordinality k (n, i)
                 join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.i),
           array(select a.attname::text from unnest(c.confkey) with ordinality k (n, i)
                 join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n order by k.i)
    from pg_constraint c
    where c.contype = 'f' and c.conrelid::bigint = any(%(tables)s) and c.confrelid::bigint = any(%(tables)s)
"""
# A view reads as its owner, whom row level security may not bind, unless it says security_invoker.
_VIEWS = """
    select v.relname::text, d.refobjid::bigint,
           (select count(*) from unnest(%(roles)s::text[]) r (name)
             where exists (select from pg_roles p where p.rolname = r.name)
               and has_table_privilege(r.name, v.oid, 'select'))
    from pg_depend d join pg_rewrite w on w.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    join pg_class v on v.oid = w.ev_class and v.relkind in ('v', 'm')
    where d.refclassid = 'pg_class'::regclass and d.refobjid::bigint = any(%(tables)s) and v.oid <> d.refobjid
      and not coalesce(v.reloptions @> array['security_invoker=true'], false)
      and not coalesce(v.reloptions @> array['security_invoker=on'], false)
    group by 1, 2, v.oid
"""


def crossed(db: Connection, store: str, tables: Mapping[str, tuple[Relation, Table]]) -> Iterator[Separation]:
    """Rows of one client that refer to a row of another, counted by table inside the database. Raises StoreError."""
    by_oid = {relation.oid: (relation, table) for relation, table in tables.values()}
    with said("following foreign keys"), db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        db.execute("select set_config('row_security', 'on', true)")
        for of, to, columns, others in db.execute(_KEYS, {"tables": list(by_oid)}).fetchall():
            (relation, table), (home, at_home) = by_oid[of], by_oid[to]
            joined = sql.SQL(" and ").join(
                sql.SQL("a.{} = b.{}").format(sql.Identifier(here), sql.Identifier(there))
                for here, there in zip(columns, others, strict=True)
            )
            row = db.execute(
                sql.SQL("select count(*) from {} a join {} b on {} where a.{} is distinct from b.{}").format(
                    relation.identifier, home.identifier, joined, sql.Identifier(table.client_column or ""),
                    sql.Identifier(at_home.client_column or ""),
                )
            ).fetchone()  # fmt: skip
            if row and row[0]:
                yield Separation(Kind.ROWS_CROSSED, store, relation.name, number=row[0])


def views(
    db: Connection, store: str, tables: Mapping[str, tuple[Relation, Table]], roles: Sequence[str]
) -> Iterator[Separation]:
    """Views over clients' tables that a client's role may read. Raises StoreError."""
    known = {relation.oid: relation for relation, _ in tables.values()}
    with said("looking at views"), db.transaction():
        rows = db.execute(_VIEWS, {"tables": list(known), "roles": list(roles)}).fetchall()
    for name, _, readers in sorted(rows):
        if readers:
            yield Separation(Kind.VIEW_AROUND, store, name, number=readers)
