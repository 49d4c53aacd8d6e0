"""Hand a register over: as spreadsheet, JSON-LD or Fides manifest, whole or for one client."""

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal

from hoeder.errors import HoederError
from hoeder.evidence.ledger import Connection
from hoeder.policy import Policy
from hoeder.policy.suggest import did_you_mean
from hoeder.registers import fides, jsonld, sheets
from hoeder.registers.attestations import attestations
from hoeder.registers.content import Register
from hoeder.registers.findings import CONTROLLER, Finding, of_client
from hoeder.registers.refresh import compare
from hoeder.registers.sheets import Sheet
from hoeder.registers.versions import latest, versions
from hoeder.registers.words import Language, word

Format = Literal["xlsx", "jsonld", "fides"]


def export(
    db: Connection, policy: Policy, form: Format, *, today: date, client: str | None = None, language: Language = "nl"
) -> bytes:
    """The registers as policy has them now. Of one client: that register alone, and nothing of any other client.

    Raises HoederError for a client that policy does not know.
    """
    made, _, found = compare(db, policy, today)
    if client is not None:
        made = (of(made, policy, client),)
        found = tuple(one for one in found if one.register == made[0].name)
    match form:
        case "jsonld":
            return jsonld.document(made)
        case "fides":
            return fides.manifest(policy, made).encode()
        case "xlsx":
            from hoeder.registers.spreadsheet import spreadsheet

            title = f"{word('sheets', 'register', language)} {policy.organisation.name}"
            return spreadsheet(_sheets(db, policy, made, found, client, today, language), title)


def of(made: tuple[Register, ...], policy: Policy, client: str) -> Register:
    """The register of one client. Raises HoederError."""
    known = policy.processing.clients
    if client not in known:
        raise HoederError(
            f"include/policy/processing.yaml: clients knows no {client}; there are: {', '.join(known) or 'none'}"
            f"{did_you_mean(client, known)}"
        )
    return next(register for register in made if register.name == of_client(client))


def write(path: Path, content: Callable[[], bytes]) -> None:
    """Write a file whole or not at all. Raises HoederError where it cannot be written."""
    if path.is_dir():
        raise HoederError(f"--out {path}: is a folder; name a file in it")
    data = content()
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise HoederError(f"--out {path}: cannot be written ({error.strerror})") from None


def _sheets(
    db: Connection,
    policy: Policy,
    made: tuple[Register, ...],
    found: tuple[Finding, ...],
    client: str | None,
    today: date,
    language: Language,
) -> list[Sheet]:
    last = latest(db)
    first = made[0]
    pages = [sheets.general(first, last.get(first.name), policy.organisation.note, language)]
    for register in made:
        page = sheets.lines(register, found, language)
        title = (
            page.title if register.name == CONTROLLER or client else f"30(2) {register.name.removeprefix('client-')}"
        )
        pages.append(Sheet(title[:31], page.columns, page.rows))
    pages += [
        sheets.measures(first, language),
        sheets.recipients(made, language),
        sheets.terms(db if client is None else None, made, language),
        sheets.found(found, language),
        sheets.releases(db, f"client-{client}" if client else None, language),
        sheets.history(versions(db, first.name if client else None), language),
    ]
    if client is None:
        pages += [
            sheets.clients(policy, language),
            sheets.stated(policy, attestations(db), today, language),
            sheets.holds(db, language),
        ]
    return pages
