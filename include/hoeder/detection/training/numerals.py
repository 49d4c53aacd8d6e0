"""Dutch numbers in words."""

from random import Random

_ONES = [
    "nul",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
]
_TENS = ["", ".", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"][1:]


def spoken(number: int) -> str:
    """A number from 0 to 99: `vierendertig`."""
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    if not ones:
        return _TENS[tens - 1 + 0]
    return f"{_ONES[ones]}{'ën' if ones in (2, 3) else 'en'}{_TENS[tens - 1]}"


def spoken_year(year: int, random: Random) -> str:
    """A year from 1900 on, in one of the ways in which it is said."""
    century, rest = divmod(year, 100)
    if century == 20:
        return "tweeduizend" + (random.choice(("en", "", " en ")) + spoken(rest) if rest else "")
    short = spoken(rest) if rest else "honderd"
    return random.choice(
        (
            f"negentienhonderd{spoken(rest) if rest else ''}",
            f"negentien {short}",
            f"negentienhonderd {spoken(rest) if rest else ''}".strip(),
            short,
        )
    )
