"""`hoeder clock`: by when an answer or a notice is due."""

import json
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from hoeder.cli.common import Json, out
from hoeder.clock import AMSTERDAM
from hoeder.deadlines import Profile, answer_due, hours_after
from hoeder.errors import HoederError

app = typer.Typer(help="Legal clocks: when an answer or a notice is due.", no_args_is_help=True)


@app.command()
def due(
    received: Annotated[str, typer.Option(help="When the request came in: 2026-03-05, or a moment with its zone.")],
    extended: Annotated[bool, typer.Option("--extended", help="Two months longer, told within the first.")] = False,
    profile: Annotated[Profile | None, typer.Option(help="Which holidays count; default: both.")] = None,
    waited: Annotated[int, typer.Option(min=0, max=365, help="Days that the person was asked something.")] = 0,
    as_json: Json = False,
) -> None:
    """When a request of a person must be answered."""
    moment = _moment("--received", received)
    days = {each: answer_due(moment.date(), each, extended=extended) for each in ([profile] if profile else Profile)}
    lenient = {each: answer_due(moment.date(), each, extended=extended, waited=waited) for each in days}
    if as_json:
        print(
            json.dumps(
                [
                    {
                        "profile": each, "received": found.received.isoformat(), "raw": found.raw.isoformat(),
                        "due": found.due.isoformat(), "notice_of_extension_by": found.notice.isoformat(),
                        "lenient": lenient[each].due.isoformat(),
                    }
                    for each, found in days.items()
                ]
            )
        )  # fmt: skip
        return
    table = Table(box=None, header_style="bold")
    for heading in ("profile", "received", "term ends", "answer due", "tell of an extension by"):
        table.add_column(heading)
    if waited:
        table.add_column("due with suspension")
    for each, found in days.items():
        cells = [f"{day:%a %Y-%m-%d}" for day in (found.received, found.raw, found.due, found.notice)]
        table.add_row(each, *cells, *([f"{lenient[each].due:%a %Y-%m-%d}"] if waited else []))
    out.print(table)


@app.command()
def breach(
    aware: Annotated[str, typer.Option(help="When it was known: 2026-11-20T16:40, Dutch time, or with its zone.")],
    hours: Annotated[int, typer.Option(min=1, max=1000, help="The term; a contract may set a shorter one.")] = 72,
    as_json: Json = False,
) -> None:
    """When a breach must be reported."""
    found = hours_after(_moment("--aware", aware), hours)
    if as_json:
        print(json.dumps({"due": found.due.isoformat(), "latest": found.latest.isoformat()}))
        return
    out.print(f"report by        {found.due:%a %Y-%m-%d %H:%M %Z}")
    out.print(f"latest lawful    {found.latest:%a %Y-%m-%d %H:%M %Z}  (clock from the next full hour)")


def _moment(option: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise HoederError(f"{option} {text}: not a date; write 2026-03-05 or 2026-03-05T14:30") from None
    return moment.replace(tzinfo=AMSTERDAM) if moment.tzinfo is None else moment.astimezone(AMSTERDAM)
