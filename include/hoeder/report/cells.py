"""Cells that more than one section sets the same way."""

from datetime import datetime

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Outcome
from hoeder.report.view import Cell, Tone
from hoeder.report.words import Words

MOST_ROWS = 40
"""Longest list of findings on paper; the rest is in the figures file."""


def count(value: int | None, words: Words, small: str = "", tone: Tone = "") -> Cell:
    """A number, or a dash where nobody has counted."""
    return Cell("–" if value is None else words.number(value), small, tone)


def outcome_cell(outcome: Outcome, entries: tuple[int, ...], words: Words) -> Cell:
    """An outcome of the ledger, in the reader's words and with its positions."""
    tones: dict[Outcome, Tone] = {Outcome.DONE: "good", Outcome.NOTHING: "quiet", Outcome.REJECTED: "warn"}
    return Cell(words.say(f"outcome.{outcome}"), words.ledger(entries), tones.get(outcome, "bad"))


def day(moment: datetime, words: Words) -> str:
    """The day in Amsterdam, with a short month."""
    return words.short_day(moment.astimezone(AMSTERDAM).date())


def when(moment: datetime, words: Words) -> tuple[str, str]:
    """The day, and the time for the smaller line."""
    return day(moment, words), f"{moment.astimezone(AMSTERDAM):%H:%M}"


def more(rows: int, words: Words) -> str:
    """What to say of the rows that did not fit."""
    return words.say("more", n=rows - MOST_ROWS) if rows > MOST_ROWS else ""
