"""From the question to what was found: what a step needs of an officer it takes as the stored answer.

Each step looks where the case stands: one that was taken meanwhile, by an earlier attempt or on the command line, is
not taken again, and nothing is asked about it.
"""

from typing import Any
from uuid import UUID

from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.answer import Answer
from hoeder.persons.person import Found
from hoeder.policy import Policy
from hoeder.rights import case, case_file, identity, meanwhile, quarantine, questions, search
from hoeder.rights.case import Case, Right, What
from hoeder.rights.decisions import Confirm, Identify, Judge
from hoeder.rights.identity import Doubt, Identification, Method
from hoeder.rights.quarantine import Why
from hoeder.rights.questions import Text
from hoeder.rights.search import Judgements
from hoeder.rights.work import TO_DECIDE, UNCONFIRMED, UNIDENTIFIED, WAITING, Work, chosen, open_rights


def clients(policy: Policy) -> tuple[str, ...]:
    """Whose customers a request can be about."""
    return tuple(sorted(policy.processing.clients))


# --- what is asked, and whose -----------------------------------------------------------------------------------------


def to_confirm(work: Work, case_id: UUID) -> Text | None:
    """The question what a message asks; None where somebody said so already."""
    found = case.read(work.db, case_id)
    return work.asked(found, questions.confirm(found)) if found.last in UNCONFIRMED else None


def confirm(work: Work, case_id: UUID, answer: Answer | None) -> Case:
    """Take what the officer says that is asked. A restriction or objection is marked from here on, while examined.

    Raises Refused for an answer that is no decision, and for one that names no right or no client of ours.
    """
    found = case.read(work.db, case_id)
    if found.last not in UNCONFIRMED:
        return found
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_DECIDE, "request", case_id=case_id, subject_ref=work.subject(found)
    ) as act:
        act.outcome = Outcome.REFUSED
        choice = chosen(answer)
        detail = _confirmed(work.policy, found, choice, answer)
        made = work.admit(found, questions.confirm(found), answer, detail)
        match made.choice:
            case Confirm.NO_REQUEST:
                found = case.take(work.db, case_id, What.NO_REQUEST, made.responder)
            case Confirm.DUPLICATE:
                found = case.take(work.db, case_id, What.DUPLICATE, made.responder)
            case _:
                found = case.take(work.db, case_id, What.CONFIRMED, made.responder, detail)
                if found.client is None:
                    meanwhile.mark(work, found, case_file.read(work.vault, case_id).person().identities)
        act.outcome = Outcome.DONE if found.rights else Outcome.REJECTED
    return forward(work, found) if found.client else found


def forward(work: Work, found: Case) -> Case:
    """Put down that a request goes to the client whose customer asks; it is not ours to answer (GDPR 28(3)(e))."""
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_FORWARD, "request", case_id=found.case_id, subject_ref=work.subject(found)
    ):
        found = case.take(work.db, found.case_id, What.FORWARDED, work.task)
        work.letter(found, "to-client")
        work.letter(found, "forwarded")
    return found


def _confirmed(policy: Policy, found: Case, choice: str | None, answer: Answer | None) -> dict[str, Any]:
    """The answer's fields in words of closed lists."""
    given = answer.fields if answer else {}
    proposed = found.latest(What.PROPOSED)
    rights: list[str] = []
    client: str | None = None
    if choice in (Confirm.AS_PROPOSED, Confirm.OF_A_CLIENT) and proposed:
        rights = [str(Right(right)) for right in proposed.detail.get("rights", {})]
    if choice == Confirm.AS_TICKED or not rights:
        rights = [str(right) for right in Right if given.get(str(right)) is True]
    if choice == Confirm.OF_A_CLIENT:
        client = str(given.get("client") or "").strip().lower()
        if client not in clients(policy):
            raise Refused(f"case {found.case_id}: there is no such client; there are {', '.join(clients(policy))}")
    if choice in (Confirm.AS_PROPOSED, Confirm.AS_TICKED, Confirm.OF_A_CLIENT) and not rights:
        raise Refused(
            f"case {found.case_id}: the answer names no right; tick at least one, or answer {Confirm.NO_REQUEST}"
        )
    return {"rights": sorted(rights), "client": client}


# --- who asks ---------------------------------------------------------------------------------------------------------


def to_identify(work: Work, case_id: UUID) -> Text | None:
    """The question who asks; None where that is clear. Raises Refused before it was confirmed what is asked."""
    found = case.read(work.db, case_id)
    if found.last in UNCONFIRMED:
        raise Refused(f"case {case_id}: nobody confirmed what is asked, whatever colour the task before has")
    return work.asked(found, questions.identify(found)) if found.last in UNIDENTIFIED else None


