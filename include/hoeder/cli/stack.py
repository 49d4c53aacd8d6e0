"""`hoeder stack` and `hoeder demo`: the servers on this machine, and the demonstration."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hoeder.cli.common import HOME, PROJECT, Json, out, today

app = typer.Typer(help="PostgreSQL, S3 and Airflow on this machine.", no_args_is_help=True)

Home = Annotated[Path, typer.Option(help="Folder that holds the servers' data.", envvar="HOEDER_HOME")]


@app.command()
def up(
    home: Home = HOME,
    persons: Annotated[int, typer.Option(min=100, help="Size of the company, if it has to be built.")] = 10_000,
    port: Annotated[int | None, typer.Option(help="Port for Airflow; default: 8080 or a free one.")] = None,
) -> None:
    """Start the servers with the demonstration company, and leave them running."""
    from hoeder.demo.site import Site
    from hoeder.stack import manager

    say = _say()
    stack = manager.up(home, Site(home, persons, today()).spec(PROJECT, say, port=port), say)
    out.print(f"\nAirflow     {stack.url}")
    for account, who in (
        ("engineer", "data engineer"), ("dpo", "DPO"), ("compliance_officer", "compliance officer"),
        ("security_manager", "data owner"), ("analyst", "analyst"),
    ):  # fmt: skip
        out.print(f"{who:<20}{account:<20}{stack.password(account)}", markup=False)
    out.print(f"Logs are under {home}/logs; fetch reports with: hoeder report fetch; stop with: make down")


@app.command()
def down(home: Home = HOME) -> None:
    """Stop the servers; their data stay."""
    from hoeder.stack import manager

    manager.down(home, _say())


@app.command()
def status(home: Home = HOME, as_json: Json = False) -> None:
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


def demo(
    home: Home = HOME,
    persons: Annotated[int, typer.Option(min=100, help="Size of the company.")] = 10_000,
) -> None:
    """Run the main job from nothing: inventory, anonymization, retention with the DPO's approval, report."""
    from hoeder.demo import main_job

    say = _say()
    main_job.run(home, PROJECT, persons=persons, today=today(), say=say, show=out.print)


def _say() -> Callable[[str], None]:
    """Progress lines with the seconds since the start."""
    from time import monotonic

    start = monotonic()
    return lambda line: out.print(f"[dim]{monotonic() - start:6.1f} s[/dim]  {escape(line)}")
