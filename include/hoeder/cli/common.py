"""What all commands share: where things are, how they are printed, how connections are found."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hoeder.stores.connection import Resolver, from_file

PROJECT = Path(__file__).parents[3]
HOME = PROJECT / ".hoeder"

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Connections = Annotated[
    Path | None,
    typer.Option(help="JSON file with Airflow connections; default: the running stack's.", envvar="HOEDER_CONNECTIONS"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def resolver(connections: Path | None) -> Resolver:
    """Connections from a file, by default the one that the stack on this machine wrote."""
    return from_file(connections or HOME / "connections.json")
