"""`make demo`: build the company, let Airflow do the main job, say what came of it, and stop."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hoeder.demo.run import Watch
from hoeder.demo.site import Site
from hoeder.errors import StackError
from hoeder.evidence import ledger
from hoeder.stack import manager
from hoeder.stack.home import read_json
from hoeder.stores.connection import Connection, connect, s3_client

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

    Raises StackError with the DAG, task and log of the first failure; the servers are stopped in every case.
    """
    _clear(home)
    site = Site(home, persons, today)
    try:
        stack = manager.up(home, site.spec(project, say), say)
        watch = Watch(stack, say)
        watch.wait_for_dags()
        watch.main_job()
        summary = summarise(home)
    finally:
        manager.down(home, say)
    for line in lines(summary):
        show(line)


def summarise(home: Path) -> Summary:
    """Read what happened from the ledger and the last scans, and copy the report beside them."""
    connections = {
        name: Connection.model_validate(fields) for name, fields in read_json(home / "connections.json").items()
    }
    with connect(connections["governance_audit_report"]) as db:
        entries = ledger.entries(db, last=10_000)
    outcomes = [entry for entry in entries if entry.phase == "outcome"]
    scans = [entry.counts for entry in outcomes if entry.act == "scan"]
    plans = [entry.counts for entry in outcomes if entry.act == "plan"]
    return Summary(
        columns=sum(counts.get("columns", 0) for counts in scans),
        personal=sum(counts.get("personal", 0) for counts in scans),
        undeclared=sum(counts.get("undeclared", 0) for counts in scans),
        released={e.object: e.counts.get("rows_out", 0) for e in outcomes if e.act == "release"},
        erased={e.object: e.counts.get("erased", 0) for e in outcomes if e.act == "erase"},
        held=plans[-1].get("held", 0) if plans else 0,
        missing_anchor=plans[-1].get("missing_anchor", 0) if plans else 0,
        entries=len(entries),
        reports=_copy_reports(connections["reports_audit_report"], home / "reports"),
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


def _copy_reports(connection: Connection, folder: Path) -> tuple[Path, ...]:
    client = s3_client(connection)
    bucket = str(connection.extra["bucket"])
    folder.mkdir(exist_ok=True)
    copies = []
    for item in client.list_objects_v2(Bucket=bucket).get("Contents", []):
        copy = folder / item["Key"].replace("/", "-")
        client.download_file(bucket, item["Key"], str(copy))
        copies.append(copy)
    return tuple(copies)


def _clear(home: Path) -> None:
    if any(server.running for server in manager.status(home)):
        raise StackError("the stack is running; stop it first: make down")
    if home.exists() and any(home.iterdir()) and not (home / "secrets.json").exists():
        raise StackError(f"{home} was not made by Hoeder and is not empty; choose another folder with --home")
    shutil.rmtree(home, ignore_errors=True)
