"""Letters by mail, where connection `smtp_rights` is set: to the address that somebody asked from, where it stands on
file in a record that is certainly theirs, and once it is clear who asks. Every other letter an officer sends.

An officer who took a letter out has sent it; older ones than a few days are left to officers too, so that a connection
that is new does not send what was sent long ago.
"""

import smtplib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.rights import case, case_file, letters, search
from hoeder.rights.case import Case, What
from hoeder.rights.letters import Written
from hoeder.rights.work import Work
from hoeder.stores import smtp
from hoeder.stores.connection import Connection

CONNECTION = "smtp_rights"
TO_PERSON = frozenset({"receipt", "clarification", "extension", "answer", "lifting", "recipients"})
"""Letters to who asked, after they are known. Recipients and clients get theirs the way that was agreed with them."""
WITHIN = timedelta(days=3)
"""How old a letter may be that is sent by itself."""
_IDENTITY = (What.IDENTITY_ASKED, What.IDENTIFIED, What.NOT_IDENTIFIED)
_SUBJECTS = {"nl": "Uw verzoek, ons kenmerk {}", "en": "Your request, our reference {}"}


@dataclass(frozen=True)
class _Ready:
    """A letter, its case, and where it goes."""

    letter: Written
    found: Case
    to: str = field(repr=False)


def send(work: Work) -> dict[str, int]:
    """Send every letter that waits and may go by mail; how many went, and how many are left to officers.

    Nothing happens without the connection. Raises StoreError at the end where the server took some of them not; the
    next run tries those again.
    """
    waiting = letters.unsent(work.db, TO_PERSON, WITHIN)
    try:
        connection = work.resolve(CONNECTION)
    except StoreError:
        return {"letters": len(waiting), "unsent": len(waiting)}
    ready: list[tuple[_Ready, EmailMessage]] = []
    counts, why = Counter(letters=len(waiting), unverified=0), Counter[str]()
    for letter in waiting:
        try:
            one = _ready(work, letter)
            if one is not None:
                ready.append((one, _message(work, connection, one)))
        except StoreError:
            why["not to be had from the vault"] += 1
            continue
        counts["unverified"] += one is None
    work.db.commit()
    if ready:
        with smtp.server(connection) as opened:
            for one, message in ready:
                if refused := _send(work, opened, one, message):
                    why[refused] += 1
                else:
                    counts["sent"] += 1
    if why:
        raise StoreError(
            f"{why.total()} of {len(waiting)} letters were not sent ({', '.join(sorted(why))}); look at connection "
            f"{CONNECTION}, or send them by hand"
        )
    return dict(counts)


def _send(work: Work, opened: smtplib.SMTP, one: _Ready, message: EmailMessage) -> str | None:
    """Send one letter and put down that it went; why the server did not take it, if it did not."""
    with ledger.act(
        work.db, work.run, Activity.RIGHTS_SEND, "request", case_id=one.found.case_id,
        subject_ref=work.subject(one.found),
    ) as act:  # fmt: skip
        refused = smtp.send(opened, message)
        act.counts = {"sent": int(refused is None)}
        if refused is None:
            letters.sent(work.db, one.letter, "mail")
        else:
            act.outcome = Outcome.FAILED
    return refused


def _ready(work: Work, letter: Written) -> _Ready | None:
    """The letter with its address; None where it is not clear who asks, or the address stands on no file of theirs."""
    found = case.read(work.db, letter.case_id)
    known = [step.what for step in found.steps if step.what in _IDENTITY]
    looked = found.latest(What.SEARCHED)
    if not known or known[-1] is not What.IDENTIFIED or looked is None or not looked.detail.get("address_on_file"):
        return None
    to = case_file.read(work.vault, letter.case_id).answer_to or ""
    return _Ready(letter, found, to) if search.ADDRESS.fullmatch(to) else None


def _message(work: Work, connection: Connection, one: _Ready) -> EmailMessage:
    """The letter as text with the paper beside it. Sent twice after a crash, both have the same number."""
    pdf, text = letters.fetch(work.vault, one.letter)
    reference, sender = letters.reference(one.found.case_id), smtp.sender(connection)
    message = EmailMessage()
    message["Subject"] = _SUBJECTS["en" if one.letter.language == "en" else "nl"].format(reference)
    message["From"] = sender
    message["To"] = one.to
    if "@" in work.policy.organisation.privacy_mailbox:
        message["Reply-To"] = work.policy.organisation.privacy_mailbox
    number = work.key.row("cases", "mail", f"{one.found.case_id} {one.letter.number}").hex()
    message["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    message["Date"] = one.letter.at
    message["Content-Language"] = one.letter.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    name = f"{'letter' if one.letter.language == 'en' else 'brief'}-{reference}.pdf"
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    return message
