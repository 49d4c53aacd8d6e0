"""Look for the person of a case in every store that the case was opened with, and keep whose each possible record is.

What was found is kept as keyed references with kinds that agree and differ. A possible match is nobody's until a person
judged it; a judgement holds in every later search of the case.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger, subjects
from hoeder.evidence.ledger import Activity
from hoeder.persons import normal
from hoeder.persons.find import find
from hoeder.persons.person import Certainty, Found, Match, Outcome, Place, Scope
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file
from hoeder.rights.case import Case, Db, Right, What
from hoeder.rights.case_file import CaseFile
from hoeder.stores.connection import Resolver
from hoeder.vault import Vault

ADDRESS = re.compile(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,255}")
"""One address, and nothing that a header could be made of."""


@dataclass(frozen=True)
class Judgements:
    """References of possible matches that a person judged: the person's, or somebody else's."""

    confirmed: frozenset[bytes]
    refused: frozenset[bytes]


@dataclass(frozen=True)
class Possible:
    """A record that may be the person's, as the last search saw it: kinds, and the keyed reference of the record."""

    store: str
    target: str
    reference: bytes
    agrees: tuple[str, ...]
    differs: tuple[str, ...]


def look(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    case_id: UUID,
) -> Found:
    """What stands in the stores now of the person of a case, with the judgements on it; writes nothing.

    Raises Refused for a case whose file names nobody.
    """
    return look_many(db, policy, resolve, key, vault, [case_id])[case_id]


def look_many(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    case_ids: Collection[UUID],
) -> dict[UUID, Found]:
    """The same for many cases, in as many passes through the stores as for one."""
    persons = {case_id: case_file.read(vault, case_id).person() for case_id in case_ids}
    for case_id, person in persons.items():
        if not person.identities and not (person.names and person.born_on):
            raise Refused(f"case {case_id} names nobody who could be looked for; see `hoeder requests show {case_id}`")
    judged = {case_id: judgements(db, case_id) for case_id in case_ids}
    found = find(
        policy, resolve, key, persons, Scope(),
        confirmed={case_id: each.confirmed for case_id, each in judged.items()},
        refused={case_id: each.refused for case_id, each in judged.items()},
        governance=db,
    )  # fmt: skip
    return {case_id: _with_what_went(policy, case.read(db, case_id), made) for case_id, made in found.items()}


def _with_what_went(policy: Policy, asked: Case, made: Found) -> Found:
    gone = [
        Place(store, "*", Outcome.UNREACHABLE, reason=f"store {store} went from policy after this was asked")
        for store in asked.stores
        if store not in policy.stores
    ]
    return replace(made, places=(*made.places, *gone)) if gone else made


def search(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    vault: Vault,
    case_id: UUID,
    *,
    run: ledger.Run,
    by: str,
) -> Found:
    """Look, and put down what was found. Raises StoreError where a store does not answer: the case stays as it is."""
    asked = case.read(db, case_id)
    if not case.may_follow(asked.last, What.SEARCHED):
        raise Refused(f"case {case_id} is {asked.last}; nobody is looked for before it is clear who asks")
    file = case_file.read(vault, case_id)
    subject = subject_of(db, key, asked, file)
    with ledger.act(db, run, Activity.RIGHTS_FIND, "request", case_id=case_id, subject_ref=subject) as act:
        found = look(db, policy, resolve, key, vault, case_id)
        act.counts = counts(found)
        if not found.complete:
            act.outcome = ledger.Outcome.UNREACHABLE
            lacking = [f"{place.store}.{place.target}: {place.reason}" for place in found.places
                       if place.outcome is Outcome.UNREACHABLE]  # fmt: skip
            raise StoreError(
                f"case {case_id} stays open: {len(lacking)} places could not be searched\n" + "\n".join(lacking)
            )
        _keep(db, case_id, found.matches)
        # every name that hangs together, so that a later look finds what is left when a link between them is gone
        if names := sorted(found.written.difference(file.identities)):
            case_file.write(vault, case_id, file.model_copy(update={"identities": (*file.identities, *names)}))
        case.take(db, case_id, What.SEARCHED, by, act.counts | {"address_on_file": on_file(policy, file, found)})
        if not found.matches:
            act.outcome = ledger.Outcome.NOTHING
    return found


