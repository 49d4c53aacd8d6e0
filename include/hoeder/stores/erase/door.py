"""The guarded door: it asks at the last moment whether a legal hold or a restriction protects a record.

A hold cannot be placed while the door is open: placing one waits for the lock that the door holds (see the triggers on
`hold_subject` and `left_out`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from hoeder.errors import EvidenceError
from hoeder.governance.protection import Protections
from hoeder.pseudonym import ReferenceKey

Db = psycopg.Connection[tuple[Any, ...]]

HOLDS_LOCK = 0x686F6C64  # "hold", the advisory lock that the trigger on hold_subject takes exclusively


@dataclass(frozen=True)
class Erased:
    """What came of the keys that were brought to the door; the three add up to their number."""

    erased: int = 0
    held: int = 0
    gone: int = 0  # no longer there, or no longer due

    def __add__(self, other: Erased) -> Erased:
        return Erased(self.erased + other.erased, self.held + other.held, self.gone + other.gone)


@contextmanager
def open_door(governance: Db, key: ReferenceKey) -> Iterator[Protections]:
    """The holds and restrictions in force, and the assurance that none is added before the block ends.

    The lock belongs to the session, so that the block can commit what it writes down before it acts. What the caller
    had not committed is committed here.
    """
    if governance.autocommit:
        raise ValueError("the governance connection must not autocommit: what is written at the door belongs together")
    governance.commit()
    governance.execute("select pg_advisory_lock_shared(%s)", [HOLDS_LOCK])
    try:
        yield Protections.read(governance, key)
    finally:
        if not governance.broken:
            governance.rollback()
            governance.execute("select pg_advisory_unlock_shared(%s)", [HOLDS_LOCK])
            governance.commit()


def still_open(governance: Db) -> None:
    """The last look before a delete counts: the lock is gone with a lost connection. Raises EvidenceError then."""
    try:
        governance.execute("select 1")
    except psycopg.Error as error:
        raise EvidenceError(
            "the connection to the governance database was lost; what was under way is undone"
        ) from error
