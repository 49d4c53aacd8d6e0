"""The gate: the very file that would be published is read back and held against policy. Nothing passes by default.

Persons are counted again twice, by Great Expectations over pandas and by SQL in DuckDB, from the file's own cells; no
figure is taken from the method that made them. Every text is searched for personal data. The file is attacked
(`attacks`) and read beside earlier versions (`replay`). What is said of a failure is which rule, which column and how
many, never a value.
"""

import io
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hoeder.anonymization import attacks, recount, replay
from hoeder.anonymization.attacks import Risk, Target
from hoeder.anonymization.candidate import CARRIED, Candidate
from hoeder.anonymization.engine.columns import Ints
from hoeder.anonymization.history import Version, group_ref
from hoeder.anonymization.personal import personal
from hoeder.anonymization.source import Source, is_withheld
from hoeder.errors import GateFailed, Leaks
from hoeder.policy.release import Release

if TYPE_CHECKING:
    from great_expectations.datasource.fluent import PandasDatasource
    from great_expectations.expectations.expectation import Expectation

_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Measured:
    """What the gate counted in a file that passed, and what the attacks on it achieved."""

    rows: int
    groups: int
    k_reached: int
    risks: tuple[Risk, ...] = ()
    carried: int = 0
    """Rows that are carried over from an earlier version."""

    @property
    def attempts(self) -> int:
        return sum(risk.attempts for risk in self.risks)

    @property
    def worst(self) -> float:
        """The highest upper bound of any attack's risk above control."""
        return max((risk.high for risk in self.risks), default=0.0)


@dataclass(frozen=True)
class Before:
    """Earlier versions, and the key under which their persons and groups are known."""

    versions: Sequence[Version]
    key: bytes


def check(
    candidate: Candidate,
    release: Release,
    source: Source,
    *,
    target: Target | None = None,
    before: Before | None = None,
) -> Measured:
    """Let the file through or raise GateFailed with every rule that it breaks, Leaks where it breaks none but attacks
    tell more of persons than policy allows.

    `target` is the source that attackers know, `before` what earlier versions showed.
    """
    frame = _read(candidate, release)
    sensitive = [wanted.column for wanted in release.sensitive]
    text = [column for column in frame.columns if column not in release.measures]
    labels = [column for column in text if column not in sensitive]
    carried = candidate.persons == CARRIED
    fresh, persons = frame[~carried], candidate.persons[~carried]
    groups = _groups(fresh, labels, persons)
    counted = recount.rows(_fresh_file(candidate, carried), persons, release) if len(fresh) else None
    failed = [
        *_validated(candidate, release, source, frame, fresh, persons, groups, text),
        *(counted.complaints if counted else ()),
        *texts(frame, text),
        *_against_earlier(candidate, frame, fresh, carried, release, before),
    ]
    if counted and len(groups) and counted.smallest != int(groups["_persons"].min()):
        failed.append("the two counts of persons disagree: do not publish until it is known why")
    if failed:
        raise GateFailed("\n  ".join([f"release {release.release} was not published:", *failed]))
    risks = attacks.run(target, limit=release.max_risk, seed=attacks.seed(release)) if target is not None else []
    if leaks := [risk for risk in risks if risk.high > release.max_risk]:
        reasons = [f"release {release.release} was not published:", *(leak(risk, release) for risk in leaks)]
        raise Leaks("\n  ".join(reasons), frozenset(risk.column for risk in leaks if risk.column))
    return Measured(
        rows=len(frame),
        groups=len(groups),
        k_reached=int(groups["_persons"].min()) if len(groups) else release.k,
        risks=tuple(risks),
        carried=int(carried.sum()),
    )


