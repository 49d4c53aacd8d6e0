"""Personal data in texts: where each piece stands, what it is, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hoeder.compiled import compiled
from hoeder.detection import candidates, model, records, tagger
from hoeder.detection.candidates import Candidates
from hoeder.detection.entities import Entity, Reason
from hoeder.detection.fold import Folded, fold
from hoeder.detection.gazetteer import Flag
from hoeder.detection.records import Record
from hoeder.detection.tokens import Tokens, tokenize

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 1 << 20
"""Characters looked at together: enough to spread the cost of a call, few enough to stay in the processor's cache."""
STRICT_BIAS = 600
"""How much less the tagger must be sure in strict mode, in units of its weights."""
_STRICT = np.full(tagger.LABELS, STRICT_BIAS, np.int32)
_STRICT[0] = 0
_REVIEW = np.zeros(tagger.LABELS, np.int32)
# A word is sooner taken for a name than anything else is for what it is not; measured on texts kept out of training.
_REVIEW[Entity.PERSON] = -100


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
    proposed = candidates.propose(folded, tokens, flags, year=date.today().year)  # noqa: DTZ011  # only the year matters
    labels, margins = loaded.tagger.tag(
        tagger.features(folded, tokens, flags, lemmas, proposed), _STRICT if strict else _REVIEW
    )
    numbered = records.numbers(folded, tokens, proposed, known) if known else np.zeros(len(tokens), np.uint8)
    return _collect(folded, tokens, flags, proposed, labels, margins, numbered, strict, done)


def _collect(
    folded: Folded,
    tokens: Tokens,
    flags: NDArray[np.uint32],
    proposed: Candidates,
    labels: NDArray[np.uint8],
    margins: NDArray[np.int32],
    numbered: NDArray[np.uint8],
    strict: bool,
    done: int,
) -> Spans:
    n = len(tokens)
    reasons = np.full(n, int(Reason.CONTEXT), np.uint8)
    _vote(
        tokens.rows,
        proposed.forms,
        proposed.heads,
        proposed.tails,
        tokens.shapes,
        flags,
        numbered,
        strict,
        labels,
        margins,
        reasons,
    )
    rows, starts, ends = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    entities, sums, why = np.empty(n, np.uint8), np.empty(n, np.float32), np.empty(n, np.uint8)
    count = _group(
        tokens.rows,
        folded.starts,
        tokens.starts,
        tokens.ends,
        labels,
        margins,
        reasons,
        proposed.forms,
        proposed.heads,
        rows,
        starts,
        ends,
        entities,
        sums,
        why,
    )
    confidences = 1 / (1 + np.exp(0.4 - np.float32(0.022 / tagger.SCALE) * sums[:count]))
    return Spans(
        rows[:count] + done, starts[:count].copy(), ends[:count].copy(), entities[:count].copy(),
        np.round(confidences, 3), why[:count].copy(),
    )  # fmt: skip


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


@compiled
def _entity_of(form: int, strict: bool) -> int:
    """The entity that a form proves by itself, in strict mode also where it only suggests it."""
    if form == 3:
        return 6
    if form == 5 or form == 6:
        return 7
    if form == 20:
        return 12
    if strict:
        if form == 1:
            return 5
        if form == 15:
            return 13
        if form == 21:
            return 12
        if form == 7:
            return 8
        if form == 13:
            return 3
        if form == 11:
            return 10
        if form == 23:
            return 5
    return 0


@compiled
def _write(labels: NDArray[np.uint8], first: int, last: int, entity: int) -> None:
    for i in range(first, last + 1):
        labels[i] = entity


@compiled
def _vote(
    rows: NDArray[np.int64],
    forms: NDArray[np.uint8],
    heads: NDArray[np.int32],
    tails: NDArray[np.int32],
    shapes: NDArray[np.uint8],
    flags: NDArray[np.uint32],
    numbered: NDArray[np.uint8],
    strict: bool,
    labels: NDArray[np.uint8],
    margins: NDArray[np.int32],
    reasons: NDArray[np.uint8],
) -> None:
    """Let forms and records speak where the tagger said nothing; a candidate belongs to one entity as a whole."""
    for row in range(len(rows) - 1):
        i = rows[row]
        while i < rows[row + 1]:
            head, tail = heads[i], tails[i]
            if numbered[i] and (labels[i] == 0 or tail > head):
                end = i
                while end + 1 < rows[row + 1] and numbered[end + 1] == numbered[i]:
                    end += 1
                _write(labels, i, end, numbered[i])
                for k in range(i, end + 1):
                    margins[k], reasons[k] = 2200, 3
                i = end + 1
                continue
            if forms[i] and head == i:
                proven = _entity_of(forms[i], strict)
                counts = np.zeros(16, np.int64)
                top = 0
                for k in range(head, tail + 1):
                    entity = labels[k]
                    if entity:
                        counts[entity] += 1
                        if counts[entity] > counts[top]:
                            top = entity
                # Half a phone number is no entity: all of the candidate, or nothing.
                if top and (forms[i] != 23 and forms[i] != 22):
                    worst = 0
                    for k in range(head, tail + 1):
                        worst = max(worst, margins[k])
                    _write(labels, head, tail, top)
                    for k in range(head, tail + 1):
                        margins[k] = max(margins[k], worst)
                elif proven and top == 0:
                    _write(labels, head, tail, proven)
                    for k in range(head, tail + 1):
                        margins[k], reasons[k] = 900 if forms[i] != 5 else 2200, 2
                i = tail + 1
                continue
            if flags[i] & np.uint32(512 | 2048) and shapes[i] != 0:
                # A name of the record: an ordinary word counts only with a capital, in strict mode always.
                plain = flags[i] & np.uint32(1) and shapes[i] == 1
                if labels[i] == 0 and flags[i] & np.uint32(512) and (strict or not plain):
                    labels[i], margins[i] = 1, 900
                if labels[i] == 1:
                    reasons[i] = 3
            i += 1


@compiled
def _group(
    rows: NDArray[np.int64],
    texts: NDArray[np.int64],
    token_starts: NDArray[np.int32],
    token_ends: NDArray[np.int32],
    labels: NDArray[np.uint8],
    margins: NDArray[np.int32],
    reasons: NDArray[np.uint8],
    forms: NDArray[np.uint8],
    heads: NDArray[np.int32],
    out_rows: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    entities: NDArray[np.uint8],
    sums: NDArray[np.float32],
    why: NDArray[np.uint8],
) -> int:
    n = 0
    for row in range(len(rows) - 1):
        i = rows[row]
        while i < rows[row + 1]:
            if labels[i] == 0:
                i += 1
                continue
            entity = labels[i]
            end, total, reason = i, np.float32(0), reasons[i]
            # Two candidates beside each other, say two phone numbers, are two spans.
            while (
                end < rows[row + 1]
                and labels[end] == entity
                and (end == i or not forms[end] or heads[end] != end or not forms[i])
            ):
                total += margins[end]
                reason = max(reason, reasons[end])
                end += 1
            out_rows[n], starts[n], ends[n] = row, token_starts[i] - texts[row], token_ends[end - 1] - texts[row]
            entities[n], sums[n], why[n] = entity, total / np.float32(end - i), reason
            n += 1
            i = end
    return n
