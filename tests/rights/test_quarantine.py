"""Copies of identity documents leave the message at once, and nothing of them outlives the question who asks."""

import email
import io
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from post import KEY, RUN, TODAY, Mailbox, asks

from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.governance import holds
from hoeder.rights import case, case_file, mail, quarantine, upkeep
from hoeder.rights.case import What
from hoeder.rights.identity_copy import Look, look, without
from hoeder.rights.mail import Attachment
from hoeder.rights.quarantine import Why


def picture(width: int = 860, height: int = 540, kind: str = "JPEG") -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", (width, height), (200, 210, 220)).save(sink, kind)
    return sink.getvalue()


def with_picture(name: str = "scan.jpg", content: bytes | None = None, **headers: str) -> EmailMessage:
    message = asks("Graag inzage in mijn gegevens.", **headers)
    message.add_attachment(content or picture(), maintype="image", subtype="jpeg", filename=name)
    message.add_attachment("los briefje", filename="brief.txt")
    return message


def steps(mailbox: Mailbox, *taken: tuple[What, dict[str, object]]) -> case.Case:
    (found,) = case.open_cases(mailbox.db)
    for what, detail in taken:
        case.take(mailbox.db, found.case_id, what, "dpo", detail)
    mailbox.db.commit()
    return case.read(mailbox.db, found.case_id)


def acts(mailbox: Mailbox, name: str) -> list[tuple[str | None, dict[str, int]]]:
    return [(e.outcome, e.counts) for e in ledger.entries(mailbox.db) if e.act == name and e.phase == "outcome"]


def test_a_copy_that_nobody_asked_for_is_kept_nowhere(mailbox: Mailbox) -> None:
    key = mailbox.put("1", with_picture("kopie-id.jpg"))
    (number,) = mailbox.take_in().cases
    assert mailbox.take_out() == 0
    message = email.message_from_bytes(mailbox.raw(key), policy=default)
    assert [part.get_filename() for part in message.iter_attachments()] == [None, "brief.txt"]
    assert (message["from"], message["subject"]) == ("Jan de Vries <jan@example.nl>", "Verzoek")
    assert "inzage" in message.get_body(("plain",)).get_content()
    assert picture()[50:90] not in mailbox.raw(key)
    assert quarantine.held(mailbox.vault, number) == 0
    assert acts(mailbox, "mask_copy") == [("done", {"copies": 1, "kept": 0, "discarded": 1, "held": 0})]
    assert mailbox.db.execute("select why from identity_copy").fetchall() == [("not-asked",)]
    head = mailbox.bucket.client.head_object(Bucket=mailbox.bucket.name, Key=key)
    assert head["Metadata"] == {"kept": "as-it-was"}


def test_what_may_be_something_else_waits_encrypted_with_its_term(mailbox: Mailbox) -> None:
    key = mailbox.put("1", with_picture())
    (number,) = mailbox.take_in().cases
    mailbox.take_out()
    assert picture()[50:90] not in mailbox.raw(key)
    (name,) = mailbox.vault.names("quarantine/")
    assert mailbox.vault.term(name) == {"taken_on": TODAY.isoformat()}
    assert b"JFIF" not in mailbox.raw(name)
    assert list(quarantine.copies(mailbox.vault, number)) == [picture()]


