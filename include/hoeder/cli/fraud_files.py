"""`hoeder fraud-files`: record a suspicion, let somebody else approve, decide, and see what is wrong."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from hoeder.cli.common import Connections, Json, acting, err, out, resolver
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError
from hoeder.policy import Policy, load
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect

if TYPE_CHECKING:
    from hoeder.evidence.ledger import Run
    from hoeder.fraud_files.case import Db

app = typer.Typer(
    help="Fraud files: opened on a reasoned suspicion that somebody else approved, and decided in time.",
    no_args_is_help=True,
)

Number = Annotated[str, typer.Argument(help="Number of the case, or its beginning.", metavar="CASE")]
By = Annotated[str | None, typer.Option(help="Login of who does it; default: this computer's login.")]


@dataclass(frozen=True)
class _Desk:
    db: "Db"
    policy: Policy
    find: Resolver
    key: ReferenceKey
    run: "Run"
    today: date


@contextmanager
def _desk(connections: Path | None) -> "Iterator[_Desk]":
    from hoeder.evidence.ledger import Run

    find, policy = resolver(connections), load()
    key = ReferenceKey(base64.b64decode(find("reference_key").password or ""))
    with connect(find("governance_fraud_files")) as db:
        yield _Desk(db, policy, find, key, Run(policy.digest), datetime.now(AMSTERDAM).date())


@app.command("open")
def propose(
    signal: Annotated[str, typer.Argument(help="Number of the signal in the company's own store.")],
    suspicion: Annotated[str, typer.Option(help="Which kind: a wrong word is answered with the list.")],
    facts: Annotated[str, typer.Option(help="File with the facts, or - for standard input.")],
    by: By = None,
    connections: Connections = None,
) -> None:
    """Record a suspicion with its facts. It is no file before somebody else approves."""
    import sys

    from hoeder.fraud_files.opening import propose as record

    try:
        text = sys.stdin.read() if facts == "-" else Path(facts).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise HoederError(f"{facts}: the facts cannot be read as text") from None
    with _desk(connections) as desk:
        case = record(
            desk.db, desk.policy, desk.find, desk.key, signal, suspicion=suspicion, facts=text,
            by=acting(by), today=desk.today,
        )  # fmt: skip
    out.print(f"{case.case_id} is proposed; somebody else approves it: hoeder fraud-files approve {case.case_id}")


@app.command()
def approve(number: Number, by: By = None, connections: Connections = None) -> None:
    """Open a file on a suspicion that somebody else recorded."""
    _judge(number, by, connections, approve=True)


@app.command()
def decline(number: Number, by: By = None, connections: Connections = None) -> None:
    """Say that there is no ground for a file; the signal stays one, and its weeks run once it is decided."""
    _judge(number, by, connections, approve=False)


@app.command()
def confirm(number: Number, by: By = None, connections: Connections = None) -> None:
    """Confirm a suspicion: it becomes a file."""
    _decide(number, "confirmed", by, connections)


@app.command()
def unfounded(number: Number, by: By = None, connections: Connections = None) -> None:
    """Find a suspicion unfounded: what was kept goes after its weeks."""
    _decide(number, "unfounded", by, connections)


@app.command()
def close(number: Number, by: By = None, connections: Connections = None) -> None:
    """Close a file that is settled: its years run."""
    _decide(number, "closed", by, connections)


@app.command("list")
def show(as_json: Json = False, connections: Connections = None) -> None:
    """Every case, without facts or names."""
    from hoeder.fraud_files.case import cases

    with connect(resolver(connections)("governance_fraud_files")) as db:
        found = cases(db)
    if as_json:
        plain = [
            {"case_id": each.case_id, "suspicion": each.suspicion, "author": each.author, "state": each.last,
             "steps": [{"what": step.what, "at": step.at, "by": step.by} for step in each.steps]}
            for each in found
        ]  # fmt: skip
        print(json.dumps(plain, default=str))
        return
    for each in found:
        since = f"{each.steps[-1].at.astimezone(AMSTERDAM):%d-%m-%Y}" if each.steps else ""
        out.print(
            f"{each.case_id}  {each.suspicion}  {each.last} since {since}, recorded by {each.author}", markup=False
        )
    out.print(f"{len(found)} cases")


@app.command()
def findings(as_json: Json = False, connections: Connections = None) -> None:
    """What the last look found. Exit code 1 while anything is wrong, or nobody looked yet."""
    from hoeder.fraud_files.check import last_check

    with connect(resolver(connections)("governance_fraud_files")) as db:
        last = last_check(db)
    if last is None:
        raise HoederError("nobody looked yet: DAG fraud_files does every day")
    day, found = last
    if as_json:
        print(json.dumps({"on": day, "findings": [asdict(each) for each in found]}, default=str))
    else:
        for each in found:
            by = f"  by {each.subject}" if each.subject else ""
            out.print(f"{each.kind:<14} {each.number:>5}  {each.place}{by}", markup=False)
        out.print(f"{len(found)} findings on {day:%d-%m-%Y}")
    if found:
        err.print("not every fraud file is as it must be", style="red")
        raise typer.Exit(1)


def _judge(number: str, by: str | None, connections: Path | None, *, approve: bool) -> None:
    from hoeder.fraud_files.opening import judge

    with _desk(connections) as desk:
        case = judge(
            desk.db, desk.policy, desk.find, desk.key, _numbered(desk.db, number), approve=approve,
            by=acting(by), run=desk.run,
        )  # fmt: skip
    out.print(f"{case.case_id} is {case.last}")


def _decide(number: str, what: str, by: str | None, connections: Path | None) -> None:
    from hoeder.fraud_files.case import What
    from hoeder.fraud_files.opening import decide

    with _desk(connections) as desk:
        case = decide(
            desk.db, desk.policy, desk.find, desk.key, _numbered(desk.db, number), What(what),
            by=acting(by), today=desk.today, run=desk.run,
        )  # fmt: skip
    out.print(f"{case.case_id} is {case.last}")


def _numbered(db: Any, text: str) -> UUID:
    """The case whose number begins like this. Raises HoederError where that is none, or more than one."""
    rows = db.execute(
        "select case_id from fraud_case where starts_with(case_id::text, %s) limit 2", [text.strip().lower()]
    ).fetchall()
    if len(rows) != 1:
        raise HoederError(
            f"{'no case' if not rows else 'more than one case'} begins with {text}; hoeder fraud-files list has all"
        )
    return UUID(str(rows[0][0]))
