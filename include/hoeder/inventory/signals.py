"""What matters by itself wherever it stands: payment cards, words about somebody's health, identity documents.

Counted over distinct values; nothing of a value is kept.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from hoeder.detection.entities import Entity
from hoeder.detection.text import search

_CARD = re.compile(r"(?<![\w.,/+-])\d(?:[ -]?\d){12,18}(?![\w-]|[.,/]\d)")
_GROUPED = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}|3\d{3}([ -])\d{6}\2\d{5}")
_CARD_NEAR = re.compile(
    r"\b(?:card|kaart|credit|visa|master ?card|maestro|amex|american express|cvc|cvv|pan)[^\d]{0,30}$", re.IGNORECASE
)
# First digits and lengths of the card brands (ISO/IEC 7812; the brands' own tables).
_BRANDS = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"6(?:011|4[4-9]|5)"), {16, 19}),
    (re.compile(r"3(?:0[0-5]|6|8)"), {14, 16}),
    (re.compile(r"35"), {16}),
    (re.compile(r"50|6[37]|5[6-8]"), {16, 18, 19}),
)
_LUHN = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

# Machine-readable lines (ICAO 9303): document code, issuer and fillers.
_MRZ = re.compile(
    r"(?<![A-Z0-9<])(?:[IACPV][A-Z<][A-Z<]{3}[A-Z0-9<]{25,39}|[A-Z]+(?:<[A-Z]+)*<<[A-Z<]{8,36})(?![A-Z0-9])"
)
_PAPER = re.compile(
    r"(?<![a-z])(?:paspoort|passport|identiteitskaart|identiteitsbewijs|id[-_ ]?(?:kaart|card|bewijs)|rijbewijs"
    r"|verblijfs(?:document|vergunning)|(?:kopie|copy|scan|foto)[-_ ]?id|id[-_ ]?(?:kopie|copy|scan|foto))(?![a-z])"
    r"[^/\\]*\.(?:jpe?g|png|pdf|tiff?|heic|webp|gif|bmp)\b",
    re.IGNORECASE,
)  # fmt: skip
_WORDY = 3
"""Words in the middle text of a column from which it is running text rather than a code or label."""


@dataclass(frozen=True)
class Signals:
    """In how many of the distinct values each was seen."""

    values: int
    cards: int = 0
    health: int = 0
    papers: int = 0


def look(values: Iterable[object]) -> Signals:
    """Look through a column's values; they may repeat, and None may occur."""
    texts = list({str(value) for value in values if value is not None})
    if not texts:
        return Signals(0)
    wordy = median(len(text.split()) for text in texts) >= _WORDY
    return Signals(
        values=len(texts),
        cards=_cards(texts),
        health=search(texts).seen.get(Entity.HEALTH, 0) if wordy else 0,
        papers=sum(shows_identity_document(text) for text in texts),
    )


def is_card(digits: str) -> bool:
    """Whether a number, spaces and hyphens aside, has a card brand's shape and passes its check digit (Luhn)."""
    plain = re.sub(r"[ -]", "", digits)
    if not any(len(plain) in lengths and start.match(plain) for start, lengths in _BRANDS):
        return False
    # One digit all the way passes the check and is a filler.
    doubled = (_LUHN[int(d)] if at % 2 else int(d) for at, d in enumerate(reversed(plain)))
    return len(set(plain)) > 1 and sum(doubled) % 10 == 0


def shows_identity_document(text: str) -> bool:
    """Whether a text has a machine-readable line, or is the name of a file that says it is an identity document."""
    return _MRZ.search(text) is not None or _PAPER.search(text) is not None


def _cards(texts: Sequence[str]) -> int:
    """One number in ten passes by chance: without its word or its grouping, most numbers of the column must pass."""
    sure: set[str] = set()
    loose: set[str] = set()
    candidates: set[str] = set()
    for text in texts:
        for match in _CARD.finditer(text):
            candidates.add(text)
            if is_card(match[0]):
                named = _CARD_NEAR.search(text[max(0, match.start() - 60) : match.start()])
                (sure if named or _GROUPED.fullmatch(match[0]) else loose).add(text)
    return len(sure | loose) if len(sure | loose) > 0.5 * len(candidates) else len(sure)
