"""Find one person, or many at once, in every store and under every name that the stores have for them.

What is known of a person is asked of every table in scope; what stands beside it in a certain match is asked next,
until nothing new is found. A match is certain where an account's own number agrees, or where an identity and the name
do; else a person must confirm it, and nothing follows from it until then. Data of a client are searched for that
client alone. Many persons cost each table one query a round. Objects are asked last, for all that is known by then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import sql

from hoeder.errors import HoederError, StoreError
from hoeder.governance.aliases import MOST
from hoeder.persons import normal
from hoeder.persons.objects import WEAK, find_objects
from hoeder.persons.objects import Asked as AskedOfObjects
from hoeder.persons.person import Certainty, Found, Identity, Match, Outcome, Person, Place, Scope
from hoeder.persons.tables import Db, Searched, conditions, in_scope, resolve_tables
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.postgres import said

MOST_ROWS = 100_000
"""Rows of one table that one round may bring, and a thousand more a person: what is asked for is then no person."""
_SHORTEST = {"phone": 7, "national_id": 8, "bank_account": 10}


Judged = Collection[bytes] | Mapping[UUID, Collection[bytes]]


@dataclass
class _Search:
    """One person's search as it goes."""

    person: Person
    fresh: set[Identity]
    """Not asked yet."""
    confirmed: frozenset[bytes] = frozenset()
    refused: frozenset[bytes] = frozenset()
    known: set[Identity] = field(default_factory=set)
    """All of them, those asked included."""
    beside: set[Identity] = field(default_factory=set)
    """What stood in certain matches of this round."""
    written: set[Identity] = field(default_factory=set)
    """Identities of certain matches as they stand there."""
    stands: set[tuple[tuple[str, str], Identity]] = field(default_factory=set)
    """The same as they are compared, with store and table."""
    matches: dict[tuple[str, str, str], Match] = field(default_factory=dict)


def find(
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    persons: Mapping[UUID, Person],
    scope: Scope,
    *,
    confirmed: Judged = (),
    refused: Judged = (),
    capability: str = "rights",
    governance: Db | None = None,
) -> dict[UUID, Found]:
    """Every record of each person, by case, in the databases that policy declares; with `governance`, which keeps the
    index of objects, in its buckets too.

    `confirmed` and `refused` are references of possible matches that a person judged, for all or by case. A store that
    does not answer is named in the result, which is then not complete. Raises HoederError where identities hang
    together that cannot be one person's.
    """
    searches = {
        case: _begin(person, _judged(confirmed, case), _judged(refused, case)) for case, person in persons.items()
    }
    places: dict[tuple[str, str], Place] = {}
    with ExitStack() as stack:
        tables, databases = _open(policy, resolve, scope, capability, stack, places)
        births = True
        while births or any(search.fresh for search in searches.values()):
            for store, those in tables.items():
                for table in list(those):
                    try:
                        _ask(databases[store], table, scope, searches, key, births=births)
                    except StoreError as error:
                        places[store, table.name] = Place(store, table.name, Outcome.UNREACHABLE, reason=str(error))
                        those.remove(table)
            births = False
            for search in searches.values():
                _next_round(search)
        asked = {(store, table.name): table for store, those in tables.items() for table in those}
    in_objects: Sequence[Place] = ()
    if governance is not None:
        in_objects = _in_objects(policy, resolve, governance, key, searches, scope, capability)
    return {case: _found(search, places, asked, in_objects) for case, search in searches.items()}


def _judged(judged: Judged, case: UUID) -> frozenset[bytes]:
    return frozenset(judged.get(case, ()) if isinstance(judged, Mapping) else judged)


def _begin(person: Person, confirmed: frozenset[bytes], refused: frozenset[bytes]) -> _Search:
    known = set(_usable((kind, normal.form(kind).of(value)) for kind, value in person.identities))
    return _Search(person, known, confirmed, refused, set(known))


