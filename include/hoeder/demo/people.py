"""People, computed from their number: the same crowd, seed and number always give the same person."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from hoeder.demo.names import FAMILY, GIVEN, MAIL_DOMAINS, STREETS, TOWNS
from hoeder.demo.numbers import iban

_LETTERS = "ABCDEGHJKLMNPRSTVWXZ"
_MASK = (1 << 64) - 1
_YOUNGEST = date(2007, 12, 31).toordinal()


class Person(NamedTuple):
    """What the stores may know of someone. `phone` is ten digits."""

    given: str
    prefix: str | None
    family: str
    email: str
    phone: str
    street: str
    house_number: str
    postcode: str
    city: str
    province: str
    born_on: date
    iban: str

    @property
    def name(self) -> str:
        return f"{self.given} {self.prefix} {self.family}" if self.prefix else f"{self.given} {self.family}"

    @property
    def surname(self) -> str:
        return f"{self.prefix} {self.family}" if self.prefix else self.family


def mix(number: int) -> int:
    """64 well-spread bits from any number (the finaliser of SplitMix64, Steele e.a. 2014)."""
    number = (number + 0x9E3779B97F4A7C15) & _MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)


class Crowd:
    """Everyone of one kind, by number. Nobody is kept in memory; `planted` people take the place of those numbers."""

    def __init__(self, seed: int, kind: str, planted: Mapping[int, Person] | None = None) -> None:
        self._salt = mix(seed * 1_000_003 + int.from_bytes(kind.encode()) % _MASK)
        self._planted = planted or {}

    def __getitem__(self, number: int) -> Person:
        return self._planted.get(number) or _person(
            mix(self._salt + 2 * number), mix(self._salt + 2 * number + 1), number
        )

    def name(self, number: int) -> str:
        return self[number].name


_PLAIN = str.maketrans("öüışçłńś", "ouisclns")


def _person(first: int, second: int, number: int) -> Person:
    """`first` and `second` are 64 random bits each, used up from the right."""
    first, pick = divmod(first, len(GIVEN))
    given = GIVEN[pick]
    first, pick = divmod(first, len(FAMILY))
    prefix, family = FAMILY[pick]
    first, pick = divmod(first, len(TOWNS))
    city, digits, province = TOWNS[pick]
    first, pick = divmod(first, len(STREETS))
    street = STREETS[pick]
    first, house = divmod(first, 240)
    first, letters = divmod(first, 400)
    first, domain = divmod(first, len(MAIL_DOMAINS))
    second, phone = divmod(second, 900_000)
    second, age = divmod(second, 23_000)
    second, account = divmod(second, 8_000_000_000)
    local = f"{given}.{family}".lower().translate(_PLAIN)
    return Person(
        given=given,
        prefix=prefix,
        family=family,
        email=f"{local}{number % 1000}@{MAIL_DOMAINS[domain]}",
        phone=f"0600{100_000 + phone}",
        street=street,
        house_number=f"{house + 1}{'abc'[first % 3] if first % 11 == 0 else ''}",
        postcode=f"{digits + house % 40} {_LETTERS[letters // 20]}{_LETTERS[letters % 20]}",
        city=city,
        province=province,
        born_on=date.fromordinal(_YOUNGEST - age),
        iban=iban(account),
    )
