"""Carry out what was granted in a case: erase, or mark the person so that everybody obeys.

Each function looks anew and does nothing where that is not what an officer granted.
"""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from psycopg import sql

from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.protection import Protections
from hoeder.persons import marks
from hoeder.persons.marks import Ground, OptOut
from hoeder.persons.person import Certainty, Found
from hoeder.policy import Policy
from hoeder.policy.carry_out import ConsentPlace
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import batch, case, case_file, granting, search
from hoeder.rights.case import Db, Right
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.erasable import changeable, erasable
from hoeder.stores.postgres import said
from hoeder.vault import Vault

GROUNDS: Mapping[Right, Ground] = {Right.RESTRICTION: Ground.RESTRICTION, Right.OBJECTION: Ground.OBJECTION}
"""Rights that leave a person out of what is done with others."""
OPTING_OUT = frozenset({Right.OBJECTION, Right.WITHDRAWAL, Right.ERASURE})
"""Rights after which nobody is approached or passed on (GDPR 21(3), 7(3))."""


def erase(
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
    """Erase exactly what was granted in one case; counts. Safe to run again after a crash.

    Raises Refused where something else would be erased now, StoreError where a store does not answer or rows that
    this account may not see are in the way.
    """
    done = batch.erase(db, policy, resolve, key, vault, {case_id: digest}, run=run, today=today)[case_id]
    if done.problem is not None:
        raise done.problem
    return done.counts


def mark(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    case_id: UUID,
    *,
    right: Right,
    digest: str,
    run: ledger.Run,
    today: date,
) -> Mapping[str, int]:
    """Mark a person under every name the stores have for them: restriction, objection, or a consent that is withdrawn.

    How many identities were marked, and how many consents ended. Raises Refused for another right, and where the
    person is known under other names now than was granted; StoreError where a store does not answer.
    """
    if right not in {*GROUNDS, Right.WITHDRAWAL}:
        raise Refused(f"{right} is not a mark")
    asked, file = case.read(db, case_id), case_file.read(vault, case_id)
    subject = search.subject_of(db, key, asked, file)
    with ledger.act(db, run, Activity.RIGHTS_CARRY_OUT, right, case_id=case_id, subject_ref=subject) as act:
        act.outcome = Outcome.REFUSED
        found = search.look(db, policy, resolve, key, vault, case_id)
        would = granting.propose(policy, resolve, key, Protections.read(db, key), found, right, today)
        if would.digest != digest:
            raise Refused(f"case {case_id}: who would be marked now is not who was granted; search again")
        named = found.written | file.person().identities
        act.outcome = Outcome.FAILED
        marked = 0
        if right is Right.RESTRICTION:
            marked = marks.restrict(db, key, case_id, named)
        if right is Right.OBJECTION:
            marked = marks.mark(db, key, Ground.OBJECTION, named)
        if right in OPTING_OUT:
            marked = marks.opt_out(db, key, tuple(OptOut), named, case_id)
        db.commit()
        ended = end_consents(policy, resolve, found, today) if right is Right.WITHDRAWAL else 0
        act.counts = {"records": would.records, "marked": marked, "changed": ended}
        act.outcome = Outcome.DONE
    return act.counts


def end_consents(policy: Policy, resolve: Resolver, found: Found, today: date) -> int:
    """End every consent of a person that stands, from today; how many. The proof that it was given stays."""
    ended = 0
    for place in policy.requests.consents:
        store, _, name = place.table.partition(".")
        keys = _keys(found, place)
        if not keys:
            continue
        declared = policy.datasets[store].tables[name]
        account = resolve(f"{policy.stores[store].connection}_rights")
        with connect(account, autocommit=True) as db, said(f"store {store}: {name}"):
            columns = [place.status, place.ended_on]
            table = erasable(db, store, policy.stores[store].schemas, name, key=declared.key, columns=columns)
            changeable(db, store, table)
            query = sql.SQL(
                "update {table} set {status} = %s, {on} = %s where {key} = any(%s::{type}[]) and {status} = %s"
            ).format(
                table=table.identifier, status=sql.Identifier(place.status), on=sql.Identifier(place.ended_on),
                key=sql.Identifier(declared.key), type=sql.SQL(table.types[declared.key].replace("%", "%%")),
            )  # fmt: skip
            ended += db.execute(query, [place.ended, today, keys, place.standing]).rowcount
    return ended


def standing_consents(policy: Policy, resolve: Resolver, found: Found) -> int:
    """How many consents of a person stand."""
    standing = 0
    for place in policy.requests.consents:
        store, _, name = place.table.partition(".")
        keys = _keys(found, place)
        if not keys:
            continue
        declared = policy.datasets[store].tables[name]
        account = resolve(f"{policy.stores[store].connection}_rights")
        with connect(account, autocommit=True) as db, said(f"store {store}: {name}"):
            schemas = policy.stores[store].schemas
            table = erasable(db, store, schemas, name, key=declared.key, columns=[place.status])
            query = sql.SQL("select count(*) from {table} where {key} = any(%s::{type}[]) and {status} = %s").format(
                table=table.identifier, status=sql.Identifier(place.status), key=sql.Identifier(declared.key),
                type=sql.SQL(table.types[declared.key].replace("%", "%%")),
            )  # fmt: skip
            row = db.execute(query, [keys, place.standing]).fetchone()
            standing += int(row[0]) if row else 0
    return standing


def _keys(found: Found, place: ConsentPlace) -> list[str]:
    return [
        match.key
        for match in found.matches
        if f"{match.store}.{match.target}" == place.table and match.certainty is Certainty.CERTAIN
    ]
