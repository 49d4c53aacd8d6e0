"""A letter goes by mail to an address on file of somebody who is known, once; every other is left to officers."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from desk import Desk
from desk import desk as desk
from desk import place as place
from postbox import Postbox
from postbox import empty as empty
from postbox import server as server
from test_finish import decided, finished
from test_requests_command import Run
from test_requests_command import run as run

from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.policy.requests import ContactForm
from hoeder.rights import by_hand, letters, sending
from hoeder.rights.case_file import CaseFile
from hoeder.stores.connection import Connection

MAIL = "jan@example.nl"


@pytest.fixture
def postbox(empty: Postbox, desk: Desk) -> Postbox:
    """A mail server that the desk's connection `smtp_rights` names."""
    desk.connections["smtp_rights"] = Connection(
        conn_type="smtp", host="127.0.0.1", port=empty.port,
        extra={"from_email": "privacy@shop.example", "disable_ssl": True, "disable_tls": True},
    )  # fmt: skip
    return empty


def known(name: str, connections: dict[str, Connection]) -> Connection:
    if name not in connections:
        raise StoreError(f"there is no connection {name}")
    return connections[name]


@pytest.fixture
def desk_with(desk: Desk, postbox: Postbox) -> Desk:
    desk.work = replace(desk.work, resolve=lambda name: known(name, desk.connections))
    return desk


def file(address: str | None) -> CaseFile:
    return CaseFile(identities=(("email", MAIL),), names=("Jan de Vries",), answer_to=address)


def answered(desk: Desk, **opened: Any) -> UUID:
    number = desk.searched("access", **opened)
    finished(desk, number, decided(desk, number))
    return number


def outcomes(desk: Desk) -> list[Any]:
    return [e.outcome for e in ledger.entries(desk.db) if e.act == "send" and e.phase == "outcome"]


def test_an_answer_goes_to_the_address_on_file_once(desk_with: Desk, postbox: Postbox) -> None:
    number = answered(desk_with)
    assert sending.send(desk_with.work) == {"letters": 1, "unverified": 0, "sent": 1}
    ((to, mail),) = postbox.mails
    assert to == [MAIL] and mail["Subject"] == f"Uw verzoek, ons kenmerk {str(number)[:8]}"
    body, paper = mail.get_body(), list(mail.iter_attachments())
    assert body is not None and "Dit is ons antwoord" in body.get_content()
    assert [each.get_filename() for each in paper] == [f"brief-{str(number)[:8]}.pdf"]
    assert paper[0].get_content().startswith(b"%PDF")
    (letter,) = letters.written(desk_with.db, number)
    assert letter.sent_at and letter.sent_how == "mail"
    assert sending.send(desk_with.work) == {"letters": 0, "unverified": 0} and len(postbox.mails) == 1
    assert outcomes(desk_with) == ["done"]
    machinery = str(list(desk_with.db.execute("select l::text from ledger l")))
    assert MAIL not in machinery + str(list(desk_with.db.execute("select s::text from subject_letter s")))


@pytest.mark.parametrize(
    "address", [None, "jan@elsewhere.example", "anna@example.nl", "Jan <jan@example.nl>", "a@b\nTo: c"]
)
def test_an_address_that_is_not_on_file_of_who_asks_gets_nothing(
    desk_with: Desk, postbox: Postbox, address: str | None
) -> None:
    answered(desk_with, file=file(address))
    assert sending.send(desk_with.work) == {"letters": 1, "unverified": 1}
    assert postbox.mails == [] and outcomes(desk_with) == []


def test_however_it_is_written_it_is_the_address_on_file(desk_with: Desk, postbox: Postbox) -> None:
    answered(desk_with, file=file("JAN@Example.nl"))
    sending.send(desk_with.work)
    assert [to for to, _ in postbox.mails] == [["JAN@Example.nl"]]


