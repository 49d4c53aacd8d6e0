"""Whether one whole value is an e-mail address, a phone number, an IBAN, a BSN…: shapes and check digits, no names."""

import ipaddress
import re
from collections.abc import Sequence
from datetime import date, timedelta

from stdnum import ean, iban, luhn
from stdnum.nl import bsn, postcode

from hoeder.detection.words import DESKS

EMAIL = re.compile(r"[A-Za-z0-9._%+'&-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}")
_MAILBOX = re.compile(r"[^<>@]{0,80}<([^<>]{3,254})>")
_BOX_PARTS = re.compile(r"[._+-]")
_BSN = re.compile(r"\d{8,9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. ]\d{3}[. ]\d{3}")
_PHONE_CHARACTERS = re.compile(r"(?:\+|00)?[\d\s().\-/]{6,24}")
_AROUND_PHONE = re.compile(
    r"^(?:tel|telefoon|mob|gsm|whatsapp|t|m)[.:]* *(?=[+0(])|[ ,]*(?:tst|toestel|ext|x|#)[.: ]*\d{1,5}$", re.IGNORECASE
)
_BETWEEN_PHONES = re.compile(r" / |[;,|]|(?<=\d{8})/(?=[0+])")
_ABROAD = re.compile(r"(?:\+|00)[1-9]\d{7,13}")
_DUTCH = re.compile(r"(?:\+31|0031|0)0?[1-9]\d{8}")
# The Dutch numbering plan: mobile, area codes of two and three digits, and business numbers; no local number starts
# with 0 or 1. Only this plan tells a bare 0201234567 apart from an order number with zeros in front.
_DUTCH_PLAN = re.compile(
    r"0(?:6[1-58]\d{7}"
    r"|(?:10|13|15|20|23|24|26|30|33|35|36|38|40|43|45|46|50|53|55|58|7[0-9])[2-9]\d{6}"
    r"|(?:1[1-8]|2[2-59]|3[1-4]|4[1-9]|5[1-9])\d[2-9]\d{5}"
    r"|8[58]\d{7})"
)
_MOBILE = re.compile(r"(?:\+?31|0031|0)?0?6[1-58]\d{7}")
_UNDIALLED = re.compile(r"31(?:6[1-58]\d{7}|[1-578]\d{8})|6[1-58]\d{7}")
"""Dutch numbers of which a spreadsheet or a column of numbers took the zero or the plus."""
_AMERICAN = re.compile(r"(?:\+?1[ .-]?)?\([2-9]\d\d\) ?[2-9]\d\d[ .-]\d{4}")
_LINE = re.compile(r"(?:(?:\+|00)31|0)(?:800|900|906|909|88)\d{4,7}|14\d{3,4}")
_BARE_ABROAD = 12
_PLATE = re.compile(
    r"(?=.*[A-Z])(?=.*\d)(?:[A-Z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2}|\d{2}-[A-Z]{2}-\d{2}|[A-Z]{2}-\d{2}-[A-Z]{2}"
    r"|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}|\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2}|[A-Z]{2}-\d{3}-[A-Z]"
    r"|[A-Z]-\d{3}-[A-Z]{2}|[A-Z]{3}-\d{2}-[A-Z]|[A-Z]-\d{2}-[A-Z]{3}|\d-[A-Z]{2}-\d{3}|\d{3}-[A-Z]{2}-\d)"
)
_BARE_PLATE = re.compile(
    r"[BDFGHJ-NPR-TVXZ]{2}\d{4}|\d{4}[BDFGHJ-NPR-TVXZ]{2}|\d{2}[BDFGHJ-NPR-TVXZ]{2}\d{2}|[BDFGHJ-NPR-TVXZ]{2}\d{2}[BDFGHJ-NPR-TVXZ]{2}|[BDFGHJ-NPR-TVXZ]{4}\d{2}|\d{2}[BDFGHJ-NPR-TVXZ]{4}|\d{2}[BDFGHJ-NPR-TVXZ]{3}\d"
    r"|\d[BDFGHJ-NPR-TVXZ]{3}\d{2}|[BDFGHJ-NPR-TVXZ]{2}\d{3}[BDFGHJ-NPR-TVXZ]|[BDFGHJ-NPR-TVXZ]\d{3}[BDFGHJ-NPR-TVXZ]{2}|[BDFGHJ-NPR-TVXZ]{3}\d{2}[BDFGHJ-NPR-TVXZ]|[BDFGHJ-NPR-TVXZ]\d{2}[BDFGHJ-NPR-TVXZ]{3}|\d[BDFGHJ-NPR-TVXZ]{2}\d{3}"
    r"|\d{3}[BDFGHJ-NPR-TVXZ]{2}\d"
)
_POSTCODE = re.compile(r"[1-9]\d{3} ?[A-Za-z]{2}")
_CARD = re.compile(
    r"4\d{15}|4\d{12}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:7|011)\d{12,14}"
)
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}")
_DOCUMENT = re.compile(r"[A-NP-Z]{2}[A-NP-Z0-9]{6}\d")
_MRZ = re.compile(r"[A-Z0-9<]+")
_ISO_DAY = re.compile(r"(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:[T ].*)?")
_MONTHS = (
    "jan", "feb", "maa|mrt|mar", "apr", "mei|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "dec",
)  # fmt: skip
_WORDED_DAY = re.compile(rf"(\d{{1,2}})[ -]({'|'.join(_MONTHS)})[a-z]*\.?[ -](\d{{4}}|\d{{2}})", re.IGNORECASE)
_DUTCH_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_PIVOT = 27
"""Two digits of a year from which it is one of the last century."""


