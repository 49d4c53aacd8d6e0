"""Whether an attachment looks like a copy of an identity document, and a message without it."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import re
from collections.abc import Collection
from email.message import EmailMessage, Message
from enum import StrEnum
from typing import Any

from hoeder.detection.validators import is_bsn
from hoeder.rights import mail
from hoeder.rights.mail import Attachment

_PAGES = 5
_SMALLEST = 160
"""Pixels of the shorter side. Smaller pictures are logos, and nobody could read a document on them."""
_PIXELS = 50_000_000
_CARD = 1.5
"""Between the shapes of a passport's page (1.42) and a card (1.59): longer side by shorter."""
_MACHINE_READABLE = re.compile(r"[A-Z0-9<]{9,}<<[A-Z0-9<]{9,}")  # ICAO 9303
_WORDS = re.compile(
    r"identiteitskaart|identity card|paspoort|passport|rijbewijs|driving licence|burgerservicenummer|personal no",
    re.IGNORECASE,
)
_NINE = re.compile(r"(?<!\d)\d{9}(?!\d)")
TAKEN_OUT = "[Een kopie van een identiteitsbewijs is hier weggehaald. A copy of an identity document was taken out.]"


class Look(StrEnum):
    """How sure it is."""

    CERTAIN = "certain"  # its name or text says so
    LIKELY = "likely"  # a picture large enough to read, or pages that are pictures
    NOT = "not"


def look(attachment: Attachment) -> Look:
    """Whether an attachment is one, without reading what is on a picture. Never an exception for its content."""
    if not attachment.is_image:
        return Look.NOT
    if attachment.called_identity:
        return Look.CERTAIN
    try:
        if attachment.kind == "application/pdf":
            return _pages(attachment.content)
        return Look.LIKELY if _shorter_side(attachment.content) >= _SMALLEST else Look.NOT
    except Exception:  # whatever it is, a person looks at it
        return Look.LIKELY


def _pages(content: bytes) -> Look:
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(content)).pages[:_PAGES]
    text = " ".join(page.extract_text() for page in pages)
    if _MACHINE_READABLE.search(text) or _WORDS.search(text) or any(map(is_bsn, _NINE.findall(text))):
        return Look.CERTAIN
    return Look.NOT if len(text.strip()) > 40 * len(pages) else Look.LIKELY


def _shorter_side(content: bytes) -> int:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:  # reads the head alone
        return min(image.size)


def masked(attachment: Attachment) -> bytes | None:
    """A copy that was asked for, as a PNG without the strip of machine-readable lines, which has the citizen service
    number on it, and without what a camera wrote beside the picture; None where no picture can be had of it.

    The strip is the lower part of the document (ICAO 9303): of a passport's page less than a third, of a card less than
    a half. It is blackened wherever the document fills the picture, as the letter asks.
    """
    from PIL import Image

    try:
        content = attachment.content
        if attachment.kind == "application/pdf":
            from pypdf import PdfReader

            content = PdfReader(io.BytesIO(content)).pages[0].images[0].data
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > _PIXELS:
                return None
            plain = picture.convert("RGB")
    except Exception:  # whatever it is, it is not kept
        return None
    wide = max(plain.size) / min(plain.size) > _CARD
    plain.paste((0, 0, 0), (0, int(plain.height * (0.55 if wide else 0.68)), plain.width, plain.height))
    sink = io.BytesIO()
    plain.save(sink, "PNG")
    return sink.getvalue()


def without(raw: bytes, digests: Collection[str]) -> bytes | None:
    """The message without the attachments of these digests; None where it has none of them.

    A message that cannot be written again as it was keeps who, when, subject and text.
    """
    message = email.message_from_bytes(raw)
    if not _strip(message, digests):
        return None
    try:
        return message.as_bytes()
    except Exception:  # the writer of headers is stricter than the reader
        return _plain(raw)


def _strip(message: Message[Any, Any], digests: Collection[str]) -> int:
    taken, waiting = 0, [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if part.is_multipart() and isinstance(inner, list):
            waiting += [each for each in inner if isinstance(each, Message)]
        elif _digest(part) in digests:
            for header in list(part.keys()):
                if header.lower().startswith("content-"):
                    del part[header]
            part["Content-Type"] = 'text/plain; charset="utf-8"'
            part.set_payload(f"{TAKEN_OUT}\n")
            taken += 1
    return taken


def _digest(part: Message[Any, Any]) -> str:
    try:
        content = part.get_payload(decode=True)
    except Exception:  # a part that cannot be decoded has no content to know it by
        return ""
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else ""


def _plain(raw: bytes) -> bytes:
    read = mail.read(raw)
    made = EmailMessage(policy=email.policy.SMTP)
    if read.sender:
        made["From"] = read.sender
    if read.sent:
        made["Date"] = read.sent
    made["Subject"] = " ".join(read.subject.split())
    made.set_content(f"{read.text}\n{TAKEN_OUT}\n")
    return made.as_bytes()
