"""`hoeder requests`: what persons asked, by when they must be answered, and what is done by hand."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from hoeder.cli.common import Connections, Json, out, resolver
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError
from hoeder.stores.connection import connect

if TYPE_CHECKING:
    from hoeder.rights.case import Case
    from hoeder.rights.work import Work

app = typer.Typer(
    help="""Requests of persons: their clocks, what was found, and what is done by hand.

    What needs a decision is asked in Airflow (Required Actions); here stands what may not be shown there. `list` says
    what is most urgent, `show CASE --message` what was asked, `matches` and `judge` whose a record is, `records` what a
    copy would say, `letters` and `package` what must be sent, `recipients` who else must be told.""",
    no_args_is_help=True,
)

Number = Annotated[str, typer.Argument(help="Number of the case, or its beginning.", metavar="CASE")]
By = Annotated[str | None, typer.Option(help="Login of who does it; default: this computer's login.")]
_WARN_DAYS = 7


@contextmanager
def working(connections: Path | None) -> "Iterator[Work]":
    """What the steps of a case work with, from the command line."""
    from hoeder.evidence.ledger import Run
    from hoeder.policy import load
    from hoeder.pseudonym import ReferenceKey
    from hoeder.rights.work import Work
    from hoeder.vault import open_vault

    find, policy = resolver(connections), load()
    key = ReferenceKey(base64.b64decode(find("reference_key").password or ""))
    with connect(find("governance_rights")) as db:
        vault = open_vault(policy, find, "rights")
        yield Work(db, policy, find, key, vault, Run(policy.digest), datetime.now(AMSTERDAM).date())


def numbered(work: "Work", text: str) -> UUID:
    """The case whose number begins like this. Raises HoederError where that is none, or more than one."""
    rows = work.db.execute(
        "select case_id from subject_case where starts_with(case_id::text, %s) limit 2", [text.strip().lower()]
    ).fetchall()
    work.db.commit()
    if len(rows) != 1:
        raise HoederError(
            f"{'no case' if not rows else 'more than one case'} begins with {text!r}; `hoeder requests list --all` has "
            "them all"
        )
    return UUID(str(rows[0][0]))


@app.command("list")
def show_all(
    everything: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """List requests with their clocks, the most urgent first. Exit code 1 while one is overdue."""
    from hoeder.rights import case

    with working(connections) as work:
        found = case.open_cases(work.db)
        if everything:
            rows = work.db.execute("select case_id from subject_case order by received_at desc").fetchall()
            known = {each.case_id for each in found}
            found += [case.read(work.db, number) for (number,) in rows if number not in known]
        today = work.today
    if as_json:
        print(json.dumps([_as_json(each, today) for each in found]))
    for each in found if not as_json else ():
        out.print(_line(each, today))
    late = sum(_left(each, today) < 0 for each in found if each.is_open)
    if not as_json:
        out.print(f"{sum(each.is_open for each in found)} open, {late} overdue")
    if late:
        raise typer.Exit(1)


def _left(found: "Case", today: date) -> int:
    """Days until an answer is due by the strict clock; a case that was answered is not late any more."""
    from hoeder.rights.case import What

    return 0 if found.latest(What.ANSWERED) else (found.due.due - today).days


def _line(found: "Case", today: date) -> str:
    """One request: how long there is, by which clocks, and what it is about."""
    left = _left(found, today)
    colour = "red" if left < 0 else "yellow" if left <= _WARN_DAYS else "green"
    days = f"[{colour}]{left:4} days[/]" if found.is_open else "   closed"
    asks = ", ".join(sorted(found.rights)) or "to be confirmed"
    return (
        f"{str(found.case_id)[:8]} {days}  due {short(found.due.due)}, at the latest {short(found.lenient.due)}  "
        f"{found.last or 'new':19} {asks}  received {short(found.received_on)} by {found.channel}"
    )


def _as_json(found: "Case", today: date) -> dict[str, Any]:
    return {
        "case": str(found.case_id), "received": found.received_on.isoformat(), "channel": found.channel,
        "rights": sorted(found.rights), "client": found.client, "stands": found.last, "open": found.is_open,
        "due": found.due.due.isoformat(), "lenient": found.lenient.due.isoformat(),
        "notice_of_extension_by": found.due.notice.isoformat(), "extended": found.extended,
        "days_left": _left(found, today) if found.is_open else None,
    }  # fmt: skip


@app.command()
def show(
    number: Number,
    message: Annotated[bool, typer.Option("--message", help="Print what the person wrote. Personal data.")] = False,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """Show one case: its clock, its steps, where the person was found, and the letters."""
    from hoeder.rights import case, letters

    with working(connections) as work:
        found = case.read(work.db, numbered(work, number))
        places = work.db.execute(
            """select store || '.' || target, count(*) filter (where certainty in ('certain', 'confirmed')),
                      count(*) filter (where certainty = 'possible') from subject_match
                where case_id = %(c)s and found_at = (select max(found_at) from subject_match where case_id = %(c)s)
                group by 1 order by 1""",
            {"c": found.case_id},
        ).fetchall()
        written = letters.written(work.db, found.case_id)
        said = _message(work, found.case_id) if message else None
    if as_json:
        steps = [{"what": s.what, "at": s.at.isoformat(), "by": s.by, "detail": dict(s.detail)} for s in found.steps]
        print(json.dumps(_as_json(found, work.today) | {
            "steps": steps, "places": [{"place": p, "records": c, "possible": q} for p, c, q in places],
            "letters": [{"name": each.name, "at": each.at.isoformat(), "sent": each.sent_how} for each in written],
        }))  # fmt: skip
        return
    out.print(f"case {found.case_id}")
    out.print(_line(found, work.today))
    told = "; it was extended" if found.extended else ""
    out.print(f"  an extension is told by {short(found.due.notice)}{told}")
    for step in found.steps:
        at = step.at.astimezone(AMSTERDAM)
        out.print(f"  {at:%d-%m-%Y %H:%M}  {step.what}  by {step.by}  {_detail(step.detail)}", markup=False)
    for place, records, possible in places:
        out.print(f"  {place}: {records} records{f', {possible} possible' if possible else ''}", markup=False)
    for letter in written:
        went = {"mail": "sent by mail", "hand": "taken out to be sent"}.get(letter.sent_how or "", "not sent yet")
        written_on = f"{letter.at.astimezone(AMSTERDAM):%d-%m-%Y}"
        out.print(f"  letter {letter.number}: {letter.name}, {written_on}, {went}", markup=False)
    if said is not None:
        out.print(f"\n{said}", markup=False)


def _detail(detail: Any) -> str:
    """A step's detail in words: `rights access, erasure; records 5`."""
    said = ((name.replace("_", " "), value) for name, value in detail.items() if value not in (None, [], {}, "", 0))
    return "; ".join(name if value is True else f"{name} {_plain(value)}" for name, value in said)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} ({_plain(each)})" for name, each in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _message(work: "Work", number: UUID) -> str:
    """What the person wrote, from where it lies."""
    from hoeder.rights import case_file, mail
    from hoeder.stores.connection import s3_client

    where = case_file.read(work.vault, number).message
    store, _, key = (where or "").partition(":")
    place = work.policy.stores.get(store)
    if place is None or place.bucket is None:
        return "this case came with no message that is kept here"
    client = s3_client(work.resolve(f"{place.connection}_rights"))
    read = mail.read(client.get_object(Bucket=place.bucket, Key=key)["Body"].read())
    return f"{read.subject}\n\n{read.text}"


def short(day: date) -> str:
    """A day as it is written here."""
    return f"{day:%d-%m-%Y}"
