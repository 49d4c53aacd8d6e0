"""Shares of a column's distinct values that pass each test: what the values of a column look like."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import Any

from hoeder.detection import places, validators
from hoeder.detection.lexicon import ailments, ordinary
from hoeder.detection.people import NOBODY, People, is_named, people
from hoeder.detection.words import (
    AILMENTS,
    ALLERGENS,
    BELIEFS,
    GENDER_PAIRS,
    GENDERS,
    JOB_WORDS,
    LANGUAGES,
    MARITAL,
    NATIONALITIES,
    PARTIES,
    UNIONS,
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
    (Kind.INTEGER, r"u?int\d*$|integer|bigint|smallint|serial|bigserial|oid$|(numeric|decimal\d*)\(\d+(, ?0)?\)$"),
    (Kind.DECIMAL, r"numeric|decimal|double|float|real|money|halffloat"),
    (Kind.DATE, r"date(?!range)|timestamp"),
    (Kind.TIME, r"time|interval|duration"),
    (Kind.UUID, r"uuid"),
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_MIXED = re.compile(r"[A-Z]{2}(?=.{0,5}\d)(?=.{0,5}[A-Z]).{7}")
_AGENT = re.compile(r"Mozilla/\d|Dalvik/|okhttp/|curl/|[A-Za-z]+/\d+(\.\d+)+ \(")
_PROFILE = re.compile(
    r"(?:https?://)?(?:[a-z]+\.)?(?:linkedin|facebook|instagram|twitter|x|tiktok|xing)\.com/[\w./@%-]+"
)
_ENTRY = re.compile(r"CN=([^,]{2,60}),.*", re.IGNORECASE)
"""A directory's entry: `CN=Jan Smit,OU=Users,DC=…`."""
_HOST = re.compile(r"(?:[a-z0-9-]{1,40}\.){1,5}[a-z][a-z0-9-]{1,20}|[a-z]{2,12}-(?:[a-z0-9]{1,20}-){0,3}\d{1,4}")
_PRIVATE = re.compile(r"10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|127\.|f[cd][0-9a-f]{2}:|fe80:", re.IGNORECASE)
_DOSE = re.compile(r"[a-zé -]{4,40} \d{1,4}(?:[.,]\d+)? ?(?:mg|mcg|µg|ie)\b.*", re.IGNORECASE)
_BLOOD = re.compile(r"(?:A|B|AB|O|0) ?(?:rh)? ?(?:[+-]|pos|neg)\w*", re.IGNORECASE)
_COOKIE = re.compile(r"GA\d\.\d(?:\.[A-Z0-9-]+)?\.\d{6,}\.\d{10}|fb\.\d\.\d{10,}\.\w{6,}")
_HIDDEN_CARD = re.compile(r"(?=.*[*xX•#])(?:\d{4}|[*xX•#]{4})(?:[ -]?[\d*xX•#]{4}){2}[ -]?\d{4}")
_LOGIN = re.compile(r"[a-z]{4,12}\d{0,3}")
_HEX = re.compile(r"(?:0x|\\x)?[0-9a-fA-F-]{16,}|\$2[aby]\$\d\d\$.{50,}|\$argon2.+")


