"""Where the library meets Airflow: connections, the current run, the officer's stored answer.

The only module of the library that imports Airflow; each DAG task calls one function of it. What a task returns goes to
XCom and what it raises goes to its log, so both hold counts and names of tables only.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from airflow.sdk import Connection as AirflowConnection
from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowRuntimeError, AirflowSkipException

from hoeder.airflow_client import Client
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError, PolicyError, Refused, StoreError, TooFew
from hoeder.evidence import ledger
from hoeder.policy import Policy, load
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Connection, connect

if TYPE_CHECKING:
    from hoeder.policy.models import Release
    from hoeder.retention import Answer

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


def _nothing_personal(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a server or library says about a row out of the task log.

    Hoeder's own errors are written to be read. Any other may quote a value ("invalid input syntax for type date: …"),
    so only its type and place are passed on. A refusal is final; the rest is retried as the DAG says.
    """

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except AirflowException:
            raise
        except (Refused, PolicyError) as error:
            raise AirflowFailException(str(error)) from None
        except HoederError as error:
            raise AirflowException(str(error)) from None
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            raise AirflowException(f"{type(error).__name__} at {place}; its text is withheld") from None

    return guarded


# --- the current run ------------------------------------------------------------------------------------------------


def resolve(connection_id: str) -> Connection:
    """An Airflow Connection by its id. Raises StoreError where there is none."""
    try:
        found = AirflowConnection.get(connection_id)
    except AirflowRuntimeError as error:
        raise StoreError(f"Airflow has no connection {connection_id}: add it (README, Connect your own)") from error
    return Connection(
        conn_type=found.conn_type or "generic",
        host=found.host,
        port=found.port,
        login=found.login,
        password=found.password,
        schema=found.schema,
        extra=found.extra_dejson,
    )


def current_run(policy_digest: str) -> ledger.Run:
    """The DAG run and task that entries are written for."""
    instance = get_current_context()["ti"]
    return ledger.Run(policy_digest, instance.dag_id, instance.run_id, instance.task_id)


def today() -> date:
    """The day of the run in Amsterdam. It stays the same for a task that is retried after midnight."""
    run_after: datetime = get_current_context()["dag_run"].run_after
    return run_after.astimezone(AMSTERDAM).date()


