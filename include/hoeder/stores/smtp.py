"""Mail over a connection of Airflow's kind: TLS from the start unless `disable_ssl`, else STARTTLS."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from hoeder.errors import StoreError
from hoeder.stores.connection import Connection

_SECONDS = 30


def sender(connection: Connection) -> str:
    """Whose address mail over a connection comes from."""
    return str(connection.extra.get("from_email") or connection.login or f"hoeder@{connection.host}")


@contextmanager
def logged_in(connection: Connection) -> Iterator[smtplib.SMTP]:
    """A server that is logged in. Raises OSError and what smtplib raises, whose words may quote an address."""
    host, extra, context = connection.host or "localhost", connection.extra, ssl.create_default_context()
    if extra.get("disable_ssl"):
        opened = smtplib.SMTP(host, connection.port or 587, timeout=_SECONDS)
    else:
        opened = smtplib.SMTP_SSL(host, connection.port or 465, timeout=_SECONDS, context=context)
    with opened:
        if extra.get("disable_ssl") and not extra.get("disable_tls"):
            opened.starttls(context=context)
        if connection.login:
            opened.login(connection.login, connection.password or "")
        yield opened


@contextmanager
def server(connection: Connection) -> Iterator[smtplib.SMTP]:
    """The same; raises StoreError, with nothing in it that the server said."""
    try:
        with logged_in(connection) as opened:
            yield opened
    except (OSError, smtplib.SMTPException) as error:
        raise StoreError(f"mail server {connection.host or 'localhost'}: {kind(error)}") from None


def send(opened: smtplib.SMTP, message: EmailMessage) -> str | None:
    """Send one message; None, or why the server did not take it. Never what it said, which may quote an address."""
    try:
        opened.send_message(message)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        return kind(error)
    return None


def kind(error: OSError | smtplib.SMTPException) -> str:
    """An error by its kind and number."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__}{f' {code}' if code else ''}"
