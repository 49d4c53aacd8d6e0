"""`hoeder report`: make the DPO's report, fetch those that were made, and check one that somebody hands over."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hoeder.cli.common import HOME, Connections, Json, err, out, resolver
from hoeder.clock import AMSTERDAM
from hoeder.stores.connection import connect

app = typer.Typer(help="The DPO's report.", no_args_is_help=True)

Policy = Annotated[Path | None, typer.Option("--policy", help="Folder of the policy files; default: the project's.")]


@app.command()
def build(
    period: Annotated[
        str, typer.Option(help="2026-10, 2026-Q3, 2026 or 2026-10-05..2026-10-18; default: this month")
    ] = "",
    language: Annotated[str, typer.Option(help="nl or en")] = "nl",
    connections: Connections = None,
) -> None:
    """Make the report of a period, sign it and store it under object lock; the files' addresses."""
    from hoeder.evidence.ledger import Run
    from hoeder.policy import load
    from hoeder.report import publish
    from hoeder.report.period import Kind, Period

    now = datetime.now(AMSTERDAM)
    chosen = Period.parse(period) if period else Period.holding(now.date(), Kind.MONTH)
    policy, find = load(), resolver(connections)
    with connect(find("governance_audit_report")) as db:
        made = publish.run(db, policy, find, run=Run(policy.digest), period=chosen, now=now, language=language)
    for address in made.addresses.values():
        out.print(address, markup=False)


@app.command()
def fetch(
    folder: Annotated[Path, typer.Argument(help="Where to; default: .hoeder/reports")] = HOME / "reports",
    connections: Connections = None,
) -> None:
    """Copy the reports and certificates out of their bucket."""
    from hoeder.report.publish import fetch as copy

    for path in copy(resolver(connections)("reports_audit_report"), folder):
        out.print(str(path), markup=False)


@app.command()
def verify(
    report: Annotated[Path, typer.Argument(help="report.json; report.sig and the pages are looked for beside it.")],
    key: Annotated[str | None, typer.Option(help="The ledger's first public key; default: the connection's.")] = None,
    policy: Policy = None,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """Check the signature, and count every figure again from ledger and registers. Exit code 0 only if all agree.

    Without --key the key is that of the people who run the ledger: give the one that you were handed at its beginning.
    """
    from hoeder.errors import ReportError
    from hoeder.policy import load
    from hoeder.report.publish import keys
    from hoeder.report.verify import verify as check

    stem = report.name.removesuffix("report.json")
    note = report.with_name(f"{stem}report.sig")
    for file in (report, note):
        if not file.is_file():
            raise ReportError(f"{file} is not there: give report.json, with report.sig beside it")
    pages = {
        name: report.with_name(f"{stem}{name}").read_bytes()
        for name in ("report.html", "report.pdf")
        if report.with_name(f"{stem}{name}").is_file()
    }
    find = resolver(connections)
    with connect(find("governance_audit_report")) as db:
        trusted = keys(db, find, key)
        found = check(db, load(policy) if policy else load(), report.read_bytes(), note.read_bytes(), trusted, pages)
    if as_json:
        print(json.dumps({
            "period": found.period, "at": found.at.isoformat(), "figures": found.figures,
            "signature_only": found.signature_only,
            "differences": [{"where": d.where, "told": d.told, "counted": d.counted} for d in found.differences],
        }))  # fmt: skip
    else:
        for difference in found.differences:
            err.print(
                escape(f"{difference.where}: the report says {difference.told}, counted again {difference.counted}"),
                style="red",
            )
        out.print(
            f"report of {found.period}, as at {found.at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}: signed; "
            f"{found.figures:,} values counted again, {len(found.differences)} differ; "
            f"{found.signature_only:,} about decisions, which are only kept as they are now, rest on the signature"
        )
    if found.differences:
        raise typer.Exit(1)
