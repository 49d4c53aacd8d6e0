"""The main job, watched from outside: Airflow's scheduler runs the DAGs, this follows them and answers as the DPO."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hoeder.airflow_client import Client, Question
from hoeder.errors import StackError
from hoeder.stack.home import logs
from hoeder.stack.manager import Stack
from hoeder.stack.processes import log_path

Say = Callable[[str], None]

DAGS = ("inventory", "anonymization", "retention", "audit_report", "evidence_seal")
DESKS = ("client_segregation", "fraud_files", "questions")
"""What looks and asks nobody: started beside the inventory, so that the report knows what they saw."""
CASES = ("subject_requests", "incidents")
"""Each starts a run for every open case, and people answer those: after the main job."""
SETTLED = {"success", "skipped", "failed", "upstream_failed", "removed"}
_ASKED = re.compile(
    r"TaskInstance Finished: dag_id=(\S+), task_id=(\S+), run_id=(\S+), map_index=(-?\d+), .*\bstate=awaiting_input\b"
)
"""What the scheduler logs of a task that asks, when it hears that its process has ended."""


@dataclass
class Patience:
    """When a question may be answered.

    Airflow 3.3 fails a task that is answered before the scheduler heard that the process that asked has ended. On a
    busy machine that is long after the question can be read, and the scheduler's log alone says when.
    """

    log: Path
    read: int = 0
    asked: set[tuple[str, str, str, int]] = field(default_factory=set)

    def has_ended(self, question: Question) -> bool:
        """Whether the scheduler heard of the end of the process that asked."""
        if self.log.exists():
            with self.log.open("rb") as log:
                log.seek(self.read)
                new = log.read()
            lines = new[: new.rfind(b"\n") + 1]
            self.read += len(lines)
            for dag, task, run, index in _ASKED.findall(lines.decode(errors="replace")):
                self.asked.add((dag, task, run, int(index)))
        return (question.dag_id, question.task_id, question.run_id, question.map_index) in self.asked


@dataclass
class Watch:
    """Follows runs of the main job and says what changes."""

    stack: Stack
    say: Say
    seen: dict[tuple[str, str, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.engineer: Client = self.stack.client("engineer")
        self.dpo: Client = self.stack.client("dpo")
        self.patience = Patience(log_path(self.stack.home, "scheduler"))

    def wait_for_dags(self, *, seconds: float = 120) -> None:
        """Until Airflow knows the DAGs. Raises StackError with the files that cannot be imported."""
        for _ in _ticking(seconds, "the DAGs were not read by Airflow", logs(self.stack.home) / "dag-processor.log"):
            if {*DAGS, *DESKS, *CASES} <= set(self.engineer.dag_ids()):
                return
            if broken := self.engineer.import_errors():
                raise StackError("DAG files that cannot be imported:\n  " + "\n  ".join(broken))

    def main_job(self, *, seconds: float = 600) -> dict[str, str]:
        """Trigger the inventory and follow everything that comes of it; the run of each DAG.

        Raises StackError at the first task that fails, naming DAG, task and log.
        """
        for dag in CASES:
            self.engineer.pause(dag)
        try:
            return self._main_job(seconds)
        finally:
            for dag in CASES:
                self.engineer.pause(dag, paused=False)

    def _main_job(self, seconds: float) -> dict[str, str]:
        before = {dag: set(self.engineer.runs(dag)) for dag in DAGS}
        desks = {dag: self.engineer.trigger(dag) for dag in DESKS}
        runs = {"inventory": self.engineer.trigger("inventory")}
        asked: set[str] = set()
        for _ in _ticking(seconds, "the main job is not through", logs(self.stack.home)):
            for dag in DAGS:
                if dag not in runs and (new := self._triggered(dag, before[dag])):
                    runs[dag] = new
                    self.say(f"{dag}: started by Airflow")
            for dag, run in runs.items():
                self._report_tasks(dag, run)
            if "retention" in runs:
                self._answer(runs["retention"], asked)
            for dag, run in list(desks.items()):
                if (state := self.engineer.run_state(dag, run)) in ("success", "failed"):
                    self.say(f"{dag}: {'has looked' if state == 'success' else 'red: found what should not be'}")
                    del desks[dag]
            states = {dag: self.engineer.run_state(dag, run) for dag, run in runs.items()}
            if failed := [dag for dag, state in states.items() if state == "failed"]:
                raise StackError(self.failure(failed[0], runs[failed[0]]))
            if len(runs) == len(DAGS) and set(states.values()) == {"success"} and not desks:
                return runs
        raise AssertionError("unreachable: ticking ends by raising")

    def _triggered(self, dag: str, before: set[str]) -> str | None:
        """The run that followed from another DAG's; runs by the clock are none of ours."""
        new = [run for run in self.engineer.runs(dag) if run not in before and run.startswith("asset_triggered__")]
        return new[-1] if new else None

    def _report_tasks(self, dag: str, run: str) -> None:
        for task in self.engineer.tasks(dag, run):
            state = task.state or ""
            if state in SETTLED and self.seen.get((dag, task.task_id, task.map_index)) != state:
                self.seen[(dag, task.task_id, task.map_index)] = state
                part = f" {task.map_index + 1}" if task.map_index >= 0 else ""
                if state not in {"skipped", "removed"}:
                    self.say(f"{dag}: {task.task_id}{part} {state}")

    def _answer(self, run: str, asked: set[str]) -> None:
        for question in self.dpo.questions("retention", run):
            if question.answered:
                continue
            if question.run_id not in asked:
                asked.add(question.run_id)
                self.say(f"retention asks the DPO: {_short(question)}")
            if self.patience.has_ended(question):
                self.dpo.answer(question, ["Approve"], {"reason": "demonstratie: plan gelezen, aantallen kloppen"})
                self.say("the demo user dpo answers through Airflow's REST API: Approve")

    def failure(self, dag: str, run: str) -> str:
        """Which tasks of a run failed, why, and where their logs are."""
        said = [f"DAG {dag}, run {run} failed"]
        for task in self.engineer.tasks(dag, run):
            if task.state == "failed" and task.task_id != "fail":  # that one only repeats that another failed
                log = task_log(self.stack.home, dag, run, task.task_id, task.map_index, task.try_number)
                said.append(
                    f"  task {task.task_id}{f'[{task.map_index}]' if task.map_index >= 0 else ''}: {reason(log)}"
                )
                said.append(f"  log  {log}")
        return "\n".join(said)


def task_log(home: Path, dag: str, run: str, task: str, map_index: int, attempt: int) -> Path:
    """Where Airflow keeps the log of one attempt."""
    folder = logs(home) / "tasks" / f"dag_id={dag}" / f"run_id={run}" / f"task_id={task}"
    if map_index >= 0:
        folder /= f"map_index={map_index}"
    return folder / f"attempt={attempt}.log"


def reason(log: Path) -> str:
    """The error that a task's log ends with."""
    try:
        entries = [
            json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if '"error_detail"' in line
        ]
        return str(entries[-1]["error_detail"][0]["exc_value"])
    except (OSError, ValueError, LookupError):
        return "no reason in the log; the process may have been killed"


def _short(question: Question) -> str:
    text, _, digest = question.subject.rpartition(" ")
    return f"{text} {digest[:12]}…"


def _ticking(seconds: float, late: str, log: Path) -> Iterator[None]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(1)
    raise StackError(f"{late} after {seconds:.0f} s; see {log}")
