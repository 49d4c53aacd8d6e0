"""Whether `marketing_gate.yaml` agrees with itself and with what the stores are declared to hold."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.marketing_gate import ADDRESS, MailingList, MarketingGate
from hoeder.policy.parsed import Parsed
from hoeder.policy.retention import RetentionRule
from hoeder.policy.source import Location, Problem
from hoeder.policy.suggest import did_you_mean


def problems(
    file: Parsed[MarketingGate] | None,
    stores: Mapping[str, Store],
    datasets: Iterable[Dataset],
    rules: Collection[RetentionRule],
) -> list[Problem]:
    """Everything that does not fit together, in no particular order."""
    if file is None:
        return []
    known = {dataset.store: dataset for dataset in datasets}
    return [*_rules(file), *_tables(file, known), *_texts(file), *_lists(file, stores, known, rules)]


def _rules(file: Parsed[MarketingGate]) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, rule in enumerate(file.value.rules):
        if rule.rule in seen:
            yield file.source.problem(("rules", position, "rule"), f"rule {rule.rule} is there twice")
        seen.add(rule.rule)
        if rule.valid_to and rule.valid_to < rule.valid_from:
            yield file.source.problem(("rules", position, "valid_to"), f"rule {rule.rule} ends before it begins")
        if rule.basis == "no-objection" and rule.channel != "post":
            yield file.source.problem(
                ("rules", position, "basis"),
                f"rule {rule.rule}: that nobody objected is a ground for post alone (Telecommunicatiewet 11.7)",
            )
        if rule.basis == "customer" and file.value.customers is None:
            yield file.source.problem(("rules", position, "basis"), f"rule {rule.rule} needs `customers`: who bought")


def _tables(file: Parsed[MarketingGate], known: Mapping[str, Dataset]) -> Iterator[Problem]:
    gate = file.value
    for key, placed in gate.tables():
        at: Location = (key, "table")
        dataset = known.get(placed.store)
        if dataset is None or placed.name not in dataset.tables:
            yield file.source.problem(at, f"{placed.table} is not declared in datasets/{placed.store}.yaml")
            continue
        columns = dataset.tables[placed.name].columns
        for name in placed.columns:
            if name not in columns:
                yield file.source.problem(
                    (key,), f"{placed.table} has no column {name} by datasets/{placed.store}.yaml"
                    f"{did_you_mean(name, columns)}",
                )  # fmt: skip
    if len({placed.store for _, placed in gate.tables()}) > 1:
        yield file.source.problem(("persons", "table"), "persons, consents and opt-outs stand in one store")


def _texts(file: Parsed[MarketingGate]) -> Iterator[Problem]:
    for text, said in file.value.texts.items():
        for company in said.companies:
            if company not in file.value.companies:
                yield file.source.problem(
                    ("texts", text, "companies"),
                    f"text {text}: company {company} is not among companies"
                    f"{did_you_mean(company, file.value.companies)}",
                )


def _lists(
    file: Parsed[MarketingGate],
    stores: Mapping[str, Store],
    known: Mapping[str, Dataset],
    rules: Collection[RetentionRule],
) -> Iterator[Problem]:
    gate = file.value
    into, _, prefix = gate.allowed_into.partition(":")
    dataset = known.get(into)
    if dataset is None or prefix not in dataset.prefixes:
        yield file.source.problem(("allowed_into",), f"{gate.allowed_into} is not declared in datasets/{into}.yaml")
    elif not any(rule.applies_to == gate.allowed_into for rule in rules):
        yield file.source.problem(("allowed_into",), f"{gate.allowed_into} has no rule in retention.yaml: nothing goes")
    seen: set[str] = set()
    for position, each in enumerate(gate.lists):
        at: Location = ("lists", position)
        if each.list in seen:
            yield file.source.problem((*at, "list"), f"list {each.list} is there twice")
        seen.add(each.list)
        if each.store not in stores:
            yield file.source.problem((*at, "place"), f"store {each.store} is not in stores.yaml")
        elif each.is_table != (stores[each.store].kind == "postgresql"):
            kind = "a database" if each.is_table else "a bucket"
            yield file.source.problem((*at, "place"), f"{each.place}: store {each.store} is not {kind}")
        if each.to is not None and each.to not in gate.companies:
            yield file.source.problem(
                (*at, "to"), f"list {each.list}: company {each.to} is not among companies"
                f"{did_you_mean(each.to, gate.companies)}",
            )  # fmt: skip
        yield from (file.source.problem((*at, "columns"), said) for said in _columns(each, gate, known))


def _columns(each: MailingList, gate: MarketingGate, known: Mapping[str, Dataset]) -> Iterator[str]:
    kinds = {*ADDRESS.values(), gate.persons.kind}
    for kind in each.columns:
        if kind not in kinds:
            yield f"list {each.list}: nobody is known by {kind}; there are: {', '.join(sorted(kinds))}"
    into, _, prefix = gate.allowed_into.partition(":")
    places = {
        each.place: _declared(known.get(each.store), each.target),
        gate.allowed_into: _declared(known.get(into), prefix),
    }
    for place, declared in places.items():
        for name in (*(column for columns in each.columns.values() for column in columns), *each.carry):
            if declared is not None and name not in declared:
                yield f"list {each.list}: {place} is declared without column {name}{did_you_mean(name, declared)}"


def _declared(dataset: Dataset | None, target: str) -> Collection[str] | None:
    """Columns of a table or prefix; None where policy does not declare it."""
    there = (dataset.tables.get(target) or dataset.prefixes.get(target)) if dataset else None
    return there.columns if there else None
