"""Look again: a fresh search, by everything that was known, for what should be gone, marked or corrected.

A case is done when this finds nothing, and not before.
"""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.protection import Protections
from hoeder.persons import marks
from hoeder.persons.marks import OptOut
from hoeder.persons.person import Found
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import carry_out, case, case_file, decide, rectify, search
from hoeder.rights.case import Db, Right
from hoeder.rights.case_file import CaseFile
from hoeder.stores.connection import Resolver
from hoeder.vault import Vault


def look_again(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    case_id: UUID,
    *,
    run: ledger.Run,
    today: date,
) -> Mapping[str, int]:
    """Search anew for the person of a case and hold what is there against every right that was carried out.

    Returns what was found, and how much of it stays with a ground. Raises StoreError while something is left that
    should be gone, marked or corrected, or a store does not answer.
    """
    asked, file = case.read(db, case_id), case_file.read(vault, case_id)
    rights, subject = search.carried_out(asked), search.subject_of(db, key, asked, file)
    with ledger.act(db, run, Activity.RIGHTS_VERIFY, "request", case_id=case_id, subject_ref=subject) as act:
        found = search.look(db, policy, resolve, key, vault, case_id)
        if not found.complete:
            act.outcome = Outcome.UNREACHABLE
            raise StoreError(f"case {case_id} cannot be verified: a store does not answer; try again when it does")
        left: dict[str, int] = {}
        withheld = 0
        if Right.ERASURE in rights:
            left["records to erase"], withheld = _to_erase(db, policy, resolve, key, case_id, found, today)
        left |= _unmarked(db, policy, resolve, key, rights, found, file)
        if Right.RECTIFICATION in rights and Right.ERASURE not in rights:
            left["fields to correct"] = rectify.differs(policy, resolve, rectify.plan(policy, found, file.corrections))
        remaining = sum(left.values())
        act.counts = {
            "records": len(found.matches), "places": len(found.places), "withheld": withheld, "remaining": remaining,
        }  # fmt: skip
        if remaining:
            act.outcome = Outcome.PARTIAL
            said = ", ".join(f"{count} {what}" for what, count in left.items() if count)
            raise StoreError(
                f"case {case_id} is not done: a fresh search found {said}. Carry out again, or search again"
            )
        act.outcome = Outcome.DONE
    return act.counts


def _to_erase(
    db: Db, policy: Policy, resolve: Resolver, key: ReferenceKey, case_id: UUID, found: Found, today: date
) -> tuple[int, int]:
    """Records that nothing keeps, or of which nobody knows whose they are; and those that stay as was decided.

    More that stay than when it was carried out is something that came back.
    """
    try:
        made = decide.propose_erasure(policy, resolve, Protections.read(db, key), found, today)
    except Refused:
        return len(found.to_confirm), 0
    left = sum(len(each.erase) for each in made)
    stays = sum(kept.records for each in made for kept in each.kept)
    return left + max(0, stays - _stayed(db, case_id)), stays


def _stayed(db: Db, case_id: UUID) -> int:
    """How many records stayed when the erasure was carried out, by the ledger."""
    row = db.execute(
        """select coalesce((counts ->> 'withheld')::bigint, 0) + coalesce((counts ->> 'held')::bigint, 0)
             from ledger where case_id = %s and activity = %s and object = 'erasure' and phase = 'outcome'
                           and outcome in ('done', 'partial', 'nothing') order by entry desc limit 1""",
        [case_id, Activity.RIGHTS_CARRY_OUT],
    ).fetchone()
    return int(row[0]) if row else 0


def _unmarked(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    rights: frozenset[Right],
    found: Found,
    file: CaseFile,
) -> dict[str, int]:
    """Identities that should be marked and are not, and consents that still stand."""
    named = found.written | file.person().identities
    left: dict[str, int] = {}
    for right, ground in carry_out.GROUNDS.items():
        if right in rights:
            left[f"names without {ground}"] = marks.unmarked(db, key, ground, named)
    if rights & carry_out.OPTING_OUT:
        for scope in OptOut:
            left[f"names not kept from {scope}"] = marks.not_opted_out(db, key, scope, named)
    if Right.WITHDRAWAL in rights:
        left["consents that stand"] = carry_out.standing_consents(policy, resolve, found)
    return left
