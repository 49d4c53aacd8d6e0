"""Texts whose personal data is known, as the detector reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hoeder.detection import candidates, records, tagger
from hoeder.detection.candidates import Candidates
from hoeder.detection.fold import fold
from hoeder.detection.gazetteer import Gazetteer
from hoeder.detection.group import Grouped, group
from hoeder.detection.tagger import REVIEW, Features, Tagger
from hoeder.detection.tokens import Small, Tokens, tokenize
from hoeder.detection.training.fill import Text
from hoeder.detection.training.values import THIS_YEAR


@dataclass(frozen=True)
class Read:
    """Texts as the detector reads them, with the labels that are right."""

    tokens: Tokens
    flags: np.ndarray[tuple[int], np.dtype[np.uint32]]
    proposed: Candidates
    features: Features
    numbered: Small
    gold: Small

    def spans(self, tagging: Tagger) -> Grouped:
        """What a tagger finds in them."""
        labels, margins = tagging.tag(self.features, REVIEW)
        return group(self.tokens, self.flags, self.proposed, labels, margins, self.numbered, strict=False)

    def right(self, spans: Grouped) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether half of each span's tokens or more are what it says."""
        places = zip(spans.firsts, spans.lasts, spans.entities, strict=True)
        return np.array([2 * np.sum(self.gold[a : z + 1] == entity) > z - a for a, z, entity in places], np.bool_)


def prepare(texts: Sequence[Text], words: Gazetteer) -> Read:
    """Read texts whose personal data is known."""
    folded = fold([text.text for text in texts])
    tokens = tokenize(folded)
    flags, lemmas = words.look_up(folded, tokens)
    known = [text.record for text in texts]
    records.mark(folded, tokens, flags, known)
    proposed = candidates.propose(folded, tokens, flags, year=THIS_YEAR)
    return Read(
        tokens, flags, proposed, tagger.features(folded, tokens, flags, lemmas, proposed),
        records.numbers(folded, tokens, proposed, known), gold_labels(texts, tokens, folded.starts),
    )  # fmt: skip


def gold_labels(texts: Sequence[Text], tokens: Tokens, starts: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Small:
    """Labels of tokens: the number of the entity, 0 for none."""
    labels = np.zeros(len(tokens), np.uint8)
    for row, text in enumerate(texts):
        for start, end, entity in text.spans:
            first = np.searchsorted(
                tokens.ends[tokens.rows[row] : tokens.rows[row + 1]], start + starts[row], side="right"
            )
            last = np.searchsorted(
                tokens.starts[tokens.rows[row] : tokens.rows[row + 1]], end + starts[row], side="left"
            )
            labels[tokens.rows[row] + first : tokens.rows[row] + last] = entity
    return labels
