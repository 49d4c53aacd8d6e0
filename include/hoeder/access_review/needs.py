"""What policy says that somebody needs, spelled out for every client."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from hoeder.policy import Policy
from hoeder.policy.access_review import AccessReview, Function, Group, Identity, for_clients

SPECIAL = ("user.health_and_medical", "user.government_id.national_identification_number", "user.biometric",
           "user.genetic", "user.demographic.race_ethnicity", "user.demographic.religious_belief",
           "user.demographic.political_opinion", "user.demographic.sexual_orientation")  # fmt: skip
"""Categories that a reviewer must know of: AVG 9 and 87."""
OTHER = "(other)"
"""In place of a word that policy does not know: what HR's list says may be anything."""


@dataclass(frozen=True)
class Needs:
    """The role matrix of one policy."""

    policy: Policy
    access: AccessReview

    @cached_property
    def clients(self) -> tuple[str, ...]:
        return tuple(self.policy.processing.clients)

    @cached_property
    def groups(self) -> dict[str, tuple[Group, str | None]]:
        """By name of a group role: what it may do, and for which client."""
        return {
            name: (group, client)
            for pattern, group in self.access.groups.items()
            for name, client in for_clients(pattern, self.clients).items()
        }

    @cached_property
    def identities(self) -> dict[str, Identity]:
        """By name of an identity of the object store, with the places of its own client."""
        return {
            name: identity.model_copy(
                update={
                    "places": tuple(place.replace("{client}", client) if client else place for place in identity.places)
                }
            )
            for pattern, identity in self.access.identities.items()
            for name, client in for_clients(pattern, self.clients).items()
        }

    def groups_for(self, function: Function | None) -> frozenset[str]:
        """Group roles that a function needs, of whichever client."""
        return self.spelled(function.groups) if function else frozenset()

    def roles_for(self, function: Function | None) -> dict[tuple[str, str], str | None]:
        """Roles by system that a function needs, with the client that each is for."""
        if function is None:
            return {}
        return {
            (system, role): client
            for system, patterns in function.systems.items()
            for pattern in patterns
            for role, client in for_clients(pattern, self.clients).items()
        }

    @cached_property
    def words(self) -> frozenset[str]:
        """Every system and role that policy speaks of: the only ones that are told of by name."""
        found = {*self.access.client_systems.values(), *self.policy.stores}
        for function in self.access.functions.values():
            for system, role in self.roles_for(function):
                found |= {system, role}
        return frozenset(found)

    def word(self, text: str) -> str:
        return text if text in self.words else OTHER

    def client_of_system(self, system: str) -> str | None:
        """Whose own system it is, if it is a client's."""
        return next((client for client, name in self.access.client_systems.items() if name == system), None)

    def client_of_place(self, place: str) -> str | None:
        """The client whose folder of a bucket a place is or lies in."""
        return next((client for client in self.clients if f"client-{client}/" in f"{place}/"), None)

    def is_program(self, store: str, account: str) -> str | None:
        """The program that an account of a store is for."""
        before = f"{self.policy.stores[store].connection}_"
        program = account.removeprefix(before)
        return program if account.startswith(before) and program in self.access.programs else None

    def program_may(self, program: str, store: str, table: str, right: str) -> bool:
        told = self.access.programs[program]
        if right not in told.may:
            return False
        return not told.tables or table in told.tables.get(store, ())

    def is_special(self, store: str, table: str) -> bool:
        """Whether a table holds special categories or citizen service numbers, as it is declared."""
        dataset = self.policy.datasets.get(store)
        declared = dataset.tables.get(table) if dataset else None
        return any(category.startswith(SPECIAL) for category in declared.columns.values()) if declared else False

    def spelled(self, patterns: tuple[str, ...]) -> frozenset[str]:
        """Names, one for each client where a pattern says so."""
        return frozenset(name for pattern in patterns for name in for_clients(pattern, self.clients))

    def group_word(self, group: str) -> str:
        """A group's name where policy knows it; any other may be somebody's login."""
        return group if group in self.groups else OTHER
