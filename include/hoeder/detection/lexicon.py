"""Large word sets from installed packages: names of people, towns, countries, ordinary Dutch words. Each is built once.

Names come from Faker's lists for the origins of people who live in the Netherlands, towns from its
addresses, ordinary words from simplemma. Everything is folded: lower case, without accents.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib import import_module, resources
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoeder.detection import kept, words

_ORIGINS = (
    "nl_NL", "nl_BE", "fr_BE", "de_DE", "en_GB", "en_US", "en_IN", "fr_FR", "es_ES", "it_IT", "pt_PT", "pl_PL", "tr_TR",
    "ro_RO", "hu_HU", "sv_SE", "id_ID", "yo_NG", "ig_NG", "ha_NG", "tw_GH", "vi_VN", "az_AZ",
)  # fmt: skip


def fold(text: str) -> str:
    """Lower case, without accents: `José` and `JOSE` are one name."""
    if text.isascii():
        return text.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.lower().replace("ł", "l").replace("ø", "o").replace("ß", "ss").replace("ı", "i")


@cache
def first_names() -> frozenset[str]:
    """First names, one word each."""
    found = {fold(word) for origin in _ORIGINS for word in _persons(origin, "first_names")}
    return frozenset({part for name in found for part in name.replace("-", " ").split() if len(part) > 1}) | {
        *words.FIRST_NAMES
    }


@cache
def surnames() -> frozenset[str]:
    """Surnames without their particles: of `van den Berg` the word `berg`."""
    found = {fold(word) for origin in _ORIGINS for word in _persons(origin, "last_names")}
    last = {name.split()[-1] for name in found if name.split()}
    return frozenset({word for word in last if len(word) > 1}) | words.SURNAMES


@cache
def towns() -> frozenset[str]:
    """Towns and villages of the Netherlands and Flanders."""
    found = {fold(town) for place in ("nl_NL", "nl_BE") for town in _addresses(place, "cities")}
    return frozenset(found | {town.replace("-", " ") for town in found | words.TOWNS})


@cache
def cities_abroad() -> frozenset[str]:
    """Cities abroad that addresses name often: capitals, and those of the neighbours."""
    capitals = {fold(country.capital) for country in _countries()}
    return frozenset(capitals | {fold(city) for place in ("fr_FR", "de_DE") for city in _addresses(place, "cities")})


@cache
def countries() -> frozenset[str]:
    """Countries in Dutch and English, and their codes of two and three letters."""
    english = {fold(country.name) for country in _countries()} | {"usa", "uk", "great britain", "england"}
    codes = {fold(code) for country in _countries() for code in (country.alpha_2_code, country.alpha_3_code)}
    return frozenset(english | codes | {fold(name) for name in _addresses("nl_NL", "countries")})


@cache
def ailments() -> frozenset[str]:
    """Words for what somebody can have, one word each, that hardly mean anything else."""
    found: set[str] = set()
    for line in resources.files("hoeder.detection.training").joinpath("health.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            found.update(word for word in line.lower().split() if len(word) > 4)
    return frozenset(found - words.NOT_ALONE)


@cache
def ordinary(word: str) -> bool:
    """Whether a folded word is in the dictionary, as a word and not as a name. Many surnames are."""
    if not word[:1].islower():
        return False
    known, sought = _dictionary(), _hash(word)
    place = known.searchsorted(sought)
    return bool(place < len(known) and known[place] == sought)


@cache
def _dictionary() -> NDArray[np.uint64]:
    """Hashes of the forms of Dutch words, in order. Kept in a file: to unpack the words themselves takes longer."""
    path = kept.folder() / f"words-{version('simplemma')}.npy"
    if path.exists():
        return np.asarray(np.load(path, allow_pickle=False), np.uint64)
    from simplemma.strategies.dictionaries import DefaultDictionaryFactory

    words = DefaultDictionaryFactory().get_dictionary("nl")
    hashes = np.sort(np.fromiter((_hash(word) for word in words if word[:1].islower()), np.uint64))
    with suppress(OSError):  # a folder that only others may write to
        kept.keep(path, lambda file: np.save(file, hashes))
    return hashes


def _hash(word: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest(), "little"))


def _persons(origin: str, kind: str) -> Iterator[str]:
    provider = import_module(f"faker.providers.person.{origin}").Provider
    for name in dir(provider):
        if name.startswith(kind) or name.endswith(kind):
            yield from _strings(getattr(provider, name))


def _countries() -> Any:
    return import_module("faker.providers.date_time").Provider.countries


def _addresses(place: str, kind: str) -> Iterator[str]:
    yield from _strings(getattr(import_module(f"faker.providers.address.{place}").Provider, kind, ()))


def _strings(found: object) -> Iterator[str]:
    if isinstance(found, Iterable):
        yield from (word for word in found if isinstance(word, str))
