"""Shares of a column's distinct values that pass each test, and whether they have the shape that a category needs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from hoeder.detection import validators
from hoeder.detection.words import (
    COMPANY_WORDS,
    FIRST_NAMES,
    JOB_WORDS,
    NAME_PARTICLES,
    STREET_ENDINGS,
    SURNAMES,
    TOWNS,
)


class Kind(StrEnum):
    """What a column's type lets it hold."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    BYTES = "bytes"
    UUID = "uuid"
    TEXT = "text"


_KINDS = (
    (Kind.BOOLEAN, r"bool"),
    (Kind.BYTES, r"bytea|(large_)?binary|blob|fixed_size_binary"),
    (Kind.INTEGER, r"u?int\d*$|integer|bigint|smallint|serial|bigserial|(numeric|decimal\d*)\(\d+(, ?0)?\)$"),
    (Kind.DECIMAL, r"numeric|decimal|double|float|real|money|halffloat"),
    (Kind.DATE, r"date|timestamp"),
    (Kind.TIME, r"time|interval|duration"),
    (Kind.UUID, r"uuid"),
)  # fmt: skip
_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.-]*")


@dataclass(frozen=True)
class Measured:
    """Shares, between 0 and 1, of the distinct values."""

    kind: Kind
    count: int
    email: float = 0
    phone: float = 0
    phone_like: float = 0
    iban: float = 0
    bsn: float = 0
    bsn_shape: float = 0
    postcode: float = 0
    ip: float = 0
    plate: float = 0
    births: float = 0
    """1 where days are spread as births are."""
    past_days: float = 0
    """Days between 1900 and 2020."""
    address: float = 0
    person: float = 0
    """0 unless frequent names or particles are among them; then the share that is written like a name."""
    person_category: str = "user.name"
    person_lower: float = 0
    """The same where everything is written without capitals, as ordinary words are too."""
    name_shape: float = 0
    company: float = 0
    town: float = 0
    job: float = 0
    letters: float = 0
    """Values with letters and without digits."""
    worded_number: float = 0
    """Values of several words of which one has digits, as addresses have everywhere."""
    short: float = 0
    """Values of at most 20 characters."""

    def say(self, test: str, share: float) -> str:
        """`e-mail 98 % of 412 distinct values`."""
        return f"{test} {percent(share)} of {self.count} distinct values"


def percent(share: float) -> str:
    """A share for a reader: whole per cents, tenths below ten."""
    return f"{share:.0%}".replace("%", " %") if share >= 0.1 else f"{share:.1%}".replace("%", " %")


def kind_of(type: str) -> Kind:
    """The kind behind PostgreSQL's or Arrow's name of a type. Arrays, structures and JSON count as text."""
    if "[" in type.replace("timestamp[", "").replace("time64[", "").replace("duration[", "") or type.startswith(
        ("list", "struct")
    ):
        return Kind.TEXT
    return next((kind for kind, pattern in _KINDS if re.match(pattern, type.lower())), Kind.TEXT)


def measure(kind: Kind, distinct: list[str]) -> Measured:
    """Run the tests that a kind of column allows."""
    if not distinct:
        return Measured(kind, 0)
    share = _Share(distinct)
    days = [day for value in distinct if (day := validators.day_of(value))] if kind in (Kind.DATE, Kind.TEXT) else []
    common = Measured(
        kind,
        len(distinct),
        past_days=sum(1900 <= day.year <= 2020 for day in days) / len(distinct),
        births=float(len(days) >= 0.9 * len(distinct) and validators.are_birth_dates(days)),
    )
    if kind is Kind.INTEGER:
        return _with(common, bsn=share(validators.is_bsn), bsn_shape=share(validators.has_bsn_shape),
                     phone_like=share(validators.looks_like_phone), short=1)  # fmt: skip
    if kind is not Kind.TEXT:
        return common
    person, category = _people(distinct)
    return _with(
        common,
        email=share(validators.is_email),
        phone=share(validators.is_phone), phone_like=share(validators.looks_like_phone),
        iban=share(validators.is_iban), bsn=share(validators.is_bsn), bsn_shape=share(validators.has_bsn_shape),
        postcode=share(validators.is_postcode), ip=share(validators.is_ip), plate=share(validators.is_plate),
        address=share(_is_address), person=person, person_category=category,
        person_lower=0 if person else _people([v.title() if v.islower() else "" for v in distinct])[0],
        name_shape=share(_is_name_shaped),
        company=share(_is_company), town=share(_is_town), job=share(_is_job),
        worded_number=share(_is_worded_number),
        letters=share(lambda v: any(c.isalpha() for c in v) and not any(c.isdigit() for c in v)),
        short=share(lambda v: len(v) <= 20),
    )  # fmt: skip


