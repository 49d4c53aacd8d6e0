"""Read the policy folder: every problem of every file at once, or a policy that can be carried out."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from hoeder.errors import PolicyError
from hoeder.policy import (
    agree,
    agree_access,
    agree_disclosures,
    agree_incidents,
    agree_marketing,
    agree_person_facing,
    agree_processing,
    agree_requests,
    promised,
)
from hoeder.policy.access_review import AccessReview
from hoeder.policy.attestations import AttestationKind
from hoeder.policy.base import Name, Text
from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.disclosures import DisclosureFile
from hoeder.policy.fraud_files import FraudFile
from hoeder.policy.incidents import IncidentFile, QuestionFile
from hoeder.policy.marketing_gate import MarketingGate
from hoeder.policy.models import Policy
from hoeder.policy.organisation import Organisation
from hoeder.policy.parsed import Parsed
from hoeder.policy.person_facing import PersonFacing
from hoeder.policy.processing import ProcessingFile
from hoeder.policy.promise import Chapter
from hoeder.policy.release import Release
from hoeder.policy.requests import Requests
from hoeder.policy.retention import RetentionRule
from hoeder.policy.source import Location, Problem, Source, read
from hoeder.policy.suggest import did_you_mean

T = TypeVar("T")
STORES: TypeAdapter[dict[str, Store]] = TypeAdapter(dict[Name, Store])
RULES: TypeAdapter[tuple[RetentionRule, ...]] = TypeAdapter(tuple[RetentionRule, ...])
DUTCH: TypeAdapter[dict[str, str]] = TypeAdapter(dict[Text, Text])
KINDS: TypeAdapter[tuple[AttestationKind, ...]] = TypeAdapter(tuple[AttestationKind, ...])


def default_folder() -> Path:
    """`HOEDER_POLICY`, or the folder `policy` beside the library."""
    configured = os.environ.get("HOEDER_POLICY")
    return Path(configured) if configured else Path(__file__).parents[2] / "policy"


def load(folder: Path | None = None) -> Policy:
    """The policy in a folder. Raises PolicyError with all problems, one `file:line: what, expected` per line."""
    policy, problems = examine(folder or default_folder())
    if policy is None:
        raise PolicyError("\n".join(str(problem) for problem in problems))
    return policy


def examine(folder: Path) -> tuple[Policy | None, list[Problem]]:
    """Read and check a folder; a policy comes back only where there is no problem."""
    reader = _Reader(folder)
    organisation = reader.parse("organisation.yaml", TypeAdapter(Organisation))
    stores = reader.parse("stores.yaml", STORES)
    retention = reader.parse("retention.yaml", RULES)
    datasets = reader.parse_each("datasets", TypeAdapter(Dataset))
    releases = reader.parse_each("releases", TypeAdapter(Release))
    chapters = reader.parse_each("promises", TypeAdapter(Chapter))
    processing = reader.parse("processing.yaml", TypeAdapter(ProcessingFile))
    attestations = reader.parse("attestations.yaml", KINDS)
    disclosures = reader.parse_if_there("disclosures.yaml", TypeAdapter(DisclosureFile))
    fraud_files = reader.parse_if_there("fraud_files.yaml", TypeAdapter(FraudFile))
    access_review = reader.parse_if_there("access_review.yaml", TypeAdapter(AccessReview))
    marketing = reader.parse_if_there("marketing_gate.yaml", TypeAdapter(MarketingGate))
    requests = reader.parse_if_there("requests.yaml", TypeAdapter(Requests))
    person_facing = reader.parse_if_there("rights.yaml", TypeAdapter(PersonFacing))
    incidents = reader.parse_if_there("incidents.yaml", TypeAdapter(IncidentFile))
    questions = reader.parse_if_there("questions.yaml", TypeAdapter(QuestionFile))
    dutch = reader.parse_if_there("dutch.yaml", DUTCH)
    problems = reader.problems
    if organisation and stores and retention is not None and not problems:
        problems += agree.problems(
            organisation,
            stores,
            datasets,
            retention,
            releases,
        )
        problems += agree_disclosures.problems(disclosures, fraud_files, [d.value for d in datasets], retention.value)
        problems += agree_marketing.problems(marketing, stores.value, [d.value for d in datasets], retention.value)
        problems += agree_requests.problems(requests, stores.value, [d.value for d in datasets])
        problems += agree_person_facing.problems(person_facing, [d.value for d in datasets])
        if processing:
            problems += agree_incidents.problems(
                incidents, questions, processing.value, stores.value, [d.value for d in datasets]
            )
        if processing and attestations:
            problems += agree_access.problems(
                access_review, organisation=organisation.value, stores=stores.value,
                datasets=[d.value for d in datasets], clients=processing.value.clients, attestations=attestations.value,
            )  # fmt: skip
            problems += promised.problems(chapters, promised.Known.of(
                organisation.value, stores.value, [d.value for d in datasets], retention.value,
                [r.value for r in releases], processing.value, attestations.value,
            ))  # fmt: skip
            problems += agree_processing.problems(
                processing, attestations, organisation=organisation.value, stores=stores.value,
                datasets=[d.value for d in datasets], rules=retention.value, releases=[r.value for r in releases],
            )  # fmt: skip
    if problems or not (organisation and stores and retention is not None and processing and attestations):
        return None, sorted(set(problems))
    content: dict[str, Any] = {
        "organisation": organisation.value,
        "stores": stores.value,
        "datasets": {d.value.store: d.value for d in datasets},
        "retention": _rules(retention.value, organisation.value, {d.value.store: d.value for d in datasets}),
        "releases": tuple(one for r in releases for one in r.value.for_each_client()),
        "processing": processing.value,
        "attestations": attestations.value,
        "disclosures": disclosures.value if disclosures else DisclosureFile(),
        "fraud_files": fraud_files.value if fraud_files else None,
        "access_review": access_review.value if access_review else None,
        "marketing_gate": marketing.value if marketing else None,
        "requests": requests.value if requests else Requests(),
        "incidents": incidents.value if incidents else None,
        "questions": questions.value if questions else None,
        "dutch": dutch.value if dutch else {},
        "person_facing": person_facing.value if person_facing else PersonFacing(),
        "chapters": tuple(sorted((c.value for c in chapters), key=lambda chapter: chapter.chapter)),
    }
    return Policy(**content, digest=_digest(content)), []


def _rules(
    rules: Iterable[RetentionRule], organisation: Organisation, datasets: Mapping[str, Dataset]
) -> tuple[RetentionRule, ...]:
    """Rules as they are carried out: one for each client, terms in the organisation's book years."""
    found = []
    for rule in rules:
        table = datasets[rule.store].tables.get(rule.target)
        for one in rule.for_each_client(table.client_column if table else None):
            keep = replace(one.keep, year_begins=organisation.book_year_begins)
            found.append(one.model_copy(update={"keep": keep}))
    return tuple(found)


