"""What Airflow calls when a clock comes to a date, and which cases get a run: numbers of cases and days alone."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, ago
from desk import desk as desk
from desk import place as place
from servers import Database

from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.rights import case, runs, steps
from hoeder.rights.case import What

ROOT = Path(__file__).parents[2]

# Airflow must be configured before it is imported, so it is asked in a process of its own.
PROGRAM = """
import json, sys, contextlib
from types import SimpleNamespace
import psycopg
import hoeder.policy
from hoeder.orchestration import alerts
from hoeder.errors import StoreError

said = json.load(sys.stdin)

@contextlib.contextmanager
def governance(capability):
    with psycopg.connect(said["conninfo"]) as db:
        yield db

def nothing(name):
    raise StoreError(f"no connection {name}")

alerts.governance, alerts.resolve = governance, nothing
alerts.load = lambda: SimpleNamespace(digest="a" * 64, organisation=None)
left = []
for number in said["remind"]:
    try:
        run = {"conf": {"case": number}, "dag_run_id": "x"}
        left.append(alerts.remind(clock="subject_request", context={"dag_run": run}))
    except Exception as error:
        left.append(f"{type(error).__name__}: {error}")
print(json.dumps(left))
"""


def reminded(governance: Database, home: Path, *numbers: Any) -> list[Any]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False,
        env=kept | {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"},
        input=json.dumps({"conninfo": governance.conninfo, "remind": [str(each) for each in numbers]}),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_reminder_says_how_many_days_are_left_once_a_day_and_stops_when_the_person_was_answered(
    desk: Desk, governance: Database, tmp_path: Path
) -> None:
    late, soon, answered = (desk.confirmed("access", received_at=ago(days)) for days in (40, 22, 40))
    doubt = {"doubt": "unknown-address", "method": "code"}
    for choice in ("Ask the person", "Cannot be identified"):
        steps.identify(desk.work, answered, desk.answer(steps.to_identify(desk.work, answered), choice, fields=doubt))
    case.take(desk.db, answered, What.ANSWERED, "answer")
    desk.db.commit()
    overdue, left, none, again, wrong = reminded(governance, tmp_path, late, soon, answered, late, "nobody")
    assert overdue < 0 < left
    assert (none, again) == (None, overdue)
    assert wrong.startswith("AirflowException: ValueError")
    entries = [e for e in ledger.entries(desk.db) if e.activity == "rights.clocks@1" and e.phase == "outcome"]
    assert [(e.case_id, e.counts) for e in entries] == [
        (late, {"reminded": 1, "overdue": 1}), (soon, {"reminded": 1, "days_to_due": left}),
    ]  # fmt: skip


def test_a_case_gets_one_run_at_a_time_and_the_next_one_when_it_moved_or_an_answer_was_refused(
    desk: Desk,
) -> None:
    waits, running, closed = desk.confirmed("access"), desk.confirmed("access"), desk.open("access")
    steps.confirm(desk.work, closed, desk.answer(steps.to_confirm(desk.work, closed), "No request"))
    case.take(desk.db, closed, What.CLOSED, "close")
    desk.db.commit()

    def run() -> str:
        (one,) = runs.to_start(desk.db, {str(running)}, desk.work.today)
        assert one.number == str(waits)
        assert one.begins <= case.read(desk.db, waits).received_at
        return one.run_id

    first = run()
    assert run() == first, "Airflow does not start the same run twice"
    with pytest.raises(Refused, match="needs a reasonable doubt"):
        asked = steps.to_identify(desk.work, waits)
        steps.identify(desk.work, waits, desk.answer(asked, "Identified", fields={"method": "code"}))
    second = run()
    steps.identify(desk.work, waits, desk.answer(steps.to_identify(desk.work, waits), "Identified"))
    (tomorrow,) = runs.to_start(desk.db, {str(running)}, desk.work.today + timedelta(days=1))
    assert len({first, second, run(), tomorrow.run_id}) == 4
