"""Who may do what in a PostgreSQL database, read from its catalogs alone: no row of anybody's is looked at.

Only accounts that may connect to this database count: roles belong to the whole server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from hoeder.stores.postgres import said

Connection = psycopg.Connection[tuple[Any, ...]]
PUBLIC = "public"
"""Everybody who may connect, as a grantee."""


@dataclass(frozen=True)
class Account:
    """A role that can log in here, or may do everything. Its name may be somebody's login: it is not printed."""

    name: str
    can_login: bool
    powers: frozenset[str]
    """Of `superuser`, `bypassrls`, `createrole`, `createdb`, `replication`."""
    owns: int
    """Tables and views of this database."""

    def __repr__(self) -> str:
        return f"Account(…, can_login={self.can_login})"


@dataclass(frozen=True)
class Membership:
    """An account in a group: directly or through another, inherited or by SET ROLE, it may do what the group may."""

    account: str
    group: str
    direct: bool

    def __repr__(self) -> str:
        return "Membership(…)"


@dataclass(frozen=True)
class Grant:
    """A right given to an account, a group, or everybody."""

    grantee: str
    place: str
    """A table, `schema.table` outside the store's first schema; or `schema x`, `database x`, `defaults x`."""
    right: str
    column: str | None = None
    """Where it is for one column alone."""

    def __repr__(self) -> str:
        return f"Grant(…, {self.place!r}, {self.right!r})"


@dataclass(frozen=True)
class Entitled:
    """Everything of one database."""

    accounts: tuple[Account, ...]
    memberships: tuple[Membership, ...]
    grants: tuple[Grant, ...]
    elsewhere: tuple[str, ...]
    """Ways by which data leave the database for another server: `subscription x`, `server x`…"""

    def groups_of(self, account: str) -> frozenset[str]:
        """Every group that an account is in, however it came there."""
        return frozenset(m.group for m in self.memberships if m.account == account)

    def members_of(self, group: str) -> frozenset[str]:
        """Every account in a group."""
        return frozenset(m.account for m in self.memberships if m.group == group)

    def rights_of(self, *grantees: str) -> Iterator[Grant]:
        """What is given to any of these."""
        return (grant for grant in self.grants if grant.grantee in grantees)

    def readers(self, table: str) -> frozenset[str]:
        """Accounts and groups that read a table or a column of it, by a grant of their own."""
        return frozenset(g.grantee for g in self.grants if g.right == "select" and g.place == table)


def read(db: Connection, schemas: Sequence[str]) -> Entitled:
    """Read the catalogs in one snapshot. Tables in the first of `schemas` go by their bare name. Raises StoreError."""
    with said("reading who may do what"), db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        accounts = tuple(
            Account(name, can_login, frozenset(powers), owns) for name, can_login, powers, owns in db.execute(_ACCOUNTS)
        )
        known = {account.name for account in accounts}
        memberships = tuple(
            Membership(account, group, direct)
            for account, group, direct in db.execute(_MEMBERSHIPS)
            if account in known
        )
        grants = tuple(
            Grant(grantee or PUBLIC, _place(schema, name, schemas), right, column)
            for grantee, schema, name, column, right in db.execute(_GRANTS)
        )
        elsewhere = tuple(f"{kind} {name}" for kind, name in db.execute(_ELSEWHERE))
    return Entitled(accounts, memberships, grants, elsewhere)


def _place(schema: str | None, name: str, schemas: Sequence[str]) -> str:
    return name if schema is None or schema == schemas[0] else f"{schema}.{name}"


_ACCOUNTS = """
    select r.rolname, r.rolcanlogin,
           array_remove(array[case when r.rolsuper then 'superuser' end, case when r.rolbypassrls then 'bypassrls' end,
                              case when r.rolcreaterole then 'createrole' end,
                              case when r.rolcreatedb then 'createdb' end,
                              case when r.rolreplication then 'replication' end], null),
           (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relowner = r.oid and n.nspname !~ '^(pg_|information_schema$)')
    from pg_roles r
    where r.rolname !~ '^pg_' and (r.rolsuper
        or r.rolcanlogin and has_database_privilege(r.oid, current_database(), 'connect'))
    order by r.rolname
"""
# A superuser is a member of everything, by its power and not by a grant: it is told of as a superuser.
_MEMBERSHIPS = """
    with recursive of (account, grp, direct) as (
        select m.member, m.roleid, true from pg_auth_members m
        union
        select o.account, m.roleid, false from of o join pg_auth_members m on m.member = o.grp
    )
    select a.rolname, g.rolname, bool_or(o.direct)
    from of o join pg_roles a on a.oid = o.account join pg_roles g on g.oid = o.grp
    group by 1, 2 order by 1, 2
"""
_GRANTS = """
    with there as (
        select c.oid, n.nspname, c.relname, c.relacl, c.relowner from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not exists (select from pg_depend d
                           where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    ), given (grantee, owner, schema, name, col, privilege) as (
        select x.grantee, t.relowner, t.nspname::text, t.relname::text, null, x.privilege_type
        from there t, aclexplode(t.relacl) x
        union
        select x.grantee, t.relowner, t.nspname::text, t.relname::text, a.attname::text, x.privilege_type
        from there t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped,
             aclexplode(a.attacl) x
        union
        select x.grantee, n.nspowner, null, 'schema ' || n.nspname, null, x.privilege_type
        from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and x.privilege_type = 'CREATE'
        union
        select x.grantee, d.datdba, null, 'database ' || d.datname, null, x.privilege_type
        from pg_database d, aclexplode(d.datacl) x
        where d.datname = current_database() and x.privilege_type = 'CREATE'
        union
        select x.grantee, a.defaclrole, null, 'defaults ' || coalesce(n.nspname, '(all)'), null, x.privilege_type
        from pg_default_acl a left join pg_namespace n on n.oid = a.defaclnamespace, aclexplode(a.defaclacl) x
        where a.defaclobjtype = 'r'
    )
    select r.rolname, g.schema, g.name, g.col, lower(g.privilege) from given g left join pg_roles r on r.oid = g.grantee
    where g.grantee <> g.owner and (g.grantee = 0 or r.rolname is not null)
    order by 1 nulls first, 2, 3, 4, 5
"""
_ELSEWHERE = """
    select 'subscription', subname::text from pg_subscription
        where subdbid = (select oid from pg_database where datname = current_database())
    union all select 'publication', pubname::text from pg_publication
    union all select 'server', srvname::text from pg_foreign_server
    order by 1, 2
"""
