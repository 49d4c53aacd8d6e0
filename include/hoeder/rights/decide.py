"""What becomes of each category of a person's records when they ask for erasure, with the legal ground of what stays.

A proposal: an officer decides. Erased is what nothing demands (GDPR 17(1)). What the law demands stays until its term
is over (17(3)(b)), what a legal hold covers stays for the claim (17(3)(e)), and so does a record of which nobody knows
when its term begins, until somebody has looked. A record to which one refers that stays, stays with it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql

from hoeder.clock import due_date
from hoeder.errors import Refused, StoreError
from hoeder.governance.protection import Protections
from hoeder.persons.person import Certainty, Found, Match
from hoeder.policy import Policy
from hoeder.policy.retention import RetentionRule
from hoeder.policy.term import Mode
from hoeder.rights import referring
from hoeder.stores.anchors import object_anchor, object_pending, read_metadata
from hoeder.stores.connection import Resolver, connect, s3_client
from hoeder.stores.contents import reason
from hoeder.stores.erasable import find_types
from hoeder.stores.postgres import said
from hoeder.stores.selection import as_day

Db = psycopg.Connection[tuple[Any, ...]]


class Ground(StrEnum):
    """Why a record is not erased: the closed list of GDPR 17(3), and what must be known first."""

    LEGAL_DUTY = "legal-duty"  # 17(3)(b)
    CLAIMS = "claims"  # 17(3)(e)
    UNKNOWN_TERM = "unknown-term"  # a statutory term whose beginning is not recorded
    REFERRED_TO = "referred-to"  # a record that is not the person's refers to it


@dataclass(frozen=True)
class Kept:
    """Records of one category that stay: why, by which rule, and until when at the latest."""

    ground: Ground
    records: int
    rule: str | None = None
    basis: str | None = None
    until: date | None = None


class Why(NamedTuple):
    """Why one record stays."""

    ground: Ground
    rule: str | None = None
    until: date | None = None


Record = tuple[str, str, str]
"""Store, table or prefix, and key."""


@dataclass(frozen=True)
class Decision:
    """What becomes of the person's records in one table or prefix."""

    store: str
    target: str
    erase: tuple[Match, ...] = field(repr=False)
    kept: tuple[Kept, ...]

    @property
    def place(self) -> str:
        return f"{self.store}.{self.target}"


def digest_of(decisions: Sequence[Decision]) -> str:
    """SHA-256 over exactly what would be erased: an officer's answer serves this and nothing else."""
    state = hashlib.sha256()
    for decision in decisions:
        state.update(f"{decision.place}\0".encode())
        for match in sorted(decision.erase, key=lambda match: match.reference):
            state.update(match.reference)
    return state.hexdigest()


def propose_erasure(
    policy: Policy,
    resolve: Resolver,
    protections: Protections,
    found: Found,
    today: date,
    *,
    capability: str = "rights",
) -> tuple[Decision, ...]:
    """What is erased and what stays, per table or prefix. Raises Refused while a store was not searched or a match not
    judged, StoreError where a store does not answer.
    """
    one = UUID(int=0)
    return propose_many(policy, resolve, protections, {one: found}, today, capability=capability)[one]


def propose_many(
    policy: Policy,
    resolve: Resolver,
    protections: Protections,
    found: Mapping[UUID, Found],
    today: date,
    *,
    capability: str = "rights",
) -> dict[UUID, tuple[Decision, ...]]:
    """The same for many persons by case, each judged as if alone; every table is asked once."""
    for each in found.values():
        decidable(each)
    certain = {
        case: [match for match in each.matches if match.certainty is Certainty.CERTAIN] for case, each in found.items()
    }
    by_place: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for matches in certain.values():
        for match in matches:
            by_place[match.store, match.target][match.key] = None
    floors = {place: _floors(policy, today, *place) for place in by_place}
    rows = _rows(policy, resolve, by_place, floors, capability)
    stays: dict[UUID, dict[Record, Why]] = {}
    for case, matches in certain.items():
        stays[case] = {}
        for match in matches:
            place = (match.store, match.target)
            row = rows.get((*place, match.key), {})
            if why := _why(policy, protections, match, row, floors[place], found[case], today):
                stays[case][*place, match.key] = why
    refers = referring.rows(policy, resolve, by_place, capability)
    for case, matches in certain.items():
        _with_what_refers(refers, {(m.store, m.target, m.key) for m in matches}, stays[case])
    bases = {rule.rule: rule.source.basis for rules in floors.values() for rule in rules}
    return {case: _decisions(matches, stays[case], bases) for case, matches in certain.items()}


def decidable(found: Found) -> None:
    """Raises Refused while a store was not searched or a match not judged."""
    if not found.complete:
        raise Refused("a store was not searched, so nobody can decide yet: search again when it answers")
    if found.to_confirm:
        raise Refused(f"{len(found.to_confirm)} possible matches were not judged: a person must say whose they are")


def _floors(policy: Policy, today: date, store: str, target: str) -> list[RetentionRule]:
    return [
        rule
        for rule in policy.rules_on(today)
        if rule.is_floor and rule.store == store and rule.target.rstrip("/") == target.rstrip("/")
    ]


def _why(
    policy: Policy,
    protections: Protections,
    match: Match,
    row: Mapping[str, Any],
    floors: Sequence[RetentionRule],
    found: Found,
    today: date,
) -> Why | None:
    """Why a record stays by itself; None where nothing keeps it."""
    anchors = [as_day(row.get(name)) for rule in floors for name in rule.keep.anchors]
    anchor = max((day for day in anchors if day), default=None)
    if protections.of(match.store, match.target, tuple(found.written), anchor) is not None:
        return Why(Ground.CLAIMS)
    if f"{match.store}:{match.target}" in policy.requests.mailboxes:
        return Why(Ground.CLAIMS)  # that a request was answered can be shown as long as somebody can contest it
    reasons = [why for rule in floors if (why := _kept_by(rule, row, today))]
    return max(reasons, key=lambda why: (why.until is None, why.until or date.min), default=None)


