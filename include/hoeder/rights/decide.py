"""What becomes of each category of a person's records when they ask for erasure, with the legal ground of what stays.

A proposal: an officer decides. Erased is what nothing demands (GDPR 17(1)). What the law demands stays until its term
is over (17(3)(b)), what a legal hold covers stays for the claim (17(3)(e)), and so does a record of which nobody knows
when its term begins, until somebody has looked.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import psycopg
from psycopg import sql

from hoeder.clock import due_date
from hoeder.errors import Refused, StoreError
from hoeder.governance.protection import Protections
from hoeder.persons.person import Certainty, Found, Match
from hoeder.policy import Policy
from hoeder.policy.models import RetentionRule
from hoeder.policy.term import Mode
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.erasable import find_columns
from hoeder.stores.postgres import said
from hoeder.stores.selection import as_day

Db = psycopg.Connection[tuple[Any, ...]]


class Ground(StrEnum):
    """Why a record is not erased: the closed list of GDPR 17(3), and what must be known first."""

    LEGAL_DUTY = "legal-duty"  # 17(3)(b)
    CLAIMS = "claims"  # 17(3)(e)
    UNKNOWN_TERM = "unknown-term"  # a statutory term whose beginning is not recorded


@dataclass(frozen=True)
class Kept:
    """Records of one category that stay: why, by which rule, and until when at the latest."""

    ground: Ground
    records: int
    rule: str | None = None
    basis: str | None = None
    until: date | None = None


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
    if not found.complete:
        raise Refused("a store was not searched, so nobody can decide yet: search again when it answers")
    if found.to_confirm:
        raise Refused(f"{len(found.to_confirm)} possible matches were not judged: a person must say whose they are")
    by_place: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for match in found.matches:
        if match.certainty is Certainty.CERTAIN:
            by_place[match.store, match.target].append(match)
    return tuple(
        _decide(policy, resolve, protections, store, target, matches, found, today, capability)
        for (store, target), matches in sorted(by_place.items())
    )


def _decide(
    policy: Policy,
    resolve: Resolver,
    protections: Protections,
    store: str,
    target: str,
    matches: Sequence[Match],
    found: Found,
    today: date,
    capability: str,
) -> Decision:
    floors = [
        rule
        for rule in policy.rules_on(today)
        if rule.is_floor and rule.store == store and rule.target.rstrip("/") == target.rstrip("/")
    ]
    rows = _rows(policy, resolve, store, target, matches, floors, capability)
    erase: list[Match] = []
    kept: dict[tuple[Ground, str | None], list[date | None]] = defaultdict(list)
    bases = {rule.rule: rule.source.basis for rule in floors}
    for match in matches:
        row = rows.get(match.key, {})
        anchors = [as_day(row.get(name)) for rule in floors for name in rule.keep.anchors]
        anchor = max((day for day in anchors if day), default=None)
        if protections.of(store, target, tuple(found.written), anchor) is not None:
            kept[Ground.CLAIMS, None].append(None)
            continue
        reasons = [reason for rule in floors if (reason := _kept_by(rule, row, today))]
        if reasons:
            ground, until, name = max(reasons, key=lambda reason: (reason[1] is None, reason[1] or date.min))
            kept[ground, name].append(until)
        else:
            erase.append(match)
    stays = tuple(
        Kept(ground, len(days), name, bases.get(name or ""), max((d for d in days if d), default=None))
        for (ground, name), days in sorted(kept.items(), key=lambda item: (item[0][0], item[0][1] or ""))
    )
    return Decision(store, target, tuple(erase), stays)


def _kept_by(rule: RetentionRule, row: Mapping[str, Any], today: date) -> tuple[Ground, date | None, str] | None:
    """Why a statutory minimum keeps a row, until when; None where its term is over."""
    if rule.pending is not None:
        value = row.get(rule.pending.column)
        if value is None or str(value) in rule.pending.values:
            return Ground.LEGAL_DUTY, None, rule.rule  # its term has not begun
    days = [as_day(row.get(name)) for name in rule.keep.anchors]
    if rule.keep.mode is Mode.ROLL:
        days = [max((day for day in days if day), default=None)]
    if any(day is None for day in days):
        return Ground.UNKNOWN_TERM, None, rule.rule
    due = max(due_date(day, rule.keep, floor=True) for day in days if day)
    return (Ground.LEGAL_DUTY, due, rule.rule) if due > today else None


def _rows(
    policy: Policy,
    resolve: Resolver,
    store: str,
    target: str,
    matches: Sequence[Match],
    floors: Sequence[RetentionRule],
    capability: str,
) -> dict[str, dict[str, Any]]:
    """The columns that statutory terms look at, by key; empty where none does."""
    columns = list(dict.fromkeys(_columns(floors)))
    table = policy.datasets[store].tables.get(target)
    if not columns or table is None:
        return {}
    place = policy.stores[store]
    with connect(resolve(f"{place.connection}_{capability}"), autocommit=True) as db, said(f"store {store}: {target}"):
        there = find_columns(db, place.schemas, target)
        if there is None or (lacking := sorted(set(columns) - there[1])):
            absent = "" if there is None else f" with {', '.join(lacking)}"
            raise StoreError(f"store {store}: there is no table {target}{absent}, which a statutory term needs")
        query = sql.SQL("select {key}::text, {columns} from {table} where {key}::text = any(%s)").format(
            key=sql.Identifier(table.key),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            table=there[0],
        )
        rows = db.execute(query, [[match.key for match in matches]]).fetchall()
    return {str(key): dict(zip(columns, values, strict=True)) for key, *values in rows}


def _columns(floors: Sequence[RetentionRule]) -> Iterator[str]:
    for rule in floors:
        yield from rule.keep.anchors
        if rule.pending:
            yield rule.pending.column
