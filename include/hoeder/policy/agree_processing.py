"""Whether `processing.yaml` and `attestations.yaml` agree with the rest: every word that they use is declared."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from hoeder.policy.attestations import AttestationKind
from hoeder.policy.base import Role
from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.organisation import Organisation
from hoeder.policy.parsed import Parsed
from hoeder.policy.processing import Processing, ProcessingFile
from hoeder.policy.release import Release
from hoeder.policy.retention import RetentionRule
from hoeder.policy.source import Location, Problem
from hoeder.policy.suggest import did_you_mean


def problems(
    file: Parsed[ProcessingFile],
    kinds: Parsed[tuple[AttestationKind, ...]],
    organisation: Organisation,
    stores: Mapping[str, Store],
    datasets: Iterable[Dataset],
    rules: Sequence[RetentionRule],
    releases: Sequence[Release],
) -> list[Problem]:
    """Everything that does not fit together, in no particular order."""
    declared = {dataset.store: dataset for dataset in datasets}
    return [
        *_processings(file, stores, declared),
        *_clients(file, rules, releases),
        *_kinds(kinds, organisation),
    ]


def _processings(
    file: Parsed[ProcessingFile], stores: Mapping[str, Store], declared: Mapping[str, Dataset]
) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, each in enumerate(file.value.processings):
        if each.processing in seen:
            yield _wrong(file, position, ("processing",), "is described twice")
        seen.add(each.processing)
        yield from _words(file, position, each)
        for number, place in enumerate(each.places):
            if problem := _place(each, place, stores, declared):
                yield _wrong(file, position, ("places", number), problem)
        if each.clients and each.role is not Role.PROCESSOR:
            yield _wrong(file, position, ("clients",), f"is done as {each.role}; only a processor has clients")
        if each.basis and each.role is Role.PROCESSOR:
            message = "is done as processor: the basis is the client's, in the client's own register"
            yield _wrong(file, position, ("basis",), message)


def _wrong(file: Parsed[ProcessingFile], position: int, key: Location, message: str) -> Problem:
    name = file.value.processings[position].processing
    return file.source.problem(("processings", position, *key), f"processing {name}: {message}")


def _words(file: Parsed[ProcessingFile], position: int, each: Processing) -> Iterator[Problem]:
    known: dict[str, Collection[str]] = {
        "purposes": file.value.purposes,
        "subjects": file.value.subjects,
        "recipients": file.value.recipients,
        "clients": file.value.clients,
    }
    for key, names in known.items():
        for number, name in enumerate(getattr(each, key)):
            if name not in names:
                message = f"{key[:-1]} {name} is not declared under {key}{did_you_mean(name, names)}"
                yield _wrong(file, position, (key, number), message)


def _place(each: Processing, place: str, stores: Mapping[str, Store], declared: Mapping[str, Dataset]) -> str | None:
    """What is wrong with a place, if anything is."""
    store, separator, target = place.replace(":", ".", 1).partition(".")
    if store not in stores:
        return f"store {store} is not in stores.yaml{did_you_mean(store, stores)}"
    dataset = declared.get(store)
    tables, prefixes = (dataset.tables, dataset.prefixes) if dataset else ({}, {})
    found = prefixes.get(target) if ":" in place else tables.get(target)
    if not separator or found is None:
        places = [*(f"{store}.{name}" for name in tables), *(f"{store}:{name}" for name in prefixes)]
        return f"place {place} is not declared in datasets/{did_you_mean(place, places)}"
    held = found.role or stores[store].role
    if (held is Role.PROCESSOR) != (each.role is Role.PROCESSOR):
        return f"{place} is held as {held}, and the processing is done as {each.role}"
    return None


def _clients(
    file: Parsed[ProcessingFile], rules: Sequence[RetentionRule], releases: Sequence[Release]
) -> Iterator[Problem]:
    """A client has the same value wherever policy names it, and two clients never have the same."""
    said = [
        *((name, told.value, f"rule {rule.rule}") for rule in rules for name, told in rule.clients.items()),
        *((name, value, f"release {one.release}") for one in releases for name, value in one.clients.items()),
    ]
    clients = file.value.clients
    for name, value, where in said:
        if name not in clients:
            near = did_you_mean(name, clients)
            yield file.source.problem(
                ("clients",), f"{where} names client {name}, which is not declared here: say who it is{near}"
            )
        elif str(clients[name].value) != str(value):
            yield file.source.problem(
                ("clients", name, "is"), f"client {name} is {clients[name].value} here and {value} in {where}"
            )
    values: dict[str, str] = {}
    for name, client in clients.items():
        if (other := values.setdefault(str(client.value), name)) != name:
            yield file.source.problem(("clients", name, "is"), f"clients {other} and {name} have the same value")


def _kinds(kinds: Parsed[tuple[AttestationKind, ...]], organisation: Organisation) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, each in enumerate(kinds.value):
        if each.kind in seen:
            yield kinds.source.problem((position, "kind"), f"attestation {each.kind} is described twice")
        seen.add(each.kind)
        for number, officer in enumerate(each.attested_by):
            if officer not in organisation.officers:
                yield kinds.source.problem(
                    (position, "attested_by", number),
                    f"attestation {each.kind}: {officer} is no officer of organisation.yaml"
                    f"{did_you_mean(officer, organisation.officers)}",
                )