def is_email(value: str) -> bool:
    """A mail address of somebody; `info@`, `noreply@` and the like belong to nobody."""
    box = mailbox(value)
    return box is not None and not _is_functional(box)


def is_email_at_all(value: str) -> bool:
    """A mail address of somebody or of a desk."""
    return mailbox(value) is not None


def is_functional_email(value: str) -> bool:
    """A mail address of a desk: `facturen@`, `planning.utrecht@`."""
    box = mailbox(value)
    return box is not None and _is_functional(box)


def mailbox(value: str) -> str | None:
    """What stands before the @ of a mail address, in lower case."""
    value = _MAILBOX.sub(r"\1", value.strip()).removeprefix("mailto:")
    return value.split("@")[0].lower() if len(value) <= 254 and EMAIL.fullmatch(value) else None


def _is_functional(box: str) -> bool:
    parts = _BOX_PARTS.split(box)
    return box in DESKS or parts[0] in DESKS or parts[-1] in DESKS


def is_phone(value: str) -> bool:
    """A phone number that can be nothing else: `+31…`, `0031…`, written in groups, or bare within the Dutch plan.

    A label before it and an extension behind it are allowed, and a second number behind a slash.
    """
    value = _AROUND_PHONE.sub("", value.strip().strip("{}'"))
    several = _BETWEEN_PHONES.split(value)
    if len(several) > 1:
        return len(several) <= 4 and all(map(is_phone, several))
    if _PHONE_CHARACTERS.fullmatch(value) is None:
        return False
    if _AMERICAN.fullmatch(value):
        return True
    digits = re.sub(r"[\s().\-/]", "", value.replace("(0)", ""))
    if value.startswith(("+", "00")):
        if digits == value and value.startswith("00") and len(digits) < _BARE_ABROAD:
            return False  # a number with zeros in front
        return (_DUTCH if digits.startswith(("+31", "0031")) else _ABROAD).fullmatch(digits) is not None
    if digits == value:
        return _DUTCH_PLAN.fullmatch(digits) is not None
    groups = [part for part in re.split(r"[\s().\-/]+", value) if part]
    return _DUTCH.fullmatch(digits) is not None and 2 <= len(groups) <= 5 and 2 <= len(groups[0]) <= 4


