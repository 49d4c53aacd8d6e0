"""One rule on one table: whole partitions first where the rule says so, then rows, then what was in somebody's way."""

from collections.abc import Sequence
from typing import Any

from hoeder.policy.models import Act
from hoeder.retention import due
from hoeder.retention.work import Work
from hoeder.stores.anchors import anchor_day, changed_value
from hoeder.stores.erasable import changeable
from hoeder.stores.erase import Erased, RowsTask, erase_in_batches, open_door
from hoeder.stores.erase import partitions as whole
from hoeder.stores.erase.partitions import Partition


def erase(work: Work, target: due.TableTarget, keys: Sequence[Any], references: Sequence[bytes]) -> None:
    """Bring the planned rows of a table to their end. Raises psycopg's errors and StoreError."""
    task = _task(target)
    if task.change:
        changeable(target.db, target.rule.store, target.found)
    if target.rule.then.act is Act.DROP_PARTITION and _drop(work, target, task):
        there = {record.key for record in target.records()}
        kept = [(key, ref) for key, ref in zip(keys, references, strict=True) if key in there]
        keys, references = [key for key, _ in kept], [ref for _, ref in kept]
    journal = work.journal(target.rule)
    for done in erase_in_batches(
        target.db, work.governance, work.key, task, keys, references=references, journal=journal
    ):
        work.add(done)


def finish_partitions(work: Work, target: due.TableTarget) -> None:
    """What a crash left detached is dropped where this plan names all its rows, and attached as it was otherwise."""
    for unit, _, detail in work.unfinished():
        if "bounds" in detail:
            schema, _, name = unit.partition(".")
            _drop_one(work, target, _task(target), Partition(schema, name, str(detail["bounds"])))


def _drop(work: Work, target: due.TableTarget, task: RowsTask) -> int:
    """Drop every partition of which all rows are planned, due and free; how many."""
    dropped = 0
    for partition in whole.candidates(target.db, task.table):
        with open_door(work.governance, work.key) as protections:
            free = whole.all_free(target.db, protections, task, partition, work.planned, work.reference)
        if free is not None:
            dropped += _drop_one(work, target, task, partition)
    return dropped


def _drop_one(work: Work, target: due.TableTarget, task: RowsTask, partition: Partition) -> int:
    rows = whole.drop(
        target.db, work.governance, work.key, task, partition, work.planned, work.reference,
        record=lambda which, state: work.step(which.unit, state, bounds=which.bounds),
        journal=work.journal(target.rule),
    )  # fmt: skip
    if rows:
        work.add(Erased(erased=rows))
        work.count("partitions")
    return 1 if rows else 0


def _task(target: due.TableTarget) -> RowsTask:
    rule, types = target.rule, target.found.types
    change = {column: changed_value(rule.then, column, types) for column in rule.then.columns}
    return RowsTask(
        store=rule.store,
        table=target.found,
        key_column=target.table.key,
        identifying={column: kind for column, kind in target.table.identifying.items() if column in types},
        day=anchor_day(rule, types),
        due=target.due,
        change=change or None,
    )
