"""A real SMTP server for the tests, whose mail can be looked at."""

import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class Postbox:
    """Takes every mail, or refuses as a server would: with a reply that quotes the address."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[tuple[list[str], EmailMessage]] = []
        """To whom each went, and what it says."""
        self.refusal: str | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # aiosmtpd's name
        if self.refusal:
            return self.refusal
        message = BytesParser(EmailMessage, policy=default).parsebytes(envelope.content)
        self.mails.append((envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture(scope="module")
def server() -> Iterator[Postbox]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        postbox = Postbox(free.getsockname()[1])
    controller = Controller(postbox, hostname="127.0.0.1", port=postbox.port)
    controller.start()
    yield postbox
    controller.stop()


@pytest.fixture
def empty(server: Postbox) -> Postbox:
    """The server's postbox without what other tests sent."""
    server.mails.clear()
    server.refusal = None
    return server
