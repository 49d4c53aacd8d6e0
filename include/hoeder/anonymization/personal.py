"""Whether a text that is about to leave holds somebody's data: strict, as better one release too few.

Sentences are read by the strict detector, and whatever it takes for a name, an address or a number counts. A label is
no sentence: there a word alone says little (Edge is a browser, Delft a place), and so a name counts from two words on,
an address with its number, a number by its shape. A word alone counts where it can hardly be anything else: a name that
is no word of Dutch or English and no place, a street by its ending. Towns and words about health are what categories
are made of; alone they are nobody's.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from hoeder.detection import lexicon, text
from hoeder.detection.entities import Entity

_SENTENCE = 4
"""Words that make a text a sentence rather than a label."""
_SURE = 0.8
_SHORTEST = 4
"""Letters of a word that may be a name by itself; shorter ones are codes."""
_STREET = re.compile(r"\w{3}(straat|laan|gracht|plein|kade|singel|dreef|steeg|plantsoen)$")
_KINDS = {
    Entity.PERSON: "name", Entity.STREET: "street", Entity.POSTCODE: "postcode", Entity.DOB: "birth date",
    Entity.PLATE: "licence plate", Entity.CLIENT: "client number", Entity.DOCNR: "document number",
    Entity.IP: "IP address",
}  # fmt: skip
_SHAPES = {
    Entity.PERSON: re.compile(r"\w[\s.]+.*\w{2}"),
    Entity.STREET: re.compile(r"[^\W\d]\s+\d"),
    Entity.POSTCODE: re.compile(r"^\d{4} ?[A-Za-z]{2}$"),
    Entity.CLIENT: re.compile(r"\d{6}"),
    Entity.DOB: re.compile(r"\w[\s./-]+\w+[\s./-]+\d|\d{4}"),
}
"""What a piece of a label must look like to count; the other kinds count where the detector is sure."""


def personal(values: Iterable[str]) -> dict[str, int]:
    """In how many of the distinct texts something personal was seen, by kind; empty where nothing was."""
    texts = sorted({value for value in values if value})
    found = Counter(text.search(texts).proven)
    sentences = [each for each in texts if len(each.split()) >= _SENTENCE]
    found.update(_seen(sentences, labels=False))
    labels = [each for each in texts if len(each.split()) < _SENTENCE]
    found.update(_seen(labels, labels=True))
    found.update(kind for each in labels if (kind := _alone(each)))
    return dict(found)


def _alone(label: str) -> str | None:
    """What a word by itself can only be."""
    from simplemma import is_known

    if not label.isalpha() or len(label) < _SHORTEST:
        return None
    word = lexicon.fold(label)
    if _STREET.search(word):
        return _KINDS[Entity.STREET]
    is_name = word in lexicon.surnames() or word in lexicon.first_names()
    is_place = word in lexicon.towns() or word in lexicon.cities_abroad() or word in lexicon.countries()
    if is_name and not is_place and not lexicon.ordinary(word) and not is_known(word, lang="en"):
        return _KINDS[Entity.PERSON]
    return None


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
