"""Whether values are names of people: judged together, since each one alone can be a word, a street or a town."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hoeder.detection import places
from hoeder.detection.lexicon import first_names, fold, ordinary, surnames
from hoeder.detection.words import NAME_PARTICLES, STREET_ENDINGS, TITLES

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])*\.?")
_INITIALS = re.compile(r"(?:[A-Z](?:[a-z]|h)?\.[ -]?){1,6}")
_BARE = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{2,4}")
"""Initials without their dots, in a column of capitals."""
_USERNAME = re.compile(r"([a-z]{1,2})[._-]?([a-z]{3,20})\d{0,4}|([a-z]{2,15})[._-]([a-z]{2,20})\d{0,4}")
_TURNED_NAME = re.compile(r"[A-Z' -]+/[A-Z]")
"""As airlines and hotels write it: `SMIT/JAN MR`."""
_TURNED = re.compile(r"([a-z]{3,20})[._-]?[a-z]{1,2}\d{0,4}")
_DOTTED = re.compile(r"[a-z][._-][a-z]{3,20}\d{0,4}")
_ENDINGS = (
    "sma", "stra", "inga", "enga", "ema", "huis", "huizen", "horst", "veld", "velde", "boom", "mans", "ink", "kamp",
    "ssen", "meijer", "meyer", "berg", "burg", "dijk", "wijk", "stein", "broek", "donk", "hoven", "kens", "boer",
    "bakker", "oglu", "ski", "ska", "czyk", "wicz", "vic", "vich", "enko", "chuk", "escu", "idis", "sson", "mann",
)  # fmt: skip
"""How surnames end that stand in no list: Frisian, Saxon and Dutch ones, and those of eastern Europe."""
_GLUED = ("", "van", "vande", "vander", "vanden", "vd", "de", "den", "der", "ter", "el", "al")
_FIRST = 40
_RARE = 0.1
_INITIALS_SEEN = 8
"""Different first letters that show a letter before a dot to be an initial."""


@dataclass(frozen=True)
class People:
    """Shares of a column's distinct values."""

    shaped: float = 0
    """Written as a name may be: one to six words of letters."""
    known: float = 0
    """With a first name or surname where one belongs."""
    category: str = "user.name"
    """The finest that the values tell: whole names, first names or surnames."""
    initials: float = 0
    infix: float = 0
    """Nothing but `van der` and the like."""
    username: float = 0
    lower: bool = False
    """Mostly without capitals, as ordinary words are too."""
    titles: float = 0
    """Nothing but forms of address."""
    words: float = 0
    """Of the shaped ones: those whose words are all in the dictionary and none a first name."""


NOBODY = People()


@dataclass(frozen=True)
class _Name:
    """One value taken apart, folded."""

    parts: tuple[str, ...]
    """Words that are no particle, initial or title."""
    led: bool
    """A particle, initial or title stands before a word: `van Dijk`, `J. Smit`, `mevr. Vos`."""
    comma: bool
    particle_first: bool
    begins_led: bool
    """It begins with a title, initial or particle."""

    @property
    def titled(self) -> bool:
        """It begins with an initial or title, or has one behind its comma, which no other words do."""
        return (self.begins_led and not self.particle_first) or (self.comma and self.led)


