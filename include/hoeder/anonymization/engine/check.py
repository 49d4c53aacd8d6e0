"""The independent check: the rows that would leave, grouped and counted again, with nothing taken from the search."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from hoeder.anonymization.engine.columns import Floats, Ints
from hoeder.anonymization.engine.limits import Limits, Roles
from hoeder.errors import GateFailed

_SLACK = 1e-9  # sums of fractions


@dataclass(frozen=True)
class Spread:
    """How a sensitive column lies in the classes: the least of each, and the largest distance to all rows released."""

    distinct: int
    entropy: float
    """The exponent of the least entropy: as many evenly spread values."""
    most_frequent: float
    """The largest share that one value has in a class."""
    recursive: float | None
    """Every class holds (c, l) for c above this, where an l was asked for."""
    equal: float
    ordered: float


@dataclass(frozen=True)
class Checked:
    """What was counted in the rows that leave."""

    rows: int
    classes: int
    k: int
    """The smallest class, in persons where they are told apart, else in rows."""
    sizes: Ints
    """Rows of each class."""
    spread: dict[str, Spread]


def check(rows: Path | pa.Table, roles: Roles, limits: Limits, persons: Ints | None) -> Checked:
    """Count again. `persons` has the person of each row, 0 for nobody known. Raises GateFailed below a limit."""
    with closing(duckdb.connect()) as database:
        found = _count(_read(database, rows, roles, persons), roles, limits)
    wrong = list(_wrong(found, limits))
    if wrong:
        raise GateFailed("the anonymized rows are below what was asked, so nothing was written: " + "; ".join(wrong))
    return found


def _read(
    database: duckdb.DuckDBPyConnection, rows: Path | pa.Table, roles: Roles, persons: Ints | None
) -> duckdb.DuckDBPyRelation:
    database.execute("set enable_progress_bar = false")
    columns = [duckdb.ColumnExpression(name) for name in (*roles.quasi, *roles.sensitive)]
    if isinstance(rows, Path):
        csv = rows.suffix == ".csv" or ".csv." in rows.name
        source = database.read_csv(str(rows), all_varchar=True) if csv else database.read_parquet(str(rows))
    else:
        source = database.from_arrow(rows)
    if roles.person is None:
        return source.select(*columns)
    if persons is None:
        raise GateFailed("rows are counted in persons, and nobody said whose each is")
    table = source.select(*columns).to_arrow_table()
    if table.num_rows != len(persons):
        raise GateFailed(f"{table.num_rows} rows leave and {len(persons)} have a person")
    return database.from_arrow(table.append_column(_PERSON, pa.array(persons)))


_PERSON = "person of this row"
_GROUP = "number of the group"


def _count(rows: duckdb.DuckDBPyRelation, roles: Roles, limits: Limits) -> Checked:
    quasi = [duckdb.ColumnExpression(name) for name in roles.quasi]
    people = duckdb.FunctionExpression("count", duckdb.StarExpression())
    grouped = rows.aggregate([*quasi, people.alias("rows in the group")])
    sizes = grouped.select(duckdb.ColumnExpression("rows in the group")).fetchnumpy()["rows in the group"]
    least = int(sizes.min()) if len(sizes) else 0
    if roles.person is not None and len(sizes):
        apart = rows.select(*quasi, duckdb.ColumnExpression(_PERSON)).distinct()
        each = apart.aggregate([*quasi, duckdb.SQLExpression(f'count(*) filter ("{_PERSON}" > 0)').alias("persons")])
        least = int(each.select(duckdb.ColumnExpression("persons")).fetchnumpy()["persons"].min())
    spread = {name: _spread(rows, roles, name, limits) for name in roles.sensitive} if len(sizes) else {}
    return Checked(int(sizes.sum()), len(sizes), least, np.sort(sizes.astype(np.int64)), spread)


def _spread(rows: duckdb.DuckDBPyRelation, roles: Roles, name: str, limits: Limits) -> Spread:
    """A table of classes by values, in parts of some MB."""
    quasi = [duckdb.ColumnExpression(each) for each in roles.quasi]
    value = duckdb.ColumnExpression(name)
    if roles.person is not None:
        person = duckdb.ColumnExpression(_PERSON)
        rows = rows.filter(person > duckdb.ConstantExpression(0)).select(*quasi, value, person).distinct()
    counts = rows.aggregate(
        [*quasi, value, duckdb.FunctionExpression("count", duckdb.StarExpression()).alias("times")]
    ).to_arrow_table()
    times = counts.column("times").to_numpy().astype(np.float64)
    group = _dense([counts.column(each) for each in roles.quasi])
    values, of = _ordered(counts.column(name))
    whole: Floats = np.bincount(of, weights=times, minlength=values).astype(np.float64)
    if roles.person is not None:  # somebody in two classes is one person of all
        everyone = rows.select(value, person).distinct().select(value).to_arrow_table()
        whole = np.bincount(_ordered(everyone.column(name))[1], minlength=values).astype(np.float64)
    whole = whole / whole.sum()
    order = np.argsort(group, kind="stable")
    group, of, times = group[order], of[order], times[order]
    classes = int(group[-1]) + 1
    part = max(2_000_000 // values, 1)
    found: list[Spread] = []
    for low in range(0, classes, part):
        inside = slice(*np.searchsorted(group, [low, min(low + part, classes)]))
        table = np.zeros((min(low + part, classes) - low, values))
        np.add.at(table, (group[inside] - low, of[inside]), times[inside])
        found.append(_of_table(table, whole, limits))
    recursive = [each.recursive for each in found if each.recursive is not None]
    return Spread(
        distinct=min(each.distinct for each in found),
        entropy=min(each.entropy for each in found),
        most_frequent=max(each.most_frequent for each in found),
        recursive=max(recursive) if recursive else None,
        equal=max(each.equal for each in found),
        ordered=max(each.ordered for each in found),
    )


def _of_table(table: Floats, whole: Floats, limits: Limits) -> Spread:
    share = table / table.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.where(share > 0, share * np.log(share), 0.0).sum(axis=1)
        recursive = None
        if limits.l_recursive:
            falling = -np.sort(-table, axis=1)
            rarer = falling[:, limits.l_recursive[1] - 1 :].sum(axis=1)
            recursive = float(np.where(rarer > 0, falling[:, 0] / rarer, np.inf).max())
    difference = share - whole
    return Spread(
        distinct=int((table > 0).sum(axis=1).min()),
        entropy=float(np.exp(entropy.min())),
        most_frequent=float(share.max()),
        recursive=recursive,
        equal=float(np.abs(difference).sum(axis=1).max() / 2),
        ordered=float(np.abs(np.cumsum(difference, axis=1)).sum(axis=1).max() / max(len(whole) - 1, 1)),
    )


def _dense(columns: Sequence[pa.ChunkedArray]) -> Ints:
    number = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        count, codes = _ordered(column)
        number = np.unique(number * count + codes, return_inverse=True)[1]
    return number


def _ordered(column: pa.ChunkedArray) -> tuple[int, Ints]:
    """How many values a column has, and each row's place among them in order; an empty cell is the last."""
    known = _sorted({value for value in column.unique().to_pylist() if value is not None})
    place = {value: n for n, value in enumerate(known)} | {None: len(known)}
    encoded = column.combine_chunks().dictionary_encode()
    to = np.array([*(place[value] for value in encoded.dictionary.to_pylist()), len(known)], dtype=np.int64)
    codes = to[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    return len(known) + int(encoded.null_count > 0), codes


def _sorted(values: set[Any]) -> list[Any]:
    """In order; the numbers of a CSV file are texts, and 10 comes after 9 there too."""
    try:
        return sorted(values, key=float)
    except (TypeError, ValueError):
        return sorted(values)


def _wrong(found: Checked, limits: Limits) -> list[str]:
    """What is below its limit, in counts."""
    wrong = [f"a class of {found.k} where {limits.k} were asked"] if found.k < limits.k else []
    for name, each in found.spread.items():
        t = each.ordered if limits.t_distance == "ordered" else each.equal
        if limits.l_distinct and each.distinct < limits.l_distinct:
            wrong.append(
                f"a class with {each.distinct} different values of {name} where {limits.l_distinct} were asked"
            )
        if limits.l_entropy and np.log(each.entropy) < np.log(limits.l_entropy) - _SLACK:
            wrong.append(f"a class with entropy l {each.entropy:.3f} of {name} where {limits.l_entropy} was asked")
        if limits.l_recursive and not (each.recursive is not None and each.recursive < limits.l_recursive[0]):
            wrong.append(
                f"a class of {name} is not recursively ({limits.l_recursive[0]}, {limits.l_recursive[1]})-diverse"
            )
        if limits.t is not None and t > limits.t + 2 * _SLACK:
            wrong.append(f"a class at distance {t:.4f} of {name} where {limits.t} was asked")
    return wrong
