"""In the demonstration, the daily look finds every planted fault in fraud files, and nothing else; and an order is
answered from every store with the accounts that are there, of one person alone.
"""

import base64
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from servers import Database, connection_to
from small_company import TODAY, Company

from hoeder.clock import due_date
from hoeder.demo import canaries
from hoeder.demo.places import HELD_CONTACT
from hoeder.demo.roles import BUILDER
from hoeder.demo.terms import TERMS
from hoeder.disclosures import decide, export, intake, question, receipt
from hoeder.disclosures.case import read
from hoeder.disclosures.case_file import CaseFile, Official, Subject
from hoeder.evidence.ledger import Run
from hoeder.fraud_files.check import Finding, Kind, check
from hoeder.governance.answer import Answer
from hoeder.policy import load
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Connection
from hoeder.vault import open_vault

KEY = ReferenceKey(b"k" * 32)
RUN = Run("a" * 64, "disclosures", "manual__2026-11-22T09:00:00+00:00", "take_check")
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def past(company: Company, target: str, anchor: str) -> int:
    """Rows whose term ended more than two weeks ago and that no legal hold keeps."""
    database, table = target.split(".")
    with psycopg.connect(company.server.conninfo(database)) as db:
        rows = db.execute(
            f"select {anchor} from {table} where {anchor} is not null and contact_id <> %s", [HELD_CONTACT]
        )
        return sum(due_date(day, TERMS[target]) <= TODAY - timedelta(days=14) for (day,) in rows)


def test_every_planted_fault_of_fraud_files_is_found_and_nothing_else(company: Company, governance: Database) -> None:
    with psycopg.connect(governance.conninfo) as db:
        db.execute(
            """with placed as (insert into hold (matter, ground, placed_by, placed_on, review_by)
                               values ('m-1', 'investigation', 'test', '2026-11-01', '2027-01-31') returning hold)
               insert into hold_subject select hold, 'contact', %s from placed""",
            [KEY.subject("contact", HELD_CONTACT)],
        )
        db.commit()
        run = Run("a" * 64, "fraud_files", "scheduled__2026-11-22T05:00:00+00:00", "check")
        found = set(check(db, load(), company.built.connections.__getitem__, KEY, run=run, today=TODAY).findings)
    planted = {
        Finding(Kind(kind), str(company.truth["anomalies"][f"fraud {kind}"]), "", 1)
        for kind in ("no-suspicion", "one-person", "undecided")
    }
    late = {
        Finding(Kind.PAST_TERM, target, "", past(company, target, anchor))
        for target, anchor in (("crm.fraud_signal", "decided_on"), ("crm.fraud_file", "closed_on"))
    }
    readable = {Finding(Kind.READABLE, "crm.fraud_file", "crm_reporting", 1)}
    assert found == planted | late | readable


@contextmanager
def desk(company: Company, governance: Database) -> Iterator[tuple[Any, ...]]:
    """The capability's own accounts of the demonstration, and its own drawer of the vault."""
    keys = company.s3.keys["disclosures"]
    vault_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    connections: dict[str, Connection] = company.built.connections | {
        "cases_disclosures": Connection(
            conn_type="aws", login=keys.access, password=keys.secret,
            extra={"endpoint_url": company.s3.endpoint, "encryption_key": vault_key},
        ),
        "governance": connection_to(governance),
    }  # fmt: skip
    policy = load()
    vault = open_vault(policy, connections.__getitem__, "disclosures")
    with psycopg.connect(governance.conninfo) as db:
        yield db, policy, connections.__getitem__, vault


def certificate() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Parket (verzonnen)")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, RSA.public_key(), 1, begin, begin + timedelta(days=700))
    return made.sign(RSA, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize("client", [None, "stroomwijs"])
def test_an_order_is_answered_from_every_store_and_its_copy_goes_after_receipt(
    company: Company, governance: Database, client: str | None
) -> None:
    canary = "held_customer" if client else "writer"
    person = canaries.PERSONS[canary]
    request = intake.Request(
        authority="prosecution", power="sv-126nd", article="Sv 126nd", document="d" * 64,
        received_on=date(2026, 11, 20), verified="called-back", compelled=True, asked=("user",), client=client,
    )  # fmt: skip
    official = Official(name="O. Justitie", unit="Noord", reached_at="088", certificate=certificate())
    file = CaseFile(official=official, subjects=(Subject(identities={"email": person.email}, names=(person.name,)),))
    with desk(company, governance) as (db, policy, resolve, vault):
        case = intake.take_in(db, policy, vault, request, file, by="clerk", run=Run(policy.digest), today=TODAY)
        power = case.power_of(policy)
        run = replace(RUN, policy_digest=policy.digest)

        def answer(subject: str, chosen: str, by: str, **fields: Any) -> Answer:
            now = datetime.now(UTC)
            return Answer("disclosures", str(RUN.run_id), True, (chosen,), by, now, subject, True, "b" * 64, fields)

        subject = question.check(case, policy).subject
        first = answer(subject, "Covered", "dpo", seen=list(power.requires))
        decide.check(db, policy, case.case_id, first, run=run)
        if client:
            told = answer(question.client_first(read(db, case.case_id)).subject, "Client agrees", "dpo")
            decide.client_first(db, policy, case.case_id, told, run=run)
        made = export.prepare(db, policy, resolve, KEY, vault, case.case_id, run=run, today=TODAY)
        subject = question.release(read(db, case.case_id), made).subject
        second = answer(subject, "Release", "compliance_officer", withheld_confirmed=True)
        decide.release(db, policy, case.case_id, second, run=run)
        sealed = receipt.fetch(db, vault, case.case_id)
        receipt.received(db, policy, case.case_id, made.sealed, by="clerk", run=run)
        receipt.erase(db, policy, KEY, vault, case.case_id, run=run, today=TODAY)
        tables = ("disclosure", "disclosure_step", "disclosure_line", "disclosure_subject", "ledger")
        text = "\n".join(str(row) for table in tables for row in db.execute(f"select t::text from {table} t"))
    content = pkcs7.pkcs7_decrypt_der(sealed, x509.load_pem_x509_certificate(certificate().encode()), RSA, [])
    places = {record["place"] for record in json.loads(content)["persons"][0]["records"]}
    own = {"crm.customer", "crm.client_note"} if client else {"crm.contact", "crm.contact_message", "crm.fraud_file"}
    assert own <= places
    assert bool(places & {"crm.customer", "crm.client_note"}) is bool(client)
    assert f"disclosures/packages/{case.case_id}" not in set(company.objects("cases"))
    company.s3.client(BUILDER).delete_object(Bucket="cases", Key=f"disclosures/requests/{case.case_id}")
    others = [n for n, p in canaries.PERSONS.items() if n != canary and p.family in content.decode()]
    assert others == []
    for value in (person.family, person.email, person.phone, "O. Justitie"):
        assert value not in text
