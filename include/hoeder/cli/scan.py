"""`hoeder scan`: look through one database or bucket, without any policy."""

import json
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from hoeder.cli.common import Json, err, out


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
