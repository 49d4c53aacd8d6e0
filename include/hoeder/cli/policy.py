"""`hoeder policy`: read the policy files and say what is wrong in them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hoeder.cli.common import Connections, err, out, resolver
from hoeder.policy import default_folder
from hoeder.policy.load import examine

app = typer.Typer(help="The policy files.", no_args_is_help=True)


@app.callback()
def policy() -> None:
    """The policy files."""


@app.command()
def check(
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