def _in_objects(
    policy: Policy,
    resolve: Resolver,
    governance: Db,
    key: ReferenceKey,
    searches: Mapping[UUID, _Search],
    scope: Scope,
    capability: str,
) -> list[Place]:
    """What objects hold of each person goes to their matches; the prefixes that were (not) looked into."""
    asked = {
        case: AskedOfObjects(
            frozenset(_usable(search.known | search.written | set(search.person.identities))),
            search.confirmed, search.refused,
        )
        for case, search in searches.items()
    }  # fmt: skip
    found, places = find_objects(policy, resolve, governance, key, asked, scope, capability=capability)
    for case, matches in found.items():
        searches[case].matches |= {(match.store, match.target, match.key): match for match in matches}
    return places


def _usable(identities: Iterator[Identity] | Collection[Identity]) -> Iterator[Identity]:
    return ((kind, value) for kind, value in identities if len(value) >= _SHORTEST.get(kind, 1))


def _open(
    policy: Policy,
    resolve: Resolver,
    scope: Scope,
    capability: str,
    stack: ExitStack,
    places: dict[tuple[str, str], Place],
) -> tuple[dict[str, list[Searched]], dict[str, Db]]:
    """Connections and tables of every store that answers; what does not is put down in `places`."""
    tables: dict[str, list[Searched]] = {}
    databases: dict[str, Db] = {}
    for store, declared in in_scope(policy, scope).items():
        place = policy.stores[store]
        try:
            db = stack.enter_context(connect(resolve(f"{place.connection}_{capability}"), autocommit=True))
            found = resolve_tables(db, store, place, declared)
        except StoreError as error:
            places |= {(store, name): Place(store, name, Outcome.UNREACHABLE, reason=str(error)) for name in declared}
            continue
        if not found:
            places |= {(store, name): Place(store, name, Outcome.NOTHING_TO_ASK) for name in declared}
        for table in found:
            if scope.client and table.client is None:
                reason = "no column says which client's its rows are (policy: client_column)"
                places[store, table.name] = Place(store, table.name, Outcome.UNREACHABLE, reason=reason)
        tables[store] = [table for table in found if not scope.client or table.client]
        databases[store] = db
    return tables, databases


def _ask(
    db: Db,
    table: Searched,
    scope: Scope,
    searches: Mapping[UUID, _Search],
    key: ReferenceKey,
    *,
    births: bool,
) -> None:
    """One query for all persons, and what it brought to each."""
    wanted: dict[str, dict[str, list[_Search]]] = defaultdict(lambda: defaultdict(list))
    born: dict[date, list[_Search]] = defaultdict(list)
    for search in searches.values():
        for kind, value in search.fresh:
            wanted[kind][value].append(search)
        if births and search.person.born_on and search.person.names:
            born[search.person.born_on].append(search)
    values = {kind: list(those) for kind, those in wanted.items()}
    terms, parameters = conditions(table, values, [day.isoformat() for day in born])
    if not terms:
        return
    for row in _rows(db, table, scope, terms, parameters, MOST_ROWS + 1_000 * (len(searches) - 1)):
        said_there = _identities(table, row)
        meant = {id(s): s for identity in said_there for s in wanted[identity[0]].get(identity[1], ())}
        day = normal.birth_date(row[table.born.column]) if table.born and row[table.born.column] else None
        meant |= {id(s): s for s in born.get(day, ())} if day else {}
        for search in meant.values():
            match = _judge(table, row, said_there, day, search, key)
            if match is None or match.reference in search.refused:
                continue
            search.matches[table.store, table.name, match.key] = match
            if match.certainty is Certainty.CERTAIN:
                search.beside |= set(_usable(said_there))
                search.stands |= {((table.store, table.name), identity) for identity in said_there}
                search.written |= {(a.kind, row[a.column].strip()) for a in table.identifying if row[a.column]}


def _rows(
    db: Db, table: Searched, scope: Scope, terms: Sequence[sql.Composed], parameters: list[object], most: int
) -> Iterator[dict[str, Any]]:
    where = sql.SQL("({})").format(sql.SQL(" or ").join(terms))
    if scope.client and table.client:
        where = sql.SQL("{} and {}::text = %s").format(where, sql.Identifier(table.client.column))
        parameters = [*parameters, scope.client]
    query = sql.SQL("select {} from {} where {} limit {}").format(
        sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in table.columns),
        table.identifier, where, sql.Literal(most + 1),
    )  # fmt: skip
    with said(f"store {table.store}: looking in {table.name}"):
        rows = db.execute(query, parameters).fetchall()
    if len(rows) > most:
        raise StoreError(
            f"store {table.store}: more than {most:,} rows of {table.name} answer to what is asked, which is no "
            "person: see which identity is shared by many"
        )
    return (dict(zip(table.columns, row, strict=True)) for row in rows)


