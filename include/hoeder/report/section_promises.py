"""The sections on promises: what is broken, how the chapters stand, and every line of the statement."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby

from hoeder.promises import Status
from hoeder.report import pictures
from hoeder.report.facts import Figures, Promise, PromiseEvidence
from hoeder.report.front import ORDER, TONES
from hoeder.report.view import Cell, Column, Section, Table
from hoeder.report.words import Words


def promises(figures: Figures, words: Words) -> Section:
    """What is broken, and how each chapter stands."""
    say, known = words.say, figures.promises
    broken = [promise for promise in known if promise.status is Status.BROKEN]
    counted = {chapter: Counter(promise.status for promise in some) for chapter, some in _chapters(figures, words)}
    drawn = pictures.chapters(counted, words)
    return Section(
        "promises",
        say("promises"),
        (say("promises.intro", total=len(known)), *([] if broken else [say("promises.none")])),
        tables=(_table(say("promises.broken"), broken, words),) if broken else (),
        charts=(drawn,) if drawn else (),
    )


def all_promises(figures: Figures, words: Words) -> Section:
    """Every promise in its chapter, the broken ones first."""
    return Section(
        "all-promises",
        words.say("promises.all"),
        (words.say("promises.all.intro"),),
        folded=tuple(
            _table(chapter, sorted(some, key=lambda one: ORDER.index(one.status)), words)
            for chapter, some in _chapters(figures, words)
        ),
    )


def _chapters(figures: Figures, words: Words) -> list[tuple[str, tuple[Promise, ...]]]:
    return [(chapter, tuple(some)) for chapter, some in groupby(figures.promises, key=_chapter(words))]


def _chapter(words: Words) -> Callable[[Promise], str]:
    return lambda promise: promise.chapter_nl if words.language == "nl" else promise.chapter_en


def _table(title: str, some: Sequence[Promise], words: Words) -> Table:
    say = words.say
    counted = Counter(promise.status for promise in some)
    counts = ", ".join(f"{words.number(counted[s])} {say(f'status.{s}')}" for s in ORDER if counted[s])
    columns = (
        Column(say("col.promise"), "text", 38),
        Column(say("col.status"), "state", 15),
        Column(say("col.why"), "text", 25),
        Column(say("col.proof"), "text", 22),
    )
    return Table(title, columns, tuple(_row(promise, words) for promise in some), summary=counts)


def _reference(evidence: PromiseEvidence, words: Words) -> str:
    """`ledger 17-42` and `policy 0a1b…` in the reader's words."""
    said = evidence.reference
    for key in ("ledger", "policy"):
        said = said.replace(f"{key} ", f"{words.say(key)}\u00a0")
    return said


def _row(promise: Promise, words: Words) -> tuple[Cell, ...]:
    dutch = words.language == "nl"
    return (
        Cell(promise.nl if dutch else promise.en, promise.promise),
        Cell(words.say(f"status.{promise.status}"), tone=TONES[promise.status]),
        Cell(promise.why_nl if dutch else promise.why_en),
        Cell(
            "; ".join(dict.fromkeys(_reference(each, words) for each in promise.evidence)) or "–",
            "" if dutch else "; ".join(dict.fromkeys(each.figure for each in promise.evidence if each.figure)),
        ),
    )
