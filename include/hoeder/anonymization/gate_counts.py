"""The gate for tables of counts: every figure counted again with SQL, and the suppression tried like a puzzle."""

import io
from collections.abc import Sequence

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hoeder.anonymization import attacks, gate, puzzle
from hoeder.anonymization.attacks import Target
from hoeder.anonymization.counts import DOMINANT, TWO_DOMINANT
from hoeder.anonymization.engine.columns import Ints
from hoeder.anonymization.gate import Measured
from hoeder.anonymization.puzzle import ALL
from hoeder.errors import GateFailed, TooFew
from hoeder.policy.release import Release


def check(
    data: bytes,
    release: Release,
    source: pa.Table,
    persons: Ints,
    *,
    previous: pa.Table | None,
    leave: frozenset[str],
    target: Target,
) -> Measured:
    """Let a table of counts through or raise GateFailed. `source` has the rows' labels and raw measures.

    Slices in `leave` must stand in the file exactly as in the `previous` one, which passed this gate.
    """
    names = [g.column for g in release.quasi_identifiers]
    frame = pd.read_parquet(io.BytesIO(data), engine="pyarrow")
    if "persons" in frame and not frame["persons"].notna().any():
        raise TooFew(
            f"release {release.release} was not published: no cell holds {release.k} persons; wait for more, or give a "
            "column a coarser step"
        )
    stays = frame[names[0]].isin(leave)
    fresh = frame[~stays]
    failed = [
        *_columns(frame, names, release),
        *gate.texts(frame, names),
        *_figures(fresh, names, release, source, persons),
        *_puzzle(fresh, names, release),
        *_carried(frame[stays], names, previous, leave),
    ]
    failed += _expectations(frame, names, release)
    risks = [] if failed else attacks.run(target, limit=release.max_risk, seed=attacks.seed(release))
    failed += [gate.leak(risk, release) for risk in risks if risk.high > release.max_risk]
    if failed:
        raise GateFailed("\n  ".join([f"release {release.release} was not published:", *failed]))
    return Measured(
        len(frame), int(frame["persons"].notna().sum()), int(frame["persons"].min()), tuple(risks), int(stays.sum())
    )


def _columns(frame: pd.DataFrame, names: Sequence[str], release: Release) -> list[str]:
    expected = [*names, "persons", "rows", *release.measures]
    return [] if list(frame.columns) == expected else [f"the columns are not {', '.join(expected)}"]


def _figures(frame: pd.DataFrame, names: Sequence[str], release: Release, source: pa.Table, persons: Ints) -> list[str]:
    """Each shown figure against SQL's, and the threshold and dominance of each shown cell."""
    if frame.empty:
        return []
    table = source.append_column("person of row", pa.array(persons, pa.int64()))
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    cube = ", ".join(quoted[1:])
    grouping = f"group by {quoted[0]}, cube ({cube})" if cube else f"group by {quoted[0]}"
    person = 'nullif("person of row", 0)'
    with duckdb.connect() as db:
        db.register("source", table)
        shown = ", ".join(
            [quoted[0], *(f"case when grouping({q}) = 1 then '{ALL}' else {q} end as {q}" for q in quoted[1:])]
        )
        sums = "".join(f', sum(coalesce("{m}", 0)) as "{m}"' for m in release.measures)
        cube = f'{shown}, count(distinct {person}) as persons, count(*) as "rows"{sums} from source {grouping}'
        again = db.sql("select " + cube).df()
    both = frame.merge(again, on=list(names), how="left", suffixes=("", "_again"))
    kept = both[both["persons"].notna()]
    failed = []
    if kept["persons_again"].isna().any():
        failed.append("the file has cells that the source does not have")
    few = int((kept["persons_again"] < release.k).sum())
    if few:
        failed.append(f"{few} cells show fewer than {release.k} persons: give one of {', '.join(names)} a coarser step")
    for column in ("persons", "rows", *release.measures):
        wrong = int((kept[column].astype(float) - kept[f"{column}_again"].astype(float)).abs().gt(1).sum())
        if wrong:
            failed.append(f"{wrong} figures in {column} are not what SQL counts")
    hidden = both[both["persons"].isna()]
    if hidden[["rows", *release.measures]].notna().any().any():
        failed.append("a suppressed cell still shows a figure")
    return failed + _dominance(kept, names, release, table)


