"""What the last finished scan of every store met, as far as registers are held against it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hoeder.evidence.ledger import Connection
from hoeder.policy.base import place_of

WHOLE = "*"
"""In place of a column's name: about the table or prefix itself."""


@dataclass(frozen=True)
class Column:
    """One column with personal data, or one that policy declares so and that is not there."""

    column: str
    declared: str | None
    found: str | None
    verdict: str

    @property
    def there(self) -> bool:
        return self.verdict != "not-found"


@dataclass(frozen=True)
class Seen:
    """Places are `store.table` or `store:prefix/`, as policy names them."""

    scans: dict[str, int]
    """The last finished scan of each store that has one."""
    places: frozenset[str]
    """What there is."""
    columns: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    """Columns with personal data, by place."""
    clients: dict[str, dict[str, int]] = field(default_factory=dict)
    """Rows by client, of places that say whose their rows are."""


_LAST = """
    select distinct on (store) store, scan from scan
    where finished_at is not null and store = any(%s) order by store, finished_at desc, scan desc
"""
_OBJECTS = "select s.store, o.object from scanned_object o join scan s using (scan) where o.scan = any(%s)"
_COLUMNS = """
    select s.store, c.object, c."column", c.declared, c.found, c.verdict
    from scanned_column c join scan s using (scan)
    where c.scan = any(%s)
      and (c.declared ~ '^user(\\.|$)' or c.found is not null or c.verdict in ('misplaced', 'not-found'))
    order by s.store, c.object, c."column"
"""
_CLIENTS = """
    select s.store, c.object, c.client, c."rows" from scanned_client c join scan s using (scan) where c.scan = any(%s)
"""


def seen(db: Connection, stores: Iterable[str]) -> Seen:
    """The last finished scans of these stores."""
    scans: dict[str, int] = dict(db.execute(_LAST, [list(stores)]).fetchall())
    numbers = list(scans.values())
    columns: dict[str, list[Column]] = {}
    for store, thing, *fields in db.execute(_COLUMNS, [numbers]):
        columns.setdefault(place_of(store, thing), []).append(Column(*fields))
    clients: dict[str, dict[str, int]] = {}
    for store, thing, client, rows in db.execute(_CLIENTS, [numbers]):
        clients.setdefault(place_of(store, thing), {})[client] = rows
    return Seen(
        scans,
        frozenset(place_of(*row) for row in db.execute(_OBJECTS, [numbers])),
        {place: tuple(found) for place, found in columns.items()},
        clients,
    )
