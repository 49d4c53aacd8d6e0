"""What agents wrote: notes of calls to our own customer service, and of calls handled for clients."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from hoeder.clock import AMSTERDAM
from hoeder.demo import canaries
from hoeder.demo.people import Crowd
from hoeder.demo.places import (
    FIRST,
    HELD_CONTACT,
    HELD_CUSTOMER,
    KABELAAR,
    MISFILED,
    STROOMWIJS,
    TUINKAMER,
    any_contact,
    moment,
)
from hoeder.demo.terms import Fate, fates, window
from hoeder.demo.texts import CHANNELS, Writer
from hoeder.demo.world import Row, Stream, World

_CAUSES = ("rekening", "rekening", "wachttijd", "wachttijd", "levering", "bejegening")
_CALL, _CLIENT = "crm.call_note", "crm.client_note"
# What should not stand in a note: an illness, and the number that a card brand gives out for tests.
_TOO_MUCH = (
    ("health", "Kl kan niet langskomen, zit sinds beroerte in een rolstoel. Dochter regelt de post"),
    ("payment-card", "Wil per creditcard betalen: 4111 1111 1111 1111, geldig tm 04/28. Niet opgeslagen in kassa"),
)
_SHARES = (1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 6)


def streams(world: World, contacts: Crowd, customers: Crowd) -> Iterator[Stream]:
    yield Stream(
        "call_note",
        "id, contact_id, reason, channel, duration_s, body, noted_on, last_contact_on",
        _call_notes(world, contacts),
    )
    yield Stream(
        "client_note",
        "id, client_id, customer_id, reason, cause, body, noted_on",
        _client_notes(world, customers),
    )


def client_of(customer: int) -> int:
    """Whose customer someone is."""
    planted = {HELD_CUSTOMER: STROOMWIJS, MISFILED: KABELAAR}
    return planted.get(customer) or _SHARES[customer * 7919 % 1009 % len(_SHARES)]


def _call_notes(world: World, contacts: Crowd) -> Iterator[Row]:
    random, truth = world.random(_CALL), world.truth
    writer = Writer(random, contacts, world.persons)
    number = 0
    for fate in fates(_CALL, world.today, random, world.some(0.6), missing=True):
        number += 1
        contact = any_contact(world, random)
        reason, body = writer.note(contacts[contact])
        truth.see(_CALL, number, fate)
        yield number, contact, reason, *_call(world, random, fate, body)

    held, writes = canaries.HELD_CONTACT, canaries.WRITER
    around = window(_CALL, world.today)
    planted = (
        (HELD_CONTACT, "held_contact", f"{held.name} wil teamleider spreken, {held.phone}"),
        (HELD_CONTACT, "held_contact", f"Mw {held.family} belt weer, zie klacht"),
        (FIRST, "writer", f"Kl belt namens schoonzus {writes.name}, {writes.street} {writes.house_number}"),
    )
    for contact, canary, body in planted:
        number += 1
        fate = Fate(around.overdue(random))
        truth.see(_CALL, number, fate, held=contact == HELD_CONTACT)
        truth.place(canary, _CALL, number)
        yield number, contact, "klacht", *_call(world, random, fate, body)
    for kind, body in _TOO_MUCH:
        number += 1
        fate = Fate(around.recent(random, world.today))
        truth.see(_CALL, number, fate)
        truth.find(kind, "crm", "call_note", "body")
        yield number, FIRST + 1, "betaling", *_call(world, random, fate, body)


def _call(world: World, random: Random, fate: Fate, body: str) -> tuple[str, int, str, datetime, date | None]:
    """Channel, duration, text, when noted, and the last contact: three in ten people called back within days."""
    chance = random.random()
    last = fate.anchor or world.days_ago(chance * 900)
    noted = moment(last - timedelta(days=int(chance * 30) if chance < 0.3 else 0), chance)
    channel = CHANNELS[int(chance * 97) % len(CHANNELS)]
    return channel, 20 + int(chance * chance * 1_700), body, noted, fate.anchor


def _client_notes(world: World, customers: Crowd) -> Iterator[Row]:
    random, truth = world.random(_CLIENT), world.truth
    writer = Writer(random, customers, world.persons)
    around = window(_CLIENT, world.today)
    number = 0
    for noted in _moments(world, random):
        number += 1
        customer = FIRST + int(random.random() * world.customers)
        reason, body = writer.note(customers[customer])
        truth.see(_CLIENT, number, Fate(noted.date()), returned=client_of(customer) == TUINKAMER)
        yield number, client_of(customer), customer, reason, _cause(reason, number), body, noted

    held, misfiled = canaries.HELD_CUSTOMER, canaries.MISFILED
    for body in (
        f"{held.name} betwist de eindafrekening, rek {held.iban}",
        f"Terugbelverzoek {held.phone}. Adres {held.street} {held.house_number}",
        f"Stukken ontvangen van mw {held.family}, doorgestuurd naar juridische zaken",
    ):
        number += 1
        noted = moment(around.overdue(random), random.random())
        truth.see(_CLIENT, number, Fate(noted.date()), held=True)
        truth.place("held_customer", _CLIENT, number)
        yield number, STROOMWIJS, HELD_CUSTOMER, "klacht", "rekening", body, noted

    own, others = (
        next(n for n in range(FIRST, FIRST + world.customers) if client_of(n) == client)
        for client in (STROOMWIJS, KABELAAR)
    )
    number += 1
    noted = moment(around.recent(random, world.today), random.random())
    truth.see(_CLIENT, number, Fate(noted.date()))
    yield number, STROOMWIJS, own, "storing", None, f"Buurman heeft het ook, klantnr K{1_000_000 + others}", noted

    number += 1
    noted = moment(around.recent(random, world.today), random.random())
    truth.see(_CLIENT, number, Fate(noted.date()))
    truth.anomalies["apart"] = [
        ("named-in-note", "crm", "client_note", "stroomwijs", 2), ("rows-crossed", "crm", "client_note", "", 1),
        ("stray-object", "returns", "", "tuinkamer", 2),
    ]  # fmt: skip
    truth.place("misfiled", _CLIENT, number)
    truth.anomalies["wrong_client_note"] = number
    truth.find("client-mixed", "crm", "client_note", "client_id")
    known_as = canaries.CUSTOMER_NUMBERS["misfiled"]
    body = f"Storing bij {misfiled.name}, klantnr {known_as}, {misfiled.street}. Modem vervangen"
    yield number, STROOMWIJS, MISFILED, "storing", None, body, noted


def _cause(reason: str, number: int) -> str | None:
    """What a complaint came from, as the agent chose it from a list; other contacts have none."""
    return _CAUSES[number * 7919 % len(_CAUSES)] if reason == "klacht" else None


def _moments(world: World, random: Random) -> Iterator[datetime]:
    """When clients' notes were made. The first two are ten minutes on either side of a midnight in Amsterdam."""
    for number, fate in enumerate(fates(_CLIENT, world.today, random, world.some(0.8))):
        day = fate.anchor or world.today  # a note always has its day
        if number == 0:
            yield datetime(day.year, day.month, day.day, 23, 50, tzinfo=AMSTERDAM)
        elif number == 1:
            yield datetime(day.year, day.month, day.day, 0, 10, tzinfo=AMSTERDAM)
        else:
            yield moment(day, random.random())