def people(distinct: Sequence[str]) -> People:
    """Judge distinct values; all of them where some, tried first, can be names."""
    if len(distinct) > 2 * _FIRST:
        some = _judge(distinct[:: len(distinct) // _FIRST])
        if max(some.shaped, some.initials, some.infix, some.username, some.titles) < _RARE:
            return some
    return _judge(distinct)


def _judge(distinct: Sequence[str]) -> People:
    count = len(distinct)
    brief = [value.strip() for value in distinct if 0 < len(value) <= 60]
    initials = sum(_INITIALS.fullmatch(value) is not None for value in brief) / count
    dotted = [value for value in brief if _DOTTED.fullmatch(value.lower())]
    infix = sum(NAME_PARTICLES.issuperset(fold(v).split()) for v in brief) / count
    titles = (
        sum(
            all(word.rstrip(".,") in TITLES or word == "/" for word in fold(v).replace("/", " ").split()) for v in brief
        )
        / count
    )
    username = sum(map(_is_username, brief)) / count
    if len({value[0].lower() for value in dotted}) >= _INITIALS_SEEN:  # `j.devries84`, `m-bos`: nothing else is
        username = max(username, len(dotted) / count)
    names = [name for value in brief if (name := _take_apart(value)) is not None]
    if not names:
        return People(initials=initials, infix=infix, username=username, titles=titles)
    first = [bool(n.parts) and n.parts[-1 if n.comma else 0] in first_names() for n in names]
    last = [bool(n.parts) and _is_surname(n.parts[0 if n.comma else -1]) for n in names]
    single = sum(len(n.parts) == 1 for n in names) / len(names)
    known = sum(_is_known(n, f, s) for n, f, s in zip(names, first, last, strict=True)) / count
    plain = sum(not f and not n.titled and all(map(ordinary, n.parts)) for n, f in zip(names, first, strict=True))
    words = plain / len(names)
    return People(
        shaped=len(names) / count, known=known, category=_category(names, first, last, single),
        initials=initials, infix=infix, username=username, titles=titles, words=words,
        lower=sum(value[:1].islower() and value.islower() for value in brief) > 0.5 * len(brief),
    )  # fmt: skip


def _is_known(name: _Name, first: bool, last: bool) -> bool:
    """One word counts by either list; of several the first name, or a surname behind something that announces it."""
    if len(name.parts) == 1:
        return first or last or name.led
    return first or (last and (name.begins_led or name.comma)) or (last and not ordinary(name.parts[0]))


def _category(names: Sequence[_Name], first: Sequence[bool], last: Sequence[bool], single: float) -> str:
    given = sum(all(part in first_names() for part in n.parts) for n in names) / len(names)
    if given >= 0.7 and sum(last) < 0.5 * len(names):
        return "user.name.first"
    bare = sum(len(n.parts) == 1 and (not n.led or n.particle_first) for n in names) / len(names)
    if bare < 0.6:
        return "user.name"
    ones = [(f, s, n) for f, s, n in zip(first, last, names, strict=True) if len(n.parts) == 1]
    given = sum(f and not n.particle_first for f, _, n in ones)
    family = sum(s or n.particle_first for _, s, n in ones)
    return "user.name.first" if given > family else "user.name.last"


def _take_apart(value: str) -> _Name | None:
    """None where the value cannot be a name."""
    words = re.sub(r"[,()/]", " ", value).split()
    capitals = value.isupper() and len(words) > 1
    if not 1 <= len(words) <= 7 or places.is_company(value):
        return None
    parts: list[str] = []
    led = False
    for word in words:
        lower = fold(word).rstrip(".")
        if _WORD.fullmatch(word) is None and word not in ("'t", "’t", "-", "'s"):
            return None
        initial = _INITIALS.fullmatch(word) or (len(word) == 1 and word.isupper())
        initial = initial or (capitals and _BARE.fullmatch(word) is not None)
        if lower in NAME_PARTICLES or lower in TITLES or initial or word == "-":
            led = led or lower not in ("in", "op", "aan", "het", "de")
            continue
        if len(lower) > 6 and lower.endswith(STREET_ENDINGS[:9]):
            return None
        parts += [part for part in lower.split("-") if part]
    if not parts:
        return None
    particle = fold(words[0]) in NAME_PARTICLES
    initial = _INITIALS.fullmatch(words[0]) is not None or (len(words[0]) == 1 and words[0].isupper())
    begins = particle or fold(words[0]).rstrip(".") in TITLES or initial
    return _Name(tuple(parts), led, "," in value or _TURNED_NAME.match(value) is not None, particle, begins)


def is_named(mailbox: str) -> bool:
    """Whether a mailbox is called after somebody: `j.jansen`, `fatima`, `jan.de.vries`."""
    parts = [part for part in re.split(r"[._+-]|\d+", mailbox) if part]
    return _is_username(mailbox) or any(part in first_names() for part in parts if len(part) > 2)


def _is_username(value: str) -> bool:
    """`jjansen`, `j.jansen`, `jan.jansen`, `jan_jansen2`."""
    value = value.rpartition("\\")[2].removeprefix("@").lower()
    if value.isalpha() and (value in surnames() or value in first_names() or ordinary(value)):
        return False
    match = _USERNAME.fullmatch(value)
    if match is not None and match[3]:
        pair = (match[3], match[4])
        return any(part in first_names() or _is_family(part) for part in pair if len(part) > 2)
    if match is not None and (_is_family(match[2]) or (len(match[1]) == 2 and match[1][1:] + match[2] in surnames())):
        return True
    turned = _TURNED.fullmatch(value)
    return turned is not None and _is_family(turned[1])


def _is_family(word: str) -> bool:
    """A surname, also with its particle glued to it: `vandijk`, `devries`, `vdberg`; or what ends like one."""
    if any(word.removeprefix(particle) in surnames() for particle in _GLUED if word.startswith(particle)):
        return True
    return _ends_like_one(word)


def _is_surname(word: str) -> bool:
    return word in surnames() or _ends_like_one(word)


def _ends_like_one(word: str) -> bool:
    return len(word) > 6 and word.endswith(_ENDINGS) and not ordinary(word)