@contextmanager
def governance(capability: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The governance database, with a capability's own account."""
    with connect(resolve(f"governance_{capability}")) as db:
        yield db


def reference_key() -> ReferenceKey:
    """The secret of all keyed references, from connection `reference_key`."""
    return ReferenceKey(base64.b64decode(resolve("reference_key").password or ""))


# --- inventory ------------------------------------------------------------------------------------------------------


@_nothing_personal
def divide() -> list[str]:
    """Begin a scan of every store; the parts to read."""
    from hoeder import inventory

    policy = load()
    return [str(part) for part in inventory.divide(policy.stores, policy, resolve, run=current_run(policy.digest))]


@_nothing_personal
def scan(part: str) -> dict[str, int]:
    """Read one part of a store; counts of what was found."""
    from hoeder import inventory

    return inventory.scan(inventory.Part.parse(part), load(), resolve, today=today())


@_nothing_personal
def settle(parts: list[str]) -> dict[str, dict[str, int]]:
    """Finish the scans that these parts belong to; counts by store."""
    from hoeder import inventory

    policy = load()
    summaries = inventory.settle(_scans(parts), policy, resolve, run=current_run(policy.digest))
    return {store: dict(vars(summary)) for store, summary in summaries.items()}


@_nothing_personal
def check_new_tables(parts: list[str]) -> None:
    """Fail for good while a new table identifies persons, has no retention rule, and nobody decided about it."""
    from hoeder import inventory

    inventory.check(_scans(parts), resolve)


def _scans(parts: list[str]) -> list[int]:
    from hoeder import inventory

    return sorted({inventory.Part.parse(part).scan for part in parts})


# --- anonymization --------------------------------------------------------------------------------------------------


@_nothing_personal
def releases() -> list[str]:
    """Readers for whom a release is due today: `client`, `company`, `public`."""
    return sorted({release.reader for release in _due(load()) if release.engine == "embedded"})


@_nothing_personal
def spark_releases() -> list[str]:
    """Releases due today that Spark counts."""
    return [release.release for release in _due(load()) if release.engine == "spark"]


@_nothing_personal
def publish(reader: str) -> dict[str, int]:
    """Make, check and publish what is due for one reader without Spark; rows or cells published, by release.

    A release that fails does not stop the next one; the task fails after the last.
    """
    policy = load()
    due = _due(policy)
    return _published(policy, [each.release for each in due if each.reader == reader and each.engine == "embedded"])


@_nothing_personal
def publish_with_spark(release: str) -> dict[str, int]:
    """Make, check and publish a release that Spark counts; its rows."""
    return _published(load(), [release])


def _due(policy: Policy) -> list[Release]:
    from hoeder import anonymization

    due = anonymization.due(policy, resolve, today=today())
    return [release for release in policy.releases if release.release in due]


def _published(policy: Policy, names: list[str]) -> dict[str, int]:
    from hoeder import anonymization

    run_after: datetime = get_current_context()["dag_run"].run_after
    version = f"{run_after.astimezone(AMSTERDAM):%Y-%m-%dT%H%M%S}"
    published: dict[str, int] = {}
    problems: list[HoederError] = []
    for release in names:
        try:
            summary = anonymization.run(release, policy, resolve, run=current_run(policy.digest), version=version)
        except TooFew as reason:
            log.info("%s", reason)
            published[release] = 0
            continue
        except HoederError as error:
            problems.append(error)
            continue
        published[release] = summary.rows_out
        log.info("%s: %d rows, smallest group %d", release, summary.rows_out, summary.k_reached)
    if problems:
        raise (StoreError if any(isinstance(e, StoreError) for e in problems) else HoederError)(
            "\n".join(map(str, problems))
        )
    return published


@_nothing_personal
def catalog() -> int:
    """List what stands, for every reader; how many versions."""
    from hoeder import anonymization

    return anonymization.catalog(load(), resolve, today=today())


# --- retention ------------------------------------------------------------------------------------------------------


@_nothing_personal
def return_to_clients() -> dict[str, int]:
    """Hand back what is due and goes back to its client first; rows by rule."""
    from hoeder.retention import returning

    policy = load()
    if not returning.returning_rules(policy, today()):
        raise AirflowSkipException("no client wants its data back")
    with governance("retention") as db:
        done = returning.hand_back(policy, resolve, db, reference_key(), run=current_run(policy.digest), as_of=today())
    for rule, rows in done.items():
        log.info("%s: %d rows handed back", rule, rows)
    return done


@_nothing_personal
def keep_lifecycles() -> dict[str, int]:
    """See to the terms that buckets keep by themselves; rules in force by store."""
    from hoeder.retention import lifecycles

    policy = load()
    with governance("retention") as db:
        kept = lifecycles.keep(policy, resolve, db, reference_key(), run=current_run(policy.digest), as_of=today())
    if not kept:
        raise AirflowSkipException("no bucket keeps a term by itself")
    return {each.store: each.rules for each in kept}


@_nothing_personal
def plan() -> dict[str, Any]:
    """Plan what is due today. Skips the rest of the run where nothing is; fails it where that is not sure."""
    from hoeder import retention
    from hoeder.retention import question
    from hoeder.retention.plan import previous_plan
    from hoeder.retention.units import units

    policy = load()
    with governance("retention") as db:
        made = retention.make_plan(policy, resolve, db, reference_key(), run=current_run(policy.digest), as_of=today())
        previous = previous_plan(db, made)
    for part in made.parts:
        log.info(
            "%s: due %d, held %d, restricted %d, kept by another rule %d, still referred to %d, without anchor %d",
            part.rule, part.due, part.held, part.restricted, part.longer, part.needed, part.missing_anchor,
        )  # fmt: skip
    problems = [part.problem for part in made.parts if part.problem]
    if not any(part.due for part in made.parts):
        if problems:
            raise StoreError("\n".join(dict.fromkeys(problems)))
        raise AirflowSkipException("nothing is due: there is nothing to approve")
    return {
        "plan": str(made.plan),
        "digest": made.digest,
        "units": [name for name, parts in units(made).items() if set(parts) & set(made.asked)],
        "pre_approved": [name for name, parts in units(made).items() if set(parts) & set(made.pre_approved)],
        "subject": question.subject(made),
        "body": question.body(made, policy, previous),
    }


@_nothing_personal
def erase(plan_id: str, unit: str, *, pre_approved: bool = False) -> dict[str, int]:
    """Erase one unit of the plan, rule by rule in the plan's order; rows erased per rule.

    What an officer was asked about or, apart from it, what policy approved beforehand. A rule that fails does not stop
    the next one; the task fails after the last. One that came to its end in an earlier attempt is not tried again.
    """
    from hoeder import retention
    from hoeder.retention.plan import read_plan
    from hoeder.retention.units import units

    policy, key = load(), reference_key()
    erased: dict[str, int] = {}
    problems: list[str] = []
    answer = None if pre_approved else stored_answer("ask_dpo")
    with governance("retention") as db:
        made, *_ = read_plan(db, UUID(plan_id))
        finished = retention.finished(db, made.plan)
        for part in units(made).get(unit, ()):
            if part.runs_without_asking != pre_approved or part.rule in finished:
                continue
            try:
                counts = retention.erase(
                    made.plan, part.rule, answer, policy, resolve, db, key, run=current_run(policy.digest)
                )
            except Refused as error:
                raise Refused("\n".join([*problems, str(error)])) from None
            except HoederError as error:
                problems.append(str(error))
                continue
            log.info("%s: %s", part.rule, counts or "rejected, nothing erased")
            erased[part.rule] = counts.get("erased", 0)
            if counts.get("remaining"):
                problems.append(f"rule {part.rule}: {counts['remaining']} records are still there")
    if problems:
        raise StoreError("\n".join(problems))
    return erased


@_nothing_personal
def verify(plan_id: str | None) -> dict[str, int]:
    """Look again, over new connections, for what the plan should have erased; how many are left, by rule."""
    from hoeder.retention.verify import verify as look_again

    if plan_id is None:
        return {}
    policy = load()
    with governance("retention") as db:
        return look_again(UUID(plan_id), policy, resolve, db, reference_key(), run=current_run(policy.digest))


@_nothing_personal
def conclude(plan_id: str | None) -> dict[str, str]:
    """How the plan ended, per rule and after the second look, read back from the ledger.

    Ends journal entries whose records no backup can hold any more.
    """
    from hoeder import retention
    from hoeder.retention import journal

    with governance("retention") as db:
        journal.age_out(db, today())
        db.commit()
        if plan_id is None:
            return {}
        conclusion = retention.conclude(db, UUID(plan_id))
    outcomes = {rule: str(outcome or "no outcome") for rule, outcome in conclusion.outcomes.items()}
    return outcomes | ({"verification": str(conclusion.verified or "no outcome")} if outcomes else {})


@_nothing_personal
def certify(plan_id: str | None) -> list[str]:
    """Draw up the certificate of a completed plan, sign the ledger over it, and store it; where the files lie.

    Certificates of earlier plans that could not be stored then, are stored now.
    """
    from hoeder.evidence import sealing
    from hoeder.report import certificate as papers
    from hoeder.retention import certificate

    policy = load()
    run, now = current_run(policy.digest), datetime.now(AMSTERDAM)
    with governance("retention") as db:
        if plan_id is not None:
            certificate.issue(db, policy, UUID(plan_id), run=run, now=now)
        waiting = certificate.pending(db)
        if not waiting:
            return []
        with governance("evidence_seal") as signing:
            sealing.run(signing, policy, resolve, run=run, now=now)
        return [
            address for each in waiting for address in papers.store(db, policy, resolve, plan_id=each, now=now).values()
        ]


@_nothing_personal
def replay(store: str, taken: str, connection: str | None, bucket: str | None, keys_used_again: bool) -> dict[str, int]:
    """Repeat on a restored store what was done to it since its backup was begun; counts."""
    from hoeder.retention import replay as restored

    policy = load()
    moment = datetime.fromisoformat(taken)
    with governance("retention") as db:
        done = restored.replay(
            store, policy, resolve, db, reference_key(), run=current_run(policy.digest),
            taken=moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM),
            connection=connection, bucket=bucket, keys_used_again=keys_used_again,
        )  # fmt: skip
    return done.counts()


