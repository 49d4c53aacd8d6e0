"""Every message becomes a case once, or is counted as what else it is; nothing of it is kept in the open."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from servers import Bucket, Database
from small_policy import made, store

from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Run
from hoeder.persons import marks
from hoeder.persons.marks import OptOut
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file, intake
from hoeder.rights.case import What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.intake import Taken
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection
from hoeder.vault import Vault, open_vault

KEY = ReferenceKey(b"k" * 32)
TODAY = date(2026, 11, 22)
RUN = Run("a" * 64, "subject_requests", "run-1", "intake")


@dataclass
class Mailbox:
    """A mailbox, a vault and a governance database."""

    bucket: Bucket
    vault: Vault
    db: case.Db
    connection: Connection
    policy: Policy

    def put(self, name: str, message: EmailMessage | bytes, day: date = TODAY) -> None:
        body = message if isinstance(message, bytes) else message.as_bytes()
        self.bucket.client.put_object(Bucket=self.bucket.name, Key=f"inbox/date={day}/{name}.eml", Body=body)

    def take_in(self) -> Taken:
        return intake.take_in(
            self.policy, lambda _: self.connection, self.db, KEY, self.vault, store="mailbox", prefix="inbox/",
            clients=["Postorder Noord"], run=RUN, today=TODAY,
        )  # fmt: skip

    def counts(self) -> dict[str, int]:
        return dict(self.take_in().counts or {})


@pytest.fixture
def mailbox(bucket: Bucket, s3: S3, governance: Database) -> Iterator[Mailbox]:
    connection = Connection(
        conn_type="aws", login=s3.keys["admin"].access, password=s3.keys["admin"].secret,
        extra={"endpoint_url": s3.endpoint, "encryption_key": Fernet.generate_key().decode()},
    )  # fmt: skip
    one = store("s3", "objects", bucket=bucket.name)
    policy = made({"mailbox": one, "cases": one}, {})
    with psycopg.connect(governance.conninfo) as db:
        yield Mailbox(bucket, open_vault(policy, lambda _: connection, "rights"), db, connection, policy)


def asks(text: str, sender: str = "Jan de Vries <jan@example.nl>", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = sender, "Verzoek", f"<{secrets.token_hex(4)}@example.nl>"
    made["Date"] = "Sun, 22 Nov 2026 10:00:00 +0100"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_a_message_becomes_a_case_with_a_proposal_and_a_file(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Wilt u al mijn gegevens verwijderen?"), TODAY - timedelta(days=3))
    taken = mailbox.take_in()
    (number,) = taken.cases
    found = case.read(mailbox.db, number)
    assert (found.last, found.received_on) == (What.PROPOSED, TODAY - timedelta(days=3))
    assert found.steps[0].detail["rights"] == {"erasure": "said"}
    assert found.due.due > TODAY
    file = case_file.read(mailbox.vault, number)
    assert file.person().identities == {("email", "jan@example.nl")}
    assert file.names == ("Jan de Vries",)
    (intent, outcome) = [e for e in ledger.entries(mailbox.db) if e.act == "receive"]
    assert (intent.case_id, outcome.outcome, outcome.counts["requests"]) == (number, "done", 1)
    assert intent.subject_ref


def test_it_is_taken_in_once(mailbox: Mailbox) -> None:
    message = asks("Graag inzage")
    mailbox.put("1", message)
    assert mailbox.counts() == {"case": 1}
    assert mailbox.counts() == {}
    mailbox.put("2", message)
    assert mailbox.counts() == {"duplicate": 1}, "the same message, forwarded twice"
    assert len(case.open_cases(mailbox.db)) == 1


def test_who_asks_twice_is_seen_to(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Graag inzage"))
    (first,) = mailbox.take_in().cases
    mailbox.put("2", asks("Waar blijft mijn inzage?", sender="JAN@example.nl"))
    (second,) = mailbox.take_in().cases
    assert case.read(mailbox.db, second).steps[0].detail["same_person"] == [str(first)]


def test_machines_and_what_was_answered_long_ago_are_no_cases(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Ik ben afwezig", Auto_Submitted="auto-replied"))
    mailbox.put("2", asks("Graag inzage"), TODAY - intake.OLDEST - timedelta(days=1))
    assert mailbox.counts() == {"automatic": 1, "too-old": 1}
    assert case.open_cases(mailbox.db) == []


def test_no_advertising_is_effective_before_anybody_looked(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Ik maak bezwaar: geen reclame meer."))
    mailbox.take_in()
    assert marks.suppressed(mailbox.db, KEY, OptOut.MARKETING, {("email", "Jan@example.nl")})
    assert not marks.suppressed(mailbox.db, KEY, OptOut.SHARING, {("email", "jan@example.nl")})


def test_an_objection_to_something_else_waits_for_a_person(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Ik maak bezwaar tegen het bewaren van mijn gespreksnotities."))
    mailbox.take_in()
    assert not marks.suppressed(mailbox.db, KEY, OptOut.MARKETING, {("email", "jan@example.nl")})


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 100, b"From: nobody\n\nhallo"])
def test_what_cannot_be_read_is_a_case_that_needs_a_person(mailbox: Mailbox, raw: bytes) -> None:
    mailbox.put("1", raw)
    mailbox.put("2", asks("Graag inzage"))
    assert mailbox.counts() == {"case": 2}
    assert any(found.steps[0].detail["doubts"] for found in case.open_cases(mailbox.db))


def test_a_mailbox_that_cannot_be_read_is_an_error_without_a_name(mailbox: Mailbox) -> None:
    mailbox.put("jan-de-vries", asks("Graag inzage"))
    mailbox.connection = mailbox.connection.model_copy(update={"password": "wrong"})
    with pytest.raises(StoreError, match="cannot be listed") as error:
        mailbox.take_in()
    assert "jan" not in str(error.value)


def test_nothing_of_the_message_is_in_the_governance_database_or_readable_in_the_bucket(mailbox: Mailbox) -> None:
    mailbox.put("jan-de-vries", asks("Verwijder alles van Kanarie, IBAN NL91ABNA0417164300", sender="jan@kanarie.nl"))
    (number,) = mailbox.take_in().cases
    tables = [name for (name,) in mailbox.db.execute("select tablename from pg_tables where schemaname = 'public'")]
    for table in tables:
        for (row,) in mailbox.db.execute(f'select t::text from "{table}" t'):  # type: ignore[arg-type]
            assert not any(word in row.lower() for word in ("kanarie", "nl91abna", "jan-de-vries")), table
    body = mailbox.bucket.client.get_object(Bucket=mailbox.bucket.name, Key=f"files/{number}")["Body"].read()
    assert b"kanarie" not in body


def test_a_vault_opens_with_its_own_key_only(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Graag inzage"))
    (number,) = mailbox.take_in().cases

    def resolve(encryption_key: str) -> Any:
        return lambda _: mailbox.connection.model_copy(
            update={"extra": mailbox.connection.extra | {"encryption_key": encryption_key}}
        )

    with pytest.raises(StoreError, match="another key, or changed"):
        case_file.read(open_vault(mailbox.policy, resolve(Fernet.generate_key().decode()), "rights"), number)
    with pytest.raises(StoreError, match="has no encryption_key"):
        open_vault(mailbox.policy, resolve("short"), "rights")
    with pytest.raises(StoreError, match="policy has no store cases"):
        open_vault(mailbox.policy.model_copy(update={"stores": {}}), resolve(""), "rights")
    assert "example" not in repr(case_file.read(mailbox.vault, number))
    assert isinstance(case_file.read(mailbox.vault, number), CaseFile)
