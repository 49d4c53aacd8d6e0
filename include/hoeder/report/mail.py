"""Tell by mail that there is a new report: the first page in words, and where the files lie."""

import hashlib
import mimetypes
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage

from hoeder.errors import ReportError, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Outcome
from hoeder.policy.models import Policy
from hoeder.report.facts.figures import Figures
from hoeder.report.front import front
from hoeder.report.words import Language, Words
from hoeder.stores import smtp
from hoeder.stores.connection import Connection, Resolver

CONNECTION = "smtp_audit_report"


@dataclass(frozen=True)
class Summary:
    """A mail without its recipients. Names of plans and tables and counts only, as in the report itself."""

    language: Language
    subject: str
    text: str


def summary(figures: Figures, policy: Policy, language: Language, addresses: Mapping[str, str]) -> Summary:
    """The first page in plain words, then the addresses of the files."""
    words = Words(language)
    page = front(figures, words)
    lines = [page.lead, ""]
    for title, items in ((page.overdue_title, page.overdue), (page.decide_title, page.decide)):
        if items:
            lines += [title, *(f"- {item.sentence} ({item.due})" for item in items), ""]
    lines += [
        words.say("mail.where"),
        *(f"  {address}" for address in addresses.values()),
        "",
        policy.organisation.note,
    ]
    title = words.say("title", period=words.period(figures.period))
    return Summary(language, f"{title} – {policy.organisation.name}", "\n".join(lines).replace("\u00a0", " ") + "\n")


def send(
    db: ledger.Connection,
    policy: Policy,
    resolve: Resolver,
    told: Summary,
    *,
    run: ledger.Run,
    files: Callable[[], Mapping[str, bytes]],
) -> int:
    """Send it to whom policy names, with `files` if policy says so; the number of recipients.

    Nothing happens where policy names nobody. Raises ReportError where it cannot be sent; the ledger has that too, and
    the report stays where it lies.
    """
    wanted = policy.organisation.report_mail
    if wanted is None:
        return 0
    with ledger.act(db, run, ledger.Activity.AUDIT_MAIL, told.language) as act:
        act.counts = {"recipients": len(wanted.to)}
        act.digest = hashlib.sha256(told.text.encode()).hexdigest()
        try:
            connection = resolve(CONNECTION)
        except StoreError as error:
            act.outcome = Outcome.MISSING
            raise ReportError(f"policy has the report mailed, and {error}. The report itself is stored") from None
        message = _message(connection, wanted.to, told, files() if wanted.attach else {})
        try:
            with smtp.logged_in(connection) as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            # What a server says may quote an address: the kind of error and its number are enough.
            refused = isinstance(error, smtplib.SMTPException)
            act.outcome = Outcome.FAILED if refused else Outcome.UNREACHABLE
            raise ReportError(
                f"the mail about the report was not sent: {smtp.kind(error)} from {connection.host}. "
                f"The report itself is stored; look at connection {CONNECTION}"
            ) from None
    return len(wanted.to)


def _message(
    connection: Connection, recipients: tuple[str, ...], told: Summary, files: Mapping[str, bytes]
) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = told.subject
    message["From"] = smtp.sender(connection)
    message["To"] = ", ".join(recipients)
    message["Content-Language"] = told.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(told.text)
    for name, content in files.items():
        main, _, sub = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message
