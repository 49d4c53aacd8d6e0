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
class Tile:
    """A big number; `value` is a dash where nothing has been counted."""

    label: str
    value: str
    unit: str
    source: str
    tone: Tone = ""


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


@dataclass(frozen=True)
class View:
    lang: str
    title: str
    organisation: str
    subtitle: str
    basis: str
    note: str
    """On every page."""
    lead: str
    tiles_title: str
    tiles: tuple[Tile, ...]
    attention_title: str
    attention: tuple[Notice, ...]
    attention_none: str
    sections: tuple[Section, ...]
    labels: dict[str, str]