def texts(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """What the strict search for personal data sees in the texts of these columns, and in their names."""
    found = [
        f"{column} holds what looks like personal data ({kind}, in {count} values): leave the column out, or "
        "give it steps "
        "that do not show it"
        for column in columns
        for kind, count in personal(str(value) for value in frame[column].dropna().unique()).items()
    ]
    return found + [f"a column is named after a person's data ({kind})" for kind in personal(map(str, frame.columns))]


def _validated(
    candidate: Candidate,
    release: Release,
    source: Source,
    frame: pd.DataFrame,
    fresh: pd.DataFrame,
    persons: Ints,
    groups: pd.DataFrame,
    text: list[str],
) -> list[str]:
    """What Great Expectations says of the file."""
    # Before Great Expectations is imported: it reports to its makers unless told otherwise, and logs hundreds of lines.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    from hoeder.anonymization import expectations

    labels = [column for column in text if column in groups.columns]
    suites = [
        Suite("file", frame, expectations.of_file(candidate, release)),
        Suite("columns", _columns(frame, source), expectations.of_columns(release)),
        Suite("dictionaries", _dictionaries(candidate), expectations.of_dictionaries()),
        Suite("texts", distinct_texts(frame, text), expectations.of_texts(text)),
        Suite("groups", groups, expectations.of_groups(labels, candidate, release)),
        Suite("measures", _measure_values(fresh, persons, release), expectations.of_measures(release)),
    ]
    return validate([suite for suite in suites if len(suite.frame) or suite.name in ("file", "columns")])


def _against_earlier(
    candidate: Candidate,
    frame: pd.DataFrame,
    fresh: pd.DataFrame,
    carried: npt.NDArray[np.bool_],
    release: Release,
    before: Before | None,
) -> list[str]:
    if before is None or candidate.digests is None:
        return ["rows are said to be carried over, and there is no earlier version"] if carried.any() else []
    failed = replay.replay(fresh, candidate.digests[~carried], before.versions, release, before.key)
    if carried.any():
        failed += _carried(candidate, frame[carried], release, before)
    return failed


def _carried(candidate: Candidate, rows: pd.DataFrame, release: Release, before: Before) -> list[str]:
    """Rows that are carried over are whole groups of the newest version's file, and that file is the one remembered."""
    import hashlib

    newest = before.versions[0] if before.versions else None
    if newest is None or candidate.previous is None:
        return ["rows are said to be carried over, and there is no earlier version"]
    if hashlib.sha256(candidate.previous).hexdigest() != newest.digest:
        return [f"the file of version {newest.version} is not the one that was published: restore it, or let it expire"]
    previous = pd.read_parquet(io.BytesIO(candidate.previous), engine="pyarrow")
    labels = [g.column for g in release.quasi_identifiers]
    names = list(rows.columns)
    wanted = previous.merge(rows[labels].drop_duplicates(), on=labels)[names]
    same = (
        wanted.value_counts(dropna=False, sort=False).sort_index().to_dict()
        == rows.value_counts(dropna=False, sort=False).sort_index().to_dict()
    )
    few = 0
    for cells in rows[labels].drop_duplicates().itertuples(index=False, name=None):
        group = newest.groups.get(group_ref(before.key, cells))
        few += group is None or int((group.persons != 0).sum()) < release.k
    failed = [] if same else ["rows that are carried over are not those of the earlier version"]
    return failed + ([f"{few} groups that are carried over have fewer than {release.k} persons"] if few else [])


def leak(risk: Risk, release: Release) -> str:
    columns = ", ".join(g.column for g in release.quasi_identifiers)
    what = {
        "singling-out": f"a person can be singled out; give one of {columns} a coarser step, or raise k",
        "linkability": f"two sets of attributes can be linked to one person; give one of {columns} a coarser "
        "step, or raise k",
        "inference": f"{risk.column} can be told of a person; give one of {columns} a coarser step, ask for "
        "more values of "
        f"{risk.column} in a group (least), or leave {risk.column} out",
    }[risk.attack]
    return (
        f"{risk.attack}: risk above control {risk.risk:.3f}, at most {risk.high:.3f} with 95 % certainty in "
        f"{risk.attempts} "
        f"attacks, where policy allows {release.max_risk:g}: {what}"
    )


def _fresh_file(candidate: Candidate, carried: npt.NDArray[np.bool_]) -> bytes:
    if not carried.any():
        return candidate.data
    buffer = io.BytesIO()
    pq.write_table(pq.read_table(io.BytesIO(candidate.data)).filter(pa.array(~carried)), buffer)
    return buffer.getvalue()


def distinct_texts(frame: pd.DataFrame, text: list[str]) -> pd.DataFrame:
    """Every combination of texts once: looking through each row would see the same again."""
    distinct = frame[text].drop_duplicates()
    return distinct.astype(dict.fromkeys(text, "object")).astype(dict.fromkeys(text, "string"))


@dataclass(frozen=True)
class Suite:
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


def validate(suites: Sequence[Suite]) -> list[str]:
    """Run the suites; a sentence for each expectation that failed or could not be evaluated."""
    pandas = _candidates()
    return [sentence for suite in suites for sentence in _run(pandas, suite)]


@cache
def _candidates() -> "PandasDatasource":
    """Where Great Expectations looks, started once for all releases that a process makes."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_pandas("candidate")


def _run(pandas: "PandasDatasource", suite: Suite) -> list[str]:
    import great_expectations as gx

    batch = pandas.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("whole")
    expectations = gx.ExpectationSuite(name=suite.name, expectations=list(suite.expectations))
    try:
        result = batch.get_batch({"dataframe": suite.frame}).validate(expectations, result_format=_COUNTS_ONLY)
    finally:
        pandas.delete_asset(suite.name)
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
