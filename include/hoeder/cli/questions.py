"""`hoeder questions`: whether questions and complaints are answered in time."""

import json
from typing import Annotated

import typer
from rich.table import Table

from hoeder.cli.common import Connections, Json, out, resolver
from hoeder.stores.connection import connect

COLUMNS = ("source", "kind", "since", "asked", "answered", "late", "late_open", "without_day", "oldest_days")


def questions(
    as_json: Json = False,
    everything: Annotated[bool, typer.Option("--all", help="Every look, not the last one alone.")] = False,
    connections: Connections = None,
) -> None:
    """Show how questions and complaints stood at the last look, by source. Exit code 1 while one waits too long."""
    with connect(resolver(connections)("governance_audit_report")) as db:
        rows = db.execute(
            """select source, kind, since, asked, answered, late, late_open, without_day, oldest_days
                 from question_count q
                where %s or entry = (select max(entry) from question_count l where l.source = q.source)
                order by source, entry""",
            [everything],
        ).fetchall()
    if as_json:
        print(json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows], default=str))
    else:
        table = Table(box=None, header_style="bold")
        for heading in (
            "source",
            "kind",
            "since",
            "asked",
            "answered",
            "late",
            "open too long",
            "no day",
            "oldest open",
        ):
            table.add_column(heading)
        for row in rows:
            table.add_row(*("–" if value is None else str(value) for value in row))
        out.print(table)
        out.print(
            "nobody looked yet: run DAG questions" if not rows else f"{sum(row[6] for row in rows)} wait too long"
        )
    if not rows or any(row[6] for row in rows):
        raise typer.Exit(1)