def _dominance(kept: pd.DataFrame, names: Sequence[str], release: Release, table: pa.Table) -> list[str]:
    rows = table.to_pandas()
    failed = []
    totals = kept[list(names)] == ALL
    for measure in release.measures:
        bad = 0
        for pattern in totals.drop_duplicates().itertuples(index=False, name=None):
            by = [name for name, is_total in zip(names, pattern, strict=True) if not is_total]
            shown = kept.loc[(totals == list(pattern)).all(axis=1), by]
            each = rows.groupby([*by, "person of row"])[measure].sum().abs().sort_values(ascending=False)
            cells = each.groupby(level=by)
            whole, first, two = cells.sum(), cells.max(), cells.head(2).groupby(level=by).sum()
            dominated = (whole > 0) & ((first > DOMINANT * whole) | (two > TWO_DOMINANT * whole))
            bad += len(shown.merge(dominated[dominated].reset_index()[by], on=by))
        if bad:
            failed.append(f"{bad} sums of {measure} hang on one or two persons: give a column a coarser step")
    return failed


def _puzzle(frame: pd.DataFrame, names: Sequence[str], release: Release) -> list[str]:
    """Whether any suppressed figure follows from the shown ones: the equations `parts = total`, solved exactly."""
    told = 0
    for _, part in frame.groupby(names[0], sort=False):
        hidden = {
            tuple(row) for row in part.loc[part["persons"].isna(), list(names)].itertuples(index=False, name=None)
        }
        if not hidden:
            continue
        if len(hidden) > puzzle.LARGEST:
            return [f"a slice has {len(hidden)} suppressed cells: give one of {', '.join(names)} a coarser step"]
        cells = [tuple(row) for row in part[list(names)].itertuples(index=False, name=None)]
        told += len(puzzle.determined(puzzle.lines_of(cells), hidden))
    return (
        [f"{told} suppressed cells follow from the totals: give one of {', '.join(names)} a coarser step"]
        if told
        else []
    )


def _carried(stays: pd.DataFrame, names: Sequence[str], previous: pa.Table | None, leave: frozenset[str]) -> list[str]:
    if stays.empty:
        return []
    if previous is None:
        return ["slices are said to be carried over, and there is no earlier version"]
    before = previous.to_pandas()
    before = before[before[names[0]].isin(leave)].sort_values(list(names)).reset_index(drop=True)
    same = stays.sort_values(list(names)).reset_index(drop=True).astype("object").equals(before.astype("object"))
    return [] if same else ["slices that are carried over are not those of the earlier version"]


def _expectations(frame: pd.DataFrame, names: Sequence[str], release: Release) -> list[str]:
    import os

    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import logging

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    from hoeder.anonymization import expectations

    return gate.validate([
        gate.Suite("cells", frame, expectations.of_cells(list(names), release)),
        gate.Suite("texts", gate.distinct_texts(frame, list(names)), expectations.of_texts(list(names))),
    ])  # fmt: skip


def check_noisy(data: bytes, release: Release) -> Measured:
    """Noisy counts: what they cost is the budget's business; here the file has its columns, and nobody's data."""
    names = [g.column for g in release.quasi_identifiers]
    frame = pd.read_parquet(io.BytesIO(data), engine="pyarrow")
    failed = [] if list(frame.columns) == [*names, "persons"] else ["the columns are not those of the release"]
    if (frame["persons"] < 0).any() or frame.duplicated(names).any():
        failed.append("a count is below zero, or a cell is there twice")
    failed += [*gate.texts(frame, names), *_noisy_expectations(frame, names)]
    if failed:
        raise GateFailed("\n  ".join([f"release {release.release} was not published:", *failed]))
    return Measured(len(frame), len(frame), release.k)


def _noisy_expectations(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    from hoeder.anonymization import expectations

    return gate.validate(
        [gate.Suite("texts", gate.distinct_texts(frame, list(names)), expectations.of_texts(list(names)))]
    )


def shown(data: bytes) -> pa.Table:
    """A published file as a table."""
    return pq.read_table(io.BytesIO(data))
