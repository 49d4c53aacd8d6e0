"""What comes in: the request as a person typed it over from the document, checked before anything of it is kept."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hoeder import envelope
from hoeder.clock import add_months
from hoeder.disclosures.case import Case, Db, Verified, What, add, read
from hoeder.disclosures.case_file import CaseFile, Official, Subject, write
from hoeder.errors import HoederError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.policy import Policy
from hoeder.policy.disclosures import Power
from hoeder.policy.suggest import did_you_mean
from hoeder.policy.vocabulary import vocabulary
from hoeder.vault import Vault

_LONGEST = 1024 * 1024
_OPEN_FRAUD = frozenset({"suspected", "confirmed"})


Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,60}$")]
"""A name of policy. Anything else is not quoted back: people type anything."""


class Request(BaseModel):
    """What an authority asks, without anything of the persons: all that a form may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    authority: Word
    power: Word
    article: str
    """As the document names it: it must be the power's own."""
    document: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the order; of the facts, where we report by ourselves."""
    received_on: date
    verified: Verified
    compelled: bool
    secret_until: date | None = None
    client: Word | None = None
    """Whose data (opdrachtgever); none: our own."""
    asked: Annotated[tuple[Word, ...], Field(min_length=1)]
    fraud_case: UUID | None = None


class _File(BaseModel):
    """The file that a person fills in."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    authority: Word
    power: Word
    article: str
    document: Path
    received_on: date
    verified: Verified
    compelled: bool
    secret_until: date | None = None
    client: Word | None = None
    asked: Annotated[tuple[Word, ...], Field(min_length=1)]
    fraud_case: UUID | None = None
    official: Mapping[Literal["name", "unit", "reached_at", "certificate"], str]
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1)]


def from_file(path: Path) -> tuple[Request, CaseFile]:
    """A request and what the vault keeps of it. Paths in it are relative to it.

    Raises HoederError with every problem at once; none quotes what the file says of persons.
    """
    said = _yaml(path)
    try:
        file = _File.model_validate(said)
    except ValidationError as error:
        raise HoederError("\n".join(f"{path}: {each}" for each in problems(error))) from None
    if lacking := {"name", "unit", "reached_at", "certificate"} - set(file.official):
        raise HoederError(f"{path}: official: {', '.join(sorted(lacking))} is missing")
    clients = {each.client for each in file.subjects if each.client is not None} | {file.client}
    if len(clients) > 1:
        raise HoederError(
            f"{path}: subjects of more than one client, or of a client and of our own: two clients' data are never one "
            "request; make a file for each"
        )
    document = _content(path.parent / file.document, "the document of the request")
    official = Official(**dict(file.official) | {"certificate": _content(
        path.parent / file.official["certificate"], "the recipient's certificate"
    ).decode(errors="replace")})  # fmt: skip
    fields = file.model_dump(exclude={"official", "subjects", "document"})
    request = Request(**fields, document=hashlib.sha256(document).hexdigest())
    return request, CaseFile(official=official, subjects=file.subjects)


def from_form(fields: Mapping[str, object]) -> Request:
    """A request from Airflow's form, which names no subject. Raises HoederError with every problem at once."""
    given = {name: value for name, value in fields.items() if value not in (None, "", [])}
    try:
        return Request.model_validate(given)
    except ValidationError as error:
        raise HoederError("\n".join(f"the form: {each}" for each in problems(error))) from None


def problems(error: ValidationError) -> list[str]:
    """What is wrong with a form or file, by field, without what it says there."""
    return [
        f"{'.'.join(map(str, each['loc'])) or 'it'}: {each['msg'][0].lower()}{each['msg'][1:]}"
        for each in error.errors(include_url=False, include_input=False)
    ]


