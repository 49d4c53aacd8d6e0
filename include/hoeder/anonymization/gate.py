"""The gate: the very file that would be published is read back and held against policy by Great Expectations.

It counts persons again from the file's own cells and takes no figure from the method that made them. What it says of a
failure is which expectation and how many, never a value.
"""

import io
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hoeder.anonymization.candidate import Candidate
from hoeder.anonymization.encode import Ints
from hoeder.anonymization.source import Source, is_withheld
from hoeder.errors import GateFailed
from hoeder.policy.models import Release

if TYPE_CHECKING:
    from great_expectations.datasource.fluent import PandasDatasource
    from great_expectations.expectations.expectation import Expectation

_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Measured:
    """What the gate counted in a file that passed."""

    rows: int
    groups: int
    k_reached: int


def check(candidate: Candidate, release: Release, source: Source) -> Measured:
    """Let the file through or raise GateFailed with every expectation that failed."""
    frame = _read(candidate, release)
    text = [column for column in frame.columns if column not in release.measures]
    groups = _groups(frame, text, candidate.persons)
    # Before Great Expectations is imported: it reports to its makers unless told otherwise, and logs hundreds of lines.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    from hoeder.anonymization import expectations

    suites = [
        _Suite("file", frame, expectations.of_file(candidate, release)),
        _Suite("columns", _columns(frame, source), expectations.of_columns(release)),
        _Suite("dictionaries", _dictionaries(candidate), expectations.of_dictionaries()),
        _Suite("groups", groups, expectations.of_groups(text, candidate, release)),
        _Suite("measures", _measure_values(frame, candidate.persons, release), expectations.of_measures(release)),
    ]
    failed = _validate(suites)
    if failed:
        raise GateFailed("\n  ".join([f"release {release.release} was not published:", *failed]))
    return Measured(rows=len(frame), groups=len(groups), k_reached=int(groups["_persons"].min()))


@dataclass(frozen=True)
class _Suite:
    name: str
    frame: pd.DataFrame
    expectations: Sequence["Expectation"]


def _read(candidate: Candidate, release: Release) -> pd.DataFrame:
    try:
        frame = pd.read_parquet(io.BytesIO(candidate.data), engine="pyarrow")
    except (OSError, ValueError) as error:
        raise GateFailed(f"release {release.release}: the file is not readable Parquet") from error
    if len(frame) != len(candidate.persons):
        raise GateFailed(
            f"release {release.release}: the file has {len(frame)} rows, {len(candidate.persons)} rows have a person"
        )
    return frame


def _dictionaries(candidate: Candidate) -> pd.DataFrame:
    """The texts that the file's dictionaries hold, and whether a row shows each: who reads the bytes sees all."""
    source = io.BytesIO(candidate.data)
    file = pq.ParquetFile(source, read_dictionary=pq.read_schema(source).names)
    entries: list[pd.DataFrame] = []
    for group in range(file.num_row_groups):
        for column in file.read_row_group(group).columns:
            for chunk in column.chunks:
                if pa.types.is_dictionary(chunk.type):
                    shown = pc.is_in(chunk.dictionary, value_set=chunk.dictionary.take(chunk.indices.unique()))
                    entries.append(pd.DataFrame({"shown": shown.to_numpy(zero_copy_only=False)}))
    return pd.concat(entries) if entries else pd.DataFrame({"shown": pd.Series([], dtype="bool")})


def _groups(frame: pd.DataFrame, text: list[str], persons: Ints) -> pd.DataFrame:
    """The rows that look alike, as one row with their number of different persons. The persons stay here."""
    known = pd.Series(persons, index=frame.index).where(lambda person: person > 0)
    keyed = frame[text].astype("category").assign(_person=known)
    grouped = keyed.groupby(text, observed=True, dropna=False, sort=False)["_person"].nunique()
    groups = grouped.rename("_persons").reset_index()
    # Numbers in a column that should hold text are looked through like text; an empty cell stays empty.
    return groups.astype(dict.fromkeys(text, "object")).astype(dict.fromkeys(text, "string"))


def _columns(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    categories = [source.categories.get(str(column)) for column in frame.columns]
    return pd.DataFrame(
        {
            "column": list(frame.columns),
            "category": categories,
            "withheld": [category is not None and is_withheld(category) for category in categories],
        }
    )


def _measure_values(frame: pd.DataFrame, persons: Ints, release: Release) -> pd.DataFrame:
    known = pd.Series(persons, index=frame.index).where(lambda person: person > 0)
    parts = [
        known.groupby(frame[name]).nunique().rename("_persons").reset_index(drop=True)
        for name in release.measures
        if name in frame
    ]
    return pd.DataFrame({"_persons": pd.concat(parts) if parts else pd.Series([], dtype="int64")})


def _validate(suites: Sequence[_Suite]) -> list[str]:
    """Run the suites; a sentence for each expectation that failed or could not be evaluated."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    pandas = context.data_sources.add_pandas("candidate")
    return [sentence for suite in suites for sentence in _run(pandas, suite)]


def _run(pandas: "PandasDatasource", suite: _Suite) -> list[str]:
    import great_expectations as gx

    batch = pandas.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("whole")
    expectations = gx.ExpectationSuite(name=suite.name, expectations=list(suite.expectations))
    result = batch.get_batch({"dataframe": suite.frame}).validate(expectations, result_format=_COUNTS_ONLY)
    failed = [_sentence(each) for each in result.results if not each.success]
    if len(result.results) != len(suite.expectations):
        failed.append(f"{suite.name}: {len(result.results)} of {len(suite.expectations)} expectations were evaluated")
    return failed


def _sentence(result: Any) -> str:
    """Counts alone: other fields of a result can hold values of the data."""
    says = result.expectation_config.meta["says"]
    unexpected, total = result.result.get("unexpected_count"), result.result.get("element_count")
    if unexpected is not None and total is not None:
        return f"expected: {says}; not so for {unexpected} of {total}"
    rows = result.result.get("observed_value")
    return f"expected: {says}; found {rows}" if isinstance(rows, int | np.integer) else f"expected: {says}; not so"
