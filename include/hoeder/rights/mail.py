"""An e-mail, read whatever it is: who sent it, what it says, what hangs on it. Never an exception for its content.

Anybody can send one. Nothing of it is opened but text; attachments are described by what their first bytes say and by a
digest, never unpacked. What cannot be read is a reason for a person to look.
"""

from __future__ import annotations

import email
import email.policy
import email.utils
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from html.parser import HTMLParser
from typing import Any

MOST_BYTES = 50 * 1024 * 1024
MOST_TEXT = 200_000
"""Characters read of a message's text."""
MOST_PARTS = 500
_KINDS = (
    (b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG", "image/png"), (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"), (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"), (b"MZ", "application/x-msdownload"),
)  # fmt: skip
_QUOTED = re.compile(
    r"^(>|Op .{4,80} schreef|On .{4,80} wrote:|-{3,} ?(Original Message|Oorspronkelijk bericht))", re.M
)

_IDENTITY = re.compile(
    r"paspoort|passport|rijbewijs|driving.?licen|identiteit|identity|legitimatie|(?<![a-z])id(?![a-z])|kopie.?id",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Attachment:
    """What hangs on a message. `kind` is by its first bytes, else what the sender said."""

    kind: str
    size: int
    digest: str
    content: bytes = field(repr=False)
    called_identity: bool = False
    """Whether its name says that it is an identity document."""

    @property
    def is_image(self) -> bool:
        """Whether it can be a picture of an identity document."""
        return self.kind.startswith("image/") or self.kind == "application/pdf"


@dataclass(frozen=True)
class Mail:
    """A message as a case needs it. `doubts` says in words that quote nothing why a person must look."""

    message_id: str | None = field(repr=False)
    sender: str | None = field(repr=False)
    name: str | None = field(repr=False)
    sent: datetime | None
    subject: str = field(repr=False)
    text: str = field(repr=False)
    attachments: tuple[Attachment, ...]
    digest: str
    doubts: tuple[str, ...] = ()
    automatic: bool = False
    """Sent by a machine: an out-of-office note or a list."""

    @property
    def own_words(self) -> str:
        """The text without what it quotes of an earlier message."""
        found = _QUOTED.search(self.text)
        return self.text[: found.start()] if found and found.start() > 0 else self.text


def read(raw: bytes) -> Mail:
    """Read a message. Whatever `raw` is, a Mail comes of it."""
    digest = hashlib.sha256(raw).hexdigest()
    if len(raw) > MOST_BYTES:
        return Mail(None, None, None, None, "", "", (), digest, (f"larger than {MOST_BYTES // 1024 // 1024} MB",))
    doubts: list[str] = []
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
    except Exception as error:
        return Mail(None, None, None, None, "", "", (), digest, (f"no e-mail ({type(error).__name__})",))
    name, sender = _sender(message, doubts)
    text, attachments = _parts(message, doubts)
    if not text.strip():
        doubts.append("no text that can be read")
    return Mail(
        message_id=_header(message, "message-id"),
        sender=sender,
        name=name,
        sent=_sent(message, doubts),
        subject=(_header(message, "subject") or "")[:500],
        text=text,
        attachments=attachments,
        digest=digest,
        doubts=tuple(dict.fromkeys(doubts)),
        automatic=_is_automatic(message),
    )


def _header(message: Message[Any, Any], name: str) -> str | None:
    try:
        value = message.get(name)
        text = None if value is None else " ".join(str(value).replace("\x00", "").split())
    except Exception:  # the parser of headers has errors of its own
        return None
    return text or None


def _sender(message: Message[Any, Any], doubts: list[str]) -> tuple[str | None, str | None]:
    """Name and address of the first sender; Reply-To is where an answer would go, and is not who asks."""
    name, address = email.utils.parseaddr(_header(message, "from") or "")
    address = address.strip().lower()
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,255}", address):
        doubts.append("no sender that can be answered")
        return name or None, None
    reply = email.utils.parseaddr(_header(message, "reply-to") or "")[1].strip().lower()
    if reply and reply != address:
        doubts.append("asks to be answered at another address than it was sent from")
    return name.strip() or None, address


def _sent(message: Message[Any, Any], doubts: list[str]) -> datetime | None:
    """When the sender says that it was sent."""
    try:
        sent = email.utils.parsedate_to_datetime(_header(message, "date") or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        doubts.append("no date that can be read")
        return None
    return sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent


def _is_automatic(message: Message[Any, Any]) -> bool:
    """RFC 3834: `Auto-Submitted` other than no; lists and bulk mail say so as well."""
    submitted = (_header(message, "auto-submitted") or "no").lower()
    precedence = (_header(message, "precedence") or "").lower()
    return not submitted.startswith("no") or precedence in ("bulk", "list", "junk", "auto_reply")


def _parts(message: EmailMessage, doubts: list[str]) -> tuple[str, tuple[Attachment, ...]]:
    plain: list[str] = []
    html: list[str] = []
    attachments: list[Attachment] = []
    for count, part in enumerate(_walk(message)):
        if count >= MOST_PARTS:
            doubts.append(f"more than {MOST_PARTS} parts")
            break
        kind = part.get_content_type()
        content = _content(part, doubts)
        if kind in ("text/plain", "text/html") and not _is_attached(part):
            text = _decoded(part, content, doubts)
            (plain if kind == "text/plain" else html).append(text if kind == "text/plain" else _visible(text))
        elif content:
            digest, called = hashlib.sha256(content).hexdigest(), bool(_IDENTITY.search(_filename(part)))
            attachments.append(Attachment(_kind(content, kind), len(content), digest, content, called))
    text = "\n".join(plain) if any(each.strip() for each in plain) else "\n".join(html)
    if len(text) > MOST_TEXT:
        doubts.append(f"longer than {MOST_TEXT:,} characters")
    return text[:MOST_TEXT].replace("\x00", ""), tuple(attachments)


def _walk(message: EmailMessage) -> Iterator[Message[Any, Any]]:
    """The parts that are no containers, without recursion: a message can be nested deeper than Python goes."""
    waiting: list[Message[Any, Any]] = [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if part.is_multipart() and isinstance(inner, list):
            waiting += [each for each in reversed(inner) if isinstance(each, Message)]
        else:
            yield part


def _content(part: Message[Any, Any], doubts: list[str]) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except Exception:
        doubts.append("a part that cannot be decoded")
        return b""
    return content if isinstance(content, bytes) else b""


def _is_attached(part: Message[Any, Any]) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or part.get_filename() is not None
    except Exception:
        return True


def _filename(part: Message[Any, Any]) -> str:
    try:
        return part.get_filename() or ""
    except Exception:
        return ""


def _decoded(part: Message[Any, Any], content: bytes, doubts: list[str]) -> str:
    try:
        return content.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeError, ValueError):
        doubts.append("a character set that cannot be read")
        return content.decode("latin-1")


def _kind(content: bytes, said: str) -> str:
    return next((kind for start, kind in _KINDS if content.startswith(start)), said)


class _Text(HTMLParser):
    """What a reader of a page would see."""

    _HIDDEN = frozenset({"script", "style", "head", "title"})
    _BREAKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "table"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        if tag in self._BREAKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self._HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


def _visible(html: str) -> str:
    reader = _Text()
    try:
        reader.feed(html[: 4 * MOST_TEXT])
        reader.close()
    except Exception:  # what was seen until then
        return "".join(reader.found)
    return "".join(reader.found)
