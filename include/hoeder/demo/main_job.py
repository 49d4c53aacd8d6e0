"""`make demo`: build the company, let Airflow do the main job, say what came of it, and stop."""

import shutil
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType

from hoeder.demo.run import Watch
from hoeder.demo.site import Site
from hoeder.errors import StackError
from hoeder.evidence import ledger
from hoeder.report.publish import fetch
from hoeder.stack import manager
from hoeder.stack.home import MARKER, is_disposable, is_ours, read_json
from hoeder.stores.connection import Connection, connect

Say = Callable[[str], None]


@dataclass(frozen=True)
class Summary:
    """What the main job did; counts only."""

    columns: int
    personal: int
    undeclared: int
    released: dict[str, int]
    erased: dict[str, int]
    held: int
    missing_anchor: int
    entries: int
    reports: tuple[Path, ...]


def run(home: Path, project: Path, *, persons: int, today: date, say: Say, show: Callable[[str], None]) -> None:
    """The main job from nothing to the report. What an earlier demonstration left under `home` is removed first.

    Raises StackError with the DAG, task and log of the first failure, and where `home` holds anything else than a
    demonstration. The servers are stopped in every case, SIGTERM and SIGHUP included.
    """
    _clear(home)
    site = Site(home, persons, today)
    with _signals_unwind():
        try:
            stack = manager.up(home, site.spec(project, say, disposable=True), say)
            watch = Watch(stack, say)
            watch.wait_for_dags()
            summary = summarise(home, watch.main_job())
        finally:
            manager.down(home, say)
    for line in lines(summary):
        show(line)


def summarise(home: Path, runs: Mapping[str, str]) -> Summary:
    """Read from the ledger what happened in these `runs`, by DAG, and copy the reports beside it.

    Airflow's clock may start a DAG once more meanwhile: that is another run's work.
    """
    connections = {
        name: Connection.model_validate(fields) for name, fields in read_json(home / "connections.json").items()
    }
    with connect(connections["governance_audit_report"]) as db:
        entries = [entry for entry in ledger.entries(db, last=10_000) if entry.run_id in runs.values()]
    return told(entries, tuple(fetch(connections["reports_audit_report"], home / "reports")))


def told(entries: Sequence[ledger.Entry], reports: tuple[Path, ...]) -> Summary:
    """What the ledger's `entries`, oldest first, come to: each store's last scan, and all of the last plan.

    A task that Airflow tried again has an outcome for each attempt: what the attempts erased is added up.
    """
    outcomes = [entry for entry in entries if entry.phase == "outcome"]
    scans = {entry.object: entry.counts for entry in outcomes if entry.act == "scan"}.values()
    plan = next((entry for entry in reversed(outcomes) if entry.act == "plan"), None)
    erased: dict[str, int] = {}
    for entry in outcomes:
        if plan and entry.act == "erase" and entry.case_id == plan.case_id:
            erased[entry.object] = erased.get(entry.object, 0) + entry.counts.get("erased", 0)
    return Summary(
        columns=sum(counts.get("columns", 0) for counts in scans),
        personal=sum(counts.get("personal", 0) for counts in scans),
        undeclared=sum(counts.get("undeclared", 0) for counts in scans),
        released={e.object: e.counts.get("rows_out", 0) for e in outcomes if e.act == "release"},
        erased=erased,
        held=plan.counts.get("held", 0) if plan else 0,
        missing_anchor=plan.counts.get("missing_anchor", 0) if plan else 0,
        entries=len(entries),
        reports=reports,
    )


def lines(summary: Summary) -> list[str]:
    """The summary as it is shown at the end."""
    erased = sorted(summary.erased.items(), key=lambda item: (-item[1], item[0]))
    return [
        "",
        f"inventory      {summary.columns:,} columns, {summary.personal:,} personal, {summary.undeclared} undeclared",
        "anonymization  " + ", ".join(f"{name} {rows:,} rows" for name, rows in sorted(summary.released.items())),
        f"retention      {sum(summary.erased.values()):,} records erased, {summary.held:,} under a legal hold, "
        f"{summary.missing_anchor:,} without the date that starts their term",
        *(f"               {count:>8,}  {rule}" for rule, count in erased),
        f"evidence       {summary.entries:,} ledger entries",
        *(f"report         {path}" for path in summary.reports),
    ]


def _clear(home: Path) -> None:
    home = home.resolve()
    if not is_ours(home):
        return
    if not is_disposable(home):
        raise StackError(
            f"{home} holds what `make up` started, and a demonstration begins by removing everything: "
            "choose another folder (hoeder demo --home FOLDER), or, if nothing in it is needed any more, "
            "stop it (make down) and remove that folder"
        )
    if any(server.running for server in manager.status(home)):
        raise StackError("the stack is running; stop it first: make down")
    for path in home.iterdir():
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != MARKER:
                path.unlink()
        except OSError as error:
            raise StackError(f"cannot remove {error.filename} of an earlier demonstration: {error.strerror}") from error


@contextmanager
def _signals_unwind() -> Iterator[None]:
    """The first SIGTERM or SIGHUP ends the block by SystemExit, so that `finally` runs; more do not disturb that."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    heard = [number for number, handler in before.items() if handler != signal.SIG_IGN]  # nohup ignores SIGHUP

    def leave(number: int, frame: FrameType | None) -> None:
        for each in heard:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for number in heard:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])
