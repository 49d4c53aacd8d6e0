"""One rule on one table: whole partitions first where the rule says so, then rows, then what was in somebody's way."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hoeder.governance.protection import Protections
from hoeder.policy.retention import Act
from hoeder.pseudonym import ReferenceKey
from hoeder.retention import due
from hoeder.retention.work import Work
from hoeder.stores.anchors import anchor_day, changed_value
from hoeder.stores.erasable import changeable
from hoeder.stores.erase import Erased, RowsTask, erase_planned
from hoeder.stores.erase import partitions as whole
from hoeder.stores.erase.partitions import Partition
from hoeder.stores.references import References, Rows

NOTHING = References.of(())


@dataclass(frozen=True)
class Left:
    """Planned rows that are still there and due, and how many of them a hold or restriction protects."""

    there: References
    held: int = 0


def left(
    target: due.TableTarget, planned: Callable[[], References], key: ReferenceKey, protections: Protections
) -> Left:
    """Ask the table again: one count, and where it finds rows that are due, which of them the plan names.

    Raises StoreError.
    """
    number, pages = target.count()
    if not number:
        return Left(NOTHING)
    names, question = planned(), target.question()
    there: list[Rows] = []
    held = 0
    for found in target.rows(question, pages, protections):
        references = found.keys.references(key, target.rule.store, target.rule.target)
        named = names.positions(references) >= 0
        held += int(np.count_nonzero(named & found.protected(question, protections)[0]))
        there.append(references[named])
    return Left(References(np.concatenate(there)) if there else NOTHING, held)


def erase(work: Work, target: due.TableTarget) -> None:
    """Bring the planned rows of a table to their end. Raises psycopg's errors and StoreError."""
    task = _task(target)
    if task.change:
        changeable(target.db, target.rule.store, target.found)
    if target.rule.then.act is Act.DROP_PARTITION:
        _drop(work, target, task)
    journal = work.journal(target.rule)
    for done in erase_planned(
        target.db, target.another, work.governance, work.key, task, work.planned, journal=journal
    ):
        work.add(done)


def finish_partitions(work: Work, target: due.TableTarget) -> None:
    """What a crash left detached is dropped where this plan names all its rows, and attached as it was otherwise."""
    for unit, _, detail in work.unfinished():
        if "bounds" in detail:
            schema, _, name = unit.partition(".")
            _drop_one(work, target, _task(target), Partition(schema, name, str(detail["bounds"])))


def _drop(work: Work, target: due.TableTarget, task: RowsTask) -> None:
    """Drop every partition of which all rows are planned, due and free."""
    for partition in whole.candidates(target.db, task.table):
        protections = Protections.read(work.governance, work.key)
        if whole.worth_detaching(target.db, protections, task, partition, work.planned, work.key):
            _drop_one(work, target, task, partition)


def _drop_one(work: Work, target: due.TableTarget, task: RowsTask, partition: Partition) -> None:
    rows = whole.drop(
        target.db, work.governance, work.key, task, partition, work.planned,
        record=lambda which, state: work.step(which.unit, state, bounds=which.bounds),
        journal=work.journal(target.rule),
    )  # fmt: skip
    if rows:
        work.add(Erased(erased=rows))
        work.count("partitions")


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