@_nothing_personal
def judge(outcomes: dict[str, str] | None) -> None:
    """Fail the run where a rule did not end well by the ledger, also if somebody marked its task successful."""
    from hoeder.retention.verify import GOOD

    if bad := {rule: outcome for rule, outcome in (outcomes or {}).items() if outcome not in GOOD}:
        raise AirflowFailException("\n".join(f"rule {rule}: {outcome}" for rule, outcome in sorted(bad.items())))


def stored_answer(task_id: str) -> Answer:
    """The officer's answer in this run, as Airflow's API server keeps it: not XCom, which a task or user can write.

    Raises Refused where the question was never asked.
    """
    from hoeder.retention import Answer

    instance = get_current_context()["ti"]
    account = resolve("airflow_api")
    client = Client(f"{account.extra.get('scheme', 'http')}://{account.host}:{account.port}")
    client.login(account.login or "", account.password or "")
    found = [q for q in client.questions(instance.dag_id, instance.run_id) if q.task_id == task_id]
    if not found:
        raise Refused(f"run {instance.run_id} never asked {task_id}. Nothing was erased.")
    reason = str(found[0].fields.get("reason") or "").strip()
    return Answer(
        dag_id=found[0].dag_id,
        run_id=found[0].run_id,
        received=found[0].answered,
        chosen=found[0].chosen,
        responder=found[0].answered_by,
        answered_at=datetime.fromisoformat(found[0].answered_at) if found[0].answered_at else None,
        subject=found[0].subject,
        has_reason=bool(reason),
        reason_digest=hashlib.sha256(reason.encode()).hexdigest() if reason else None,
    )


