"""What an officer does to a case at their own desk: open one for a letter, ask what is meant, extend, end a mark."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from hoeder.errors import Refused
from hoeder.evidence import ledger, subjects
from hoeder.evidence.ledger import Activity
from hoeder.persons import marks
from hoeder.rights import case, case_file, meanwhile, rectify
from hoeder.rights.case import Case, Channel, ExtensionGround, Right, What
from hoeder.rights.case_file import CaseFile, Correction
from hoeder.rights.work import Work


def open_case(
    work: Work,
    file: CaseFile,
    *,
    channel: Channel,
    received_at: datetime,
    language: str,
    rights: Collection[Right],
    by: str,
) -> UUID:
    """A case for what came by letter, telephone or at the desk; who asks goes into the vault.

    Raises Refused for a receipt in the future, for a case that names nobody to whom an answer could go, and for an
    identity of a kind by which policy finds nobody.
    """
    if not file.names and not file.identities:
        raise Refused("a case needs a name or an identity of who asks: nobody could be answered")
    kinds = {kind for dataset in work.policy.datasets.values() for table in dataset.tables.values()
             for kind in table.identifying.values()}  # fmt: skip
    if unknown := sorted({kind for kind, _ in file.identities} - kinds):
        raise Refused(f"nobody is found by {', '.join(unknown)}; identities are {', '.join(sorted(kinds))}")
    first = file.identities[0] if file.identities else None
    with work.db.transaction():
        number, _ = case.open_case(
            work.db, received_at=received_at, channel=channel, language=language, policy_digest=work.policy.digest,
            stores=sorted(work.policy.stores), subject_ref=work.key.subject(*first) if first else None,
        )  # fmt: skip
        subject = subjects.subject_ref(work.db, work.key, *first) if first else None
        intent = ledger.record_intent(
            work.db, work.run, Activity.RIGHTS_RECEIVE, "request", case_id=number, subject_ref=subject
        )
        case_file.write(work.vault, number, file)
        others = case.others_of(work.db, work.key.subject(*first), but=number) if first else []
        detail = {"rights": {str(right): "named" for right in rights}, "same_person": [str(other) for other in others]}
        case.take(work.db, number, What.PROPOSED, by, detail)
        counts = {"requests": 1, "duplicates": len(others)}
        ledger.record_outcome(work.db, work.run, intent, ledger.Outcome.DONE, counts=counts)
    work.db.commit()
    return number


def extend(work: Work, case_id: UUID, ground: ExtensionGround, reason: str, *, by: str) -> Case:
    """Take two months longer and write the person so, with ground and reason, within the first month (GDPR 12(3)).

    The reason stands in the letter; of it the case keeps a digest. Raises Refused where it cannot be.
    """
    if not reason.strip():
        raise Refused("an extension is told with its reason, in words of this case; being busy is none")
    found = case.read(work.db, case_id)
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_EXTEND, "request", case_id=case_id, subject_ref=work.subject(found)
    ) as act:
        act.outcome = ledger.Outcome.REFUSED
        detail = {"ground": str(ground), "reason": hashlib.sha256(reason.strip().encode()).hexdigest()}
        found = case.take(work.db, case_id, What.EXTENDED, by, detail)
        work.letter(found, "extension", ground=ground, reason=reason.strip())
        act.counts, act.outcome = {"extended_days": (found.due.raw - found.received_on).days}, ledger.Outcome.DONE
    return found


def clarify(work: Work, case_id: UUID, question: str, *, by: str) -> Case:
    """Ask the person what they mean; the case waits for the answer, the strict clock does not."""
    if not question.strip():
        raise Refused("the letter asks the person a question: say which")
    with work.db.transaction():
        found = case.take(work.db, case_id, What.CLARIFICATION_ASKED, by)
        work.letter(found, "clarification", question=question.strip())
    work.db.commit()
    return found


def clarified(work: Work, case_id: UUID, *, by: str) -> Case:
    """The person answered what they mean."""
    found = case.take(work.db, case_id, What.CLARIFIED, by)
    work.db.commit()
    return found


def correct(work: Work, case_id: UUID, corrections: Sequence[Correction], *, by: str) -> Case:
    """Put down what the person says is wrong, and what it should be: in the vault, as what is asked of the officer."""
    found = case.read(work.db, case_id)
    if Right.RECTIFICATION not in found.rights:
        raise Refused(f"case {case_id} asks for no rectification")
    for each in corrections:
        rectify.allowed(work.policy, each)
    with work.db.transaction():
        if case.may_follow(found.last, What.JUDGED):  # so that the officer is asked anew
            found = case.take(work.db, case_id, What.JUDGED, by, {"corrections": len(corrections)})
        case_file.correct(work.vault, case_id, tuple(corrections))
    work.db.commit()
    return found


def lift(work: Work, case_id: UUID) -> date:
    """End the restriction of a case, and write the person on which day; that day (GDPR 18(3)).

    Raises Refused for a case that restricts nobody any more.
    """
    found = case.read(work.db, case_id)
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_CARRY_OUT, "restriction", case_id=case_id, subject_ref=work.subject(found)
    ) as act:
        act.outcome = ledger.Outcome.REFUSED
        if not marks.restricts(work.db, case_id):
            raise Refused(f"case {case_id} restricts nobody, or it is settled already when that ends")
        ends = meanwhile.told(work, found)
        act.counts = {"lifted": marks.release(work.db, case_id, told_on=work.today, on=ends)}
        act.outcome = ledger.Outcome.DONE
    return ends
