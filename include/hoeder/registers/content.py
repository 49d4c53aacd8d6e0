"""The content of a register, made from policy: one line for each processing, everything that GDPR Art. 30 asks for.

A register holds its words itself, so that a version of it can be read when policy has changed.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter

from hoeder.policy import Policy, Prefix, RetentionRule, Table
from hoeder.policy.base import Role
from hoeder.policy.processing import (
    Basis,
    Client,
    Measure,
    Party,
    Processing,
    Purpose,
    Recipient,
    Subjects,
)
from hoeder.registers.findings import CONTROLLER, of_client

NATIONAL_ID = "user.government_id.national_identification_number"
SPECIAL = (
    "user.health_and_medical", "user.biometric", "user.demographic.race_ethnicity", "user.demographic.religious_belief",
    "user.demographic.political_opinion", "user.demographic.sexual_orientation",
)  # fmt: skip
"""Special categories (Art. 9(1)) among the categories of fideslang."""


@dataclass(frozen=True)
class Term:
    """A retention rule on a place, in force on the day."""

    place: str
    rule: str
    keep: str
    basis: str


@dataclass(frozen=True)
class Line:
    """One processing, as the register has it."""

    processing: str
    nl: str
    en: str
    role: Role
    owner: str
    purposes: dict[str, Purpose]
    subjects: dict[str, Subjects]
    categories: tuple[str, ...]
    """Fideslang categories of its places, and those it names beside them."""
    recipients: dict[str, Recipient]
    places: tuple[str, ...]
    without_term: tuple[str, ...]
    """Of the places, those with personal data and no rule in force."""
    terms: tuple[Term, ...]
    basis: Basis | None
    condition: str | None
    statute: str | None
    decides_alone: bool
    dpia: bool

    def name(self, language: str) -> str:
        """What it is called."""
        return self.nl if language == "nl" else self.en

    @property
    def transfers(self) -> dict[str, Recipient]:
        """Recipients outside the EEA."""
        return {name: one for name, one in self.recipients.items() if one.abroad}

    @property
    def special(self) -> tuple[str, ...]:
        """Its special categories of data."""
        return tuple(one for one in self.categories if any(f"{one}.".startswith(f"{s}.") for s in SPECIAL))

    @property
    def stores(self) -> tuple[str, ...]:
        """The systems that its places lie in."""
        return tuple(dict.fromkeys(store_of(place) for place in self.places))


@dataclass(frozen=True)
class Register:
    """The register of the controller (30(1)) or of the processor for one client (30(2))."""

    name: str
    organisation: str
    contact: str
    address: tuple[str, ...]
    dpo: Party | None
    representative: Party | None
    joint_controllers: tuple[Party, ...]
    client: Client | None
    """30(2): for whom."""
    measures: dict[str, Measure]
    lines: tuple[Line, ...]

    @property
    def article(self) -> str:
        """Which register of the GDPR it is."""
        return "30(1)" if self.name == CONTROLLER else "30(2)"

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, in hex."""
        return sha256(self.canonical()).hexdigest()

    def canonical(self) -> bytes:
        """Canonical JSON (RFC 8785): names are ASCII and numbers whole, for which Python's encoder writes that form."""
        return json.dumps(
            self.plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        ).encode()

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        values: dict[str, Any] = _REGISTER.dump_python(self, mode="json", by_alias=True)
        return values

    @classmethod
    def read(cls, content: bytes) -> "Register":
        """A register back from its bytes."""
        return _REGISTER.validate_json(content)


_REGISTER = TypeAdapter(Register)


def store_of(place: str) -> str:
    """The store that a place lies in."""
    return place.replace(":", ".", 1).split(".", 1)[0]


def registers(policy: Policy, day: date) -> tuple[Register, ...]:
    """The controller's register, and one for each client, as policy has them on a day."""
    ours = [each for each in policy.processing.processings if each.role is not Role.PROCESSOR]
    theirs = [each for each in policy.processing.processings if each.role is Role.PROCESSOR]
    return (
        _register(policy, CONTROLLER, None, (_line(policy, each, day, None) for each in ours)),
        *(
            _register(
                policy,
                of_client(name),
                client,
                (_line(policy, each, day, client) for each in theirs if not each.clients or name in each.clients),
            )
            for name, client in policy.processing.clients.items()
        ),
    )


def places(policy: Policy) -> dict[str, Table | Prefix]:
    """Every table (`store.table`) and prefix (`store:prefix/`) that datasets declare."""
    found: dict[str, Table | Prefix] = {}
    for dataset in policy.datasets.values():
        found |= {f"{dataset.store}.{name}": table for name, table in dataset.tables.items()}
        found |= {f"{dataset.store}:{name}": prefix for name, prefix in dataset.prefixes.items()}
    return found


def _register(policy: Policy, name: str, client: Client | None, lines: Iterable[Line]) -> Register:
    told, organisation = policy.processing, policy.organisation
    return Register(
        name=name,
        organisation=organisation.name,
        contact=organisation.privacy_mailbox,
        address=organisation.postal_address,
        dpo=told.dpo,
        representative=told.representative,
        joint_controllers=told.joint_controllers if client is None else (),
        client=client,
        measures=dict(told.measures),
        lines=tuple(lines),
    )


def _line(policy: Policy, each: Processing, day: date, client: Client | None) -> Line:
    told = policy.processing
    personal = {place: _personal(declared) for place, declared in places(policy).items() if place in each.places}
    terms = tuple(term for place in each.places for term in _terms(policy, place, day, client))
    with_term = {term.place for term in terms}
    return Line(
        processing=each.processing,
        nl=each.nl,
        en=each.en,
        role=each.role,
        owner=each.owner,
        purposes={name: told.purposes[name] for name in each.purposes},
        subjects={name: told.subjects[name] for name in each.subjects},
        categories=tuple(sorted({one for found in personal.values() for one in found} | set(each.also))),
        recipients={name: told.recipients[name] for name in each.recipients},
        places=each.places,
        without_term=tuple(p for p in each.places if p not in with_term and (each.also or personal[p])),
        terms=terms,
        basis=each.basis,
        condition=each.condition,
        statute=each.statute,
        decides_alone=each.decides_alone,
        dpia=each.dpia,
    )


def _personal(place: Table | Prefix) -> frozenset[str]:
    """Categories of persons that a place declares; what it may hold in running text or documents counts."""
    held = {
        "national-id": NATIONAL_ID,
        "identity-document": "user.government_id",
        "health": "user.health_and_medical",
        "payment-card": "user.financial.credit_card",
    }
    columns = {one for one in place.columns.values() if one.split(".")[0] == "user"}
    return frozenset(columns | {held[one] for one in place.may_hold})


def _terms(policy: Policy, place: str, day: date, client: Client | None) -> Iterator[Term]:
    for rule in policy.rules_on(day):
        if rule.applies_to == place and _speaks_of(rule, client):
            yield Term(place, rule.rule, str(rule.keep), rule.source.basis)


def _speaks_of(rule: RetentionRule, client: Client | None) -> bool:
    """Whether a rule is about the rows of a client: policy divides rules by client when it is read."""
    if client is None or rule.client is None:
        return True
    named = str(client.value) in {str(value) for value in rule.client.values}
    return named != rule.client.others
