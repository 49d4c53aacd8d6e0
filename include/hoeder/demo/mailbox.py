"""The privacy mailbox: requests as people mail them, one file a message."""

from collections.abc import Iterator
from datetime import date, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from random import Random

from hoeder.clock import AMSTERDAM
from hoeder.demo import canaries, documents, requests
from hoeder.demo.objects import Thing
from hoeder.demo.people import Crowd, Person
from hoeder.demo.staff import Employee
from hoeder.demo.terms import Fate, window
from hoeder.demo.world import World

BUCKET = "mailbox"
_TARGET = "mailbox:inbox/"
_REQUESTS = (
    ("Inzage in mijn gegevens", "Beste, graag ontvang ik een overzicht van alle gegevens die u van mij heeft."),
    ("Verwijderverzoek AVG", "Hallo, wilt u al mijn gegevens verwijderen? Ik ben geen klant meer."),
    ("adres klopt niet", "goedemiddag, mijn adres staat verkeerd bij jullie. kunnen jullie dat aanpassen?"),
    ("Bezwaar tegen reclame", "Ik maak bezwaar tegen het gebruik van mijn gegevens voor reclame. Graag bevestiging."),
    (
        "Kopie van mijn gespreksnotities",
        "Ik wil graag de notities ontvangen van mijn gesprekken met de klantenservice.",
    ),
    ("Gegevens meenemen", "Graag ontvang ik mijn gegevens in een bestand dat ik aan een ander kan geven."),
    ("Beperking", "Zolang mijn klacht loopt wil ik dat u niets met mijn gegevens doet."),
)


def things(world: World) -> Iterator[Thing]:
    """Requests of the last year, some of years ago, and both sides of the term."""
    random = world.random("mailbox")
    crowd = Crowd(world.seed, "contact")
    around = window(_TARGET, world.today)
    days = [*around.edges(), around.overdue(random)]
    days += [world.days_ago(1 + random.random() * 380) for _ in range(min(37, 5 + world.persons // 300))]
    for number, day in enumerate(days, start=1):
        person = crowd[10 + int(random.random() * 1_000)]
        subject, body = _REQUESTS[number % len(_REQUESTS)]
        yield _thing(world, day, number, _mail(random, day, number, person, subject, body))
    number = len(days) + 1
    day = world.days_ago(6)
    about = canaries.VISITOR
    body = f"Graag inzage. Ik woon {about.street} {about.house_number}, bel mij op {about.phone}."
    thing = _thing(world, day, number, _mail(random, day, number, about, "Inzageverzoek", body))
    world.truth.place("visitor", _TARGET, thing.key)
    yield thing
    yield from requests.mails(world, number + 1)
    yield from documents.closed_files(world, BUCKET, "supervisors/", "Brief van een toezichthouder (verzonnen)")


def _thing(world: World, day: date, number: int, mail: EmailMessage) -> Thing:
    key = f"inbox/date={day}/{number:05d}.eml"
    world.truth.see(_TARGET, key, Fate(day))
    return Thing(BUCKET, key, mail.as_bytes())


def _mail(random: Random, day: date, number: int, person: Person, subject: str, body: str) -> EmailMessage:
    """Every fifth sender adds a copy of an identity card, as the statement asks."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f'"{person.name}" <{person.email}>'
    mail["To"] = "privacy@klantcontact.example"
    mail["Subject"] = subject
    moment = datetime.combine(day, time(8 + int(random.random() * 14), int(random.random() * 60)), AMSTERDAM)
    mail["Date"] = format_datetime(moment)
    mail["Message-ID"] = f"<{number:05d}.{day:%Y%m%d}@post.example>"
    mail.set_content(f"{body}\n\nMet vriendelijke groet,\n{person.name}\n{person.postcode} {person.city}\n")
    if number % 5 == 0:
        card = Employee(number, person, "XXXXXXXXX", "", person.born_on, gone=False, left_on=None)
        mail.add_attachment(
            documents.identity_copy(card, "JPEG"), maintype="image", subtype="jpeg", filename="kopie-id.jpg"
        )
        mail.set_boundary(f"=={number:05d}{day:%Y%m%d}==")
    return mail
