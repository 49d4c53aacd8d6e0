"""Personal data inside a column of longer texts, as counts: what `spans.find` sees, of which nothing is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hoeder.detection.entities import Entity
from hoeder.detection.validators import is_bsn

if TYPE_CHECKING:
    from hoeder.detection.spans import Spans

ENOUGH_FOR_NAMES = 2_000
"""Texts in which names are counted: a share, where one proven number matters by itself."""
_PROVEN = {Entity.EMAIL: "e-mail", Entity.PHONE: "phone", Entity.IBAN: "IBAN", Entity.BSN: "BSN"}
_OTHERS = {
    Entity.PERSON: "name", Entity.STREET: "street", Entity.POSTCODE: "postcode", Entity.CITY: "town",
    Entity.DOB: "birth date", Entity.PLATE: "licence plate", Entity.CLIENT: "client number",
    Entity.DOCNR: "document number", Entity.IP: "IP address", Entity.HEALTH: "health",
}  # fmt: skip
_SURE = 0.8


@dataclass(frozen=True)
class TextHits:
    """In how many of the distinct texts something was seen."""

    texts: int
    seen: Mapping[Entity, int] = field(default_factory=dict)
    names: int = 0
    """Texts that name somebody, of the first ENOUGH_FOR_NAMES."""

    def __add__(self, other: TextHits) -> TextHits:
        seen = Counter(self.seen) + Counter(other.seen)
        return TextHits(self.texts + other.texts, dict(seen), self.names + other.names)

    def of(self, texts: int, names: int) -> TextHits:
        """The same hits among more texts, which were found without any; names were counted among some of them."""
        return replace(self, texts=texts, names=names)

    @property
    def proven(self) -> dict[str, int]:
        """Kinds with a shape or check digit that chance does not explain, and their counts."""
        return {kind: self.seen[entity] for entity, kind in _PROVEN.items() if self.seen.get(entity)}

    @property
    def telling(self) -> bool:
        """Whether anything is there that is somebody's by itself; a town is not."""
        return bool(self.seen.keys() - {Entity.CITY})

    @property
    def others(self) -> dict[str, int]:
        """Kinds that context alone tells, and their counts."""
        return {kind: self.seen[entity] for entity, kind in _OTHERS.items() if self.seen.get(entity)}


def search(texts: Sequence[str]) -> TextHits:
    """Look through distinct texts. A number counts as a BSN where its context says so and it passes the elfproef."""
    from hoeder.detection import spans

    if not texts:
        return TextHits(0)
    found = spans.find(texts).where_confident(_SURE)
    wrong = [
        index
        for index in (found.entities == Entity.BSN).nonzero()[0]
        if not is_bsn(texts[found.rows[index]][found.starts[index] : found.ends[index]])
    ]
    found = found.without(wrong)
    found = found.without(_everywhere(texts, found))
    early = found.rows < ENOUGH_FOR_NAMES
    named = len(set(found.rows[early & (found.entities == Entity.PERSON)].tolist()))
    return TextHits(len(texts), found.counts(), named)


def _everywhere(texts: Sequence[str], found: Spans) -> list[int]:
    """Names that stand in a fifth of the texts: a word of the trade (`Job started`), and nobody."""
    people = (found.entities == Entity.PERSON).nonzero()[0]
    said = [texts[found.rows[i]][found.starts[i] : found.ends[i]].lower() for i in people]
    often = {name for name, count in Counter(said).items() if count > max(20, 0.2 * len(texts))}
    return [index for index, name in zip(people.tolist(), said, strict=True) if name in often]
