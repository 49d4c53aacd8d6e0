"""Whether what `requests.yaml` says of corrections and consents names tables and columns that there are."""

from collections.abc import Iterator, Mapping

from hoeder.policy.base import Role
from hoeder.policy.dataset import Dataset, Store, Table
from hoeder.policy.parsed import Parsed
from hoeder.policy.requests import Requests
from hoeder.policy.source import Location, Problem
from hoeder.policy.suggest import did_you_mean


def problems(file: Parsed[Requests], stores: Mapping[str, Store], declared: Mapping[str, Dataset]) -> Iterator[Problem]:
    """Everything that does not fit together, in no particular order."""
    for place, allowed in file.value.corrections.items():
        here: Location = ("corrections", place)
        table = _table(place, declared)
        if table is None:
            yield _no_table(file, here, place, declared)
            continue
        if (table.role or stores[place.partition(".")[0]].role) is Role.PROCESSOR:
            yield file.source.problem(here, f"table {place} is held for clients: their customers ask them")
        named = {"facts": allowed.facts, "before": tuple(allowed.before.values())}
        named["opinions"] = (*allowed.opinions, *allowed.opinions.values())
        for key, columns in named.items():
            yield from _columns(file, (*here, key), place, table, columns)
    for number, consent in enumerate(file.value.consents):
        table = _table(consent.table, declared)
        if table is None:
            yield _no_table(file, ("consents", number, "table"), consent.table, declared)
            continue
        for key in ("status", "ended_on"):
            yield from _columns(file, ("consents", number, key), consent.table, table, (getattr(consent, key),))


def _table(place: str, declared: Mapping[str, Dataset]) -> Table | None:
    store, _, name = place.partition(".")
    return declared[store].tables.get(name) if store in declared else None


def _no_table(file: Parsed[Requests], here: Location, place: str, declared: Mapping[str, Dataset]) -> Problem:
    known = [f"{store}.{name}" for store, dataset in declared.items() for name in dataset.tables]
    return file.source.problem(here, f"table {place} is declared by no dataset{did_you_mean(place, known)}")


def _columns(
    file: Parsed[Requests], here: Location, place: str, table: Table, columns: tuple[str, ...]
) -> Iterator[Problem]:
    for column in columns:
        if column not in table.columns:
            hint = did_you_mean(column, list(table.columns))
            yield file.source.problem(here, f"column {place}.{column} is not declared{hint}")
