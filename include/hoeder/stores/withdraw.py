"""The guarded door for access: the one place from which it is taken away, through functions that can do nothing else.

The functions stand in the database (`withdraw.sql`, installed by its owner). They refuse superusers, owners and the
caller's own account by themselves; here is checked, at the last moment, what only Hoeder knows: that this was approved,
and that the account is none of those that may never be closed by machine. What was done is read again by the caller.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg

from hoeder.errors import Refused
from hoeder.stores.entitlements import PUBLIC
from hoeder.stores.postgres import said

Connection = psycopg.Connection[tuple[Any, ...]]

INSTALL = Path(__file__).with_suffix(".sql")
"""What the owner of a database runs once, before anything can be withdrawn from it."""


class How(StrEnum):
    """What is taken away."""

    CLOSE = "close"  # the account can no longer log in; its open sessions end
    LEAVE = "leave"  # a group
    RIGHT = "right"  # one right on one table or column


@dataclass(frozen=True)
class Withdrawal:
    """One thing to take from one account. The account's name may be somebody's login: it is not printed."""

    how: How
    account: str = field(repr=False)
    place: str = ""
    """The group, or the table: `schema.table` outside the store's first schema."""
    right: str = ""
    column: str | None = None

    @property
    def protected(self) -> bool:
        """Whether it is about an account, which may be one that is never closed by machine."""
        return self.account != PUBLIC


def withdraw(db: Connection, what: Withdrawal, *, schema: str, never: Collection[str]) -> None:
    """Take it away, in a transaction of its own.

    `never` are accounts that nobody closes by machine: programs', administrators'. Raises Refused for those, and
    where the database itself refuses; StoreError where it cannot be reached or the functions are not installed.
    """
    if what.protected and (what.account in never or what.account == db.info.user):
        raise Refused("this is an account of a program or an administrator; nothing was taken from it")
    try:
        with db.transaction():
            match what.how:
                case How.CLOSE:
                    db.execute("select hoeder_access.close_account(%s)", [what.account])
                case How.LEAVE:
                    db.execute("select hoeder_access.leave_group(%s, %s)", [what.account, what.place])
                case How.RIGHT:
                    schema, table = _qualified(what.place, schema)
                    db.execute(
                        "select hoeder_access.take_right(%s, format('%%I.%%I', %s::text, %s::text)::regclass, %s, %s)",
                        [what.account if what.protected else None, schema, table, what.column, what.right],
                    )
    except psycopg.errors.InsufficientPrivilege as error:
        message = error.diag.message_primary or ""
        own = message.startswith("hoeder_access: ")
        raise Refused(message if own else "this account may not withdraw access (stores/withdraw.sql)") from None
    except psycopg.Error:
        with said("withdrawing access"):
            raise


def _qualified(table: str, schema: str) -> tuple[str, str]:
    before, _, name = table.rpartition(".")
    return before or schema, name
