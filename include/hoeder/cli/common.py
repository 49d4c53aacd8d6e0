"""What all commands share: where things are, how they are printed, how connections are found."""

import getpass
import os
import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError, StoreError
from hoeder.stores.connection import Connection, Resolver, from_file

PROJECT = Path(__file__).parents[3]
HOME = PROJECT / ".hoeder"
_LOGIN = re.compile(r"[A-Za-z0-9_.@-]{1,100}")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Connections = Annotated[
    Path | None,
    typer.Option(help="JSON file with Airflow connections; default: the running stack's.", envvar="HOEDER_CONNECTIONS"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def acting(by: str | None) -> str:
    """Who acts: the one named, or the user of this machine. Raises HoederError for what is no login."""
    who = by or getpass.getuser()
    if not _LOGIN.fullmatch(who):
        raise HoederError("--by is a login: letters, digits and . _ @ -, without spaces")
    return who


def today() -> date:
    """The day in Amsterdam."""
    return datetime.now(AMSTERDAM).date()


def resolver(connections: Path | None) -> Resolver:
    """Connections from a file, by default the one that the stack on this machine wrote."""
    resolve = from_file(connections or Path(os.environ.get("HOEDER_HOME") or HOME) / "connections.json")

    def find(connection_id: str) -> Connection:
        try:
            return resolve(connection_id)
        except StoreError as error:
            raise StoreError(f"{error}; connections made in Airflow's own pages are not in that file") from error

    return find
