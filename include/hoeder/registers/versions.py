"""Versions of registers: each change of content is one, and what changed can be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from psycopg.rows import class_row

from hoeder.evidence.ledger import Connection
from hoeder.registers.content import Register


@dataclass(frozen=True)
class Version:
    """A register as it stood from a day on; `entry` is the ledger's intent."""

    register: str
    version: int
    valid_from: date
    digest: str
    content: bytes
    policy_digest: str
    entry: int

    def read(self) -> Register:
        """What it says."""
        return Register.read(self.content)


def versions(db: Connection, register: str | None = None) -> list[Version]:
    """All versions, or those of one register, oldest first."""
    with db.cursor(row_factory=class_row(Version)) as cursor:
        return cursor.execute(
            """select register, version, valid_from, digest, content, policy_digest, entry from register_version
               where %(register)s::text is null or register = %(register)s order by register, version""",
            {"register": register},
        ).fetchall()


def latest(db: Connection) -> dict[str, Version]:
    """The last version of each register."""
    return {one.register: one for one in versions(db)}


@dataclass(frozen=True)
class Change:
    """One thing that differs between two versions of a register.

    `what` came, went or changed: a `processing` (or nothing, where it is about the register itself), one of its
    fields, and where that field holds several things the one that came or went.
    """

    what: Literal["added", "removed", "changed"]
    processing: str = ""
    field: str = ""
    item: str = ""


def changes(before: Register | None, after: Register) -> tuple[Change, ...]:
    """What changed since a version; nothing where there is none before."""
    if before is None:
        return ()
    old, new = before.plain(), after.plain()
    old_lines = {line["processing"]: line for line in old.pop("lines")}
    new_lines = {line["processing"]: line for line in new.pop("lines")}
    found = list(_fields("", old, new))
    found += [Change("removed", name) for name in old_lines if name not in new_lines]
    found += [Change("added", name) for name in new_lines if name not in old_lines]
    for name, line in new_lines.items():
        if name in old_lines:
            found += _fields(name, old_lines[name], line)
    return tuple(found)


def _fields(processing: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    found = []
    for name in new:
        if old.get(name) == new[name]:
            continue
        before, after = _items(old.get(name)), _items(new[name])
        if before is None or after is None:
            found.append(Change("changed", processing, name))
            continue
        found += [Change("removed", processing, name, item) for item in before if item not in after]
        found += [Change("added", processing, name, item) for item in after if item not in before]
        found += [
            Change("changed", processing, name, item) for item in after if before.get(item, after[item]) != after[item]
        ]
    return found


def _items(value: Any) -> dict[str, Any] | None:
    """The things that a field holds, by name; None for a field that holds one thing."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return {one: one for one in value}
    if isinstance(value, list) and all(isinstance(one, dict) and "rule" in one for one in value):
        return {f"{one['rule']} ({one['place']})": one for one in value}
    if isinstance(value, dict) and all(isinstance(one, dict) for one in value.values()):
        return dict(value)
    return None
