"""Registers as a manifest that Fides reads: organization, systems with privacy declarations, datasets (fideslang 3.1).

Fideslang has no word for some of what a register says (a statute, per-client terms, safeguards of one recipient): that
stays in the other exports. What is here was checked with fideslang's own models.
"""

from collections.abc import Sequence
from typing import Any

import yaml

from hoeder.policy import Policy, Prefix, Table
from hoeder.policy.base import Role
from hoeder.policy.vocabulary import vocabulary
from hoeder.registers.content import Line, Register, places, store_of

VERSION = "3.1.4"
_BASES = {
    "6(1)(a)": "Consent", "6(1)(b)": "Contract", "6(1)(c)": "Legal obligations", "6(1)(d)": "Vital interests",
    "6(1)(e)": "Public interest", "6(1)(f)": "Legitimate interests",
}  # fmt: skip
_CONDITIONS = {
    "9(2)(a)": "Explicit consent",
    "9(2)(b)": "Employment, social security and social protection",
    "9(2)(c)": "Vital interests",
    "9(2)(d)": "Not-for-profit bodies",
    "9(2)(e)": "Made public by the data subject",
    "9(2)(f)": "Legal claims or judicial acts",
    "9(2)(g)": "Reasons of substantial public interest (with a basis in law)",
    "9(2)(h)": "Health or social care (with a basis in law)",
    "9(2)(i)": "Public health (with a basis in law)",
    "9(2)(j)": "Archiving, research and statistics (with a basis in law)",
}
_TRANSFERS = {"adequacy": "Adequacy Decision", "standard-clauses": "SCCs", "binding-rules": "BCRs", "consent": "Other"}
ELSEWHERE = "elsewhere"
"""The system of processings that happen in systems of others."""

Node = dict[str, Any]


def manifest(policy: Policy, registers: Sequence[Register]) -> str:
    """The manifest in YAML, the same text for the same content."""
    lines = [line for register in registers for line in register.lines]
    stores = list(dict.fromkeys(store for line in lines for store in line.stores or (ELSEWHERE,)))
    covered = {place for line in lines for place in line.places}
    values = {
        "organization": [_organization(registers[0])],
        "system": [_system(policy, store, registers) for store in stores],
        "dataset": [_dataset(policy, store, covered) for store in stores if store != ELSEWHERE],
    }
    head = f"# fideslang {VERSION}\n"
    return head + yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=120)


def _organization(register: Register) -> Node:
    us = {"name": register.organisation, "address": ", ".join(register.address), "email": register.contact}
    node: Node = {"fides_key": "organization", "name": register.organisation, "controller": us}
    if register.dpo:
        node["data_protection_officer"] = {"name": register.dpo.name, "email": register.dpo.contact}
    if register.representative:
        node["representative"] = {"name": register.representative.name, "email": register.representative.contact}
    return node


def _system(policy: Policy, store: str, registers: Sequence[Register]) -> Node:
    told = policy.stores.get(store)
    pairs = [
        (register, line) for register in registers for line in register.lines
        if store in (line.stores or (ELSEWHERE,))
    ]  # fmt: skip
    abroad = {name: one for _, line in pairs for name, one in line.transfers.items()}
    roles = {"Processor" if line.role is Role.PROCESSOR else "Controller" for _, line in pairs}
    node: Node = {
        "fides_key": store,
        "organization_fides_key": "organization",
        "name": store,
        "description": told.description if told else "Systems of others",
        "system_type": told.kind if told else "external",
        "administrating_department": told.owner if told else None,
        "processes_personal_data": True,
        "responsibility": sorted(roles),
        "does_international_transfers": bool(abroad),
        "legal_basis_for_transfers": sorted({_TRANSFERS[one.safeguard] for one in abroad.values() if one.safeguard}),
        "requires_data_protection_assessments": any(line.dpia for _, line in pairs),
        "dataset_references": [store] if told else [],
        "privacy_declarations": [
            _declaration(policy, store, register, line, purpose)
            for register, line in pairs
            for purpose in line.purposes
        ],
    }
    return {key: value for key, value in node.items() if value is not None}


def _declaration(policy: Policy, store: str, register: Register, line: Line, purpose: str) -> Node:
    declared = places(policy)
    here = [place for place in line.places if store_of(place) == store]
    categories = {one for place in here if place in declared for one in declared[place].columns.values()}
    shown = sorted(one for one in categories & set(line.categories) if one in vocabulary().categories)
    client = f" ({register.client.name})" if register.client else ""
    parties = [one.en for one in line.recipients.values()]
    terms = [f"{term.place}: {term.keep}" for term in line.terms if store_of(term.place) == store]
    node: Node = {
        "name": f"{line.en}{client}: {line.purposes[purpose].en}",
        "data_categories": shown or list(line.categories),
        "data_use": line.purposes[purpose].fides,
        "data_subjects": sorted({one.fides for one in line.subjects.values()}),
        "legal_basis_for_processing": _BASES[line.basis.article] if line.basis else None,
        "processes_special_category_data": bool(line.special),
        "special_category_legal_basis": _CONDITIONS[line.condition] if line.condition else None,
        "retention_period": "; ".join(terms) or None,
        "data_shared_with_third_parties": bool(parties),
        "third_parties": "; ".join(parties) or None,
        "dataset_references": [store] if here else None,
    }
    return {key: value for key, value in node.items() if value is not None}


def _dataset(policy: Policy, store: str, covered: set[str]) -> Node:
    """The places of a store that the registers speak of, with the categories of their columns."""
    here = {place: one for place, one in places(policy).items() if place in covered and store_of(place) == store}
    return {
        "fides_key": store,
        "organization_fides_key": "organization",
        "name": store,
        "description": policy.stores[store].description,
        "collections": [_collection(place, one) for place, one in here.items()],
    }


def _collection(place: str, one: Table | Prefix) -> Node:
    return {
        "name": place[len(store_of(place)) + 1 :],
        "description": one.description,
        "fields": [{"name": name, "data_categories": [category]} for name, category in one.columns.items()],
    }
