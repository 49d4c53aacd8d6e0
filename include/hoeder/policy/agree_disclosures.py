"""Whether `disclosures.yaml` and `fraud_files.yaml` agree with themselves and with the rest of policy."""

from collections.abc import Iterable, Iterator, Sequence

from hoeder.policy.dataset import Dataset
from hoeder.policy.disclosures import DisclosureFile
from hoeder.policy.fraud_files import FraudFile
from hoeder.policy.parsed import Parsed
from hoeder.policy.retention import RetentionRule
from hoeder.policy.source import Location, Problem
from hoeder.policy.suggest import did_you_mean


def problems(
    powers: Parsed[DisclosureFile] | None,
    fraud: Parsed[FraudFile] | None,
    datasets: Iterable[Dataset],
    rules: Sequence[RetentionRule],
) -> list[Problem]:
    """Everything that does not fit together, in no particular order."""
    return [
        *(_powers(powers) if powers else ()),
        *(_fraud(fraud, {d.store: d for d in datasets}, rules) if fraud else ()),
    ]


def _powers(file: Parsed[DisclosureFile]) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, authority in enumerate(file.value.authorities):
        here: Location = ("authorities", position)
        if authority.authority in seen:
            yield file.source.problem((*here, "authority"), f"authority {authority.authority} is described twice")
        seen.add(authority.authority)
        names: set[str] = set()
        for number, power in enumerate(authority.powers):
            at: Location = (*here, "powers", number)
            if power.power in names:
                yield file.source.problem((*at, "power"), f"{authority.authority} has power {power.power} twice")
            names.add(power.power)
            if power.valid_to and power.valid_to < power.valid_from:
                yield file.source.problem((*at, "valid_to"), f"power {power.power} ends before it begins")
            for word in power.requires:
                if word not in file.value.requirements:
                    yield file.source.problem(
                        (*at, "requires"), f"power {power.power}: requirement {word} has no words under requirements"
                    )
            if not any(power.covers(category) for category in power.may_ask):
                yield file.source.problem((*at, "never"), f"power {power.power} covers nothing: never takes all of it")


def _fraud(file: Parsed[FraudFile], datasets: dict[str, Dataset], rules: Sequence[RetentionRule]) -> Iterator[Problem]:
    for key, place in (("signals", file.value.signals), ("files", file.value.files)):
        at: Location = (key, "table")
        dataset = datasets.get(place.store)
        if dataset is None or place.name not in dataset.tables:
            yield file.source.problem(at, f"{place.table} is not declared in datasets/{place.store}.yaml")
            continue
        columns = dataset.tables[place.name].columns
        for name in place.columns:
            if name not in columns:
                yield file.source.problem(
                    (key,), f"{place.table} has no column {name} by datasets/{place.store}.yaml"
                    f"{did_you_mean(name, columns)}",
                )  # fmt: skip
        if not any(rule.applies_to == place.table for rule in rules):
            yield file.source.problem(at, f"{place.table} has no rule in retention.yaml, so nothing ever goes")
