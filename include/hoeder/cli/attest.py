"""`hoeder attest` and `hoeder attestations`: what only a person can state, with the digest of a document."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Connections, Json, acting, out, resolver, today
from hoeder.policy import load
from hoeder.stores.connection import connect

app = typer.Typer(help="What people state: who, when, which document, until when.", invoke_without_command=True)

By = Annotated[str | None, typer.Option(help="Officer, by key or login; default: this computer's login.")]


def attest(
    kind: Annotated[str, typer.Argument(help="A kind of include/policy/attestations.yaml.", metavar="KIND")],
    document: Annotated[Path, typer.Option(help="What you state it on; only its SHA-256 is kept.")],
    by: By = None,
    scope: Annotated[list[str] | None, typer.Option(help="What it covers. Repeat for more.")] = None,
    valid_until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; default: as long as policy allows.")
    ] = None,
    connections: Connections = None,
) -> None:
    """State something that no system can tell, on a document. Withdrawing it later is an entry of its own."""
    from hoeder.evidence.ledger import Run
    from hoeder.registers import attestations

    policy = load()
    read = attestations.read_document(document)
    with connect(resolver(connections)("governance_registers")) as db:
        given = attestations.attest(
            db, policy, Run(policy.digest), kind, read, by=acting(by), today=today(), scope=scope or [],
            valid_until=valid_until.date() if valid_until else None,
        )  # fmt: skip
    covering = f" for {', '.join(given.scope)}" if given.scope else ""
    out.print(escape(f"{given.attestation}  {kind}{covering}, valid until {given.valid_until}, ledger {given.entry}"))
    out.print(f"document SHA-256 {given.document}; keep the document itself")


@app.callback()
def show(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also what ended or was withdrawn.")] = False,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """List attestations by kind. Exit code 1 where one is missing, has ended or does not cover what it has to."""
    if context.invoked_subcommand is not None:
        return
    from hoeder.registers import attestations
    from hoeder.registers.alarms import alarms as all_alarms
    from hoeder.registers.content import registers
    from hoeder.registers.words import told

    policy, day = load(), today()
    with connect(resolver(connections)("governance_audit_report")) as db:
        given = attestations.attestations(db)
    alarms = list(all_alarms(policy, registers(policy, day), given, day))
    shown = [one for one in given if everything or one.holds(day)]
    if as_json:
        print(json.dumps(
            {"attestations": [asdict(one) for one in shown], "findings": [asdict(one) for one in alarms]}, default=str
        ))  # fmt: skip
    else:
        table = Table(box=None, header_style="bold")
        for heading in ("id", "kind", "by", "since", "until", "scope", "document", "state"):
            table.add_column(heading, overflow="fold")
        for one in shown:
            state = f"withdrawn ({one.reason})" if one.withdrawn_at else "holds" if one.holds(day) else "ended"
            table.add_row(*map(escape, (
                str(one.attestation), one.kind, one.attested_by, str(one.valid_from), str(one.valid_until),
                ", ".join(one.scope), one.document[:12], state,
            )))  # fmt: skip
        out.print(table)
        for alarm in alarms:
            out.print(escape(told(alarm, "en")))
        out.print(f"kinds in policy: {len(policy.attestations)}, alarms: {len(alarms)}")
    if any(not alarm.warns_only for alarm in alarms):
        raise typer.Exit(1)


@app.command()
def withdraw(
    attestation: Annotated[UUID, typer.Argument(help="Its id, as hoeder attestations lists it.", metavar="ID")],
    because: Annotated[str, typer.Option(help="mistake, replaced or revoked.")],
    by: By = None,
    connections: Connections = None,
) -> None:
    """Withdraw an attestation. It stays where it is, and says that it was withdrawn."""
    from hoeder.evidence.ledger import Run
    from hoeder.registers import attestations

    policy = load()
    with connect(resolver(connections)("governance_registers")) as db:
        gone = attestations.withdraw(db, policy, Run(policy.digest), attestation, because, by=acting(by))
    out.print(escape(f"{gone.kind}: withdrawn by {gone.withdrawn_by} ({gone.reason})"))
