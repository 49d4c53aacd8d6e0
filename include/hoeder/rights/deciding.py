"""Whether each right is granted, for exactly what granting it would do now; and that once more before it is done."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.answer import Answer
from hoeder.governance.protection import Protections
from hoeder.persons.person import Found
from hoeder.rights import case, case_file, decisions, granting, meanwhile, questions, refusal, withholding
from hoeder.rights.case import Case, Right, What
from hoeder.rights.decisions import Asks, Decide, Decision
from hoeder.rights.granting import Granting
from hoeder.rights.questions import Text
from hoeder.rights.withholding import Withheld
from hoeder.rights.work import TO_DECIDE, WAITING, Work, chosen, granted, open_rights


def to_decide(work: Work, case_id: UUID) -> list[Text]:
    """A question for each right that is open: what granting it would do."""
    found = case.read(work.db, case_id)
    if found.last in (*WAITING, What.NOT_IDENTIFIED) or not open_rights(found):
        return []
    if found.last not in TO_DECIDE:
        raise Refused(f"case {case_id} is {found.last}: search again before anything is decided")
    seen, protections = work.look(case_id), Protections.read(work.db, work.key)
    texts = [questions.decide(found, _propose(work, case_id, protections, seen, right)) for right in open_rights(found)]
    for text in texts:
        work.asked(found, text)
    return texts


def decide(work: Work, case_id: UUID, answers: Sequence[Answer]) -> Case:
    """Take the officer's answers, all of them or none, each for exactly what granting would do now.

    Raises Refused where one is lacking, is no decision, or refuses without a ground of the closed list.
    """
    found = case.read(work.db, case_id)
    if found.last not in TO_DECIDE:
        return found
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_DECIDE, "request", case_id=case_id, subject_ref=work.subject(found)
    ) as act:
        act.outcome = Outcome.REFUSED
        seen, protections = work.look(case_id), Protections.read(work.db, work.key)
        made: dict[Right, tuple[Decision, Granting]] = {}
        parts: dict[Right, tuple[Withheld, ...]] = {}
        for right in open_rights(found):
            would = _propose(work, case_id, protections, seen, right)
            answer = next((each for each in answers if would.digest in each.subject), None)
            fields = _fields(right, answer)
            if fields["ground"] is not None:
                refusal.check(right, fields["ground"])
            parts[right] = withholding.parts(work.policy, seen, fields.get("withhold", ()))
            made[right] = work.admit(found, questions.decide(found, would), answer, fields), would
        grants = {right: would for right, (one, would) in made.items() if one.choice == Decide.GRANT}
        detail = {
            "granted": {str(right): would.digest for right, would in grants.items()},
            "refused": {str(r): one.fields["ground"] for r, (one, _) in made.items() if one.choice == Decide.REFUSE},
            "places": {str(r): [line.place for line in would.lines if line.records] for r, would in grants.items()},
            "parts": {str(r): [(w.part, w.ground, w.place) for w in parts[r]] for r in grants if parts[r]},
            **_counts(grants.values()),
        }
        responder = next(one.responder for one, _ in made.values())
        found = case.take(work.db, case_id, What.DECIDED, responder, detail)
        act.counts = _counts(grants.values()) | {"lifted": meanwhile.end(work, found)}
        act.outcome = Outcome.DONE if grants else Outcome.REJECTED
    return found


def _fields(right: Right, answer: Answer | None) -> dict[str, Any]:
    """What an answer says beside its choice: the ground of a refusal, or which parts of a copy are withheld."""
    if chosen(answer) == Decide.REFUSE and answer:
        return {"ground": str(answer.fields.get("ground") or "")}
    withheld = withholding.said(answer.fields) if answer and right in withholding.COPIES else []
    return {"ground": None} | ({"withhold": withheld} if withheld else {})


def _counts(grants: Iterable[Granting]) -> dict[str, int]:
    made = list(grants)
    return {"records": sum(would.records for would in made), "withheld": sum(would.withheld for would in made)}


def admitted(work: Work, found: Case, right: Right, answers: Sequence[Answer]) -> str:
    """The digest that an officer granted, the stored answer held against it once more before anything is done.

    Raises Refused where nobody decided, the answer is not to this, or it grants nothing.
    """
    digest = granted(found).get(right)
    if digest is None:
        raise Refused(f"case {found.case_id}: nobody granted {right}, or it was carried out before. Nothing was done.")
    answer = next((each for each in answers if digest in each.subject), None)
    made = decisions.admit(
        work.db, work.policy, found.case_id, Asks.DECIDE, answer, digest=digest, run=work.run, about=right,
        fields=_fields(right, answer),
    )  # fmt: skip
    if made.choice != Decide.GRANT:
        raise Refused(f"case {found.case_id}: {right} was refused. Nothing was done.")
    return digest


def _propose(work: Work, case_id: UUID, protections: Protections, seen: Found, right: Right) -> Granting:
    corrections = case_file.read(work.vault, case_id).corrections if right is Right.RECTIFICATION else ()
    return granting.propose(
        work.policy, work.resolve, work.key, protections, seen, right, work.today, corrections=corrections
    )
