"""The rows of a restored database: erased and changed again, table by table, and looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg import sql

from hoeder.errors import StoreError
from hoeder.governance import journal
from hoeder.governance.journal import NamedBy
from hoeder.policy.dataset import Store, Table
from hoeder.policy.retention import End
from hoeder.pseudonym import ReferenceKey
from hoeder.retention.wanted import References, Replayed, Wanted, only
from hoeder.stores.changes import new_values, to_change
from hoeder.stores.connection import Connection, connect
from hoeder.stores.erasable import Erasable, erasable
from hoeder.stores.erase import RowsTask, erase_in_batches
from hoeder.stores.postgres import said

Db = psycopg.Connection[tuple[Any, ...]]
_TRUE = sql.SQL("{}").format(sql.SQL("true"))


@dataclass(frozen=True)
class _Rows:
    """One table of the restored database."""

    db: Db
    store: str
    table: Table
    found: Erasable
    key: ReferenceKey

    def each(self) -> Iterator[tuple[Any, bytes, bytes | None]]:
        """Every row's key, with the references of the row and of its subject."""
        subject = self.table.subject
        query = sql.SQL("select {key}, {subject} from {table}").format(
            key=sql.Identifier(self.table.key),
            subject=sql.Identifier(subject.column if subject else self.table.key),
            table=self.found.identifier,
        )
        with self.db.transaction(), self.db.cursor(name="restored") as cursor:
            cursor.itersize = 10_000
            for key, person in cursor.execute(query):
                of_person = self.key.subject(subject.kind, person) if subject and person is not None else None
                yield key, self.key.row(self.store, self.found.name, key), of_person

    def named(self, references: References) -> list[Any]:
        """Keys of the rows that are named, by themselves or by their person."""
        rows, persons = references[NamedBy.RECORD], references[NamedBy.SUBJECT]
        return [key for key, row, person in self.each() if row in rows or person in persons]

    def task(self, then: End) -> RowsTask:
        change = new_values(then, self.found) or None
        due = to_change(then, self.found) if change else _TRUE
        return RowsTask(
            store=self.store,
            table=self.found,
            key_column=self.table.key,
            identifying={name: kind for name, kind in self.table.identifying.items() if name in self.found.types},
            day=sql.SQL("null::date"),  # a hold on a period keeps what has no day
            due=due,
            change=change,
        )


def replay_rows(
    store: str,
    place: Store,
    tables: dict[str, Table],
    account: Connection,
    governance: Db,
    key: ReferenceKey,
    wanted: Sequence[Wanted],
    done: Replayed,
) -> tuple[Replayed, list[str]]:
    """Erase and change rows of a restored database again, and look for what is left; with it, why it is not fit."""
    problems: list[str] = []
    with connect(account, autocommit=True) as db:
        rows: dict[str, _Rows] = {}
        for each in wanted:
            table = tables.get(each.target)
            if table is None:
                problems.append(f"table {each.target}: the journal speaks of it and policy does not; declare it again")
                continue
            columns = [table.subject.column] if table.subject else []
            columns += [column for entry in each.change for column in entry.then.changes]
            try:
                with said(f"store {store}: table {each.target}"):
                    found = erasable(db, store, place.schemas, each.target, key=table.key, columns=columns)
            except StoreError as error:
                problems.append(str(error))
                continue
            rows[each.target] = _Rows(db, store, table, found, key)
        todo = [each for each in wanted if each.target in rows]
        done, stuck = _erase_all(todo, rows, governance, done)
        problems += stuck
        for each in todo:
            with said(f"store {store}: table {each.target}"):
                done = _change(each, rows[each.target], governance, done)
                done = _look_again(each, rows[each.target], done)
                done = _lost(each, rows[each.target], done)
    # What a hold protects is there, and was counted when the door said so.
    return replace(done, remaining=max(0, done.remaining - done.held)), problems


def _erase_all(
    todo: Sequence[Wanted], rows: dict[str, _Rows], governance: Db, done: Replayed
) -> tuple[Replayed, list[str]]:
    """Erase table by table; one whose rows others still refer to waits for those others."""
    waiting = [(each.target, rows[each.target].named(each.erase)) for each in todo]
    while waiting:
        stuck: list[tuple[str, list[Any]]] = []
        for target, keys in waiting:
            one = rows[target]
            with said(f"store {one.store}: table {target}"):
                try:
                    for batch in erase_in_batches(one.db, governance, one.key, one.task(journal.ERASED), keys):
                        done = replace(done, erased=done.erased + batch.erased, held=done.held + batch.held)
                except psycopg.errors.ForeignKeyViolation:
                    stuck.append((target, keys))
        if len(stuck) == len(waiting):
            return done, [
                f"table {target}: rows of other tables refer to records that were erased; erase those rows first, or "
                "give their table a retention rule"
                for target, _ in stuck
            ]
        waiting = stuck
    return done, []


def _change(each: Wanted, one: _Rows, governance: Db, done: Replayed) -> Replayed:
    for entry in each.change:
        keys = one.named(only(entry))
        for batch in erase_in_batches(one.db, governance, one.key, one.task(entry.then), keys):
            done = replace(done, changed=done.changed + batch.erased, held=done.held + batch.held)
    return done


def _lost(each: Wanted, one: _Rows, done: Replayed) -> Replayed:
    """Corrections of records that came back: one that is erased, or was not there yet, needs none."""
    if not each.rectified:
        return done
    wanted = frozenset[bytes]().union(*(rectified.references for rectified in each.rectified))
    there = [row for _, row, _ in one.each() if row in wanted]
    return replace(done, corrections=(*done.corrections, *each.corrections(there)))


def _look_again(each: Wanted, one: _Rows, done: Replayed) -> Replayed:
    """Count what is still there, what is still as it was, and what came back under a key that was erased earlier."""
    remaining = len(one.named(each.erase))
    for entry in each.change:
        query = sql.SQL("select count(*) from {table} where {key} = any(%s) and {differs}").format(
            table=one.found.identifier, key=sql.Identifier(one.table.key), differs=to_change(entry.then, one.found)
        )
        row = one.db.execute(query, [one.named(only(entry))]).fetchone()
        remaining += int(row[0]) if row else 0
    earlier = len(one.named(each.earlier)) if any(each.earlier.values()) else 0
    return replace(done, remaining=done.remaining + remaining, earlier=done.earlier + earlier)
