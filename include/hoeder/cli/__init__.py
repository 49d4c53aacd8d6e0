"""`hoeder`: check policy, run the stack and the demonstration, read and verify the ledger, scan a store."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli import access_review as access_commands
from hoeder.cli import anonymize as anonymize_command
from hoeder.cli import attest as attest_commands
from hoeder.cli import certificate as certificate_commands
from hoeder.cli import clock as clock_commands
from hoeder.cli import disclosures as disclosures_commands
from hoeder.cli import findings as findings_commands
from hoeder.cli import fraud_files as fraud_files_commands
from hoeder.cli import holds as holds_commands
from hoeder.cli import incidents as incidents_commands
from hoeder.cli import ledger as ledger_commands
from hoeder.cli import map as map_command
from hoeder.cli import marketing as marketing_commands
from hoeder.cli import promises as promises_command
from hoeder.cli import questions as questions_command
from hoeder.cli import redact as redact_command
from hoeder.cli import registers as registers_commands
from hoeder.cli import report as report_commands
from hoeder.cli import requests as requests_commands
from hoeder.cli import requests_desk as requests_desk
from hoeder.cli import requests_person as requests_person
from hoeder.cli import retention as retention_commands
from hoeder.cli.common import HOME, PROJECT, Connections, Json, err, out, resolver
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError
from hoeder.errors import StoreError as StoreError
from hoeder.policy import default_folder
from hoeder.policy.load import examine

app = typer.Typer(
    help="Hoeder keeps a privacy statement true on schedule and proves it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
policy_app = typer.Typer(help="The policy files.", no_args_is_help=True)
stack_app = typer.Typer(help="PostgreSQL, S3 and Airflow on this machine.", no_args_is_help=True)
governance_app = typer.Typer(help="The governance database.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")
app.add_typer(stack_app, name="stack")
app.add_typer(ledger_commands.app, name="ledger")
app.add_typer(retention_commands.app, name="retention")
app.add_typer(requests_commands.app, name="requests")
app.add_typer(certificate_commands.app, name="certificate")
app.add_typer(report_commands.app, name="report")
app.add_typer(clock_commands.app, name="clock")
app.add_typer(governance_app, name="governance")
app.add_typer(findings_commands.app, name="findings")
app.command("redact")(redact_command.redact)
app.add_typer(holds_commands.app, name="holds")
app.add_typer(incidents_commands.app, name="incidents")
app.command("questions")(questions_command.questions)
app.command("promises")(promises_command.promises)
app.add_typer(marketing_commands.app, name="marketing")
app.add_typer(registers_commands.app, name="registers")
app.add_typer(disclosures_commands.app, name="disclosures")
app.add_typer(fraud_files_commands.app, name="fraud-files")
app.add_typer(attest_commands.app, name="attestations")
app.command("attest")(attest_commands.attest)
app.add_typer(access_commands.app, name="access")
app.command("map")(map_command.data_map)
app.command("anonymize")(anonymize_command.anonymize)

Home = Annotated[Path, typer.Option(help="Folder that holds the servers' data.", envvar="HOEDER_HOME")]


def main() -> NoReturn:
    """Entry of the command: errors that a reader can act on are printed, without a stack trace."""
    try:
        app()
    except HoederError as error:
        err.print(escape(str(error)), style="red")
        sys.exit(1)
    sys.exit(0)


@policy_app.command("check")
def policy_check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of the policy files.")] = None,
    stores: Annotated[bool, typer.Option("--stores", help="Also compare with the stores themselves.")] = False,
    connections: Connections = None,
) -> None:
    """Read every policy file and print every problem as file:line."""
    policy, problems = examine(folder or default_folder())
    for problem in problems:
        err.print(escape(str(problem)))
    if policy is None:
        err.print(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}", style="red")
        raise typer.Exit(1)
    tables = sum(len(d.tables) + len(d.prefixes) for d in policy.datasets.values())
    out.print(
        f"policy is valid: {len(policy.stores)} stores, {tables} tables and prefixes, "
        f"{len(policy.retention)} retention rules, {len(policy.releases)} releases; digest {policy.digest[:12]}"
    )
    if stores:
        from hoeder.stores.agree import differences

        found = differences(policy, resolver(connections))
        for difference in found:
            err.print(escape(difference))
        if found:
            raise typer.Exit(1)
        out.print("the stores have every table and column that rules and releases name")


@governance_app.command("upgrade")
def governance_upgrade(connections: Connections = None) -> None:
    """Create or update the governance database, with connection governance_owner."""
    from hoeder.governance import migrate

    migrate.upgrade(resolver(connections)("governance_owner"))
    out.print("the governance database is up to date")


@app.command()
def scan(
    uri: Annotated[str, typer.Argument(help="postgresql://user:password@host/db or s3://bucket/prefix")],
    as_json: Json = False,
    full: Annotated[bool, typer.Option("--full", help="Read every row and object, not a sample.")] = False,
    sample: Annotated[int, typer.Option(min=100, help="Rows of a table that are read.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Which rows: the same number brings the same ones.")] = 0,
    schema: Annotated[str | None, typer.Option(help="Only this schema; default: all but PostgreSQL's own.")] = None,
    rate: Annotated[float | None, typer.Option(help="Megabytes a second taken at most; default: no limit.")] = None,
) -> None:
    """Look through one database or bucket for personal data; names of columns and shares, never a value.

    Others on this machine can read a password in the address while the command runs: leave it out, and set PGPASSWORD
    or use ~/.pgpass. For s3:// keys and AWS_ENDPOINT_URL come from the environment, as for any AWS tool.
    """
    from dataclasses import asdict

    from hoeder import inventory
    from hoeder.stores.samples import Reading

    reading = Reading(rows=sample, seed=seed, full=full, bytes_per_second=rate * 1_000_000 if rate else None)
    findings = inventory.scan_uri(uri, reading, schema=schema)
    unread = [f for f in findings if f.evidence.startswith("not read") or (f.column == "*" and f.category is None)]
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        table = Table(box=None, header_style="bold")
        for heading in ("object", "column", "category", "confidence", "evidence"):
            table.add_column(heading, overflow="fold")
        for finding in findings:
            if finding.category:
                table.add_row(
                    finding.object, finding.column, finding.category, f"{finding.confidence:.0%}", finding.evidence
                )
        out.print(table)
        out.print(f"{len(findings) - len(unread)} columns looked at")
        for finding in unread:
            err.print(escape(f"{finding.object} {finding.column}: {finding.evidence}"), style="red")
    if unread or not findings:
        err.print("not everything could be read" if unread else "there is nothing to look at there", style="red")
        raise typer.Exit(1)


@stack_app.command("up")
def stack_up(
    home: Home = HOME,
    persons: Annotated[int, typer.Option(min=100, help="Size of the company, if it has to be built.")] = 10_000,
    port: Annotated[int | None, typer.Option(help="Port for Airflow; default: 8080 or a free one.")] = None,
) -> None:
    """Start the servers with the demonstration company, and leave them running."""
    stack = _start(home, persons, port)
    out.print(f"\nAirflow     {stack.url}")
    for account, who in (
        ("engineer", "data engineer"), ("dpo", "DPO"), ("compliance_officer", "compliance officer"),
        ("security_manager", "data owner"), ("analyst", "analyst"),
    ):  # fmt: skip
        out.print(f"{who:<20}{account:<20}{stack.password(account)}", markup=False)
    out.print(f"Logs are under {home}/logs; fetch reports with: hoeder report fetch; stop with: make down")


@stack_app.command("down")
def stack_down(home: Home = HOME) -> None:
    """Stop the servers; their data stay."""
    from hoeder.stack import manager

    manager.down(home, _say())


@stack_app.command("status")
def stack_status(home: Home = HOME, as_json: Json = False) -> None:
    """Say which servers run and answer; exit code 0 only if all do."""
    from dataclasses import asdict

    from hoeder.stack import manager

    servers = manager.status(home)
    if as_json:
        print(json.dumps([asdict(server) for server in servers]))
    else:
        for server in servers:
            state = "healthy" if server.healthy else "running, does not answer" if server.running else "not running"
            port = f"port {server.port}" if server.port else ""
            out.print(f"{server.name:<15}{state:<26}{port}")
    if not all(server.healthy for server in servers):
        raise typer.Exit(1)


@app.command()
def demo(
    home: Home = HOME,
    persons: Annotated[int, typer.Option(min=100, help="Size of the company.")] = 10_000,
) -> None:
    """Run the main job from nothing: inventory, anonymization, retention with the DPO's approval, report."""
    from hoeder.demo import main_job

    say = _say()
    main_job.run(home, PROJECT, persons=persons, today=_today(), say=say, show=out.print)


def _start(home: Path, persons: int, port: int | None) -> Any:
    from hoeder.demo.site import Site
    from hoeder.stack import manager

    say = _say()
    return manager.up(home, Site(home, persons, _today()).spec(PROJECT, say, port=port), say)


def _today() -> Any:
    return datetime.now(AMSTERDAM).date()


def _say() -> Callable[[str], None]:
    """Progress lines with the seconds since the start."""
    from time import monotonic

    start = monotonic()
    return lambda line: out.print(f"[dim]{monotonic() - start:6.1f} s[/dim]  {escape(line)}")
