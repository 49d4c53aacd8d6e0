"""The report as a program reads it: canonical JSON (RFC 8785), and the note that signs it with the pages beside it."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import rfc8785

from hoeder.errors import ReportError
from hoeder.evidence.note import Key, Signer, open_text, sign_text
from hoeder.report.facts.figures import Figures
from hoeder.report.period import Period

SCHEMA = "hoeder.report/1"


def canonical(figures: Figures) -> bytes:
    """The figures in one canonical form: the same figures give the same bytes. Moments are in UTC; no fractions."""
    return rfc8785.dumps(plain({"schema": SCHEMA, **dataclasses.asdict(figures), "period": str(figures.period)}))


def plain(value: Any) -> Any:
    """With strings for dates, moments and periods, and nothing that JSON does not have."""
    match value:
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case _:
            raise TypeError(f"no canonical JSON for {type(value).__name__}")


def parse(content: bytes) -> dict[str, Any]:
    """A report's JSON. Raises ReportError where it is none, of another version, or not canonical."""
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"not a report: not JSON ({type(error).__name__})") from None
    if not isinstance(read, dict) or read.get("schema") != SCHEMA:
        raise ReportError(f"not a report of this version: its schema is not {SCHEMA}")
    try:
        Period.parse(str(read.get("period")))
        moment = datetime.fromisoformat(str(read.get("at")))
        same = moment.tzinfo is not None and rfc8785.dumps(read) == content
    except (ValueError, ReportError, rfc8785.CanonicalizationError):
        same = False
    if not same:
        raise ReportError("the report's JSON is not canonical (RFC 8785): it was written or changed by something else")
    return read


def sign(signer: Signer, period: Period, language: str, files: Mapping[str, bytes]) -> bytes:
    """A signed note that names every file with its SHA-256."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return sign_text(f"{signer.key.name}/report\n{period} {language}\n{''.join(lines)}", signer)


def signed(note: bytes, keys: list[Key]) -> dict[str, str]:
    """SHA-256 by name of file, as one of these keys signed it. Raises EvidenceError, or ReportError for other notes."""
    text, _ = open_text(note, keys)
    title, *lines = text.splitlines()
    if title != f"{keys[0].name}/report" or not lines:
        raise ReportError(f"the note is not about a report of ledger {keys[0].name}")
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines[1:])}
