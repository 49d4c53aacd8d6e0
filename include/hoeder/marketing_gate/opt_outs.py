"""Who said no in our own list is taken over as keyed hashes under every identity that we know of the person.

What was taken over once stays: the record may be erased, come back with an import or not come back after a restore.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from hoeder.clock import AMSTERDAM
from hoeder.deadlines import working_days_after
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.marketing_gate import addresses, facts
from hoeder.persons.marks import OptOut, references
from hoeder.persons.person import Identity
from hoeder.policy.marketing_gate import MarketingGate
from hoeder.pseudonym import ReferenceKey

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class TakenOver:
    """Opt-outs that stand in the company's list, those that were new, and the new ones that came too late."""

    standing: int
    new: int
    late: int


@dataclass(frozen=True)
class _OptOut:
    scope: OptOut
    since: date | None
    identities: frozenset[Identity]


def take_over(db: Db, governance: Db, gate: MarketingGate, key: ReferenceKey, run: Run, *, today: date) -> TakenOver:
    """Add what is new to `suppression`; nothing is ever taken off. Safe to run again.

    An opt-out is late where it reached us more working days ago than policy allows and an earlier run did not have it
    yet. Late ones make the outcome `partial`. Raises StoreError where the list cannot be read.
    """
    before = governance.execute(
        "select exists (select from ledger where activity = %s and outcome in ('done', 'partial', 'nothing'))",
        [Activity.MARKETING_OPT_OUT],
    ).fetchone()
    with ledger.act(governance, run, Activity.MARKETING_OPT_OUT, gate.opt_outs.store) as doing:
        standing = _standing(db, gate)
        known = _known(governance)
        new = late = 0
        for each in standing:
            marked = references(key, each.identities)
            if missing := [
                (kind, reference) for kind, reference in marked if (each.scope, kind, reference) not in known
            ]:
                # Somebody of whom one more identity became known is not new.
                if len(missing) == len(marked):
                    new += 1
                    late += bool(before and before[0] and each.since and _due(each.since, gate) < today)
                _add(governance, each, missing)
        doing.counts = {"persons": len(standing), "opted_out": new, "late": late}
        doing.outcome = Outcome.PARTIAL if late else Outcome.DONE if new else Outcome.NOTHING
    return TakenOver(len(standing), new, late)


def _due(since: date, gate: MarketingGate) -> date:
    return working_days_after(since, gate.working_days)


def _known(governance: Db) -> set[tuple[str, str, bytes]]:
    return {
        (scope, kind, bytes(reference))
        for scope, kind, reference in governance.execute("select scope, subject_kind, subject_ref from suppression")
    }


def _add(governance: Db, each: _OptOut, missing: list[tuple[str, bytes]]) -> None:
    began = datetime.combine(each.since, time(), AMSTERDAM) if each.since else datetime.now(UTC)
    governance.execute(
        """insert into suppression (scope, subject_kind, subject_ref, since)
           select %s, kind, ref, least(%s, clock_timestamp()) from unnest(%s::text[], %s::bytea[]) as x(kind, ref)
           on conflict do nothing""",
        [each.scope, began, [kind for kind, _ in missing], [reference for _, reference in missing]],
    )


def _standing(db: Db, gate: MarketingGate) -> list[_OptOut]:
    """Every opt-out that stands, with all identities of the persons whom it may mean."""
    said = gate.opt_outs
    columns = {name: getattr(said, name) for name in ("person", "email", "scope", "since", "status")}
    with db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        found = facts.table(db, said, columns)
        found = found.filter(pc.fill_null(pc.equal(found["status"].cast(pa.string()), said.standing), False))
        persons = _meant(db, gate, found)
    by_person: dict[str, set[Identity]] = defaultdict(set)
    by_email: dict[str, set[str]] = defaultdict(set)
    for person, *written in persons:
        by_person[person] |= {(gate.persons.kind, person)}
        for kind, value in written:
            by_person[person] |= {(kind, form) for form in addresses.of(kind, value)} | {(kind, value)}
            if kind == "email":
                for form in addresses.of(kind, value):
                    by_email[form].add(person)
    since = facts.days(found["since"]).to_pylist()
    rows = zip(*(_texts(found[name]) for name in ("person", "email", "scope")), since, strict=True)
    return [_opt_out(gate, row, by_person, by_email) for row in rows]


def _opt_out(
    gate: MarketingGate,
    row: tuple[str | None, str | None, str | None, date | None],
    by_person: dict[str, set[Identity]],
    by_email: dict[str, set[str]],
) -> _OptOut:
    person, email, scope, since = row
    forms = addresses.of("email", email) if email else set()
    identities = {("email", form) for form in forms} | ({("email", email)} if email else set())
    meant = {each for form in forms for each in by_email.get(form, ())} | ({person} if person else set())
    for each in meant:
        identities |= by_person.get(each, set()) | {(gate.persons.kind, each)}
    return _OptOut(OptOut.SHARING if scope == gate.opt_outs.sharing else OptOut.MARKETING, since, frozenset(identities))


def _meant(db: Db, gate: MarketingGate, found: pa.Table) -> Iterable[tuple[Any, ...]]:
    """Persons with their addresses as written: those who are named, and those with an address that is."""
    kinds = {kind: column for kind in ("email", "phone") if (column := getattr(gate.persons, kind))}
    persons = facts.table(db, gate.persons, {"person": gate.persons.key} | kinds)
    meant = pc.is_in(persons["person"], found["person"].combine_chunks())
    if "email" in kinds:
        objected = addresses.read("email", [found["email"]]).strict.drop_null()
        meant = pc.or_(meant, pc.is_in(addresses.read("email", [persons["email"]]).strict, objected))
    persons = persons.filter(meant)
    columns = {name: _texts(persons[name]) for name in persons.column_names}
    for at in range(len(persons)):
        yield columns["person"][at], *((kind, value) for kind in kinds if (value := columns[kind][at]))


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    return [None if value is None else value.decode() for value in column.to_pylist()]
