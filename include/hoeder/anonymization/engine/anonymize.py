"""One table in, one release out: encode, count, search, apply, check again, measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import pyarrow as pa

from hoeder.anonymization.engine.apply import Made, apply
from hoeder.anonymization.engine.check import check
from hoeder.anonymization.engine.columns import Column, Ints, column
from hoeder.anonymization.engine.hierarchies import built
from hoeder.anonymization.engine.ladder import Ladder
from hoeder.anonymization.engine.limits import Limits, Roles, Unfit
from hoeder.anonymization.engine.report import Report, report
from hoeder.anonymization.engine.search import Aim, Labels, search
from hoeder.anonymization.engine.sources import Hierarchy, ladder_of
from hoeder.anonymization.engine.tuples import tuples


@dataclass(frozen=True)
class Result:
    """Anonymized rows and what they lost."""

    table: pa.Table
    report: Report
    persons: Ints | None
    """The person of each row, numbered from 1, 0 for nobody known; None where rows are counted. Never leaves."""
    row_class: Ints | None
    """Each given row's class, -1 where it was left out; None where rows of one tuple stand in several classes."""


def anonymize(
    table: pa.Table,
    roles: Roles,
    limits: Limits,
    *,
    hierarchies: Mapping[str, Hierarchy] | None = None,
    labels: Labels = "hierarchy",
    aim: Aim = "counts",
    secret: int | None = None,
) -> Result:
    """Anonymize a table in memory.

    `hierarchies` has a file or a ready ladder for some columns; the others get one from their own values. The same
    rows in any order, with the same roles, limits and secret, give the same table. `secret` lets each class wait for a
    threshold of its own between k and 2k - 1 (labels of hierarchies, and sets for counts).

    Raises Unfit where the table does not suit what is asked, GateFailed where the check finds a limit broken.
    """
    begun = perf_counter()
    made, found = make(table, roles, limits, hierarchies=hierarchies, labels=labels, aim=aim, secret=secret)
    rows = made.table()
    searched = perf_counter()
    persons = made.persons_by_row()
    checked = check(rows, roles, limits, persons)
    seconds = {"anonymize": searched - begun, "check": perf_counter() - searched}
    told = report(
        made.classes, checked, limits, table.num_rows,
        persons_counted=roles.person is not None, weights=roles.weights, seconds=seconds,
    )  # fmt: skip
    pieces = made.classes.pieces
    row_class = pieces.of[found] if len(np.unique(pieces.tuple)) == len(pieces.tuple) else None
    return Result(rows, told, persons, row_class)


def make(
    table: pa.Table,
    roles: Roles,
    limits: Limits,
    *,
    times: Ints | None = None,
    hierarchies: Mapping[str, Hierarchy] | None = None,
    labels: Labels = "hierarchy",
    aim: Aim = "counts",
    secret: int | None = None,
) -> tuple[Made, Ints]:
    """Search and apply without the check; `times` says how many rows each given row stands for.

    Also gives each row's tuple.
    """
    _present(table, roles)
    rows = np.ones(table.num_rows, dtype=np.int64) if times is None else times
    if table.num_rows == 0:
        raise Unfit("there are no rows: nothing to release")
    quasi = [column(table, name) for name in roles.quasi]
    sensitive = [column(table, name) for name in roles.sensitive]
    others = [*sensitive, *(column(table, name) for name in roles.insensitive)]
    person = column(table, roles.person) if roles.person else None
    found = tuples(quasi, rows)
    ladders = [_ladder(each, (hierarchies or {}).get(each.name), rows) for each in quasi]
    chosen = search(found, ladders, sensitive, person, rows, roles, limits, labels=labels, aim=aim, secret=secret)
    return apply(found, chosen, others, person, rows), found.of


def _present(table: pa.Table, roles: Roles) -> None:
    wanted = [*roles.released, *([roles.person] if roles.person else [])]
    missing = [name for name in wanted if name not in table.column_names]
    if missing:
        raise Unfit(f"no column {', '.join(missing)}; the table has: {', '.join(table.column_names)}")
    twice = sorted({name for name in wanted if table.column_names.count(name) > 1})
    if twice:
        raise Unfit(f"the table has more than one column {', '.join(twice)}")


def _ladder(found: Column, hierarchy: Hierarchy | None, rows: Ints) -> Ladder:
    if hierarchy is not None:
        return ladder_of(found, hierarchy)
    weight = np.zeros(len(found.values), dtype=np.int64)
    np.add.at(weight, found.codes, rows)
    return built(found, weight)
