"""Mail is moved from a real IMAP server into a bucket: nothing lost, nothing twice, nothing left behind."""

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers import Bucket

from hoeder.errors import StoreError
from hoeder.stack import ports
from hoeder.stores import imap

WHEN = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # already the next day in Amsterdam
MAIL = b"From: jan@example.nl\r\nSubject: Verzoek\r\n\r\nGraag inzage\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    (number,) = ports.free_ports(1)
    quiet = [part for name in ("admin", "managesieve", "swim") for part in ("--no-service", name)]
    program = Path(sys.executable).with_name("pymap")
    where = ["--no-tls", "--host", "127.0.0.1", "--port", str(number)]
    server = subprocess.Popen(
        [program, *quiet, *where, "dict", "--demo-user", "privacy", "--demo-password", "geheim"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                imaplib.IMAP4("127.0.0.1", number).logout()
                break
            except OSError:
                time.sleep(0.05)
        yield number
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def server(port: int) -> Iterator[imaplib.IMAP4]:
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login("privacy", "geheim")
    client.create("Verzoeken")
    yield client
    client.select("Verzoeken")
    client.store("1:*", "+FLAGS", r"(\Deleted)")
    client.expunge()
    client.logout()


def send(server: imaplib.IMAP4, *messages: bytes) -> None:
    for message in messages:
        server.append("Verzoeken", "", imaplib.Time2Internaldate(WHEN), message)


def left(server: imaplib.IMAP4) -> int:
    _, data = server.select("Verzoeken")
    server.close()
    return int(data[0])


def moved(server: imaplib.IMAP4, bucket: Bucket) -> int:
    return imap.move(server, bucket.client, bucket.name, "inbox/", "Verzoeken")


def keys(bucket: Bucket) -> list[str]:
    return [item["Key"] for item in bucket.client.list_objects_v2(Bucket=bucket.name).get("Contents", [])]


def test_every_message_is_in_the_bucket_under_the_day_it_arrived_and_off_the_server(
    server: imaplib.IMAP4, bucket: Bucket
) -> None:
    send(server, MAIL, MAIL.replace(b"jan", b"ann"), b"\xff\xfe no mail at all")
    assert moved(server, bucket) == 3
    found = keys(bucket)
    assert len(found) == 3
    assert all(key.startswith("inbox/date=2026-11-21/imap-") for key in found)
    assert MAIL in [bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read() for key in found]
    assert left(server) == 0
    assert moved(server, bucket) == 0


def test_what_was_stored_before_a_crash_is_taken_off_and_not_written_again(
    server: imaplib.IMAP4, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(server, MAIL)
    with monkeypatch.context() as patched:
        patched.setattr(imap, "_numbers", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            moved(server, bucket)
    real = imap._store

    def stored_and_killed(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(imap, "_store", stored_and_killed)
        with pytest.raises(KeyboardInterrupt):
            moved(server, bucket)
    assert left(server) == 1
    (key,) = keys(bucket)
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=b"without its attachment")
    assert moved(server, bucket) == 1
    assert bucket.client.get_object(Bucket=bucket.name, Key=key)["Body"].read() == b"without its attachment"
    assert left(server) == 0


def test_a_bucket_that_refuses_leaves_the_message_where_it_is(server: imaplib.IMAP4, bucket: Bucket) -> None:
    send(server, MAIL)
    with pytest.raises(StoreError, match="the bucket refused a message: NoSuchBucket"):
        imap.move(server, bucket.client, "no-such-bucket", "inbox/", "Verzoeken")
    assert left(server) == 1


def test_a_folder_that_is_not_there_is_named(server: imaplib.IMAP4, bucket: Bucket) -> None:
    with pytest.raises(StoreError, match="opens no folder Niets"):
        imap.move(server, bucket.client, bucket.name, "inbox/", "Niets")


def test_a_server_that_is_gone_is_an_error_without_a_word_of_its_own(port: int, bucket: Bucket) -> None:
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login("privacy", "geheim")
    client.shutdown()
    with pytest.raises(StoreError, match="folder INBOX cannot be read"):
        imap.move(client, bucket.client, bucket.name, "inbox/")
