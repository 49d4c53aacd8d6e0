"""Check a report that somebody hands over: its signature, and every figure counted again."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hoeder.errors import ReportError
from hoeder.evidence.ledger import Connection
from hoeder.evidence.note import Key
from hoeder.policy.models import Policy
from hoeder.report.document import canonical, parse, signed
from hoeder.report.figures import collect
from hoeder.report.period import Period

_NAMES = ("key", "promise", "rule", "store", "release", "code", "capability", "matter", "period")
"""What an item of a list is called by, for the reader of a difference."""

_AS_NOW = {"decided", "recognition"}
"""Of the inventory: what people decided is kept as it is now, so for these the signature has to do."""
_POINTS_AS_NOW = {"red", "delicate", "undeclared", "misplaced", "unclassified", "not_found"}
"""Points for attention that follow from these."""


@dataclass(frozen=True)
class Difference:
    """Where, what the report says there, and what it should say; None where one of them has nothing there."""

    where: str
    told: object
    counted: object


@dataclass(frozen=True)
class Verified:
    """`figures` were counted again; `signature_only` are vouched for by the signature alone."""

    period: str
    at: datetime
    figures: int
    signature_only: int
    differences: tuple[Difference, ...]


def verify(
    db: Connection, policy: Policy, content: bytes, note: bytes, keys: list[Key], files: Mapping[str, bytes]
) -> Verified:
    """Open the note with the ledger's keys, compare `files` (report.json aside) with it, and recount `content`.

    Every figure that comes out otherwise is a difference, and so is a file with another digest. Raises ReportError or
    EvidenceError where there is nothing to compare: no report, no valid signature, another policy.
    """
    named = signed(note, keys)
    found = [
        Difference(f"{name} (SHA-256)", hashlib.sha256(each).hexdigest(), named.get(name))
        for name, each in {**files, "report.json": content}.items()
        if hashlib.sha256(each).hexdigest() != named.get(name)
    ]
    told = parse(content)
    if told.get("policy_digest") != policy.digest:
        raise ReportError(
            f"the report was made under policy {str(told.get('policy_digest'))[:12]}, and this is policy "
            f"{policy.digest[:12]}: check it with the policy folder of then (--policy)"
        )
    at = datetime.fromisoformat(told["at"])
    figures = collect(db, policy, Period.parse(told["period"]), now=at)
    counted: dict[str, Any] = json.loads(canonical(dataclasses.replace(figures, at=at)))
    vouched = _take_out(told)
    _take_out(counted)
    found.extend(differences(told, counted))
    return Verified(told["period"], at, _leaves(told), vouched, tuple(found))


def _take_out(document: dict[str, Any]) -> int:
    """Remove what cannot be counted again; how much that was."""
    inventory, points = document.get("inventory"), document.get("attention")
    gone = 0
    if isinstance(inventory, dict):
        gone += sum(_leaves(inventory.pop(name, None)) for name in _AS_NOW)
    if isinstance(points, list):
        kept = [p for p in points if not (isinstance(p, dict) and p.get("code") in _POINTS_AS_NOW)]
        gone += _leaves(points) - _leaves(kept)
        document["attention"] = kept
    return gone


def differences(told: object, counted: object, where: str = "") -> Iterator[Difference]:
    """Leaf by leaf; items of lists go by their name where they have one."""
    if isinstance(told, list) and isinstance(counted, list):
        told, counted = _named(told), _named(counted)
    if isinstance(told, dict) and isinstance(counted, dict):
        for name in sorted({*told, *counted}):
            yield from differences(told.get(name), counted.get(name), f"{where}.{name}" if where else str(name))
    elif told != counted:
        yield Difference(where, told, counted)


def _named(items: list[Any]) -> dict[str, Any]:
    for name in _NAMES:
        names = [str(item[name]) for item in items if isinstance(item, dict) and name in item]
        if len(names) == len(items) == len(set(names)) and names:
            return dict(zip(names, items, strict=True))
    return {str(position): item for position, item in enumerate(items)}


def _leaves(value: object) -> int:
    match value:
        case dict():
            return sum(map(_leaves, value.values()))
        case list():
            return sum(map(_leaves, value))
        case _:
            return 1
