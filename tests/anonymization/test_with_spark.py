"""A release that policy gives to Spark: what comes out is what comes out without it."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from visits import RUN, VERSION, VIEWS, World, changed, views

from hoeder import anonymization
from hoeder.anonymization import with_spark
from hoeder.anonymization.encode import encode
from hoeder.anonymization.engine import spark
from hoeder.anonymization.read import Batch
from hoeder.anonymization.source import SourceProblem
from hoeder.errors import PolicyError, Refused
from hoeder.policy.release import Release
from hoeder.stores.connection import Connection

NEEDED = pytest.mark.skipif(spark.missing() is not None, reason=f"engine spark: {spark.missing()}")
SPARK = changed(VIEWS, engine="spark")
LOCAL = {"recoding": "local", "refresh": "once"}


def every_kind() -> pa.Table:
    """Types that Spark and Arrow could read differently, empty cells, rows that occur twice."""
    rng = np.random.default_rng(3)
    rows = 300
    moments = rng.integers(0, 10**18, rows)
    return pa.table({
        "visitor_id": pa.array([None if n % 17 == 0 else f" V{n % 90}" for n in range(rows)]).dictionary_encode(),
        "visited_at": pa.array(moments, pa.timestamp("ns", "Europe/Amsterdam")),
        "section": pa.array(rng.choice(["é", "e", "E", "z ", "", None], rows).tolist(), pa.large_string()),
        "logged_in": pa.array(rng.choice([-0.0, 0.0, float("nan"), 1.5, None], rows).tolist(), pa.float64()),
        "seconds": pa.array([None if n % 9 == 0 else n % 5 for n in range(rows)], pa.uint64()),
    }).take(pa.array([*range(rows), *range(40)]))  # fmt: skip


@NEEDED
def test_spark_publishes_the_same_file_to_the_byte_and_never_sees_other_columns(world: World, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for day in (1, 2):
        world.put(f"page-views/date=2026-11-{day:02}/part-0.parquet", views(date(2026, 11, day)))
    seen: list[tuple[list[str], dict[str, str]]] = []
    real = with_spark.subprocess.run

    def watched(command, **options):
        seen.append((list(map(str, command)), options["env"]))
        return real(command, **options)

    monkeypatch.setattr(with_spark.subprocess, "run", watched)
    monkeypatch.setenv("AIRFLOW_CONN_WEB_ANONYMIZATION", "secret")
    ours, theirs = (
        Release.model_validate(VIEWS.model_dump() | LOCAL | {"release": f"visits-{engine}", "engine": engine})
        for engine in ("embedded", "spark")
    )
    one, other = (
        anonymization.run(each.release, world.policy(ours, theirs), world.resolve, run=RUN, version=VERSION)
        for each in (ours, theirs)
    )
    assert one.digest == other.digest
    assert (one.rows_in, one.rows_out, one.k_reached) == (other.rows_in, other.rows_out, other.k_reached)
    assert one.rows_out > 0
    [(command, environment)] = seen
    assert command[1:3] == ["--master", "local[*]"]
    assert command[-5:] == ["visitor_id", "visited_at", "section", "logged_in", "seconds"]
    assert not [key for key in environment if key.startswith("AIRFLOW")]
    assert list(tmp_path.iterdir()) == []


@NEEDED
def test_spark_gives_back_every_row_of_every_kind():
    table = every_kind()
    halves = [Batch("a", table.slice(0, 170)), Batch("b", table.slice(170))]
    release = changed(VIEWS, quasi_identifiers=[
        {"column": "visited_at", "steps": ["exact"]},
        {"column": "section", "steps": ["exact"]},
        {"column": "logged_in", "steps": ["exact"]},
    ])  # fmt: skip

    def rows(batches) -> list[tuple]:
        found = encode(batches, release)
        cells = [[column.values[code] for code in column.codes] for column in found.columns.values()]
        return sorted(
            zip(found.persons.tolist(), *cells, np.nan_to_num(found.measures["seconds"], nan=-1), strict=True), key=repr
        )

    assert rows(with_spark.batches(iter(halves), "web", None)) == rows(halves)


def test_without_spark_nothing_is_read_and_the_release_is_refused(world: World, monkeypatch):
    world.put("page-views/date=2026-11-01/part-0.parquet", b"never opened")
    monkeypatch.setattr(spark, "missing", lambda: "there is no Java: install a JRE of version 17 or later")
    with pytest.raises(Refused, match=r"web:page-views/ is to be counted by Spark .*: there is no Java"):
        anonymization.run("web-usage", world.policy(SPARK), world.resolve, run=RUN, version=VERSION)
    assert world.outcome().outcome == "refused"
    assert world.published() == {}


@NEEDED
def test_a_failure_of_spark_is_told_without_what_spark_says():
    table = views(date(2026, 11, 1))
    nowhere = Connection(conn_type="spark", host="local[none]")
    with pytest.raises(SourceProblem, match=r"Spark on local\[none\] did not count it \(\w+Error\); see") as raised:
        list(with_spark.batches(iter([Batch("a", table)]), "web:page-views/", nowhere))
    assert raised.value.outcome == "failed"


@pytest.mark.parametrize(
    ("cluster", "says"),
    [
        ({"host": "spark://head", "port": 7077}, "cluster spark://head:7077, but no folder"),
        ({"host": "yarn", "extra": {"folder": "/nowhere/at/all"}}, "its folder /nowhere/at/all is not there"),
    ],
)
def test_a_cluster_without_a_folder_that_its_workers_read_is_refused(cluster, says, monkeypatch):
    monkeypatch.setattr(spark, "missing", lambda: None)
    with pytest.raises(Refused, match=says):
        next(with_spark.batches(iter(()), "web", Connection(conn_type="spark", **cluster)))


def test_files_that_disagree_on_a_type_are_refused_by_name(monkeypatch):
    monkeypatch.setattr(spark, "missing", lambda: None)
    one, other = pa.table({"seconds": pa.array([1], pa.int32())}), pa.table({"seconds": ["1"]})
    with pytest.raises(PolicyError, match="second: column seconds has another type"):
        next(with_spark.batches(iter([Batch("first", one), Batch("second", other)]), "web", None))


@pytest.mark.parametrize("fields", [{"source": "crm.call_note"}, {"publish": "counts"}])
def test_policy_gives_spark_rows_of_parquet_files_alone(fields):
    with pytest.raises(ValueError, match="engine: spark is for publish: rows from Parquet files"):
        changed(SPARK, **fields)
