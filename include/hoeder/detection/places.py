"""Whether one value is an address, a town, a country or a company."""

import re

from hoeder.detection.lexicon import cities_abroad, countries, fold, towns
from hoeder.detection.words import COMPANY_WORDS, STREET_ENDINGS

_STREET_AND_NUMBER = re.compile(
    r"(?P<street>[^\d,]{3,40}?)[ ,]*(?P<number>\d{1,5} ?[-/]? ?(?:bis|hs|[A-Za-z0-9]{0,4}))?(?:[,;] ?.{4,60})?"
)
_NUMBER_FIRST = re.compile(r"\d{1,5}[a-zA-Z]? (?P<street>[^\d]{3,40})(?:,.*)?")
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
    return len(value) <= 100 and not COMPANY_WORDS.isdisjoint(value.lower().replace(",", " ").split())


_DEGREE = r"-?\d{1,3}\.\d{4,15}"
_ON_MAP = re.compile(rf"(?:POINT ?)?\(?({_DEGREE})(?:, ?|; ?| )({_DEGREE})\)?", re.IGNORECASE)


def is_degree(value: str) -> bool:
    """A latitude or longitude of four decimals or more, which is ten metres."""
    return re.fullmatch(_DEGREE, value) is not None and abs(float(value)) <= 180


def is_on_map(value: str) -> bool:
    """A latitude and a longitude, in either order."""
    pair = _ON_MAP.fullmatch(value)
    return pair is not None and max(abs(float(pair[1])), abs(float(pair[2]))) <= 180