def test_what_anybody_types_into_a_form_is_no_address_on_file(desk_with: Desk, postbox: Postbox) -> None:
    form = ContactForm.model_validate(
        {"store": "shop", "table": "contact", "name": "name", "email": "email", "body": "name", "received": "id"}
    )
    policy = desk_with.work.policy
    typed = policy.model_copy(update={"requests": policy.requests.model_copy(update={"forms": (form,)})})
    desk_with.work = replace(desk_with.work, policy=typed)
    answered(desk_with)
    assert sending.send(desk_with.work)["unverified"] == 1 and postbox.mails == []


def test_before_it_is_clear_who_asks_nothing_goes(desk_with: Desk, postbox: Postbox) -> None:
    number = desk_with.confirmed("access")
    by_hand.clarify(desk_with.work, number, "Welke gegevens?", by="dpo")
    assert sending.send(desk_with.work) == {"letters": 1, "unverified": 1}
    assert postbox.mails == []


def test_letters_to_others_are_not_sent_to_the_person(desk_with: Desk, postbox: Postbox) -> None:
    number = desk_with.searched("access")
    work = desk_with.work
    for name, values in (("notice", {"right": "erasure", "recipient": "Host", "identities": [], "places": []}),):
        work.letter(sending.case.read(work.db, number), name, **values)
    work.db.commit()
    assert sending.send(work) == {"letters": 0, "unverified": 0} and postbox.mails == []


def test_a_server_that_refuses_is_tried_again_and_its_words_stay_with_it(desk_with: Desk, postbox: Postbox) -> None:
    answered(desk_with)
    postbox.refusal = f"550 no such user {MAIL}"
    with pytest.raises(StoreError, match="1 of 1 letters were not sent") as refused:
        sending.send(desk_with.work)
    assert MAIL not in str(refused.value) and "550" in str(refused.value)
    postbox.refusal = None
    assert sending.send(desk_with.work)["sent"] == 1
    assert outcomes(desk_with) == ["failed", "done"]


def test_a_server_that_does_not_answer_loses_nothing(desk_with: Desk, postbox: Postbox) -> None:
    answered(desk_with)
    here = desk_with.connections["smtp_rights"]
    desk_with.connections["smtp_rights"] = here.model_copy(update={"port": 1})
    with pytest.raises(StoreError, match=r"mail server 127\.0\.0\.1: ConnectionRefusedError"):
        sending.send(desk_with.work)
    desk_with.connections["smtp_rights"] = here
    assert sending.send(desk_with.work)["sent"] == 1


def test_without_the_connection_officers_send_all(desk_with: Desk, postbox: Postbox) -> None:
    answered(desk_with)
    del desk_with.connections["smtp_rights"]
    assert sending.send(desk_with.work) == {"letters": 1, "unsent": 1}


def test_what_an_officer_took_out_or_is_old_is_not_sent(
    desk_with: Desk, postbox: Postbox, run: Run, tmp_path: Path
) -> None:
    number = answered(desk_with)
    assert "not sent yet" in run("show", str(number)).output
    assert run("letters", str(number), "--out", str(tmp_path)).exit_code == 0
    assert sending.send(desk_with.work)["letters"] == 0
    assert "taken out to be sent" in run("show", str(number)).output
    old = answered(desk_with)
    desk_with.db.execute("update subject_letter set written_at = now() - interval '4 days' where case_id = %s", [old])
    assert sending.send(desk_with.work)["letters"] == 0 and postbox.mails == []


def test_a_letter_that_the_vault_has_not_keeps_no_other_back(desk_with: Desk, postbox: Postbox) -> None:
    first, second = answered(desk_with), answered(desk_with)
    (lost,) = letters.written(desk_with.db, first)
    vault = desk_with.work.vault
    vault.client.delete_object(Bucket=vault.bucket, Key=f"{lost.place}.pdf")
    with pytest.raises(StoreError, match=r"1 of 2 letters were not sent \(not to be had from the vault\)"):
        sending.send(desk_with.work)
    assert [mail["Subject"][-8:] for _, mail in postbox.mails] == [str(second)[:8]]
