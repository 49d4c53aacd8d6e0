"""Whether one value is an address, a town, a country or a company."""

import re
from collections import Counter
from collections.abc import Sequence

from hoeder.detection.lexicon import cities_abroad, countries, fold, towns
from hoeder.detection.words import COMPANY_ENDINGS, COMPANY_WORDS, STREET_ENDINGS

_STREET_AND_NUMBER = re.compile(
    r"(?P<street>[^\d,]{3,40}?)[ ,]*(?P<number>\d{1,5} ?[-/]? ?(?:bis|hs|[A-Za-z0-9]{0,4}))?(?:[,;] ?.{4,60})?"
)
_NUMBER_FIRST = re.compile(r"\d{1,5}[a-zA-Z]? (?P<street>[^\d]{3,40})(?:,.*)?")
_POSTAL_LINE = re.compile(r"[1-9]\d{3} ?[A-Za-z]{2}[ ,]{1,3}[^\W\d_][^\d]{1,40}")
_BOX = re.compile(r"(?:postbus|antwoordnummer|p\.? ?o\.? box) \d{1,6}.*", re.IGNORECASE)
_SPOKEN = re.compile(r"(?:[A-Z]\S+ )?(?:van|de|den|der|aan|op|het|'t) |(?:Laan|Weg|Plein|Kade|Hof|Achter|Op) ")
_ENDINGS_ABROAD = ("allee", "platz", "gasse", "rue", "str", "st", "rd", "ave", "dr", "way", "place", "drive", "court")


def is_address(value: str) -> bool:
    """A street with a house number behind or before it, a street alone by its ending, or a post box."""
    value = value.strip()
    if not 3 < len(value) <= 110:
        return False
    match = _STREET_AND_NUMBER.fullmatch(value)
    if match is not None:
        street, number = match["street"].rstrip(" ,"), match["number"]
        last = street.rpartition(" ")[2].lower()
        return (last.endswith(STREET_ENDINGS) and len(last) > 3) or (
            number is not None and (_SPOKEN.match(street) is not None or street.lower().startswith(("rue ", "via ")))
        )
    first = _NUMBER_FIRST.fullmatch(value)
    if first is not None:
        last = first["street"].strip(" .").rpartition(" ")[2].lower()
        return last.endswith(STREET_ENDINGS) or last in _ENDINGS_ABROAD or first["street"].lower().startswith("rue ")
    return _BOX.fullmatch(value) is not None


def is_postal_line(value: str) -> bool:
    """The last line of an address: a Dutch postcode and a town."""
    return _POSTAL_LINE.fullmatch(value) is not None


def is_town(value: str) -> bool:
    """A town or village of the Netherlands or Flanders."""
    return len(value) <= 40 and fold(value.strip()) in towns()


def is_city_abroad(value: str) -> bool:
    """A capital, or a town of a neighbour."""
    return len(value) <= 40 and fold(value.strip()) in cities_abroad()


def is_country(value: str) -> bool:
    """A country by its name in Dutch or English, or its code."""
    return len(value) <= 60 and fold(value.strip()) in countries()


def is_company(value: str) -> bool:
    """A name with a legal form or another word that companies bear."""
    if len(value) > 100:
        return False
    said = value.lower().replace(",", " ").split()
    return not COMPANY_WORDS.isdisjoint(said) or any(word.endswith(COMPANY_ENDINGS) for word in said)


_DEGREE = r"-?\d{1,3}[.]\d{4,15}"
_ON_MAP = re.compile(
    rf"(?:SRID=\d+; ?)?[^\d-]{{0,60}}({_DEGREE})[^\d.-]{{1,12}}({_DEGREE})(?:[^\d].{{0,20}})?", re.DOTALL
)
"""Two degrees and what notations put around them: `POINT(…)`, `geo:…`, `{"lat": …}`, the address of a map."""
_MINUTES = r"""\d{1,3}° ?\d{1,2}['’′] ?[\d.,]{1,8}(?:["”″]|'') ?"""
_DMS = re.compile(rf"{_MINUTES}[NSZ][, ]{{1,2}}{_MINUTES}[EWO]")
_PLUS_CODE = re.compile(r"[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?: .{2,40})?")
_THREE_WORDS = re.compile(r"///[^\W\d_]+(?:[.・][^\W\d_]+){2}")
_GEOHASH = re.compile(r"[0-9b-hjkmnp-z]{5,12}")


def is_degree(value: str) -> bool:
    """A latitude or longitude of four decimals or more, which is ten metres."""
    value = value.replace(",", ".")
    return re.fullmatch(_DEGREE, value) is not None and abs(float(value)) <= 180


def is_dutch_degree(value: str) -> bool:
    """A degree between the borders of the Netherlands."""
    return is_degree(value) and (50.7 <= (degree := float(value.replace(",", "."))) <= 53.7 or 3.3 <= degree <= 7.3)


def are_geohashes(values: Sequence[str]) -> bool:
    """Whether all are geohashes, and near each other: they lack four letters and begin alike."""
    if len(values) < 5 or not all(_GEOHASH.fullmatch(value) for value in values):
        return False
    mixed = sum(not value[2:].isdigit() and not value.isalpha() for value in values)
    letters = sum(letter.isalpha() for value in values for letter in value) / sum(map(len, values))
    if letters < 0.4:  # of the 32 signs 22 are letters
        return False
    begun = Counter(value[0] for value in values).most_common(1)[0][1]
    return mixed >= 0.6 * len(values) and begun >= 0.9 * len(values) and len({value[:4] for value in values}) > 1


def is_on_map(value: str) -> bool:
    """A latitude and a longitude, in either order and in any notation; a plus code; three words."""
    if _PLUS_CODE.fullmatch(value) or _THREE_WORDS.fullmatch(value) or _DMS.fullmatch(value):
        return True
    pair = _ON_MAP.fullmatch(value)
    return pair is not None and max(abs(float(pair[1])), abs(float(pair[2]))) <= 180