@dataclass(frozen=True)
class Measured:
    """Shares, between 0 and 1, of the distinct values."""

    kind: Kind
    count: int
    email: float = 0
    desk_email: float = 0
    """Mail addresses of desks: `info@`, `planning.utrecht@`."""
    named_email: float = 0
    """Mail addresses with a name before the @."""
    phone: float = 0
    phone_like: float = 0
    iban: float = 0
    card: float = 0
    hidden_card: float = 0
    """Card numbers of which some digits are stars."""
    imei: float = 0
    meter: float = 0
    """EAN codes by which a home's electricity or gas meter is known in the Netherlands."""
    mac: float = 0
    bsn: float = 0
    bsn_shape: float = 0
    document: float = 0
    document_mixed: float = 0
    """Identity documents with letters and digits mixed, which codes with a fixed beginning do not have."""
    mrz: float = 0
    postcode: float = 0
    ip: float = 0
    ip_private: float = 0
    """Of networks of one's own (RFC 1918)."""
    plate: float = 0
    bare_plate: float = 0
    births: float = 0
    """1 where days are spread as births are."""
    line: float = 0
    """Phone numbers that only organisations have, or all of one block of a thousand."""
    mobile: float = 0
    odd_days: float = 0
    """Days between 1900 and 2020 in a notation that only a name can tell from a number."""
    past_days: float = 0
    """Days between 1900 and 2020."""
    years: float = 0
    """Whole numbers between 1900 and 2020."""
    ages: float = 0
    """Whole numbers up to 120."""
    address: float = 0
    postal_line: float = 0
    """A postcode and a town."""
    people: People = NOBODY
    company: float = 0
    town: float = 0
    city_abroad: float = 0
    country: float = 0
    job: float = 0
    gender: float = 0
    """1 where two or more genders and little else are there."""
    marital: float = 0
    nationality: float = 0
    spoken: float = 0
    """Names of languages."""
    belief: float = 0
    union: float = 0
    """Trade unions."""
    party: float = 0
    """Political parties."""
    health: float = 0
    agent: float = 0
    cookie: float = 0
    """What the makers of measuring software put into cookies."""
    profile: float = 0
    """Addresses of profiles on social media."""
    hashed: float = 0
    logins: float = 0
    """One short lower-case word that no dictionary has, with digits at its end or none."""
    host: float = 0
    """Names of machines: `web1.shop.example`, `srv-db-04`."""
    dutch_degrees: float = 0
    """Degrees between the borders of the Netherlands."""
    micro_degrees: float = 0
    """The same as whole numbers, in millionths or ten-millionths."""
    degrees: float = 0
    """Numbers that can be a latitude or longitude, to at least ten metres."""
    on_map: float = 0
    """Latitude and longitude together."""
    letters: float = 0
    """Values with letters and without digits."""
    worded_number: float = 0
    """Values of several words of which one has digits, as addresses have everywhere."""
    short: float = 0
    """Values of at most 20 characters."""
    words: float = 0
    """Words of the median value."""

    @property
    def coded(self) -> bool:
        """Numbers or short codes with digits, as keys are."""
        if self.kind is not Kind.TEXT or self.hashed > 0.9:
            return self.kind in (Kind.INTEGER, Kind.UUID, Kind.TEXT) and self.count > 2
        return self.count > 2 and self.words == 1 and self.letters < 0.1 and self.short >= 0.9

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


def measure(kind: Kind, distinct: Sequence[str]) -> Measured:
    """Run the tests that a kind of column allows."""
    if not distinct or kind in (Kind.BOOLEAN, Kind.BYTES):
        return Measured(kind, len(distinct))
    share = _Share(distinct)
    days = [day for value in distinct if (day := validators.day_of(value))] if kind in _WITH_DAYS else []
    if not days and kind is Kind.TEXT and validators.are_day_first(distinct):
        days = validators.odd_days(distinct)
    odd = validators.odd_days(distinct) if kind in _WITH_DAYS and len(days) < 0.5 * len(distinct) else []
    common = Measured(
        kind,
        len(distinct),
        odd_days=sum(1900 <= day.year <= 2020 for day in odd) / len(distinct),
        past_days=sum(1900 <= day.year <= 2020 for day in days) / len(distinct),
        births=float(len(days) >= 0.9 * len(distinct) and validators.are_birth_dates(days)),
        short=share(lambda v: len(v) <= 20),
    )
    if kind is Kind.INTEGER:
        return replace(common, **_numbers(share), short=1.0, micro_degrees=share(_is_micro_degree))
    if kind is Kind.DECIMAL:
        return replace(common, degrees=share(places.is_degree), dutch_degrees=share(places.is_dutch_degree))
    if kind is not Kind.TEXT:
        return common
    words = median(value.count(" ") + 1 for value in distinct)
    digits = _Share([value for value in distinct if _DIGIT.search(value)], of=len(distinct))
    plain = _Share([value for value in distinct if not _DIGIT.search(value)], of=len(distinct))
    spoken = _spoken(plain)
    spoken["health"] += digits(lambda v: _DOSE.fullmatch(v) is not None)
    return replace(
        common, **_numbers(digits), **_codes(digits), **spoken, words=words,
        **_emails(_Share([v for v in distinct if "@" in v], of=len(distinct))),
        agent=digits(lambda v: _AGENT.match(v) is not None), profile=share(lambda v: _PROFILE.fullmatch(v) is not None),
        cookie=digits(lambda v: _COOKIE.fullmatch(v) is not None),
        hashed=share(lambda v: _HEX.fullmatch(v) is not None),
        logins=share(_is_login), host=share(lambda v: _HOST.fullmatch(v) is not None), address=share(places.is_address),
        postal_line=digits(places.is_postal_line),
        people=people([_ENTRY.sub(r"\1", v) for v in distinct]) if words < 8 else NOBODY,
        company=share(places.is_company),
        town=plain(places.is_town), city_abroad=plain(places.is_city_abroad), country=plain(places.is_country),
        worded_number=digits(lambda v: " " in v and any(c.isalpha() for c in v)),
        letters=plain(lambda v: any(c.isalpha() for c in v)), degrees=digits(places.is_degree),
        dutch_degrees=digits(places.is_dutch_degree),
        on_map=1.0 if places.are_geohashes(distinct) else share(places.is_on_map),
    )  # fmt: skip


