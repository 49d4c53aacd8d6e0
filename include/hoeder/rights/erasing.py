"""The hands of an erasure: records go out of tables and buckets, through the guarded door.

Each row is asked once more, in the statement that erases it, whether it still names one of the persons and whether no
statutory term keeps it; the door asks for holds and restrictions. What goes is in the journal before it goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import errors, sql

from hoeder.errors import StoreError
from hoeder.governance import journal
from hoeder.governance.journal import NamedBy
from hoeder.persons import objects
from hoeder.persons.person import Identity, Match
from hoeder.persons.tables import Asked, resolve_tables
from hoeder.policy import Policy
from hoeder.policy.retention import RetentionRule
from hoeder.pseudonym import ReferenceKey
from hoeder.rights.referring import foreign_keys
from hoeder.stores import rewrite
from hoeder.stores.anchors import anchor_day, free_condition
from hoeder.stores.connection import Resolver, connect, s3_client
from hoeder.stores.contents import reason
from hoeder.stores.erasable import Erasable, erasable
from hoeder.stores.erase import Journal, RowsTask, erase_in_batches, erase_object, open_door
from hoeder.stores.erase.inside import erase_inside
from hoeder.stores.erase.objects import erase_versions
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.postgres import said
from hoeder.stores.rewrite import Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]
GROUND = "erasure"
"""What the journal names instead of a retention rule."""
_OBJECTS = 100
"""Objects per opening of the door."""


@dataclass(frozen=True)
class Persons:
    """Who asked, together: identities as they are compared and as they are written, birth dates."""

    identities: frozenset[Identity] = field(repr=False)
    born_on: frozenset[date] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Hands:
    """What erasing works with."""

    db: Db
    policy: Policy
    resolve: Resolver
    key: ReferenceKey
    persons: Persons
    today: date
    capability: str = "rights"


@dataclass
class Left:
    """References of records that are still there, and of those that somebody else's rows refer to."""

    there: set[bytes] = field(default_factory=set)
    needed: set[bytes] = field(default_factory=set)


def erase(hands: Hands, records: Collection[Match]) -> Left:
    """Erase these records wherever they are; what is left of them, by a fresh look at each.

    Raises StoreError where a store does not answer or a table does more on a delete than delete; what was erased by
    then is erased, and stays named in the journal.
    """
    left = Left()
    by_store: dict[str, dict[str, dict[str, Match]]] = defaultdict(lambda: defaultdict(dict))
    for match in records:
        by_store[match.store][match.target][match.key] = match
    for store, targets in sorted(by_store.items()):
        with _said(store):
            if hands.policy.stores[store].kind == "s3":
                _bucket(hands, store, targets, left)
            else:
                _database(hands, store, targets, left)
    return left


@contextmanager
def _said(store: str) -> Iterator[None]:
    """What a server said, without the row or key that it said it of."""
    try:
        with said(f"store {store}: erasing"):
            yield
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"store {store}: erasing: {reason(error)}") from error


# --- tables -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rows:
    """Rows of one table: what erases them, and the reference of each by its key as the table has it."""

    task: RowsTask
    references: dict[Any, bytes]

    def left(self, db: Db) -> dict[Any, str]:
        """Keys of those that are there."""
        return _there(db, self.task.table, self.task.key_column, list(map(str, self.references)))


def _database(hands: Hands, store: str, targets: Mapping[str, Mapping[str, Match]], left: Left) -> None:
    place = hands.policy.stores[store]
    with connect(hands.resolve(f"{place.connection}_{hands.capability}"), autocommit=True) as db:
        todo = {target: _open(hands, db, store, target, targets[target]) for target in targets}
        waiting = [target for target in _children_first(db, place.schemas, targets) if todo[target].references]
        while waiting:
            stuck = [target for target in waiting if _some(hands, db, todo[target], list(todo[target].left(db)))]
            if len(stuck) == len(waiting):
                break
            waiting = stuck
        for target, rows in todo.items():
            there = {rows.references[key] for key in rows.left(db)}
            left.there |= there
            left.needed |= there if target in waiting else set()


def _children_first(db: Db, schemas: Sequence[str], targets: Iterable[str]) -> list[str]:
    """Tables before those that they refer to, as far as there is no circle; what waits for another is tried again."""
    into: dict[str, set[str]] = {target: set() for target in targets}
    for key in foreign_keys(db, schemas, into):
        if key.child in into and key.child != key.parent:
            into[key.parent].add(key.child)
    ordered: list[str] = []
    while len(ordered) < len(into):
        free = [target for target in sorted(into) if target not in ordered and into[target] <= set(ordered)]
        ordered += free or [target for target in sorted(into) if target not in ordered]
    return ordered


