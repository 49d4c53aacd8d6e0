"""Personal data inside longer text: what can be proven by shape, check digit and context. Names are left to guesses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hoeder.detection.validators import EMAIL, is_bsn, is_email, is_iban, is_phone
from hoeder.detection.words import FIRST_NAMES

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,4})?(?![A-Za-z0-9])")
_DUTCH_IBAN = re.compile(r"(?<![A-Za-z0-9])NL ?\d{2} ?[A-Z]{4}(?: ?\d{4}){2} ?\d{2}(?!\d)", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w+.,:/=-])(?:\+|00)?\(?\d(?:[\d() ]|-(?=\d)){7,17}\d(?![\w-]|[.,]\d)")
_NINE = re.compile(r"(?<![\w.,+/-])(?:\d{9}|\d{4}\.\d{2}\.\d{3}|\d{3}\.\d{3}\.\d{3})(?![\w-]|[.,/]\d)")
_BSN_NEAR = re.compile(r"\b(?:bsn|burgerservice\w*|sofi\w*)\b[^\d]{0,25}$", re.IGNORECASE)
_OTHER_NUMBER_NEAR = re.compile(
    r"(?:order|bestel|factuur|klant|relatie|contract|dossier|zaak|ticket|case|artikel|serie|pakket|zending|track\w*|polis|kvk|rsin"
    r"|meter)[a-z]*(?:nummer|nr)?\.?[^\d]{0,12}$",
    re.IGNORECASE,
)  # fmt: skip
_TITLED = re.compile(
    r"\b(?i:mevrouw|meneer|mevr\.?|mw\.?|dhr\.?|de heer|mrs?\.?|ms\.?)\s+"
    r"(?:[A-Z]\.\s?)*(?:van |de |den |der )*[A-Z][a-zé]"
)
_CAPITALISED = re.compile(r"\b[A-Z][a-zà-ÿ]{2,}\b")


_DIGITS = re.compile(r"\d[\d ()./-]{5,}\d")
ENOUGH_FOR_NAMES = 2_000
"""Texts in which names are counted: a share, where one proven number matters by itself."""


@dataclass(frozen=True)
class TextHits:
    """In how many of the distinct texts something was seen."""

    texts: int
    email: int
    phone: int
    iban: int
    bsn: int
    names: int
    """Forms of address before a capital, or frequent first names: hints, not proof."""

    @property
    def proven(self) -> dict[str, int]:
        """Kinds with a shape or check digit that chance does not explain, and their counts."""
        kinds = {"e-mail": self.email, "phone": self.phone, "IBAN": self.iban, "BSN": self.bsn}
        return {kind: count for kind, count in kinds.items() if count}


def search(texts: Sequence[str]) -> TextHits:
    """Look through distinct texts.

    A number of nine digits counts as a BSN where the text says so before it, or where far more of such numbers pass the
    elfproef than the one in eleven that chance lets through.
    """
    numbered = [text for text in texts if _DIGITS.search(text)]
    named = [text for text in numbered if _says_bsn(text)]
    loose = [(text, match) for text in numbered for match in _NINE.finditer(text) if not _is_other_number(text, match)]
    passing = {text for text, match in loose if is_bsn(match[0])}
    by_count = passing if len(passing) >= 4 and len(passing) > 0.5 * len({text for text, _ in loose}) else set()
    return TextHits(
        texts=len(texts),
        email=sum("@" in text and any(is_email(found) for found in EMAIL.findall(text)) for text in texts),
        phone=sum(any(is_phone(match[0].strip()) for match in _PHONE.finditer(text)) for text in numbered),
        iban=sum(_has_iban(text) for text in numbered),
        bsn=len({*named, *by_count}),
        names=sum(_names_somebody(text) for text in texts[:ENOUGH_FOR_NAMES]),
    )


def _says_bsn(text: str) -> bool:
    return any(is_bsn(match[0]) and _BSN_NEAR.search(_before(text, match)) for match in _NINE.finditer(text))


def _is_other_number(text: str, match: re.Match[str]) -> bool:
    return _OTHER_NUMBER_NEAR.search(_before(text, match)) is not None


def _before(text: str, match: re.Match[str]) -> str:
    """The words in front of a number that may say what it is."""
    return text[max(0, match.start() - 60) : match.start()]


def _has_iban(text: str) -> bool:
    return any(is_iban(match[0]) for pattern in (_DUTCH_IBAN, _IBAN) for match in pattern.finditer(text))


def _names_somebody(text: str) -> bool:
    return _TITLED.search(text) is not None or any(word.lower() in FIRST_NAMES for word in _CAPITALISED.findall(text))
