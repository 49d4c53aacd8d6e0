"""The page on which a person reads their data: one file that needs nothing else, no script, no network."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any

from hoeder import typeface
from hoeder.letter import Language, day
from hoeder.policy import Policy
from hoeder.rights.explained import Part, Shown, until_in_words
from hoeder.rights.gathered import Value

_MOST_COLUMNS = 5
_SHORT = 40
_DAY = re.compile(r"(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_SAY: Mapping[Language, Mapping[str, str]] = {
    "nl": {
        "title": "Uw persoonsgegevens", "contents": "Inhoud",
        "lead": "Dit zijn alle gegevens die {organisation} op {today} van u vond.",
        "nothing": "Wij vonden geen gegevens van u.",
        "redacted": "Waar [weggelaten] staat, stond iets over een ander. Dat is {n} keer.",
        "redacted_one": "Waar [weggelaten] staat, stond iets over een ander. Dat is één keer.",
        "listed": "Van documenten en opnamen staat hier alleen dat wij ze hebben. U kunt om een kopie vragen.",
        "withheld": "Een deel krijgt u niet. In de brief staat welk deel, en waarom.",
        "given": "Wij gaven gegevens van u ook aan {given}.",
        "rights": "U kunt gegevens laten aanpassen of verwijderen, het gebruik laten beperken, bezwaar maken, uw "
        "toestemming intrekken en een klacht indienen bij de Autoriteit Persoonsgegevens. In de brief staat hoe.",
        "purposes": "Waarvoor", "basis": "Waarom het mag", "categories": "Soort gegevens",
        "recipients": "Wie ze krijgt", "transfers": "Buiten de EER", "alone": "Besluiten zonder mens",
        "yes": "ja; u kunt vragen dat een mens opnieuw kijkt", "no": "nee",
        "nobody": "niemand buiten onze organisatie", "source": "Van wie: {source}.",
        "terms": "Hoe lang: {terms}.", "no_term": "Hoe lang: nog niet vastgesteld.", "until": "bewaard tot",
        "record": "gegeven", "records": "gegevens", "true": "ja", "false": "nee",
    },
    "en": {
        "title": "Your personal data", "contents": "Contents",
        "lead": "These are all the data that {organisation} found about you on {today}.",
        "nothing": "We found no data about you.",
        "redacted": "Where it says [left out], something was written about another person. That is {n} times.",
        "redacted_one": "Where it says [left out], something was written about another person. That is once.",
        "listed": "Of documents and recordings this says only that we have them. You can ask for a copy.",
        "withheld": "Some of it you do not get. The letter says which part, and why.",
        "given": "We also gave data about you to {given}.",
        "rights": "You can have data corrected or erased, have their use restricted, object, withdraw consent and "
        "complain to the Dutch data protection authority (Autoriteit Persoonsgegevens). The letter says how.",
        "purposes": "What for", "basis": "Why we may", "categories": "Kinds of data", "recipients": "Who gets them",
        "transfers": "Outside the EEA", "alone": "Decisions without a human",
        "yes": "yes; you can ask that a human looks again", "no": "no", "nobody": "nobody outside our organisation",
        "source": "From whom: {source}.", "terms": "How long: {terms}.", "no_term": "How long: not settled yet.",
        "until": "kept until", "record": "record", "records": "records", "true": "yes", "false": "no",
    },
}  # fmt: skip
MARK: Mapping[Language, str] = {"nl": "[weggelaten]", "en": "[left out]"}
"""What stands in a text where something about another person stood."""


def page(
    policy: Policy,
    parts: Sequence[Part],
    language: Language,
    *,
    redacted: int,
    withheld: bool = False,
    given: Sequence[str] = (),
    today: date,
) -> bytes:
    """The page, in UTF-8; every value of a store is text there, never markup.

    `given` says to whom data went one by one, `withheld` that a part is not here.
    """
    import jinja2

    say, us = _SAY[language], policy.organisation
    notes = [] if parts else [say["nothing"]]
    if redacted:
        notes.append(say["redacted_one" if redacted == 1 else "redacted"].format(n=redacted))
    if any(table.listed for part in parts for table in part.tables):
        notes.append(say["listed"])
    if withheld:
        notes.append(say["withheld"])
    if given:
        notes.append(say["given"].format(given="; ".join(given)))
    view: dict[str, Any] = {
        "lang": language, "organisation": us.name, "note": us.note,
        "say": {
            "title": say["title"], "contents": say["contents"],
            "lead": say["lead"].format(organisation=us.name, today=day(today, language)),
            "notes": [*notes, say["rights"]],
        },
        "parts": [_part(part, say, language) for part in parts],
    }  # fmt: skip
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(files("hoeder.rights.templates").joinpath("overview.html").read_text("utf-8"))
    # The typeface holds exactly the characters of the page, so the page is drawn once to know them.
    glyphs = "".join(sorted(set(re.sub(r"<[^>]*>", "", template.render(view, fonts="")))))
    return template.render(view, fonts=typeface.css(glyphs)).encode()


def _part(part: Part, say: Mapping[str, str], language: Language) -> dict[str, Any]:
    facts = [
        (say["purposes"], ", ".join(part.purposes)),
        (say["basis"], part.basis),
        (say["categories"], ", ".join(part.categories)),
        (say["recipients"], ", ".join(part.recipients) or say["nobody"]),
        (say["transfers"], ", ".join(part.transfers) or say["no"]),
        (say["alone"], say["yes"] if part.decides_alone else say["no"]),
    ]
    return {
        "name": part.name,
        "counted": f"{part.records} {say['record' if part.records == 1 else 'records']}",
        "facts": [(label, text) for label, text in facts if text],
        "tables": [_table(table, say, language) for table in part.tables],
    }


def _table(table: Shown, say: Mapping[str, str], language: Language) -> dict[str, Any]:
    ends = any(table.until)
    columns = [*table.columns, *([say["until"]] if ends else [])]
    rows = [
        [*(_text(value, say, language) for value in row), *([until_in_words(until, language)] if ends else [])]
        for row, until in zip(table.rows, table.until or [None] * len(table.rows), strict=True)
    ]
    wide = len(columns) > _MOST_COLUMNS or any(len(text) > _SHORT for row in rows for text in row)
    terms = say["terms"].format(terms="; ".join(table.terms)) if table.terms else say["no_term"]
    return {
        "name": table.name,
        "lines": [say["source"].format(source=table.source), terms],
        "columns": columns,
        "wide": wide,
        # of a record that stands by itself, only what there is
        "rows": [[(label, text) for label, text in zip(columns, row, strict=True) if text or not wide] for row in rows],
    }


def _text(value: Value, say: Mapping[str, str], language: Language) -> str:
    if isinstance(value, bool):
        return say["true" if value else "false"]
    if isinstance(value, str) and _DAY.fullmatch(value):
        return day(date.fromisoformat(value), language)
    return "" if value is None else str(value)
