"""Values for the columns of a made-up Dutch company: people with what belongs to them, and things that resemble it.

All seeded, all invented; e-mail addresses lie in domains reserved for examples.
"""

# ruff: noqa: S311  # repeatable values, no secrets
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from random import Random
from typing import TypeVar

import column_words as words
from faker import Faker

T = TypeVar("T")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Somebody invented: what is asked for in one row belongs together."""

    first: str
    initials: str
    infix: str
    last: str
    woman: bool
    born: date
    street: str
    number: str
    postcode: str
    city: str
    mobile: str
    landline: str
    email: str
    iban: str
    bsn: str
    client: str
    staff: int
    login: str

    @property
    def surname(self) -> str:
        return f"{self.infix} {self.last}".strip()

    @property
    def full(self) -> str:
        return f"{self.first} {self.surname}"

    @property
    def formal(self) -> str:
        return f"{'mevr.' if self.woman else 'dhr.'} {self.surname[:1].upper()}{self.surname[1:]}"


@dataclass(frozen=True)
class Row:
    """What a column's value is made from: a source of chance, two people, and the number of the row."""

    rng: Random
    number: int
    one: Person
    two: Person

    def pick(self, *choices: T) -> T:
        return self.rng.choice(choices)


Maker = Callable[[Row], object]


@cache
def people(seed: int, count: int) -> tuple[Person, ...]:
    """Everybody the company knows; the same seed gives the same people."""
    rng, faker = Random(seed), Faker("nl_NL")
    faker.seed_instance(seed)
    return tuple(person(rng, faker) for _ in range(count))


def rows(seed: int, table: str, count: int, *, register: bool) -> Iterator[Row]:
    """Rows of one table. A register has everybody once, in order; elsewhere people come back, as customers do."""
    rng, known = Random(f"{seed} {table}"), people(seed, count)
    for number in range(1, count + 1):
        yield Row(rng, number, known[number - 1] if register else rng.choice(known), rng.choice(known))


def person(rng: Random, faker: Faker) -> Person:
    woman = rng.random() < 0.5
    if rng.random() < 0.3:
        first, infix, last = rng.choice(words.FIRST), "", rng.choice(words.LAST)
    else:
        first = faker.first_name_female() if woman else faker.first_name_male()
        infix, last = rng.choice(words.INFIXES), rng.choice(faker.last_name().split()[-1].split("-"))
        last = last[:1].upper() + last[1:]
    ascii_first, ascii_last = plain(first), plain(f"{infix}{last}")
    return Person(
        first=first,
        initials="".join(
            f"{letter}." for letter in first[0] + "".join(rng.sample("ABCEGHJMPSTW", rng.choice((0, 1, 1, 2))))
        ),
        infix=infix,
        last=last,
        woman=woman,
        born=date(1938, 1, 1) + timedelta(days=rng.randrange(365 * 68)),
        street=street(rng),
        number=f"{rng.randint(1, 260)}{rng.choice(('', '', '', '', 'a', ' bis', '-2'))}",
        postcode=f"{rng.randint(1011, 9999)}{rng.choice((' ', ' ', ''))}{code(rng, 'AA')}",
        city=faker.city() if rng.random() < 0.97 else rng.choice(words.CITIES_ABROAD),
        mobile=phone(rng, mobile=True),
        landline=phone(rng, mobile=False),
        email=f"{rng.choice((ascii_first, ascii_first[0]))}{rng.choice(('.', '', '_'))}{ascii_last}"
        f"{rng.choice(('', '', rng.randint(1, 99)))}@{rng.choice(words.MAIL)}",
        iban=iban(rng),
        bsn=bsn(rng),
        client=f"K-{rng.randint(100000, 999999)}",
        staff=rng.randint(10000, 99999),
        login=f"{ascii_first[0]}{ascii_last}"[:8] + rng.choice(("", "", str(rng.randint(1, 9)))),
    )


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha()) or "x"


def street(rng: Random) -> str:
    return rng.choice(words.STREET_STEMS) + rng.choice(words.STREET_ENDS)


def phone(rng: Random, *, mobile: bool) -> str:
    if mobile:
        digits = f"{rng.randint(10, 58)}{rng.randint(0, 999999):06}"
        return rng.choice(
            (f"06-{digits}", f"06{digits}", f"+316{digits}", f"06 {digits[:4]} {digits[4:]}", f"+31 6 {digits}")
        )
    area = rng.choice(("030", "020", "010", "070", "040", "0172", "0318", "0594", "0412"))
    digits = "".join(rng.choices("23456789", k=10 - len(area)))
    return rng.choice((f"{area}-{digits}", f"{area}{digits}", f"({area}) {digits}", f"+31{area[1:]}{digits}"))


