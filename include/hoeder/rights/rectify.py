"""Rectification (GDPR 16): fields of a person's records get the value that the person says, and nothing else changes.

Values come out of the case's file and go into the row; nothing between sees them. A judgement is not replaced: the
person's statement is put beside it, in the column that policy names for it. What stood there is kept where policy names
a column for that.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg import errors, sql

from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance import journal
from hoeder.governance.protection import Protections
from hoeder.persons.person import Certainty, Found, Match
from hoeder.policy import Policy
from hoeder.policy.carry_out import Correctable
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file, search
from hoeder.rights.case import Db, Right
from hoeder.rights.case_file import Correction
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.erasable import Erasable, changeable, erasable
from hoeder.stores.erase import open_door
from hoeder.stores.erase.door import still_open
from hoeder.stores.postgres import said
from hoeder.vault import Vault


@dataclass(frozen=True)
class Change:
    """One field of one record. `before` is the column that keeps what stood there."""

    match: Match
    column: str
    value: str | None = field(repr=False)
    before: str | None = None
    statement: bool = False


def plan(policy: Policy, found: Found, corrections: Sequence[Correction]) -> tuple[Change, ...]:
    """What corrections come to, record by record.

    Raises Refused where there are none, policy does not let the column be corrected, two of them disagree, or the
    record is not certainly the person's.
    """
    if not corrections:
        raise Refused("nobody put down what is wrong: `hoeder requests correct CASE` takes it from a file")
    changes: dict[tuple[bytes, str], Change] = {}
    for asked in corrections:
        may = allowed(policy, asked)
        store, _, target = asked.place.partition(".")
        matches = [
            match
            for match in found.matches
            if (match.store, match.target) == (store, target) and match.certainty is Certainty.CERTAIN
            and asked.record in (None, match.reference.hex())
        ]  # fmt: skip
        if not matches:
            raise Refused(
                f"{asked.place}: the record to be corrected is not certainly the person's; judge it first, or name "
                "another"
            )
        statement = asked.column in may.opinions
        column = may.opinions[asked.column] if statement else asked.column
        for match in matches:
            change = Change(match, column, asked.value, may.before.get(asked.column), statement)
            if changes.setdefault((match.reference, column), change) != change:
                raise Refused(f"{asked.place}.{asked.column}: two corrections of one record disagree")
    return tuple(changes.values())


def allowed(policy: Policy, asked: Correction) -> Correctable:
    """What may be corrected in the place of a correction. Raises Refused for a column that may not."""
    may = policy.requests.corrections.get(asked.place)
    columns = (*may.facts, *may.opinions) if may else ()
    if may is None or asked.column not in columns:
        there = ", ".join(columns if may else sorted(policy.requests.corrections)) or "nothing"
        raise Refused(
            f"{asked.place}.{asked.column} is not corrected by a request: policy names {there} (requests.yaml, "
            "corrections); anything else is corrected in the store itself"
        )
    return may


def digest(key: ReferenceKey, changes: Sequence[Change]) -> str:
    """SHA-256 over which fields get which value, keyed: an officer's answer serves this and nothing else."""
    state = hashlib.sha256()
    for change in sorted(changes, key=lambda each: (each.match.reference, each.column)):
        what = "null" if change.value is None else f"value {change.value}"
        state.update(change.match.reference + key.row(change.match.store, change.column, what))
    return state.hexdigest()


def apply(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    case_id: UUID,
    *,
    digest: str,
    run: ledger.Run,
    today: date,
) -> Mapping[str, int]:
    """Make exactly the corrections that were granted, all of one store or none; records changed, statements added.

    Who they were known as stays in the case's file, so that a later search still finds them. Raises Refused where the
    corrections are not those that were granted, a value does not fit, a change would do more than change the field, or
    a legal hold keeps the record as it is; StoreError where a store does not answer.
    """
    asked, file = case.read(db, case_id), case_file.read(vault, case_id)
    subject = search.subject_of(db, key, asked, file)
    with ledger.act(
        db, run, Activity.RIGHTS_CARRY_OUT, Right.RECTIFICATION, case_id=case_id, subject_ref=subject
    ) as act:
        act.outcome = Outcome.REFUSED
        found = search.look(db, policy, resolve, key, vault, case_id)
        changes = plan(policy, found, file.corrections)
        if _digest(key, changes) != digest:
            raise Refused(
                f"case {case_id}: what would be corrected now is not what was granted. Nothing was changed; search "
                "again"
            )
        _known_by(policy, vault, case_id, file, found, changes)
        by_store: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            by_store[change.match.store].append(change)
        changed: set[bytes] = set()
        for store, those in sorted(by_store.items()):
            changed |= _store(db, policy, resolve, key, case_id, store, those, found)
        act.counts = {
            "records": len({each.match.reference for each in changes}), "changed": len(changed),
            "statements": sum(each.statement for each in changes),
        }  # fmt: skip
        act.outcome = Outcome.DONE if changed else Outcome.NOTHING
    return act.counts


_digest = digest


def differs(policy: Policy, resolve: Resolver, changes: Sequence[Change]) -> int:
    """How many fields do not say what they should. Raises StoreError."""
    wrong = 0
    for store in dict.fromkeys(change.match.store for change in changes):
        account = resolve(f"{policy.stores[store].connection}_rights")
        with connect(account, autocommit=True) as db:
            for change in changes:
                if change.match.store == store:
                    table = _table(db, policy, change)
                    with said(f"store {store}: {table.name}"):
                        row = db.execute(_is_right(policy, table, change), [change.value, change.match.key]).fetchone()
                    wrong += not (row and row[0])
    return wrong


