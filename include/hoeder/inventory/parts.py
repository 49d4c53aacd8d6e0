"""Divide a store into parts, so that several workers can read it at once: large tables alone, small ones together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hoeder.policy.dataset import Dataset, Store
from hoeder.stores.connection import Connection, connect, s3_client

PART_BYTES = 128 * 1024 * 1024
"""Estimated size up to which small tables and prefixes share a task; a larger one has a task of its own."""
PART_OBJECTS = 200
"""Tables or prefixes in one task at most."""
_UNKNOWN = PART_BYTES // 16  # a view, a foreign table
_REQUEST = 16 * 1024  # what one object costs beside its bytes


@dataclass(frozen=True)
class Part:
    """One task's share of a store's scan, as it travels through Airflow: numbers and the store's name."""

    store: str
    scan: int
    part: int

    def __str__(self) -> str:
        return f"{self.store} {self.scan}/{self.part}"

    @classmethod
    def parse(cls, text: str) -> Part:
        store, _, numbers = text.partition(" ")
        scan, _, part = numbers.partition("/")
        return cls(store, int(scan), int(part))


def sizes(store: Store, dataset: Dataset | None, connection: Connection) -> dict[str, int]:
    """Everything that is there or declared, with its estimated size in bytes. Raises StoreError."""
    declared = {} if dataset is None else dict.fromkeys([*dataset.tables, *dataset.prefixes], 0)
    if store.kind == "s3":
        from hoeder.stores import s3

        client = s3_client(connection)
        s3.check(client, store.bucket or "")
        groups = s3.groups(client, store.bucket or "", dataset.prefixes if dataset else ())
        return declared | {name: group.bytes + _REQUEST * group.objects for name, group in groups.items()}
    from hoeder.stores import postgres

    with connect(connection) as db:
        postgres.read_only(db)
        relations = postgres.relations(db, store.schemas)
    return declared | {r.name: _UNKNOWN if r.bytes is None else r.bytes for r in relations}


def divide(sizes: Mapping[str, int]) -> list[list[str]]:
    """Names by part, in the order of their names; a store with nothing in it is one empty part."""
    parts: list[list[str]] = []
    shared: list[str] = []
    room = PART_BYTES
    for name in sorted(sizes):
        if sizes[name] >= PART_BYTES:
            parts.append([name])
            continue
        if shared and (sizes[name] > room or len(shared) == PART_OBJECTS):
            parts.append(shared)
            shared, room = [], PART_BYTES
        shared.append(name)
        room -= sizes[name]
    return [*parts, shared] if shared or not parts else parts
