"""Whether the promises speak of things that the rest of policy knows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from hoeder.policy.attestations import AttestationKind
from hoeder.policy.control import (
    AllPromises,
    Attested,
    Control,
    DataDeclared,
    FieldsLimited,
    NoFindings,
    PolicySays,
    ProcessingRegistered,
    RecipientsLimited,
    ReleasesAnonymous,
    TermsKept,
)
from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.organisation import Organisation
from hoeder.policy.parsed import Parsed
from hoeder.policy.processing import ProcessingFile
from hoeder.policy.promise import Chapter
from hoeder.policy.release import Release
from hoeder.policy.retention import RetentionRule
from hoeder.policy.source import Location, Problem
from hoeder.policy.suggest import did_you_mean


@dataclass(frozen=True)
class Known:
    """What promises may speak of."""

    organisation: Organisation
    stores: Collection[str]
    places: Collection[str]
    rules: Collection[str]
    releases: Collection[str]
    processing: ProcessingFile
    attestations: Collection[str]

    @classmethod
    def of(
        cls,
        organisation: Organisation,
        stores: dict[str, Store],
        datasets: Sequence[Dataset],
        rules: Sequence[RetentionRule],
        releases: Sequence[Release],
        processing: ProcessingFile,
        attestations: Sequence[AttestationKind],
    ) -> "Known":
        """The names in the other files."""
        places = [f"{d.store}.{table}" for d in datasets for table in d.tables]
        places += [f"{d.store}:{prefix}" for d in datasets for prefix in d.prefixes]
        return cls(
            organisation, stores, places, [r.rule for r in rules], [r.release for r in releases], processing,
            [kind.kind for kind in attestations],
        )  # fmt: skip


def problems(chapters: Sequence[Parsed[Chapter]], known: Known) -> Iterator[Problem]:
    """Everything that does not fit, in no particular order."""
    seen: dict[str, str] = {}
    letters: dict[str, str] = {}
    totals: list[str] = []
    for parsed in chapters:
        source, chapter = parsed.source, parsed.value
        if chapter.chapter in letters:
            yield source.problem(("chapter",), f"chapter {chapter.chapter} is already in {letters[chapter.chapter]}")
        letters[chapter.chapter] = source.file
        for position, promise in enumerate(chapter.promises):
            here: Location = ("promises", position)
            if promise.id in seen:
                yield source.problem((*here, "id"), f"promise {promise.id} is already in {seen[promise.id]}")
            seen[promise.id] = source.file
            if promise.owner not in known.organisation.officers:
                officers = known.organisation.officers
                yield source.problem(
                    (*here, "owner"),
                    f"promise {promise.id}: owner {promise.owner} is no officer of organisation.yaml"
                    f"{did_you_mean(promise.owner, officers)}; there are: {', '.join(officers)}",
                )
            if promise.law and promise.law.until and promise.law.until < promise.law.since:
                yield source.problem((*here, "law", "until"), f"promise {promise.id}: the law ends before it begins")
            for number, control in enumerate(promise.proven_by):
                at = (*here, "proven_by", number)
                yield from (source.problem(at, f"promise {promise.id}: {each}") for each in _control(control, known))
                if isinstance(control, AllPromises):
                    totals.append(promise.id)
                    if len(totals) > 1:
                        yield source.problem(
                            at, f"promise {promise.id}: {totals[0]} sums all promises up already; one may, or both wait"
                        )


def _control(control: Control, known: Known) -> Iterator[str]:
    """What a control speaks of and nobody knows."""
    match control:
        case NoFindings():
            yield from _unknown("place", control.places, known.places, "is not declared in datasets/")
        case DataDeclared() | FieldsLimited():
            yield from _unknown("place", [control.place], known.places, "is not declared in datasets/")
        case TermsKept():
            yield from _unknown("rule", control.rules, known.rules, "is not in retention.yaml")
        case ReleasesAnonymous():
            yield from _unknown("release", control.releases, known.releases, "is not in releases/")
        case ProcessingRegistered():
            yield from _unknown("purpose", control.purposes, known.processing.purposes, "is not in processing.yaml")
            yield from _unknown("subjects", control.subjects, known.processing.subjects, "are not in processing.yaml")
            if not control.purposes and not control.subjects:
                yield f"control {control.name} needs purposes or subjects"
        case RecipientsLimited():
            yield from _unknown("purpose", control.purposes, known.processing.purposes, "is not in processing.yaml")
        case Attested():
            yield from _unknown("attestation", [control.kind], known.attestations, "is not in attestations.yaml")
            yield from _unknown("store", control.stores, known.stores, "is not in stores.yaml")
        case PolicySays() if not has_key(known.organisation, control.key):
            yield f"control {control.name}: organisation.yaml knows no key {control.key}"
        case _:
            pass


def has_key(organisation: Organisation, key: str) -> bool:
    """Whether a path such as officers.dpo.title leads to something, be it empty."""
    at: object = organisation.model_dump(mode="json")
    for part in key.split("."):
        if not isinstance(at, dict) or part not in at:
            return False
        at = at[part]
    return True


def _unknown(what: str, names: Collection[str], known: Collection[str], reason: str) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{what} {name} {reason}{did_you_mean(name, known)}"
