"""Names of people who live in the Netherlands: our own lists by origin, and Faker's."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from random import Random

# Locales written in Latin letters whose names are also met in the Netherlands.
_LOCALES = (
    "nl_NL",
    "nl_BE",
    "tr_TR",
    "de_DE",
    "fr_FR",
    "en_GB",
    "es_ES",
    "it_IT",
    "pt_PT",
    "ro_RO",
    "hr_HR",
    "id_ID",
    "pl_PL",
    "en_NG",
    "yo_NG",
    "vi_VN",
)
_PARTICLES = [
    "van",
    "de",
    "der",
    "den",
    "ter",
    "ten",
    "'t",
    "van",
    "het",
    "in",
    "op",
    "aan",
    "el",
    "al",
    "ben",
    "bin",
    "la",
    "le",
    "du",
    "des",
    "di",
    "da",
    "von",
    "zu",
    "d'",
    "l'",
    "v",
    "d",
    "te",
    "tot",
    "dos",
    "san",
    "o",
]


# Most people have one of few names, which a draw from long lists would hardly ever give.
_COMMON_FIRST = (
    "Jan Piet Kees Henk Johan Cor Gerard Willem Hans Peter Wim Ton Rob Ben Bert Frans Theo Martin Marcel Erik Dennis Jeroen Mark Bas"
    " Tim Daan Sem Lucas Levi Noah Ali Mohamed Ahmed Mehmet Maria Anna Johanna Ans Riet Truus Wil Corrie Ria Annie Marian Ingrid"
    " Monique Petra Sandra Linda Esther Kim Lisa Emma Julia Sophie Eva Fatima Ayse Anja"
)
_COMMON_LAST = (
    "de Jong|Jansen|de Vries|van den Berg|van Dijk|Bakker|Janssen|Visser|Smit|Meijer|de Boer|Mulder|de Groot|Bos|Vos|Peters|Hendriks"
    "|van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|de Graaf|van der Meer|van der Linden|Kok|Jacobs|de Haan|Vermeulen|van den Heuvel"
    "|van der Veen|van den Broek|de Bruijn|de Bruin|van der Heijden|Schouten|van Beek|Willems|van Vliet|van de Ven|Hoekstra|Maas"
    "|Verhoeven|Koster|van Dam|van der Wal|Prins|Blom|Huisman|Peeters|de Jonge|Kuipers|van Veen|Post|Kuiper|Veenstra|Kramer|Yilmaz"
)


@dataclass(frozen=True)
class Name:
    """Somebody. `last` is written as in the middle of a sentence: van der Berg."""

    first: str
    last: str


@dataclass(frozen=True)
class Names:
    """First names and surnames to draw from; the first of each pair are Dutch, which are drawn more often."""

    dutch_first: tuple[str, ...]
    dutch_last: tuple[str, ...]
    other_first: tuple[str, ...]
    other_last: tuple[str, ...]

    def first(self, random: Random) -> str:
        """A first name; one in seven in a spelling that is in no list."""
        if random.random() < 0.12:
            return random.choice(_COMMON_FIRST.split())
        name = random.choice(self.dutch_first if random.random() < 0.45 else self.other_first)
        if random.random() < 0.05:
            name = f"{name}-{random.choice(self.dutch_first)}"
        return _never_seen(name, random) if random.random() < 0.15 else name

    def last(self, random: Random, *, plain: bool = False) -> str:
        """A surname, without particles where `plain`."""
        if not plain and random.random() < 0.12:
            return random.choice(_COMMON_LAST.split("|"))
        name = random.choice(self.dutch_last if random.random() < 0.5 else self.other_last)
        if not plain and " " not in name and random.random() < 0.16:
            particle = random.choice(
                ("van", "van de", "van der", "de", "van den", "ten", "ter", "van 't", "el", "al", "v.d.", "v/d", "vd")
            )
            name = f"{particle} {name}"
        *particles, core = name.split(" ")
        if plain:
            particles = []
        if random.random() < 0.18:
            core = _never_seen(core, random)
        return " ".join([*particles, core])

    def person(self, random: Random) -> Name:
        """Somebody new."""
        return Name(self.first(random), self.last(random))


def _never_seen(name: str, random: Random) -> str:
    """A name of the same sound that no list has, as most names of the world are."""
    vowels = "aeiou"
    letters = list(name)
    for _ in range(random.choice((1, 2, 2, 3))):
        i = random.randrange(len(letters))
        if letters[i].lower() in vowels:
            letters[i] = random.choice(vowels)
        elif letters[i].isalpha() and i:
            letters[i] = random.choice("bdfghjklmnprstvz")
    if random.random() < 0.3:
        letters += random.choice(
            ("a", "ska", "oglu", "ou", "wala", "sen", "ic", "man", "enko", "i", "ema", "inga", "stra")
        )
    return "".join(letters[:1]).upper() + "".join(letters[1:]) if name[:1].isupper() else "".join(letters)


@cache
def load() -> Names:
    """All names, in the order of the lists."""
    first: dict[bool, dict[str, None]] = {True: {}, False: {}}
    last: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for kind, origin, names in _own():
        target = first if kind == "first" else last
        target[origin in ("Dutch", "Frisian")].update(dict.fromkeys(names))
    for locale in _LOCALES:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        dutch = locale == "nl_NL"
        for field in ("first_names", "first_names_male", "first_names_female"):
            first[dutch].update(dict.fromkeys(_latin(getattr(provider, field, ()) or ())))
        last[dutch].update(dict.fromkeys(_latin(getattr(provider, "last_names", ()) or ())))
    return Names(tuple(first[True]), tuple(last[True]), tuple(first[False]), tuple(last[False]))


def _own() -> list[tuple[str, str, list[str]]]:
    found: list[tuple[str, str, list[str]]] = []
    for line in (files(__package__) / "names.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            kind, _, origin = line.lstrip("# ").partition(": ")
            found.append((kind.strip(), origin.strip(), []))
        elif found:
            found[-1][2].extend(name.strip() for name in line.split(",") if name.strip())
    return found


def _latin(names: object) -> list[str]:
    listed = list(names) if isinstance(names, list | tuple | dict) else []
    return [
        name
        for name in listed
        if isinstance(name, str) and name[:1].isalpha() and ord(name[0]) < 0x250 and len(name) > 1
    ]


def particles() -> frozenset[str]:
    """Words between first name and surname."""
    return frozenset(_PARTICLES)


@cache
def towns() -> tuple[str, ...]:
    """Dutch towns and villages."""
    provider = import_module("faker.providers.address.nl_NL").Provider
    return tuple(dict.fromkeys(provider.cities))
