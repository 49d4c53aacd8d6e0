"""Rows of a table: deleted, or emptied of what they may no longer say, in batches that take about a second each."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors, sql

from hoeder.errors import StoreError
from hoeder.governance.protection import Protections
from hoeder.pseudonym import ReferenceKey
from hoeder.stores import steps
from hoeder.stores.erasable import Erasable
from hoeder.stores.erase import door
from hoeder.stores.erase.door import Erased, open_door
from hoeder.stores.packed import Question
from hoeder.stores.steps import Step

Db = psycopg.Connection[tuple[Any, ...]]

LOCK_TIMEOUT = "2s"
"""How long a batch waits for a row that somebody else holds. While it waits, nobody can place a legal hold."""
IDLE_TIMEOUT = "8s"
"""When the server ends a batch whose other side was never heard of again."""
ATTEMPTS = 6
"""How often a batch that met a lock is tried, each time smaller and after a longer pause: 6 s in all."""
UNDONE = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure, errors.IntegrityError)
"""What a server says of a transaction of which nothing was committed."""
IN_THE_WAY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)


@dataclass
class Pace:
    """How many rows fit into `seconds`, learnt from one batch to the next."""

    rows: int = 2_000
    seconds: float = 1.0
    most: int = 100_000

    def learn(self, rows: int, seconds: float) -> None:
        """At most twice as many, at least a quarter of what was: one slow batch says little."""
        fitting = int(rows * self.seconds / max(seconds, 0.001))
        self.rows = max(1, min(self.most, fitting, 2 * self.rows), self.rows // 4)


@dataclass(frozen=True)
class Journal:
    """Where every record is written down before it goes, so that no crash can lose it, and confirmed when all went.

    What they write to the governance database is committed for them. A batch of which some records stayed is not
    confirmed: the caller settles it.
    """

    intend: Callable[[Collection[bytes]], None]
    confirm: Callable[[], None]
    withdraw: Callable[[], None]
    """What was written down last did not happen: the server undid it, and said so."""


@dataclass(frozen=True)
class RowsTask:
    """The rows of one table under one rule: `due` is the condition that each must still meet.

    `identifying` gives the kind of identity that a column holds, `day` the expression of the row's anchor. With
    `change`, columns get these expressions and the rows stay.
    """

    store: str
    table: Erasable
    key_column: str
    identifying: Mapping[str, str]
    day: sql.Composable
    due: sql.Composed
    change: Mapping[str, sql.Composable] | None = None

    @property
    def question(self) -> Question:
        """Which rows they are."""
        return Question(self.store, self.table, self.key_column, self.identifying, self.day, self.due)

    @property
    def judged_by(self) -> list[sql.Composable]:
        """What a row is judged by."""
        return [*map(sql.Identifier, self.identifying), self.day]


def erase_in_batches(
    db: Db,
    governance: Db,
    key: ReferenceKey,
    task: RowsTask,
    keys: Sequence[Any],
    *,
    references: Sequence[bytes] = (),
    journal: Journal | None = None,
    pace: Pace | None = None,
) -> Iterator[Erased]:
    """Erase rows by their keys; what came of each batch, committed by then. `references` stand beside the keys.

    A batch that meets a lock lets go of everything, waits and comes back smaller. Raises psycopg's errors, and
    StoreError where the lock stays: what earlier batches erased is erased, the rest is as it was.
    """
    pace = pace or Pace()
    at = tried = 0
    while at < len(keys):
        batch = keys[at : at + pace.rows]
        begun = time.monotonic()
        try:
            done = erase_rows(
                db, governance, key, task, batch, references=references[at : at + pace.rows], journal=journal
            )
        except IN_THE_WAY as error:
            tried += 1
            if tried >= ATTEMPTS:
                raise StoreError(
                    f"table {task.table.name}: somebody else has held rows of it for {tried} attempts "
                    f"({type(error).__name__}); run it again when that transaction has ended"
                ) from error
            pace.rows = max(1, pace.rows // 4)
            time.sleep(0.1 * 2**tried * random.uniform(0.5, 1))  # noqa: S311  # two that collide must not do so again
            continue
        tried = 0
        at += len(batch)
        pace.learn(len(batch), time.monotonic() - begun)
        yield done


def erase_rows(
    db: Db,
    governance: Db,
    key: ReferenceKey,
    task: RowsTask,
    keys: Sequence[Any],
    *,
    references: Sequence[bytes] = (),
    journal: Journal | None = None,
) -> Erased:
    """Erase rows by their keys, in one transaction of the store that is committed while the door is still open.

    Rows that a hold protects, that are gone or that are no longer due are left and counted. The statement that erases
    says itself what must hold: that the row is due, and that its subject is the one that was judged. A row that
    somebody changed in between is left, and counted as gone. Raises psycopg's errors, after which nothing was erased.
    """
    if db.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
        raise ValueError("the store's connection is inside a transaction: the rows would outlive the open door")
    with open_door(governance, key) as protections:
        if protections.any:
            found, free = _judge(db, protections, task, keys)
        else:
            found, free = len(keys), [(each,) for each in keys]
        steps.reached(Step.ROWS_JUDGED)
        if not free:
            return Erased(held=found, gone=len(keys) - found)
        if journal:
            going = references
            if len(free) < len(keys):
                of_key = dict(zip(keys, references, strict=True))
                going = [of_key[row[0]] for row in free]
            journal.intend(going)
            governance.commit()
        steps.reached(Step.ROWS_WRITTEN_DOWN)
        try:
            with db.transaction():
                set_limits(db)
                count = _act(db, task, free)
                steps.reached(Step.ROWS_CHANGED)
                door.still_open(governance)
        except UNDONE:
            if journal:
                journal.withdraw()
                governance.commit()
            raise
        steps.reached(Step.ROWS_COMMITTED)
        if journal and count == len(free):
            journal.confirm()
            governance.commit()
    return Erased(erased=count, held=found - len(free), gone=len(keys) - found + len(free) - count)


def set_limits(db: Db) -> None:
    """For one transaction: how long it waits for others, and how long others wait for it."""
    # A server does not notice by itself that the network was cut, and would keep the locks.
    db.execute(
        """select set_config('lock_timeout', %s, true),
                  set_config('idle_in_transaction_session_timeout', %s, true)""",
        [LOCK_TIMEOUT, IDLE_TIMEOUT],
    )


def _judge(db: Db, protections: Protections, task: RowsTask, keys: Sequence[Any]) -> tuple[int, list[tuple[Any, ...]]]:
    """How many rows are there and due, and those of them that nothing protects, each with what it was judged by."""
    query = sql.SQL("select {key}, {judged} from {table} where {key} = any({keys}) and {due}").format(
        key=sql.Identifier(task.key_column),
        judged=sql.SQL(", ").join(task.judged_by),
        table=task.table.identifier,
        keys=_array(task.table.types[task.key_column]),
        due=task.due,
    )
    found = db.execute(query, [list(keys)]).fetchall()
    return len(found), [row for row in found if task.question.protection(protections, row[1:]) is None]


def _act(db: Db, task: RowsTask, free: Sequence[tuple[Any, ...]]) -> int:
    """One statement. It joins the keys with what the rows were judged by, so that a row which was given to another
    person meanwhile does not match: PostgreSQL tests the row anew after waiting for whoever changed it.
    """
    table = task.table.identifier
    columns = [task.key_column, *task.identifying]
    types = [*(task.table.types[column] for column in columns), "date"]
    what = [sql.SQL("{}.{}").format(table, sql.Identifier(column)) for column in columns] + [task.day]
    judged = len(free[0]) > 1
    width = len(types) if judged else 1
    names = [sql.Identifier(f"judged_{number}") for number in range(width)]
    named = sql.SQL("unnest({}) as named ({})").format(
        sql.SQL(", ").join(map(_array, types[:width])), sql.SQL(", ").join(names)
    )
    same = [sql.SQL("{} = named.{}").format(what[0], names[0])]
    same += [
        sql.SQL("{} is not distinct from named.{}").format(w, n) for w, n in zip(what[1:width], names[1:], strict=True)
    ]
    match = sql.SQL(" and ").join([*same, task.due])
    values = [list(column) for column in zip(*free, strict=True)]
    return db.execute(statement(task, match, named), values).rowcount


def statement(task: RowsTask, match: sql.Composable, named: sql.Composable | None = None) -> sql.Composed:
    """Delete the rows that match, or change their fields; `named` is a list of rows that `match` may speak of."""
    table = task.table.identifier
    if task.change is None:
        using = sql.SQL(" using {}").format(named) if named else sql.SQL("")
        return sql.SQL("delete from {table}{using} where {match}").format(table=table, using=using, match=match)
    sets = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(column), new) for column, new in task.change.items()
    )
    other = sql.SQL(" from {}").format(named) if named else sql.SQL("")
    return sql.SQL("update {table} set {sets}{other} where {match}").format(
        table=table, sets=sets, other=other, match=match
    )


def _array(kind: str) -> sql.Composable:
    """A parameter as an array of a type that the catalog named."""
    return sql.SQL("%s::{}[]").format(sql.SQL(kind.replace("%", "%%")))