class _Share:
    """The share of values for which a test holds."""

    def __init__(self, values: list[str]) -> None:
        self.values = values

    def __call__(self, test: Callable[[str], bool]) -> float:
        return sum(map(test, self.values)) / len(self.values)


def _with(measured: Measured, **shares: float | str) -> Measured:
    return replace(measured, **shares)  # type: ignore[arg-type]  # names of fields, checked by every test


def _people(distinct: list[str]) -> tuple[float, str]:
    """Share written like a name, and the finest category; 0 where no frequent name speaks for people at all."""
    shaped = [value for value in distinct if _is_name_shaped(value)]
    if not shaped:
        return 0, "user.name"
    words = [[word.lower().strip(".,") for word in _WORD.findall(value)] for value in shaped]
    first = sum(w[0] in FIRST_NAMES for w in words) / len(words)
    last = sum(any(word in SURNAMES for word in w) for w in words) / len(words)
    particles = sum(len(w) > 1 and not NAME_PARTICLES.isdisjoint(w[:-1]) for w in words) / len(words)
    alone = sum(len(w) == 1 for w in words) / len(words)
    if max(first, last) < 0.12 and not (particles >= 0.08 and first + last >= 0.04):
        return 0, "user.name"
    if alone > 0.5 and first >= last:
        category = "user.name.first"
    else:
        category = "user.name.last" if first < 0.05 and last > first else "user.name"
    return len(shaped) / len(distinct), category


def _is_name_shaped(value: str) -> bool:
    words = value.replace(",", " ").split()
    if not 1 <= len(words) <= 6 or len(value) > 50 or _is_company(value):
        return False
    if any(word.lower().endswith(STREET_ENDINGS[:9]) and len(word) > 6 for word in words):
        return False
    return all(
        _WORD.fullmatch(word) and (word[0].isupper() or word.lower() in NAME_PARTICLES or word.startswith("'"))
        for word in words
    )


def _is_address(value: str) -> bool:
    """A street with a house number behind it, or a street alone by its ending."""
    match = re.fullmatch(r"(?P<street>[^\d]{3,40}?)\s*(?P<number>\d{1,5}\s?[-/]?\s?[A-Za-z0-9]{0,4})?", value.strip())
    if match is None:
        return False
    last = match["street"].rstrip(" ,").rpartition(" ")[2].lower()
    known = last.endswith(STREET_ENDINGS) and len(last) > 3
    spoken = (
        re.match(r"(?:[A-Z]\S+ )?(?:van|de|den|der|aan|op) |(?:Laan|Weg|Plein|Kade|Hof) ", match["street"]) is not None
    )
    return known or (spoken and match["number"] is not None)


def _is_worded_number(value: str) -> bool:
    return len(value.split()) > 1 and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _is_company(value: str) -> bool:
    return not COMPANY_WORDS.isdisjoint(value.lower().split())


def _is_town(value: str) -> bool:
    return value.strip().lower().replace(" ", "-") in TOWNS


def _is_job(value: str) -> bool:
    return any(word.strip(".,").lower().endswith(tuple(JOB_WORDS)) for word in value.split())