def identify(work: Work, case_id: UUID, answer: Answer | None) -> Case:
    """Take what the officer says of who asks. Raises Refused for a rung of the ladder that needed a doubt."""
    found = case.read(work.db, case_id)
    if found.last not in UNIDENTIFIED:
        return found
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_IDENTIFY, "request", case_id=case_id, subject_ref=work.subject(found)
    ) as act:
        act.outcome = Outcome.REFUSED
        how, doubt = _identification(case_id, answer)
        detail = {"method": how.method, "doubt": doubt}
        made = work.admit(found, questions.identify(found), answer, detail)
        match made.choice:
            case Identify.ASK:
                found = identity.ask(work.db, case_id, how, by=made.responder)
                work.letter(found, "identity")
                act.outcome = Outcome.PARTIAL
            case Identify.NOT_IDENTIFIED:
                found = identity.give_up(work.db, case_id, doubt, by=made.responder)
                act.counts = {"lifted": meanwhile.end(work, found)}
                act.outcome = Outcome.REJECTED
            case _:
                found = identity.identify(work.db, case_id, how, by=made.responder)
                act.outcome = Outcome.DONE
    return found


def destroy_copies(work: Work, case_id: UUID) -> int:
    """Destroy copies of identity documents as soon as it is clear who asks, or that nobody can say; how many."""
    why = {What.NOT_IDENTIFIED: Why.NOT_IDENTIFIED, What.CLOSED: Why.CLOSED}
    found = case.read(work.db, case_id)
    if found.last in (*UNCONFIRMED, *UNIDENTIFIED, *WAITING):
        return 0
    reason = why.get(found.last or What.PROPOSED, Why.IDENTIFIED)
    return quarantine.destroy(work.db, work.vault, case_id, why=reason, run=work.run)


def _identification(case_id: UUID, answer: Answer | None) -> tuple[Identification, Doubt | None]:
    given = answer.fields if answer else {}
    try:
        method = Method(str(given.get("method") or Method.KNOWN_ADDRESS))
        doubt = Doubt(str(given["doubt"])) if given.get("doubt") else None
    except ValueError:
        raise Refused(
            f"case {case_id}: method is one of {', '.join(Method)}; doubt is empty or one of {', '.join(Doubt)}"
        ) from None
    return Identification(method, doubt), doubt


# --- what is theirs ---------------------------------------------------------------------------------------------------


def find(work: Work, case_id: UUID) -> Found | None:
    """Look for the person everywhere, and mark meanwhile under every name; None where nothing is left to be looked for.

    Raises StoreError where a store does not answer: the case stays open.
    """
    found = case.read(work.db, case_id)
    if found.last in WAITING or not open_rights(found) or found.last is What.NOT_IDENTIFIED:
        return None
    if found.last in (*UNCONFIRMED, *UNIDENTIFIED):
        raise Refused(f"case {case_id} is {found.last}: nobody is looked for before it is clear who asks")
    if not case.may_follow(found.last, What.SEARCHED):
        return None
    made = search.search(
        work.db, work.policy, work.resolve, work.key, work.vault, case_id, run=work.run, by=work.task
    )  # fmt: skip
    meanwhile.mark(work, found, made.written)
    work.db.commit()
    return made


def to_judge(work: Work, case_id: UUID) -> Text | None:
    """The question whose the possible matches are; None where there are none."""
    found, possible = case.read(work.db, case_id), search.possible(work.db, case_id)
    if found.last not in TO_DECIDE or not possible:
        return None
    return work.asked(found, questions.judge(found, possible))


def judge(work: Work, case_id: UUID, answer: Answer | None) -> Found | None:
    """Take the officer's judgement and look again with it; None where nothing was to be judged.

    Raises Refused where the look shows further possible matches: they are asked about anew.
    """
    found, possible = case.read(work.db, case_id), search.possible(work.db, case_id)
    if found.last not in TO_DECIDE or not possible:
        return None
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_FIND, "request", case_id=case_id, subject_ref=work.subject(found)
    ) as act:
        act.outcome = Outcome.REFUSED
        made = work.admit(found, questions.judge(found, possible), answer, {})
        references = frozenset(match.reference for match in possible)
        match made.choice:
            case Judge.THEIRS:
                judged = Judgements(references, frozenset())
            case Judge.NOT_THEIRS:
                judged = Judgements(frozenset(), references)
            case _:
                raise Refused(
                    f"case {case_id}: {len(references)} matches were not judged one by one; use `hoeder requests judge`"
                )
        search.judge(work.db, case_id, judged, by=made.responder)
        act.counts = {"confirmed": len(judged.confirmed), "refused": len(judged.refused)}
        act.outcome = Outcome.DONE
    seen = find(work, case_id)
    if seen and seen.to_confirm:
        raise Refused(
            f"case {case_id}: the judgement led to {len(seen.to_confirm)} further possible matches; judge those"
        )
    return seen
