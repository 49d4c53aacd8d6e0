"""Personal data in texts: where each piece stands, what it is, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hoeder.clock import AMSTERDAM
from hoeder.compiled import compiled
from hoeder.detection import candidates, model, records, tagger
from hoeder.detection.candidates import Candidates, Form
from hoeder.detection.entities import Entity, Reason
from hoeder.detection.fold import fold
from hoeder.detection.gazetteer import Flag
from hoeder.detection.group import Grouped, group
from hoeder.detection.records import Record
from hoeder.detection.tokens import SIGN, Hashes, Tokens, tokenize
from hoeder.detection.words import TITLES

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 1 << 20
"""Characters looked at together: enough to spread the cost of a call, few enough to stay in the processor's cache."""
STRICT_BIAS = 600
"""How much less the tagger must be sure in strict mode, in units of its weights."""
_STRICT = np.full(tagger.LABELS, STRICT_BIAS, np.int32)
_STRICT[0] = 0
LEAST = np.float32(0.65)
"""How likely a span must be personal data, seen with its whole text, to be reported for review."""


@dataclass(frozen=True)
class Span:
    """One piece of personal data: characters `start` up to `end` of a text."""

    start: int
    end: int
    entity: Entity
    confidence: float
    reason: Reason


@dataclass(frozen=True)
class Spans:
    """Pieces of personal data of many texts as columns, in the order of the texts; `rows` numbers the texts from 0."""

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    entities: NDArray[np.uint8]
    confidences: NDArray[np.float32]
    reasons: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[int, Span]]:
        """Each span with the number of its text."""
        columns = (column.tolist() for column in vars(self).values())
        for row, start, end, entity, confidence, reason in zip(*columns, strict=True):
            yield row, Span(start, end, Entity(entity), confidence, Reason(reason))

    def of_row(self, row: int) -> list[Span]:
        """The spans of one text."""
        return [span for _, span in self._take(self.rows == row)]

    def where_confident(self, least: float) -> Spans:
        """Those that are at least so sure."""
        return self._take(self.confidences >= least)

    def without(self, places: Sequence[int]) -> Spans:
        """All but those at some places."""
        kept = np.ones(len(self), np.bool_)
        kept[list(places)] = False
        return self._take(kept)

    def _take(self, kept: NDArray[np.bool_]) -> Spans:
        return Spans(*(column[kept] for column in vars(self).values()))

    def counts(self) -> dict[Entity, int]:
        """In how many texts each entity stands."""
        pairs = np.unique(self.rows * 16 + self.entities)
        return {
            Entity(int(entity)): int(count)
            for entity, count in zip(*np.unique(pairs % 16, return_counts=True), strict=True)
        }


def find(
    texts: Sequence[str | None] | pa.Array,
    *,
    known: Sequence[Record | None] | None = None,
    staff: Sequence[str] = (),
    strict: bool = False,
) -> Spans:
    """Find personal data in a column of texts.

    `known` gives for each text what is known of the person it belongs to: first, last, household (a list), street,
    city, phone, email, iban, bsn, dob (ISO), client, plate… `staff` are names of employees, looked for in every text.
    In strict mode whatever one voter says counts: for releases, where a miss costs more than a word lost. Otherwise the
    spans are those to be reviewed or counted.
    """
    strings, repeated = _distinct(texts, known)
    found: list[Spans] = []
    done = 0
    for size in _batches(strings):
        part = strings[done : done + size]
        found.append(_find(part, known[done : done + size] if known else None, staff, strict, done))
        done += size
    spans = _join(found)
    return spans if repeated is None else _repeat(spans, repeated)


def _distinct(
    texts: Sequence[str | None] | pa.Array, known: Sequence[Record | None] | None
) -> tuple[list[str], NDArray[np.int64] | None]:
    """The texts to look at, and for each row which of them it is where some repeat."""
    column: Any = texts
    if not hasattr(column, "to_pylist"):
        return ["" if text is None else text for text in column], None
    if known is not None:
        return [text or "" for text in column.to_pylist()], None
    encoded = column if hasattr(column, "dictionary") else column.dictionary_encode()
    if hasattr(encoded, "combine_chunks"):
        encoded = encoded.combine_chunks()
    indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return [text or "" for text in encoded.dictionary.to_pylist()], indices


def _batches(texts: Sequence[str]) -> Iterator[int]:
    count = chars = 0
    for text in texts:
        if count and chars + len(text) > _BATCH:
            yield count
            count = chars = 0
        count += 1
        chars += len(text)
    if count:
        yield count


