"""Erase for many cases at once: the stores are searched, asked and emptied once for all of them.

Each case keeps a decision of its own, held against what would be erased for it now; one that does not agree stops
itself and nobody else.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from hoeder.errors import HoederError, Refused, StoreError
from hoeder.evidence import ledger, subjects
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.protection import Protections
from hoeder.persons import marks
from hoeder.persons.marks import OptOut
from hoeder.persons.person import Found, Match
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file, decide, erasing, search
from hoeder.rights.case import Db, Right
from hoeder.rights.case_file import CaseFile
from hoeder.rights.decide import Decision
from hoeder.rights.erasing import Hands, Persons
from hoeder.stores.connection import Resolver
from hoeder.stores.references import WIDTH
from hoeder.vault import Vault


@dataclass
class Done:
    """What came of one case; `problem` says why it is not done."""

    counts: dict[str, int] = field(default_factory=dict)
    outcome: Outcome = Outcome.DONE
    problem: HoederError | None = None


@dataclass(frozen=True)
class _Approved:
    """What goes for one case, and what stays."""

    found: Found
    erase: Sequence[Match]
    withheld: int


def erase(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    granted: Mapping[UUID, str],
    *,
    run: ledger.Run,
    today: date,
) -> dict[UUID, Done]:
    """Erase exactly what was granted, by case and digest (`decide.digest_of`); what came of each.

    Who is erased is not approached any more, should somebody import them again: keyed hashes of their identities stay.
    Their own key in the ledger goes where nothing of them is left. Safe to run again after a crash. Raises StoreError
    where a store does not answer; every case then has its outcome, and the next attempt goes on.
    """
    files = {case_id: case_file.read(vault, case_id) for case_id in granted}
    with _acts(db, run, key, files) as done:
        found = search.look_many(db, policy, resolve, key, vault, list(granted))
        approved = _approved(db, policy, resolve, key, found, granted, done, today)
        persons = Persons(
            frozenset(each for one in approved.values() for each in one.found.identities | one.found.written),
            frozenset(born for case_id in approved if (born := files[case_id].born_on)),
        )
        for case_id, one in approved.items():
            named = one.found.written | files[case_id].person().identities
            marks.opt_out(db, key, tuple(OptOut), named, case_id)
        db.commit()
        going = {match.reference: match for one in approved.values() for match in one.erase}
        left = erasing.erase(Hands(db, policy, resolve, key, persons, today), list(going.values()))
        for case_id, one in approved.items():
            _conclude(db, key, done[case_id], files[case_id], one, left)
    return done


def _approved(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    found: Mapping[UUID, Found],
    granted: Mapping[UUID, str],
    done: Mapping[UUID, Done],
    today: date,
) -> dict[UUID, _Approved]:
    """The cases whose decision is what would be erased now. What is approved is written down before anything goes."""
    clear: dict[UUID, Found] = {}
    for case_id, each in found.items():
        try:
            decide.decidable(each)
            clear[case_id] = each
        except Refused as refused:
            _refuse(done[case_id], refused)
    made = decide.propose_many(policy, resolve, Protections.read(db, key), clear, today)
    approved: dict[UUID, _Approved] = {}
    for case_id, decisions in made.items():
        try:
            erase = _admitted(db, case_id, granted[case_id], decisions)
        except Refused as refused:
            _refuse(done[case_id], refused)
            continue
        withheld = sum(kept.records for each in decisions for kept in each.kept)
        approved[case_id] = _Approved(found[case_id], erase, withheld)
    db.commit()
    return approved


def _admitted(db: Db, case_id: UUID, digest: str, decisions: Sequence[Decision]) -> list[Match]:
    """What would be erased now, where it is exactly what was granted, or what an attempt that ended left of it."""
    erase = [match for each in decisions for match in each.erase]
    row = db.execute(
        "select refs from subject_erasure where case_id = %s and digest = %s", [case_id, digest]
    ).fetchone()
    if row is not None:
        before = bytes(row[0])
        named = {before[at : at + WIDTH] for at in range(0, len(before), WIDTH)}
        if not {match.reference for match in erase} <= named:
            raise Refused(
                f"case {case_id}: there are records to erase now that nobody decided about. Nothing more was erased; "
                "search again"
            )
        return erase
    if decide.digest_of(decisions) != digest:
        raise Refused(
            f"case {case_id}: what would be erased now is not what was granted. Nothing was erased; search again"
        )
    db.execute(
        "insert into subject_erasure (case_id, digest, refs) values (%s, %s, %s)",
        [case_id, digest, b"".join(sorted({match.reference for match in erase}))],
    )
    return erase


def _refuse(done: Done, refused: Refused) -> None:
    done.outcome, done.problem = Outcome.REFUSED, refused


def _conclude(db: Db, key: ReferenceKey, done: Done, file: CaseFile, one: _Approved, left: erasing.Left) -> None:
    """Count what went, and destroy the person's key in the ledger where nothing of them stays."""
    wanted = {match.reference for match in one.erase}
    there, needed = wanted & left.there, wanted & left.needed
    objects = sum(match.reference not in there for match in one.erase if match.target.endswith("/"))
    done.counts = {
        "records": len(wanted), "erased": len(wanted - there), "objects": objects, "held": len(there - needed),
        "needed": len(needed), "withheld": one.withheld,
    }  # fmt: skip
    if there:
        done.outcome = Outcome.PARTIAL
    elif not wanted:
        done.outcome = Outcome.NOTHING
    if needed:
        done.problem = StoreError(
            f"{len(needed)} records were not erased: rows of tables that this account may not look into refer to them. "
            "Let the account read those tables, or have these rows erased first"
        )
    if not there and not one.withheld and file.identities:
        subjects.destroy_subject(db, key, *file.identities[0])


@contextmanager
def _acts(db: Db, run: ledger.Run, key: ReferenceKey, files: Mapping[UUID, CaseFile]) -> Iterator[dict[UUID, Done]]:
    """An intent for each case before, its outcome after."""
    done = {case_id: Done() for case_id in files}
    entries = {
        case_id: ledger.record_intent(
            db, run, Activity.RIGHTS_CARRY_OUT, Right.ERASURE, case_id=case_id,
            subject_ref=search.subject_of(db, key, case.read(db, case_id), file),
        )
        for case_id, file in files.items()
    }  # fmt: skip
    db.commit()
    try:
        yield done
    except Exception:
        db.rollback()
        for case_id, entry in entries.items():
            outcome = done[case_id].outcome if done[case_id].problem else Outcome.FAILED
            ledger.record_outcome(db, run, entry, outcome, counts=done[case_id].counts)
        db.commit()
        raise
    for case_id, entry in entries.items():
        ledger.record_outcome(db, run, entry, done[case_id].outcome, counts=done[case_id].counts)
    db.commit()
