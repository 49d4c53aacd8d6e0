"""Requests of data subjects: what people ask by mail and by the form, and what the vault has of cases from before."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID, uuid5

from PIL import Image

from hoeder.clock import AMSTERDAM
from hoeder.demo import canaries
from hoeder.demo.names import CLIENTS
from hoeder.demo.objects import Thing
from hoeder.demo.people import Crowd, Person
from hoeder.demo.places import FIRST, HELD_CONTACT, KABELAAR, WRITER
from hoeder.demo.terms import Fate, window
from hoeder.demo.world import World

BUCKET, MAILBOX = "cases", "mailbox"
_TARGET = "mailbox:inbox/"
_NAMES = UUID("5b0c8d52-6a0f-4d4e-9a53-0c1f6f1f2f10")
_REACHED = "Met vriendelijke groet,"


@dataclass(frozen=True)
class Asked:
    """A message: of which contact, so many days ago, what it says, and which rights intake must propose."""

    name: str
    contact: int
    days: int
    subject: str
    body: str
    rights: tuple[str, ...] = ()


ASKED = (
    Asked("access", WRITER, 5, "Inzageverzoek", "Graag ontvang ik inzage in alle gegevens die u van mij heeft (artikel "
          "15 AVG).", ("access",)),
    Asked("rectification", FIRST + 1, 4, "naam", "Mijn naam staat verkeerd gespeld bij jullie. Kunnen jullie dat "
          "aanpassen?", ("rectification",)),
    Asked("erasure", FIRST + 2, 6, "Verwijderverzoek", "Ik ben geen klant meer. Wilt u al mijn gegevens verwijderen?",
          ("erasure",)),
    Asked("erasure-held", HELD_CONTACT, 3, "weg ermee", "Haal mij uit jullie systeem, en wel meteen.", ("erasure",)),
    Asked("restriction", FIRST + 3, 2, "Mijn klacht", "Zolang mijn klacht loopt wil ik dat u niets met mijn gegevens "
          "doet.", ("restriction",)),
    Asked("no-marketing", FIRST + 4, 1, "stop", "Ik wil geen reclame en nieuwsbrieven meer van u.", ("objection",)),
    Asked("no-sharing", FIRST + 5, 7, "Delen", "Ik wil niet dat mijn gegevens met verwante bedrijven worden gedeeld.",
          ("objection",)),
    Asked("portability", FIRST + 6, 8, "Overstappen", "Ik wil mijn gegevens meenemen naar een andere aanbieder, graag "
          "in een machineleesbaar bestand.", ("portability",)),
    Asked("withdrawal", FIRST + 7, 9, "Nieuwsbrief", "Hierbij trek ik mijn toestemming voor de nieuwsbrief in.",
          ("withdrawal",)),
    Asked("scan", FIRST + 8, 3, "Inzage", "Graag inzage in mijn gegevens, een scan gaat hierbij.", ("access",)),
    Asked("overdue", FIRST + 9, 40, "Inzage in mijn gegevens", "Welke gegevens heeft u van mij? Ik hoor het graag.",
          ("access",)),
)  # fmt: skip

FORMS = (
    (10, ("objection",), "Ik wil me afmelden: stuur mij geen reclame en nieuwsbrieven meer."),
    (11, ("access",), "Kunt u mij laten weten welke gegevens u van mij heeft?"),
)
"""By the contact form: which contact after the first, which rights, which words."""


def mails(world: World, number: int) -> Iterator[Thing]:
    """One message for each right, and those that are something else; `number` is the first one's."""
    contacts = Crowd(world.seed, "contact", {HELD_CONTACT: canaries.HELD_CONTACT, WRITER: canaries.WRITER})
    sent = {}
    for asked in ASKED:
        mail = _mail(world, asked, contacts[asked.contact])
        if asked.name == "scan":
            mail.add_attachment(_scan(), maintype="image", subtype="jpeg", filename="scan0001.jpg")
            mail.set_boundary("==scan==")
        thing = sent[asked.name] = _thing(world, asked.days, number, mail.as_bytes())
        world.truth.ask(f"{_TARGET}#{thing.key}", "case", rights=asked.rights, name=asked.name, contact=asked.contact)
        canary = {WRITER: "writer", HELD_CONTACT: "held_contact"}.get(asked.contact)
        if canary:
            world.truth.place(canary, _TARGET, thing.key)
        yield thing
        number += 1
    for name, days, became, raw in _others(world, sent["erasure"].body):
        thing = _thing(world, days, number, raw)
        world.truth.ask(f"{_TARGET}#{thing.key}", became, rights=("access",) if became == "case" else (), name=name)
        yield thing
        number += 1


