"""What a figure rests on: ledger entries or rows of a table, and the SHA-256 of exactly those."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import rfc8785
from psycopg.rows import class_row

from hoeder.errors import ReportError
from hoeder.evidence import ledger, seal


@dataclass(frozen=True)
class Ground:
    """`first` and `last` are ledger positions; `rows` is how many entries or rows there are between and with them."""

    source: str
    """`ledger`, the name of a table of the governance database, or `policy`."""
    rows: int
    digest: str
    """Of the entries' canonical bytes, one a line, or of the rows as canonical JSON; for policy its own digest."""
    first: int | None = None
    last: int | None = None


Row = Sequence[object]


def entries_ground(db: ledger.Connection, entries: Iterable[int]) -> Ground | None:
    """Over these entries of the ledger, in order; None for none. Raises ReportError where one is not there."""
    wanted = sorted(set(entries))
    if not wanted:
        return None
    digest, found = hashlib.sha256(), 0
    with db.cursor(row_factory=class_row(ledger.Entry)) as cursor:
        for entry in cursor.execute("select * from ledger where entry = any(%s) order by entry", [wanted]):
            digest.update(seal.leaf(entry) + b"\n")
            found += 1
    if found != len(wanted):
        raise ReportError(f"{len(wanted) - found} entries between {wanted[0]} and {wanted[-1]} are not in the ledger")
    return Ground("ledger", found, digest.hexdigest(), wanted[0], wanted[-1])


def table_ground(table: str, rows: Iterable[Row]) -> Ground:
    """Over rows of a table, in the order in which they were read; none is also an answer."""
    listed = [[_plain(value) for value in row] for row in rows]
    return Ground(table, len(listed), hashlib.sha256(rfc8785.dumps(listed)).hexdigest())


def _plain(value: object) -> str | int | bool | None:
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            raise TypeError(f"no canonical JSON for {type(value).__name__}")
