"""Whether `incidents.yaml` and `questions.yaml` agree with the rest of policy."""

from collections.abc import Iterable, Iterator, Mapping

from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.incidents import IncidentFile, QuestionFile
from hoeder.policy.parsed import Parsed
from hoeder.policy.processing import ProcessingFile
from hoeder.policy.source import Problem
from hoeder.policy.suggest import did_you_mean


def problems(
    incidents: Parsed[IncidentFile] | None,
    questions: Parsed[QuestionFile] | None,
    processing: ProcessingFile,
    stores: Mapping[str, Store],
    datasets: Iterable[Dataset],
) -> Iterator[Problem]:
    """Everything that does not fit together, in no particular order."""
    if incidents:
        yield from _clients(incidents, processing)
    if questions:
        yield from _places(questions, stores, {dataset.store: dataset for dataset in datasets})


def _clients(file: Parsed[IncidentFile], processing: ProcessingFile) -> Iterator[Problem]:
    """Every client has hours, so that no incident with its data is found to have no clock."""
    for client in processing.clients:
        if client not in file.value.clients:
            yield file.source.problem(
                ("clients",),
                f"client {client} has no hours: add {client}: {{tell_within_hours: …}} as its contract says",
            )
    for client in file.value.clients:
        if client not in processing.clients:
            yield file.source.problem(
                ("clients", client),
                f"client {client} is none of processing.yaml{did_you_mean(client, processing.clients)}",
            )


def _places(
    file: Parsed[QuestionFile], stores: Mapping[str, Store], datasets: Mapping[str, Dataset]
) -> Iterator[Problem]:
    names = [each.source for each in file.value.sources]
    for number, table in enumerate(file.value.tables):
        at = ("tables", number)
        if names.count(table.source) > 1:
            yield file.source.problem((*at, "source"), f"source {table.source} is named twice")
        dataset = datasets.get(table.store)
        if dataset is None or table.table not in dataset.tables:
            known = list(dataset.tables) if dataset else list(datasets)
            yield file.source.problem(
                (*at, "table"),
                f"{table.store}.{table.table} is declared by no dataset"
                f"{did_you_mean(table.table if dataset else table.store, known)}",
            )
            continue
        columns = dataset.tables[table.table].columns
        for name in (table.received, table.answered.by, table.answered_on):
            if name is not None and name not in columns:
                yield file.source.problem(
                    at, f"{table.store}.{table.table} has no column {name}{did_you_mean(name, columns)}"
                )
    for number, mail in enumerate(file.value.mail):
        at = ("mail", number)
        if names.count(mail.source) > 1:
            yield file.source.problem((*at, "source"), f"source {mail.source} is named twice")
        found = datasets.get(mail.store)
        if found is None or mail.prefix not in found.prefixes or stores[mail.store].kind != "s3":
            yield file.source.problem(
                (*at, "prefix"),
                f"{mail.store}:{mail.prefix} is declared by no dataset"
                f"{did_you_mean(mail.prefix, found.prefixes if found else ())}",
            )
