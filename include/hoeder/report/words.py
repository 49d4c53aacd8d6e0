"""Say it in Dutch or English: sentences, numbers, dates and positions as the reader is used to them."""

import string
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from babel.dates import format_date
from babel.numbers import format_decimal

from hoeder.clock import AMSTERDAM
from hoeder.policy.term import Term
from hoeder.policy.vocabulary import vocabulary
from hoeder.report.period import Kind, Period
from hoeder.report.texts import texts

Language = Literal["nl", "en"]

_LOCALES = {"nl": "nl_NL", "en": "en_GB"}
_NBSP = "\u00a0"


class Words(string.Formatter):
    """One language's way of saying things; `dutch` is what policy has in Dutch of its own sentences.

    `say("key", n=3)` fills a text of `texts`. In a text `{n}` is a number, date or list as this language writes
    it, `{n:record|records}` the number with its noun, and `{n:~is|are}` a word that only agrees with it.
    """

    def __init__(self, language: Language, dutch: Mapping[str, str] | None = None) -> None:
        self.language: Language = language
        self._dutch = dutch or {}
        self._index = 0 if language == "nl" else 1

    def say(self, key: str, **values: object) -> str:
        return self.vformat(texts()[key][self._index], (), values)

    def policy(self, text: str | None) -> str:
        """What policy says in English; in Dutch where policy has the Dutch for it. Nothing where it says nothing."""
        said = text or ""
        return self._dutch.get(said, said) if self.language == "nl" else said

    def category(self, key: str) -> str:
        """A category of data in words, or its key where the vocabulary has none."""
        known = vocabulary().category(key)
        return (known.nl if self.language == "nl" else known.en) if known else key

    def knows(self, key: str) -> bool:
        """Whether there is a text for what the ledger calls by this name."""
        return key in texts()

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" in format_spec:
            one, many = format_spec.removeprefix("~").split("|")
            word = one if value == 1 else many
            return word if format_spec.startswith("~") else f"{self.number(value)}{_NBSP}{word}"
        match value:
            case int():
                return self.number(value)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case tuple() | list():
                return self.names(value)
            case _:
                return str(value)

    def number(self, value: int) -> str:
        return str(format_decimal(value, locale=_LOCALES[self.language]))

    def share(self, part: int, whole: int) -> str:
        """A part of a whole as a percentage with at most one decimal: 12,5 % and 12.5%."""
        return self.basis_points(round(part * 10_000 / whole))

    def basis_points(self, value: int) -> str:
        """Hundredths of a per cent, written as a percentage."""
        text = format_decimal(value / 100, format="#,##0.#", locale=_LOCALES[self.language])
        return f"{text}{_NBSP}%" if self.language == "nl" else f"{text}%"

    def day(self, day: date) -> str:
        return format_date(day, "d MMMM y", locale=_LOCALES[self.language])

    def short_day(self, day: date) -> str:
        return format_date(day, "d MMM y", locale=_LOCALES[self.language])

    def moment(self, moment: datetime) -> str:
        """Day and time in Amsterdam."""
        local = moment.astimezone(AMSTERDAM)
        return f"{self.day(local.date())},{_NBSP}{local:%H:%M}"

    def period(self, period: Period) -> str:
        """`november 2026`, `3e kwartaal 2026`, `2026`, or its first and last day."""
        form = {Kind.MONTH: "MMMM y", Kind.QUARTER: "QQQQ y", Kind.YEAR: "y"}.get(period.kind)
        if form is None:
            return f"{self.short_day(period.first)} – {self.short_day(period.last)}"
        return format_date(period.first, form, locale=_LOCALES[self.language])

    def names(self, names: Sequence[object], *, show: int = 3) -> str:
        """A list for the inside of a sentence; what is beyond `show` is counted."""
        shown = [str(name) for name in names[:show]]
        if len(names) > show:
            shown.append(self.say("others", n=len(names) - show))
        last = f" {self.say('and')} "
        return last.join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)

    def positions(self, entries: Iterable[int]) -> str:
        """Ledger positions as ranges, such as 41–58, 60. Unlike counts they have no thousands separator."""
        runs: list[list[int]] = []
        for entry in sorted(set(entries)):
            if runs and entry == runs[-1][-1] + 1:
                runs[-1][1:] = [entry]
            else:
                runs.append([entry])
        return ", ".join("–".join(map(str, run)) for run in runs)

    def ledger(self, entries: Iterable[int]) -> str:
        """`register 41–58`, or nothing where there are no entries."""
        text = self.positions(entries)
        return f"{self.say('ledger')}{_NBSP}{text}" if text else ""

    def term(self, keep: str) -> str:
        """A retention term, read back from the way policy writes it."""
        if not keep:
            return ""
        term = Term.parse(keep)
        length = self.say(f"unit.{term.unit}", n=term.count)
        return self.say(f"term.{term.mode.lower()}", length=length, anchor=self.names(term.anchors))
