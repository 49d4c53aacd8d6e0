"""Whether a text that is about to leave holds somebody's data: strict, as better one release too few.

Sentences are read by the strict detector, and whatever it takes for a name, an address or a number counts. A label is
no sentence: there a word alone says little (Edge is a browser, Delft a place), and so a name counts from two words on,
an address with its number, a number by its shape. Towns and words about health are what categories are made of; alone
they are nobody's.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from hoeder.detection import text
from hoeder.detection.entities import Entity

_SENTENCE = 4
"""Words that make a text a sentence rather than a label."""
_SURE = 0.8
_KINDS = {
    Entity.PERSON: "name", Entity.STREET: "street", Entity.POSTCODE: "postcode", Entity.DOB: "birth date",
    Entity.PLATE: "licence plate", Entity.CLIENT: "client number", Entity.DOCNR: "document number",
    Entity.IP: "IP address",
}  # fmt: skip
_SHAPES = {
    Entity.PERSON: re.compile(r"\w[\s.]+.*\w{2}"),
    Entity.STREET: re.compile(r"[^\W\d].*\d"),
    Entity.POSTCODE: re.compile(r"^\d{4} ?[A-Za-z]{2}$"),
    Entity.CLIENT: re.compile(r"\d{6}"),
}
"""What a piece of a label must look like to count; the other kinds count where the detector is sure."""


def personal(values: Iterable[str]) -> dict[str, int]:
    """In how many of the distinct texts something personal was seen, by kind; empty where nothing was."""
    texts = sorted({value for value in values if value})
    found = Counter(text.search(texts).proven)
    sentences = [each for each in texts if len(each.split()) >= _SENTENCE]
    found.update(_seen(sentences, labels=False))
    found.update(_seen([each for each in texts if len(each.split()) < _SENTENCE], labels=True))
    return dict(found)


def _seen(texts: Sequence[str], *, labels: bool) -> Counter[str]:
    from hoeder.detection import spans

    if not texts:
        return Counter()
    found = spans.find(texts, strict=True)
    seen: set[tuple[int, Entity]] = set()
    for row, start, end, entity, sure in zip(
        found.rows.tolist(), found.starts.tolist(), found.ends.tolist(), map(Entity, found.entities.tolist()),
        found.confidences.tolist(), strict=True,
    ):  # fmt: skip
        shape = _SHAPES.get(entity)
        piece = texts[row][start:end]
        counts = not labels or (shape.search(piece) is not None if shape else sure >= _SURE)
        if entity in _KINDS and counts:
            seen.add((row, entity))
    return Counter(_KINDS[entity] for _, entity in seen)
