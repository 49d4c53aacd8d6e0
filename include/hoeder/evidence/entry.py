"""One entry of the ledger as the bytes that are hashed: canonical JSON (RFC 8785), the same on every machine."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, NoReturn
from uuid import UUID

from hoeder.errors import EvidenceError

SCHEMA = 1
LARGEST = 2**53 - 1  # RFC 8785 writes numbers as IEEE 754 doubles: larger integers would not be exact
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_COUNT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = {"entry", "schema"}  # the verifier finds these two in a line without parsing it
_REQUIRED = {"activity", "actor", "counts", "entry", "object", "phase", "policy", "schema", "time"}
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True)
class Entry:
    """What was intended or came of it. None is left out of the bytes; `counts` is always there."""

    entry: int  # 1, 2, 3 … without gaps
    time: datetime  # aware; UTC with microseconds in the bytes
    phase: str
    activity: str  # "retention.erase@1"
    object: str
    actor: str
    policy: str  # SHA-256 of the policy it ran under, hexadecimal
    counts: Mapping[str, int] = field(default_factory=dict)
    intent: int | None = None  # the entry this is the outcome of
    outcome: str | None = None
    case: UUID | None = None
    subject: bytes | None = None  # keyed reference, hexadecimal in the bytes
    digest: str | None = None
    dag: str | None = None
    run: str | None = None
    task: str | None = None
    trace: str | None = None
    span: str | None = None
    schema: int = SCHEMA

    def leaf(self) -> bytes:
        """The canonical bytes. Raises EvidenceError for a value that has no canonical form or another schema."""
        values = {one.name: value for one in fields(self) if (value := getattr(self, one.name)) is not None}
        values["time"] = self._time()
        values["counts"] = dict(self.counts)
        if self.case is not None:
            values["case"] = str(self.case)
        if self.subject is not None:
            values["subject"] = self.subject.hex()
        if self.schema != SCHEMA or self.entry < 1 or not all(map(_countable, self.counts.items())):
            raise EvidenceError(
                f"entry {self.entry} cannot be written: its schema is {SCHEMA}, its number at least 1, and its counts"
                f" are whole numbers under ASCII names other than {' and '.join(sorted(_RESERVED))}"
            )
        try:
            return _ENCODER.encode(values).encode()
        except (TypeError, ValueError):  # a lone surrogate, a float that is not a number; the text may quote the value
            raise EvidenceError(f"entry {self.entry} holds a value that JSON cannot carry") from None

    def _time(self) -> str:
        if self.time.tzinfo is None:
            raise EvidenceError(f"entry {self.entry} has a time without a time zone")
        return self.time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


_KEYS = {one.name for one in fields(Entry)}


def parse(line: bytes) -> Entry:
    """Read a leaf back; nothing but the exact bytes that `leaf` writes is accepted.

    Raises EvidenceError naming the entry and what is wrong: another schema version, an unknown or missing key, a value
    of another type, or bytes that are not canonical.
    """
    try:
        values = json.loads(line, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise EvidenceError("not an entry: not JSON with whole numbers") from None
    if not isinstance(values, dict) or not _whole(values.get("entry")):
        raise EvidenceError("not an entry: it has no number")
    number = values["entry"]
    if values.get("schema") != SCHEMA:
        shown = values["schema"] if _whole(values.get("schema")) else "missing or unreadable"
        raise EvidenceError(f"entry {number} has schema {shown}; this version of Hoeder reads schema {SCHEMA} only")
    if unknown := values.keys() - _KEYS:
        raise EvidenceError(f"entry {number} has {len(unknown)} unknown key(s)")
    if missing := _REQUIRED - values.keys():
        raise EvidenceError(f"entry {number} lacks {', '.join(sorted(missing))}")
    try:
        entry = Entry(**{key: _read(key, value) for key, value in values.items()})
    except (TypeError, ValueError) as error:
        raise EvidenceError(f"entry {number}: {error}") from None
    if entry.leaf() != line:
        raise EvidenceError(f"entry {number} is not written canonically (RFC 8785)")
    return entry


def _read(key: str, value: Any) -> Any:
    """One value as its Python type; ValueError, without the value, when it is not of that type."""
    if key == "counts":
        valid, result = isinstance(value, dict), value
    elif key in ("entry", "intent", "schema"):
        valid, result = _whole(value), value
    elif not isinstance(value, str):
        valid, result = False, None
    elif key == "time":
        valid = bool(_TIME.fullmatch(value))
        result = datetime.fromisoformat(value) if valid else None
    elif key == "case":
        valid, result = len(value) == 36, UUID(value)
    elif key == "subject":
        valid, result = bool(value), bytes.fromhex(value)
    else:
        valid, result = True, value
    if not valid:
        raise ValueError(f"{key} is not of its type")
    return result


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST


def _countable(count: tuple[object, object]) -> bool:
    name, value = count
    return isinstance(name, str) and bool(_COUNT.fullmatch(name)) and name not in _RESERVED and _whole(value)


def _refuse(_: str) -> NoReturn:
    raise ValueError
