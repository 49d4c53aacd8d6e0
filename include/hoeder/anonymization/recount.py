# ruff: noqa: S608  # names of columns are quoted, thresholds are numbers; DuckDB sees this file alone
"""The thresholds a second time: plain SQL in DuckDB over the file's own cells, sharing nothing with the method."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hoeder.policy.release import Release


@dataclass(frozen=True)
class Recount:
    """What SQL found in the file: its rows and groups, the smallest number of persons, and complaints in words."""

    rows: int
    groups: int
    smallest: int
    complaints: tuple[str, ...]


def rows(data: bytes, persons: Any, release: Release) -> Recount:
    """Count persons per group, per sensitive value and per value of a measure.

    `persons` numbers the person of each row of the file, 0 for nobody known, in the file's order.
    """
    table = pq.read_table(io.BytesIO(data))
    labels = [g.column for g in release.quasi_identifiers if g.column in table.column_names]
    table = table.append_column("person of row", pa.array(np.asarray(persons), pa.int64()))
    if not labels or not table.num_rows:
        return Recount(table.num_rows, 0, 0, ("the file has no rows, or none of its columns",))
    with duckdb.connect() as db:
        db.register("shown", table)
        by = _names(labels)
        groups, smallest = _one(db, f"select count(*), min(p) from (select {_PERSONS} as p from shown group by {by})")
        complaints = []
        few = _one(
            db, f"select count(*) from (select {_PERSONS} as p from shown group by {by}) where p < {release.k:d}"
        )[0]
        if few:
            complaints.append(
                f"{few} groups have fewer than {release.k} persons: give one of {', '.join(labels)} a coarser step, "
                "or allow more rows to be left out (max_suppressed)"
            )
        for wanted in (s for s in release.sensitive if s.column in table.column_names):
            column = _names([wanted.column])
            bad = _one(
                db,
                f"""with each as (select {by}, {column} as v, {_PERSONS} as p from shown group by {by}, {column}),
                         whole as (select {by}, {_PERSONS} as w from shown group by {by}),
                         judged as (select {by}, count(*) filter (where p > 0) as l, max(p) as m from each group by
                         {by}) select count(*) from judged join whole using ({by})
                    where l < {wanted.least:d} or m > {wanted.most_alike:f} * w + 1e-9""",
            )[0]
            if bad:
                complaints.append(
                    f"{bad} groups give {wanted.column} away (fewer than {wanted.least} values, or one for more than "
                    f"{wanted.most_alike:.0%}): give one of {', '.join(labels)} a coarser step"
                )
        for name in (m for m in release.measures if m in table.column_names):
            column = _names([name])
            few = _one(
                db,
                f"select count(*) from (select {_PERSONS} as p from shown where {column} is not null group by "
                f"{column}) "
                f"where p < {release.k:d}",
            )[0]
            if few:
                complaints.append(
                    f"{few} values of {name} are shared by fewer than {release.k} persons: leave {name} out"
                )
    return Recount(table.num_rows, int(groups), int(smallest or 0), tuple(complaints))


_PERSONS = 'count(distinct nullif("person of row", 0))'


def _names(columns: Sequence[str]) -> str:
    return ", ".join('"' + column.replace('"', '""') + '"' for column in columns)


def _one(db: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    found = db.execute(query).fetchone()
    assert found is not None  # noqa: S101  # an aggregate always has a row
    return found