def _open(hands: Hands, db: Db, store: str, target: str, matches: Mapping[str, Match]) -> _Rows:
    table, schemas = hands.policy.datasets[store].tables[target], hands.policy.stores[store].schemas
    floors = [
        rule
        for rule in hands.policy.rules_on(hands.today)
        if rule.is_floor and rule.store == store and rule.target == target
    ]
    columns = [*table.identifying, *(name for rule in floors for name in rule.keep.anchors)]
    found = erasable(db, store, schemas, target, key=table.key, columns=columns)
    row = db.execute("select has_table_privilege(%s::oid, 'delete')", [found.oid]).fetchone()
    if not (row and row[0]):
        raise StoreError(
            f"store {store}: a decision names records of {target}, where this account may not delete: grant that, or "
            "give the table a rule that keeps them"
        )
    (searched,) = resolve_tables(db, store, hands.policy.stores[store], {target: table})
    asked = [*searched.identifying, *([searched.born] if searched.born else [])]
    theirs = [_still(hands.persons, db, each, f"hoeder.asked_{found.oid}_{n}") for n, each in enumerate(asked)]
    free = [free_condition(rule, found.types, hands.today) for rule in floors]
    due = sql.SQL("({})").format(sql.SQL(" and ").join([sql.SQL("({})").format(sql.SQL(" or ").join(theirs)), *free]))
    task = RowsTask(
        store, found, table.key, {column: kind for column, kind in table.identifying.items() if column in found.types},
        _day(floors, found), due,
    )  # fmt: skip
    keys = _there(db, found, table.key, list(matches))
    return _Rows(task, {key: matches[text].reference for key, text in keys.items()})


def _still(persons: Persons, db: Db, asked: Asked, name: str) -> sql.Composed:
    """The row names one of the persons by this column. Values are set beside the statement: errors quote statements."""
    if asked.kind == "birth_date":
        wanted = asked.values(day.isoformat() for day in persons.born_on)
    else:
        wanted = asked.values(value for kind, value in persons.identities if kind == asked.kind)
    cast = sql.SQL(asked.type if asked.exact else "text")
    db.execute(sql.SQL("select set_config(%s, (%s::{}[])::text, false)").format(cast), [name, wanted])
    return sql.SQL("{} = any((select current_setting({}, true)::{}[])::{}[])").format(
        asked.expression, sql.Literal(name), cast, cast
    )


def _day(floors: Sequence[RetentionRule], found: Erasable) -> sql.Composed:
    """The day by which a hold on a period finds the row; without one it lies in every period."""
    if not floors:
        return sql.Composed([sql.SQL("null::date")])
    return sql.SQL("greatest({})").format(sql.SQL(", ").join(anchor_day(rule, found.types) for rule in floors))


def _there(db: Db, table: Erasable, key: str, keys: Sequence[str]) -> dict[Any, str]:
    """Keys of those rows that are there, as the table has them, with their text."""
    query = sql.SQL("select {key}, {key}::text from {table} where {key} = any(%s::{type}[])").format(
        key=sql.Identifier(key), table=table.identifier, type=sql.SQL(table.types[key].replace("%", "%%"))
    )
    return dict(db.execute(query, [list(keys)]).fetchall())


def _some(hands: Hands, db: Db, rows: _Rows, keys: Sequence[Any]) -> bool:
    """Erase rows; whether some are left because others refer to them: what is in the way is found by halving."""
    records = _Records(hands, rows.task.store, rows.task.table.name)
    try:
        for _ in erase_in_batches(
            db, hands.db, hands.key, rows.task, keys, references=[rows.references[key] for key in keys],
            journal=Journal(records.intend, records.confirm, records.withdraw),
        ):  # fmt: skip
            records.settle(rows.references[key] for key in rows.left(db))
    except errors.ForeignKeyViolation:
        if len(keys) == 1:
            return True
        half = len(keys) // 2
        first, second = _some(hands, db, rows, keys[:half]), _some(hands, db, rows, keys[half:])
        return first or second
    return False


