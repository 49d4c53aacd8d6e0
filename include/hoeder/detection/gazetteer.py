"""What single words can be: an ordinary Dutch word, a first name, part of a surname, a town. A word can be several."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from hoeder.compiled import compiled
from hoeder.detection.fold import Bytes, Folded
from hoeder.detection.tokens import Hashes, Tokens


class Flag(IntFlag):
    """What a word is known as."""

    WORD = 1
    FIRST_NAME = 2
    SURNAME = 4
    TOWN = 8
    MONTH = 16
    NUMBER = 32
    """A number in words, or one of its parts: nul, zes, twaalf, dubbel."""
    PARTICLE = 64
    """van, de, el: what stands between names."""
    LEARNED = 128
    """Seen in the written parts of the training texts, so that its own weight means something."""
    MAILBOX = 256
    """info, klantenservice: the name of a company's mailbox."""
    RECORD_NAME = 512
    """A name in the record of the person that the text belongs to, or nearly."""
    RECORD_PLACE = 1024
    """A word of the address in that record."""
    STAFF = 2048
    """A name of somebody who works here."""
    HEALTH = 4096
    """A condition, a treatment."""
    THING = 8192
    """Part of the name of a company, a brand or a product."""
    NEAR_NAME = 16384
    """One slip away from a name, and no word."""
    ORDINARY = 32768
    """Written small it was never personal data in the training texts, often as it stood there."""
    JOINING = 65536
    """Written small it was personal data there only beside other words: een, van."""


@dataclass(frozen=True)
class Gazetteer:
    """Hashes of words, spread over a table of 2ⁿ places, and their flags; 0 is an empty place."""

    keys: Hashes
    flags: NDArray[np.uint32]
    lemmas: Hashes
    """The word's dictionary form, or the word itself."""

    def look_up(self, folded: Folded, tokens: Tokens) -> tuple[NDArray[np.uint32], Hashes]:
        """The flags of each token, 0 for a word that is in no list, and its dictionary form."""
        found, lemmas = np.empty(len(tokens), np.uint32), np.empty(len(tokens), np.uint64)
        _look_up(
            self.keys, self.flags, self.lemmas, folded.chars, tokens.starts, tokens.ends, tokens.words, tokens.shapes,
            found, lemmas,
        )  # fmt: skip
        return found, lemmas


def build(words: Hashes, flags: NDArray[np.uint32], forms: Mapping[int, int]) -> Gazetteer:
    """A table of words; those given more than once get all their flags. `forms` gives words their dictionary form."""
    order = np.argsort(words, kind="stable")
    distinct, first = np.unique(words[order], return_index=True)
    merged = np.bitwise_or.reduceat(flags[order], first)
    # What was learned of one form of a word holds for the others.
    lemmas = np.fromiter((forms.get(int(word), int(word)) for word in distinct), np.uint64, len(distinct))
    learned = np.unique(lemmas[(merged & np.uint32(Flag.LEARNED)) != 0])
    merged[np.isin(lemmas, learned)] |= np.uint32(Flag.LEARNED)
    room = 1 << int(np.ceil(np.log2(max(len(distinct), 1) * 2)))
    keys, values, dictionary = np.zeros(room, np.uint64), np.zeros(room, np.uint32), np.zeros(room, np.uint64)
    _fill(keys, values, dictionary, distinct, merged, lemmas)
    return Gazetteer(keys, values, dictionary)


def with_flag(words: Gazetteer, lemmas: Hashes, flag: Flag, *, unless: Flag) -> Gazetteer:
    """The same table, with a flag for all forms of some words, except where they have one of other flags."""
    flagged = np.isin(words.lemmas, lemmas) & (words.keys != 0) & (words.flags & np.uint32(unless) == 0)
    return Gazetteer(words.keys, words.flags | np.where(flagged, np.uint32(flag), np.uint32(0)), words.lemmas)


def near(words: Folded, tokens: Tokens) -> Hashes:
    """Hashes of words with one letter left out: two words one slip apart share one."""
    room = int((tokens.ends - tokens.starts + 1).sum())
    found = np.empty(room, np.uint64)
    return found[: _shortened(words.chars, tokens.starts, tokens.ends, found)]


@compiled
def _fill(
    keys: Hashes,
    values: NDArray[np.uint32],
    dictionary: Hashes,
    words: Hashes,
    flags: NDArray[np.uint32],
    lemmas: Hashes,
) -> None:
    mask = np.uint64(len(keys) - 1)
    for i in range(len(words)):
        place = (words[i] ^ (words[i] >> np.uint64(32))) & mask
        while keys[place] != 0:
            place = (place + np.uint64(1)) & mask
        keys[place], values[place], dictionary[place] = words[i], flags[i], lemmas[i]


@compiled
def _place(keys: Hashes, word: np.uint64) -> np.uint64:
    """Where a word stands, or the empty place where it would."""
    mask = np.uint64(len(keys) - 1)
    place = (word ^ (word >> np.uint64(32))) & mask
    while keys[place] != 0 and keys[place] != word:
        place = (place + np.uint64(1)) & mask
    return place


@compiled
def _without(chars: Bytes, start: int, end: int, left_out: int) -> np.uint64:
    """The hash of a word without one letter; of another kind than that of a whole word."""
    hashed = np.uint64(0x9AE16A3B2F90404F)
    for i in range(start, end):
        if i != left_out:
            char = chars[i]
            if 65 <= char <= 90:
                char += 32
            hashed = (hashed ^ np.uint64(char)) * np.uint64(1099511628211)
    return hashed


@compiled
def _shortened(chars: Bytes, starts: NDArray[np.int32], ends: NDArray[np.int32], found: Hashes) -> int:
    n = 0
    for i in range(len(starts)):
        if ends[i] - starts[i] >= 5:
            # With -1 nothing is left out: a word that lacks one letter is found by it.
            for left_out in range(starts[i] - 1, ends[i]):
                found[n] = _without(chars, starts[i], ends[i], left_out)
                n += 1
    return n


@compiled
def _look_up(
    keys: Hashes,
    values: NDArray[np.uint32],
    dictionary: Hashes,
    chars: Bytes,
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    words: Hashes,
    shapes: NDArray[np.uint8],
    found: NDArray[np.uint32],
    lemmas: Hashes,
) -> None:
    for i in range(len(words)):
        place = _place(keys, words[i])
        if keys[place] == words[i]:
            found[i], lemmas[i] = values[place], dictionary[place]
            continue
        found[i], lemmas[i] = np.uint32(0), words[i]
        if shapes[i] != 0 and shapes[i] != 6 and 5 <= ends[i] - starts[i] <= 20:
            for left_out in range(starts[i] - 1, ends[i]):
                shorter = _without(chars, starts[i], ends[i], left_out)
                if keys[_place(keys, shorter)] == shorter:
                    found[i] = np.uint32(16384)
                    break
