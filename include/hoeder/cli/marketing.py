"""`hoeder marketing`: lists before they are used, files just before they are sent, and what went out."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import psycopg
import typer
from rich.markup import escape

from hoeder.cli.common import Connections, Json, out, resolver
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError
from hoeder.policy import load
from hoeder.stores.connection import Resolver, connect

if TYPE_CHECKING:
    from hoeder.policy import Policy
    from hoeder.pseudonym import ReferenceKey

app = typer.Typer(help="Marketing: who may be written to, called or passed on.", no_args_is_help=True)


@app.command()
def gate(
    name: Annotated[str, typer.Argument(metavar="LIST", help="A list of marketing_gate.yaml.")],
    channel: Annotated[
        str, typer.Option(help="email, telephone, sms or post; needed where the list has several.")
    ] = "",
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """Judge a list as it lies there now; exit code 0 where somebody may be approached."""
    from hoeder.evidence.ledger import Run
    from hoeder.marketing_gate import ready
    from hoeder.marketing_gate.gate import declared, gate_list

    with _governed(connections) as (policy, resolve, db, key):
        ((listed, on),) = ready.chosen(policy, resolve, db, name, channel)
        done = gate_list(policy, resolve, db, key, listed, on, run=Run(policy.digest), today=_now().date())
        into = declared(policy).allowed_into
    if as_json:
        print(json.dumps(asdict(done)))
    else:
        out.print(f"{done.allowed:,} of {done.listed:,} lines may be used")
        for reason, number in sorted(done.reasons.items(), key=lambda each: -each[1]):
            out.print(f"{number:>12,}  {reason}")
        if done.result:
            out.print(f"the file is under {into}, SHA-256 {done.result}", soft_wrap=True)
    if not done.allowed:
        raise typer.Exit(1)


@app.command()
def check(as_json: Json = False, connections: Connections = None) -> None:
    """Look whether anything went out after an opt-out, or without a ground; exit code 0 where nothing did."""
    from hoeder.evidence.ledger import Run
    from hoeder.marketing_gate import passed_on
    from hoeder.marketing_gate.check import check as look

    with _governed(connections) as (policy, resolve, db, key):
        run, today = Run(policy.digest), _now().date()
        taken = passed_on.take_over(policy, resolve, db, key, run, today=today)
        done = look(policy, resolve, db, key, run, today=today)
    if as_json:
        print(json.dumps({"opt_outs": asdict(taken), **asdict(done)}, default=str))
    else:
        out.print(
            f"{sum(each.number for each in done.findings):,} findings in {done.deliveries:,} deliveries and "
            f"{done.passed_on:,} passings-on since {done.from_day}"
        )
        for each in done.findings:
            out.print(escape(f"{each.number:>12,}  {each.kind:<24}{each.what:<20}{each.channel}"))
        out.print(f"{taken.standing:,} opt-outs stand, {taken.new:,} are new, {taken.late:,} reached us late")
    if done.findings or taken.late:
        raise typer.Exit(1)


@app.command()
def clear(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file that is about to be used.")],
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """Tell whether a file is exactly what the gate let through, and nobody in it said no since; exit code 0 if so."""
    from hoeder.marketing_gate.cleared import cleared
    from hoeder.marketing_gate.gate import declared

    with _governed(connections) as (policy, _, db, key):
        done = cleared(db, declared(policy), key, file.read_bytes(), now=_now())
    if as_json:
        print(json.dumps(asdict(done), default=str))
    else:
        until = done.until.astimezone(AMSTERDAM)
        lines = "line" if done.lines == 1 else "lines"
        out.print(
            f"{done.lines:,} {lines} of list {done.list} may be used for {done.channel} until {until:%d-%m %H:%M}"
        )


@app.command("lists")
def lists_(as_json: Json = False, connections: Connections = None) -> None:
    """The lists of policy and how each was judged last."""
    from hoeder.marketing_gate.gate import declared

    policy = load()
    with connect(resolver(connections)("governance_marketing_gate")) as db:
        rows = db.execute(
            """select distinct on (list, channel) list, channel, gated_at, listed, allowed from marketing_gating
               order by list, channel, gating desc"""
        ).fetchall()
    last = {(row[0], row[1]): row[2:] for row in rows}
    shown = []
    for each in declared(policy).lists:
        for channel in each.channels:
            at, listed, allowed = last.get((each.list, channel), (None, None, None))
            shown.append({"list": each.list, "channel": channel, "place": each.place, "to": each.to,
                          "gated_at": at and at.isoformat(), "listed": listed, "allowed": allowed})  # fmt: skip
    if as_json:
        print(json.dumps(shown))
        return
    for one in shown:
        said = f"{one['allowed']:,} of {one['listed']:,}" if one["gated_at"] else "never judged"
        out.print(f"{one['list']:<18}{one['channel']:<11}{one['place']:<28}{one['to'] or 'ourselves':<12}{said}")


@contextmanager
def _governed(
    connections: Path | None,
) -> Iterator[tuple["Policy", Resolver, psycopg.Connection[tuple[Any, ...]], "ReferenceKey"]]:
    from hoeder.pseudonym import ReferenceKey

    resolve = resolver(connections)
    secret = resolve("reference_key").password
    if not secret:
        raise HoederError("connection reference_key has no password: nobody can be recognised without it")
    with connect(resolve("governance_marketing_gate")) as db:
        yield load(), resolve, db, ReferenceKey(base64.b64decode(secret))


def _now() -> datetime:
    return datetime.now(AMSTERDAM)
