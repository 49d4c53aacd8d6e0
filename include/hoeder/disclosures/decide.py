"""What persons decide: the first whether the power holds, one where a client comes first, another whether it goes out.

Each answer is the one that Airflow's API server stored, bound to the digest of what was asked, and from an officer who
may. Nothing that Airflow shows as done stands in for it.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from hoeder.disclosures.case import Case, Db, Verified, What, add, read
from hoeder.disclosures.export import prepared_of
from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Act, Activity, Outcome, Run
from hoeder.governance.answer import Answer, Question, objections
from hoeder.policy import Policy

MAY = "disclosures"


class Check(StrEnum):
    """What the first person can answer."""

    COVERED = "Covered"
    REFUSE = "Refuse"


class ClientFirst(StrEnum):
    """What can be answered where a client's data are asked."""

    FORWARDED = "Forwarded"  # the client answers by itself
    AGREES = "Client agrees"
    SECRET = "Secrecy forbids"  # noqa: S105 - a choice, no password


class Second(StrEnum):
    """What the second person can answer."""

    RELEASE = "Release"
    WITHHOLD = "Withhold"


GROUNDS = ("no-power", "form-lacking", "not-verified", "too-broad", "not-necessary", "withdrawn")
"""Why a request is refused; a closed list, so that the register can count them."""


