"""`hoeder ledger`: read the ledger as a story, hand it over, and check what somebody handed over."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape

from hoeder.cli.common import Connections, Json, err, out, resolver
from hoeder.stores.connection import connect

app = typer.Typer(help="The ledger: what was intended and what came of it.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="Folder of an exported ledger.")]


@app.command()
def show(
    dag: Annotated[str | None, typer.Option(help="Only what this DAG did.")] = None,
    case: Annotated[UUID | None, typer.Option("--case", "--plan", help="Only this case or plan.")] = None,
    last: Annotated[int, typer.Option(min=1, help="How many entries, counted from the end.")] = 200,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """Tell what happened, oldest first: each run, and in it what was intended and what came of it."""
    from hoeder.evidence import ledger, seal, story

    with connect(resolver(connections)("governance_audit_report")) as db:
        entries = ledger.entries(db, dag_id=dag, case_id=case, last=last)
        unfinished = ledger.unfinished(db)
    if as_json:
        for entry in entries:
            print(seal.leaf(entry).decode())
        return
    for line in story.tell(entries):
        out.print(escape(line), style="bold" if not line.startswith(" ") else None)
    out.print(f"{len(unfinished)} intended and not finished" if unfinished else "every intent has its outcome")


@app.command()
def export(
    folder: Folder,
    connections: Connections = None,
) -> None:
    """Write everything that is sealed into a folder: entries, checkpoints, tiles and keys, for checking elsewhere."""
    from hoeder.evidence import sealing

    find = resolver(connections)
    with connect(find("governance_audit_report")) as db:
        handed = sealing.hand_over(db, find, folder)
    out.print(f"{handed.entries:,} entries up to checkpoint {handed.size} in {folder}")
    if handed.unsealed:
        out.print(f"{handed.unsealed} entries came after it and are not in it; the next evidence_seal signs them")
    out.print("Check it, with the key that you were given when the ledger began and not with one from this folder:")
    out.print(f"  hoeder ledger verify {folder} --key '<key>'", markup=False)


@app.command()
def verify(
    folder: Folder,
    key: Annotated[str, typer.Option(help="The ledger's first public key, or a file that holds it.")],
    as_json: Json = False,
) -> None:
    """Check an exported ledger without any server. Exit code 0 only if every entry is there, unaltered and signed."""
    from hoeder.evidence.verify import verify as check

    given = Path(key)
    anchor = given.read_text(encoding="utf-8").strip() if len(key) < 250 and given.is_file() else key
    verified = check(folder / "ledger.jsonl", folder / "evidence", anchor)
    if as_json:
        print(
            json.dumps({"entries": verified.entries, "checkpoints": verified.checkpoints, "root": verified.root.hex()})
        )
        return
    out.print(f"{verified.entries:,} entries, {verified.checkpoints} checkpoints: complete, unaltered, signed")


@app.command("key")
def public_key(connections: Connections = None) -> None:
    """Print the ledger's first public key. Keep it where the people who run the ledger cannot change it."""
    from hoeder.evidence import seal, sealing

    find = resolver(connections)
    with connect(find("governance_audit_report")) as db:
        _, anchor = sealing.signing_key(find("ledger_key"), seal.origin(db))
    out.print(anchor.vkey, markup=False)


@app.command("rotate-key")
def rotate_key(connections: Connections = None) -> None:
    """Make a new signing key that follows the present one; prints what connection ledger_key must say from then on."""
    from hoeder.evidence import sealing
    from hoeder.policy import load

    find = resolver(connections)
    with connect(find("governance_audit_report")) as db:
        password, anchor = sealing.rotate_key(db, load(), find, datetime.now(UTC))
    out.print("The new key follows the old one. Change connection ledger_key now; the old key no longer seals:")
    out.print(f"  password  {password}", markup=False)
    out.print(f'  extra     {{"anchor": "{anchor}"}}', markup=False)


@app.command("age-out")
def age_out(connections: Connections = None) -> None:
    """Remove entries older than policy keeps them, as far as a signed checkpoint commits to them."""
    from hoeder.clock import AMSTERDAM, add_months
    from hoeder.policy import load

    years = load().organisation.ledger_kept_years
    before = add_months(datetime.now(AMSTERDAM).date(), -12 * years)
    with connect(resolver(connections)("governance_owner")) as db:
        row = db.execute(
            "select ledger_age_out(%s)", [datetime.combine(before, datetime.min.time(), AMSTERDAM)]
        ).fetchone()
    upto = row[0] if row else 0
    if upto:
        out.print(f"entries up to {upto} are gone; checkpoints and tiles still prove what they were")
    else:
        err.print(f"no entry is older than {years} years and sealed")
