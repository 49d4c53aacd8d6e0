"""`hoeder incidents`: the register with its clocks, and what somebody does by hand about an incident."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Connections, Json, out, resolver
from hoeder.clock import AMSTERDAM
from hoeder.stores.connection import connect

if TYPE_CHECKING:
    from hoeder.incidents.case import Incident
    from hoeder.incidents.clocks import Clock
    from hoeder.incidents.steps import Work
    from hoeder.vault import Vault

app = typer.Typer(help="Incidents: their clocks, what is known, and what is done by hand.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Number in the register.", metavar="NUMBER")]


@contextmanager
def working(connections: Path | None) -> "Iterator[Work]":
    """What is done with incidents, from the command line."""
    from hoeder.evidence.ledger import Run
    from hoeder.incidents.steps import Work
    from hoeder.policy import load

    policy = load()
    with connect(resolver(connections)("governance_incidents")) as db:
        yield Work(db, policy, Run(policy.digest))


def vault(work: "Work", connections: Path | None) -> "Vault":
    from hoeder.vault import open_vault

    return open_vault(work.policy, resolver(connections), "incidents")


@app.command("list")
def show_all(
    everything: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """List incidents with the clock that ends first. Exit code 1 while one is overdue."""
    from hoeder.incidents import case

    with working(connections) as work:
        found = [each for each in case.all_of_them(work.db) if everything or each.is_open]
        now, policy = datetime.now(AMSTERDAM), work.policy
        clocks = {each.number: [c for c in each.clocks(policy) if c.running and each.is_open] for each in found}
    if as_json:
        print(json.dumps([_plain(each, clocks[each.number], now) for each in found]))
    else:
        table = Table(box=None, header_style="bold")
        for heading in ("number", "stands", "what", "found by", "discovered", "next clock", "due", "left", "to do"):
            table.add_column(heading, overflow="fold")
        for each in found:
            table.add_row(*map(escape, _row(each, clocks[each.number], now)))
        out.print(table)
        out.print(f"{sum(each.is_open for each in found)} open")
    if any(clock.late(now) for running in clocks.values() for clock in running):
        raise typer.Exit(1)


@app.command()
def show(
    number: Number,
    with_texts: Annotated[bool, typer.Option("--texts", help="Also what people wrote; it may name persons.")] = False,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """Show everything that is known of an incident, its steps and its clocks."""
    from hoeder.incidents import case, texts

    with working(connections) as work:
        found = case.by_number(work.db, number)
        clocks, now = found.clocks(work.policy), datetime.now(AMSTERDAM)
        written = texts.read(vault(work, connections), found.incident_id) if with_texts else None
    if as_json:
        plain = _plain(found, [clock for clock in clocks if clock.running], now) | {
            "steps": [
                {"what": step.what, "at": step.at.isoformat(), "by": step.by, "detail": dict(step.detail),
                 "entry": step.entry}
                for step in found.steps
            ],
            **({"texts": written.model_dump(exclude_none=True)} if written else {}),
        }  # fmt: skip
        print(json.dumps(plain))
        return
    out.print(f"incident {found.number} is {found.phase}; case {found.incident_id}")
    for name, value in found.facts.model_dump(mode="json", exclude_none=True).items():
        if value not in ((), [], None):
            out.print(escape(f"  {name:<22}{', '.join(map(str, value)) if isinstance(value, list) else value}"))
    for clock in clocks:
        state = f"done {_short(clock.done_at)}" if clock.done_at else f"{clock.hours_left(now)} hours left"
        red = " LATE" if clock.late(now) else ""
        out.print(escape(f"  {clock.what} {clock.client or '':<14} by {_short(clock.due)}: {state}{red}"))
    for step in found.steps:
        said = {key: value for key, value in step.detail.items() if key != "facts"}
        out.print(escape(f"  {_short(step.at)}  {step.what:<14} {step.by:<12} {said or ''}  (ledger {step.entry})"))
    if written:
        for name, value in written.model_dump(exclude_none=True).items():
            out.print(escape(f"  {name}: {value}"))
    out.print(f"still to be done: {', '.join(found.outstanding) or 'nothing'}", markup=False)


def _plain(found: "Incident", running: "list[Clock]", now: datetime) -> dict[str, Any]:
    return {
        "number": found.number,
        "case": str(found.incident_id),
        "phase": found.phase,
        "source": found.source,
        "discovered_at": found.discovered_at.isoformat(),
        "facts": found.facts.model_dump(mode="json", exclude_none=True),
        "to_do": list(found.outstanding),
        "clocks": [
            {"what": clock.what, "client": clock.client, "due": clock.due.isoformat(),
             "latest": clock.latest.isoformat(), "late": clock.late(now)}
            for clock in running
        ],
    }  # fmt: skip


def _row(found: "Incident", running: "list[Clock]", now: datetime) -> tuple[str, ...]:
    first = running[0] if running else None
    left = "" if first is None else "OVERDUE" if first.late(now) else f"{first.hours_left(now)} h"
    return (
        str(found.number), found.phase, found.facts.kind, found.source, _short(found.discovered_at),
        f"{first.what} {first.client or ''}".strip() if first else "–", _short(first.due) if first else "–", left,
        f"{found.outstanding[0]}{f' (+{more})' if (more := len(found.outstanding) - 1) else ''}"
        if found.outstanding else "–",
    )  # fmt: skip


def _short(moment: datetime) -> str:
    return f"{moment.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}"
