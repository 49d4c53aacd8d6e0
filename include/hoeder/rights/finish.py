"""From the decision to the end: carried out, recipients told, looked at again, answered, closed.

Each step goes on where the case stands, so that one that was killed finishes exactly the rest. Nothing is answered
before a fresh search confirmed it, and nothing is closed that was not answered.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity
from hoeder.governance.answer import Answer
from hoeder.governance.protection import Protections
from hoeder.rights import carry_out as marking
from hoeder.rights import (
    case,
    deciding,
    granting,
    letters,
    package,
    portability,
    quarantine,
    recipients,
    rectify,
    withholding,
)
from hoeder.rights.case import Case, Right, What
from hoeder.rights.decide import Kept
from hoeder.rights.quarantine import Why
from hoeder.rights.refusal import Refusal
from hoeder.rights.verify import look_again
from hoeder.rights.work import TO_DECIDE, UNCONFIRMED, UNIDENTIFIED, WAITING, Work, granted, open_rights, refused

Do = Callable[[Work, Case, str], Mapping[str, int]]
"""Carries one right out for what has this digest; gives back counts and writes its own entries."""


def _mark(right: Right) -> Do:
    return lambda work, found, digest: marking.mark(
        work.db, work.policy, work.resolve, work.key, work.vault, found.case_id, right=right, digest=digest,
        run=work.run, today=work.today,
    )  # fmt: skip


def _do(make: Callable[..., Mapping[str, int]]) -> Do:
    return lambda work, found, digest: make(
        work.db, work.policy, work.resolve, work.key, work.vault, found.case_id, digest=digest, run=work.run,
        today=work.today,
    )  # fmt: skip


_DO: Mapping[Right, Do] = {
    Right.RESTRICTION: _mark(Right.RESTRICTION),
    Right.OBJECTION: _mark(Right.OBJECTION),
    Right.WITHDRAWAL: _mark(Right.WITHDRAWAL),
    Right.ACCESS: _do(package.make),
    Right.PORTABILITY: _do(portability.make),
    Right.RECTIFICATION: _do(rectify.apply),
    Right.ERASURE: _do(marking.erase),
}


def carry_out(work: Work, case_id: UUID, answers: Sequence[Answer]) -> dict[str, Mapping[str, int]]:
    """Carry out what was granted, right by right; counts by right. One that was carried out is not done again.

    Raises Refused where nobody decided, or the stored answer does not grant exactly this.
    """
    found = case.read(work.db, case_id)
    if found.last in (*UNCONFIRMED, *UNIDENTIFIED, *TO_DECIDE) and found.last not in WAITING and open_rights(found):
        raise Refused(f"case {case_id} is {found.last}: nobody decided, whatever colour the task before has")
    if found.last not in (What.DECIDED, What.CARRIED_OUT):
        return {}
    done: dict[str, Mapping[str, int]] = {}
    for right in granted(found):
        digest = deciding.admitted(work, found, right, answers)
        work.db.commit()
        done[right] = dict(_DO[right](work, found, digest))
        found = case.take(work.db, case_id, What.CARRIED_OUT, work.task, {"right": right, **done[right]})
        work.db.commit()
    return done


def notify(work: Work, case_id: UUID) -> dict[str, int]:
    """Write the notices for everybody who got what was changed (GDPR 19); none where nothing was, or it was done."""
    found = case.read(work.db, case_id)
    if found.last is not What.CARRIED_OUT or granted(found):
        return {}
    done, places = _done(found), _places(found)
    counts: Counter[str] = Counter()
    for right in sorted(recipients.TOLD_OF & set(done)):
        counts += Counter(
            recipients.notify(
                work.db, work.policy, work.key, work.vault, case_id, right=right, places=places.get(right, ()),
                run=work.run, today=work.today,
            )
        )  # fmt: skip
    case.take(work.db, case_id, What.NOTIFIED, work.task, dict(counts))
    work.db.commit()
    return dict(counts)


def verify(work: Work, case_id: UUID) -> Mapping[str, int]:
    """Look again for what should be gone, marked or corrected; nothing where nothing was carried out.

    Raises StoreError while something is left: the case is not answered before that is done too.
    """
    found = case.read(work.db, case_id)
    if found.last not in (What.CARRIED_OUT, What.NOTIFIED) or granted(found):
        return {}
    seen = look_again(
        work.db, work.policy, work.resolve, work.key, work.vault, case_id, run=work.run, today=work.today
    )  # fmt: skip
    case.take(work.db, case_id, What.VERIFIED, work.task, dict(seen))
    work.db.commit()
    return dict(seen)


def answer(work: Work, case_id: UUID) -> letters.Written | None:
    """Write the person what became of each right, with what stays and why; None where it was written before.

    Raises Refused before everything that was granted was carried out and looked at again.
    """
    found = case.read(work.db, case_id)
    if found.last in (What.ANSWERED, What.CLOSED, What.FORWARDED, What.DUPLICATE, What.NO_REQUEST, *WAITING):
        return None
    if found.last is not What.NOT_IDENTIFIED and (open_rights(found) or granted(found)):
        raise Refused(f"case {case_id} is {found.last}: not everything asked was decided and carried out yet")
    if found.last is not What.VERIFIED and _done(found):
        raise Refused(f"case {case_id} is {found.last}: nothing is answered before it was looked at again")
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_ANSWER, "request", case_id=case_id, subject_ref=work.subject(found)
    ) as act:
        if found.last is What.NOT_IDENTIFIED:
            written = work.letter(found, "not-identified")
        else:
            written = work.letter(found, "answer", outcomes=outcomes(work, found))
        found = case.take(
            work.db, case_id, What.ANSWERED, work.task, {"letter": written.number, "version": written.version}
        )
        act.counts = {"days_taken": (work.today - found.received_on).days, "letters": 1}
    return written


def outcomes(work: Work, found: Case) -> list[letters.Outcome]:
    """What became of each right, for the answer."""
    places, done, no = _places(found), _done(found), refused(found)
    made = []
    for right in granting.ORDER:
        if right in no:
            made.append(letters.Outcome(right, refused=Refusal(no[right])))
        elif right in done:
            made.append(
                letters.Outcome(
                    right, records=_number(done[right]), places=tuple(places.get(right, ())),
                    kept=_kept(work, found) if right is Right.ERASURE else (),
                    withheld=withholding.decided(found, right),
                )
            )  # fmt: skip
    return made


def close(work: Work, case_id: UUID) -> Case:
    """Close a case that was answered, passed on, or is none; copies of identity documents that are left go with it.

    A case that waits for its person stays open. Raises Refused for any other.
    """
    found = case.read(work.db, case_id)
    if not found.is_open or found.last in WAITING:
        return found
    if not case.may_follow(found.last, What.CLOSED):
        raise Refused(f"case {case_id} is {found.last}, and a case is closed when its person was answered")
    quarantine.destroy(work.db, work.vault, case_id, why=Why.CLOSED, run=work.run)
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_CLOSE, "request", case_id=case_id, subject_ref=work.subject(found)
    ) as act:
        found = case.take(work.db, case_id, What.CLOSED, work.task)
        act.counts = {"days_taken": (work.today - found.received_on).days}
    return found


def _done(found: Case) -> dict[Right, Mapping[str, Any]]:
    """Rights that were carried out, with their counts."""
    return {
        Right(step.detail["right"]): step.detail
        for step in found.steps
        if step.what is What.CARRIED_OUT and "right" in step.detail
    }


def _places(found: Case) -> dict[Right, tuple[str, ...]]:
    """Where each right that was granted had records."""
    return {
        Right(right): tuple(places)
        for step in found.steps
        if step.what is What.DECIDED
        for right, places in (step.detail.get("places") or {}).items()
    }


def _number(counts: Mapping[str, Any]) -> int:
    return int(next((counts[name] for name in ("erased", "records", "marked", "changed") if name in counts), 0))


def _kept(work: Work, found: Case) -> tuple[tuple[str, Kept], ...]:
    """What stays of the person after the erasure, and why."""
    left = granting.propose(
        work.policy, work.resolve, work.key, Protections.read(work.db, work.key), work.look(found.case_id),
        Right.ERASURE, work.today,
    )  # fmt: skip
    return tuple((line.place, kept) for line in left.lines for kept in line.kept)
