"""The demonstration from outside: how it is ended, what it leaves readable, and what it says it did."""

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from small_company import TODAY, Company

from hoeder.airflow_client import Question
from hoeder.demo.main_job import told
from hoeder.demo.run import Patience
from hoeder.demo.site import Site
from hoeder.demo.truth import Truth
from hoeder.errors import StackError
from hoeder.evidence.ledger import Entry
from hoeder.stack.manager import Servers

WAITS_FOR_EVER = """
import sys, time
from datetime import date
from pathlib import Path
from hoeder.demo import main_job
from hoeder.stack import manager

def up(home, spec, say):
    print("ready", flush=True)
    time.sleep(60)

manager.up = up
manager.down = lambda home, say: (time.sleep(0.5), print("stopped", flush=True))
home = Path(sys.argv[1])
main_job.run(home, home, persons=100, today=date(2026, 11, 22), say=print, show=print)
"""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_servers_are_stopped_when_the_demonstration_is_ended_by_a_signal(tmp_path: Path, sent: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITS_FOR_EVER, str(tmp_path / "home")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, sent)
        os.kill(process.pid, signal.SIGTERM)
        assert process.stdout.read() == "stopped\n"
        assert process.wait(20) in {128 + sent, 128 + signal.SIGTERM}


def test_a_half_built_company_is_said_with_the_folder_to_remove(company: Company, tmp_path: Path) -> None:
    servers = Servers(company.server, company.s3, "http://127.0.0.1:1", "")
    with pytest.raises(StackError, match=rf"interrupted while it built the company in {tmp_path}: .*remove"):
        Site(tmp_path, 300, TODAY).prepare(servers, print)


def test_what_was_planted_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    Truth(date(2026, 11, 22)).write(tmp_path / "truth.json", canaries={}, holds=())
    assert (tmp_path / "truth.json").stat().st_mode & 0o077 == 0


def _outcome(activity: str, target: str, case: UUID | None = None, **counts: int) -> Entry:
    return Entry(
        entry=1, recorded_at=datetime.now(UTC), phase="outcome", activity=f"x.{activity}@1", capability="x",
        act=activity, object=target, intent=1, outcome="done", case_id=case, policy_digest="",
        dag_id=None, run_id=None, task_id=None, actor="x", counts=counts,
    )  # fmt: skip


def test_a_second_attempt_is_not_counted_twice_and_does_not_hide_the_first() -> None:
    earlier, last = uuid4(), uuid4()
    summary = told(
        [
            _outcome("erase", "applicant", earlier, erased=100),
            _outcome("scan", "crm", columns=5, personal=3, undeclared=1),
            _outcome("scan", "crm", columns=50, personal=30, undeclared=10),
            _outcome("scan", "hr", columns=7, personal=4, undeclared=0),
            _outcome("plan", "all", last, held=2, missing_anchor=3),
            _outcome("erase", "applicant", last, erased=12),
            _outcome("erase", "applicant", last, erased=0),
            _outcome("erase", "payslip", last, erased=4),
        ],
        (),
    )
    assert (summary.columns, summary.personal, summary.undeclared) == (57, 34, 10)
    assert summary.erased == {"applicant": 12, "payslip": 4}
    assert (summary.held, summary.missing_anchor) == (2, 3)


FINISHED = (
    "2026-11-24T12:10:48.624225Z [info     ] TaskInstance Finished: dag_id=retention, task_id=ask, run_id={run}, "
    "map_index={index}, ti_id=01a20d77, run_start_date=2026-11-24 12:10:42.7+00:00, state={state}, "
    "executor=LocalExecutor(parallelism=4), executor_state=success, try_number=1\n"
)


def asks(run: str, index: int) -> Question:
    return Question("retention", run, "ask", index, "", ("Approve",), False, (), {}, None, None)


def test_a_question_waits_until_the_scheduler_heard_that_the_process_that_asked_has_ended(tmp_path: Path) -> None:
    log, run = tmp_path / "scheduler.log", "manual__2026-11-24T12:10:41.9+00:00"
    patience = Patience(log)
    assert not patience.has_ended(asks(run, 0))  # there is no log yet
    asked, other = (FINISHED.format(run=run, index=n, state=("awaiting_input", "success")[n]) for n in (0, 1))
    log.write_text("a line of something else\n" + asked[:-20])
    assert not patience.has_ended(asks(run, 0))  # half a line
    with log.open("a") as more:
        more.write(asked[-20:] + other)
    assert patience.has_ended(asks(run, 0))
    assert not patience.has_ended(asks(run, 1))
    assert not patience.has_ended(asks("manual__another", 0))
