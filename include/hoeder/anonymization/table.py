"""The table that leaves: labels and coarse numbers, in an order that says nothing about who was where in the source."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hoeder.anonymization.encode import Extract, Ints
from hoeder.anonymization.measures import Coarse, coarsen
from hoeder.anonymization.search import Choice
from hoeder.policy.models import Release


@dataclass(frozen=True)
class Made:
    """A Parquet file and, apart from it, each of its rows' person, for the gate alone."""

    data: bytes
    persons: Ints
    coarse: Mapping[str, Coarse]


def make(extract: Extract, choice: Choice, release: Release) -> Made:
    """Write the rows that stay as Parquet. The same input gives the same bytes.

    Rows are sorted by what they show: in source order, neighbours would often be one person's.
    """
    persons = extract.persons[choice.kept]
    coarse = {name: coarsen(values[choice.kept], persons, release.k) for name, values in extract.measures.items()}
    names = [generalisation.column for generalisation in release.quasi_identifiers]
    labels = [
        level.of[extract.columns[name].codes[choice.kept]] for name, level in zip(names, choice.levels, strict=True)
    ]
    order = _order([*labels, *(c.values for c in coarse.values())])
    # Plain strings: Parquet would store a dictionary whole, with the labels of rows that were left out.
    columns = [
        pa.DictionaryArray.from_arrays(
            pa.array(codes[order], pa.int32()), pa.array(level.labels, pa.string())
        ).dictionary_decode()
        for codes, level in zip(labels, choice.levels, strict=True)
    ]
    columns += [pa.array(c.values[order], pa.float64(), from_pandas=True).cast(pa.int64()) for c in coarse.values()]
    return Made(_parquet(columns, [*names, *coarse]), persons[order], coarse)


def _order(columns: Sequence[np.typing.NDArray[np.generic]]) -> Ints:
    return np.lexsort(list(reversed(columns))).astype(np.int64)


def _parquet(columns: Sequence[pa.Array], names: Sequence[str]) -> bytes:
    file = io.BytesIO()
    # Without Arrow's own schema the file says `string`, which every reader knows.
    pq.write_table(pa.table(list(columns), names=list(names)), file, compression="zstd", store_schema=False)
    return file.getvalue()
