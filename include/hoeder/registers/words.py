"""Words of registers in Dutch and English."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from hoeder.policy.term import Term
from hoeder.policy.vocabulary import vocabulary
from hoeder.registers.findings import Finding
from hoeder.registers.versions import Change

Language = Literal["nl", "en"]


@cache
def _all() -> dict[str, dict[str, list[str]]]:
    read: dict[str, dict[str, list[str]]] = yaml.safe_load(
        files("hoeder.registers").joinpath("words.yaml").read_text(encoding="utf-8")
    )
    return read


def word(group: str, key: str, language: Language) -> str:
    """One word; KeyError for one that is not in the list, which is a mistake of ours."""
    return _all()[group][key][0 if language == "nl" else 1]


def category(key: str, language: Language) -> str:
    """A fideslang category in words, with its key."""
    found = vocabulary().category(key)
    return f"{found.nl if language == 'nl' else found.en} ({key})" if found else key


def keep(term: str, language: Language) -> str:
    """A retention term, which policy writes in English."""
    return Term.parse(term).in_dutch() if language == "nl" else term


def told(finding: Finding, language: Language) -> str:
    """A finding as one line: where, what, and what of it."""
    where = " ".join(part for part in (finding.register, finding.subject, finding.place) if part)
    more = f" ({detail(finding, language)})" if finding.detail else ""
    return f"{where}: {word('findings', finding.kind, language)}{more}"


def detail(finding: Finding, language: Language) -> str:
    """What a finding says more exactly: how many columns, which client, or a category in words."""
    code, _, value = finding.detail.partition(":")
    if code in _all()["details"]:
        return word("details", f"{code}:1" if (code, value) == ("columns", "1") else code, language).format(value)
    return category(finding.detail, language) if finding.detail.startswith("user") else finding.detail


def changed(changes: Iterable[Change], version: int, language: Language) -> str:
    """What a version changed, in words; a line for each thing."""
    if version == 1:
        return word("changes", "first", language)
    return "\n".join(_changed(change, language) for change in changes)


def _changed(change: Change, language: Language) -> str:
    if not change.field:
        return word("changes", f"{change.what}-line", language).format(processing=change.processing)
    key = "changed-item" if change.what == "changed" and change.item else change.what
    return word("changes", key, language).format(
        processing=f"{change.processing}: " if change.processing else "",
        field=word("fields", change.field, language),
        item=change.item,
    )
