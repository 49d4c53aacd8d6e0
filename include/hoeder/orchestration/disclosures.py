"""The tasks of DAG disclosures: each looks where the case stands, and takes the one step that is its own."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hoeder.disclosures import case, decide, export, intake, question, receipt
from hoeder.disclosures.case import Db, What
from hoeder.errors import Refused
from hoeder.evidence.ledger import Run
from hoeder.governance.answer import Answer
from hoeder.orchestration.run import (
    current_run,
    governance,
    nothing_personal,
    reference_key,
    resolve,
    stored_answers,
    today,
)
from hoeder.policy import Policy, load
from hoeder.vault import open_vault

log = logging.getLogger(__name__)
CAPABILITY = "disclosures"


@dataclass(frozen=True)
class _Work:
    """What a task works with."""

    db: Db
    policy: Policy
    run: Run


@contextmanager
def _working() -> Iterator[_Work]:
    policy = load()
    with governance(CAPABILITY) as db:
        yield _Work(db, policy, current_run(policy.digest))


@nothing_personal
def receive(params: Mapping[str, Any]) -> str:
    """The number of the case: the one that the form names, or a new one from the rest of the form."""
    fields = {name: value for name, value in params.items() if name != "case"}
    with _working() as work:
        intake.age_out(work.db, today(), work.policy.disclosures.kept_years)
        if named := str(params.get("case") or ""):
            return str(case.read(work.db, _number(named)).case_id)
        request = intake.from_form(fields)
        made = intake.take_in(
            work.db, work.policy, None, request, None, by="airflow", run=work.run, today=today()
        )  # fmt: skip
    log.info("case %s waits for its subjects: hoeder disclosures subjects %s FILE.yaml", made.case_id, made.case_id)
    return str(made.case_id)


@nothing_personal
def has_subjects(number: str) -> bool:
    """Whether somebody said, on a terminal of our own, whom the case is about."""
    with _working() as work:
        return case.read(work.db, _number(number)).last is not What.TAKEN_IN


@nothing_personal
def to_check(number: str) -> list[dict[str, str]]:
    """The question whether the power holds, unless it was answered."""
    with _working() as work:
        found = case.read(work.db, _number(number))
        return _shown(question.check(found, work.policy)) if found.last is What.SUBJECTS else []


@nothing_personal
def take_check(number: str) -> str:
    """Take the first person's answer; where the case stands then."""
    with _working() as work:
        if answer := _only(stored_answers("ask_check")):
            decide.check(work.db, work.policy, _number(number), answer, run=work.run)
        return _stands(work, number)


@nothing_personal
def to_client(number: str) -> list[dict[str, str]]:
    """The question whether the client knows, where the data are a client's."""
    with _working() as work:
        found = case.read(work.db, _number(number))
        return _shown(question.client_first(found)) if found.client and found.last is What.CHECKED else []


@nothing_personal
def take_client(number: str) -> str:
    """Take down whether the client knows; where the case stands then."""
    with _working() as work:
        if answer := _only(stored_answers("ask_client")):
            decide.client_first(work.db, work.policy, _number(number), answer, run=work.run)
        return _stands(work, number)


@nothing_personal
def prepare(number: str) -> dict[str, int]:
    """Make what may be given; its counts."""
    with _working() as work:
        found = case.read(work.db, _number(number))
        if found.last not in (What.CHECKED, What.CLIENT_TOLD):
            return {}
        made = export.prepare(
            work.db, work.policy, resolve, reference_key(), open_vault(work.policy, resolve, CAPABILITY),
            found.case_id, run=work.run, today=today(),
        )  # fmt: skip
    return made.counts()


@nothing_personal
def to_release(number: str) -> list[dict[str, str]]:
    """The question whether exactly this goes out, for somebody else than who checked."""
    with _working() as work:
        found = case.read(work.db, _number(number))
        if found.last is not What.PREPARED:
            return []
        return _shown(question.release(found, export.prepared_of(work.db, found.case_id)))


@nothing_personal
def release(number: str) -> str:
    """Take the second person's answer; where the case stands then."""
    with _working() as work:
        if answer := _only(stored_answers("ask_release")):
            decide.release(work.db, work.policy, _number(number), answer, run=work.run)
        return _stands(work, number)


@nothing_personal
def conclude(number: str) -> str:
    """Close what was refused or forwarded; what was released waits for its receipt."""
    with _working() as work:
        vault = open_vault(work.policy, resolve, CAPABILITY)
        done = receipt.conclude(
            work.db, work.policy, reference_key(), vault, _number(number), run=work.run, today=today()
        )
    if done.last is What.RELEASED:
        log.info("released: hoeder disclosures fetch %s, and then hoeder disclosures received", number)
    return str(done.last)


def _stands(work: _Work, number: str) -> str:
    found = case.read(work.db, _number(number))
    log.info("the case is %s", found.last)
    return str(found.last)


def _shown(text: question.Text) -> list[dict[str, str]]:
    return [{"subject": text.subject, "body": text.body}]


def _only(answers: Sequence[Answer]) -> Answer | None:
    return answers[0] if answers else None


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused("parameter case is not the number of a case; hoeder disclosures list has them") from None
