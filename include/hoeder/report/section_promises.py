"""The sections on promises: what is broken, how the chapters stand, and every line of the statement."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from hoeder.promises import Status
from hoeder.report import pictures
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.promises import Promise, PromiseEvidence
from hoeder.report.front import ORDER, TONES
from hoeder.report.section_registers import register_name
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


_SCAN = re.compile(r"scan (\d+) of (\S+) \(ledger (\d+)\)(?:, )?")
_VERSION = re.compile(r"version (\d+) of (\S+)")
_PLAN = re.compile(r"plan ([0-9a-f]{8})-[0-9a-f-]{27}")
_LETTER = re.compile(r"letter (\S+), version (\d+)")
_LOOKS = (
    (re.compile(r"look at clients (\d+)"), "proof.clients"),
    (re.compile(r"look at fraud files (\d+)"), "proof.fraud"),
    (re.compile(r"marketing check (\d+)"), "proof.marketing"),
    (re.compile(r"access review (\d+)"), "proof.access"),
    (re.compile(r"register of disclosures, (\d+) days"), "proof.disclosures"),
    (re.compile(r"attestation (\S+)"), "proof.attestation"),
)
_FEW_SCANS = 2


def _reference(evidence: PromiseEvidence, words: Words) -> str:
    """`ledger 17-42`, `policy 0a1b…` and scans in the reader's words; many scans as one line."""
    said, say = evidence.reference, words.say
    scans = _SCAN.findall(said)
    entries = [int(entry) for _, _, entry in scans]
    if len(scans) > _FEW_SCANS:
        told = say("proof.scans", n=len(scans), first=min(entries), last=max(entries))
    else:
        told = ", ".join(say("proof.scan", scan=scan, store=store, entry=entry) for scan, store, entry in scans)
    said = told + _SCAN.sub("", said)
    said = _VERSION.sub(
        lambda found: say("proof.version", version=found[1], register=register_name(found[2], words)), said
    )
    said = _PLAN.sub(lambda found: say("proof.plan", plan=found[1]), said)
    for pattern, key in _LOOKS:
        said = pattern.sub(partial(_look, words, key), said)
    said = _LETTER.sub(lambda found: say("proof.letter", letter=found[1], version=found[2]), said)
    said = re.sub(r"\b(ledger \d+)-(\d+)", r"\1–\2", said)
    for key in ("ledger", "policy", "findings", "registers"):
        said = re.sub(rf"\b{key} ", f"{say(f'proof.{key}')}\u00a0", said)
    return said


def _look(words: Words, key: str, found: re.Match[str]) -> str:
    return words.say(key, n=found[1])


def _version(words: Words, found: re.Match[str]) -> str:
    return words.say("proof.version", version=found[1], register=register_name(found[2], words))


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
