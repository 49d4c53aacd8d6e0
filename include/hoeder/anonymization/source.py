"""What a release may read: columns that the dataset policy declares, in the part that the release gives them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hoeder.errors import PolicyError, StoreError
from hoeder.evidence.ledger import Outcome
from hoeder.policy.base import Role
from hoeder.policy.dataset import Prefix, Store, Table
from hoeder.policy.disclosures import below
from hoeder.policy.models import Policy
from hoeder.policy.release import Release, Topic

# Categories that point at one person, are free text, or are of a special kind (GDPR Art. 9, 10): no step makes them fit
# to be seen. `user` alone says nothing about what it is.
_WITHHELD = (
    "user.account.username",
    "user.authorization",
    "user.biometric",
    "user.biometric_health",
    "user.childrens",
    "user.contact",
    "user.content",
    "user.credentials",
    "user.criminal_history",
    "user.demographic.date_of_birth",
    "user.demographic.ethnic_origin",
    "user.demographic.political_opinion",
    "user.demographic.race_ethnicity",
    "user.demographic.religious_belief",
    "user.demographic.sexual_orientation",
    "user.device.cookie",
    "user.device.cookie_id",
    "user.device.device_id",
    "user.device.ip_address",
    "user.financial",
    "user.genetic",
    "user.government_id",
    "user.health_and_medical",
    "user.location.precise",
    "user.name",
    "user.payment",
    "user.unique_id",
)

_FREE_TEXT = "user.content"


class SourceProblem(StoreError):
    """A source cannot be read as policy describes it; `outcome` is how the ledger names that."""

    def __init__(self, message: str, outcome: Outcome) -> None:
        super().__init__(message)
        self.outcome = outcome


@dataclass(frozen=True)
class Source:
    """Where a release reads from. `target` is a table, or a prefix of the store's bucket."""

    store: Store
    name: str
    target: str
    purpose: str
    categories: dict[str, str]
    """The declared category of each column that is read and may leave."""
    kind: str = ""
    """Of whom its rows are: the kind of subject."""
    store_name: str = ""
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Columns and the values that a row must have in them to be read at all: a client's own rows, say."""
    topics: Mapping[str, tuple[Topic, ...]] = field(default_factory=dict)
    """Columns of free text: each text is read as a topic, and goes no further."""


def locate(release: Release, policy: Policy) -> Source:
    """The source of a release. Raises PolicyError where a column is undeclared or may not be released at all."""
    where = f"release {release.release}: source {release.source}"
    name, mark, target = _split(release.source)
    store = policy.stores.get(name)
    if store is None:
        raise PolicyError(f"{where}: store {name} is not in stores.yaml; it has: {', '.join(sorted(policy.stores))}")
    held = _declared(policy, name, target, is_prefix=mark == ":")
    if held is None:
        kind = "prefix" if mark == ":" else "table"
        raise PolicyError(
            f"{where}: no dataset of store {name} declares the {kind} {target}; declare it and its columns"
        )
    _check_role(where, release, held.role or store.role)
    _check_subject(where, release, held)
    _check_columns(where, release, held)
    return Source(
        store,
        release.source,
        target,
        held.purpose,
        {c: held.columns[c] for c in released(release)},
        held.subject.kind if held.subject else "",
        name,
        _only(where, release, held),
        release.topics,
    )


def released(release: Release) -> tuple[str, ...]:
    """The columns that leave, in the order of the published file."""
    return (
        *(generalisation.column for generalisation in release.quasi_identifiers),
        *(sensitive.column for sensitive in release.sensitive),
        *release.measures,
    )


def _only(where: str, release: Release, held: Table | Prefix) -> tuple[tuple[str, tuple[str, ...]], ...]:
    filters = [] if release.only is None else [(release.only.column, release.only.values)]
    if release.clients:
        column = held.client_column if isinstance(held, Table) else None
        if column is None or len(release.clients) != 1:
            raise PolicyError(f"{where}: its rows do not say whose (client's) they are, so no client can have theirs")
        filters.append((column, tuple(str(value) for value in release.clients.values())))
    if unknown := [column for column, _ in filters if column not in held.columns]:
        raise PolicyError(f"{where}: {', '.join(unknown)} is not classified in the dataset policy")
    return tuple(filters)


def is_withheld(category: str) -> bool:
    """Whether columns of this category never leave, however coarse."""
    return category == "user" or below(category, _WITHHELD)


def _split(source: str) -> tuple[str, str, str]:
    mark = min((m for m in ".:" if m in source), key=source.index)
    name, _, target = source.partition(mark)
    return name, mark, target


def _declared(policy: Policy, store: str, target: str, *, is_prefix: bool) -> Table | Prefix | None:
    for dataset in policy.datasets.values():
        if dataset.store == store:
            found = dataset.prefixes.get(target) if is_prefix else dataset.tables.get(target)
            if found is not None:
                return found
    return None


def _check_role(where: str, release: Release, role: Role) -> None:
    if (role is Role.PROCESSOR) != (release.reader == "client"):
        raise PolicyError(
            f"{where} is held for clients: their data are used for them alone and are not released (GDPR Art. "
            "28(3)(a)) "
            "to another reader"
            if role is Role.PROCESSOR
            else f"{where} is our own: no client has a release of it"
        )
    if role is Role.EMPLOYER and release.k < 20:
        raise PolicyError(f"{where} is about staff: k is at least 20, not {release.k}")


def _check_subject(where: str, release: Release, held: Table | Prefix) -> None:
    declared = held.subject.column if held.subject else None
    if declared != release.subject:
        raise PolicyError(
            f"{where}: the release counts persons by {release.subject}, the dataset tells them apart by "
            f"{declared or 'nothing'}; k would count something else than persons"
        )
    if isinstance(held, Prefix) and held.format != "parquet":
        raise PolicyError(f"{where} holds {held.format}; only Parquet has columns to choose from")


def _check_columns(where: str, release: Release, held: Table | Prefix) -> None:
    columns = released(release)
    problems = [f"{c} is named twice" for c in sorted({c for c in columns if columns.count(c) > 1})]
    for column in dict.fromkeys(columns):
        category = held.columns.get(column)
        if column == release.subject:
            problems.append(f"{column} tells persons apart and never leaves")
        elif category is None:
            problems.append(f"{column} is not classified in the dataset policy")
        elif column in release.topics and not below(category, (_FREE_TEXT,)):
            problems.append(f"{column} is declared {category}; topics are for free text ({_FREE_TEXT})")
        elif is_withheld(category) and column not in release.topics:
            problems.append(f"{column} is declared {category}, which is never released")
    if release.subject not in held.columns:
        problems.append(f"{release.subject} is not classified in the dataset policy")
    if problems:
        raise PolicyError("\n  ".join([f"{where}:", *problems]))
