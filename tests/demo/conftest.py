import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import in_memory
from small_company import TODAY, Company

from hoeder.demo.company import build
from hoeder.demo.roles import s3_identities
from hoeder.stack import postgres as postgres_server
from hoeder.stack import s3 as s3_server


@pytest.fixture(scope="session")
def company() -> Iterator[Company]:
    home = Path(tempfile.mkdtemp(prefix="hoeder-company-", dir=in_memory()))
    try:
        server = postgres_server.start(home, "only-for-this-test", throwaway=True)
        s3 = s3_server.start(home, s3_identities())
        truth, said = home / "truth.json", list[str]()
        built = build(server, s3, persons=300, seed=11, today=TODAY, ground_truth=truth, say=said.append)
        yield Company(server, s3, built, json.loads(truth.read_text(encoding="utf-8")), said)
    finally:
        s3_server.stop(home)
        postgres_server.stop(home)
        shutil.rmtree(home, ignore_errors=True)
