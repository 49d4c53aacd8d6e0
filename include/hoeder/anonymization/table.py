"""The table that leaves: labels and coarse numbers, in an order that says nothing about who was where in the source."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hoeder.anonymization.encode import Extract
from hoeder.anonymization.engine.columns import Floats, Ints
from hoeder.anonymization.engine.ladder import Level
from hoeder.anonymization.engine.tuples import number
from hoeder.anonymization.groups import dense, persons_per_group
from hoeder.anonymization.measures import Coarse, coarsen
from hoeder.anonymization.recoding import Recoded
from hoeder.policy.release import Release

Digests = npt.NDArray[np.uint64]
Grid = tuple[int, int, int]
"""A measure's step, lowest and highest value."""


@dataclass(frozen=True)
class Shown:
    """Rows as they would leave, and apart from them whose they are.

    `labels` and `sensitive` are codes into `names`; `persons` number the persons of this run, `digests` are the same
    persons under the series' key, `source` the rows' positions in the extract.
    """

    labels: Mapping[str, Ints]
    sensitive: Mapping[str, Ints]
    names: Mapping[str, tuple[str, ...]]
    measures: Mapping[str, Floats]
    coarse: Mapping[str, Coarse]
    persons: Ints
    digests: Digests
    source: Ints

    def __len__(self) -> int:
        return len(self.persons)

    def groups(self) -> tuple[Ints, int]:
        """Each row's group, rows that are alike in all labels, numbered without gaps."""
        return dense(number(list(self.labels.values()), [len(self.names[name]) for name in self.labels]))

    def only(self, keep: npt.NDArray[np.bool_]) -> "Shown":
        return replace(
            self,
            labels={name: codes[keep] for name, codes in self.labels.items()},
            sensitive={name: codes[keep] for name, codes in self.sensitive.items()},
            measures={name: values[keep] for name, values in self.measures.items()},
            persons=self.persons[keep],
            digests=self.digests[keep],
            source=self.source[keep],
        )


def show(
    extract: Extract,
    recoded: Recoded,
    sensitive: Mapping[str, Level],
    release: Release,
    digests: Digests,
    grids: Mapping[str, Grid],
) -> Shown:
    """What the chosen steps leave of the rows. A measure keeps an earlier version's grid as long as that is enough."""
    kept = recoded.kept
    rows = Shown(
        labels=recoded.labels,
        sensitive={
            name: level.of[extract.columns[name].codes[kept]].astype(np.int64) for name, level in sensitive.items()
        },
        names={**recoded.names, **{name: level.labels for name, level in sensitive.items()}},
        measures={},
        coarse={},
        persons=extract.persons[kept],
        digests=digests[kept],
        source=kept,
    )
    rows = rows.only(_diverse(rows, release))
    coarse = {
        name: _coarse(values[rows.source], rows.persons, release.k, grids.get(name))
        for name, values in extract.measures.items()
    }
    return replace(rows, measures={name: c.values for name, c in coarse.items()}, coarse=coarse)


def _diverse(rows: Shown, release: Release) -> npt.NDArray[np.bool_]:
    """The rows whose group says too little of any sensitive column to give a person's value away."""
    keep = np.ones(len(rows), dtype=np.bool_)
    groups, count = rows.groups()
    for wanted in release.sensitive:
        values = rows.sensitive[wanted.column]
        size = len(rows.names[wanted.column])
        pairs, members = np.unique(groups * size + values, return_inverse=True)
        persons = persons_per_group(members.astype(np.int64), len(pairs), rows.persons)
        of = pairs // size
        different = np.bincount(of, weights=persons > 0, minlength=count)
        most = np.zeros(count)
        np.maximum.at(most, of, persons)
        everybody = np.maximum(persons_per_group(groups, count, rows.persons), 1)
        good = (different >= wanted.least) & (most / everybody <= wanted.most_alike)
        keep &= good[groups]
    return keep


def _coarse(values: Floats, persons: Ints, k: int, grid: Grid | None) -> Coarse:
    if grid is not None:
        step, low, high = grid
        rounded = np.floor(np.clip(values, low, high) / step + 0.5) * step
        if _shared(rounded, persons, k):
            return Coarse(rounded, step, low, high)
    return coarsen(values, persons, k)


def _shared(values: Floats, persons: Ints, k: int) -> bool:
    filled = ~np.isnan(values)
    distinct, of = np.unique(values[filled], return_inverse=True)
    return bool((persons_per_group(of.astype(np.int64), len(distinct), persons[filled]) >= k).all())


def without_rare(rows: Shown, k: int) -> Shown:
    """Empty the cells of measures that, after rows were left out, fewer than k persons share."""
    measures = {}
    for name, values in rows.measures.items():
        filled = np.flatnonzero(~np.isnan(values))
        distinct, of = np.unique(values[filled], return_inverse=True)
        few = persons_per_group(of.astype(np.int64), len(distinct), rows.persons[filled]) < k
        cleaned = values.copy()
        cleaned[filled[few[of]]] = np.nan
        measures[name] = cleaned
    return replace(rows, measures=measures)


def arrow(rows: Shown) -> pa.Table:
    """The rows as they are read by others: plain strings and whole numbers."""
    columns = {
        # Plain strings: Parquet would store a dictionary whole, with the labels of rows that were left out.
        name: pa.DictionaryArray.from_arrays(
            pa.array(codes, pa.int32()), pa.array(rows.names[name], pa.string())
        ).dictionary_decode()
        for name, codes in {**rows.labels, **rows.sensitive}.items()
    }
    numbers = {
        name: pa.array(values, pa.float64(), from_pandas=True).cast(pa.int64())
        for name, values in rows.measures.items()
    }
    return pa.table(columns | numbers)


def sorted_file(table: pa.Table) -> tuple[bytes, Ints]:
    """Parquet with the rows sorted by what they show, and for each of its rows the position it had in the table.

    In source order neighbours would often be one person's. The same rows give the same bytes.
    """
    order = pc.sort_indices(table, sort_keys=[(name, "ascending") for name in table.column_names])
    return parquet(table.take(order)), order.to_numpy(zero_copy_only=False).astype(np.int64)


def parquet(table: pa.Table) -> bytes:
    """The bytes of a table; without Arrow's own schema the file says `string`, which every reader knows."""
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", store_schema=False)
    return file.getvalue()
