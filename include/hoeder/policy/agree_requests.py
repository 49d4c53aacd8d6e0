"""Whether `requests.yaml` names places that there are."""

from collections.abc import Iterable, Iterator, Mapping

from hoeder.policy import agree_carry_out
from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.parsed import Parsed
from hoeder.policy.requests import ContactForm, Requests
from hoeder.policy.source import Location, Problem
from hoeder.policy.suggest import did_you_mean


def problems(
    file: Parsed[Requests] | None, stores: Mapping[str, Store], datasets: Iterable[Dataset]
) -> Iterator[Problem]:
    """Everything that does not fit together, in no particular order."""
    if file is None:
        return
    declared = {dataset.store: dataset for dataset in datasets}
    for number, place in enumerate(file.value.mailboxes):
        store, _, prefix = place.partition(":")
        there = declared.get(store)
        if there is None or prefix not in there.prefixes:
            known = [f"{name}:{one}" for name, each in declared.items() for one, p in each.prefixes.items()
                     if p.format == "eml"]  # fmt: skip
            yield file.source.problem(
                ("mailboxes", number),
                f"mailbox {place} is declared by no dataset{did_you_mean(place, known)}; declare it with format eml",
            )
        elif there.prefixes[prefix].format != "eml":
            yield file.source.problem(("mailboxes", number), f"mailbox {place} does not hold mail (format eml)")
    for number, form in enumerate(file.value.forms):
        yield from _form(file, ("forms", number), form, stores, declared)
    yield from agree_carry_out.problems(file, stores, declared)


def _form(
    file: Parsed[Requests],
    here: Location,
    form: ContactForm,
    stores: Mapping[str, Store],
    declared: Mapping[str, Dataset],
) -> Iterator[Problem]:
    dataset = declared.get(form.store)
    if dataset is None or form.table not in dataset.tables or stores[form.store].kind != "postgresql":
        yield file.source.problem((*here, "table"), f"table {form.store}.{form.table} is declared by no dataset")
        return
    columns = dataset.tables[form.table].columns
    for key in ("email", "body", "received", "name"):
        column = getattr(form, key)
        if column is not None and column not in columns:
            yield file.source.problem(
                (*here, key),
                f"column {form.store}.{form.table}.{column} is not declared{did_you_mean(column, list(columns))}",
            )