def on_file(policy: Policy, file: CaseFile, found: Found) -> bool:
    """Whether the address that somebody asked from stands in a record that is certainly theirs.

    What anybody can type into a form of ours is no record of an address.
    """
    address = file.answer_to or ""
    if not ADDRESS.fullmatch(address):
        return False
    typed = {(form.store, form.table) for form in policy.requests.forms}
    wanted = ("email", normal.form("email").of(address))
    return any(identity == wanted and place not in typed for place, identity in found.stands)


def counts(found: Found) -> dict[str, int]:
    """What a search found, in numbers."""
    return {
        "records": sum(match.certainty is Certainty.CERTAIN for match in found.matches),
        "possible": len(found.to_confirm),
        "places": len(found.places),
        "unreachable": sum(place.outcome is Outcome.UNREACHABLE for place in found.places),
    }


def possible(db: Db, case_id: UUID) -> list[Possible]:
    """What the last search of a case found possible and nobody judged."""
    rows = db.execute(
        """select store, target, reference, agrees, differs from subject_match
            where case_id = %(case)s and certainty = 'possible'
              and found_at = (select max(found_at) from subject_match where case_id = %(case)s)
            order by store, target, reference""",
        {"case": case_id},
    ).fetchall()
    return [Possible(store, target, bytes(ref), tuple(yes), tuple(no)) for store, target, ref, yes, no in rows]


def judgements(db: Db, case_id: UUID) -> Judgements:
    """What was judged in a case until now."""
    rows = db.execute(
        "select reference, certainty from subject_match where case_id = %s and certainty in ('confirmed', 'refused')",
        [case_id],
    ).fetchall()
    return Judgements(
        frozenset(bytes(reference) for reference, said in rows if said == "confirmed"),
        frozenset(bytes(reference) for reference, said in rows if said == "refused"),
    )


def judge(db: Db, case_id: UUID, judged: Judgements, *, by: str) -> Case:
    """Say of possible matches whose they are. Raises Refused for one that the case's search did not find possible.

    Works inside the caller's transaction. Search again after it: a record that is the person's may say more of them.
    """
    for word, references in (("confirmed", judged.confirmed), ("refused", judged.refused)):
        for reference in sorted(references):
            done = db.execute(
                """update subject_match set certainty = %s where case_id = %s and reference = %s
                      and certainty in ('possible', 'confirmed', 'refused')""",
                [word, case_id, reference],
            )
            if not done.rowcount:
                raise Refused(
                    f"case {case_id} has no possible match {reference.hex()}; `hoeder requests matches {case_id}` "
                    "lists them"
                )
    said = {"confirmed": len(judged.confirmed), "refused": len(judged.refused)}
    return case.take(db, case_id, What.JUDGED, by, said)


def subject_of(db: Db, key: ReferenceKey, found: Case, file: CaseFile) -> bytes | None:
    """The keyed reference by which the ledger names the person of a case; None once all of them was erased.

    Works inside the caller's transaction: it makes the person's key where there is none yet.
    """
    if not file.identities or Right.ERASURE in carried_out(found):
        return None
    return subjects.subject_ref(db, key, *file.identities[0])


def carried_out(found: Case) -> frozenset[Right]:
    """Rights of a case that were carried out to their end."""
    return frozenset(
        Right(step.detail["right"]) for step in found.steps if step.what is What.CARRIED_OUT and "right" in step.detail
    )


def _keep(db: Db, case_id: UUID, matches: tuple[Match, ...]) -> None:
    """Instead of what an earlier search saw; a judgement stays."""
    db.cursor().executemany(
        """insert into subject_match (case_id, reference, store, target, certainty, agrees, differs, found_at)
           values (%s, %s, %s, %s, %s, %s, %s, now())
           on conflict (case_id, reference) do update set
               certainty = case when subject_match.certainty in ('confirmed', 'refused') then subject_match.certainty
                                else excluded.certainty end,
               agrees = excluded.agrees, differs = excluded.differs, found_at = excluded.found_at""",
        [
            (case_id, match.reference, match.store, match.target, match.certainty, sorted(match.agrees),
             sorted(match.differs))
            for match in matches
        ],
    )  # fmt: skip
