"""What a detector finds of the personal data in marked texts: parsing, the figures, and the perturbations.

A span is `(start, end, entity, …)` in characters of the text; a predicted entity may name alternatives ("STREET|CITY")
where a detector knows no finer kind. Everything counts letters and digits only: a bracket or a space leaks nothing.
"""
# not a DAG

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np

MARK = re.compile(r"\[([A-Z]+):([^\]]+)\]")
ENTITIES = (
    "PERSON", "STREET", "POSTCODE", "CITY", "PHONE", "EMAIL", "IBAN", "BSN", "DOB", "PLATE", "CLIENT", "DOCNR", "IP",
    "HEALTH",
)  # fmt: skip
RESAMPLES = 1000


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    entity: str


@dataclass(frozen=True)
class Text:
    """A text without its marks, the spans they held, the record it belongs to, and the section it stands in."""

    text: str
    spans: tuple[Span, ...]
    known: tuple[tuple[str, str], ...] = ()
    section: str = ""


def parse(line: str, section: str = "") -> Text:
    """A line of the file; raises ValueError where a mark names an entity that does not exist or stays open."""
    marked, _, record = line.rstrip("\n").partition("\t")
    parts, spans, at, length = [], [], 0, 0
    marked = marked.replace("\\n", "\n")
    for mark in MARK.finditer(marked):
        if mark[1] not in ENTITIES:
            raise ValueError(f"no such entity: {mark[1]}")
        before = marked[at : mark.start()]
        start = length + len(before)
        parts += [before, mark[2]]
        length = start + len(mark[2])
        spans.append(Span(start, length, mark[1]))
        at = mark.end()
    text = "".join([*parts, marked[at:]])
    if re.search(r"\[[A-Z]+:", text):
        raise ValueError("a mark stays open")
    known = json.loads(record) if record else {}
    return Text(text, tuple(spans), tuple(known.items()), section)


def read(path: Path) -> list[Text]:
    """The texts of a file, each with the `# slice:` heading above it; raises ValueError with the line's number."""
    texts, section = [], ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("#"):
            section = line.partition("# slice:")[2].strip() or section
        elif line:
            try:
                texts.append(parse(line, section))
            except ValueError as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from None
    return texts


def solid(text: str, start: int, end: int) -> set[int]:
    """Positions of the letters and digits between start and end."""
    return {at for at in range(start, end) if text[at].isalnum()}


def is_kind(predicted: Span, gold: Span) -> bool:
    return gold.entity in predicted.entity.split("|")


@dataclass(frozen=True)
class Judged:
    """One text: its gold spans with whether each was found (typed) and fully covered; its predictions, right or not."""

    gold: tuple[tuple[Span, bool, bool], ...]
    predicted: tuple[tuple[Span, bool], ...]


def judge(text: Text, predicted: Sequence[Span]) -> Judged:
    """Found: one prediction of its kind covers half of its letters and digits. Covered: predictions of any kind cover
    all of them. A prediction is right where it touches a found span of its kind, so pieces of one name harm nobody."""
    marks = [solid(text.text, span.start, span.end) for span in predicted]
    everything = set().union(*marks)
    gold, right = [], [False] * len(predicted)
    for span in text.spans:
        body = solid(text.text, span.start, span.end)
        same = [i for i, one in enumerate(predicted) if is_kind(one, span)]
        found = any(2 * len(marks[i] & body) >= len(body) for i in same)
        for i in same:
            right[i] |= found and bool(marks[i] & body)
        gold.append((span, found, body <= everything))
    return Judged(tuple(gold), tuple(zip(predicted, right, strict=True)))


@dataclass(frozen=True)
class Figures:
    """Shares between 0 and 1; `precision` is 0 where nothing was predicted."""

    precision: float
    recall: float
    f1: float
    covered: float
    rows_leak_free: float
    rows_touched: float
    spans: int


def share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


# Per text: predictions, right ones, gold spans, found, covered, has personal data, leaks nothing, is touched without.
def tally(judged: Judged) -> tuple[int, ...]:
    found = sum(one[1] for one in judged.gold)
    covered = sum(one[2] for one in judged.gold)
    personal = bool(judged.gold)
    return (
        len(judged.predicted),
        sum(right for _, right in judged.predicted),
        len(judged.gold),
        found,
        covered,
        personal,
        personal and covered == len(judged.gold),
        not personal and bool(judged.predicted),
    )


def f1(precision: float, recall: float) -> float:
    return share(2 * precision * recall, precision + recall)