@dataclass
class _Reader:
    folder: Path

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    def parse(self, name: str, adapter: TypeAdapter[T]) -> Parsed[T] | None:
        source, problems = read(self.folder / name, self._shown(name))
        self.problems += problems
        if source.data is None:
            return None
        try:
            return Parsed(source, adapter.validate_python(source.data))
        except ValidationError as error:
            self.problems += _explained(error, source, adapter)
            return None

    def parse_if_there(self, name: str, adapter: TypeAdapter[T]) -> Parsed[T] | None:
        """A file that a company has only where it does what the file is about."""
        return self.parse(name, adapter) if (self.folder / name).exists() else None

    def parse_each(self, subfolder: str, adapter: TypeAdapter[T]) -> list[Parsed[T]]:
        paths = sorted((self.folder / subfolder).glob("*.yaml"))
        for path in sorted((self.folder / subfolder).rglob("*")):
            if path.suffix.lower() in (".yaml", ".yml") and path not in paths:
                shown = self._shown(str(path.relative_to(self.folder)))
                self.problems.append(Problem(shown, 1, f"is not read: files are {subfolder}/<name>.yaml; rename it"))
        parsed = [self.parse(f"{subfolder}/{path.name}", adapter) for path in paths]
        return [one for one in parsed if one is not None]

    def _shown(self, name: str) -> str:
        path = self.folder / name
        return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _explained(error: ValidationError, source: Source, adapter: TypeAdapter[Any]) -> Iterable[Problem]:
    root = adapter._type  # the annotation that the adapter was made from
    for item in error.errors(include_url=False):
        location: Location = tuple(part for part in item["loc"] if part != "[key]")
        path = ".".join(str(part) for part in location)
        if item["type"] == "extra_forbidden":
            allowed = _fields(root, location[:-1])
            yield source.problem(
                location,
                f"unknown key {path}, expected one of: {', '.join(allowed)}{did_you_mean(location[-1], allowed)}",
            )
        elif item["type"] == "missing":
            yield source.problem(location[:-1], f"key {location[-1]} is missing{_within(location)}")
        else:
            message = item["msg"].removeprefix("Value error, ")
            given = item["input"] if isinstance(item["input"], str | int | float | bool) else None
            yield source.problem(location, f"{path}: {message[0].lower()}{message[1:]}" + _given(given))


def _within(location: Location) -> str:
    return f" in {'.'.join(str(part) for part in location[:-1])}" if location[:-1] else ""


def _given(value: object) -> str:
    return "" if value is None else f"; it says {value!r}"


def _fields(annotation: Any, location: Location) -> list[str]:
    """Keys that a model knows, found by following a location through the types."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not location:
            return [field.alias or name for name, field in annotation.model_fields.items()]
        field = annotation.model_fields.get(str(location[0]))
        return _fields(field.annotation, location[1:]) if field else []
    arguments = [a for a in get_args(annotation) if a is not type(None) and a is not Ellipsis]
    if not arguments:
        return []
    inside_collection = get_origin(annotation) in (dict, tuple, list)
    return _fields(arguments[-1], location[1:] if inside_collection else location)


def _digest(content: dict[str, Any]) -> str:
    plain = TypeAdapter(dict[str, Any]).dump_python(content, mode="json")
    canonical = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
