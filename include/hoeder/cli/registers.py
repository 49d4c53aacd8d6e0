"""`hoeder registers`: what we do with personal data and why, held against what is really there."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Connections, Json, out, resolver, today
from hoeder.errors import HoederError
from hoeder.policy import load
from hoeder.stores.connection import connect

if TYPE_CHECKING:
    from hoeder.registers.content import Register
    from hoeder.registers.words import Language

app = typer.Typer(
    help="The registers of processing (GDPR Article 30), and what differs from the stores.", invoke_without_command=True
)

Client = Annotated[str | None, typer.Option(help="Only the register of this client (opdrachtgever).")]
InLanguage = Annotated[str, typer.Option(help="nl or en.")]


@app.callback()
def show(context: typer.Context, client: Client = None, as_json: Json = False, connections: Connections = None) -> None:
    """List processings and findings, as policy and the last inventory have them now. Exit code 1 where one is wrong."""
    if context.invoked_subcommand is not None:
        return
    from hoeder.registers import export as exports
    from hoeder.registers.refresh import compare
    from hoeder.registers.versions import latest
    from hoeder.registers.words import told

    policy = load()
    with connect(resolver(connections)("governance_audit_report")) as db:
        made, _, found = compare(db, policy, today())
        kept = {name: version.version for name, version in latest(db).items() if version.digest in _digests(made)}
    if client is not None:
        made = (exports.of(made, policy, client),)
        found = tuple(one for one in found if one.register == made[0].name)
    if as_json:
        shown = [register.plain() | {"version": kept.get(register.name)} for register in made]
        print(json.dumps({"registers": shown, "findings": [asdict(one) for one in found]}, ensure_ascii=False))
    else:
        table = Table(box=None, header_style="bold")
        for heading in ("register", "version", "processing", "basis", "terms", "categories", "findings"):
            table.add_column(heading, overflow="fold")
        for register in made:
            for line in register.lines:
                wrong = sum(one.register == register.name and one.subject == line.processing for one in found)
                basis = line.basis.article if line.basis else ("client's" if register.client else "none")
                table.add_row(
                    register.name, str(kept.get(register.name) or "new"), line.processing, basis, str(len(line.terms)),
                    str(len(line.categories)), str(wrong or ""),
                )  # fmt: skip
        out.print(table)
        wrong = sum(not one.warns_only for one in found)
        out.print(f"registers: {len(made)}, findings: {wrong}, warnings: {len(found) - wrong}")
        for one in found:
            out.print(escape(f"  {told(one, 'en')}"))
    if any(not one.warns_only for one in found):
        raise typer.Exit(1)


@app.command()
def export(
    form: Annotated[str, typer.Option("--format", help="xlsx, jsonld (W3C DPV 2.3) or fides.")],
    to: Annotated[Path, typer.Option("--out", help="File to write.")],
    client: Client = None,
    language: InLanguage = "nl",
    connections: Connections = None,
) -> None:
    """Write the registers to a file; of one client alone with --client, for handing over to that client."""
    from hoeder.registers import export as exports

    if form not in get_args(exports.Format):
        raise HoederError(f"--format {form}: there are {', '.join(get_args(exports.Format))}")
    if language not in ("nl", "en"):
        raise HoederError(f"--language {language}: there are nl, en")
    chosen: exports.Format = form  # type: ignore[assignment]  # one of these, as was just seen
    words: Language = "nl" if language == "nl" else "en"
    policy = load()
    with connect(resolver(connections)("governance_audit_report")) as db:
        exports.write(to, lambda: exports.export(db, policy, chosen, today=today(), client=client, language=words))
    out.print(str(to), markup=False)


@app.command()
def history(
    register: Annotated[str | None, typer.Argument(help="controller, or client-<name>; default: all.")] = None,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """Tell every version, and what it changed."""
    from hoeder.registers.versions import changes, versions
    from hoeder.registers.words import changed

    with connect(resolver(connections)("governance_audit_report")) as db:
        found = versions(db, register)
        known = sorted({one.register for one in versions(db)})
    if register is not None and not found:
        raise HoederError(f"there is no register {register}; there are: {', '.join(known) or 'none yet'}")
    before: dict[str, Register] = {}
    told = []
    for one in found:
        content = one.read()
        told.append(changed(changes(before.get(one.register), content), one.version, "en").split("\n"))
        before[one.register] = content
    if as_json:
        print(json.dumps([
            {"register": one.register, "version": one.version, "valid_from": one.valid_from.isoformat(),
             "digest": one.digest, "entry": one.entry, "changed": lines}
            for one, lines in zip(found, told, strict=True)
        ], ensure_ascii=False))  # fmt: skip
        return
    for one, lines in zip(found, told, strict=True):
        heading = f"{one.register} version {one.version}, valid from {one.valid_from}, ledger {one.entry}"
        out.print(escape(f"{heading} [{one.digest[:8]}]"), style="bold")
        for line in lines:
            out.print(escape(f"  {line}"))
    if not found:
        out.print("no version was written yet: DAG audit_report does, and hoeder registers refresh")


@app.command()
def refresh(connections: Connections = None) -> None:
    """Write down new versions and findings now, as DAG audit_report does on every run."""
    from hoeder.evidence.ledger import Run, register_policy
    from hoeder.registers import refresh as again

    policy = load()
    with connect(resolver(connections)("governance_registers")) as db:
        register_policy(db, policy)
        done = again(db, policy, Run(policy.digest), today=today())
    for name, version in done.versions.items():
        out.print(f"{name}: version {version}")
    out.print(f"{len(done.versions)} new versions, {len(done.findings)} findings")


def _digests(made: "tuple[Register, ...]") -> set[str]:
    return {register.digest for register in made}