def iban(rng: Random) -> str:
    bank, account = rng.choice(words.BANKS), f"{rng.randint(100000000, 999999999):010}"
    check = 98 - int("".join(str(int(letter, 36)) for letter in f"{bank}{account}NL00")) % 97
    text = f"NL{check:02}{bank}{account}"
    return text if rng.random() < 0.7 else " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def bsn(rng: Random) -> str:
    while True:
        digits = [rng.randint(0, 9) for _ in range(8)]
        check = sum(digit * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
        if check < 10 and any(digits[:2]):
            return "".join(map(str, [*digits, check]))


def luhn(rng: Random, start: str, length: int) -> str:
    """Digits that begin with `start` and pass the Luhn check, as card and IMEI numbers do."""
    body = start + "".join(rng.choices("0123456789", k=length - len(start) - 1))
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(body)))
    return body + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def ean(rng: Random, start: str = "871") -> int:
    body = start + "".join(rng.choices("0123456789", k=12 - len(start)))
    return int(body + str(-sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body)) % 10))


PLATES = ("AA-999-A", "A-999-AA", "99-AAA-9", "9-AAA-99", "AAA-99-A")


def plate(rng: Random, *, dashes: bool = True) -> str:
    text = code(rng, rng.choice(PLATES))
    return text if dashes else text.replace("-", "")


def code(rng: Random, pattern: str) -> str:
    """Each A of the pattern a consonant, each 9 a digit, the rest as it is."""
    choices = {"A": "BDFGHJKLNPRSTVXZ", "9": "0123456789"}
    return "".join(rng.choice(choices.get(mark, mark)) for mark in pattern)


def company(rng: Random) -> str:
    return f"{rng.choice(words.COMPANY_FIRST)} {rng.choice(words.COMPANY_LAST)}"


def product(rng: Random) -> str:
    return f"{rng.choice(words.PRODUCT_FIRST)} {rng.choice(words.PRODUCT_LAST)}"


def moment(row: Row, years: float = 3) -> datetime:
    return NOW - timedelta(seconds=row.rng.randrange(int(years * 365 * 86400)))


def day(row: Row, years: float = 3) -> date:
    return moment(row, years).date()


def note(row: Row) -> str:
    """A note in which people are named in most of the cases, as in a contact register."""
    one, two, rng = row.one, row.two, row.rng
    text = rng.choice(words.NOTES + words.ENGLISH_NOTES if rng.random() < 0.75 else words.EMPTY_NOTES)
    return text.format(
        full=one.full,
        formal=one.formal,
        first=one.first,
        other=two.full,
        phone=one.mobile,
        email=one.email,
        street=f"{one.street} {one.number}",
        city=one.city,
        iban=one.iban,
        client=one.client,
        born=one.born.strftime("%d-%m-%Y"),
        product=product(rng),
        order=rng.randint(200000000, 899999999),
    )


def description(row: Row) -> str:
    """A text about things: nobody is named in it."""
    rng = row.rng
    return rng.choice(words.DESCRIPTIONS).format(
        product=product(rng),
        number=rng.randint(2, 480),
        code=f"{rng.randint(100, 999)}-{rng.randint(10, 99)}",
        street=street(rng),
        month=rng.choice(("mei", "juni", "augustus", "maart")),
    )


def about_works(row: Row) -> str:
    return row.rng.choice(words.CAREFUL).format(
        street=street(row.rng), number=row.rng.randint(1, 40), km=row.rng.randint(1, 90)
    )


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def random_uuid(row: Row) -> uuid.UUID:
    return uuid.UUID(int=row.rng.getrandbits(128), version=4)


def browser(row: Row) -> str:
    system = row.pick("X11; Linux x86_64", "Windows NT 10.0; Win64", "iPhone; CPU iPhone OS 17_2")
    return f"Mozilla/5.0 ({system}) Rev/{row.rng.randint(90, 140)}.0"


def jpeg(row: Row) -> bytes:
    """The beginning of a photograph: as much as a scanner can know of an image without opening it."""
    return bytes.fromhex("ffd8ffe000104a46494600010101006000600000") + row.rng.randbytes(60) + bytes.fromhex("ffd9")
