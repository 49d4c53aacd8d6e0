"""Airflow's scheduler, with the libraries of the tasks loaded beforehand: `python -m hoeder.stack.scheduler FLAGS`.

LocalExecutor forks its tasks from the scheduler, so no task loads again what is loaded here, a second or more of each
task on a small machine. Only other people's libraries: a change in Hoeder's own code holds from the next task on.
"""

import importlib
import logging
import sys

LIBRARIES = (
    "boto3",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "duckdb",
    "great_expectations",
    "numba",
    "psycopg.types.json",
    "pyarrow.dataset",
    "pydantic",
    "pypdf",
    "yaml",
)


def load() -> None:
    """Import them all. One that is missing is an error here as it would be in a task."""
    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # it tells of each of its own methods
    for name in LIBRARIES:
        importlib.import_module(name)


if __name__ == "__main__":
    load()
    from airflow.__main__ import main

    sys.argv[:1] = ["airflow", "scheduler"]
    main()
