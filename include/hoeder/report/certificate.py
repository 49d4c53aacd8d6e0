"""The certificate of an erasure as a stranger gets it: the file that proves itself, and the same on paper.

It lies beside the reports under object lock, in `certificates/<plan>/`.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from hoeder.evidence import seal, sealing
from hoeder.evidence.bucket import Bucket
from hoeder.policy import Policy
from hoeder.report.build import legible, pdf
from hoeder.report.publish import put
from hoeder.report.words import Language
from hoeder.retention import certificate
from hoeder.retention.certificate import Certificate
from hoeder.stores.connection import Resolver, s3_client

Db = psycopg.Connection[tuple[Any, ...]]

LANGUAGES: tuple[Language, ...] = ("nl", "en")
_APPROVED: dict[Language, str] = {"nl": "gegeven", "en": "given"}  # a rejected plan has no certificate


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
    """What the paper shows, in finished words."""
    say, body = _SAY[language], found.body
    plan, looked, approval = body["plan"], body["verification"], body["approval"]
    entry, size = certificate.position(found)
    facts = [
        (say["organisation"], body["organisation"], False),
        (say["issued"], _moment(body["issued"]), False),
        (say["plan"], f"{plan['id']}, {say['as_of']} {_day(plan['as_of'])}", False),
        (say["plan_digest"], plan["digest"], True),
        (say["policy"], plan["policy"], True),
        (
            say["approved"],
            say["approval"].format(
                decision=_APPROVED[language],
                by=approval["by"],
                at=_moment(approval["at"]),
            )
            if approval
            else say["beforehand"],
            False,
        ),
        (
            say["verified"],
            say["looked"].format(left=looked["remaining"], by=looked["by"], at=_moment(looked["at"])),
            False,
        ),
        (say["backup"], _day(body["last_backup"]) if body["last_backup"] else say["unknown"], False),
        (say["ledger"], f"{body['ledger']}, {say['entry']} {entry}, checkpoint {size}", False),
        (say["digest"], found.digest, True),
    ]  # fmt: skip
    parts = [
        {
            "title": f"{part['rule']}: {part['store']} {part['target']}",
            "facts": _facts(
                [
                    (say["term"], f"{part['term']} ({part['type']}; {part['basis']})", False),
                    (say["method"], say["by_method"].format(action=part["action"], system=part["system"]), False),
                    (
                        say["counts"],
                        say["counted"].format(
                            planned=_number(part["planned"], language),
                            erased=_number(part["erased"], language),
                            held=_number(part["held"], language),
                            gone=_number(part["gone"], language),
                        ),
                        False,
                    ),
                    (say["ids"], part["erased_digest"], True),
                    (
                        say["time"],
                        f"{_moment(part['began'])} – {_moment(part['ended'])}, {part['by']}" if part["ended"] else "–",
                        False,
                    ),
                    (say["backup"], _day(part["last_backup"]) if part["last_backup"] else say["unknown"], False)
                    if part["erased"]
                    else (say["backup"], "–", False),
                ]
            ),
        }
        for part in body["parts"]
    ]
    return {
        "lang": language,
        "title": say["title"],
        "organisation": body["organisation"],
        "note": note,
        "lead": say["lead"],
        "facts": _facts(facts),
        "parts": parts,
        "check": say["check"],
        "labels": {"page": say["page"], "of": say["of"]},
    }


def _facts(items: list[tuple[str, str, bool]]) -> list[dict[str, object]]:
    return [{"label": label, "value": value, "code": code} for label, value, code in items]


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d-%m-%Y %H:%M:%S} UTC"


def _day(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d-%m-%Y}"


def _number(value: int, language: Language) -> str:
    return f"{value:,}".replace(",", "." if language == "nl" else ",")


_SAY: dict[Language, dict[str, str]] = {
    "nl": {
        "title": "Certificaat van vernietiging",
        "lead": "Na afloop van hun bewaartermijn zijn deze gegevens vernietigd. Daarna is opnieuw gezocht, en niets "
        "gevonden dat vernietigd had moeten zijn.",
        "organisation": "Organisatie",
        "issued": "Opgemaakt",
        "plan": "Plan",
        "as_of": "peildatum",
        "plan_digest": "Plan, SHA-256",
        "policy": "Beleid, SHA-256",
        "approved": "Goedkeuring",
        "approval": "{decision} door {by}, {at}",
        "beforehand": "vooraf, in het beleid",
        "verified": "Controle",
        "looked": "{left} over, door {by}, {at}",
        "backup": "Uiterlijk in back-ups",
        "unknown": "onbekend: het beleid noemt geen bewaartermijn van back-ups",
        "ledger": "Register",
        "entry": "regel",
        "digest": "Certificaat, SHA-256",
        "term": "Regel",
        "method": "Wijze",
        "by_method": "{action}, {system}",
        "counts": "Aantallen",
        "counted": "{planned} gepland, {erased} uitgevoerd, {held} behouden onder een hold, {gone} al weg",
        "ids": "Sleutels, SHA-256",
        "time": "Uitgevoerd",
        "check": "Dit papier is gemaakt uit certificate.json, dat zichzelf bewijst met de openbare sleutel van het "
        "register: hoeder certificate verify certificate.json --key '<sleutel>'. De vingerafdruk van de sleutels is "
        "genomen over verwijzingen die met een geheim zijn gehasht: er valt geen persoon uit af te leiden.",
        "page": "Pagina",
        "of": "van",
    },
    "en": {
        "title": "Certificate of erasure",
        "lead": "These data were erased after the end of their retention term. Afterwards they were looked for again, "
        "and nothing was found that should have been erased.",
        "organisation": "Organisation",
        "issued": "Issued",
        "plan": "Plan",
        "as_of": "as of",
        "plan_digest": "Plan, SHA-256",
        "policy": "Policy, SHA-256",
        "approved": "Approval",
        "approval": "{decision} by {by}, {at}",
        "beforehand": "beforehand, in the policy",
        "verified": "Verification",
        "looked": "{left} left, by {by}, {at}",
        "backup": "Latest in backups",
        "unknown": "not known: policy does not say how long backups are kept",
        "ledger": "Ledger",
        "entry": "entry",
        "digest": "Certificate, SHA-256",
        "term": "Rule",
        "method": "Method",
        "by_method": "{action}, {system}",
        "counts": "Counts",
        "counted": "{planned} planned, {erased} carried out, {held} kept under a hold, {gone} gone before",
        "ids": "Keys, SHA-256",
        "time": "Carried out",
        "check": "This paper was made from certificate.json, which proves itself with the ledger's public key: hoeder "
        "certificate verify certificate.json --key '<key>'. The digest of keys is over references hashed with a "
        "secret: no person can be told from it.",
        "page": "Page",
        "of": "of",
    },
}
