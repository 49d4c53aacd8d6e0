"""What people brought to us themselves: messages through the contact form, and complaints."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from hoeder.demo import canaries, requests
from hoeder.demo.people import Crowd
from hoeder.demo.places import FIRST, HELD_CONTACT, any_contact
from hoeder.demo.terms import Fate, fates, window
from hoeder.demo.texts import Writer
from hoeder.demo.world import Row, Stream, World

_MESSAGE, _COMPLAINT = "crm.contact_message", "crm.complaint"


def streams(world: World, contacts: Crowd) -> Iterator[Stream]:
    yield Stream("contact_message", "id, name, email, body, status, received_on, closed_on", _messages(world, contacts))
    yield Stream(
        "complaint",
        "id, contact_id, subject, body, cause, status, received_on, closed_on, reply_to",
        _complaints(world, contacts),
    )


def _messages(world: World, contacts: Crowd) -> Iterator[Row]:
    random, truth = world.random(_MESSAGE), world.truth
    writer = Writer(random, contacts, world.persons)
    number = 0
    for fate in fates(_MESSAGE, world.today, random, world.some(0.15), pending=0.15, missing=True):
        number += 1
        person = contacts[any_contact(world, random)]
        truth.see(_MESSAGE, number, fate)
        status = "closed" if not fate.pending else "open" if random.random() < 0.4 else "answered"
        yield number, person.name, person.email, writer.message(person), status, *_case(world, random, fate, days=21)

    for offset, rights, body in requests.FORMS:
        number += 1
        person = contacts[FIRST + offset]
        truth.see(_MESSAGE, number, Fate(None, pending=True))
        truth.ask(f"{_MESSAGE}#{number}", "case", rights=rights, contact=FIRST + offset)
        yield number, person.name, person.email, body, "open", world.days_ago(offset % 9), None

    for canary, fate, body in _planted_messages(world, random):
        number += 1
        person = canaries.PERSONS[canary]
        truth.see(_MESSAGE, number, fate)
        truth.place(canary, _MESSAGE, number)
        status = "open" if fate.pending else "closed"
        yield number, person.name, person.email, body, status, *_case(world, random, fate, days=21)
    truth.anomalies["bsn_in_message"] = number
    truth.find("national-id", "crm", "contact_message", "body")


def _planted_messages(world: World, random: Random) -> Iterator[tuple[str, Fate, str]]:
    """The one with the BSN comes last."""
    around = window(_MESSAGE, world.today)
    writer, forgotten, leak = canaries.WRITER, canaries.FORGOTTEN, canaries.BSN_LEAK
    home = f"{writer.street} {writer.house_number}"
    yield "writer", Fate(around.overdue(random)), f"Bel mij op {writer.phone}, ik woon op {home}."
    yield "writer", Fate(around.recent(random, world.today)), f"Nog steeds niets gehoord!! {writer.name}"
    yield "forgotten", Fate(None), f"Mijn nummer is {forgotten.phone}. Gr. {forgotten.name}"
    bsn = canaries.BSN["bsn_leak"]
    yield "bsn_leak", Fate(None, pending=True), f"Hier mijn gegevens, bsn {bsn}. Groet {leak.name}"


def _complaints(world: World, contacts: Crowd) -> Iterator[Row]:
    random, truth = world.random(_COMPLAINT), world.truth
    writer = Writer(random, contacts, world.persons)
    number = 0
    for fate in fates(_COMPLAINT, world.today, random, world.some(0.05), pending=0.12, missing=True):
        number += 1
        contact = any_contact(world, random)
        person = contacts[contact]
        subject, cause, body = writer.complaint(person)
        truth.see(_COMPLAINT, number, fate)
        reply_to = person.email if random.random() < 0.4 else None
        yield number, contact, subject, body, *_outcome(world, random, fate, cause), reply_to

    held = canaries.HELD_CONTACT
    overdue = Fate(window(_COMPLAINT, world.today).overdue(random))
    for body in (f"Niemand belt terug op {held.phone}. {held.name}", f"Zie eerdere klacht, mail naar {held.email}"):
        number += 1
        truth.see(_COMPLAINT, number, overdue, held=True)
        truth.place("held_contact", _COMPLAINT, number)
        yield number, HELD_CONTACT, "Niet teruggebeld", body, *_outcome(world, random, overdue, "wachttijd"), None

    number += 1
    still_open = Fate(None, pending=True)
    truth.see(_COMPLAINT, number, still_open)
    truth.place("neighbour", _COMPLAINT, number)
    truth.anomalies["undeclared_column"] = "crm.complaint.reply_to"
    truth.find("undeclared", "crm", "complaint", "reply_to")
    yield (
        number, any_contact(world, random), "Namens mijn buurvrouw", "Zij heeft geen computer, antwoord kan naar mij.",
        *_outcome(world, random, still_open, ""), canaries.NEIGHBOUR.email,
    )  # fmt: skip


def _outcome(world: World, random: Random, fate: Fate, cause: str) -> tuple[str | None, str, date, date | None]:
    """Cause, status and dates of a complaint; the cause is known once it is closed."""
    known, status = (None, "open") if fate.pending else (cause, "closed")
    return known, status, *_case(world, random, fate, days=60)


def _case(world: World, random: Random, fate: Fate, *, days: int) -> tuple[date, date | None]:
    """When a case came in, less than `days` before its end, and when it was closed."""
    end = fate.anchor or world.today
    return end - timedelta(days=int(random.random() * days)), fate.anchor
