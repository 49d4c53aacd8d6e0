"""Registers as JSON-LD in the W3C Data Privacy Vocabulary (DPV) 2.3, with its GDPR and personal data extensions.

A register is `dpv:RecordsOfActivities`, a line `dpv:PersonalDataProcess`. Only terms that stand in
`policy/vocabulary.yaml` are used; what DPV has no word for (statutes, ledger) is under Hoeder's own.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from hoeder.policy.processing import Party, Recipient
from hoeder.policy.vocabulary import vocabulary
from hoeder.registers.content import Line, Register
from hoeder.registers.findings import CONTROLLER

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "hoeder": "urn:hoeder:",
}
_SAFEGUARDS = {"adequacy": "A45-3", "standard-clauses": "A46-2-c", "binding-rules": "A46-2-b", "consent": "A49-1-a"}
_ROLES = {
    "processor": ("hasDataProcessor", "DataProcessor"),
    "controller": ("hasRecipientDataController", "DataController"),
    "client": ("hasRecipientDataController", "DataController"),
    "authority": ("hasRecipientThirdParty", "Authority"),
    "group": ("hasRecipientThirdParty", "ThirdParty"),
}

Node = dict[str, Any]


def document(registers: Sequence[Register]) -> bytes:
    """The registers as one JSON-LD document, the same bytes for the same content."""
    graph = [node for register in registers for node in _register(register)]
    return (json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n").encode()


def _register(register: Register) -> Iterable[Node]:
    ours = register.name == CONTROLLER
    us: Node = {
        "@id": "hoeder:organisation",
        "@type": "dpv:DataController" if ours else "dpv:DataProcessor",
        "dpv:hasName": register.organisation,
        "dpv:hasAddress": ", ".join(register.address),
        "dpv:hasContact": register.contact,
    }
    if register.dpo:
        us["dpv:hasDataProtectionOfficer"] = _party(register.dpo, "DataProtectionOfficer")
    if register.representative:
        us["dpv:hasRepresentative"] = _party(register.representative, "Representative")
    record: Node = {
        "@id": f"hoeder:register/{register.name}",
        "@type": "dpv:RecordsOfActivities",
        "dct:title": f"GDPR Art. {register.article}",
        "dct:conformsTo": {"@id": "https://w3id.org/dpv/2.3"},
        "dct:identifier": f"sha256:{register.digest}",
        "dpv:hasDataController" if ours else "dpv:hasDataProcessor": us,
        "dpv:hasPersonalDataProcess": [{"@id": _id(register, line)} for line in register.lines],
    }
    if register.joint_controllers:
        joint = [_party(one, "DataController") for one in register.joint_controllers]
        record["dpv:hasJointDataControllers"] = {"@type": "dpv:JointDataControllers", "dpv:hasDataController": joint}
    if register.client:
        record["dpv:hasDataController"] = _client(register)
    for kind in ("technical", "organisational"):
        found = [
            {"@type": f"dpv:{one.dpv}", "skos:prefLabel": _both(one.nl, one.en)}
            for one in register.measures.values()
            if one.kind == kind
        ]
        if found:
            record[f"dpv:has{kind.capitalize()}Measure"] = found
    yield record
    yield from (_line(register, line) for line in register.lines)


def _client(register: Register) -> Node:
    client = register.client
    assert client is not None  # noqa: S101  # the caller looked
    node: Node = {
        "@id": f"hoeder:{register.name}",
        "@type": "dpv:DataController",
        "dpv:hasName": client.name,
        "dpv:hasContact": client.contact,
    }
    if client.dpo:
        node["dpv:hasDataProtectionOfficer"] = _party(client.dpo, "DataProtectionOfficer")
    if client.representative:
        node["dpv:hasRepresentative"] = _party(client.representative, "Representative")
    return node


def _line(register: Register, line: Line) -> Node:
    node: Node = {
        "@id": _id(register, line),
        "@type": "dpv:PersonalDataProcess",
        "dct:title": _both(line.nl, line.en),
        "dpv:hasIdentifier": line.processing,
        "dpv:hasResponsibleEntity": {"@type": "dpv:LegalEntity", "dpv:hasName": line.owner},
        "dpv:hasPurpose": [
            {"@type": f"dpv:{one.dpv}", "skos:prefLabel": _both(one.nl, one.en)} for one in line.purposes.values()
        ],
        "dpv:hasDataSubject": [
            {"@type": f"dpv:{one.dpv}", "skos:prefLabel": _both(one.nl, one.en)} for one in line.subjects.values()
        ],
        "dpv:hasPersonalData": [_category(one) for one in line.categories],
        "dpv:isImplementedUsingTechnology": list(line.stores),
        "dpv:hasStorageCondition": [
            {
                "@type": "dpv:StorageDuration",
                "dpv:hasDuration": term.keep,
                "dpv:hasJustification": term.basis,
                "dct:subject": term.place,
            }
            for term in line.terms
        ],
    }
    for recipient in line.recipients.values():
        relation, node_of = _recipient(recipient)
        node.setdefault(relation, []).append(node_of)
    bases: list[Node] = []
    if line.basis:
        why = line.basis.law or line.basis.interest
        basis: Node = {"@type": f"eu-gdpr:A{_term(line.basis.article)}"}
        bases.append(basis | ({"dct:description": why} if why else {}))
    if line.condition:
        bases.append({"@type": f"eu-gdpr:A{_term(line.condition)}"})
    if bases:
        node["dpv:hasLegalBasis"] = bases
    if line.statute:
        node["hoeder:statute"] = line.statute
    return node


def _category(key: str) -> Node:
    found = vocabulary().category(key)
    node: Node = {"hoeder:category": key}
    if found:
        node["skos:prefLabel"] = _both(found.nl, found.en)
        if found.pd:
            node = {"@type": f"pd:{found.pd}", **node}
    return node


def _recipient(one: Recipient) -> tuple[str, Node]:
    relation, kind = _ROLES[one.role]
    node: Node = {
        "@type": f"dpv:{kind}",
        "dpv:hasName": _both(one.nl, one.en),
        "dpv:hasThirdCountry" if one.abroad else "dpv:hasCountry": one.country,
    }
    if one.safeguard:
        node["dpv:hasLegalBasis"] = {"@type": f"eu-gdpr:{_SAFEGUARDS[one.safeguard]}"}
    return f"dpv:{relation}", node


def _party(one: Party, kind: str) -> Node:
    return {"@type": f"dpv:{kind}", "dpv:hasName": one.name, "dpv:hasContact": one.contact}


def _id(register: Register, line: Line) -> str:
    return f"hoeder:register/{register.name}/{line.processing}"


def _both(nl: str, en: str) -> list[Node]:
    return [{"@language": "nl", "@value": nl}, {"@language": "en", "@value": en}]


def _term(article: str) -> str:
    """`6(1)(f)` as DPV writes it: `6-1-f`."""
    return article.replace(")(", "-").replace("(", "-").removesuffix(")")
