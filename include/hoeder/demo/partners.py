"""Suppliers, the people we know there, and their invoices."""

from collections.abc import Iterator

from hoeder.demo import canaries
from hoeder.demo.matters import Matter, Planted, Table, rows
from hoeder.demo.people import Crowd
from hoeder.demo.terms import Fate, fates, window
from hoeder.demo.world import Row, Stream, World

_TRADES = (
    "Schoonmaak",
    "Telefonie",
    "Kantoorinrichting",
    "Catering",
    "Beveiliging",
    "Drukwerk",
    "Uitzendbureau",
    "ICT-beheer",
)


def streams(world: World) -> Iterator[Stream]:
    """Every table, parents first."""
    crowd = Crowd(world.seed, "partner")
    yield Stream("supplier", "id, name, kvk_nummer, street, house_number, postcode, city", _suppliers(world, crowd))
    yield Stream(
        "contact_person",
        "id, supplier_id, name, email, phone, status, relation_ended_on",
        _contact_persons(world, crowd),
    )
    yield Stream(
        "agreement",
        "id, supplier_id, signed_by, started_on, status, ended_on",
        rows(world, _AGREEMENT, crowd, lambda random: 1 + int(random.random() * _count(world))),
    )
    yield Stream("invoice", "id, supplier_id, contact_person, iban, amount, invoice_date", _invoices(world, crowd))


def _count(world: World) -> int:
    return min(2_000, world.some(0.004, least=10))


def _suppliers(world: World, crowd: Crowd) -> Iterator[Row]:
    for number in range(1, _count(world) + 1):
        seat = crowd[1_000_000 + number]
        name = f"{seat.family} {_TRADES[number % len(_TRADES)]} (verzonnen)"
        # Chamber of Commerce numbers that begin with 000 are not in use.
        yield number, name, f"000{10_000 + number}", seat.street, seat.house_number, seat.postcode, seat.city


def _contact_persons(world: World, crowd: Crowd) -> Iterator[Row]:
    random, truth = world.random("partners.contact_person"), world.truth
    number = 0
    for fate in fates("partners.contact_person", world.today, random, _count(world) * 2, pending=0.6, missing=True):
        number += 1
        person = crowd[number]
        truth.see("partners.contact_person", number, fate)
        status = "active" if fate.pending else "ended"
        yield number, 1 + number % _count(world), person.name, person.email, person.phone, status, fate.anchor
    number += 1
    person, overdue = canaries.SUPPLIER, Fate(window("partners.contact_person", world.today).overdue(random))
    truth.see("partners.contact_person", number, overdue)
    truth.place("supplier", "partners.contact_person", number)
    yield number, 1, person.name, person.email, person.phone, "ended", overdue.anchor


def _agreement(of: Matter) -> Row:
    return of.whose, of.person.name, of.before(1_500), of.status("running", "ended"), of.fate.anchor


_AGREEMENT = Table(
    "partners.agreement", _agreement, 0.006, pending=0.4, missing=True, planted=(Planted("supplier", 1),)
)


def _invoices(world: World, crowd: Crowd) -> Iterator[Row]:
    random, truth = world.random("partners.invoice"), world.truth
    number = 0
    for fate in fates("partners.invoice", world.today, random, _count(world) * 15):
        number += 1
        supplier = 1 + number % _count(world)
        person = crowd[supplier - 1 + _count(world)]  # one of the two contact persons above
        truth.see("partners.invoice", number, fate)
        yield number, supplier, person.name, person.iban, round(40 + random.random() * 9_000, 2), fate.anchor
    number += 1
    person, overdue = canaries.SUPPLIER, Fate(window("partners.invoice", world.today).overdue(random))
    truth.see("partners.invoice", number, overdue)
    truth.place("supplier", "partners.invoice", number)
    yield number, 1, person.name, person.iban, 1_204.55, overdue.anchor
