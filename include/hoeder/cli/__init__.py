"""`hoeder`: every command, a module each."""

import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import typer
from rich.markup import escape

from hoeder.cli import (
    access_review,
    anonymize,
    attest,
    certificate,
    clock,
    disclosures,
    findings,
    fraud_files,
    governance,
    holds,
    incidents,
    ledger,
    map,
    marketing,
    policy,
    promises,
    questions,
    redact,
    registers,
    report,
    requests,
    retention,
    scan,
    stack,
)
from hoeder.cli import incidents_desk as incidents_desk
from hoeder.cli import requests_desk as requests_desk
from hoeder.cli import requests_person as requests_person
from hoeder.cli.common import err
from hoeder.errors import HoederError

SECTIONS: Mapping[str, Mapping[str, typer.Typer | Callable[..., Any]]] = {
    "Without any policy": {"scan": scan.scan, "redact": redact.redact, "anonymize": anonymize.anonymize},
    "From day to day": {
        "findings": findings.app,
        "requests": requests.app,
        "incidents": incidents.app,
        "questions": questions.questions,
        "disclosures": disclosures.app,
        "fraud-files": fraud_files.app,
        "marketing": marketing.app,
        "access": access_review.app,
        "holds": holds.app,
        "retention": retention.app,
        "clock": clock.app,
    },
    "To account for it": {
        "promises": promises.promises,
        "report": report.app,
        "registers": registers.app,
        "map": map.data_map,
        "attest": attest.attest,
        "attestations": attest.app,
        "certificate": certificate.app,
        "ledger": ledger.app,
    },
    "Policy and servers": {
        "policy": policy.app,
        "governance": governance.app,
        "stack": stack.app,
        "demo": stack.demo,
    },
}


class InSections(typer.core.TyperGroup):
    """Commands under the headings of SECTIONS, as somebody looks for them."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        for heading, names in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(limit=200)) for name in names])


app = typer.Typer(
    help="Hoeder keeps a privacy statement true on schedule and proves it.",
    cls=InSections,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for commands in SECTIONS.values():
    for name, command in commands.items():
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)


def main() -> NoReturn:
    """Entry of the command: errors that a reader can act on are printed, without a stack trace."""
    try:
        app()
    except HoederError as error:
        err.print(escape(str(error)), style="red")
        sys.exit(1)
    sys.exit(0)
