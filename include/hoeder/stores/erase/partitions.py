"""Whole partitions: detached without locking the table, looked at again, and dropped, or attached as they were."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import psycopg
from psycopg import errors, sql

from hoeder.errors import StoreError
from hoeder.governance.protection import Protections
from hoeder.pseudonym import ReferenceKey
from hoeder.stores import packed, steps
from hoeder.stores.erasable import Erasable
from hoeder.stores.erase import door
from hoeder.stores.erase.door import open_door
from hoeder.stores.erase.rows import ATTEMPTS, LOCK_TIMEOUT, Journal, RowsTask
from hoeder.stores.references import References
from hoeder.stores.steps import Step

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Partition:
    """One partition as the catalog knows it; `bounds` as it would be attached again."""

    schema: str
    name: str
    bounds: str

    @property
    def unit(self) -> str:
        """Its name in the list of steps."""
        return f"{self.schema}.{self.name}"

    @property
    def identifier(self) -> sql.Identifier:
        """With its schema, so that a search path cannot lead elsewhere."""
        return sql.Identifier(self.schema, self.name)


Record = Callable[[Partition, str], None]
"""Writes a step down and commits it: `intended`, `detached`, `dropped` or `attached`."""

# Only what can be detached CONCURRENTLY and belongs to this account; a partition that rows elsewhere refer to is left.
_CANDIDATES = """
select n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid)
  from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_class parent on parent.oid = i.inhparent
 where i.inhparent = %(oid)s and parent.relkind = 'p' and c.relkind = 'r' and not i.inhdetachpending
   and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
   and pg_has_role(parent.relowner, 'usage') and pg_has_role(c.relowner, 'usage')
   and not exists (select from pg_inherits d join pg_class p on p.oid = d.inhrelid
                    where d.inhparent = parent.oid and pg_get_expr(p.relpartbound, p.oid) = 'DEFAULT')
   and not exists (select from pg_constraint k
                    where k.contype = 'f' and k.confrelid in (parent.oid, c.oid))
 order by c.relname
"""

_BOUNDS = re.compile(r"FOR VALUES (FROM \([^;]*\) TO|IN|WITH) \([^;]*\)")
_STATE = """
select (select i.inhdetachpending from pg_inherits i where i.inhrelid = c.oid and i.inhparent = %(parent)s)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = %(schema)s and c.relname = %(name)s
"""


def candidates(db: Db, table: Erasable) -> list[Partition]:
    """Partitions that could be dropped whole, whatever is in them; none where the account does not own the table."""
    return [Partition(*row) for row in db.execute(_CANDIDATES, {"oid": table.oid})]


def worth_detaching(
    db: Db, protections: Protections, task: RowsTask, partition: Partition, planned: References, key: ReferenceKey
) -> bool:
    """Whether a partition looks as if it could be dropped whole; it is looked at in full once it is detached.

    Where something is protected it is looked at in full beforehand too: it would be attached again every day.
    """
    if protections.any:
        return all_free(db, protections, task, partition, planned, key) is not None
    query = sql.SQL("select count(*) > 0 and count(*) = count(*) filter (where {}) from {}")
    row = db.execute(query.format(task.due, partition.identifier)).fetchone()
    return bool(row and row[0])


def all_free(
    db: Db, protections: Protections, task: RowsTask, partition: Partition, planned: References, key: ReferenceKey
) -> References | None:
    """References of a partition's rows where every single one is due, planned and free of holds; None otherwise."""
    inside = replace(task.table, schema=partition.schema, name=partition.name, oid=_oid(db, partition))
    question = replace(task.question, table=inside)
    row = db.execute(sql.SQL("select count(*) from {}").format(partition.identifier)).fetchone()
    every = int(row[0]) if row else 0
    positions = []
    for found in packed.read_all(db, question, range(packed.pages(db, inside)), protections):
        if found.protected(task.question, protections)[0].any():
            return None
        positions.append(planned.positions(found.keys.references(key, task.store, task.table.name)))
    together = np.concatenate(positions) if positions else np.empty(0, np.int64)
    if not every or every != len(together) or bool(np.any(together < 0)):
        return None
    return planned.some(together)


def drop(
    db: Db,
    governance: Db,
    key: ReferenceKey,
    task: RowsTask,
    partition: Partition,
    planned: References,
    *,
    record: Record,
    journal: Journal | None = None,
) -> int:
    """Drop a partition, from whatever state it was left in; how many rows went with it.

    Between detaching and dropping it is looked at again, behind an open door: where a row came in or a hold was placed
    meanwhile, it is attached as it was and nothing went. Raises StoreError where somebody keeps the table locked; then
    the partition is attached, or the next call finishes.
    """
    state = _state(db, task, partition)
    if state is None:
        record(partition, "dropped")
        return 0
    if state != "detached":
        if state == "attached":
            record(partition, "intended")
            steps.reached(Step.PARTITION_INTENDED)
        _detach(db, task, partition)
        record(partition, "detached")
    steps.reached(Step.PARTITION_DETACHED)
    with open_door(governance, key) as protections:
        references = all_free(db, protections, task, partition, planned, key)
        if references is not None:
            if journal:
                journal.intend(references)
                governance.commit()
            with db.transaction():
                db.execute("select set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
                db.execute(sql.SQL("drop table {}").format(partition.identifier))
                door.still_open(governance)
            steps.reached(Step.PARTITION_DROPPED)
            if journal:
                journal.confirm()
                governance.commit()
    if references is None:
        _attach(db, task, partition)
        record(partition, "attached")
        return 0
    record(partition, "dropped")
    steps.reached(Step.PARTITION_RECORDED)
    return len(references)


def _oid(db: Db, partition: Partition) -> int:
    row = db.execute(
        "select c.oid::int8 from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname = %s and c.relname = %s",
        [partition.schema, partition.name],
    ).fetchone()
    return int(row[0]) if row else 0


def _state(db: Db, task: RowsTask, partition: Partition) -> str | None:
    """`attached`, `pending` (a detachment was interrupted), `detached`, or None where it is gone."""
    names = {"parent": task.table.oid, "schema": partition.schema, "name": partition.name}
    row = db.execute(_STATE, names).fetchone()
    if row is None:
        return None
    return "detached" if row[0] is None else "pending" if row[0] else "attached"


def _detach(db: Db, task: RowsTask, partition: Partition) -> None:
    """Take it out of the table; nobody who reads or writes the table waits for this."""
    names = {"table": task.table.identifier, "partition": partition.identifier}
    for attempt in range(ATTEMPTS):
        how = "finalize" if _state(db, task, partition) == "pending" else "concurrently"
        try:
            db.execute("select set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
            db.execute(
                sql.SQL("alter table {table} detach partition {partition} {how}").format(**names, how=sql.SQL(how))
            )
            return
        except (errors.LockNotAvailable, errors.DeadlockDetected):
            time.sleep(0.1 * 2**attempt)
    raise StoreError(
        f"table {task.table.name}: a transaction has kept partition {partition.name} from being detached for "
        f"{ATTEMPTS} attempts; run it again when that transaction has ended"
    )


def _attach(db: Db, task: RowsTask, partition: Partition) -> None:
    if not _BOUNDS.fullmatch(partition.bounds):
        raise StoreError(f"table {task.table.name}: the bounds kept of partition {partition.name} are not bounds")
    with db.transaction():
        db.execute("select set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        db.execute(
            sql.SQL("alter table {} attach partition {} {}").format(
                task.table.identifier, partition.identifier, sql.SQL(partition.bounds)
            )
        )