def take_in(
    db: Db,
    policy: Policy,
    vault: Vault | None,
    request: Request,
    file: CaseFile | None,
    *,
    by: str,
    run: Run,
    today: date,
) -> Case:
    """Open a case, with its subjects where a file named them. Commits.

    Raises HoederError, before anything is kept, for what no check could ever pass: an authority that is not in the
    table, a power or article that is not its own or not in force, fields that nobody knows, a certificate that ended.
    """
    case_id = uuid4()
    known = policy.disclosures.authority(request.authority) is not None
    ledger.register_names(db, policy.digest, [request.authority] if known else [])
    target = request.authority if known else "request"
    with ledger.act(db, run, Activity.DISCLOSURES_RECEIVE, target, case_id=case_id) as act:
        act.outcome = Outcome.REFUSED
        power = judge(db, policy, request, today)
        if file is not None:
            envelope.certificate(file.official.certificate, whose="the recipient", on=today)
        act.outcome = Outcome.DONE
        if vault is not None and file is not None:
            write(vault, case_id, file)  # before the row: a row without it could not be worked on
        db.execute(
            """insert into disclosure (case_id, authority, power, own_report, compelled, document, received_on,
                                       verified, secret_until, client, asked, fraud_case, policy_digest, taken_in_by)
               values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                case_id, request.authority, request.power, power.own_report, request.compelled, request.document,
                request.received_on, request.verified, request.secret_until, request.client, list(request.asked),
                request.fraud_case, policy.digest, by,
            ],
        )  # fmt: skip
        add(db, read(db, case_id), What.TAKEN_IN, by=by)
        act.counts, act.digest = {"fields_asked": len(request.asked)}, request.document
        if file is not None:
            add(db, read(db, case_id), What.SUBJECTS, by=by, detail={"persons": len(file.subjects)})
            act.counts["persons"] = len(file.subjects)
    return read(db, case_id)


def add_subjects(
    db: Db, policy: Policy, vault: Vault, case_id: UUID, request: Request, file: CaseFile, *, by: str, today: date
) -> Case:
    """Say of a case that came in by a form whom it is about. Commits.

    Raises HoederError where the file speaks of another request than the form did.
    """
    case = read(db, case_id)
    judge(db, policy, request, today)
    if differing := [
        name for name in Request.model_fields
        if name != "article" and _plain(getattr(case, name)) != _plain(getattr(request, name))
    ]:  # fmt: skip
        raise HoederError(
            f"case {case_id}: the file differs from the form in {', '.join(differing)}; mend it, or take it in as new"
        )
    envelope.certificate(file.official.certificate, whose="the recipient", on=today)
    write(vault, case_id, file)
    case = add(db, case, What.SUBJECTS, by=by, detail={"persons": len(file.subjects)})
    db.commit()
    return case


def judge(db: Db, policy: Policy, request: Request, today: date) -> Power:
    """The power that a request claims. Raises HoederError with everything that is wrong with the request at once."""
    table = policy.disclosures
    authority = table.authority(request.authority)
    if authority is None:
        known = [each.authority for each in table.authorities]
        raise HoederError(
            f"authority {request.authority} is not in the table (policy: disclosures.yaml)"
            f"{did_you_mean(request.authority, known)}; there are: {', '.join(known)}"
        )
    power = table.power(request.authority, request.power)
    if power is None:
        raise HoederError(_no_power(policy, request))
    wrong = [*_wrong_power(power, request, today), *_wrong_words(policy, request), *_wrong_report(db, power, request)]
    if wrong:
        raise HoederError("\n".join(wrong))
    return power


def _wrong_power(power: Power, request: Request, today: date) -> Iterator[str]:
    """Where the request and the power that it claims do not fit."""
    if _flat(request.article) not in {_flat(power.article), *map(_flat, power.article.split(";"))}:
        yield f"the article is not that of power {power.power}, which is {power.article}"
    if not power.valid_on(request.received_on):
        until = f" to {power.valid_to}" if power.valid_to else ""
        yield f"power {power.power} was in force from {power.valid_from}{until}, not on {request.received_on}"
    if request.received_on > today:
        yield f"received_on {request.received_on} lies in the future"
    if request.compelled != power.compelled:
        yield f"by power {power.power} we {'must' if power.compelled else 'need not'} answer; say compelled so"
    if request.secret_until is not None and not power.may_bind_to_secrecy:
        yield f"power {power.power} cannot bind to secrecy; leave secret_until out"


def _wrong_words(policy: Policy, request: Request) -> Iterator[str]:
    """Clients and fields that nobody knows."""
    clients = policy.processing.clients
    if request.client is not None and request.client not in clients:
        yield f"client {request.client} is not in processing.yaml{did_you_mean(request.client, clients)}"
    known = vocabulary().categories
    for category in request.asked:
        if category not in known:
            yield f"field {category} is no category that anybody knows{did_you_mean(category, known)}"


def _wrong_report(db: Db, power: Power, request: Request) -> Iterator[str]:
    """What an own report needs, and nothing else may have."""
    if power.own_report != (request.fraud_case is not None):
        yield "fraud_case goes with an own report, and only with it"
    if request.fraud_case is not None and not _open_fraud(db, request.fraud_case):
        yield f"there is no open fraud file {request.fraud_case} that somebody approved"
    if power.own_report and request.client is not None:
        yield "an own report is about our own data; a client reports by itself"


def _no_power(policy: Policy, request: Request) -> str:
    others = [a.authority for a in policy.disclosures.authorities if any(p.power == request.power for p in a.powers)]
    whose = f", but {', '.join(others)}'s" if others else ""
    own = policy.disclosures.authority(request.authority)
    names = ", ".join(each.power for each in own.powers) if own else ""
    return f"power {request.power} is not {request.authority}'s{whose}; it has: {names} (policy: disclosures.yaml)"


def _open_fraud(db: Db, fraud_case: UUID) -> bool:
    row = db.execute(
        "select what from fraud_step where case_id = %s order by step desc limit 1", [fraud_case]
    ).fetchone()
    return row is not None and row[0] in _OPEN_FRAUD


def _flat(article: str) -> str:
    return "".join(article.split()).casefold()


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list | tuple) else value


def _content(path: Path, what: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HoederError(f"{path}: {what} cannot be read: {error.strerror}") from None
    if not content:
        raise HoederError(f"{path}: {what} is empty")
    return content


def _yaml(path: Path) -> Any:
    content = _content(path, "the request")
    if len(content) > _LONGEST:
        raise HoederError(f"{path}: the request is larger than a megabyte: it is no request")
    try:
        said = yaml.safe_load(content)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise HoederError(f"{path}{f':{mark.line + 1}' if mark else ''}: the request is no YAML") from None
    if not isinstance(said, dict):
        raise HoederError(f"{path}: the request is no list of keys and values")
    return said


def age_out(db: Db, today: date, years: int) -> int:
    """Forget cases that were closed so many years ago; a secrecy that still runs keeps its case. How many."""
    row = db.execute("select disclosures_age_out(%s)", [add_months(today, -12 * years)]).fetchone()
    db.commit()
    return int(row[0]) if row else 0
