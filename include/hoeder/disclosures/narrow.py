"""Which fields of which tables an authority gets: what is asked, less what its power does not cover."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from hoeder.persons.person import Scope
from hoeder.persons.tables import in_scope
from hoeder.policy import Policy
from hoeder.policy.base import Role, place_of
from hoeder.policy.disclosures import Power, below


class Withheld(StrEnum):
    """Why something that is asked does not go out."""

    BEYOND_POWER = "beyond-power"  # the article does not cover it
    EXCLUDED = "excluded"  # the article leaves exactly this out
    RESTRICTED = "restricted"  # may only be stored (GDPR 18), and nothing compels us
    UNCERTAIN = "uncertain"  # it may be somebody else's record
    NOT_SEARCHED = "not-searched"  # files, in which nobody is looked for


@dataclass(frozen=True)
class Field:
    """A column that is asked. `withheld` is None where it may be given."""

    store: str
    table: str
    column: str
    category: str
    withheld: Withheld | None

    @property
    def place(self) -> str:
        return place_of(self.store, self.table)


def fields(policy: Policy, power: Power, asked: Collection[str], scope: Scope) -> tuple[Field, ...]:
    """Every personal column that is asked in the tables of this scope, and whether the power covers it."""
    return tuple(
        Field(store, name, column, category, verdict(power, category))
        for store, tables in sorted(in_scope(policy, scope).items())
        for name, table in sorted(tables.items())
        for column, category in sorted(table.columns.items())
        if below(category, asked)
    )


def verdict(power: Power, category: str) -> Withheld | None:
    """Why a category is withheld; None where the power covers it."""
    if power.covers(category):
        return None
    return Withheld.EXCLUDED if below(category, power.may_ask) else Withheld.BEYOND_POWER


def not_searched(policy: Policy, scope: Scope) -> Iterator[str]:
    """Prefixes of this scope whose objects are about persons: nobody is looked for in them."""
    for store, dataset in sorted(policy.datasets.items()):
        for name, prefix in sorted(dataset.prefixes.items()):
            of_clients = (prefix.role or policy.stores[store].role) is Role.PROCESSOR
            if (prefix.subject or prefix.identifying) and of_clients == bool(scope.client):
                yield place_of(store, name)
