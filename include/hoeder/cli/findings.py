"""`hoeder findings`: what the inventory found, who decided what about it, and how well it recognises."""

import json
import re
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Connections, Json, acting, out, resolver, today
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError
from hoeder.stores.connection import connect

if TYPE_CHECKING:
    from hoeder.inventory.decisions import Finding

app = typer.Typer(help="What the inventory found, and what was decided about it.", invoke_without_command=True)

_ASKED = {
    "new": "to decide",
    "came-back": "to decide again: it came back",
    "expired": "to decide again: the decision's day is over",
    "category-changed": "to decide again: another category was found",
    "rules-changed": "to decide again: rules or detector changed",
}


@app.callback()
def show(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also what was decided, and what is gone.")] = False,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """List findings that somebody has to decide about. Exit code 1 while one of them keeps the inventory red."""
    if context.invoked_subcommand is not None:
        return
    from hoeder.inventory import decisions

    with connect(resolver(connections)("governance_audit_report")) as db:
        found = decisions.findings(db)
    shown = [finding for finding in found if everything or finding.is_open]
    if as_json:
        print(json.dumps([_plain(finding) for finding in shown], ensure_ascii=False, default=str))
    else:
        table = Table(box=None, header_style="bold")
        for heading in ("id", "kind", "where", "found", "owner", "since", "state"):
            table.add_column(heading, overflow="fold")
        for finding in shown:
            table.add_row(*map(escape, _row(finding)))
        out.print(table)
        decided = sum(finding.present and not finding.is_open for finding in found)
        out.print(f"{sum(finding.is_open for finding in found)} to decide, {decided} decided")
    if any(finding.blocks and finding.is_open for finding in found):
        raise typer.Exit(1)


@app.command()
def decide(
    ids: Annotated[str, typer.Argument(help="Numbers of findings: 7, or 3,5-9.", metavar="ID")],
    decision: Annotated[str, typer.Argument(help="accept, fix or false-alarm.", metavar="DECISION")],
    because: Annotated[str, typer.Option(help="Why: a code; a wrong one is answered with the list.", metavar="CODE")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day it holds; for a false alarm: a year.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Function or login of who decides; default: this computer's login.")
    ] = None,
    connections: Connections = None,
) -> None:
    """Decide about findings. The decision is kept, and in the ledger; it is asked again when its grounds change."""
    from hoeder.inventory import decisions
    from hoeder.policy import load

    numbers = _numbers(ids)
    if decision not in list(decisions.Decision):
        raise HoederError(f"{decision} is no decision; there are: {', '.join(decisions.Decision)}")
    with connect(resolver(connections)("governance_inventory")) as db:
        decided = decisions.decide(
            db, load(), numbers, decisions.Decision(decision), because, by=acting(by),
            until=until.date() if until else None, today=today(),
        )  # fmt: skip
    for finding in decided:
        out.print(escape(f"{finding.finding}  {finding.place}: {_state(finding)}"))


@app.command()
def quality(as_json: Json = False, connections: Connections = None) -> None:
    """How well columns of this company are recognised, by category, against what people decided and declared."""
    from hoeder.inventory.quality import quality as measured

    with connect(resolver(connections)("governance_audit_report")) as db:
        found = measured(db)
    if as_json:
        print(json.dumps([asdict(q) | {"precision": q.precision, "recall": q.recall} for q in found]))
        return
    table = Table(box=None, header_style="bold")
    for heading in ("category", "right", "wrong", "missed", "precision", "recall", "decided"):
        table.add_column(heading, justify="left" if heading == "category" else "right")
    for q in found:
        table.add_row(
            q.category, str(q.right), str(q.wrong), str(q.missed), _share(q.precision), _share(q.recall), str(q.decided)
        )
    out.print(table)
    out.print("labels are decisions, and where there is none the category that policy declares")


def _row(finding: "Finding") -> tuple[str, ...]:
    found = finding.found or finding.declared or ""
    since = f"{finding.first_seen.astimezone(AMSTERDAM):%d-%m-%Y}"
    return str(finding.finding), finding.kind, finding.place, found, finding.owner, since, _state(finding)


def _state(finding: "Finding") -> str:
    if not finding.present:
        return "gone"
    if finding.asked_because is not None:
        return ("KEEPS THE INVENTORY RED; " if finding.blocks else "") + _ASKED[finding.asked_because]
    until = f" until {finding.until:%d-%m-%Y}" if finding.until else ""
    return f"{finding.decision} ({finding.reason}) by {finding.decided_by}{until}"


def _plain(finding: "Finding") -> dict[str, object]:
    return asdict(finding) | {"place": finding.place, "open": finding.is_open}


def _numbers(text: str) -> list[int]:
    """`3,5-9` as numbers. Raises HoederError."""
    numbers: list[int] = []
    for part in text.replace(" ", "").split(","):
        match = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", part)
        if match is None:
            raise HoederError(f"{text} names no findings: say 7, or 3,5-9")
        first, last = int(match[1]), int(match[2] or match[1])
        if not first <= last <= first + 10_000:
            raise HoederError(f"{part} is no range of findings")
        numbers += range(first, last + 1)
    return list(dict.fromkeys(numbers))


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
