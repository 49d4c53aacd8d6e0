"""Every message becomes a case once, or is counted as what else it is; nothing of it is kept in the open."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from post import KEY, TODAY, Mailbox, asks

from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.persons import marks
from hoeder.persons.marks import OptOut
from hoeder.rights import case, case_file
from hoeder.rights.case import What
from hoeder.rights.case_file import CaseFile
from hoeder.vault import open_vault


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
    mailbox.put("2", asks("Graag inzage"), TODAY - timedelta(days=91))
    assert mailbox.counts() == {"automatic": 1, "too-old": 1}
    assert case.open_cases(mailbox.db) == []


def test_no_advertising_is_effective_before_anybody_looked(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Ik maak bezwaar: geen reclame meer."))
    mailbox.take_in()
    assert marks.suppressed(mailbox.db, KEY, OptOut.MARKETING, {("email", "Jan@example.nl")})
    assert not marks.suppressed(mailbox.db, KEY, OptOut.SHARING, {("email", "jan@example.nl")})


def test_who_does_not_want_to_be_passed_on_is_left_out_of_that_alone(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Ik wil niet dat u mijn gegevens met andere bedrijven deelt of doorgeeft: niet delen dus."))
    mailbox.put("2", asks("Please do not share my data with other companies.", sender="ann@example.nl"))
    mailbox.take_in()
    for who in ("jan@example.nl", "ann@example.nl"):
        assert marks.suppressed(mailbox.db, KEY, OptOut.SHARING, {("email", who)}), who
        assert not marks.suppressed(mailbox.db, KEY, OptOut.MARKETING, {("email", who)}), who


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