def check_digest(case: Case, policy: Policy) -> str:
    """Over all that the first person judges: the request as it stands, and the power as policy has it now."""
    power = case.power_of(policy)
    said = {
        "case": str(case.case_id), "authority": case.authority, "document": case.document,
        "asked": sorted(case.asked), "verified": case.verified, "client": case.client,
        "secret_until": str(case.secret_until), "power": power.model_dump(mode="json"), "policy": policy.digest,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def client_digest(case: Case) -> str:
    """Over what is asked of whom, for the question whether the client knows."""
    about = [str(case.case_id), case.authority, case.power, str(case.client), str(case.secret_until)]
    said = [*about, *sorted(case.asked)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def check(db: Db, policy: Policy, case_id: UUID, answer: Answer, *, run: Run) -> Check:
    """Take the first person's answer. Commits. Raises Refused, with every reason at once, where it is none."""
    case = read(db, case_id)
    if (earlier := case.latest(What.CHECKED) or case.latest(What.REFUSED)) and _same(earlier.detail, answer):
        return Check.COVERED if earlier.what is What.CHECKED else Check.REFUSE  # the task was tried again
    ledger.register_names(db, policy.digest, [case.authority])
    with ledger.act(db, run, Activity.DISCLOSURES_CHECK, case.authority, case_id=case_id) as act:
        power = case.power_of(policy)
        digest = check_digest(case, policy)
        authors = policy.organisation.logins(power.source.changed_by)
        asked_at = case.steps[-1].at
        wrong = _wrong(db, policy, run, answer, digest, asked_at, tuple(Check), authors=authors)
        chosen = answer.chosen[0] if answer.chosen else ""
        if chosen == Check.COVERED:
            lacking = [word for word in power.requires if word not in _words(answer, "seen")]
            if lacking:
                wrong.append(f"not seen: {', '.join(lacking)}")
            if "called-back" in power.requires and case.verified is Verified.NOT_VERIFIED:
                wrong.append("nobody made sure that the official is one")
        elif chosen == Check.REFUSE:
            wrong += _ground(answer)
        _refuse_if(act, wrong, case_id)
        _decide(db, act, case, What.CHECKED if chosen == Check.COVERED else What.REFUSED, answer, digest)
    return Check(chosen)


def client_first(db: Db, policy: Policy, case_id: UUID, answer: Answer, *, run: Run) -> ClientFirst:
    """Take down whether the client knows. Commits. Raises Refused where the answer is none."""
    case = read(db, case_id)
    if (earlier := case.latest(What.CLIENT_TOLD) or case.latest(What.FORWARDED)) and _same(earlier.detail, answer):
        return ClientFirst(answer.chosen[0])
    ledger.register_names(db, policy.digest, [case.authority])
    with ledger.act(db, run, Activity.DISCLOSURES_CLIENT, case.authority, case_id=case_id) as act:
        digest = client_digest(case)
        wrong = _wrong(db, policy, run, answer, digest, case.steps[-1].at, tuple(ClientFirst))
        chosen = answer.chosen[0] if answer.chosen else ""
        if case.client is None:
            wrong.append("the data are our own; there is no client to tell")
        if chosen == ClientFirst.SECRET and case.secret_until is None:
            wrong.append("no secrecy order binds us, so the client is told")
        _refuse_if(act, wrong, case_id)
        _decide(db, act, case, What.FORWARDED if chosen == ClientFirst.FORWARDED else What.CLIENT_TOLD, answer, digest)
    return ClientFirst(chosen)


def release(db: Db, policy: Policy, case_id: UUID, answer: Answer, *, run: Run) -> Second:
    """Take the second person's answer; from here on the file can be fetched. Commits.

    Raises Refused for the person who checked, another digest than that of what was made, and a list of what is withheld
    that nobody confirmed. The database refuses the same, whoever asks it.
    """
    case = read(db, case_id)
    if (earlier := case.latest(What.RELEASED) or case.latest(What.REFUSED)) and _same(earlier.detail, answer):
        return Second.RELEASE if earlier.what is What.RELEASED else Second.WITHHOLD
    ledger.register_names(db, policy.digest, [case.authority])
    activity = Activity.DISCLOSURES_REPORT_CRIME if case.own_report else Activity.DISCLOSURES_RELEASE
    with ledger.act(db, run, activity, case.authority, case_id=case_id) as act:
        prepared = prepared_of(db, case_id)
        case.power_of(policy)
        checked = case.latest(What.CHECKED)
        made, authors = case.steps[-1].at, {checked.by} if checked else set()
        wrong = _wrong(db, policy, run, answer, prepared.digest, made, tuple(Second), authors=authors)
        wrong += [] if checked else ["nobody checked the power"]
        chosen = answer.chosen[0] if answer.chosen else ""
        if chosen == Second.RELEASE and answer.fields.get("withheld_confirmed") is not True:
            wrong.append("the list of what is withheld is not confirmed")
        if chosen == Second.WITHHOLD:
            wrong += _ground(answer)
        _refuse_if(act, wrong, case_id)
        _decide(db, act, case, What.RELEASED if chosen == Second.RELEASE else What.REFUSED, answer, prepared.digest)
        if chosen == Second.RELEASE:
            act.counts = prepared.counts()
    return Second(chosen)


def _wrong(
    db: Db,
    policy: Policy,
    run: Run,
    answer: Answer,
    digest: str,
    asked_at: datetime,
    options: Collection[str],
    *,
    authors: Collection[str] = (),
) -> list[str]:
    row = db.execute("select clock_timestamp()").fetchone()
    now: datetime = row[0] if row else asked_at
    question = Question(run.dag_id or "", run.run_id or "", digest, asked_at, options)
    return objections(answer, question, policy.organisation, may=MAY, authors=authors, now=now, without_reason=())


def _ground(answer: Answer) -> list[str]:
    ground = answer.fields.get("ground")
    return [] if ground in GROUNDS else [f"a refusal names its ground: {', '.join(GROUNDS)}"]


def _words(answer: Answer, name: str) -> frozenset[str]:
    said = answer.fields.get(name)
    return frozenset(str(word) for word in said) if isinstance(said, list | tuple) else frozenset()


def _refuse_if(act: Act, wrong: list[str], case_id: UUID) -> None:
    if wrong:
        act.outcome = Outcome.REFUSED
        raise Refused(f"case {case_id}: {'; '.join(wrong)}. Nothing was given.")


def _decide(db: Db, act: Act, case: Case, what: What, answer: Answer, digest: str) -> None:
    detail: dict[str, object] = {"answered_at": str(answer.answered_at), "chosen": answer.chosen[0]}
    if what is What.REFUSED:
        detail["ground"] = answer.fields["ground"]
        act.outcome = Outcome.REJECTED
    try:
        add(db, case, what, by=answer.responder or "", digest=digest, detail=detail)
    except Refused:
        act.outcome = Outcome.REFUSED
        raise
    act.digest = digest


def _same(detail: object, answer: Answer) -> bool:
    return isinstance(detail, dict) and detail.get("answered_at") == str(answer.answered_at)
