"""Whether `rights.yaml` speaks of tables and columns that datasets declare."""

from collections.abc import Iterable

from hoeder.policy.dataset import Dataset
from hoeder.policy.parsed import Parsed
from hoeder.policy.person_facing import PersonFacing
from hoeder.policy.source import Problem
from hoeder.policy.suggest import did_you_mean


def problems(file: Parsed[PersonFacing] | None, datasets: Iterable[Dataset]) -> list[Problem]:
    """Everything that does not fit, in no particular order."""
    if file is None:
        return []
    columns = {
        place: set(declared.columns)
        for each in datasets
        for sign, group in ((".", each.tables), (":", each.prefixes))
        for place, declared in ((f"{each.store}{sign}{name}", one) for name, one in group.items())
    }
    every = {name for names in columns.values() for name in names}
    found = [
        file.source.problem(("columns", name), f"no dataset declares a column {name}{did_you_mean(name, every)}")
        for name in file.value.columns
        if name not in every
    ]
    for place, shown in file.value.places.items():
        if place not in columns:
            found.append(
                file.source.problem(("places", place), f"no dataset declares {place}{did_you_mean(place, columns)}")
            )
            continue
        found += [
            file.source.problem(
                ("places", place, key), f"{place} has no column {name}{did_you_mean(name, columns[place])}"
            )
            for key, names in (("provided", shown.provided), ("withheld", shown.withheld))
            for name in names
            if name not in columns[place]
        ]
    return found
