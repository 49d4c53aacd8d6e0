"""The map: where personal data are, whose, what for, who gets them, how old they are, and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from hoeder.evidence.ledger import Connection
from hoeder.inventory.lineage import Flow
from hoeder.policy.dataset import Prefix, Table
from hoeder.policy.models import Policy

Change = Literal["appeared", "grew", "shrank", "same"]
GREW = 0.1
"""Share of its rows by which a table must have grown or shrunk to be told of."""


@dataclass(frozen=True)
class Term:
    """A retention rule at the last scan. `oldest` is the oldest date that starts a term."""

    rule: str
    rows: int
    due: int
    oldest: date | None


@dataclass(frozen=True)
class Place:
    """A table or prefix: what policy says of it, and what the last scan met."""

    object: str
    rows: int
    read_at: datetime | None
    """When its content was last read; earlier than the scan where it had not changed."""
    description: str | None
    purpose: str | None
    role: str
    subject_kind: str | None
    recipients: tuple[str, ...]
    personal: int
    """Columns that are declared or recognised as personal."""
    clients: dict[str, int]
    """Rows by client, where the table says whose its rows are."""
    terms: tuple[Term, ...]
    change: Change
    before: int | None
    """Rows at the scan before."""


@dataclass(frozen=True)
class StoreMap:
    """One store as its last finished scan met it; None and nothing where it was never scanned."""

    store: str
    kind: str
    owner: str
    scanned_at: datetime | None
    places: tuple[Place, ...] = ()
    vanished: tuple[str, ...] = ()
    """Tables and prefixes that the scan before still met."""


@dataclass(frozen=True)
class DataMap:
    """All stores, what leaves them, and which DAG follows from which."""

    stores: tuple[StoreMap, ...]
    releases: dict[str, tuple[str, ...]]
    """Releases by the table or prefix that they are made from."""
    flows: tuple[Flow, ...] = field(default=())

    @property
    def rows_by_subject(self) -> dict[str, int]:
        """Rows by the kind of person that they are about."""
        counted: dict[str, int] = {}
        for store in self.stores:
            for place in store.places:
                if place.subject_kind:
                    counted[place.subject_kind] = counted.get(place.subject_kind, 0) + place.rows
        return dict(sorted(counted.items()))

    @property
    def rows_by_client(self) -> dict[str, int]:
        """Rows by client, over all tables that say whose their rows are."""
        counted: dict[str, int] = {}
        for store in self.stores:
            for place in store.places:
                for client, rows in place.clients.items():
                    counted[client] = counted.get(client, 0) + rows
        return dict(sorted(counted.items()))


def draw(db: Connection, policy: Policy, flows: Sequence[Flow] = (), *, until: datetime | None = None) -> DataMap:
    """The map from the last finished scan of each store (by `until`), compared with the one before."""
    scans: dict[str, list[tuple[int, datetime]]] = {}
    for store, scan, finished in db.execute(
        """select store, scan, finished_at from scan
           where finished_at is not null and (%(until)s::timestamptz is null or finished_at <= %(until)s)
           order by finished_at desc, scan desc""",
        {"until": until},
    ):
        scans.setdefault(store, []).append((scan, finished))
    releases: dict[str, tuple[str, ...]] = {}
    for release in policy.releases:
        source = release.source.replace(":", ".", 1)
        releases[source] = (*releases.get(source, ()), release.release)
    return DataMap(
        tuple(_store(db, policy, name, scans.get(name, [])) for name in policy.stores), releases, tuple(flows)
    )


def _store(db: Connection, policy: Policy, name: str, scans: Sequence[tuple[int, datetime]]) -> StoreMap:
    store = policy.stores[name]
    if not scans:
        return StoreMap(name, store.kind, store.owner, None)
    now, before = _objects(db, scans[0][0]), _objects(db, scans[1][0]) if len(scans) > 1 else {}
    dataset = next((d for d in policy.datasets.values() if d.store == name), None)
    personal: dict[str, int] = dict(
        db.execute(
            """select object, count(*) from scanned_column where scan = %s and "column" <> '*'
               and verdict <> 'not-found' and (found is not null or declared ~ '^user(\\.|$)') group by object""",
            [scans[0][0]],
        ).fetchall()
    )
    clients: dict[str, dict[str, int]] = {}
    for thing, client, rows in db.execute(
        'select object, client, "rows" from scanned_client where scan = %s order by client', [scans[0][0]]
    ):
        clients.setdefault(thing, {})[client] = rows
    counted = {
        rule: Term(rule, rows, due, oldest)
        for rule, rows, due, oldest in db.execute(
            'select rule, "rows", due, oldest from scanned_rule where scan = %s', [scans[0][0]]
        )
    }
    places = []
    for thing, (rows, read_at) in now.items():
        declared: Table | Prefix | None = (
            (dataset.tables.get(thing) or dataset.prefixes.get(thing)) if dataset else None
        )
        rules = [r.rule for r in policy.retention if r.store == name and r.target == thing and r.rule in counted]
        places.append(
            Place(
                object=thing,
                rows=rows,
                read_at=read_at,
                description=declared.description if declared else None,
                purpose=declared.purpose if declared else None,
                role=(declared.role if declared and declared.role else store.role).value,
                subject_kind=declared.subject.kind if declared and declared.subject else None,
                recipients=declared.recipients if declared else (),
                personal=personal.get(thing, 0),
                clients=clients.get(thing, {}),
                terms=tuple(counted[rule] for rule in dict.fromkeys(rules)),
                change=_change(before[thing][0] if thing in before else None, rows, first=not before),
                before=before[thing][0] if thing in before else None,
            )
        )
    vanished = tuple(sorted(before.keys() - now.keys()))
    return StoreMap(name, store.kind, store.owner, scans[0][1], tuple(places), vanished)


def _objects(db: Connection, scan: int) -> dict[str, tuple[int, datetime | None]]:
    return {
        thing: (rows, read_at)
        for thing, rows, read_at in db.execute(
            'select object, "rows", read_at from scanned_object where scan = %s order by object', [scan]
        )
    }


def _change(before: int | None, rows: int, *, first: bool) -> Change:
    if before is None:
        return "same" if first else "appeared"
    if rows > before * (1 + GREW):
        return "grew"
    return "shrank" if rows < before * (1 - GREW) else "same"
