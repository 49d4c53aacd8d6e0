"""`hoeder governance`: make and update the governance database."""

import typer

from hoeder.cli.common import Connections, out, resolver

app = typer.Typer(help="The governance database.", no_args_is_help=True)


@app.callback()
def governance() -> None:
    """The governance database."""


@app.command()
def upgrade(connections: Connections = None) -> None:
    """Create or update the governance database, with connection governance_owner."""
    from hoeder.governance import migrate

    migrate.upgrade(resolver(connections)("governance_owner"))
    out.print("the governance database is up to date")
