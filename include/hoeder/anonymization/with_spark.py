"""A source counted by Spark: its rows come back in the order of their values, and go on as if they had just been read.

Three steps. The columns that the release names are copied to a folder; Spark, started by its own spark-submit, counts
their distinct rows into another; each is given on as often as it was counted. So what follows cannot tell the
difference, and the published file is the same to the byte. Both folders, and what Spark spills on this machine, are in
one temporary folder that is gone afterwards.

Grouping and sorting are Spark's. What the release needs in memory, small numbers for each row, stays with the task.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hoeder.anonymization.engine import spark
from hoeder.anonymization.read import Batch
from hoeder.anonymization.source import SourceProblem
from hoeder.errors import PolicyError, Refused
from hoeder.evidence.ledger import Outcome
from hoeder.stores.connection import Connection

_TIMES = "rows like this one"
_ROWS = 50_000  # a batch
_LOCAL = "local[*]"
# What a Spark client needs to know of where it runs. The rest of the environment can hold passwords.
_PASSED = ("HADOOP_", "HOME", "JAVA_", "KRB5", "KUBECONFIG", "LANG", "LC_", "PATH", "PYTHONPATH", "SPARK_", "TMPDIR",
           "USER", "YARN_")  # fmt: skip


def batches(rows: Iterator[Batch], where: str, cluster: Connection | None) -> Iterator[Batch]:
    """The same rows, counted by Spark on `cluster`, or on this machine where there is none.

    The host of the cluster's connection is the master (`spark://head` with its port, `yarn`, `local[4]`); `folder` in
    its extra is a folder that this task and every worker read and write.

    Raises Refused where Spark, Java or that folder is missing, PolicyError where files disagree on a column's type,
    SourceProblem where Spark fails.
    """
    if lacking := spark.missing():
        raise Refused(f"{where} is to be counted by Spark (engine: spark in the release): {lacking}")
    master, shared = _master(cluster)
    with tempfile.TemporaryDirectory(prefix="hoeder-spark-", dir=shared) as folder:
        copy, counted = Path(folder, "copy"), Path(folder, "counted")
        copy.mkdir()
        schema = _copied(rows, copy / "rows.parquet")
        if schema is not None:
            _submitted(master, copy, counted, schema.names, where)
            for part in sorted(counted.glob("part-*.parquet")):
                yield from _given_on(part, schema, where)


def _master(cluster: Connection | None) -> tuple[str, Path | None]:
    if cluster is None or not cluster.host:
        return _LOCAL, None
    master = f"{cluster.host}:{cluster.port}" if cluster.port else cluster.host
    shared = cluster.extra.get("folder")
    if shared is None and not _is_local(master):
        raise Refused(
            f"connection spark_default names the cluster {master}, but no folder that its workers can read: put folder "
            "in its extra"
        )
    if shared is not None and not (Path(shared).is_dir() and os.access(shared, os.W_OK)):
        raise Refused(f"connection spark_default: its folder {shared} is not there or not open to us")
    return master, Path(shared) if shared is not None else None


def _is_local(master: str) -> bool:
    return master == "local" or master.startswith("local[")


def _copied(rows: Iterator[Batch], file: Path) -> pa.Schema | None:
    """Write what is read to one file; its schema, None where there was nothing."""
    writer: pq.ParquetWriter | None = None
    try:
        for batch in rows:
            schema = pa.schema([pa.field(each.name, _plain(each.type)) for each in batch.rows.schema])
            if writer is None:
                writer = pq.ParquetWriter(file, schema, store_schema=False)
            if differ := [a.name for a, b in zip(schema, writer.schema, strict=True) if a.type != b.type]:
                raise PolicyError(
                    f"{batch.where}: column {', '.join(differ)} has another type than in the objects before; engine "
                    "spark needs one"
                )
            writer.write_table(batch.rows.cast(schema, safe=False))
    finally:
        if writer is not None:
            writer.close()
    return None if writer is None else writer.schema


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type that Spark knows a column by."""
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    return pa.string() if pa.types.is_large_string(kind) else kind


def _submitted(master: str, copy: Path, counted: Path, columns: Sequence[str], where: str) -> None:
    from hoeder.anonymization import submit

    found = find_spec("pyspark")
    assert found is not None  # noqa: S101  # spark.missing looked
    assert found.origin is not None  # noqa: S101
    environment = {name: value for name, value in os.environ.items() if name.startswith(_PASSED)}
    environment |= {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    if _is_local(master):
        environment |= {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(copy.with_name("spilled"))}
    ran = subprocess.run(
        [
            Path(found.origin).parent / "bin/spark-submit", "--master", master, str(submit.__file__),
            str(copy), str(counted), _TIMES, *columns,
        ],
        env=environment, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if ran.returncode:  # what it wrote can quote a cell; the kind of error stands on its last line, or nothing does
        kind = ran.stdout.strip().splitlines()[-1:]
        raise SourceProblem(
            f"{where}: Spark on {master} did not count it ({kind[0] if kind else f'exit {ran.returncode}'}); see "
            "whether spark-submit works there by itself, and whether the folder is open to its workers",
            Outcome.FAILED,
        )


def _given_on(part: Path, schema: pa.Schema, where: str) -> Iterator[Batch]:
    with pq.ParquetFile(part) as file:
        for each in file.iter_batches(batch_size=_ROWS):
            distinct = pa.table({name: each.column(name) for name in schema.names}).cast(schema)
            places = np.repeat(np.arange(each.num_rows), each.column(_TIMES).to_numpy())
            for start in range(0, len(places), _ROWS):
                yield Batch(where, distinct.take(pa.array(places[start : start + _ROWS])))