def is_mobile(value: str) -> bool:
    """A Dutch number of a mobile phone, with or without the zero or country code before it."""
    return _MOBILE.fullmatch(re.sub(r"[\s().\-/]", "", value.replace("(0)", ""))) is not None


def is_line(value: str) -> bool:
    """A number that only organisations have in the Dutch plan: 0800, 0900, 088, 14 and three or four digits."""
    return _LINE.fullmatch(re.sub(r"[\s().\-/]", "", value.replace("(0)", ""))) is not None


def are_undialled(values: Sequence[str]) -> bool:
    """Whether nearly all are Dutch numbers without what is dialled first, and not counted up from one of them."""
    right = [value for value in values if _UNDIALLED.fullmatch(value)]
    return len(values) >= 10 and len(right) >= 0.95 * len(values) and len({value[:5] for value in right}) >= 20


def looks_like_phone(value: str) -> bool:
    """Digits and separators of a phone number's length, anywhere in the world: proof of nothing by itself."""
    digits = re.sub(r"\D", "", value)
    return _PHONE_CHARACTERS.fullmatch(value.strip()) is not None and 7 <= len(digits) <= 15


def is_iban(value: str) -> bool:
    """An IBAN with right check digits and its country's own."""
    return 15 <= len(value) <= 42 and re.match(r"\s*[A-Za-z]{2}\d{2}", value) is not None and iban.is_valid(value)


def is_bsn(value: str) -> bool:
    """Eight or nine digits that pass the elfproef. One number in eleven does by chance: judge many, not one."""
    return _BSN.fullmatch(value.strip()) is not None and bsn.is_valid(value)


def has_bsn_shape(value: str) -> bool:
    """Written as a BSN can be written, whatever its check digit."""
    return _BSN.fullmatch(value.strip()) is not None


def is_postcode(value: str) -> bool:
    """A Dutch postcode: four digits and two letters."""
    return _POSTCODE.fullmatch(value.strip()) is not None and postcode.is_valid(value)


def is_ip(value: str) -> bool:
    """An IPv4 or IPv6 address, with or without the prefix length that PostgreSQL's `inet` writes."""
    if not 2 <= len(value) <= 60 or ("." not in value and ":" not in value):
        return False
    try:
        ipaddress.ip_address(value.strip().removesuffix("/32").removesuffix("/128"))
    except ValueError:
        return False
    return True


def is_plate(value: str) -> bool:
    """A Dutch licence plate with its dashes."""
    return _PLATE.fullmatch(value.strip().upper()) is not None


def is_bare_plate(value: str) -> bool:
    """The same without dashes, as `TX512B`; some other codes are written so too."""
    value = value.strip()
    return _BARE_PLATE.fullmatch(value) is not None and any(c.isdigit() for c in value) and not value.isdigit()


def is_card(value: str) -> bool:
    """A payment card's number: its length, a range of the great schemes, and the Luhn digit."""
    digits = value.replace(" ", "").replace("-", "")
    return _CARD.fullmatch(digits) is not None and luhn.is_valid(digits)


def is_imei(value: str) -> bool:
    """Fifteen digits with a right Luhn digit, as a telephone's serial number has."""
    digits = value.strip().replace("-", "").replace(" ", "")
    return len(digits) == 15 and digits.isascii() and digits.isdigit() and luhn.is_valid(digits)


def is_meter_ean(value: str) -> bool:
    """The EAN of an electricity or gas connection: 18 digits of a Dutch grid operator (GS1 8716, 8717), check digit."""
    digits = value.strip()
    return (
        len(digits) == 18
        and digits.startswith(("8716", "8717"))
        and digits.isdecimal()
        and (ean.calc_check_digit(digits[:-1]) == digits[-1])
    )


def is_mac(value: str) -> bool:
    """The hardware address of a network card."""
    return _MAC.fullmatch(value.strip()) is not None


def is_identity_document(value: str) -> bool:
    """The number of a Dutch passport or identity card: two letters, six letters or digits but no O, a digit."""
    return _DOCUMENT.fullmatch(value.strip()) is not None


