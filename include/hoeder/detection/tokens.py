"""Folded texts cut into tokens: a run of letters, a run of digits, or one other sign. Spaces separate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoeder.compiled import compiled
from hoeder.detection.fold import Bytes, Folded, Ints

Hashes = NDArray[np.uint64]
Small = NDArray[np.uint8]

SIGN, LOWER, CAPITALISED, CAPITALS, INITIAL, MIXED, DIGITS = range(7)
"""Shapes. A single capital letter is an initial; iPhone is mixed."""
SPACED, FIRST, OPENS = 1, 2, 4
"""Where a token stands: after a space; first of its text or line; first word of a sentence."""


@dataclass(frozen=True)
class Tokens:
    """Tokens of a batch of texts. Those of text i are `rows[i]` up to `rows[i + 1]`; `starts` and `ends` are places in
    the folded characters; `words` are hashes of the lower-case form."""

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    words: Hashes
    shapes: Small
    places: Small
    rows: Ints

    def __len__(self) -> int:
        return len(self.starts)


def tokenize(folded: Folded) -> Tokens:
    """Cut every text into tokens. A batch holds less than 2³¹ characters."""
    room = len(folded.chars)
    starts, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    words, shapes, places = np.empty(room, np.uint64), np.empty(room, np.uint8), np.empty(room, np.uint8)
    rows = np.zeros(len(folded) + 1, np.int64)
    n = _tokenize(folded.chars, folded.starts, starts, ends, words, shapes, places, rows)
    return Tokens(starts[:n], ends[:n], words[:n], shapes[:n], places[:n], rows)


@compiled
def _kind(char: int) -> int:
    """0 space, 1 sign, 2 digit, 3 capital, 4 other letter."""
    if char == 32:
        return 0
    if 48 <= char <= 57:
        return 2
    if 65 <= char <= 90:
        return 3
    if 97 <= char <= 122 or char == 0xE0:
        return 4
    return 1


@compiled
def _shape(length: int, capitals: int, first_capital: bool) -> int:
    if capitals == 0:
        return 1
    if length == 1:
        return 4
    if capitals == length:
        return 3
    return 2 if first_capital and capitals == 1 else 5


@compiled
def _tokenize(
    chars: Bytes,
    bounds: Ints,
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    words: Hashes,
    shapes: Small,
    places: Small,
    rows: Ints,
) -> int:
    n = 0
    for row in range(len(bounds) - 1):
        rows[row] = n
        i, end = bounds[row], bounds[row + 1]
        place = 2 | 4
        while i < end:
            kind = _kind(chars[i])
            if kind == 0:
                place |= 1
                i += 1
                continue
            starts[n] = i
            hashed, capitals, first_capital = np.uint64(14695981039346656037), 0, kind == 3
            while True:
                char = chars[i]
                if 65 <= char <= 90:
                    capitals += 1
                    char += 32
                hashed = (hashed ^ np.uint64(char)) * np.uint64(1099511628211)
                i += 1
                if kind == 1 or i == end:
                    break
                following = _kind(chars[i])
                if following == 0 or following == 1 or (following == 2) != (kind == 2):
                    break
            ends[n], words[n], places[n] = i, hashed, place
            shapes[n] = 0 if kind == 1 else 6 if kind == 2 else _shape(i - starts[n], capitals, first_capital)
            # Only a full stop behind a word ends a sentence: one behind an initial or a number does not.
            last = chars[i - 1]
            if kind == 1 and last == 10:
                place = 2 | 4
            elif kind == 1 and (
                last == 33 or last == 63 or (last == 46 and n > rows[row] and shapes[n - 1] in (1, 2, 3))
            ):
                place = 4
            elif kind == 1 and place & 4 and last in (34, 39, 40, 45, 62):
                place = place & 6
            else:
                place = 0
            n += 1
    rows[len(bounds) - 1] = n
    return n