def _find(
    texts: Sequence[str], known: Sequence[Record | None] | None, staff: Sequence[str], strict: bool, done: int
) -> Spans:
    loaded = model.load()
    folded = fold(texts)
    tokens = tokenize(folded)
    flags, lemmas = loaded.gazetteer.look_up(folded, tokens)
    if staff:
        colleagues = tokenize(fold([" ".join(staff)]))
        flags[
            np.isin(tokens.words, colleagues.words[colleagues.shapes != 0]) & (flags & np.uint32(Flag.PARTICLE) == 0)
        ] |= np.uint32(Flag.STAFF)
    if known:
        records.mark(folded, tokens, flags, known)
    proposed = candidates.propose(folded, tokens, flags, year=datetime.now(AMSTERDAM).year)
    prepared = tagger.features(folded, tokens, flags, lemmas, proposed)
    labels, margins = loaded.tagger.tag(prepared, _STRICT if strict else tagger.REVIEW)
    numbered = records.numbers(folded, tokens, proposed, known) if known else np.zeros(len(tokens), np.uint8)
    grouped = group(tokens, flags, proposed, labels, margins, numbered, strict=strict)
    if strict:
        announcing = np.isin(tokens.words, _titles())
        _take_titles(announcing, tokens.words == _stop(), tokens.rows, grouped)
    alone = _alone(grouped, tokens, proposed)
    confidences = np.where(alone, _by_margin(grouped), loaded.weigher.weigh(prepared, tokens, grouped))
    if not strict:
        sure = (confidences >= LEAST) | alone
        grouped, confidences = Grouped._make(column[sure] for column in grouped), confidences[sure]
    origins = folded.starts[grouped.rows]
    return Spans(
        grouped.rows + done, tokens.starts[grouped.firsts] - origins, tokens.ends[grouped.lasts] - origins,
        grouped.entities, np.round(confidences, 3).astype(np.float32), grouped.reasons,
    )  # fmt: skip


@cache
def _titles() -> Hashes:
    """The words that announce a name."""
    return tokenize(fold([" ".join(TITLES - {"de"})])).words


@cache
def _stop() -> np.uint64:
    return np.uint64(tokenize(fold(["."])).words[0])


@compiled
def _take_titles(titles: NDArray[np.bool_], stops: NDArray[np.bool_], rows: NDArray[np.int64], spans: Grouped) -> None:
    """Take `mevr.` and the like into the span of the name behind it: what tells the gender goes with the name."""
    for s in range(len(spans.rows)):
        first, least = spans.firsts[s], rows[spans.rows[s]]
        while spans.entities[s] == 1 and first > least:
            if titles[first - 1]:
                first -= 1
            elif stops[first - 1] and first - 1 > least and titles[first - 2]:
                first -= 2
            else:
                break
        spans.firsts[s] = first


def _alone(spans: Grouped, tokens: Tokens, proposed: Candidates) -> NDArray[np.bool_]:
    """Spans of which the text around them tells nothing: an e-mail address, or a number that is the whole text."""
    words = np.concatenate([[0], np.cumsum(tokens.shapes != SIGN)])
    before = words[spans.firsts] - words[tokens.rows[spans.rows]]
    after = words[tokens.rows[spans.rows + 1]] - words[spans.lasts + 1]
    by_itself = (before + after == 0) & (proposed.forms[spans.firsts] != Form.NONE)
    return np.asarray((spans.entities == Entity.EMAIL) | by_itself, np.bool_)


def _by_margin(spans: Grouped) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(0.4 - np.float32(0.022 / tagger.SCALE) * spans.margins)), np.float32)


def _join(parts: list[Spans]) -> Spans:
    if not parts:
        empty = np.empty(0, np.int64)
        return Spans(empty, empty, empty, empty.astype(np.uint8), empty.astype(np.float32), empty.astype(np.uint8))
    return Spans(*(np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])))


def _repeat(spans: Spans, indices: NDArray[np.int64]) -> Spans:
    """The spans of the distinct texts, once for every row that holds the text."""
    distinct = int(indices.max(initial=-1)) + 1
    bounds = np.searchsorted(spans.rows, np.arange(distinct + 1))
    counts = np.where(indices >= 0, bounds[indices + 1] - bounds[indices], 0)
    rows = np.repeat(np.arange(len(indices)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    take = np.repeat(bounds[indices], counts) + within
    return Spans(rows, *(vars(spans)[name][take] for name in ("starts", "ends", "entities", "confidences", "reasons")))
