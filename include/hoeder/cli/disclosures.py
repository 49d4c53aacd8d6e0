"""`hoeder disclosures`: what authorities ask, what they got by which power, and what is done by hand."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Connections, Json, acting, out, resolver
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError
from hoeder.policy import Policy, load
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import connect

if TYPE_CHECKING:
    from hoeder.disclosures.case import Case, Db
    from hoeder.disclosures.register import Entry
    from hoeder.evidence.ledger import Run
    from hoeder.vault import Vault

app = typer.Typer(
    help="Disclosures: what authorities ask, what they got by which power, and what is done by hand.",
    no_args_is_help=True,
)

Number = Annotated[str, typer.Argument(help="Number of the case, or its beginning.", metavar="CASE")]
File = Annotated[Path, typer.Argument(help="The request as a person typed it over: YAML.")]
By = Annotated[str | None, typer.Option(help="Login of who does it; default: this computer's login.")]


@dataclass(frozen=True)
class _Desk:
    db: "Db"
    policy: Policy
    vault: "Vault"
    key: ReferenceKey
    run: "Run"
    today: date


@contextmanager
def _desk(connections: Path | None) -> "Iterator[_Desk]":
    from hoeder.evidence.ledger import Run
    from hoeder.vault import open_vault

    find, policy = resolver(connections), load()
    key = ReferenceKey(base64.b64decode(find("reference_key").password or ""))
    with connect(find("governance_disclosures")) as db:
        vault = open_vault(policy, find, "disclosures")
        yield _Desk(db, policy, vault, key, Run(policy.digest), datetime.now(AMSTERDAM).date())


@app.command()
def new(file: File, by: By = None, connections: Connections = None) -> None:
    """Take in what an authority asks, or an own report of a crime. What is wrong with it is said at once."""
    from hoeder.disclosures import intake

    request, subjects = intake.from_file(file)
    with _desk(connections) as desk:
        case = intake.take_in(
            desk.db, desk.policy, desk.vault, request, subjects, by=acting(by), run=desk.run,
            today=desk.today,
        )  # fmt: skip
    out.print(f"{case.case_id} is taken in: {len(subjects.subjects)} persons. The file can go; the vault has it.")
    out.print(f'start DAG disclosures with {{"case": "{case.case_id}"}}', markup=False)


@app.command()
def subjects(number: Number, file: File, by: By = None, connections: Connections = None) -> None:
    """Say whom a case is about that came in by Airflow's form."""
    from hoeder.disclosures import intake

    request, named = intake.from_file(file)
    with _desk(connections) as desk:
        case_id = _numbered(desk.db, number)
        intake.add_subjects(desk.db, desk.policy, desk.vault, case_id, request, named, by=acting(by), today=desk.today)
    out.print(f"{case_id} is about {len(named.subjects)} persons")


@app.command("list")
def show_all(as_json: Json = False, connections: Connections = None) -> None:
    """The register. Exit code 1 while a check or a receipt is late."""
    from hoeder.disclosures.register import entries

    policy = load()
    with connect(resolver(connections)("governance_disclosures")) as db:
        found = entries(db, policy, datetime.now(AMSTERDAM))
    if as_json:
        print(json.dumps([_plain(each) for each in found], default=str))
    else:
        table = Table(box=None, header_style="bold")
        for heading in (
            "case",
            "authority",
            "power",
            "received",
            "persons",
            "fields given",
            "records",
            "secret",
            "state",
        ):
            table.add_column(heading, overflow="fold")
        for each in found:
            table.add_row(*map(escape, _row(each)))
        out.print(table)
        out.print(f"{len(found)} cases, {sum(each.late is not None for each in found)} late")
    if any(each.late for each in found):
        raise typer.Exit(1)