# --- report and seal ------------------------------------------------------------------------------------------------


@_nothing_personal
def seal() -> dict[str, int]:
    """Sign the ledger; size and entries of the new checkpoint, nothing where there was nothing to sign."""
    from hoeder.evidence import sealing

    policy = load()
    now: datetime = get_current_context()["dag_run"].run_after.astimezone(AMSTERDAM)
    with governance("evidence_seal") as db:
        return dict(sealing.run(db, policy, resolve, run=current_run(policy.digest), now=now))


@_nothing_personal
def refresh_registers() -> dict[str, int]:
    """Make the registers from policy and hold them against the last inventory; new versions by register."""
    from hoeder import registers

    policy = load()
    with governance("registers") as db:
        done = registers.refresh(db, policy, current_run(policy.digest), today=today())
    log.info("%d new versions, %d findings", len(done.versions), len(done.findings))
    return dict(done.versions)


@_nothing_personal
def assess_promises() -> dict[str, int]:
    """Hold every promise against the evidence and keep how it stood; how many by status."""
    from hoeder import promises

    policy, now = load(), datetime.now(AMSTERDAM)
    with governance("audit_report") as db:
        row = db.execute("select coalesce(max(entry), 0) from ledger where recorded_at < %s", [now]).fetchone()
        up_to = int(row[0]) if row else 0
        judged = promises.assess(db, policy, at=now, up_to=up_to)
    if not judged:
        raise AirflowSkipException("policy has no promises")
    with governance("promises") as db:
        promises.record(db, current_run(policy.digest), judged, up_to, at=now)
    return {status.value: sum(each.status is status for each in judged) for status in promises.Status}


@_nothing_personal
def write_reports(period: str, language: str) -> list[dict[str, Any]]:
    """Make each report that is due and store it under object lock; what a mail says of each, and where it lies.

    Without a `period`: after the timetable's own run the month that just ended, with its quarter and year where they
    ended too; in any other run the month that still lasts.
    """
    from hoeder.report import publish
    from hoeder.report.period import Kind, Period, ended

    policy = load()
    dag_run, now = get_current_context()["dag_run"], datetime.now(AMSTERDAM)
    if period:
        due: tuple[Period, ...] = (Period.parse(period),)
    elif dag_run.run_type == "scheduled" and today().day == 1:
        due = ended(today())
    else:
        due = (Period.holding(now.date(), Kind.MONTH),)
    with governance("audit_report") as db:
        made = [
            publish.run(db, policy, resolve, run=current_run(policy.digest), period=each, now=now, language=language)
            for each in due
        ]
    return [{"addresses": one.addresses, "mail": dict(vars(one.summary))} for one in made]


@_nothing_personal
def send_reports(made: list[dict[str, Any]]) -> int:
    """Tell whom policy names that the reports are there; how many recipients were written to."""
    from hoeder.report import mail
    from hoeder.report.publish import read

    policy, sent = load(), 0
    with governance("audit_report") as db:
        for one in made:
            told = mail.Summary(**one["mail"])
            files = functools.partial(read, resolve, one["addresses"])
            sent += mail.send(db, policy, resolve, told, run=current_run(policy.digest), files=files)
    return sent