def is_mrz(value: str) -> bool:
    """A machine-readable line of a passport or identity card."""
    value = value.strip()
    return len(value) in (30, 36, 44, 72, 88, 90) and value.count("<") >= 2 and _MRZ.fullmatch(value) is not None


def day_of(value: str) -> date | None:
    """The day in `1959-08-01`, `19590801`, `1-8-1959`, `1 aug 1959` or a timestamp; None where there is none."""
    value = value.strip()
    if len(value) > 40:
        return None
    iso, dutch, worded = _ISO_DAY.fullmatch(value), _DUTCH_DAY.fullmatch(value), _WORDED_DAY.fullmatch(value)
    parts: tuple[str | int, ...] | None = iso.groups() if iso else dutch.groups()[::-1] if dutch else None
    if worded:
        spoken = worded[2].lower()
        parts = (worded[3], next(n for n, forms in enumerate(_MONTHS, 1) if spoken in forms.split("|")), worded[1])
    if parts is None:
        return None
    year, month, day = map(int, parts)
    if len(str(parts[0])) == 2:
        year += 1900 if year >= _PIVOT else 2000
    if dutch and month > 12:  # as Americans write it
        month, day = day, month
    try:
        return date(year, month, day)
    except ValueError:
        return None


def odd_days(values: Sequence[str]) -> list[date]:
    """Days of one of the other notations, if nine tenths are in it: `31121984`, `311284`, `12-1984`, days since 1900
    (as spreadsheets count), seconds or milliseconds since 1970. Only a name can tell that they are days."""
    for notation in (_DAY_FIRST, _SHORT_DAY, _MONTH):
        days = [day for value in values if (match := notation.fullmatch(value)) and (day := _of_parts(match.groups()))]
        if len(days) >= 0.9 * len(values):
            return days
    if all(_WHOLE.fullmatch(value) for value in values):
        numbers = sorted(map(int, values))
        low, high = numbers[len(numbers) // 20], numbers[-1 - len(numbers) // 20]
        for start, unit, least, most in _COUNTED:
            if low >= least and high <= most and high - low >= (most - least) // 20:
                return [start + timedelta(seconds=n * unit) for n in numbers if least <= n <= most]
    return []


def are_day_first(values: Sequence[str]) -> bool:
    """Whether all are eight digits that make a day, `31121984`; of ten by chance they never are."""
    found = [match for value in values if (match := _DAY_FIRST.fullmatch(value)) and _of_parts(match.groups())]
    return len(values) >= 10 and len(found) == len(values)


_DAY_FIRST = re.compile(r"(\d\d)(\d\d)((?:19|20)\d\d)")
_SHORT_DAY = re.compile(r"(\d\d)[-/.]?(\d\d)[-/.]?(\d\d)")
_MONTH = re.compile(r"()(\d{1,2})[-/]((?:19|20)\d\d)")
_WHOLE = re.compile(r"-?\d{4,14}")
_COUNTED = (
    (date(1899, 12, 30), 86_400, 4_000, 44_000),
    (date(1970, 1, 1), 1, -2_000_000_000, 1_600_000_000),
    (date(1970, 1, 1), 0.001, -2_000_000_000_000, 1_600_000_000_000),
)


def _of_parts(parts: tuple[str, ...]) -> date | None:
    day, month, year = int(parts[0] or 1), int(parts[1]), int(parts[2])
    if len(parts[2]) == 2:
        year += 1900 if year >= _PIVOT else 2000
    try:
        return date(year, month, day)
    except ValueError:
        return None


def are_birth_dates(days: list[date]) -> bool:
    """Whether days are spread over decades as birth dates are, and no event dates of a running company.

    A few odd days are forgiven; fewer than ten days say nothing.
    """
    years = sorted(day.year for day in days)
    if len(years) < 10:
        return False
    low, high, last = years[len(years) // 10], years[-1 - len(years) // 10], years[-1 - len(years) // 50]
    return 1905 <= low <= 1988 and high <= 2014 and high - low >= 15 and last <= 2025
