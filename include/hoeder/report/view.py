"""The report as both pages show it: finished sentences and cells, in one language, without layout."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "good", "warn", "bad", "quiet"]


@dataclass(frozen=True)
class Cell:
    """What a table shows in one place: a line, a smaller line under it, and how to feel about it."""

    text: str
    small: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Column:
    """`kind` says how it is set: words, identifiers that may break anywhere, right-aligned numbers."""

    title: str
    kind: Literal["text", "name", "number", "state"] = "text"
    width: int = 10
    """Share of the table's width in print."""


@dataclass(frozen=True)
class Table:
    """The first column names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    summary: str = ""
    """What is in it, for a reader who has not opened it."""


@dataclass(frozen=True)
class Chart:
    """`svg` for paper and screens, `narrow` for phones; `description` says the same in words."""

    title: str
    note: str
    description: str
    svg: str
    narrow: str


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    code: bool = False


@dataclass(frozen=True)
class Count:
    """One of the numbers that add up to a whole; `key` names its colour and sign."""

    key: str
    value: str
    label: str
    tone: Tone


@dataclass(frozen=True)
class Indicator:
    """A figure with how it is counted, what is aimed at, how it was, and what it rests on."""

    key: str
    name: str
    formula: str
    value: str
    """A dash where nobody can say."""
    unit: str
    state: str
    aim: str
    change: str
    trend: Chart | None
    evidence: str
    tone: Tone = ""


@dataclass(frozen=True)
class Item:
    """Something to do, and by when."""

    sentence: str
    due: str
    source: str


@dataclass(frozen=True)
class Front:
    """The first page. `bar` draws `promises`; the lists are cut, and what is beyond them is counted."""

    lead: str
    promises_title: str
    promises: tuple[Count, ...]
    bar: Chart | None
    indicators: tuple[Indicator, ...]
    overdue_title: str
    overdue: tuple[Item, ...]
    overdue_more: str
    decide_title: str
    decide: tuple[Item, ...]
    decide_more: str
    none: str


@dataclass(frozen=True)
class Notice:
    severity: Literal["urgent", "decide", "watch"]
    label: str
    sentence: str
    source: str


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    chart: Chart | None = None
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    charts: tuple[Chart, ...] = ()
    folded: tuple[Table, ...] = ()
    """Tables that a screen shows when asked; paper has them all."""


@dataclass(frozen=True)
class View:
    lang: str
    title: str
    organisation: str
    subtitle: str
    basis: str
    note: str
    """On every page."""
    front: Front
    sections: tuple[Section, ...]
    labels: dict[str, str]
