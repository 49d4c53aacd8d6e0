"""`hoeder certificate`: read the certificate of an erasure, and check it without any server."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from hoeder.cli.common import Json, out
from hoeder.errors import EvidenceError

app = typer.Typer(help="Certificates of what was erased.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="certificate.json")]


@app.command()
def show(file: File, as_json: Json = False) -> None:
    """Print what a certificate says, without checking whether it is true: that is what verify does."""
    from hoeder.retention import certificate

    found = certificate.read(_bytes(file))
    if as_json:
        print(certificate.canonical(found.body).decode())
        return
    for line in tell(found.body):
        out.print(escape(line))
    out.print("not checked; to check it: hoeder certificate verify", style="dim")


@app.command()
def verify(
    file: File,
    key: Annotated[str, typer.Option(help="The ledger's first public key, or a file that holds it.")],
    as_json: Json = False,
) -> None:
    """Check a certificate without any server. Exit code 0 only if it is whole, unaltered, signed and in the ledger."""
    from hoeder.retention import certificate

    given = Path(key)
    anchor = given.read_text(encoding="utf-8").strip() if len(key) < 250 and given.is_file() else key
    found = certificate.verify(_bytes(file), anchor)
    entry, size = certificate.position(found)
    if as_json:
        print(json.dumps({"plan": found.body["plan"]["id"], "digest": found.digest, "entry": entry, "size": size}))
        return
    for line in tell(found.body):
        out.print(escape(line))
    out.print(f"whole, unaltered, signed; ledger entry {entry} under checkpoint {size}")


def tell(body: dict[str, Any]) -> list[str]:
    """What a certificate says, a line for each rule."""
    plan, looked = body["plan"], body["verification"]
    lines = [
        f"Certificate of erasure, {body['organisation']}, issued {body['issued']}",
        f"  plan {plan['id']} of {plan['as_of']}, digest {plan['digest']}",
    ]
    if approval := body["approval"]:
        lines.append(f"  {approval['decision']} by {approval['by']} at {approval['at']}")
    for part in body["parts"]:
        until = f"last possible backup {part['last_backup']}" if part["last_backup"] else "last backup not known"
        lines.append(
            f"  {part['rule']}: {part['erased']} of {part['planned']} ({part['action']}) in {part['store']} "
            f"{part['target']}, {part['held']} kept under a hold; {until if part['erased'] else 'nothing erased'}"
        )
    lines.append(f"  looked again by {looked['by']} at {looked['at']}: {looked['remaining']} left")
    return lines


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EvidenceError(f"the certificate {file} cannot be read: {error.strerror}") from None