def _others(world: World, again: bytes) -> Iterator[tuple[str, int, str, bytes]]:
    """A client's customer, the same message once more, a machine, and somebody who means harm."""
    customer = Crowd(world.seed, "customer")[FIRST + KABELAAR]
    client = dict(CLIENTS)["kabelaar"].partition(" (")[0]
    words = f"Ik ben klant van {client} en wil inzage in de gegevens die over mij zijn genoteerd."
    yield "client", 1, "case", _mail(world, Asked("client", 0, 1, "Inzage", words), customer).as_bytes()
    yield "again", 4, "duplicate", again
    away = _mail(world, Asked("away", 0, 2, "Afwezig", "Ik ben er maandag weer."), customer)
    away["Auto-Submitted"] = "auto-replied"
    yield "away", 2, "automatic", away.as_bytes()
    yield "hostile", 1, "case", _hostile()


def _thing(world: World, days: int, number: int, raw: bytes) -> Thing:
    day = world.days_ago(days)
    key = f"inbox/date={day}/{number:05d}.eml"
    world.truth.see(_TARGET, key, Fate(day))
    return Thing(MAILBOX, key, raw)


def _mail(world: World, asked: Asked, person: Person) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f'"{person.name}" <{person.email}>'
    mail["To"] = "privacy@klantcontact.example"
    mail["Subject"] = asked.subject
    mail["Date"] = format_datetime(datetime.combine(world.days_ago(asked.days), time(9, 30), AMSTERDAM))
    mail["Message-ID"] = f"<{asked.name}.{asked.contact}@post.example>"
    mail.set_content(f"{asked.body}\n\n{_REACHED}\n{person.name}\n")
    return mail


def _scan() -> bytes:
    """A picture of nothing, large enough to be a document."""
    sink = io.BytesIO()
    Image.new("RGB", (640, 404), (228, 226, 219)).save(sink, "JPEG", quality=60)
    return sink.getvalue()


def _hostile() -> bytes:
    """Parts within parts, a character set that is none, a name that climbs, and an archive that swells."""
    swollen = io.BytesIO()
    with zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED) as archive:
        # a moment of its own: else two companies of one seed differ by the second in which they are made
        archive.writestr(zipfile.ZipInfo("nul.txt"), bytes(5_000_000), zipfile.ZIP_DEFLATED)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "root <root@kwaad.example>"
    mail["Subject"] = "Inzage in mijn gegevens"
    mail.set_content("Ik wil inzage in al mijn gegevens. Zie bijlage.")
    mail.add_attachment(swollen.getvalue(), maintype="application", subtype="zip", filename="../../../verzoek.jpg.exe")
    mail.set_boundary("==kwaad==")
    head, _, inner = mail.as_bytes().partition(b"\r\n\r\n")
    for depth in range(40):
        within = f"=={depth - 1}==" if depth else "==kwaad=="
        part = f'--=={depth}==\r\nContent-Type: multipart/mixed; boundary="{within}"\r\n\r\n'
        inner = part.encode() + inner + f"\r\n--=={depth}==--\r\n".encode()
    return head.replace(b'boundary="==kwaad=="', b'boundary="==39=="') + b"\r\n\r\n" + inner


# --- the vault --------------------------------------------------------------------------------------------------------


def things(world: World) -> Iterator[Thing]:
    """Files of closed cases, packages, letters and copies: both sides of each term. Noise: their key is gone."""
    for prefix, anchor in (("files/", "closed_on"), ("packages/", "made_on"), ("letters/", "made_on"),
                           ("quarantine/", "taken_on")):  # fmt: skip
        for number, day in enumerate(days(world, prefix), start=1):
            name = f"{prefix}{case_of(world, prefix, number)}" + ("" if prefix == "files/" else "/1")
            world.truth.see(f"{BUCKET}:{prefix}", name, Fate(day))
            said = {anchor: day.isoformat()} | ({"status": "closed"} if prefix == "files/" else {})
            yield Thing(BUCKET, name, world.random(name).randbytes(400), said)


def days(world: World, prefix: str) -> tuple[date, ...]:
    """Due today, not yet, and due before today."""
    around = window(f"{BUCKET}:{prefix}", world.today)
    return (*around.edges(), around.overdue(world.random(prefix), days=3))


def case_of(world: World, prefix: str, number: int) -> UUID:
    """The number of a case that was planted: the same each time for the same company."""
    return uuid5(_NAMES, f"{world.seed} {prefix} {number}")