def _identities(table: Searched, row: Mapping[str, Any]) -> frozenset[Identity]:
    return frozenset(
        (asked.kind, normal.form(asked.kind).of(row[asked.column]))
        for asked in table.identifying
        if row[asked.column] not in (None, "")
    )


def _judge(
    table: Searched,
    row: Mapping[str, Any],
    said_there: frozenset[Identity],
    day: date | None,
    search: _Search,
    key: ReferenceKey,
) -> Match | None:
    """What speaks for and against this row being the person's; None where nothing but a birth date does."""
    agrees = {kind for kind, value in said_there if (kind, value) in search.known}
    differs: set[str] = set()
    person = search.person
    if day and person.born_on:
        (agrees if day == person.born_on else differs).add("birth_date")
    if table.postcode and row[table.postcode.column] and person.postcode:
        same = normal.postcode(row[table.postcode.column]) == normal.postcode(person.postcode)
        (agrees if same else differs).add("postcode")
    name = " ".join(str(row[column]) for column in table.names if row[column])
    same_name = _name(name, person.names)
    if same_name is not None:
        (agrees if same_name else differs).add("name")
    reference = key.row(table.store, table.name, row[table.key])
    certain = reference in search.confirmed or _is_certain(agrees, differs, table)
    if agrees <= {"birth_date"} or (agrees <= {"birth_date", "postcode"} and "name" in differs):
        return None
    return Match(
        table.store, table.name, str(row[table.key]), reference,
        Certainty.CERTAIN if certain else Certainty.POSSIBLE,
        frozenset(agrees), frozenset(differs),
    )  # fmt: skip


def _name(there: str, known: Collection[str]) -> bool | None:
    """Whether a name there is one of the person's; None where nobody can tell."""
    said = [normal.same_name(there, name) for name in known] if there else []
    return True if True in said else False if False in said else None


def _is_certain(agrees: Collection[str], differs: Collection[str], table: Searched) -> bool:
    if table.subject in agrees:
        return True  # the number of an account is one person's, whatever name it was given
    if "name" in differs or "birth_date" in differs:
        return False
    strong = {kind for kind in agrees if kind not in WEAK and kind not in ("name", "birth_date", "postcode")}
    return bool(strong) or (
        "name" in agrees and (not WEAK.isdisjoint(agrees) or {"birth_date", "postcode"} <= set(agrees))
    )


def _next_round(search: _Search) -> None:
    search.fresh = search.beside - search.known
    search.known |= search.fresh
    search.beside = set()
    if len(search.known) > MOST:
        raise HoederError(
            f"more than {MOST} identities hang together, so they are not one person's: one of them is shared by many. "
            "Name fewer identities in the request's case"
        )


def _found(
    search: _Search,
    places: Mapping[tuple[str, str], Place],
    asked: Mapping[tuple[str, str], Searched],
    in_objects: Sequence[Place],
) -> Found:
    counted: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for match in search.matches.values():
        counted[match.store, match.target].append(match)
    kinds = {kind for kind, _ in search.known}
    looked = dict(places)
    for place in in_objects:
        those = counted[place.store, place.target]
        possible = sum(match.certainty is Certainty.POSSIBLE for match in those)
        looked[place.store, place.target] = replace(place, found=len(those), possible=possible)
    for (store, name), table in asked.items():
        those = counted[store, name]
        could = any(each.kind in kinds for each in table.identifying) or bool(
            table.born and table.names and search.person.born_on and search.person.names
        )
        looked[store, name] = Place(
            store, name, Outcome.SEARCHED if could else Outcome.NOTHING_TO_ASK, found=len(those),
            possible=sum(match.certainty is Certainty.POSSIBLE for match in those),
        )  # fmt: skip
    return Found(
        tuple(sorted(search.matches.values(), key=lambda m: (m.store, m.target, m.key))),
        tuple(looked[place] for place in sorted(looked)),
        frozenset(search.known),
        frozenset(search.written | set(search.person.identities)),
        frozenset(search.stands),
    )
