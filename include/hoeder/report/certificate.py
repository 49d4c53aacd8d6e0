"""The certificate of an erasure as a stranger gets it: the file that proves itself, and the same on paper.

It lies beside the reports under object lock, in `certificates/<plan>/`.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from hoeder.clock import AMSTERDAM
from hoeder.evidence import seal, sealing
from hoeder.evidence.bucket import Bucket
from hoeder.policy import Policy
from hoeder.policy.term import Term
from hoeder.report.build import legible, pdf
from hoeder.report.publish import put
from hoeder.report.words import Language
from hoeder.retention import certificate
from hoeder.retention.certificate import Certificate
from hoeder.stores.connection import Resolver, s3_client

Db = psycopg.Connection[tuple[Any, ...]]

LANGUAGES: tuple[Language, ...] = ("nl", "en")


def store(governance: Db, policy: Policy, resolve: Resolver, *, plan_id: UUID, now: datetime) -> dict[str, str]:
    """Assemble the certificate of a plan, check it, and store file and papers; their addresses.

    Raises EvidenceError where the ledger is not sealed up to it, ReportError where the bucket does not take it.
    """
    signer, anchor = sealing.signing_key(resolve("ledger_key"), seal.origin(governance))
    found = certificate.assemble(
        governance, Bucket(resolve("evidence_evidence_seal")), signer, anchor=anchor, plan_id=plan_id
    )
    connection = resolve("reports_audit_report")
    client, bucket = s3_client(connection), str(connection.extra.get("bucket") or "reports")
    until = sealing.locked_until(now, policy)
    files = {f"certificate-{each}.pdf": (paper(found, policy, each), "application/pdf") for each in LANGUAGES}
    files["certificate.json"] = (found.file(), "application/json")  # last: without it there is no certificate
    for name, (content, kind) in files.items():
        put(client, bucket, f"certificates/{plan_id}/{name}", content, kind, until)
    certificate.stored(governance, plan_id)
    return {name: f"s3://{bucket}/certificates/{plan_id}/{name}" for name in files}


def paper(found: Certificate, policy: Policy, language: Language) -> bytes:
    """The certificate as PDF/A-2a and PDF/UA-1, made from the file alone. Raises ReportError."""
    issued = datetime.fromisoformat(found.body["issued"])
    return pdf(legible(view(found, policy.organisation.note, language)), issued.astimezone(UTC), "certificate.typ")


def view(found: Certificate, note: str, language: Language) -> dict[str, Any]:
    """What the paper shows, in finished words: what went in one table, and what proves it, rule by rule, in another."""
    say, body = _SAY[language], found.body
    plan, looked = body["plan"], body["verification"]
    entry, size = certificate.position(found)
    parts = body["parts"]
    erased = [part for part in parts if part["erased"]]
    facts = [
        (say["approved"], _approved(body, say), False),
        (say["carried_out"], _span(parts), False),
        (say["verified"], say["looked"].format(left=_number(looked["remaining"], language), at=_moment(looked["at"])),
         False),
        (say["backup"], _day(body["last_backup"]) if body["last_backup"] else say["unknown"], False),
        (say["issued"], _moment(body["issued"]), False),
        (say["plan"], f"{plan['id']}, {say['as_of']} {_day(plan['as_of'])}", False),
        (say["ledger"], f"{body['ledger']}, {say['entry']} {_number(entry, language)}, checkpoint {size}", False),
        (say["digest"], found.digest, True),
        (say["plan_digest"], plan["digest"], True),
        (say["policy"], plan["policy"], True),
    ]  # fmt: skip
    return {
        "lang": language,
        "title": say["title"],
        "organisation": body["organisation"],
        "note": note,
        "lead": say["lead"].format(
            records=_number(sum(part["erased"] for part in erased), language),
            rules=_number(len(erased), language),
            stores=_number(len({part["store"] for part in erased}), language),
        ),
        "facts": [{"label": label, "value": value, "code": code} for label, value, code in facts],
        "what": {
            "title": say["what"],
            "columns": [say[f"col.{name}"] for name in ("rule", "term", "erased", "held", "gone", "backup")],
            "rows": [_what(part, say, language) for part in parts],
        },
        "proof": {
            "title": say["proof"],
            "lead": say["proof.lead"],
            "columns": [say[f"col.{name}"] for name in ("rule", "method", "ids")],
            "rows": [_proof(part, say, language) for part in erased],
        },
        "check": say["check"],
        "labels": {"page": say["page"], "of": say["of"]},
    }


def _approved(body: dict[str, Any], say: dict[str, str]) -> str:
    """Who approved it: an officer, policy beforehand, or each its share."""
    approval = body["approval"]
    if approval is None:
        return say["beforehand"]
    given = say["approval"].format(by=approval["by"], at=_moment(approval["at"]))
    before = [part["rule"] for part in body["parts"] if part.get("beforehand")]
    return f"{given}; {say['beforehand']}: {', '.join(before)}" if before else given


def _span(parts: list[dict[str, Any]]) -> str:
    began, ended = ([part[name] for part in parts if part[name]] for name in ("began", "ended"))
    return f"{_moment(min(began))} – {_moment(max(ended))}" if ended else "–"


def _what(part: dict[str, Any], say: dict[str, str], language: Language) -> list[str]:
    client = f" ({say['others']})" if part["client"] == "others" else ""  # the rule is named after any other
    term = Term.parse(part["term"]).in_dutch() if language == "nl" else part["term"]
    backup = (_day(part["last_backup"]) if part["last_backup"] else say["unknown.short"]) if part["erased"] else "–"
    counts = [_number(part[name], language) if part[name] else "–" for name in ("erased", "held", "gone")]
    return [f"{part['rule']}{client}", f"{term} ({say['type.' + part['type']]})", *counts, backup]


def _proof(part: dict[str, Any], say: dict[str, str], language: Language) -> list[str]:
    place = (
        f"{part['store']}.{part['target']}" if part["system"] == "PostgreSQL" else f"{part['store']}/{part['target']}"
    )
    numbers = ", ".join(_number(number, language) for number in part["entries"])
    how = f"{say['act.' + part['action']]} {say['in']} {part['system']}, {place}; {say['entry']} {numbers}"
    return [part["rule"], how, part["erased_digest"]]


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(AMSTERDAM):%d-%m-%Y %H:%M}"


def _day(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d-%m-%Y}"


def _number(value: int, language: Language) -> str:
    return f"{value:,}".replace(",", "." if language == "nl" else ",")


_SAY: dict[Language, dict[str, str]] = {
    "nl": {
        "title": "Certificaat van vernietiging",
        "lead": "{records} gegevens onder {rules} regels, in {stores} systemen, zijn na afloop van hun bewaartermijn "
        "vernietigd. Daarna is opnieuw gezocht, en niets gevonden dat vernietigd had moeten zijn.",
        "issued": "Opgemaakt",
        "plan": "Plan",
        "as_of": "peildatum",
        "plan_digest": "Plan, SHA-256",
        "policy": "Beleid, SHA-256",
        "approved": "Goedgekeurd",
        "approval": "door {by}, {at}",
        "beforehand": "vooraf in het beleid",
        "carried_out": "Uitgevoerd",
        "verified": "Nagekeken",
        "looked": "{at}: {left} over",
        "backup": "Uiterlijk in back-ups",
        "unknown": "onbekend: het beleid noemt geen bewaartermijn van back-ups",
        "unknown.short": "onbekend",
        "ledger": "Register",
        "entry": "regel",
        "digest": "Certificaat, SHA-256",
        "what": "Wat is vernietigd",
        "proof": "Waaraan het te herkennen is",
        "proof.lead": "De vingerafdruk (SHA-256) is genomen over verwijzingen naar de gegevens die met een geheim zijn "
        "gehasht: wie het geheim en een lijst heeft, kan haar narekenen; een persoon valt er niet uit af te leiden.",
        "col.rule": "Regel",
        "col.term": "Termijn",
        "col.erased": "Vernietigd",
        "col.held": "Behouden",
        "col.gone": "Al weg",
        "col.backup": "In back-ups tot",
        "col.method": "Wijze, plaats en regel van het register",
        "col.ids": "Vingerafdruk",
        "in": "in",
        "others": "overige opdrachtgevers",
        "act.erase": "gewist",
        "act.drop-partition": "partities verwijderd",
        "act.rewrite": "uit bestanden gewist",
        "act.null": "velden leeggemaakt",
        "act.replace": "velden vervangen",
        "act.anonymize": "velden vergroofd",
        "type.FLOOR": "wettelijk minimum",
        "type.CEILING": "wettelijk maximum",
        "type.FIXED": "wet of opdracht",
        "type.NORM": "norm",
        "type.OWN": "eigen keuze",
        "check": "Behouden is wat onder een hold of beperking valt. Tijden zijn in Nederlandse tijd. Dit papier is "
        "gemaakt uit certificate.json, dat zichzelf bewijst met de openbare sleutel van het register: hoeder "
        "certificate verify certificate.json --key '<sleutel>'. Het register noemt ook de accounts die het werk deden.",
        "page": "Pagina",
        "of": "van",
    },
    "en": {
        "title": "Certificate of erasure",
        "lead": "{records} records under {rules} rules, in {stores} systems, were erased after the end of their "
        "retention term. Afterwards they were looked for again, and nothing was found that should have been erased.",
        "issued": "Issued",
        "plan": "Plan",
        "as_of": "as of",
        "plan_digest": "Plan, SHA-256",
        "policy": "Policy, SHA-256",
        "approved": "Approved",
        "approval": "by {by}, {at}",
        "beforehand": "beforehand in policy",
        "carried_out": "Carried out",
        "verified": "Verified",
        "looked": "{at}: {left} left",
        "backup": "Latest in backups",
        "unknown": "not known: policy does not say how long backups are kept",
        "unknown.short": "not known",
        "ledger": "Ledger",
        "entry": "entry",
        "digest": "Certificate, SHA-256",
        "what": "What was erased",
        "proof": "How to recognise it",
        "proof.lead": "The digest (SHA-256) is over references to the records, hashed with a secret: who has the "
        "secret and a list can recompute it; no person can be told from it.",
        "col.rule": "Rule",
        "col.term": "Term",
        "col.erased": "Erased",
        "col.held": "Kept",
        "col.gone": "Gone before",
        "col.backup": "In backups until",
        "col.method": "Method, place and ledger entry",
        "col.ids": "Digest",
        "in": "in",
        "others": "other clients",
        "act.erase": "erased",
        "act.drop-partition": "partitions dropped",
        "act.rewrite": "erased inside files",
        "act.null": "fields emptied",
        "act.replace": "fields replaced",
        "act.anonymize": "fields made coarser",
        "type.FLOOR": "statutory minimum",
        "type.CEILING": "statutory maximum",
        "type.FIXED": "law or instruction",
        "type.NORM": "norm",
        "type.OWN": "own choice",
        "check": "Kept is what a hold or restriction protects. Times are those of Amsterdam. This paper was made from "
        "certificate.json, which proves itself with the ledger's public key: hoeder certificate verify "
        "certificate.json --key '<key>'. The ledger also names the accounts that did the work.",
        "page": "Page",
        "of": "of",
    },
}
