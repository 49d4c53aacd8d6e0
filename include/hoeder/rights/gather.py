"""A person's records as they stand now, by key of what a search found, in every column that policy declares.

What changed or vanished between the search and the reading is an error: a copy is either whole, or not made.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from hoeder.clock import due_date
from hoeder.errors import Refused, StoreError
from hoeder.persons import normal
from hoeder.persons.person import Certainty, Found, Match
from hoeder.persons.tables import Searched, resolve_tables
from hoeder.policy import Policy
from hoeder.policy.base import place_of
from hoeder.policy.retention import RetentionRule
from hoeder.policy.term import Mode
from hoeder.rights.gathered import Gathered, Value
from hoeder.rights.rows_inside import has_rows, rows_of
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.postgres import said
from hoeder.stores.selection import as_day

Db = psycopg.Connection[tuple[Any, ...]]

_TYPES = (
    "select attname::text, format_type(atttypid, null) from pg_attribute where attrelid = %s::regclass and attnum > 0"
)
_COMPARED = frozenset({"smallint", "integer", "bigint", "uuid", "date", "text", "character varying"})
_WHOLE = frozenset({"smallint", "integer", "bigint"})


def gather(
    policy: Policy, resolve: Resolver, found: Found, today: date, *, capability: str = "rights"
) -> list[Gathered]:
    """Every record that is the person's, by place: one query for each table, one moment for each store.

    Raises Refused while a place was not searched or a match not judged, StoreError where a store does not answer or a
    record is not what was found any more.
    """
    if not found.complete:
        raise Refused("a store was not searched, so no copy is complete: search again when it answers")
    if found.to_confirm:
        raise Refused(f"{len(found.to_confirm)} possible matches were not judged: a person must say whose they are")
    by_store: dict[str, dict[str, list[Match]]] = defaultdict(lambda: defaultdict(list))
    for match in found.matches:
        if match.certainty is Certainty.CERTAIN:
            by_store[match.store][match.target].append(match)
    made: list[Gathered] = []
    for store, targets in sorted(by_store.items()):
        tables = {name: those for name, those in targets.items() if name in policy.datasets[store].tables}
        made += _of_database(policy, resolve, store, tables, found, today, capability) if tables else []
        made += [
            _of_objects(policy, resolve, store, name, those, found, capability)
            for name, those in sorted(targets.items())
            if name not in tables
        ]
    return made


def _of_objects(
    policy: Policy, resolve: Resolver, store: str, name: str, matches: Sequence[Match], found: Found, capability: str
) -> Gathered:
    """The person's rows inside objects; where an object is about one person, its name alone."""
    place, prefix = policy.stores[store], policy.datasets[store].prefixes[name]
    if not has_rows(prefix):
        named = {match.key.partition("\0")[0]: match.reference for match in matches}
        return Gathered(
            place_of(store, name), {"object": "system.operations"}, tuple((key,) for key in sorted(named)),
            (None,) * len(named), listed=True, references=tuple(named[key] for key in sorted(named)),
        )  # fmt: skip
    theirs = rows_of(resolve, place, prefix, matches, found.identities, capability=capability)
    return _gathered(policy, place_of(store, name), prefix.columns, theirs, ())


def _of_database(
    policy: Policy,
    resolve: Resolver,
    store: str,
    targets: Mapping[str, Sequence[Match]],
    found: Found,
    today: date,
    capability: str,
) -> Iterator[Gathered]:
    place, declared = policy.stores[store], policy.datasets[store].tables
    with connect(resolve(f"{place.connection}_{capability}")) as db, said(f"store {store}: copying a person's records"):
        db.execute("set transaction isolation level repeatable read, read only")
        for table in resolve_tables(db, store, place, {name: declared[name] for name in targets}):
            rules = [
                rule
                for rule in policy.rules_on(today)
                if rule.store == store and rule.target == table.name and not rule.covers and not rule.then.columns
            ]
            rows = _rows(db, table, tuple(declared[table.name].columns), targets[table.name], found)
            named = {match.key: match.reference for match in targets[table.name]}
            yield replace(
                _gathered(policy, f"{store}.{table.name}", declared[table.name].columns, rows, rules),
                references=tuple(named[str(row[table.key])] for row in rows),
            )


def _rows(
    db: Db, table: Searched, declared: Sequence[str], matches: Sequence[Match], found: Found
) -> list[dict[str, Value]]:
    """The rows by key, each still the person's."""
    types = {str(name): str(kind) for name, kind in db.execute(_TYPES, [table.identifier.as_string(db)])}
    names = [name for name in dict.fromkeys([table.key, *declared, *table.columns]) if name in types]
    key = sql.Identifier(table.key)
    kind = types[table.key] if types[table.key] in _COMPARED else None
    query = sql.SQL("select {} from {} where {} = any(%s::{}[]) order by {}").format(
        sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names),
        table.identifier, key if kind else sql.SQL("{}::text").format(key), sql.SQL(kind or "text"), key,
    )  # fmt: skip
    there = [dict(zip(names, row, strict=True)) for row in db.execute(query, [[match.key for match in matches]])]
    by_key = {row[table.key]: row for row in there}
    changed = [match for match in matches if not _is_still(table, by_key.get(match.key), match, found)]
    if changed or len(there) != len(matches):
        raise StoreError(
            f"store {table.store}: {max(len(changed), 1)} of {len(matches)} records of {table.name} changed or "
            "vanished since they were looked for; search again, nothing was copied"
        )
    return [{name: _typed(row[name], types[name]) for name in names} for row in there]


def _is_still(table: Searched, row: Mapping[str, Any] | None, match: Match, found: Found) -> bool:
    """Whether a row is there and still holds an identity by which it was found."""
    if row is None:
        return False
    asked = [each for each in table.identifying if each.kind in match.agrees]
    held = {(each.kind, normal.form(each.kind).of(row[each.column])) for each in asked if row[each.column]}
    return not asked or bool(held & found.identities)


def _typed(text: Any, kind: str) -> Value:
    """A value as JSON has it: whole numbers and yes or no; all else as the database writes it."""
    if text is None:
        return None
    if kind in _WHOLE:
        return int(text)
    return text == "true" if kind == "boolean" else str(text)


def _gathered(
    policy: Policy,
    place: str,
    declared: Mapping[str, str],
    rows: Sequence[Mapping[str, Value]],
    rules: Sequence[RetentionRule],
) -> Gathered:
    shown = policy.person_facing.places.get(place)
    out = shown.withheld if shown else ()
    categories = {name: each for name, each in declared.items() if name not in out and (not rows or name in rows[0])}
    return Gathered(
        place,
        categories,
        tuple(tuple(row[name] for name in categories) for row in rows),
        tuple(_until(rules, row) for row in rows),
        left_out=sum(row.get(name) is not None for row in rows for name in out),
    )


def _until(rules: Iterable[RetentionRule], row: Mapping[str, Value]) -> date | None:
    """The day on which a record goes by its rules, the latest of them; None where that cannot be said yet."""
    ends: list[date | None] = []
    for rule in rules:
        days = [as_day(row.get(name)) for name in rule.keep.anchors]
        if rule.keep.mode is Mode.ROLL:
            days = [max((day for day in days if day), default=None)]
        pending = rule.pending is not None and str(row.get(rule.pending.column)) in rule.pending.values
        known = [due_date(day, rule.keep, floor=rule.is_floor) for day in days if day]
        ends.append(max(known) if known and len(known) == len(days) and not pending else None)
    return max((day for day in ends if day), default=None) if ends and None not in ends else None