_FEW_BOXES = (3, 12)
"""Mailboxes of one's own are a few; of as few customers' ones hardly any is called after a thing."""
_WITH_DAYS = (Kind.DATE, Kind.TEXT, Kind.INTEGER)


_FIRST = 40
"""Values tried first. Where none passes, a tenth of the column hardly can, and no share below that is asked for."""


class _Share:
    """The share of values for which a test holds; of all values, where only those that could pass are given."""

    def __init__(self, values: Sequence[str], of: int | None = None) -> None:
        self.values, self.of = values, of or len(values)
        self.some = values[:: max(1, len(values) // _FIRST)] if len(values) > 2 * _FIRST else ()

    def __call__(self, test: Callable[[str], bool]) -> float:
        if not self.values or (self.some and not any(map(test, self.some))):
            return 0.0
        return sum(map(test, self.values)) / self.of


def _numbers(share: _Share) -> dict[str, Any]:
    """Tests of values that may be digits alone."""
    numbers = _Share([v for v in share.values if 6 <= len(v) <= 24 and not v.isalpha()], of=share.of)
    phone = numbers(validators.is_phone)
    if not phone and len(numbers.values) >= 0.9 * numbers.of and validators.are_undialled(numbers.values):
        phone = len(numbers.values) / numbers.of
    telephones = phone >= 0.3
    return {
        "line": _lines(numbers) if telephones else 0.0, "mobile": numbers(validators.is_mobile) if telephones else 0.0,
        "bsn": numbers(validators.is_bsn), "bsn_shape": numbers(validators.has_bsn_shape),
        "phone_like": numbers(validators.looks_like_phone), "phone": phone,
        "card": numbers(validators.is_card),
        "hidden_card": share(lambda v: _HIDDEN_CARD.fullmatch(v) is not None),
        "imei": numbers(validators.is_imei), "meter": numbers(validators.is_meter_ean),
        "years": share(lambda v: len(v) == 4 and v.isdigit() and 1900 <= int(v) <= 2020),
        "ages": share(lambda v: len(v) <= 3 and v.isdecimal() and int(v) <= 120),
    }  # fmt: skip


def _emails(share: _Share) -> dict[str, Any]:
    few = _FEW_BOXES[0] <= len(share.values) <= _FEW_BOXES[1]
    desk = share(_is_of_desk if few else validators.is_functional_email)
    return {
        "email": share(validators.is_email_at_all) - desk, "desk_email": desk,
        "named_email": share(lambda v: (box := validators.mailbox(v)) is not None and is_named(box)),
    }  # fmt: skip


def _is_of_desk(value: str) -> bool:
    """One of a few boxes that are called after a thing or a deed: `deals@`, `verhuizen@`."""
    box = validators.mailbox(value)
    return validators.is_functional_email(value) or (box is not None and ordinary(box) and not is_named(box))


def _lines(numbers: _Share) -> float:
    """Numbers of organisations; a few that differ in their last three digits only are one organisation's too."""
    stems = {re.sub(r"\D", "", value)[:-3] for value in numbers.values}
    return 1.0 if len(stems) == 1 and len(numbers.values) > 1 else numbers(validators.is_line)


def _is_micro_degree(value: str) -> bool:
    return any(
        50.7 <= (degree := int(value) / unit) <= 53.7 or 3.3 <= degree <= 7.3
        for unit in (1e6, 1e7)
        if value.isdecimal() and 7 <= len(value) <= 9
    )


def _codes(share: _Share) -> dict[str, Any]:
    """Tests of short values of letters and digits."""
    short = _Share([v for v in share.values if 2 <= len(v) <= 42], of=share.of)
    return {
        "iban": short(validators.is_iban), "postcode": short(validators.is_postcode),
        "plate": short(validators.is_plate),
        "bare_plate": short(validators.is_bare_plate), "mac": short(validators.is_mac),
        "ip": short(validators.is_ip) if _spread_octets(short.values) else 0.0,
        "ip_private": short(lambda v: _PRIVATE.match(v) is not None),
        "document": short(validators.is_identity_document),
        "document_mixed": 0.0 if _begin_alike(short.values) else short(_is_mixed_document),
        "mrz": share(validators.is_mrz),
    }  # fmt: skip


def _is_mixed_document(value: str) -> bool:
    return validators.is_identity_document(value) and _MIXED.match(value[:9]) is not None


def _begin_alike(values: Sequence[str]) -> bool:
    """Whether codes have a fixed beginning, as keys of things have: `VHE100200`."""
    begun = Counter(value[:3] for value in values)
    return len(values) > 4 and begun.most_common(1)[0][1] >= 0.8 * len(values)


def _spread_octets(values: Sequence[str]) -> bool:
    """Versions such as 1.9.0.4 are valid addresses too; their numbers stay small."""
    v4 = [value.split("/")[0].split(".") for value in values if value.count(".") == 3]
    large = sum(any(part.isdigit() and int(part) > 63 for part in parts) for parts in v4)
    return large >= 0.5 * len(v4)


def _spoken(share: _Share) -> dict[str, Any]:
    """Tests against short lists of words."""
    brief = [v.strip().lower() for v in share.values if len(v) <= 60]
    lower = _Share(brief, of=share.of)
    present = set(brief)
    pair = any(present.issuperset(pair.split()) for pair in GENDER_PAIRS) and share.of <= 8
    return {
        "job": lower(_is_job), "gender": float(pair and present <= GENDERS and len(brief) == share.of),
        "marital": lower(lambda v: not MARITAL.isdisjoint(re.split(r"[ /-]", v))),
        "nationality": lower(NATIONALITIES.__contains__), "spoken": lower(LANGUAGES.__contains__),
        "belief": lower(BELIEFS.__contains__), "party": lower(PARTIES.__contains__),
        "union": lower(UNIONS.__contains__),
        "health": _ailing(brief) / share.of if share.of else 0.0,
    }  # fmt: skip


def _is_login(value: str) -> bool:
    return _LOGIN.fullmatch(value) is not None and not ordinary(value)


def _is_job(value: str) -> bool:
    return any(word.strip(".,()").endswith(_JOBS) for word in value.replace("/", " ").split())


def _ailing(values: Sequence[str]) -> int:
    """Values that speak of an ailment or are a blood group; most columns have none of the words anywhere."""
    everything = "\n".join(values)
    known = ailments()
    said = [ailment for ailment in AILMENTS if ailment in everything]
    return sum(
        any(word in value if len(word) > 4 else word in value.split() for word in said)
        or not known.isdisjoint(value.replace(",", " ").split())
        or value in ALLERGENS
        or _BLOOD.fullmatch(value) is not None
        for value in values
    )


_JOBS = tuple(JOB_WORDS)
