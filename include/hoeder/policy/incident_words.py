"""The closed lists that facts about an incident are written in, in Dutch and English: `incident_words.yaml`."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import AfterValidator

from hoeder.policy.suggest import did_you_mean


@cache
def lists() -> dict[str, dict[str, list[str]]]:
    """By list and word, what a Dutch and an English reader see."""
    read: dict[str, dict[str, list[str]]] = yaml.safe_load(
        files("hoeder.policy").joinpath("incident_words.yaml").read_text(encoding="utf-8")
    )
    return read


def known(group: str) -> tuple[str, ...]:
    """The words of a list."""
    return tuple(lists()[group])


def said(group: str, word: str, language: str) -> str:
    """A word as a reader sees it; KeyError for one that is not in the list."""
    return lists()[group][word][0 if language == "nl" else 1]


def checked(group: str, word: str) -> str:
    """The word itself. Raises ValueError with the nearest, and all there are, for one that is not in the list."""
    if word not in lists()[group]:
        raise ValueError(
            f"{word} is none of the {group}{did_you_mean(word, lists()[group])}; there are: {', '.join(known(group))}"
        )
    return word


def Word(group: str) -> AfterValidator:  # reads as a type
    """A word of one list."""
    return AfterValidator(lambda word: checked(group, word))
