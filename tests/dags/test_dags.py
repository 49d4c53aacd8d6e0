"""What every DAG file must be: cheap to parse, the same each time, documented, with nothing heavy at its top."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DAGS = sorted((ROOT / "dags").glob("*.py"))
HEAVY = {"great_expectations", "pandas", "numpy", "pyarrow", "boto3", "psycopg", "altair", "typst", "hoeder"}

# One run per case, several at once.
CASES = {"disclosures", "incident", "subject_request"}

# A process for each question: Airflow must be configured before it is imported. What several import, the first pays.
PARSE = """
import importlib.util, json, pathlib, sys, time
import airflow.sdk
import airflow.providers.standard.operators.hitl, airflow.providers.standard.operators.trigger_dagrun
found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    before, start = set(sys.modules), time.process_time()
    spec = importlib.util.spec_from_file_location("the_dag", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    own = time.process_time() - start
    found[path.stem] = {"own": own, "modules": sorted({m.split(".")[0] for m in set(sys.modules) - before})}
print(json.dumps(found))
"""

SERIALIZE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
bag = DagBag(sys.argv[1], bundle_name="dags-folder")
print(json.dumps({
    "errors": {str(k): str(v) for k, v in bag.import_errors.items()},
    "dags": {i: {"owner": d.owner, "tags": sorted(d.tags), "doc": d.doc_md, "catchup": d.catchup,
                 "runs": d.max_active_runs, "text": json.dumps(DagSerialization.to_dict(d), sort_keys=True)}
             for i, d in bag.dags.items()},
}))
"""


def in_airflow(program: str, *arguments: str, home: Path) -> dict[str, dict[str, object]]:
    """Run a program in a fresh Airflow process; the JSON of its last line."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
    env = kept | {
        "AIRFLOW_HOME": str(home), "PYTHONPATH": str(ROOT / "include"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"), "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    return in_airflow(SERIALIZE, str(ROOT / "dags"), home=tmp_path_factory.mktemp("airflow"))


def test_every_file_is_one_dag_of_the_same_name_and_imports_without_error(bag: dict[str, dict[str, object]]) -> None:
    assert bag["errors"] == {}
    assert sorted(bag["dags"]) == sorted(path.stem for path in DAGS)


def test_every_dag_says_what_it_is_who_owns_it_and_never_catches_up(bag: dict[str, dict[str, object]]) -> None:
    for name, dag in bag["dags"].items():
        assert isinstance(dag, dict)
        assert dag["doc"], name
        assert (dag["owner"], dag["tags"], dag["catchup"]) == ("data engineering", [name], False)
        assert (dag["runs"] == 1) == (name not in CASES), name


def test_a_dag_serializes_the_same_every_time(bag: dict[str, dict[str, object]], tmp_path: Path) -> None:
    again = in_airflow(SERIALIZE, str(ROOT / "dags"), home=tmp_path)
    assert again["dags"] == bag["dags"]


def test_parsing_costs_little_beyond_airflow_itself_and_imports_nothing_heavy(tmp_path: Path) -> None:
    first, second = (in_airflow(PARSE, str(ROOT / "dags"), home=tmp_path) for _ in range(2))
    slow = {name: min(float(found[name]["own"]) for found in (first, second)) for name in first}  # type: ignore[arg-type]
    assert {name: seconds for name, seconds in slow.items() if seconds >= 0.3} == {}
    assert {name: heavy for name, found in first.items() if (heavy := HEAVY & set(found["modules"]))} == {}  # type: ignore[call-overload]


@pytest.mark.parametrize("path", DAGS, ids=lambda path: path.stem)
def test_a_dag_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 120
