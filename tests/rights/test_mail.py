"""Any e-mail can be sent to a privacy mailbox, and none of them stops it."""

import gzip
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.rights import mail


def message(text: str = "Graag inzage.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in (
        {
            "From": '"Jan de Vries" <Jan@Example.nl>',
            "Subject": "Inzage",
            "Date": "Sun, 22 Nov 2026 10:00:00 +0100",
            "Message-ID": "<1@example.nl>",
        }
        | headers
    ).items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made  # fmt: skip


def test_what_a_case_needs_of_a_message() -> None:
    made = message("Graag ontvang ik mijn gegevens.\n\nJan\n")
    made.add_attachment(
        b"\xff\xd8\xff\xe0 not really", maintype="application", subtype="octet-stream", filename="id.exe"
    )
    read = mail.read(made.as_bytes())
    assert (read.name, read.sender, read.subject) == ("Jan de Vries", "jan@example.nl", "Inzage")
    assert read.sent == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert read.text.startswith("Graag ontvang")
    assert [(a.kind, a.is_image) for a in read.attachments] == [("image/jpeg", True)], "by content, not by name"
    assert read.doubts == ()


def test_the_sight_of_it_shows_nobody() -> None:
    assert "ries" not in repr(mail.read(message().as_bytes()))


def test_html_alone_is_read_as_a_reader_sees_it() -> None:
    made = EmailMessage()
    made["From"], made["Date"] = "a@b.nl", "Sun, 22 Nov 2026 10:00:00 +0100"
    made.set_content("<html><head><title>x</title><style>p{}</style></head><body><p>Verwijder</p><p>alles"
                     "<script>alert(1)</script></p></body></html>", subtype="html")  # fmt: skip
    assert mail.read(made.as_bytes()).text.split() == ["Verwijder", "alles"]


def test_what_is_quoted_is_not_what_is_asked() -> None:
    read = mail.read(message("Nee hoor, laat maar.\n\nOp 3 maart schreef Jan:\n> verwijder alles").as_bytes())
    assert "verwijder" not in read.own_words
    assert "laat maar" in read.own_words


@pytest.mark.parametrize(
    ("headers", "doubt"),
    [
        ({"From": "geen adres"}, "no sender"),
        ({"Reply_To": "thief@example.org"}, "another address"),
        ({"Date": "gisteren"}, "no date"),
    ],
)
def test_why_a_person_must_look(headers: dict[str, str], doubt: str) -> None:
    assert any(doubt in each for each in mail.read(message(**headers).as_bytes()).doubts)


def test_machines_are_told_apart() -> None:
    assert mail.read(message(Auto_Submitted="auto-replied").as_bytes()).automatic
    assert mail.read(message(Precedence="bulk").as_bytes()).automatic
    assert not mail.read(message(Auto_Submitted="no").as_bytes()).automatic


def test_a_charset_that_nobody_knows_is_still_read() -> None:
    raw = message("Graag inzage").as_bytes().replace(b'charset="utf-8"', b'charset="x-unknown-9"')
    read = mail.read(raw)
    assert "Graag inzage" in read.text
    assert "a character set that cannot be read" in read.doubts


def test_nesting_deeper_than_python_goes_does_not_stop_it() -> None:
    raw = b"From: a@b.nl\nDate: Sun, 22 Nov 2026 10:00:00 +0100\n"
    for n in range(3000):
        raw += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n)
    assert mail.read(raw + b"Content-Type: text/plain\n\nhelp\n").sender in ("a@b.nl", None)


def test_more_parts_than_a_person_sends_are_cut_and_said() -> None:
    raw = message().as_bytes()
    body = b"".join(b"--x\nContent-Type: text/plain\n\nhallo\n" for _ in range(2 * mail.MOST_PARTS))
    raw = b'From: a@b.nl\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n' + body + b"--x--\n"
    assert any("more than" in each for each in mail.read(raw).doubts)


def test_an_attachment_that_would_unpack_into_a_hundred_megabytes_is_not_unpacked() -> None:
    made = message()
    bomb = gzip.compress(b"0" * 20_000_000)
    made.add_attachment(bomb, maintype="application", subtype="gzip", filename="bom.gz")
    read = mail.read(made.as_bytes())
    assert [(a.kind, a.size) for a in read.attachments] == [("application/gzip", len(bomb))]


def test_too_large_a_message_is_not_read_at_all() -> None:
    assert mail.read(b"From: a@b.nl\n\n" + b"x" * mail.MOST_BYTES).doubts == ("larger than 50 MB",)


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=2000)
    | st.builds(
        lambda headers, body: b"\n".join(headers) + b"\n\n" + body,
        st.lists(
            st.builds(
                lambda name, value: name + b": " + value.replace(b"\n", b""),
                st.sampled_from(
                    [b"From", b"Date", b"Subject", b"Content-Type", b"Content-Transfer-Encoding", b"Message-ID",
                     b"Reply-To", b"Content-Disposition", b"MIME-Version", b"Auto-Submitted"]
                ),
                st.binary(max_size=60)
                | st.sampled_from([b"base64", b"text/html; charset=utf-7", b"multipart/mixed; boundary=", b"=?x?q"]),
            ),
            max_size=8,
        ),
        st.binary(max_size=400),
    )
)  # fmt: skip
def test_whatever_comes_in_a_message_comes_out(raw: bytes) -> None:
    read = mail.read(raw)
    assert read.digest
    assert read.text.count("\x00") == 0
