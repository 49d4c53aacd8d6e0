"""`hoeder holds`: keep records beyond their term for a claim or investigation, and say when that ends."""

import base64
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Connections, Json, acting, out, resolver, today
from hoeder.clock import add_months
from hoeder.errors import HoederError
from hoeder.policy import load
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import connect

if TYPE_CHECKING:
    from hoeder.governance.holds import Placed
    from hoeder.governance.protection import Scope

app = typer.Typer(help="Legal holds: what is kept beyond its term, and until when.", no_args_is_help=True)

Matter = Annotated[str, typer.Argument(help="A short slug such as claim-2026-3; never a name.", metavar="MATTER")]
By = Annotated[str | None, typer.Option(help="Function or login of who decides; default: this computer's login.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Next review; default: three months on.")]


@app.command("list")
def show(
    everything: Annotated[bool, typer.Option("--all", help="Also holds that were lifted.")] = False,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """List holds, the next review first. Exit code 1 while a review is overdue."""
    from hoeder.governance import holds

    with connect(resolver(connections)("governance_audit_report")) as db:
        found = holds.placed(db, lifted=everything)
    if as_json:
        print(json.dumps([asdict(hold) for hold in found], default=str))
    else:
        table = Table(box=None, header_style="bold")
        for heading in ("matter", "ground", "since", "review by", "persons", "where", "kept now", "due since", "state"):
            table.add_column(heading, overflow="fold")
        for hold in found:
            table.add_row(*map(escape, _row(hold)))
        out.print(table)
        out.print(f"{sum(hold.lifted_on is None for hold in found)} holds stand")
    if any(hold.lifted_on is None and hold.review_by < today() for hold in found):
        raise typer.Exit(1)


@app.command()
def place(
    matter: Matter,
    ground: Annotated[str, typer.Option(help="Why: a word; a wrong one is answered with the list.")],
    person: Annotated[
        list[str] | None, typer.Option(help="kind=value, such as employee=17; kind=- asks for it. Repeat for more.")
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option(help="store, store.table or store:prefix/; default: everywhere. Repeat for more."),
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Only records from this day on.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Only records up to this day.")
    ] = None,
    review_by: Day = None,
    aliases: Annotated[bool, typer.Option(help="Look in the stores for the person's other identities.")] = True,
    by: By = None,
    connections: Connections = None,
) -> None:
    """Keep records from now on. Somebody else confirms it; until then it holds all the same."""
    from hoeder.governance import aliases as other_names
    from hoeder.governance.holds import REVIEW_MONTHS, Ground
    from hoeder.retention import holding

    if ground not in list(Ground):
        raise HoederError(f"{ground} is no ground; there are: {', '.join(Ground)}")
    policy, find, day = load(), resolver(connections), today()
    persons = [_person(text) for text in person or ()]
    known = other_names.of(policy, find, persons) if aliases and persons else frozenset(persons)
    key = ReferenceKey(base64.b64decode(find("reference_key").password or ""))
    with connect(find("governance_retention")) as db:
        holding.place(
            db, key, policy, matter=matter, ground=Ground(ground), by=acting(by), on=day,
            review_by=review_by.date() if review_by else add_months(day, REVIEW_MONTHS),
            persons=sorted(known), scopes=_scopes(on or (), first, last),
        )  # fmt: skip
    kinds = ", ".join(f"{sum(kind == k for k, _ in known)} {kind}" for kind in sorted({k for k, _ in known}))
    out.print(escape(f"{matter} holds from now on: {f'identities {kinds}' if kinds else 'everybody'}"))
    out.print(f"somebody else confirms it: hoeder holds confirm {matter}", markup=False)


@app.command()
def confirm(matter: Matter, by: By = None, connections: Connections = None) -> None:
    """Agree with a hold that somebody else placed."""
    from hoeder.retention import holding

    with connect(resolver(connections)("governance_retention")) as db:
        holding.confirm(db, load(), matter, by=acting(by))
    out.print(f"{matter} is confirmed", markup=False)


@app.command()
def review(matter: Matter, until: Day = None, by: By = None, connections: Connections = None) -> None:
    """Say that a hold is still needed, until the next review, at most three months on."""
    from hoeder.governance.holds import REVIEW_MONTHS
    from hoeder.retention import holding

    day = until.date() if until else add_months(today(), REVIEW_MONTHS)
    with connect(resolver(connections)("governance_retention")) as db:
        holding.review(db, load(), matter, by=acting(by), on=today(), until=day)
    out.print(f"{matter} stands; the next review is by {day:%d-%m-%Y}", markup=False)


@app.command()
def lift(matter: Matter, by: By = None, connections: Connections = None) -> None:
    """Ask for the end of a hold; it ends when a second person gives the same command."""
    from hoeder.retention import holding

    with connect(resolver(connections)("governance_retention")) as db:
        ended = holding.lift(db, load(), matter, by=acting(by), on=today())
    if ended:
        out.print(f"{matter} is lifted; what is overdue is in the next plan", markup=False)
    else:
        out.print(f"{matter} holds on until somebody else says so too: hoeder holds lift {matter}", markup=False)


def _person(text: str) -> tuple[str, str]:
    kind, equals, value = text.partition("=")
    if not equals:
        raise HoederError("say --person kind=value, such as --person employee=17")
    return kind, typer.prompt(f"{kind}", hide_input=True) if value == "-" else value


def _scopes(places: Any, first: datetime | None, last: datetime | None) -> "tuple[Scope, ...]":
    from hoeder.governance.protection import Scope

    named = tuple(dict.fromkeys(places)) or (("*",) if first or last else ())
    return tuple(Scope(place, first.date() if first else None, last.date() if last else None) for place in named)


def _row(hold: "Placed") -> tuple[str, ...]:
    where = ", ".join(
        scope.applies_to + (f" {scope.first or '…'} to {scope.last or '…'}" if scope.first or scope.last else "")
        for scope in hold.scopes
    )
    if hold.lifted_on:
        state = f"lifted {_short(hold.lifted_on)}"
    elif hold.review_by < today():
        state = "REVIEW OVERDUE"
    elif hold.lift_asked_by:
        state = f"end asked by {hold.lift_asked_by}"
    else:
        state = f"confirmed by {hold.confirmed_by}" if hold.confirmed_by else "to be confirmed"
    return (
        hold.matter, hold.ground, _short(hold.placed_on), _short(hold.review_by), str(hold.persons or "everybody"),
        where or "everywhere", str(hold.records), _short(hold.due_since) if hold.due_since else "–", state,
    )  # fmt: skip


def _short(day: date) -> str:
    return f"{day:%d-%m-%Y}"
