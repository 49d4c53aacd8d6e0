"""What is looked for in text. The names are what `hoeder redact` prints."""

from enum import IntEnum


class Entity(IntEnum):
    """A kind of personal data in text."""

    PERSON = 1
    STREET = 2
    POSTCODE = 3
    CITY = 4
    PHONE = 5
    EMAIL = 6
    IBAN = 7
    BSN = 8
    DOB = 9
    PLATE = 10
    CLIENT = 11
    DOCNR = 12
    IP = 13
    HEALTH = 14


class Reason(IntEnum):
    """Why a span was taken for personal data."""

    CONTEXT = 1
    """What it looks like and the words around it."""
    FORM = 2
    """Its form alone."""
    RECORD = 3
    """It stands in the record of the person that the text belongs to."""