def _with_what_refers(refers: Mapping[Record, Sequence[Record]], theirs: set[Record], stays: dict[Record, Why]) -> None:
    """What is referred to by a record that stays, stays with it, for the same reason; and so on."""
    changed = True
    while changed:
        changed = False
        for record in theirs - set(stays):
            for other in refers.get(record, ()):
                if other in stays or other not in theirs:
                    stays[record] = stays.get(other, Why(Ground.REFERRED_TO))
                    changed = True
                    break


def _decisions(matches: Sequence[Match], stays: Mapping[Record, Why], bases: Mapping[str, str]) -> tuple[Decision, ...]:
    erase: dict[tuple[str, str], list[Match]] = defaultdict(list)
    kept: dict[tuple[str, str], dict[tuple[Ground, str | None], list[date | None]]] = {}
    for match in matches:
        place = (match.store, match.target)
        here = kept.setdefault(place, defaultdict(list))
        if why := stays.get((*place, match.key)):
            here[why.ground, why.rule].append(why.until)
        else:
            erase[place].append(match)
    return tuple(
        Decision(
            *place,
            tuple(erase[place]),
            tuple(
                Kept(ground, len(days), rule, bases.get(rule or ""), max((d for d in days if d), default=None))
                for (ground, rule), days in sorted(here.items(), key=lambda item: (item[0][0], item[0][1] or ""))
            ),
        )
        for place, here in sorted(kept.items())
    )


def _kept_by(rule: RetentionRule, row: Mapping[str, Any], today: date) -> Why | None:
    """Why a statutory minimum keeps a record, until when; None where its term is over."""
    if rule.pending is not None:
        value = row.get(rule.pending.column)
        if value is None or str(value) in rule.pending.values:
            return Why(Ground.LEGAL_DUTY, rule.rule)  # its term has not begun
    days = [as_day(row.get(name)) for name in rule.keep.anchors]
    if rule.keep.mode is Mode.ROLL:
        days = [max((day for day in days if day), default=None)]
    if any(day is None for day in days):
        return Why(Ground.UNKNOWN_TERM, rule.rule)
    due = max(due_date(day, rule.keep, floor=True) for day in days if day)
    return Why(Ground.LEGAL_DUTY, rule.rule, due) if due > today else None


def _rows(
    policy: Policy,
    resolve: Resolver,
    by_place: Mapping[tuple[str, str], Iterable[str]],
    floors: Mapping[tuple[str, str], Sequence[RetentionRule]],
    capability: str,
) -> dict[Record, dict[str, Any]]:
    """What statutory terms look at, by record; nothing where none does."""
    found: dict[Record, dict[str, Any]] = {}
    asked = [(place, columns) for place in by_place if (columns := list(dict.fromkeys(_columns(floors[place]))))]
    for store in dict.fromkeys(store for (store, _), _ in asked):
        place = policy.stores[store]
        account = resolve(f"{place.connection}_{capability}")
        those = [(target, columns) for (name, target), columns in asked if name == store]
        if place.kind == "s3":
            client = s3_client(account)
            for target, _ in those:
                for key in by_place[store, target]:
                    found[store, target, key] = _of_object(client, str(place.bucket), store, key, floors[store, target])
            continue
        with connect(account, autocommit=True) as db:
            for target, columns in those:
                rows = _of_table(db, policy, store, target, columns, list(by_place[store, target]))
                found |= {(store, target, key): row for key, row in rows.items()}
    return found


def _of_table(
    db: Db, policy: Policy, store: str, target: str, columns: Sequence[str], keys: Sequence[str]
) -> dict[str, dict[str, Any]]:
    table = policy.datasets[store].tables[target]
    with said(f"store {store}: {target}"):
        there = find_types(db, policy.stores[store].schemas, target)
        if there is None or (lacking := sorted({*columns, table.key} - set(there[1]))):
            absent = "" if there is None else f" with {', '.join(lacking)}"
            raise StoreError(f"store {store}: there is no table {target}{absent}, which a statutory term needs")
        query = sql.SQL("select {key}::text, {columns} from {table} where {key} = any(%s::{type}[])").format(
            key=sql.Identifier(table.key),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            table=there[0],
            type=sql.SQL(there[1][table.key].replace("%", "%%")),
        )
        rows = db.execute(query, [keys]).fetchall()
    return {str(key): dict(zip(columns, values, strict=True)) for key, *values in rows}


def _of_object(client: Any, bucket: str, store: str, key: str, floors: Sequence[RetentionRule]) -> dict[str, Any]:
    """An object's anchors as the rules read them. Of rows inside one, and of an earlier version, nobody knows them."""
    if "\0" in key:
        return {}
    try:
        metadata = read_metadata(client, bucket, key)
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"store {store}: {reason(error)}") from error
    found: dict[str, Any] = {}
    for rule in floors:
        if rule.pending:
            found[rule.pending.column] = metadata.get(rule.pending.column)
            if object_pending(rule, metadata):
                found[rule.pending.column] = rule.pending.values[0]
        found |= dict.fromkeys(rule.keep.anchors, object_anchor(rule, key, metadata))
    return found


def _columns(floors: Sequence[RetentionRule]) -> Iterator[str]:
    for rule in floors:
        yield from rule.keep.anchors
        if rule.pending:
            yield rule.pending.column
