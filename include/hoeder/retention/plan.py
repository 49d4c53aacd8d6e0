"""Plan: per rule what is due, what keeps records that are, and what has no anchor, with a digest over all of it.

The plan holds keyed references of rows, never their keys: nothing in it is personal.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from hoeder.clock import due_date, latest_due_anchor
from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.governance.protection import Protection, Protections
from hoeder.policy import Policy, RetentionRule
from hoeder.policy.retention import Act
from hoeder.pseudonym import ReferenceKey, digest_of
from hoeder.retention import due
from hoeder.retention.inside import RewriteTarget
from hoeder.retention.order import Order, Reference, execution_order
from hoeder.retention.returning import covered
from hoeder.stores.connection import Resolver
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.references import WIDTH, References, Rows, unpacked

Db = psycopg.Connection[tuple[Any, ...]]

PACKED = 100_000 * WIDTH
"""Bytes of references in one stored value."""


@dataclass(frozen=True)
class HeldBy:
    """What one hold keeps of a rule. The term goes on: the oldest record is due since this day, hold or not."""

    matter: str
    records: int
    due_since: date


@dataclass(frozen=True)
class PlanPart:
    """One rule's share of a plan, for one client where the rule is about a client's data."""

    rule: str
    store: str
    target: str
    position: int
    anchor_until: date
    due: int = 0
    held: int = 0
    missing_anchor: int = 0
    oldest: date | None = None
    digest: str = digest_of(())
    problem: str | None = None
    keep: str = ""
    act: str = Act.ERASE.value
    client: str | None = None
    restricted: int = 0
    longer: int = 0
    needed: int = 0
    follows: tuple[str, ...] = ()
    """Foreign keys along which rows go first: `message.customer_id`."""
    held_by: tuple[HeldBy, ...] = ()
    pre_approved: int | None = None
    """Approved by policy up to this many records; None where an officer must answer."""
    to_return: int = 0
    """Due, and wait until their client said that it has them."""

    @property
    def runs_without_asking(self) -> bool:
        """Whether policy approved this part beforehand, and it is within what was approved."""
        return self.pre_approved is not None and 0 < self.due <= self.pre_approved


@dataclass(frozen=True)
class Plan:
    """What the DPO is asked to approve. `digest` covers every figure and every row reference."""

    plan: UUID
    as_of: date
    policy_digest: str
    parts: tuple[PlanPart, ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex over the canonical JSON of the plan."""
        canonical = json.dumps(asdict(self), sort_keys=True, default=str, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def asked(self) -> tuple[PlanPart, ...]:
        """Parts with something due that wait for an officer's answer."""
        return tuple(part for part in self.parts if part.due and not part.runs_without_asking)

    @property
    def pre_approved(self) -> tuple[PlanPart, ...]:
        """Parts with something due that run on the policy's word."""
        return tuple(part for part in self.parts if part.runs_without_asking)


def make_plan(
    policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, *, run: ledger.Run, as_of: date
) -> Plan:
    """Look in every store what is due on a day, and store the plan.

    A store that does not answer does not stop the others: its parts carry the problem, and are not executed.
    """
    plan_id = uuid4()
    rules = tuple(rule for rule in policy.rules_on(as_of) if rule.enforce == "hoeder")
    ledger.register_policy(governance, policy)
    with ledger.act(governance, run, ledger.Activity.RETENTION_PLAN, "all", case_id=plan_id) as act:
        look = _Look(
            policy, resolve, key, Protections.read(governance, key), as_of, execution_order(policy, rules, resolve),
            governance,
        )  # fmt: skip
        parts = [look.at(rule) for rule in sorted(rules, key=look.position)]
        plan = Plan(plan_id, as_of, policy.digest, tuple(sorted(parts, key=lambda p: (p.position, p.rule))))
        _store(governance, plan, look.references, run)
        act.counts = {
            "rules": len(parts),
            "due": sum(p.due for p in parts),
            "held": sum(p.held for p in parts),
            "restricted": sum(p.restricted for p in parts),
            "longer": sum(p.longer for p in parts),
            "needed": sum(p.needed for p in parts),
            "pre_approved": sum(p.due for p in plan.pre_approved),
            "missing_anchor": sum(p.missing_anchor for p in parts),
            "to_return": sum(p.to_return for p in parts),
            "problems": sum(p.problem is not None for p in parts),
        }
        act.digest = plan.digest
        if any(part.problem for part in parts):
            act.outcome = ledger.Outcome.PARTIAL
    return plan


_COLUMNS = (
    "rule, store, target, position, anchor_until, due, held, missing_anchor, oldest, digest, problem, keep, act, "
    "client, restricted, longer, needed, follows, held_by, pre_approved, to_return"
)


def read_plan(governance: Db, plan_id: UUID) -> tuple[Plan, str, str | None, str | None]:
    """A stored plan with the digest, DAG and run it was stored with. Raises StoreError where there is none."""
    head = governance.execute(
        "select as_of, policy_digest, digest, dag_id, run_id from plan where plan = %s", [plan_id]
    ).fetchone()
    if head is None:
        raise StoreError(f"plan {plan_id} is not in the governance database")
    return Plan(plan_id, head[0], head[1], _parts(governance, plan_id)), head[2], head[3], head[4]


def previous_plan(governance: Db, plan: Plan) -> Plan | None:
    """The plan that was made before this one."""
    row = governance.execute(
        """select plan, as_of, policy_digest from plan
            where made_at < (select made_at from plan where plan = %s) order by made_at desc limit 1""",
        [plan.plan],
    ).fetchone()
    return None if row is None else Plan(row[0], row[1], row[2], _parts(governance, row[0]))


def _parts(governance: Db, plan_id: UUID) -> tuple[PlanPart, ...]:
    select = sql.SQL("select {} from plan_part where plan = %s order by position, rule").format(
        sql.SQL(", ").join(map(sql.Identifier, _COLUMNS.split(", ")))
    )
    rows = governance.execute(select, [plan_id]).fetchall()
    return tuple(_part(dict(zip(_COLUMNS.split(", "), row, strict=True))) for row in rows)


def _part(row: dict[str, Any]) -> PlanPart:
    held_by = tuple(HeldBy(matter, records, date.fromisoformat(day)) for matter, records, day in row["held_by"])
    return PlanPart(**row | {"follows": tuple(row["follows"]), "held_by": held_by})


def planned_references(governance: Db, plan_id: UUID, rule: str) -> References:
    """References of the rows that the plan names under a rule. Raises StoreError where they are no references."""
    rows = governance.execute(
        "select row_ref from plan_row where plan = %s and rule = %s", [plan_id, rule], binary=True
    )
    try:
        return References.unpack(b"".join(bytes(row[0]) for row in rows))
    except ValueError as error:
        raise StoreError(f"plan {plan_id}: what is stored of rule {rule} is no list of references") from error


@dataclass
class _Noted:
    """What was seen of one rule's records."""

    free: list[Rows] = field(default_factory=list)
    held: dict[str, tuple[int, date]] = field(default_factory=dict)
    """By matter: how many, and the earliest day."""
    restricted: int = 0

    def protected(self, protection: Protection, day: date, records: int = 1) -> None:
        if protection.matter is None:
            self.restricted += records
        else:
            before, earliest = self.held.get(protection.matter, (0, day))
            self.held[protection.matter] = (before + records, min(earliest, day))


@dataclass
class _Look:
    """One pass over all rules, those whose rows refer to others first."""

    policy: Policy
    resolve: Resolver
    key: ReferenceKey
    protections: Protections
    as_of: date
    orders: Mapping[str, Order | StoreError]
    governance: Db
    references: dict[str, References] = field(default_factory=dict)
    acts: dict[tuple[str, str], list[sql.Composable]] = field(default_factory=lambda: defaultdict(list))
    """By store and table: the conditions under which rows of it are planned for erasure."""
    stays: dict[tuple[str, str], list[Any]] = field(default_factory=lambda: defaultdict(list))
    """By store and table: keys of rows that are due and stay, as a hold or restriction protects them."""

    def position(self, rule: RetentionRule) -> int:
        order = self.orders.get(rule.store)
        return order.position.get(rule.target, 0) if isinstance(order, Order) else 0

    def at(self, rule: RetentionRule) -> PlanPart:
        """One rule's part; with the problem where the store cannot be looked at."""
        part = PlanPart(
            rule.rule, rule.store, rule.target, self.position(rule),
            latest_due_anchor(self.as_of, rule.keep, floor=rule.is_floor),
            keep=str(rule.keep), act=str(rule.then.act), client=rule.client.name if rule.client else None,
            pre_approved=rule.pre_approved_up_to,
        )  # fmt: skip
        order = self.orders.get(rule.store)
        try:
            if isinstance(order, StoreError):
                raise order
            return self._count(rule, part, order)
        except StoreError as error:
            return replace(part, problem=str(error))

    def _count(self, rule: RetentionRule, part: PlanPart, order: Order | None) -> PlanPart:
        target = due.open_target(self.policy, rule, self.resolve, self.as_of)
        try:
            noted = _Noted()
            if isinstance(target, due.TableTarget):
                seen = self._rows(rule, target, order, noted)
            else:
                seen = self._objects(rule, target, noted)
        finally:
            due.close(target)
        free = self.references[rule.rule] = References(np.concatenate(noted.free) if noted.free else unpacked(b""))
        waits = 0
        if rule.client is not None and rule.client.returned and not covered(self.governance, rule.rule, free):
            waits = len(free)
            free = self.references[rule.rule] = References(unpacked(b""))
            self.acts[rule.store, rule.target].pop()  # they stay, and so does what they refer to
        into = order.into(rule.target) if order else ()
        return replace(
            part,
            due=len(free),
            to_return=waits,
            held=sum(records for records, _ in noted.held.values()),
            restricted=noted.restricted,
            longer=seen.longer,
            needed=seen.needed,
            missing_anchor=seen.missing_anchor,
            oldest=seen.oldest,
            digest=free.digest,
            follows=tuple(str(reference) for reference in into if order and order.goes_first(reference)),
            held_by=tuple(
                HeldBy(matter, records, due_date(day, rule.keep, floor=rule.is_floor))
                for matter, (records, day) in sorted(noted.held.items())
            ),
        )

    def _rows(self, rule: RetentionRule, target: due.TableTarget, order: Order | None, noted: _Noted) -> due.Overview:
        """One pass that counts, and a look at the pages on which rows are due."""
        needed = _needed(target, order, self) if order else None
        besides = (sql.SQL("not {}").format(needed),) if needed else ()
        seen = target.overview(needed)
        question = target.question(*besides)
        for found in target.rows(question, seen.pages, self.protections):
            mask, why = found.protected(question, self.protections)
            references = found.keys.references(self.key, rule.store, rule.target)
            noted.free.append(references[~mask])
            for records, protection, day in why:
                noted.protected(protection, day or self.as_of, records)
            if why:
                self.stays[rule.store, rule.target] += found.keys.where(mask)
        if needed and seen.needed and self.protections.any:  # a record that is protected itself is counted as that
            question = target.question(needed)
            for found in target.rows(question, seen.pages, self.protections):
                for records, protection, day in found.protected(question, self.protections)[1]:
                    noted.protected(protection, day or self.as_of, records)
                    seen = replace(seen, needed=max(0, seen.needed - records))
        if not rule.then.columns:
            self.acts[rule.store, rule.target].append(sql.SQL(" and ").join([target.due, *besides]))
        return seen

    def _objects(self, rule: RetentionRule, target: due.PrefixTarget | RewriteTarget, noted: _Noted) -> due.Overview:
        if isinstance(target, RewriteTarget):
            target.protections = self.protections  # rows inside objects are judged where they are read
            target.index = ObjectIndex(self.governance, self.key, rule.store)
        free: list[bytes] = []
        for record in target.records():
            protection = self.protections.of(rule.store, rule.target, record.identities, record.anchor)
            if protection is None:
                free.append(self.key.row(rule.store, rule.target, record.key))
            else:
                noted.protected(protection, record.anchor or self.as_of)
        noted.free.append(unpacked(b"".join(free)))
        return target.overview()


def _needed(target: due.TableTarget, order: Order, look: _Look) -> sql.Composable | None:
    """SQL condition: a row that stays refers to the row, so that erasing it would break the reference.

    Rows of a table that comes first stay where no rule plans them; of any other table, all of them stay for now.
    """
    if target.rule.then.columns:
        return None
    conditions = []
    for reference in order.into(target.rule.target):
        if reference.readable:
            conditions.append(_referred(target, reference, order, look))
    return sql.SQL("({})").format(sql.SQL(" or ").join(conditions)) if conditions else None


def _referred(target: due.TableTarget, reference: Reference, order: Order, look: _Look) -> sql.Composed:
    child = sql.Identifier(reference.schema, reference.child)
    joined = sql.SQL(" and ").join(
        sql.SQL("child.{} = {}.{}").format(sql.Identifier(mine), target.found.identifier, sql.Identifier(theirs))
        for mine, theirs in zip(reference.columns, reference.to, strict=True)
    )
    stays: sql.Composable = sql.SQL("true")
    if order.goes_first(reference):
        where = (target.rule.store, reference.child)
        if going := look.acts[where]:
            # These conditions name the child's columns plainly: they stand in a query of their own, without an alias.
            key = sql.Identifier(look.policy.datasets[target.rule.store].tables[reference.child].key)
            stays = sql.SQL(
                "not exists (select from {table} where {table}.{key} = child.{key} and ({acts})"
                " and not {table}.{key} = any({kept}))"
            ).format(table=child, key=key, acts=sql.SQL(" or ").join(going), kept=sql.Literal(look.stays[where]))
    elif reference.child == target.rule.target:
        key = sql.Identifier(target.table.key)
        stays = sql.SQL("child.{key} <> {table}.{key}").format(key=key, table=target.found.identifier)
    return sql.SQL("exists (select from {child} child where {joined} and {stays})").format(
        child=child, joined=joined, stays=stays
    )


def _store(governance: Db, plan: Plan, references: dict[str, References], run: ledger.Run) -> None:
    with governance.transaction():
        governance.execute(
            "insert into plan (plan, digest, as_of, policy_digest, dag_id, run_id) values (%s, %s, %s, %s, %s, %s)",
            [plan.plan, plan.digest, plan.as_of, plan.policy_digest, run.dag_id, run.run_id],
        )
        with governance.cursor() as cursor:
            cursor.executemany(
                sql.SQL("insert into plan_part (plan, {}) values (%s, {})").format(
                    sql.SQL(", ").join(map(sql.Identifier, _COLUMNS.split(", "))),
                    sql.SQL(", ").join([sql.Placeholder()] * len(_COLUMNS.split(", "))),
                ),
                [(plan.plan, *_stored(part)) for part in plan.parts],
            )
            with cursor.copy("copy plan_row (plan, rule, row_ref) from stdin (format binary)") as copy:
                copy.set_types(["uuid", "text", "bytea"])
                for row in _rows(plan.plan, references):
                    copy.write_row(row)


def _stored(part: PlanPart) -> list[Any]:
    held_by = Jsonb([(by.matter, by.records, by.due_since.isoformat()) for by in part.held_by])
    special = {"held_by": held_by, "follows": list(part.follows)}
    return [special.get(name, getattr(part, name)) for name in _COLUMNS.split(", ")]


def _rows(plan: UUID, references: dict[str, References]) -> Iterator[tuple[UUID, str, bytes]]:
    for rule, found in references.items():
        packed = found.packed
        for start in range(0, len(packed), PACKED):
            yield plan, rule, packed[start : start + PACKED]