def test_a_copy_that_was_asked_for_belongs_to_the_case_that_asked(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Graag inzage"))
    mailbox.take_in()
    first = steps(mailbox, (What.CONFIRMED, {"rights": ["access"]}), (What.IDENTITY_ASKED, {"method": "shielded-copy"}))
    mailbox.put("2", with_picture("kopie-id.jpg"))
    mailbox.take_in()
    mailbox.take_out()
    (content,) = quarantine.copies(mailbox.vault, first.case_id)
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.getpixel((400, 530)) == (0, 0, 0), "where the machine-readable lines are"
        assert kept.getpixel((400, 100)) == (200, 210, 220)
    assert content != picture()


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\x00kapot", b"%PDF-1.4 kapot"])
def test_an_asked_copy_that_cannot_be_masked_is_not_kept(mailbox: Mailbox, content: bytes) -> None:
    mailbox.put("1", asks("Graag inzage"))
    mailbox.take_in()
    first = steps(mailbox, (What.CONFIRMED, {"rights": ["access"]}), (What.IDENTITY_ASKED, {"method": "shielded-copy"}))
    mailbox.put("2", with_picture("kopie-id.jpg", content))
    mailbox.take_in()
    mailbox.take_out()
    assert quarantine.held(mailbox.vault, first.case_id) == 0
    assert mailbox.db.execute("select why from identity_copy").fetchall() == [("not-masked",)]


@pytest.mark.parametrize("why", [Why.IDENTIFIED, Why.NOT_IDENTIFIED])
def test_it_is_destroyed_once_it_is_clear_who_asks(mailbox: Mailbox, why: Why) -> None:
    mailbox.put("1", with_picture())
    (number,) = mailbox.take_in().cases
    mailbox.take_out()
    assert quarantine.destroy(mailbox.db, mailbox.vault, number, why=why, run=RUN) == 1
    assert quarantine.held(mailbox.vault, number) == 0
    assert quarantine.destroy(mailbox.db, mailbox.vault, number, why=why, run=RUN) == 0
    assert acts(mailbox, "destroy_copy") == [("done", {"destroyed": 1, "left": 0})], "once, and none for nothing"
    assert mailbox.db.execute("select why from identity_copy").fetchall() == [(why,)]


def test_a_copy_in_a_closed_case_is_destroyed_and_told_of(mailbox: Mailbox) -> None:
    mailbox.put("1", with_picture())
    (number,) = mailbox.take_in().cases
    mailbox.take_out()
    assert quarantine.overstaying(mailbox.db, mailbox.vault) == []
    steps(mailbox, (What.NO_REQUEST, {}), (What.CLOSED, {}))
    assert quarantine.overstaying(mailbox.db, mailbox.vault) == [number]
    kept = upkeep.keep_house(mailbox.db, mailbox.policy, mailbox.vault, run=RUN, today=TODAY)
    assert (kept.overstayed, kept.files_closed) == (1, 1)
    assert quarantine.held(mailbox.vault, number) == 0
    with pytest.raises(StoreError, match="1 copies of identity documents had overstayed"):
        upkeep.judge({}, {"overstayed": kept.overstayed})


def test_a_copy_of_no_case_overstays(mailbox: Mailbox) -> None:
    mailbox.vault.put(f"quarantine/{uuid4()}/1", b"x", term={"taken_on": TODAY})
    assert len(quarantine.overstaying(mailbox.db, mailbox.vault)) == 1


def test_what_its_term_ended_is_put_down_as_gone(mailbox: Mailbox) -> None:
    mailbox.put("1", with_picture())
    mailbox.take_in()
    mailbox.take_out()
    assert quarantine.settle(mailbox.db, mailbox.vault) == 0
    (name,) = mailbox.vault.names("quarantine/")
    mailbox.bucket.client.delete_object(Bucket=mailbox.bucket.name, Key=name)
    assert quarantine.settle(mailbox.db, mailbox.vault) == 1
    assert mailbox.db.execute("select why from identity_copy").fetchall() == [("term",)]


def test_a_message_under_a_hold_stays_as_it_is_until_the_hold_ends(mailbox: Mailbox) -> None:
    mailbox.db.execute("select 1")
    mailbox.db.commit()
    holds.place(
        mailbox.db, KEY, mailbox.policy, matter="zaak", ground=holds.Ground.CLAIM,
        persons=(("email", "jan@example.nl"),), placed_by="dpo", placed_on=TODAY, review_by=TODAY + timedelta(days=30),
    )  # fmt: skip
    mailbox.db.commit()
    key = mailbox.put("1", with_picture("paspoort.jpg"))
    before = mailbox.raw(key)
    mailbox.take_in()
    assert mailbox.take_out() == 1
    assert mailbox.raw(key) == before
    assert acts(mailbox, "mask_copy")[0][0] == "refused"


def test_killed_after_the_message_was_rewritten_the_next_run_finishes(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = mailbox.put("1", with_picture())
    (number,) = mailbox.take_in().cases

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        real = quarantine.replace_object

        def rewritten(*args: object, **kwargs: object) -> None:
            real(*args, **kwargs)  # type: ignore[arg-type]
            killed()

        patched.setattr(quarantine, "replace_object", rewritten)
        with pytest.raises(KeyboardInterrupt):
            mailbox.take_out()
    mailbox.db.rollback()
    after = mailbox.raw(key)
    assert mailbox.take_out() == 0
    assert mailbox.raw(key) == after
    assert list(quarantine.copies(mailbox.vault, number)) == [picture()]
    assert mailbox.counts() == {}, "it is no second case"


def test_a_mailbox_that_is_away_keeps_the_copy_waiting_and_says_so_without_a_name(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.put("jan-de-vries", with_picture())
    mailbox.take_in()

    def away(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="jan-de-vries")

    with monkeypatch.context() as patched:
        patched.setattr(quarantine, "replace_object", away)
        with pytest.raises(StoreError, match="1 messages with a copy") as error:
            mailbox.take_out()
    assert "jan" not in str(error.value)
    assert mailbox.take_out() == 0


def test_with_versions_no_earlier_message_stays(mailbox: Mailbox) -> None:
    client, name = mailbox.bucket.client, mailbox.bucket.name
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    key = mailbox.put("1", with_picture())
    mailbox.take_in()
    mailbox.take_out()
    assert len(client.list_object_versions(Bucket=name, Prefix=key)["Versions"]) == 1


def test_the_file_of_a_closed_case_gets_its_term_once(mailbox: Mailbox) -> None:
    mailbox.put("1", asks("Graag inzage"))
    (number,) = mailbox.take_in().cases
    name = f"{case_file.FILES}{number}"
    assert mailbox.vault.term(name) == {"status": "open"}
    steps(mailbox, (What.NO_REQUEST, {}), (What.CLOSED, {}))
    assert upkeep.keep_house(mailbox.db, mailbox.policy, mailbox.vault, run=RUN, today=TODAY).files_closed == 1
    assert mailbox.vault.term(name)["status"] == "closed"
    assert case_file.read(mailbox.vault, number).names == ("Jan de Vries",)
    assert upkeep.keep_house(mailbox.db, mailbox.policy, mailbox.vault, run=RUN, today=TODAY).files_closed == 0


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("paspoort.jpg", picture(), Look.CERTAIN),
        ("Kopie ID Jan.png", picture(kind="PNG"), Look.CERTAIN),
        ("foto.jpg", picture(), Look.LIKELY),
        ("logo.jpg", picture(120, 40), Look.NOT),
        ("idee.jpg", picture(100, 40), Look.NOT),
        ("kapot.jpg", b"\xff\xd8\xff\x00kapot", Look.LIKELY),
        ("kapot.pdf", b"%PDF-1.4 kapot", Look.LIKELY),
        ("bom.png", picture(9_000, 9_000, "PNG"), Look.LIKELY),
        ("brief.txt", b"hallo", Look.NOT),
    ],
)
def test_what_looks_like_one(name: str, content: bytes, expected: Look) -> None:
    message = EmailMessage()
    message["From"] = "jan@example.nl"
    message.set_content("hallo")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    (attached,) = mail.read(message.as_bytes()).attachments
    assert look(attached) is expected


@given(st.binary(max_size=400), st.sampled_from(["image/jpeg", "application/pdf", "image/tiff"]))
def test_no_attachment_makes_it_fail(content: bytes, kind: str) -> None:
    assert look(Attachment(kind, len(content), "x", content)) in Look


@given(st.binary(max_size=600))
def test_a_message_is_never_changed_for_nothing(raw: bytes) -> None:
    assert without(raw, {"0" * 64}) is None


def test_a_message_that_cannot_be_written_again_keeps_its_text() -> None:
    raw = with_picture("id.jpg").as_bytes().replace(b"Subject: Verzoek", b"Subject: =?utf-8?b?//8=?=\xff\xfe Verzoek")
    digests = {one.digest for one in mail.read(raw).attachments if one.is_image}
    left = without(raw, digests)
    assert left is not None
    assert picture()[50:90] not in left
    assert "inzage" in mail.read(left).text
    assert not any(one.is_image for one in mail.read(left).attachments)
