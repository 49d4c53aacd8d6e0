"""Values for the tests of detection: made here, of nobody."""

import random
from collections.abc import Callable
from datetime import date

FIRST = (
    "Anouk", "Bram", "Daniel", "Esra", "Fenna", "Gijs", "Hafid", "Ilse", "Joris", "Kim", "Lotte", "Omar", "Roos",
    "Tess", "Wout", "Sanne", "Jeroen", "Pieter", "Fatima", "Wei",
)  # fmt: skip
LAST = (
    "Jansen", "de Vries", "van den Berg", "Bakker", "Visser", "Smit", "de Boer", "Kowalski", "El Amrani", "Okonkwo",
    "ter Horst", "Zijlstra", "Brands",
)  # fmt: skip
STREETS = (
    "Kerkstraat", "Dorpsstraat", "Julianalaan", "Stationsweg", "Prinsengracht", "Laan van Meerdervoort", "Beatrixplein",
)  # fmt: skip
TOWNS = (
    "Utrecht",
    "Groningen",
    "Zwolle",
    "Breda",
    "Den Haag",
    "Almere",
    "Hengelo",
    "Goes",
    "Tiel",
    "Leiden",
    "Urk",
    "Ede",
)
N = 300


def many(make: Callable[[random.Random], object]) -> list[object]:
    source = random.Random(20)
    return [make(source) for _ in range(N)]


def bsn(source: random.Random) -> str:
    while True:
        digits = [source.randint(0, 9) for _ in range(8)]
        check = sum((9 - i) * digit for i, digit in enumerate(digits)) % 11
        if check < 10 and any(digits):
            return "".join(map(str, [*digits, check]))


def iban(source: random.Random) -> str:
    account = f"{source.choice(['INGB', 'RABO', 'ABNA'])}{source.randrange(10**10):010d}"
    rest = int("".join(str(int(character, 36)) for character in f"{account}NL00")) % 97
    return f"NL{98 - rest:02d}{account}"


def person(source: random.Random) -> str:
    return f"{source.choice(FIRST)} {source.choice(LAST)}"


def mobile(source: random.Random) -> str:
    return f"06{source.choice('1234')}{source.randrange(10**7):07d}"


def day(first: int, last: int) -> Callable[[random.Random], str]:
    return lambda source: date(source.randint(first, last), source.randint(1, 12), source.randint(1, 28)).isoformat()


def number(low: int, high: int) -> Callable[[random.Random], int]:
    return lambda source: source.randint(low, high)


def one_of(*choices: str) -> Callable[[random.Random], str]:
    return lambda source: source.choice(choices)