def figures(judged: Sequence[Judged]) -> Figures:
    sums = [sum(column) for column in zip(*map(tally, judged), strict=True)] or [0] * 8
    predicted, right, gold, found, covered, personal, leak_free, touched = sums
    precision, recall = share(right, predicted), share(found, gold)
    return Figures(
        precision,
        recall,
        f1(precision, recall),
        share(covered, gold),
        share(leak_free, personal),
        share(touched, len(judged) - personal),
        gold,
    )


def interval(judged: Sequence[Judged], seed: int = 0) -> tuple[float, float]:
    """The typed F1's 95 % interval, by drawing the texts again with replacement."""
    counts = np.array([tally(one)[:4] for one in judged], dtype=float)
    draws = np.random.default_rng(seed).multinomial(len(counts), np.full(len(counts), 1 / len(counts)), RESAMPLES)
    drawn = [f1(share(right, predicted), share(found, gold)) for predicted, right, gold, found in draws @ counts]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def only(judged: Sequence[Judged], entity: str) -> list[Judged]:
    """The same texts, as if they held this entity alone (a prediction of several kinds counts where it was right)."""
    result = []
    for one in judged:
        kept = tuple(part for part in one.gold if part[0].entity == entity)
        spans = [part[0] for part in kept]
        told = tuple(
            (span, right and any(is_kind(span, gold) and touches(span, gold) for gold in spans))
            for span, right in one.predicted
            if entity in span.entity.split("|")
            and ("|" not in span.entity or any(touches(span, gold) for gold in spans))
        )
        result.append(Judged(kept, told))
    return result


def touches(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def by_section(texts: Sequence[Text], judged: Sequence[Judged], entity: str = "PERSON") -> dict[str, Figures]:
    """The figures of one entity per section that holds it."""
    sections: dict[str, list[Judged]] = {}
    for text, one in zip(texts, only(judged, entity), strict=True):
        if one.gold:
            sections.setdefault(text.section, []).append(one)
    return {name: figures(part) for name, part in sections.items()}


def counts(texts: Iterable[Text]) -> Counter[str]:
    return Counter(span.entity for text in texts for span in text.spans)


def covered_share(judged: Iterable[Judged], entity: str | None = None) -> float:
    kept = [part[2] for one in judged for part in one.gold if entity in (None, part[0].entity)]
    return share(sum(kept), len(kept))


def rewrite(text: Text, plain: Callable[[str], str], value: Callable[[Span, str], str]) -> Text:
    """The text with what stands between the spans and what stands in them changed, and the spans moved along."""
    parts, spans, at, length = [], [], 0, 0
    for span in text.spans:
        before = plain(text.text[at : span.start])
        inside = value(span, text.text[span.start : span.end])
        start = length + len(before)
        length = start + len(inside)
        parts += [before, inside]
        spans.append(Span(start, length, span.entity))
        at = span.end
    return Text("".join([*parts, plain(text.text[at:])]), tuple(spans), text.known, text.section)


def lower(text: Text) -> Text:
    return rewrite(text, str.lower, lambda _, value: value.lower())


def upper(text: Text) -> Text:
    return rewrite(text, str.upper, lambda _, value: value.upper())


def typos(text: Text) -> Text:
    """One slip of the fingers in each name, always the same for the same text."""

    def slip(span: Span, value: str) -> str:
        return typo(value, crc32(f"{span.start} {text.text}".encode())) if span.entity == "PERSON" else value

    return rewrite(text, lambda between: between, slip)


def typo(name: str, seed: int) -> str:
    """The name with two letters swapped, one left out or one struck twice, after the first letter of its longest word;
    of a name without a word of three letters nothing would be left to recognise, so it stays."""
    words = list(re.finditer(r"[^\W\d_]{3,}", name))
    if not words:
        return name
    random = Random(seed)  # noqa: S311  # which typo, no secret
    word = max(words, key=lambda match: len(match[0]))
    at = random.randrange(word.start() + 1, word.end())
    last = at + 1 == word.end()
    swapped = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
    kinds = [name[:at] + name[at] + name[at:]]
    if len(word[0]) > 3:
        kinds.append(name[:at] + name[at + 1 :])
        if not last and swapped != name:
            kinds.append(swapped)
    return random.choice(kinds)


PERTURBATIONS: dict[str, Callable[[Text], Text]] = {"lower case": lower, "CAPITALS": upper, "a typo a name": typos}


def loss(before: Sequence[Judged], after: Sequence[Judged], entity: str | None = None) -> float:
    """How much of the covered spans a perturbation loses; below zero where it finds more."""
    return covered_share(before, entity) - covered_share(after, entity)
