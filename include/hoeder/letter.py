"""Letters from versioned templates: in Dutch or English, as PDF/UA and as plain text.

A template is a YAML file with a subject and a body for each language; `parts.yaml` beside it holds what several letters
share. A body is paragraphs, lists (`- `) and headings (`# `) with fields of Jinja2; one without a value is an error.
The version of a letter is the place of its digest in `versions.yaml`: not a word changes without a line there.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

import yaml

from hoeder import paper
from hoeder.errors import ReportError

Language = Literal["nl", "en"]
_LABELS: Mapping[str, Mapping[str, str]] = {
    "nl": {"date": "Datum", "reference": "Ons kenmerk", "subject": "Onderwerp", "page": "Pagina", "of": "van"},
    "en": {"date": "Date", "reference": "Our reference", "subject": "Subject", "page": "Page", "of": "of"},
}


@dataclass(frozen=True)
class Sender:
    """Whose letter it is: an organisation and where it can be written to. `note` stands at the foot of each page."""

    organisation: str
    address: Sequence[str]
    contact: str
    note: str = ""


@dataclass(frozen=True)
class Letter:
    """A letter, and the version of the template that it was made from."""

    name: str
    version: int
    digest: str
    """SHA-256 of the template with the parts that letters share, in hex."""
    language: Language
    on: date
    subject: str = field(repr=False)
    text: str = field(repr=False)
    pdf: bytes = field(repr=False)


@dataclass(frozen=True)
class Templates:
    """A folder of templates."""

    folder: Traversable

    def names(self) -> tuple[str, ...]:
        """Every letter there is."""
        return tuple(sorted(self._versions()))

    def digest(self, name: str) -> str:
        """SHA-256 over the words of a letter, in hex."""
        return hashlib.sha256(self._read(f"{name}.yaml") + b"\0" + self._read("parts.yaml")).hexdigest()

    def version(self, name: str) -> int:
        """The number of a letter's words as they are now. Raises ReportError for words that got no number yet."""
        known, digest = self._versions().get(name, []), self.digest(name)
        if digest not in known:
            raise ReportError(
                f"letter {name} was changed and is no version yet: add {digest} to its list in versions.yaml"
            )
        return known.index(digest) + 1

    def words(self, name: str, language: Language) -> str:
        """All that a letter can say in a language, its fields and shared parts unfilled. Raises ReportError."""
        said, parts = self._parsed(name)[language], self._parsed("parts")[language]
        text = f"{said['subject']}\n{said['body']}"
        for _ in range(3):  # parts within parts
            text = re.sub(r"{% include '([a-z-]+)' %}", lambda found: parts.get(found[1], ""), text)
        return text

    def render(
        self, name: str, language: Language, values: Mapping[str, object], *, sender: Sender, reference: str, on: date
    ) -> Letter:
        """A letter of a day; the same values give the same bytes. Raises ReportError, and nothing was made."""
        version = self.version(name)
        said = self._parsed(name)[language]
        fill = _Filling(name, language, self._parsed("parts")[language], {"sender": sender, "today": on, **values})
        subject, blocks = " ".join(fill(said["subject"]).split()), _blocks(fill(said["body"]))
        view = {
            "lang": language, "organisation": sender.organisation, "address": list(sender.address),
            "contact": sender.contact, "note": sender.note, "date": day(on, language), "reference": reference,
            "subject": subject, "blocks": blocks, "labels": dict(_LABELS[language]),
        }  # fmt: skip
        template = files("hoeder").joinpath("letter.typ").read_bytes()
        pdf = paper.pdf(
            template, paper.legible(view), datetime.combine(on, time(12), UTC), f"letter {name} ({language})"
        )
        return Letter(name, version, self.digest(name), language, on, subject, _plain(view), pdf)

    def _versions(self) -> dict[str, list[str]]:
        return dict(yaml.safe_load(self._read("versions.yaml")) or {})

    def _parsed(self, name: str) -> dict[str, dict[str, str]]:
        return dict(yaml.safe_load(self._read(f"{name}.yaml")))

    def _read(self, name: str) -> bytes:
        try:
            return self.folder.joinpath(name).read_bytes()
        except OSError:
            raise ReportError(f"there is no template {name}; there are {', '.join(self.names())}") from None


class _Filling:
    """Fills the fields of one letter."""

    def __init__(self, name: str, language: Language, parts: Mapping[str, str], values: Mapping[str, object]) -> None:
        import jinja2

        self._letter, self._values = f"letter {name} ({language})", values
        self._environment = jinja2.Environment(
            loader=jinja2.DictLoader(dict(parts)), undefined=jinja2.StrictUndefined, trim_blocks=True,
            lstrip_blocks=True, autoescape=False,  # noqa: S701  # plain text: the paper sets it as data
        )  # fmt: skip
        self._environment.filters["day"] = lambda value: day(value, language)
        self._environment.filters["counted"] = lambda n, one, more: f"{n} {one if n == 1 else more}"

    def __call__(self, text: str) -> str:
        import jinja2

        try:
            return self._environment.from_string(text).render(self._values)
        except jinja2.UndefinedError as error:
            raise ReportError(f"{self._letter} was not written: {error.message}") from None
        except jinja2.TemplateError as error:
            raise ReportError(f"{self._letter} cannot be read: {error.message}") from None


def day(value: date, language: str) -> str:
    """A day as a letter writes it: `3 maart 2026`, `3 March 2026`."""
    return f"{value.day} {_months(language)[value.month]} {value.year}"


@cache
def _months(language: str) -> dict[int, str]:
    from babel.dates import get_month_names

    return dict(get_month_names("wide", locale="nl_NL" if language == "nl" else "en_GB"))


def _blocks(body: str) -> list[dict[str, Any]]:
    """Paragraphs, lists and headings: a list's line begins with `- `, a heading with `# `."""
    blocks: list[dict[str, Any]] = []
    for part in re.split(r"\n\s*\n", body.replace("\r", "").strip()):
        made: list[dict[str, Any]] = []
        for line in filter(None, map(str.strip, part.split("\n"))):
            if line.startswith("- ") and made and made[-1]["kind"] == "list":
                made[-1]["items"].append(line[2:])
            elif line.startswith("- "):
                made.append({"kind": "list", "items": [line[2:]]})
            elif line.startswith("# "):
                made.append({"kind": "heading", "text": line[2:]})
            elif made and made[-1]["kind"] == "paragraph":
                made[-1]["text"] += f" {line}"
            else:
                made.append({"kind": "paragraph", "text": line})
        blocks += made
    return blocks


def _plain(view: Mapping[str, Any]) -> str:
    """The same letter for who reads no PDF."""
    labels = view["labels"]
    lines = [
        view["organisation"], *view["address"], view["contact"], "", f"{labels['date']}: {view['date']}",
        f"{labels['reference']}: {view['reference']}", f"{labels['subject']}: {view['subject']}", "",
    ]  # fmt: skip
    for block in view["blocks"]:
        match block["kind"]:
            case "list":
                lines += [f"- {item}" for item in block["items"]]
            case "heading":
                lines += [block["text"], "-" * len(block["text"])]
            case _:
                lines.append(block["text"])
        lines.append("")
    return "\n".join([*lines, *([view["note"]] if view["note"] else [])]) + "\n"
