"""Just before a send: whether a file is exactly what the gate let through, and still may be used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from hoeder.errors import Refused
from hoeder.marketing_gate import addresses, hashed, lists
from hoeder.policy.marketing_gate import MarketingGate
from hoeder.pseudonym import ReferenceKey

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Cleared:
    """The list that a file is of, and until when it may be used."""

    list: str
    channel: str
    lines: int
    until: datetime


def cleared(governance: Db, gate: MarketingGate, key: ReferenceKey, content: bytes, *, now: datetime) -> Cleared:
    """Raises Refused for a file that the gate did not make, one that was changed or is too old, and for one in which
    somebody stands who said no since.
    """
    row = governance.execute(
        """select list, channel, recipient, gated_at from marketing_gating where result = %s
           order by gating desc limit 1""",
        [hashlib.sha256(content).hexdigest()],
    ).fetchone()
    if row is None:
        raise Refused("the gate did not let this file through: it was changed, or is another one. Use what it stored")
    name, channel, recipient, gated_at = row
    until = gated_at + timedelta(hours=gate.good_for_hours)
    listed = gate.list_named(name)
    if now >= until or listed is None:
        raise Refused(f"list {name} was gated more than {gate.good_for_hours} hours ago: gate it again")
    rows = lists.from_bytes(content, "file.parquet", listed).rows
    opted_out = hashed.opted_out(governance, ("marketing", "sharing") if recipient else ("marketing",))
    restricted = hashed.restricted(governance, gate.persons.store)
    since = 0
    for kind, columns in listed.columns.items():
        read = addresses.read(kind, [rows[column] for column in columns])
        since += int((opted_out.among(key, read) | restricted.among(key, read)).sum())
    if since:
        raise Refused(f"list {name}: somebody in it said no since it was gated: gate it again")
    return Cleared(name, channel, len(rows), until)
