"""Words of closed lists: which are known, and `did you mean …?` for one that nearly is."""

from collections.abc import Iterable
from difflib import get_close_matches

from pydantic import AfterValidator


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A closing clause such as `; did you mean closed_on?`, or nothing."""
    close = get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


def among(kind: str, known: frozenset[str]) -> AfterValidator:
    """A check that a word is one of a closed list of the vocabulary."""

    def check(word: str) -> str:
        if word not in known:
            raise ValueError(f"{word} is no {kind} that Hoeder knows (vocabulary.yaml){did_you_mean(word, known)}")
        return word

    return AfterValidator(check)
