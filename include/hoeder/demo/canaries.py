"""Persons with values that occur nowhere else, so that one leaked value tells where it came from.

Each stands in the stores where the comment says; the numbers are those of `numbers.canary_…`.
"""

from datetime import date

from hoeder.demo.numbers import canary_bsn, canary_iban, canary_ip, canary_phone
from hoeder.demo.people import Person


def _canary(index: int, given: str, prefix: str | None, family: str, street: str, house: str, city: str) -> Person:
    return Person(
        given=given,
        prefix=prefix,
        family=family,
        email=f"{given}.{family}@kanarie.example".lower(),
        phone=canary_phone(index),
        street=street,
        house_number=house,
        postcode=f"{9971 + index} XQ",  # no other postcode has a Q
        city=city,
        province="Groningen",
        born_on=date(1961 + 3 * index, 1 + index % 12, 3 + 2 * index),
        iban=canary_iban(index),
    )


# Customer of Stroomwijs; overdue client notes under a legal hold.
HELD_CUSTOMER = _canary(0, "Wubbegien", "van der", "Kwartelbergh", "Zandlopershofje", "17", "Uithuizen")
# Contact of our own; overdue complaint and call note under a legal hold.
HELD_CONTACT = _canary(1, "Gosewien", None, "Hazelhoekstra", "Klokbekerpad", "3a", "Bedum")
# Ex-employee; everything overdue and under a legal hold.
HELD_EMPLOYEE = _canary(2, "Diederika", "ter", "Mollebeek", "Vuursteenwal", "88", "Delfzijl")
# Wrote twice through the contact form; one message overdue, one just not. Also named in somebody else's call note.
WRITER = _canary(3, "Ebelina", "van", "Zwaluwenborg", "Tureluurskade", "41", "Winsum")
# Complained for a neighbour: stands in the undeclared column alone.
NEIGHBOUR = _canary(4, "Fokelien", None, "Ypenstraater", "Ganzenveerslop", "9", "Appingedam")
# Contact message closed without a closing date.
FORGOTTEN = _canary(5, "Harmtje", "de", "Krommelinck", "Haspelaarsdreef", "112", "Loppersum")
# Applicant whose procedure ended long ago; personal details in the letter.
APPLICANT = _canary(6, "Ilpendius", None, "Roggeveldhuis", "Drogisterspoort", "5", "Ten Boer")
# Contact person of a supplier, relation over; also on an invoice.
SUPPLIER = _canary(7, "Jorritsje", "op ten", "Nachtegaele", "Wiekslagersgang", "27", "Zuidhorn")
# Works here: live account, identity copy, signed statement, absence.
EMPLOYEE = _canary(8, "Klaaskedina", None, "Pluvierstein", "Blauwverversrak", "60", "Leek")
# Visits the website and asks for access by mail: page views, search, cookie choice, access log, .eml.
VISITOR = _canary(9, "Lubbertus", "van", "Grutterswolde", "Kaardenbolring", "14", "Grijpskerk")
# Typed a BSN into the contact form.
BSN_LEAK = _canary(10, "Meindertien", None, "Scholeksteren", "Vlasbrakersteeg", "2", "Baflo")
# Customer of De Kabelaar, named in a note of Stroomwijs.
MISFILED = _canary(11, "Nantkolina", "van 't", "Wulpenhoven", "Turfstekersvaart", "73", "Ulrum")
# Deals with us for a client, visited the office, and agreed to hear of vacancies; all of it overdue.
OUTSIDER = _canary(12, "Oebeltje", "van der", "Paardenbloem", "Zeefmakersgilde", "31", "Middelstum")

BSN = {"held_employee": canary_bsn(0), "employee": canary_bsn(1), "bsn_leak": canary_bsn(2)}
VISITOR_IP = canary_ip(0)
VISITOR_ID = "v-7c0ffee7ca11ab1e"
CUSTOMER_NUMBERS = {"held_customer": "K9704131", "misfiled": "K9704188"}
LOGINS = {"employee": "kpluvierstein"}

PERSONS = {
    "held_customer": HELD_CUSTOMER,
    "held_contact": HELD_CONTACT,
    "held_employee": HELD_EMPLOYEE,
    "writer": WRITER,
    "neighbour": NEIGHBOUR,
    "forgotten": FORGOTTEN,
    "applicant": APPLICANT,
    "supplier": SUPPLIER,
    "employee": EMPLOYEE,
    "visitor": VISITOR,
    "bsn_leak": BSN_LEAK,
    "misfiled": MISFILED,
    "outsider": OUTSIDER,
}

_NAME = ("given", "family")
_REACH = (*_NAME, "email", "phone")
_ALL = (*_REACH, "street", "iban", "postcode")
_STORED = {
    "held_customer": _ALL,
    "held_contact": _REACH,
    "held_employee": _ALL,
    "writer": (*_REACH, "street"),
    "neighbour": ("email",),
    "forgotten": _REACH,
    "applicant": (*_REACH, "street"),
    "supplier": (*_REACH, "iban"),
    "employee": _ALL,
    "visitor": (*_REACH, "street"),
    "bsn_leak": (*_NAME, "email"),
    "misfiled": _ALL,
    "outsider": _REACH,
}
_MORE = {
    "held_customer": {"customer_number": CUSTOMER_NUMBERS["held_customer"]},
    "held_employee": {"bsn": BSN["held_employee"]},
    "employee": {"bsn": BSN["employee"], "login": LOGINS["employee"]},
    "visitor": {"ip": VISITOR_IP, "visitor_id": VISITOR_ID},
    "bsn_leak": {"bsn": BSN["bsn_leak"]},
    "misfiled": {"customer_number": CUSTOMER_NUMBERS["misfiled"]},
}


def values() -> dict[str, dict[str, str]]:
    """By canary: every distinctive value that the stores hold of them."""
    return {
        name: {part: str(getattr(PERSONS[name], part)) for part in parts} | _MORE.get(name, {})
        for name, parts in _STORED.items()
    }