class _Records:
    """The journal of one table or prefix."""

    def __init__(self, hands: Hands, store: str, target: str, named_by: NamedBy = NamedBy.RECORD) -> None:
        self._hands, self._store, self._target, self._named_by = hands, store, target, named_by
        self._entry: int | None = None
        self._written: Collection[bytes] = ()

    def intend(self, references: Collection[bytes]) -> None:
        self._written = references
        self._entry = journal.record(
            self._hands.db, self._hands.policy, self._store, self._target, GROUND, references, named_by=self._named_by
        )

    def confirm(self) -> None:
        journal.confirm(self._hands.db, self._entry)
        self._entry = None

    def withdraw(self) -> None:
        journal.withdraw(self._hands.db, self._entry)
        self._entry = None

    def settle(self, there: Iterable[bytes]) -> None:
        """Of what was written down some is there still: the journal keeps what went, and commits."""
        if self._entry is not None:
            gone = b"".join(sorted(set(self._written).difference(there)))
            self._hands.db.execute("select journal_settle(%s, %s)", [self._entry, gone])
            self._hands.db.commit()
            self._entry = None


# --- buckets ----------------------------------------------------------------------------------------------------------


def _bucket(hands: Hands, store: str, targets: Mapping[str, Mapping[str, Match]], left: Left) -> None:
    place = hands.policy.stores[store]
    client, bucket = s3_client(hands.resolve(f"{place.connection}_{hands.capability}")), str(place.bucket)
    for target, matches in targets.items():
        if hands.policy.datasets[store].prefixes[target].format in objects.ROWS:
            there = _inside(hands, client, bucket, store, target, matches)
        else:
            there = _objects(hands, client, bucket, store, target, matches)
        left.there |= {matches[name].reference for name in there}


def _inside(
    hands: Hands, client: S3Client, bucket: str, store: str, target: str, matches: Mapping[str, Match]
) -> set[str]:
    """Rows inside the versions that are named; those versions in which rows stay because they are protected.

    What a household shares counts in the versions alone that were confirmed for it.
    """
    prefix = hands.policy.datasets[store].prefixes[target]
    index = ObjectIndex(hands.db, hands.key, store)
    shared = {name for name, match in matches.items() if match.agrees <= objects.WEAK}
    for kinds, names in ((frozenset(prefix.identifying.values()) - objects.WEAK, set(matches) - shared),
                         (objects.WEAK, shared)):  # fmt: skip
        selection = objects.selection(store, target, prefix, hands.key, hands.persons.identities, kinds)
        if selection is None or not names:
            continue
        records = _Records(hands, store, target, NamedBy.SUBJECT)
        records.intend(sorted({reference for _, reference in selection.persons or ()}))
        hands.db.commit()
        erase_inside(client, bucket, selection, hands.db, hands.key, index=index, wanted=partial(_named, names))
        records.confirm()
        hands.db.commit()
    there = {version.name for version in rewrite.versions(client, bucket, target)}
    return set(matches) & there


def _named(names: set[str], version: Version) -> bool:
    return version.name in names


def _objects(
    hands: Hands, client: S3Client, bucket: str, store: str, target: str, matches: Mapping[str, Match]
) -> set[str]:
    """Whole objects, and single versions of those that are somebody else's now; those that a hold keeps."""
    prefix = hands.policy.datasets[store].prefixes[target]
    rule = next((r for r in hands.policy.rules_on(hands.today) if r.store == store and r.target == target), None)
    if rule is None:
        raise StoreError(f"store {store}: {target} has no retention rule, so its objects are not erased: add one")
    records = _Records(hands, store, target)
    held: set[str] = set()
    names = sorted(matches)
    for start in range(0, len(names), _OBJECTS):
        some = names[start : start + _OBJECTS]
        with open_door(hands.db, hands.key) as protections:
            records.intend([matches[name].reference for name in some if "\0" not in name])
            hands.db.commit()
            for name in some:
                key, _, version = name.partition("\0")
                if version:
                    whose = [each for each in hands.persons.identities if each[0] in prefix.identifying.values()]
                    if protections.of(store, target, whose) is None:
                        erase_versions(client, bucket, key, [version])
                    else:
                        held.add(name)
                else:
                    came = erase_object(
                        client, hands.db, protections, bucket=bucket, prefix=prefix, rule=rule, due_by=None,
                        object_key=key,
                    )  # fmt: skip
                    if came.held:
                        held.add(name)
            records.settle(matches[name].reference for name in held)
    return held
