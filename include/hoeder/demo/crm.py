"""The customer contact database: clients, their customers, our own contacts, and who said no to marketing."""

from collections.abc import Iterator
from datetime import timedelta

from hoeder.demo import campaigns, canaries, cases, contacts, notes
from hoeder.demo.names import CLIENTS
from hoeder.demo.notes import client_of
from hoeder.demo.people import Crowd
from hoeder.demo.places import FIRST, HELD_CONTACT, HELD_CUSTOMER, MISFILED, WRITER, any_contact
from hoeder.demo.terms import Fate, fates, window
from hoeder.demo.world import Row, Stream, World

_OPT_OUT = "crm.marketing_opt_out"
_CUSTOMER_NUMBERS = {
    HELD_CUSTOMER: canaries.CUSTOMER_NUMBERS["held_customer"],
    MISFILED: canaries.CUSTOMER_NUMBERS["misfiled"],
}


def streams(world: World) -> Iterator[Stream]:
    """Every table, parents first."""
    customers = Crowd(world.seed, "customer", {HELD_CUSTOMER: canaries.HELD_CUSTOMER, MISFILED: canaries.MISFILED})
    planted = {HELD_CONTACT: canaries.HELD_CONTACT, WRITER: canaries.WRITER} | campaigns.by_number(world)
    people = Crowd(world.seed, "contact", planted)
    yield Stream("client", "id, slug, name, contract_started_on, contract_ended_on", _clients(world))
    yield Stream(
        "customer",
        "id, client_id, customer_number, name, email, phone, street, house_number, postcode, city, born_on, iban, "
        "customer_since",
        _customers(world, customers),
    )
    yield Stream("contact", "id, name, email, phone, city, created_on", _contacts(world, people))
    yield from cases.streams(world, people)
    yield from notes.streams(world, people, customers)
    yield Stream(
        "marketing_opt_out",
        "id, contact_id, email, scope, opted_out_on, source, status, ended_on",
        campaigns.continued(world, _OPT_OUT, _opt_outs(world, people), campaigns.opt_outs(world)),
    )
    yield from contacts.streams(world, people)
    yield Stream("delivery", "id, contact_id, campaign, channel, email, phone, sent_at", campaigns.deliveries(world))
    yield Stream("bellijst_najaar", "id, naam, mobiel, mail, gebeld", _call_list(world, people))


def _clients(world: World) -> Iterator[Row]:
    """The contract with the last of them has ended."""
    for number, (slug, name) in enumerate(CLIENTS, start=1):
        ended = world.days_ago(240) if number == len(CLIENTS) else None
        yield number, slug, name, world.days_ago(700 + 411 * number), ended


def _customers(world: World, customers: Crowd) -> Iterator[Row]:
    random = world.random("crm.customer")
    world.truth.place("held_customer", "crm.customer", HELD_CUSTOMER)
    world.truth.place("misfiled", "crm.customer", MISFILED)
    for number in [*_CUSTOMER_NUMBERS, *range(FIRST, FIRST + world.customers)]:
        person = customers[number]
        chance = random.random()
        phone = person.phone if number < FIRST or chance < 0.9 else None
        yield (
            number, client_of(number), _CUSTOMER_NUMBERS.get(number) or f"K{1_000_000 + number}", person.name,
            person.email, phone, person.street, person.house_number, person.postcode, person.city, person.born_on,
            person.iban, world.days_ago(chance * 2_800),
        )  # fmt: skip


def _contacts(world: World, contacts: Crowd) -> Iterator[Row]:
    random = world.random("crm.contact")
    world.truth.place("held_contact", "crm.contact", HELD_CONTACT)
    world.truth.place("writer", "crm.contact", WRITER)
    for number in [HELD_CONTACT, WRITER, *range(FIRST, FIRST + world.contacts), *campaigns.by_number(world)]:
        person = contacts[number]
        chance = random.random()
        planted = number < FIRST or number >= FIRST + world.contacts
        phone = person.phone if planted or chance < 0.8 else None
        yield number, person.name, person.email, phone, person.city, world.days_ago(chance * 1_900)


def _call_list(world: World, contacts: Crowd) -> Iterator[Row]:
    """Made for one campaign and forgotten: policy does not know of it, and nothing says when it goes."""
    random = world.random("crm.bellijst_najaar")
    world.truth.find("no-retention", "crm", "bellijst_najaar")
    for number in range(1, world.some(0.02) + 1):
        person = contacts[any_contact(world, random)]
        yield number, person.name, person.phone, person.email, random.random() < 0.6


def _opt_outs(world: World, contacts: Crowd) -> Iterator[Row]:
    """Some only left an address, which may or may not be a contact's. Most stand for as long as we advertise."""
    random, truth = world.random(_OPT_OUT), world.truth
    sources = ("contactformulier", "telefoon", "afmeldlink", "brief")
    number = 0
    for fate in fates(_OPT_OUT, world.today, random, world.some(0.01), pending=0.85, missing=True):
        number += 1
        contact, chance = any_contact(world, random), random.random()
        truth.see(_OPT_OUT, number, fate)
        known = contact if chance < 0.7 else None
        scope = "marketing" if chance * 10 % 1 < 0.75 else "sharing"
        opted_out = min(fate.anchor or world.today, world.today) - timedelta(days=int(chance * 1_500))
        status = "standing" if fate.pending else "ended"
        yield number, known, contacts[contact].email, scope, opted_out, sources[int(chance * 4)], status, fate.anchor
    number += 1
    fate = Fate(window(_OPT_OUT, world.today).overdue(random))
    truth.see(_OPT_OUT, number, fate, held=True)
    truth.place("held_contact", _OPT_OUT, number)
    email = canaries.HELD_CONTACT.email
    yield number, HELD_CONTACT, email, "sharing", world.days_ago(900), "brief", "ended", fate.anchor
