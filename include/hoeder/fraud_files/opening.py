"""From a signal to a file: a suspicion with facts, somebody else who approves, and a decision.

Each step is in the ledger and here before the store changes; a step that was broken off is taken again.
"""

import hashlib
from datetime import date
from uuid import UUID, uuid4

from hoeder.errors import HoederError, Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.fraud_files.case import Case, Db, What, add, cases, read
from hoeder.fraud_files.rows import CAPABILITY, Row, Table, fraud_of, opened
from hoeder.policy import Policy
from hoeder.policy.suggest import did_you_mean
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver

_FILE, _SIGNAL = "fraud_file", "fraud_signal"


def propose(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    signal: str,
    *,
    suspicion: str,
    facts: str,
    by: str,
    today: date,
) -> Case:
    """Record a suspicion with its facts on a signal; it is no file before somebody else approves. Commits.

    Raises HoederError for a suspicion that policy does not name, no facts, or a signal that has a case already.
    """
    fraud = fraud_of(policy)
    if suspicion not in fraud.suspicions:
        raise HoederError(
            f"suspicion {suspicion} is no ground for a file{did_you_mean(suspicion, fraud.suspicions)}; there are: "
            f"{', '.join(fraud.suspicions)} (policy: fraud_files.yaml)"
        )
    facts = facts.strip()
    if not facts:
        raise HoederError("a file needs facts: what was seen, when, and by whom")
    with opened(policy, resolve) as store:
        signals = Table.of(store, policy, fraud.signals)
        row = signals.one(signal)
        reference = key.row(fraud.signals.store, fraud.signals.name, row.key)
        if any(each.signal == reference for each in cases(db)):
            raise Refused("this signal has a case already: hoeder fraud-files list")
        case_id = uuid4()
        db.execute(
            """insert into fraud_case (case_id, store, signal, suspicion, facts, author, policy_digest)
               values (%s, %s, %s, %s, %s, %s, %s)""",
            [case_id, fraud.signals.store, reference, suspicion, _digest(facts), by, policy.digest],
        )
        case = add(db, case_id, What.PROPOSED, by=by)
        means = fraud.signals
        signals.change(
            row.key, {means.suspicion: suspicion, means.facts: facts, means.author: by, means.opened_on: today}
        )
        store.commit()
        db.commit()
    return case


def judge(
    db: Db, policy: Policy, resolve: Resolver, key: ReferenceKey, case_id: UUID, *, approve: bool, by: str, run: Run
) -> Case:
    """Open a file on a suspicion that somebody else recorded, or decline. Commits.

    Raises Refused for the author, for who may not approve, and where the facts are not those that were recorded.
    """
    fraud = fraud_of(policy)
    with ledger.act(db, run, Activity.FRAUD_OPEN, _FILE, case_id=case_id) as act:
        act.outcome = Outcome.REFUSED
        case = read(db, case_id)
        _may(policy, by)
        what = What.SUSPECTED if approve else What.DECLINED
        if reason := case.objection(what, by):
            raise Refused(f"fraud file {case_id}: {reason}. Nothing was changed.")
        act.outcome = Outcome.DONE if approve else Outcome.REJECTED
        with opened(policy, resolve) as store:
            signals = Table.of(store, policy, fraud.signals)
            row = signals.meant(key, case.signal)
            if _digest(row.facts) != case.facts or row.suspicion != case.suspicion or row.author != case.author:
                act.outcome = Outcome.REFUSED
                raise Refused(f"fraud file {case_id}: the facts are not those that were recorded. Nothing was changed.")
            case = add(db, case_id, what, by=by)
            if approve:
                signals.change(row.key, {fraud.signals.approver: by})
            else:
                signals.change(row.key, {fraud.signals.suspicion: None})
            store.commit()
        act.digest = case.facts
    return case


def decide(
    db: Db,
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    case_id: UUID,
    what: What,
    *,
    by: str,
    today: date,
    run: Run,
) -> Case:
    """Confirm a suspicion, which makes the file, find it unfounded, or close a settled file. Commits.

    From then on the term of the row runs that ended: weeks for a signal, years for a settled file. Raises Refused for
    who may not decide, and for a step that may not come now.
    """
    fraud = fraud_of(policy)
    with ledger.act(db, run, Activity.FRAUD_DECIDE, _FILE if what is What.CLOSED else _SIGNAL, case_id=case_id) as act:
        act.outcome = Outcome.REFUSED
        case = read(db, case_id)
        _may(policy, by)
        if what not in (What.CONFIRMED, What.UNFOUNDED, What.CLOSED) or case.objection(what, by):
            raise Refused(f"fraud file {case_id}: {case.objection(what, by) or what}. Nothing was changed.")
        act.outcome = Outcome.DONE
        with opened(policy, resolve) as store:
            signals, files = (Table.of(store, policy, means) for means in (fraud.signals, fraud.files))
            if what is What.CLOSED:
                made = next(step.file for step in reversed(case.steps) if step.what is What.CONFIRMED)
                _end(files, files.meant(key, made or b""), today)
                case = add(db, case_id, what, by=by)
            else:
                row = signals.meant(key, case.signal)
                file = _file(files, row, key) if what is What.CONFIRMED else None
                _end(signals, row, today)
                case = add(db, case_id, what, by=by, file=file)
            store.commit()
        act.counts = {str(what): 1} if what is not What.CLOSED else {}
    return case


def _end(table: Table, row: Row, today: date) -> None:
    """From here on its term runs; one that an earlier attempt ended stays as it is."""
    if row.open:
        table.change(row.key, {table.means.status: table.means.ended, table.means.ended_on: today})


def _file(files: Table, row: Row, key: ReferenceKey) -> bytes:
    """The file that a confirmed signal becomes, by keyed reference; one that an earlier attempt made is taken."""
    means = files.means
    same = [
        each for each in files.rows()
        if (each.subject, each.facts, each.author, each.approver) == (row.subject, row.facts, row.author, row.approver)
    ]  # fmt: skip
    number = same[0].key if same and not row.open else files.add(
        row.subject or "",
        {
            means.facts: row.facts, means.suspicion: row.suspicion, means.author: row.author,
            means.approver: row.approver, means.opened_on: row.opened_on, means.status: means.open,
        },
    )  # fmt: skip
    return key.row(means.store, means.name, number)


def _may(policy: Policy, by: str) -> None:
    if by not in policy.organisation.approvers(CAPABILITY):
        raise Refused(
            f"{by} is no officer who may approve {CAPABILITY} (policy: organisation.yaml, approves). "
            "Nothing was changed."
        )


def _digest(facts: str) -> str:
    return hashlib.sha256(facts.strip().encode()).hexdigest()
