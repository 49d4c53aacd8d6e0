"""Work on many rows, each in a process of its own so that its memory can be read.

scale.py mix ROWS FILE: Adult resampled, a tenth of the cells swapped. scale.py floor|ours FILE FOLDER: prints seconds
and MB; the floor reads, groups, joins and writes the same columns with DuckDB and generalises nothing.
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter

QUASI = ("age", "workclass", "education", "marital-status", "occupation", "race", "sex", "native-country")
BATCH = 1_000_000


def mix(rows: int, target: Path, adult: Path) -> None:
    """Write the data, the same for the same number of rows."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    table = pyarrow.csv.read_csv(adult / "adult.csv", parse_options=pyarrow.csv.ParseOptions(delimiter=";"))
    random = np.random.default_rng(1)
    with pq.ParquetWriter(target, table.schema) as parquet:
        for begin in range(0, rows, BATCH):
            count = min(BATCH, rows - begin)
            one = random.integers(0, table.num_rows, count)
            columns = {}
            for name in table.column_names:
                swapped = random.random(count) < 0.1
                columns[name] = table[name].take(np.where(swapped, random.integers(0, table.num_rows, count), one))
            parquet.write_table(pa.table(columns))


def floor(source: Path, folder: Path) -> None:
    """Read, group, join, write."""
    import duckdb

    database = duckdb.connect()
    database.execute("set enable_progress_bar = false")
    database.execute("set preserve_insertion_order = false")
    rows = database.read_parquet(str(source)).select(*map(duckdb.ColumnExpression, QUASI))
    groups = rows.aggregate([*map(duckdb.ColumnExpression, QUASI), duckdb.SQLExpression("count(*)").alias("times")])
    groups = database.from_arrow(groups.to_arrow_table())
    rows.join(groups, ", ".join(f'"{name}"' for name in QUASI)).write_parquet(
        str(folder / "floor.parquet"), compression="zstd"
    )


def ours(source: Path, folder: Path, adult: Path) -> dict[str, float]:
    """The engine, from file to file."""
    from hoeder.anonymization.engine import Limits, Roles, anonymize_file

    files = {name: adult / f"adult_hierarchy_{name}.csv" for name in QUASI}
    found = anonymize_file(
        source, folder / "ours.parquet", folder / "ours.json", Roles(QUASI), Limits(k=5), hierarchies=files
    )
    return {"gcp": 100 * found.gcp, "k": found.k_reached, "classes": found.classes, "rows": found.rows_in} | dict(
        found.seconds
    )


if __name__ == "__main__":
    what, adult = sys.argv[1], Path(sys.argv[-1])
    if what == "mix":
        mix(int(sys.argv[2]), Path(sys.argv[3]), adult)
        sys.exit()
    begun = perf_counter()
    told = ours(Path(sys.argv[2]), Path(sys.argv[3]), adult) if what == "ours" else {}
    if what == "floor":
        floor(Path(sys.argv[2]), Path(sys.argv[3]))
    told |= {
        "seconds": told.get("all", perf_counter() - begun),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(told))
