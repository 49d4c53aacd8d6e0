"""Count with Spark what is too much to read on one machine. Spark groups and counts, and nothing else.

What it counted comes back as Parquet and goes the way of every other table: searched, laid over the rows and written by
the same code. So a release is the same, to the byte, whichever of the two counted.
"""

import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hoeder.anonymization.engine.limits import Unfit
from hoeder.anonymization.submit import grouped


def missing() -> str | None:
    """What Spark needs and is not here, in words; None where all is."""
    if find_spec("pyspark") is None:
        return "PySpark is not installed: pip install -r requirements-spark.txt"
    if shutil.which("java") is None:
        return "there is no Java: install a JRE of version 17 or later"
    return None


def count(source: Path, columns: Sequence[str], schema: pa.Schema, times: str, scratch: Path) -> pa.Table:
    """Distinct rows of these columns with how often each occurs in column `times`, in the types of `schema`.

    Runs in the session that spark-submit gives, else in one of its own on this machine. `scratch` is a folder that
    every worker can write and that does not exist yet; it is gone afterwards. Raises Unfit.
    """
    if lacking := missing():
        raise Unfit(f"engine spark: {lacking}")
    try:
        grouped(str(source), columns, times, str(scratch))
        found = pq.read_table(scratch)
    except Exception as error:  # its text can hold a cell
        raise Unfit(f"{source.name} cannot be read to its end by Spark: {type(error).__name__}") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return found.select([*columns, times]).cast(schema.append(pa.field(times, pa.int64())))