@app.command()
def show(
    number: Number,
    persons: Annotated[bool, typer.Option("--persons", help="Also who asks, and about whom.")] = False,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """One case: its steps, what is given and what is withheld. With --persons what the vault knows."""
    from hoeder.disclosures.case import What, read
    from hoeder.disclosures.case_file import read_file
    from hoeder.disclosures.export import prepared_of

    with _desk(connections) as desk:
        case = read(desk.db, _numbered(desk.db, number))
        made = prepared_of(desk.db, case.case_id) if case.latest(What.PREPARED) else None
        file = read_file(desk.vault, case.case_id) if persons and case.latest(What.SUBJECTS) else None
    if as_json:
        lines = [asdict(line) for line in made.lines] if made else []
        known = file.model_dump(mode="json", exclude={"official": {"certificate"}}) if file else None
        print(json.dumps({"case": _case(case), "lines": lines, "persons": known}, default=str, ensure_ascii=False))
        return
    for step in case.steps:
        out.print(f"{step.at.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}  {step.what:<12} {step.by}", markup=False)
    for line in made.lines if made else ():
        out.print(f"{line.withheld or 'given':<13} {line.place}  {line.field}  {line.records}", markup=False)
    if file:
        official = file.official
        out.print(f"asked by {official.name}, {official.unit}, {official.reached_at}", markup=False)
        for one in file.subjects:
            told = [*one.names, *one.identities.values(), *([str(one.born_on)] if one.born_on else [])]
            out.print(f"about {', '.join(told)}", markup=False)


@app.command()
def fetch(
    number: Number,
    to: Annotated[Path, typer.Option("--out", help="Where the closed file goes; only the recipient can open it.")],
    connections: Connections = None,
) -> None:
    """Get the file for the recipient. Refused before two persons agreed to it."""
    from hoeder.disclosures import receipt

    with _desk(connections) as desk:
        case_id = _numbered(desk.db, number)
        sealed = receipt.fetch(desk.db, desk.vault, case_id)
    try:
        with to.open("xb") as target:
            target.write(sealed)
    except OSError as error:
        raise HoederError(f"{to} cannot be written: {error.strerror}") from None
    digest = hashlib.sha256(sealed).hexdigest()
    out.print(f"{to}: {len(sealed):,} bytes for the recipient alone; SHA-256 {digest}", markup=False)
    out.print(f"once the recipient has it: hoeder disclosures received {case_id} SHA256", markup=False)


@app.command()
def received(
    number: Number,
    digest: Annotated[str, typer.Argument(help="SHA-256 of the file, as the recipient names it.", metavar="SHA256")],
    by: By = None,
    connections: Connections = None,
) -> None:
    """Record that the recipient has the file, and erase our copy."""
    from hoeder.disclosures import receipt
    from hoeder.disclosures.case import What, read

    with _desk(connections) as desk:
        case_id = _numbered(desk.db, number)
        if read(desk.db, case_id).last is What.RELEASED:
            receipt.received(desk.db, desk.policy, case_id, digest, by=acting(by), run=desk.run)
        case = receipt.erase(desk.db, desk.policy, desk.key, desk.vault, case_id, run=desk.run, today=desk.today)
    if case.last is not What.CLOSED:
        raise HoederError(f"case {case_id} stands at {case.last}: there is nothing to confirm")
    out.print(f"{case_id}: the recipient has it, our copy is erased, the case is closed")


def _numbered(db: "Db", text: str) -> UUID:
    """The case whose number begins like this. Raises HoederError where that is none, or more than one."""
    rows = db.execute(
        "select case_id from disclosure where starts_with(case_id::text, %s) limit 2", [text.strip().lower()]
    ).fetchall()
    if len(rows) != 1:
        raise HoederError(
            f"{'no case' if not rows else 'more than one case'} begins with {text}; hoeder disclosures list has all"
        )
    return UUID(str(rows[0][0]))


def _row(each: "Entry") -> tuple[str, ...]:
    case = each.case
    state = (
        str(case.last) + (f", {each.late} is LATE" if each.late else "") + (f": {each.ground}" if each.ground else "")
    )
    return (
        str(case.case_id)[:8], case.authority, case.power, f"{case.received_on:%d-%m-%Y}", str(each.persons),
        f"{each.given} of {each.asked}" if each.asked else "–", str(each.records),
        f"{case.secret_until:%d-%m-%Y}" if case.secret_until else "–", state,
    )  # fmt: skip


def _plain(each: "Entry") -> dict[str, Any]:
    return _case(each.case) | {
        "persons": each.persons, "fields_asked": each.asked, "fields_given": each.given, "records": each.records,
        "late": each.late, "ground": each.ground,
    }  # fmt: skip


def _case(case: "Case") -> dict[str, Any]:
    return asdict(case) | {"state": case.last, "steps": [{"what": s.what, "at": s.at, "by": s.by} for s in case.steps]}