def _store(
    governance: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    case_id: UUID,
    store: str,
    changes: Sequence[Change],
    found: Found,
) -> set[bytes]:
    """One transaction. A restriction does not keep a person's own correction away; a hold keeps the record as it is."""
    changed: set[bytes] = set()
    account = resolve(f"{policy.stores[store].connection}_rights")
    with connect(account, autocommit=True) as db, open_door(governance, key) as protections:
        tables = {change: _table(db, policy, change) for change in changes}
        for change, table in tables.items():
            changeable(db, store, table)
            if _held(protections, change, found):
                raise Refused(
                    f"store {store}: {table.name}: a legal hold keeps a record as it is. Nothing was changed there; "
                    "ask counsel"
                )
        with _journal(governance, policy, store, case_id, changes, changed), said(f"store {store}: correcting"):
            try:
                with db.transaction():
                    for change, table in tables.items():
                        if _change(db, policy, table, change):
                            changed.add(change.match.reference)
                    still_open(governance)
            except (errors.DataError, errors.IntegrityError) as error:
                kind = type(error).__name__
                raise Refused(
                    f"store {store}: a value does not fit its column ({kind}). Nothing was changed there"
                ) from None
    return changed


@contextmanager
def _journal(
    governance: Db, policy: Policy, store: str, case_id: UUID, changes: Sequence[Change], changed: set[bytes]
) -> Iterator[None]:
    """Name the records before they are corrected, so that a restored backup is known to have them wrong.

    Taken back where nothing of a table was changed, and where the store undid it; after a crash it stays.
    """
    entries: dict[str, tuple[int | None, set[bytes]]] = {}
    for target in dict.fromkeys(change.match.target for change in changes):
        names = {change.match.reference for change in changes if change.match.target == target}
        entries[target] = journal.rectified(governance, policy, store, target, names, case_id=case_id), names
    governance.commit()
    try:
        yield
    except Refused:
        for entry, _ in entries.values():
            journal.withdraw(governance, entry)
        governance.commit()
        raise
    for entry, names in entries.values():
        (journal.withdraw if names.isdisjoint(changed) else journal.confirm)(governance, entry)
    governance.commit()


def _held(protections: Protections, change: Change, found: Found) -> bool:
    protection = protections.of(change.match.store, change.match.target, tuple(found.written))
    return protection is not None and protection.is_hold


def _change(db: psycopg.Connection[tuple[Any, ...]], policy: Policy, table: Erasable, change: Change) -> int:
    """Change one field where it differs; how many rows that were (none or one). Values are parameters."""
    columns: list[sql.Composable] = [sql.SQL("{} = {}").format(sql.Identifier(change.column), _value(table, change))]
    if change.before:
        columns.append(sql.SQL("{} = {}").format(sql.Identifier(change.before), sql.Identifier(change.column)))
    query = sql.SQL(
        "update {table} set {columns} where {key} = %s::{type} and {column} is distinct from {value}"
    ).format(
        table=table.identifier, columns=sql.SQL(", ").join(columns), value=_value(table, change),
        column=sql.Identifier(change.column), **_key(policy, table, change),
    )  # fmt: skip
    return db.execute(query, [change.value, change.match.key, change.value]).rowcount


def _is_right(policy: Policy, table: Erasable, change: Change) -> sql.Composed:
    return sql.SQL("select {column} is not distinct from {value} from {table} where {key} = %s::{type}").format(
        table=table.identifier, value=_value(table, change), column=sql.Identifier(change.column),
        **_key(policy, table, change),
    )  # fmt: skip


def _key(policy: Policy, table: Erasable, change: Change) -> dict[str, sql.Composable]:
    key = policy.datasets[change.match.store].tables[change.match.target].key
    return {"key": sql.Identifier(key), "type": sql.SQL(table.types[key].replace("%", "%%"))}


def _value(table: Erasable, change: Change) -> sql.Composed:
    """A parameter of the column's type without its length, which the column then tells: a cast would cut it off."""
    kind = table.types[change.column].partition("(")[0]
    return sql.SQL("%s::{}").format(sql.SQL(kind))


def _table(db: psycopg.Connection[tuple[Any, ...]], policy: Policy, change: Change) -> Erasable:
    match = change.match
    declared = policy.datasets[match.store].tables[match.target]
    columns = [change.column, *([change.before] if change.before else [])]
    schemas = policy.stores[match.store].schemas
    return erasable(db, match.store, schemas, match.target, key=declared.key, columns=columns)


def _known_by(
    policy: Policy, vault: Vault, case_id: UUID, file: case_file.CaseFile, found: Found, changes: Sequence[Change]
) -> None:
    """Put the new identities, and those by which the records hang together, into the case's file."""
    new: dict[tuple[str, str], None] = dict.fromkeys(file.identities)
    for change in changes:
        identifying = policy.datasets[change.match.store].tables[change.match.target].identifying
        if change.column in identifying and change.value:
            kind = identifying[change.column]
            new[kind, change.value] = None
            new |= dict.fromkeys(sorted(found.written))
    if len(new) > len(file.identities):
        case_file.write(vault, case_id, file.model_copy(update={"identities": tuple(new)}))
