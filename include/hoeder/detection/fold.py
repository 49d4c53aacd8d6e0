"""Texts as one array with a byte for every character, so that offsets in it are offsets in the text.

Accents, typographic quotes, dashes and spaces, and digits of other scripts become their plain ASCII form; other letters
become one byte that counts as a letter. Nothing is removed: a character is always one byte.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

OTHER_LETTER = 0xE0
"""A letter that no ASCII letter stands for, say Arabic or Chinese."""
OTHER_SIGN = 0x7F
_PLAIN = {
    "‘": "'", "’": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "…": ".", "×": "x", "€": "$",
    "£": "$", "ß": "s", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "a", "Æ": "A",
    "œ": "o", "Œ": "O", "þ": "t", "Þ": "T", "ð": "d", "ə": "e", "Ə": "E", "ĳ": "y", "Ĳ": "Y",
}  # fmt: skip


@dataclass(frozen=True)
class Folded:
    """`chars` of all texts behind each other; text i is `chars[starts[i]:starts[i + 1]]`."""

    chars: Bytes
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1


def fold(texts: Sequence[str]) -> Folded:
    """Fold texts; lone surrogates, as undecodable bytes leave them, count as signs."""
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
    joined = "".join(texts)
    if joined.isascii():
        plain = np.frombuffer(joined.encode("ascii").translate(_table()[:256].tobytes()), np.uint8)
        return Folded(plain, starts)
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    return Folded(_table()[np.minimum(points, 0xFFFF)], starts)


@cache
def _table() -> Bytes:
    """The byte of every character of the basic plane; what lies beyond it counts as a sign, at the last place."""
    table = np.full(0x10000, OTHER_SIGN, np.uint8)
    # Scripts of one letter per word or syllable, and what nobody types: by range, which is faster than one by one.
    table[0x3041:0xA4D0] = table[0xA4D0:0xD800] = table[0xF900:0xFB00] = OTHER_LETTER
    for point in (*range(0x3041), *range(0xFB00, 0xFFFF)):
        table[point] = _byte(chr(point))
    table[ord("\n")] = ord("\n")
    return table


def _byte(char: str) -> int:
    plain = _PLAIN.get(char)
    if plain is None:
        plain = unicodedata.normalize("NFKD", char)[0] if ord(char) > 0x7F else char
    if plain.isascii() and (plain.isalnum() or "!" <= plain <= "~"):
        return ord(plain)
    category = unicodedata.category(char)
    if category == "Nd":
        return ord("0") + unicodedata.digit(char)
    if category == "Pd":
        return ord("-")
    if category[0] in "ZC":
        return ord(" ")
    return OTHER_LETTER if category[0] in "LM" else OTHER_SIGN
