"""A table's due rows, a range of pages at a time: one look and one statement for all of them, in one snapshot.

What the look finds is what the statement erases: both see the table as it was at one moment (repeatable read), and a
row that somebody changed in between ends the transaction. While the server erases one range, the next is looked at, and
its keys are hashed and held against the plan; nothing goes before every key of its range was found there. A range in
which somebody's lock, a row that no plan names, or a row that others refer to is in the way goes key by key instead.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import psycopg
from psycopg import errors, sql

from hoeder.errors import StoreError
from hoeder.governance.protection import Protections
from hoeder.pseudonym import ReferenceKey
from hoeder.stores import packed, steps
from hoeder.stores.erase import door, rows
from hoeder.stores.erase.door import Erased, open_door
from hoeder.stores.erase.rows import (
    IN_THE_WAY,
    UNDONE,
    Journal,
    Pace,
    RowsTask,
    erase_in_batches,
    set_limits,
    statement,
)
from hoeder.stores.references import Numbers, References
from hoeder.stores.steps import Step

Db = psycopg.Connection[tuple[Any, ...]]

FIRST_PAGES = 512
"""Pages of the first range: some thousands of rows, mostly."""


class _Otherwise(Exception):
    """Not all rows of a range can go as one."""


@dataclass(frozen=True)
class _Lot:
    """The rows of a range as one moment has them, in a transaction that is open and has changed nothing yet."""

    db: Db
    pages: range
    protections: Protections
    going: int
    staying: list[Any]
    """Keys of the rows that a hold or restriction protects."""
    names: References | None
    """What the plan calls those that go; None where it does not know one of them."""


def erase_planned(
    db: Db,
    another: Callable[[], Db],
    governance: Db,
    key: ReferenceKey,
    task: RowsTask,
    planned: References,
    *,
    journal: Journal,
) -> Iterator[Erased]:
    """Erase every due row that the plan names and nothing protects; how many at a time, committed by then.

    While the rows of one range go, those of the next are looked at over a connection that `another` opens. Raises
    psycopg's errors, and StoreError where a lock stays: what earlier ranges erased is erased, the rest is as it was.
    """
    pace = Pace()
    pace.rows, pace.most = FIRST_PAGES, packed.most_pages(db, task.question)
    end = packed.pages(db, task.table)
    with _Lots(db, another, key, task, planned) as lots:
        some = _from(0, pace, end)
        while some:
            upcoming = _from(some.stop, pace, end)
            begun = time.monotonic()
            try:
                lot = lots.take(some, governance)
                if upcoming:
                    lots.prepare(upcoming, lot.protections)
                if erased := _as_one(lots, lot, governance, task, journal):
                    yield Erased(erased=erased)
            except (*IN_THE_WAY, errors.ForeignKeyViolation, _Otherwise):
                lots.let_go()
                yield from _by_key(db, governance, key, task, planned, some, journal)
            pace.learn(len(some), time.monotonic() - begun)
            some = upcoming


def _from(start: int, pace: Pace, end: int) -> range:
    return range(start, min(start + min(pace.rows, pace.most), end))


class _Lots:
    """Looks at ranges over two connections in turn, the next one while the caller is busy with the last."""

    def __init__(
        self, db: Db, another: Callable[[], Db], key: ReferenceKey, task: RowsTask, planned: References
    ) -> None:
        self._sides = [db]
        self._another = another
        self._turn = 0
        self.key, self._task, self._planned = key, task, planned
        self._aside = ThreadPoolExecutor(1, "next-range")
        self._ahead: Future[_Lot] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(psycopg.Error, StoreError):  # the block's own error is the one to tell
            self.let_go()
        self._aside.shutdown()
        for side in self._sides[1:]:
            side.close()

    def prepare(self, some: range, protections: Protections) -> None:
        """Look at a range aside."""
        self._turn += 1
        self._ahead = self._aside.submit(self._look_over, self._turn, some, protections)

    def take(self, some: range, governance: Db) -> _Lot:
        """What was prepared, or else this range, looked at now."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            return ahead.result()
        protections = Protections.read(governance, self.key)
        return self._look_over(self._turn, some, protections)

    def let_go(self) -> None:
        """Give up what was prepared."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.result().db.execute("rollback")

    def look(self, db: Db, some: range, protections: Protections) -> _Lot:
        """Open a transaction and look at a range in it."""
        db.execute("begin isolation level repeatable read")
        try:
            task = self._task
            found = packed.read(db, task.question, some, protections)
            stays, _ = found.protected(task.question, protections)
            names = _named(found.keys, self.key, task, self._planned)[~stays]
            known = self._planned.some(names) if bool(np.all(names >= 0)) else None
            return _Lot(db, some, protections, len(names), found.keys.where(stays), known)
        except BaseException:
            _undo(db)
            raise

    def _look_over(self, turn: int, some: range, protections: Protections) -> _Lot:
        if turn % 2 and len(self._sides) == 1:
            self._sides.append(self._another())
            self._sides[1].execute("select set_config('lock_timeout', %s, false)", [rows.LOCK_TIMEOUT])
        return self.look(self._sides[turn % 2], some, protections)


def _as_one(lots: _Lots, lot: _Lot, governance: Db, task: RowsTask, journal: Journal) -> int:
    """End the transaction of a lot: its rows are gone, or everything is as it was."""
    written = False
    try:
        with open_door(governance, lots.key) as protections:
            if vars(protections) != vars(lot.protections):  # a hold was placed or lifted since
                lot.db.execute("rollback")
                lot = lots.look(lot.db, lot.pages, protections)
            steps.reached(Step.ROWS_JUDGED)
            if not lot.going:
                lot.db.execute("rollback")
                return 0
            if lot.names is None:
                raise _Otherwise
            set_limits(lot.db)
            count = lot.db.execute(statement(task, _match(task, lot))).rowcount
            steps.reached(Step.ROWS_CHANGED)
            if count != lot.going:
                raise _Otherwise
            journal.intend(lot.names)
            governance.commit()
            written = True
            steps.reached(Step.ROWS_WRITTEN_DOWN)
            door.still_open(governance)
            lot.db.execute("commit")
            steps.reached(Step.ROWS_COMMITTED)
            journal.confirm()
            governance.commit()
    except UNDONE:
        _undo(lot.db)
        if written:
            journal.withdraw()
            governance.commit()
        raise
    except BaseException:
        _undo(lot.db)
        raise
    return count


def _match(task: RowsTask, lot: _Lot) -> sql.Composed:
    match = sql.SQL("{} and {}").format(packed.within(lot.pages), task.due)
    if not lot.staying:
        return match
    return sql.SQL("{} and {} <> all({}::{}[])").format(
        match,
        sql.Identifier(task.key_column),
        sql.Literal(lot.staying),
        sql.SQL(task.table.types[task.key_column]),
    )


def _undo(db: Db) -> None:
    if not db.closed and db.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
        with contextlib.suppress(psycopg.Error):  # a connection that was lost takes its transaction with it
            db.execute("rollback")


def _named(keys: packed.Keys, key: ReferenceKey, task: RowsTask, planned: References) -> Numbers:
    """Where the plan names each key; -1 where it does not."""
    return planned.positions(keys.references(key, task.store, task.table.name))


def _by_key(
    db: Db, governance: Db, key: ReferenceKey, task: RowsTask, planned: References, some: range, journal: Journal
) -> Iterator[Erased]:
    found = packed.read(db, task.question, some, None)
    positions = _named(found.keys, key, task, planned)
    named = positions >= 0
    references = list(planned.each(positions[named]))
    keys = found.keys.where(named)
    for done in erase_in_batches(db, governance, key, task, keys, references=references, journal=journal):
        yield Erased(erased=done.erased)
